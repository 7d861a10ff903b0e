"""The provider's clock: real time plus an offset that a test may turn."""

import time


class Clock:
    """`offset` in seconds is added to every date, expiry and signature the sandbox makes."""

    def __init__(self) -> None:
        self.offset: float = 0.0

    def read(self) -> float:
        """Unix time in seconds, with fractions."""
        return time.time() + self.offset

    def now(self) -> int:
        """Unix time in whole seconds, as every `created` and `expires_at`."""
        return int(self.read())
