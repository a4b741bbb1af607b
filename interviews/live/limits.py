"""What one socket may cost."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

MAX_FRAME = 256 * 1024
DAPHNE = [
    *("--websocket-max-message-size", str(MAX_FRAME)),
    *("--websocket-max-frame-size", str(MAX_FRAME)),
    *("--websocket_timeout", "-1"),
]
AUTHENTICATE_WITHIN = 10.0
IDLE_AFTER = 75.0
SILENT_AFTER = 35.0
LOOK_AGAIN = 1.0
MESSAGES, PER_SECONDS = 30, 10.0


@dataclass(slots=True)
class Budget:
    """A token bucket: `MESSAGES` at once, refilled over `PER_SECONDS`."""

    left: float = MESSAGES
    filled_at: float = field(default_factory=time.monotonic)

    def spend(self) -> bool:
        """Take one message; False where there were too many."""
        now = time.monotonic()
        self.left = min(MESSAGES, self.left + (now - self.filled_at) * MESSAGES / PER_SECONDS)
        self.filled_at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True
