from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StoriesConfig(AppConfig):
    name = "standfirst.stories"
    label = "stories"
    verbose_name = _("Stories")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate
        from wagtail.signals import page_published, page_unpublished

        from standfirst.press import catalogue
        from standfirst.press.signals import address_changed
        from standfirst.stories import (  # noqa: F401  # registers its hooks
            export,
            guards,
            picture_hooks,
            receivers,
            record,
            selectors,
        )
        from standfirst.stories.panels import lay_panels

        lay_panels()
        catalogue.ahead(selectors.addresses_ahead)
        export.register()
        record.recorded("version", record.versions_recorded)
        guards.guard("stories_recordentry", ("number",), ("hash",))
        guards.guard("stories_publicversion", ("story_id", "number"))

        post_migrate.connect(guards.install, dispatch_uid="stories.guards")
        address_changed.connect(receivers.on_address_changed, dispatch_uid="stories.address_changed")
        page_published.connect(receivers.on_page_published, dispatch_uid="stories.published")
        page_unpublished.connect(receivers.on_page_unpublished, dispatch_uid="stories.unpublished")
