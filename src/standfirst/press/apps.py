from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PressConfig(AppConfig):
    name = "standfirst.press"
    label = "press"
    verbose_name = _("The press")

    def ready(self) -> None:
        from standfirst.press import privacy

        privacy.register()
