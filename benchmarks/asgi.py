"""The product behind Daphne; without AI_PROVIDER, with a stub model that takes STUB_DELAY seconds for a call."""

import os
from contextlib import ExitStack

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"

from ai.testing import StubModel
from interviewer.asgi import application
from interviews.testing import model_in_use

stub = ExitStack()
if "AI_PROVIDER" not in os.environ:
    stub.enter_context(model_in_use(StubModel(delay=float(os.environ.get("STUB_DELAY", "0")))))

__all__ = ["application"]
