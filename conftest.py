"""What all tests share."""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import caches
from pytest_django.fixtures import Settings

from ai.testing import StubModel
from interviews.services.turn.renewal import renewal
from interviews.testing import make_bank, model_in_use


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Hash passwords in no time; what is stored with the real hasher has a test of its own."""
    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    settings.PASSWORD_HASHERS = [quick, *settings.PASSWORD_HASHERS]


def pytest_configure() -> None:
    """Keep the processes that test side by side from sharing what processes share."""
    if "LOCATION" in (shared := settings.CACHES["shared"]):
        shared["LOCATION"] += f"-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"


@pytest.fixture(autouse=True)
def fresh_caches() -> Iterator[None]:
    """Throttles and lockouts count per test, and providers have no past."""
    clear_caches()
    yield
    clear_caches()


@pytest.fixture(autouse=True)
def nothing_held() -> Iterator[None]:
    """No test renews what another has left behind."""
    yield
    renewal.forget()


def clear_caches() -> None:
    for name in settings.CACHES:
        caches[name].clear()


@pytest.fixture
def stub() -> Iterator[StubModel]:
    """Run the real services and the real graph over a model that costs nothing."""
    with model_in_use(StubModel()) as model:
        yield model


@pytest.fixture
def bank(db: None) -> None:
    """Put a small bank into the database."""
    make_bank()
