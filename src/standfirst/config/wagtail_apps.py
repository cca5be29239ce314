"""Wagtail's apps without its HTTP API, which this paper does not serve; and with our screens for accounts.

Five of them build that API as soon as they start, and with it a second web framework and its schema library:
24 MB in every process, and a third of a second of its start.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from wagtail.contrib.redirects.apps import WagtailRedirectsAppConfig
from wagtail.documents.apps import WagtailDocsAppConfig
from wagtail.images.apps import WagtailImagesAppConfig
from wagtail.locales.apps import WagtailLocalesAppConfig
from wagtail.snippets.apps import WagtailSnippetsAppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class _NoApi(ModuleType):
    """Stands where an API's module would be, while an app starts."""

    router: Any = None

    @property
    def api(self) -> _NoApi:
        return self

    def add_router(self, *_: Any) -> None:
        """No address of the API is served."""

    def register_content_types(self) -> None:
        """Nobody asks the API what there is."""


@contextmanager
def _without_api(app: str) -> Iterator[None]:
    names = ["wagtail.api.v3.api", f"{app}.api.v3", f"{app}.api.v3.router", f"{app}.api.v3.registry"]
    lent = [name for name in names if name not in sys.modules]
    sys.modules.update({name: _NoApi(name) for name in lent})
    try:
        yield
    finally:
        # Whoever wants the API itself can still import it.
        for name in lent:
            del sys.modules[name]


class _WithoutApi:
    name: str

    def ready(self) -> None:
        with _without_api(self.name):
            super().ready()  # type: ignore[misc]


class Documents(_WithoutApi, WagtailDocsAppConfig):
    pass


class Images(_WithoutApi, WagtailImagesAppConfig):
    pass


class Locales(_WithoutApi, WagtailLocalesAppConfig):
    pass


class Redirects(_WithoutApi, WagtailRedirectsAppConfig):
    pass


class Snippets(_WithoutApi, WagtailSnippetsAppConfig):
    pass


class Users(WagtailUsersAppConfig):
    """With our screens for accounts."""

    user_viewset = "standfirst.people.admin.AccountViewSet"
