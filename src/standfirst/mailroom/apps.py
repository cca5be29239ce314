from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailroomConfig(AppConfig):
    name = "standfirst.mailroom"
    label = "mailroom"
    verbose_name = _("Mailroom")

    def ready(self) -> None:
        from standfirst.letterbox import delivery
        from standfirst.mailroom import export, privacy, receiving

        delivery.receiver_register("subscribe", receiving.subscribe_deliver)
        delivery.receiver_register("unsubscribe", receiving.unsubscribe_deliver)
        delivery.receiver_register("mail-return", receiving.return_deliver)
        export.register()
        privacy.register()
