from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WireConfig(AppConfig):
    name = "standfirst.wire"
    label = "wire"
    verbose_name = _("Wire")

    def ready(self) -> None:
        from standfirst.press import catalogue
        from standfirst.readers.account import section_register
        from standfirst.readers.signals import address_changed
        from standfirst.stories.signals import story_published
        from standfirst.wire import machines, receivers
        from standfirst.wire.letters import account

        catalogue.ahead(machines.addresses_ahead)
        story_published.connect(receivers.on_story_published, dispatch_uid="wire.published")
        section_register("letters", 200, account.letters_part)
        address_changed.connect(account.on_address_changed, dispatch_uid="wire.letters.address_changed")
