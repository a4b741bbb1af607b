"""The ASGI entry point that Daphne serves."""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "interviewer.settings")
http = get_asgi_application()

from interviews.live.routing import urlpatterns  # noqa: E402 - needs the apps to be set up

application = ProtocolTypeRouter({"http": http, "websocket": URLRouter(urlpatterns)})
