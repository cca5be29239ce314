"""The ASGI application of one newsroom (its folder in STANDFIRST_NEWSROOM), for any ASGI server.

What the press has stored is served at once; Django is loaded behind it, by a thread.
"""

import os

from django.core.asgi import get_asgi_application

from standfirst.config import newsroom
from standfirst.press.asgi import Application
from standfirst.press.later import Later
from standfirst.press.serve import Core, Place

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "standfirst.config.settings")
application = Application(Core(Place.of(newsroom.load(newsroom.find_folder()))), Later(get_asgi_application))
