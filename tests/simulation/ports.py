"""Time and chance of a simulated run: the virtual loop's clock with a calendar behind it, and numbers from a seed."""

import asyncio
import random

EPOCH = 1_790_000_000.0


class LoopCalendar:
    """The client's clock. The lab's own clock stands on the same loop, so both agree."""

    def now(self) -> float:
        """UTC epoch seconds."""
        return EPOCH + asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Let virtual time pass."""
        await asyncio.sleep(max(0.0, seconds))


class SeededRandom:
    """The client's chance."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(f"client {seed}")

    def token(self) -> str:
        """Eight lower-case hex digits."""
        return f"{self._random.getrandbits(32):08x}"

    def between(self, low: float, high: float) -> float:
        """A number in [low, high)."""
        return self._random.uniform(low, high)
