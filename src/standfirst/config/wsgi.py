"""The WSGI application of one newsroom (its folder in STANDFIRST_NEWSROOM)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "standfirst.config.settings")
application = get_wsgi_application()
