"""The WSGI entry point, for hosts without ASGI."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "interviewer.settings")
application = get_wsgi_application()
