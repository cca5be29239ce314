from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "standfirst.ops"
    label = "ops"
    verbose_name = _("Operations")

    def ready(self) -> None:
        from standfirst.ops import receivers  # noqa: F401  (connects them)
