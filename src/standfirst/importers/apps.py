from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportersConfig(AppConfig):
    name = "standfirst.importers"
    label = "importers"
    verbose_name = _("Importers")

    def ready(self) -> None:
        from standfirst.corrections.services.destroying import also_destroys
        from standfirst.importers import privacy
        from standfirst.importers.forgetting import report_forget

        privacy.register()
        also_destroys(report_forget)
