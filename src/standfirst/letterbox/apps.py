from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LetterboxConfig(AppConfig):
    name = "standfirst.letterbox"
    label = "letterbox"
    verbose_name = _("Letterbox")

    def ready(self) -> None:
        from standfirst.letterbox import delivery, privacy

        delivery.receiver_register("letter", delivery.letter_deliver)
        privacy.register()
