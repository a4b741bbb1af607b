"""The socket of an address that leads nowhere."""

from __future__ import annotations

from channels.generic.websocket import AsyncWebsocketConsumer


class NowhereConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Closes at once, as for a session that is not there; without it, the server would fail with 500."""

    channel_layer_alias = "none: nothing is sent to it"

    async def connect(self) -> None:
        await self.accept()
        await self.close(4404)
