"""Static files under hashed names at /s/, so that browsers may keep them for good."""

from __future__ import annotations

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedStatic(ManifestStaticFilesStorage):
    support_js_module_import_aggregation = True
    # A file named in a template but absent is a broken page's picture, not a broken page.
    manifest_strict = False
