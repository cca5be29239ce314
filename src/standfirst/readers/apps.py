from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReadersConfig(AppConfig):
    name = "standfirst.readers"
    label = "readers"
    verbose_name = _("Readers")

    def ready(self) -> None:
        from standfirst.readers import export, privacy
        from standfirst.readers.account import section_register
        from standfirst.readers.letters_part import letters_part

        privacy.register()
        section_register("letters", 200, letters_part)
        export.register()
