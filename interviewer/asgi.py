"""The ASGI entry point that Daphne serves."""

import gc
import os

import django
from channels.routing import ProtocolTypeRouter, URLRouter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "interviewer.settings")
django.setup(set_prefix=False)

from interviewer.handler import OneThreadHandler  # noqa: E402 - these need the apps to be set up
from interviews.live.routing import urlpatterns  # noqa: E402

application = ProtocolTypeRouter({"http": OneThreadHandler(), "websocket": URLRouter(urlpatterns)})

gc.collect()
gc.freeze()  # What is loaded by now stays, so that no collection has to look at it.
