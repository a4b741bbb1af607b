"""The product's settings without throttles, and with the benchmark's own URLs."""

from interviewer.settings import *  # noqa: F403
from interviewer.settings import REST_FRAMEWORK

ROOT_URLCONF = "benchmarks.urls"
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] = dict.fromkeys(
    ("register", "login", "demo", "submit"), "1000000/min"
)
