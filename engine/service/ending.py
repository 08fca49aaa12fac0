"""The end of a service: what is under way may finish until then, and stops in order at that moment."""

import asyncio

__all__ = ["Ending"]


class Ending:
    """Knows all that is under way with a time limit, and brings the limits forward once an end is set."""

    def __init__(self) -> None:
        self._at: float | None = None
        self._under_way: set[Within] = set()

    @property
    def near(self) -> bool:
        """Whether the service was told to end."""
        return self._at is not None

    def by(self, at: float) -> None:
        """Have everything end by a time of the event loop's clock."""
        self._at = at
        for one in self._under_way:
            one.bring_forward(at)

    def passed(self, until: float) -> bool:
        """Whether a time is over, or the end if that is earlier."""
        return asyncio.get_running_loop().time() >= (until if self._at is None else min(until, self._at))

    def within(self, until: float) -> "Within":
        """Return a time limit, an async context manager: raises TimeoutError at the end, or `until` if earlier."""
        return Within(self._under_way, until if self._at is None else min(until, self._at))


class Within:
    """A time limit that can be brought forward."""

    __slots__ = ("_timeout", "_under_way", "_until")

    def __init__(self, under_way: "set[Within]", until: float) -> None:
        self._under_way = under_way
        self._until = until
        self._timeout = asyncio.timeout_at(until)

    async def __aenter__(self) -> None:
        self._under_way.add(self)
        await self._timeout.__aenter__()

    async def __aexit__(self, *error: object) -> None:
        self._under_way.discard(self)
        await self._timeout.__aexit__(*error)  # type: ignore[arg-type]

    def bring_forward(self, at: float) -> None:
        """End at a time, where that is earlier."""
        if at < self._until and not self._timeout.expired():
            self._until = at
            self._timeout.reschedule(at)
