from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StoriesConfig(AppConfig):
    name = "standfirst.stories"
    label = "stories"
    verbose_name = _("Stories")

    def ready(self) -> None:
        from wagtail.signals import page_published, page_unpublished

        from standfirst.press import catalogue
        from standfirst.press.signals import address_changed
        from standfirst.stories import export, picture_hooks, receivers, selectors  # noqa: F401  # registers its hooks
        from standfirst.stories.panels import lay_panels

        lay_panels()
        catalogue.ahead(selectors.addresses_ahead)
        export.register()

        address_changed.connect(receivers.on_address_changed, dispatch_uid="stories.address_changed")
        page_published.connect(receivers.on_page_published, dispatch_uid="stories.published")
        page_unpublished.connect(receivers.on_page_unpublished, dispatch_uid="stories.unpublished")
