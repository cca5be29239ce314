from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ThemeConfig(AppConfig):
    name = "standfirst.theme"
    label = "theme"
    verbose_name = _("Theme")

    def ready(self) -> None:
        from standfirst.press import catalogue
        from standfirst.theme import errors

        catalogue.ahead(errors.addresses_ahead)
