from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatronsConfig(AppConfig):
    name = "standfirst.patrons"
    label = "patrons"
    verbose_name = _("Patrons")

    def ready(self) -> None:
        from standfirst.patrons import export, privacy, receivers
        from standfirst.readers.signals import address_changed
        from standfirst.stories import guards

        guards.guard("patrons_entry", ("pledge_id", "key"))
        guards.guard("patrons_payment", ("provider", "provider_id"))
        export.register()
        privacy.register()
        address_changed.connect(receivers.on_address_changed, dispatch_uid="patrons.address_changed")
