"""Files that change, seen by looking at them again and again.

Looking works on every system and every file system, also on those of containers and networks that tell no changes;
for the few files of some mappings it costs nothing.
"""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

__all__ = ["PAUSE", "Watched"]

#: Seconds between two looks.
PAUSE = 0.25

Stamp = tuple[int, int, int]


class Watched:
    """Files that are watched from now on. Which ones, `files` is asked before every look."""

    def __init__(self, files: Callable[[], Iterable[Path]], pause: float = PAUSE) -> None:
        self._files = files
        self._pause = pause
        self._known = self._stamps()

    def changed(self, wait: Callable[[float], object] = time.sleep) -> list[Path]:
        """Wait until files changed, came or went, and return them.

        What changes from one look to the next is still being written, so two looks must agree.
        """
        now = self._known
        while True:
            before, now = now, self._looked(wait)
            if now == before != self._known:
                changed = [path for path in {**self._known, **now} if self._known.get(path) != now.get(path)]
                self._known = now
                return changed

    def _looked(self, wait: Callable[[float], object]) -> dict[Path, Stamp]:
        wait(self._pause)
        return self._stamps()

    def _stamps(self) -> dict[Path, Stamp]:
        """Return what tells one state of each file from another; a file that is not there has none."""
        stamps = {}
        for path in self._files():
            try:
                found = path.stat()
            except OSError:
                continue
            stamps[path] = found.st_mtime_ns, found.st_size, found.st_ino
        return stamps
