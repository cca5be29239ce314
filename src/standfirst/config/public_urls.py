"""Addresses that readers open. They exist below /LANG/ for every language but the first.

The press renders by these alone, so that pressing loads none of the desk's screens.
"""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from standfirst.corrections.record.urls import once as entries
from standfirst.patrons.urls import once as payment_hooks

handler400 = "standfirst.theme.errors.unreadable"
handler403 = "standfirst.theme.errors.refused"
handler404 = "standfirst.theme.errors.not_found"
handler500 = "standfirst.theme.errors.broken"

urlpatterns = [
    path("", include("standfirst.wire.urls")),
    path("", include(entries)),
    path("", include(payment_hooks)),
    path("", include("standfirst.mailroom.urls")),
    *i18n_patterns(
        path("", include("standfirst.stories.urls")),
        path("", include("standfirst.corrections.urls")),
        path("", include("standfirst.corrections.record.urls")),
        path("", include("standfirst.letterbox.urls")),
        # The theme decides who draws /support/.
        path("", include("standfirst.theme.urls")),
        path("", include("standfirst.patrons.urls")),
        path("account/", include("standfirst.readers.urls")),
        path("", include("standfirst.mailroom.page_urls")),
        path("", include("standfirst.fronts.urls")),
        prefix_default_language=False,
    ),
]
