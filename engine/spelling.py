"""What was meant by a word that is not known; and a noun with its number."""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["counted", "did_you_mean", "near"]


def counted(number: int, noun: str) -> str:
    """Return a number of things: `1 page`, `2 pages`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


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
