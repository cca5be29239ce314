from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "standfirst.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added

        from standfirst.people import export, privacy, receivers

        authenticator_added.connect(receivers.on_second_factor_added, dispatch_uid="people.second_factor")
        export.register()
        privacy.register()
