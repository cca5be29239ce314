"""The settings of a real newsroom, with the plain article's app beside it."""

from standfirst.config.settings import *  # noqa: F403
from standfirst.config.settings import INSTALLED_APPS, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "standfirst.bench.plain"]
ROOT_URLCONF = "standfirst.bench.urls"
# Names without hashes: there is nothing to collect for a page that is only measured.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Work in the background is done at once: both pages are measured with all their pictures made.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
