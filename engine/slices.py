"""Long work on an event loop, cut into slices, so that whatever else runs there is not kept waiting."""

import asyncio
import time

__all__ = ["SLICE_SECONDS", "Slices"]

#: How long work may go on before others have their turn.
SLICE_SECONDS = 0.004


class Slices:
    """The slices of one piece of work: `await slices.pause()` wherever it can be cut."""

    def __init__(self) -> None:
        self._until = time.perf_counter() + SLICE_SECONDS

    @property
    def are_over(self) -> bool:
        """Whether there is a pause to make now: where there is none, nothing need be awaited."""
        return time.perf_counter() > self._until

    async def pause(self) -> None:
        """Let others have their turn, if this slice is over."""
        if self.are_over:
            await asyncio.sleep(0)
            self._until = time.perf_counter() + SLICE_SECONDS
