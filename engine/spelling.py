"""What was meant by a word that is not known; and a noun with its number."""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["counted", "did_you_mean"]


def counted(number: int, noun: str) -> str:
    """Return a number of things: `1 page`, `2 pages`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


#: A word longer than this is meant to be no word that is known.
LONGEST = 200


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return the advice for a word that is not known: the nearest that is, else `otherwise`, else all there are."""
    known = list(dict.fromkeys(known))
    tried = (word, word.lower()) if len(word) <= LONGEST else ()
    close = next((near for text in tried if (near := get_close_matches(text, known, 1, 0.6))), None)
    if close:
        return f"did you mean `{close[0]}`?"
    if otherwise:
        return otherwise
    if len(known) < 2:
        return f"there is only `{known[0]}`" if known else "there are none"
    return f"there are {', '.join(f'`{name}`' for name in known)}"
