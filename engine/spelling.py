"""What was meant by a word that is not known; and a noun with its number."""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["counted", "did_you_mean"]


def counted(number: int, noun: str) -> str:
    """Return a number of things: `1 page`, `2 pages`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the advice for a word that is not known: the nearest that is, else `otherwise`, else all there are."""
    known = list(dict.fromkeys(known))
    close = get_close_matches(word, known, 1, 0.6) or get_close_matches(word.lower(), known, 1, 0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    if otherwise:
        return otherwise
    if len(known) < 2:
        return f"there is only `{known[0]}`" if known else "there are none"
    return f"there are {', '.join(f'`{name}`' for name in known)}"
