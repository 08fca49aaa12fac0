"""How the service shares its process: with its other threads, and with Python's search for garbage.

Nearly all garbage is freed at once; the search is for what refers to itself. It looks at every object that is there,
and keeps the event loop waiting meanwhile: a tenth of a second for what a service has loaded.
"""

import gc
import sys

__all__ = ["SETTLED", "SWITCH_SECONDS", "THRESHOLDS", "Settling"]

#: How long other threads may keep the event loop waiting, in seconds: Python's own is 5 ms.
SWITCH_SECONDS = 0.002
#: When the search begins: after so many objects, where Python's own is 700. With a hundred clients a million objects
#: are under way, and looking at them so often takes a seventh of all time.
THRESHOLDS = (5000, 10, 10)
#: After how many requests everything that they need is loaded.
SETTLED = 100


class Settling:
    """Makes the search rarer, and leaves what was loaded out of it: at the start, and once requests loaded the rest."""

    def __init__(self) -> None:
        self._settled = False

    def start(self) -> None:
        """Set up the process."""
        sys.setswitchinterval(SWITCH_SECONDS)
        gc.set_threshold(*THRESHOLDS)
        _leave_out()

    def look(self, requests: int) -> None:
        """Look at how many requests there were so far."""
        if not self._settled and requests >= SETTLED:
            self._settled = True
            _leave_out()


def _leave_out() -> None:
    gc.collect()
    gc.freeze()
