from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatronsConfig(AppConfig):
    name = "standfirst.patrons"
    label = "patrons"
    verbose_name = _("Patrons")

    def ready(self) -> None:
        from standfirst.letterbox import delivery
        from standfirst.patrons import export, hooks, privacy, receivers
        from standfirst.readers.signals import address_changed
        from standfirst.stories import guards

        delivery.receiver_register(hooks.SPOOL_KIND, hooks.message_deliver)
        guards.guard("patrons_entry", ("pledge_id", "key"))
        guards.guard("patrons_payment", ("provider", "provider_id"))
        export.register()
        privacy.register()
        address_changed.connect(receivers.on_address_changed, dispatch_uid="patrons.address_changed")
