"""Words of names that are ordinary words too: `The Head`, `Will Power`, `van der Berg`.

Such a word by itself is nobody's, and replacing it would make titles unreadable. It is one where the recording has it
in small letters in a text, as names are not written; and so are particles, and the few words that any text has.
"""

import re
from collections.abc import Collection, Iterable

from engine.recording.addresses import URL
from engine.recording.fields import EMAIL

__all__ = ["FEW", "free_words", "ordinary_words"]

#: Words that any title may begin with, so that they need not be seen in small letters: articles and the like.
FEW = frozenset(
    re.findall(
        r"\w+",
        """
        a about after all an and are as at before but by do for from have how in is it new no not of on one or our
        the this to up we what when who why with you your
        das den der die ein eine für im mit und von zu
        de del el en la las los para por un una y
        au aux avec dans des du et le les pour
        da do dos e em o os
        het met van voor
        """,
    )
)
_PART = re.compile(r"[^\W\d_]+")


def _words_of(name: str) -> set[str]:
    """Return what of a name may stand in other texts by itself: its words and their parts, but no initials."""
    parts = {part.strip('.,;()"') for part in name.split()} | set(_PART.findall(name))
    return {part for part in parts if len(part) > 1 or (part and not part.isascii())}


def free_words(name: str) -> set[str]:
    """Return the words of a name without its particles: those in small letters, where the others have capitals."""
    words = _words_of(name)
    return {word for word in words if not word[0].islower()} or words


def ordinary_words(prose: Iterable[str], names: re.Pattern[str] | None, taken: Collection[str]) -> set[str]:
    """Return the words in small letters of texts, without the whole `names` in them; `taken` are words that are none.

    Addresses are no text. Those that any text has are among them.
    """
    found = set(FEW)
    for text in prose:
        plain = EMAIL.sub("", URL.sub("", text))
        found.update(word for word in _PART.findall(names.sub("", plain) if names else plain) if word.islower())
    return {word for word in found if word not in taken}
