"""The real ports of the program: the only module of ucmcert that reads the clock or draws random numbers."""

import asyncio
import secrets
import time


class SystemClock:
    """Our own clock, as the operating system tells it."""

    def now(self) -> float:
        """UTC epoch seconds."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Wait that long; a negative time does not wait."""
        await asyncio.sleep(max(0.0, seconds))


class SystemRandom:
    """Chance from the operating system."""

    def token(self) -> str:
        """Eight lower-case hex digits."""
        return secrets.token_hex(4)

    def between(self, low: float, high: float) -> float:
        """A number in [low, high)."""
        return low + (high - low) * secrets.randbelow(1_000_000) / 1_000_000
