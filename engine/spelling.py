"""What was meant by a word that is not known; and a noun with its number."""

import math
from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["counted", "did_you_mean", "lasting", "near"]


def counted(number: int, noun: str) -> str:
    """Return a number of things: `1 page`, `2 pages`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


#: The units of a time, in seconds, from the largest.
_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


def lasting(seconds: float) -> str:
    """Return a time to wait in its two largest units, rounded up: `45 seconds`, `2 days 4 hours`."""
    if seconds >= 1e9:
        return "longer than anybody can"
    left, parts = math.ceil(seconds - 0.05), list[str]()  # what little is more tells nobody anything
    step = 3600 if left >= 86400 else 60 if left >= 3600 else 1
    left = -(-left // step) * step
    for name, size in _UNITS:
        number, left = divmod(left, size)
        parts += [counted(number, name)] if number else []
    return " ".join(parts[:2]) or "0 seconds"


#: A word longer than this is meant to be no word that is known.
LONGEST = 200


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the advice for a word that is not known: the nearest that is, else `otherwise`, else all there are."""
    known = list(dict.fromkeys(known))
    close = near(word, known)
    if close:
        return f"did you mean `{close}`?"
    if otherwise:
        return otherwise
    if len(known) < 2:
        return f"there is only `{known[0]}`" if known else "there are none"
    return f"there are {', '.join(f'`{name}`' for name in known)}"


def near(word: str, known: Iterable[str]) -> str:
    """Return the word that is spelt most like another; empty text where none is."""
    there = list(known)
    tried = (word, word.lower()) if len(word) <= LONGEST else ()
    return next((close[0] for text in tried if (close := get_close_matches(text, there, 1, 0.6))), "")
