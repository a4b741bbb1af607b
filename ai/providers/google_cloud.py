"""How to reach Google Cloud: with a key, with a service account, or at another address."""

from __future__ import annotations

import importlib
import warnings
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ai.errors import ProviderUnavailable
from ai.masking import keep_secret
from ai.providers.failures import failure, retry_delay


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
    keep_secret(access.api_key)
    if access.credentials_file:
        return made.from_service_account_file(access.credentials_file)
    return made(client_options={"api_key": access.api_key})


def _plain_transport(made: Any, endpoint: str) -> Any:
    import grpc  # noqa: PLC0415 - heavy

    return made.get_transport_class("grpc")(channel=grpc.insecure_channel(endpoint))


def status_of(name: str, error: Any) -> ProviderUnavailable | None:
    """Return our error for a status that Google Cloud answered with; None for anything else."""
    from google.api_core.exceptions import GoogleAPICallError  # noqa: PLC0415 - heavy

    if not isinstance(error, GoogleAPICallError) or error.code is None:
        return None
    word = getattr(error.grpc_status_code, "name", "")
    return failure(name, int(error.code), word, wait=retry_delay(error.details or ()))
