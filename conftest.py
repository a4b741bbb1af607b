"""What all tests share."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

from ai.testing import StubModel
from interviews.testing import make_bank, model_in_use


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Hash passwords in no time; what is stored with the real hasher has a test of its own."""
    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    settings.PASSWORD_HASHERS = [quick, *settings.PASSWORD_HASHERS]


@pytest.fixture(autouse=True)
def fresh_throttles() -> Iterator[None]:
    """Throttles and lockouts count per test."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def stub() -> Iterator[StubModel]:
    """Run the real services and the real graph over a model that costs nothing."""
    with model_in_use(StubModel()) as model:
        yield model


@pytest.fixture
def bank(db: None) -> None:
    """Put a small bank into the database."""
    make_bank()
