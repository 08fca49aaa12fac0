"""Signals that ask the service to end: the first one in order; one that comes later still, at once.

GNU `timeout` and some services send a signal twice at once: one within a second of the first adds nothing.
"""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["NUMBERS", "Asked"]

#: What asks to end; not every system has all of them.
NUMBERS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_SECOND = 1.0


class Asked:
    """What has been asked for: `number` is the first signal. It calls `end`, and the one that ends at once `kill`."""

    def __init__(self, end: Callable[[], object], kill: Callable[[], object] = lambda: None) -> None:
        self.number: int | None = None
        self._since = 0.0
        self._end = end
        self._kill = kill

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Listen to signals; what is ignored, as under `nohup`, stays so."""
        before = {number: signal.getsignal(number) for number in NUMBERS}
        taken = [number for number, handler in before.items() if handler != signal.SIG_IGN]
        for number in taken:
            signal.signal(number, self._hear)
        try:
            yield
        finally:
            for number in taken:
                signal.signal(number, before[number])

    def _hear(self, number: int, _: Any) -> None:
        if self.number is None:
            self.number, self._since = number, time.monotonic()
            self._end()
        elif time.monotonic() - self._since > _SECOND:
            self._kill()
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
