from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WireConfig(AppConfig):
    name = "standfirst.wire"
    label = "wire"
    verbose_name = _("Wire")

    def ready(self) -> None:
        from standfirst.press import catalogue
        from standfirst.stories.signals import story_published
        from standfirst.wire import machines, receivers

        catalogue.ahead(machines.addresses_ahead)
        story_published.connect(receivers.on_story_published, dispatch_uid="wire.published")
