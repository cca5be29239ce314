from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CorrectionsConfig(AppConfig):
    name = "standfirst.corrections"
    label = "corrections"
    verbose_name = _("Corrections")

    def ready(self) -> None:
        from standfirst.corrections import receivers, receiving
        from standfirst.letterbox import delivery
        from standfirst.stories.signals import story_published

        delivery.receiver_register(receiving.SPOOL_KIND, receiving.suggestion_deliver)
        story_published.connect(receivers.on_story_published, dispatch_uid="corrections.published")
