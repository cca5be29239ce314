from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatronsConfig(AppConfig):
    name = "standfirst.patrons"
    label = "patrons"
    verbose_name = _("Patrons")

    def ready(self) -> None:
        from standfirst.letterbox import delivery
        from standfirst.mailroom import audience
        from standfirst.patrons import account, export, hooks, privacy, receivers, selectors
        from standfirst.patrons.panels import lay_panels
        from standfirst.press import catalogue
        from standfirst.readers.account import section_register
        from standfirst.readers.signals import address_changed
        from standfirst.stories import guards

        lay_panels()
        delivery.receiver_register(hooks.SPOOL_KIND, hooks.message_deliver)
        guards.guard("patrons_entry", ("pledge_id", "key"))
        guards.guard("patrons_payment", ("provider", "provider_id"))
        export.register()
        privacy.register()
        section_register("patrons", 100, account.view_part)
        audience.register("patrons", self.verbose_name, selectors.gets_letters)
        catalogue.ahead(selectors.addresses_ahead)
        address_changed.connect(receivers.on_address_changed, dispatch_uid="patrons.address_changed")
