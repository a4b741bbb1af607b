"""The product behind Daphne, with a model that costs nothing: what the tests of the live room talk to."""

import os
from contextlib import ExitStack

import django
from channels.routing import get_default_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "interviewer.settings")
django.setup()

from ai.testing import StubEar, StubModel  # noqa: E402 - needs the apps to be set up
from interviews.testing import ear_in_use, model_in_use  # noqa: E402

stub = ExitStack()
stub.enter_context(model_in_use(StubModel(delay=float(os.environ.get("STUB_DELAY", "0")))))
if os.environ.get("STUB_EAR"):
    stub.enter_context(ear_in_use(StubEar()))
application = get_default_application()
