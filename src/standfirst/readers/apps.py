from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReadersConfig(AppConfig):
    name = "standfirst.readers"
    label = "readers"
    verbose_name = _("Readers")

    def ready(self) -> None:
        from standfirst.readers import export, privacy

        privacy.register()
        export.register()
