from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FrontsConfig(AppConfig):
    name = "standfirst.fronts"
    label = "fronts"
    verbose_name = _("Fronts")

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_save
        from wagtail.contrib.redirects.models import Redirect

        from standfirst.fronts import export, privacy, receivers, selectors
        from standfirst.fronts.panels import lay_panels
        from standfirst.press import catalogue

        lay_panels()
        catalogue.ahead(selectors.addresses_ahead)
        export.register()
        privacy.register()
        # Wagtail's own screens and model: the one place where a row is not ours to make `Refreshing`.
        post_save.connect(receivers.on_redirect_changed, sender=Redirect, dispatch_uid="fronts.redirect_saved")
        post_delete.connect(receivers.on_redirect_changed, sender=Redirect, dispatch_uid="fronts.redirect_deleted")
