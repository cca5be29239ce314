from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailroomConfig(AppConfig):
    name = "standfirst.mailroom"
    label = "mailroom"
    verbose_name = _("Mailroom")

    def ready(self) -> None:
        from standfirst.mailroom import export, privacy

        export.register()
        privacy.register()
