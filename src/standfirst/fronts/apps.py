from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FrontsConfig(AppConfig):
    name = "standfirst.fronts"
    label = "fronts"
    verbose_name = _("Fronts")

    def ready(self) -> None:
        from standfirst.fronts.panels import lay_panels

        lay_panels()
