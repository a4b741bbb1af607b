"""How to reach Google Cloud: with a key, with a service account, or at another address."""

from __future__ import annotations

import importlib
import warnings
from dataclasses import dataclass, field
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Access:
    """Whom we are to Google. `endpoint` is a plain-text address on this machine, for tests."""

    credentials_file: str = ""
    api_key: str = field(default="", repr=False)
    endpoint: str = ""


@cache
def client(module: str, kind: str, access: Access) -> Any:
    """Return the one client of a library for this access; it is made when it is first used."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        library = importlib.import_module(f"google.cloud.{module}")
    made = getattr(library, kind)
    if access.endpoint:
        return made(transport=_plain_transport(made, access.endpoint))
    if access.credentials_file:
        return made.from_service_account_file(access.credentials_file)
    return made(client_options={"api_key": access.api_key})


def _plain_transport(made: Any, endpoint: str) -> Any:
    import grpc  # noqa: PLC0415 - heavy

    return made.get_transport_class("grpc")(channel=grpc.insecure_channel(endpoint))


def codes() -> tuple[type[Exception], ...]:
    """Name what these libraries raise instead of a reply."""
    from google.api_core.exceptions import GoogleAPIError  # noqa: PLC0415 - heavy
    from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415 - heavy

    return (GoogleAPIError, GoogleAuthError)
