"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

pages = get_wsgi_application()

from wangge.intake.channels.open311 import fast  # noqa: E402  # needs the apps that the line above loads

application = fast.before(pages)
