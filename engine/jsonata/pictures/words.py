"""Integers in English words: `three thousand, seven hundred and thirty-first`."""

import re
from dataclasses import dataclass
from typing import Literal

from engine.jsonata.pictures.bounds import bounded

__all__ = ["Words"]

_FEW = (
    "Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
    "Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen",
)  # fmt: skip
_FEWTH = (
    "Zeroth", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth",
    "Eleventh", "Twelfth", "Thirteenth", "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth",
    "Nineteenth",
)  # fmt: skip
_TENS = ("Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety")
_TENTHS = [f"{word[:-1]}ieth" for word in _TENS]
_LARGE = (("Trillion", 10**12), ("Billion", 10**9), ("Million", 10**6), ("Thousand", 1000), ("Hundred", 100))
_TRILLION = 10**12

_VALUES = {
    word.lower(): value
    for words in (
        dict(zip(_FEW, range(20), strict=True)),
        dict(zip(_FEWTH, range(20), strict=True)),
        dict(zip(_TENS, range(20, 100, 10), strict=True)),
        dict(zip(_TENTHS, range(20, 100, 10), strict=True)),
        dict(_LARGE),
        {f"{word}th": value for word, value in _LARGE},
    )
    for word, value in words.items()
}
_BETWEEN = re.compile(r",\s|\sand\s|[\s-]")


@dataclass(frozen=True, slots=True)
class Words:
    """English words, `W`, `w` or `Ww`; the largest has twelve zeros, so 10 to the 24th is a trillion trillion."""

    case: Literal["upper", "lower", "title"]
    ordinal: bool

    @property
    def pattern(self) -> str:
        """How such a number looks in a longer text, for RE2."""
        return f"(?:{'|'.join(_VALUES)}|and|[-, ])+"

    def write(self, value: int) -> str:
        """Return a number that is not negative, in time that grows with the number of its digits."""
        text = _worded(value, ordinal=self.ordinal)
        return text if self.case == "title" else text.upper() if self.case == "upper" else text.lower()

    def read(self, text: str) -> int | None:
        """Return the number in any case of letters, or None where there are other words; raises D1001.

        A large word multiplies what stands before it up to a larger one; a trillion, all that stands before it.
        """
        parts = [0]
        for word in _BETWEEN.split(text.lower()):
            value = _VALUES.get(word)
            if value is None:
                return None
            if value >= 100:
                parts.append(bounded(_taken(parts, value) * value))
            elif parts[-1] >= 1000:
                parts.append(value)
            else:
                parts[-1] += value
        return bounded(sum(parts))


def _taken(parts: list[int], factor: int) -> int:
    """Take off what a large word multiplies."""
    taken = parts.pop()
    while parts and (factor == _TRILLION or parts[-1] < factor):
        taken += parts.pop()
    return taken


def _worded(value: int, *, ordinal: bool) -> str:
    """Return words as they begin a sentence, save for `and`."""
    if value < 20:
        return (_FEWTH if ordinal else _FEW)[value]
    if value < 100:
        tens, rest = divmod(value, 10)
        if not rest:
            return (_TENTHS if ordinal else _TENS)[tens - 2]
        return f"{_TENS[tens - 2]}-{_worded(rest, ordinal=ordinal)}"
    name, worth = next(large for large in _LARGE if large[1] <= value)
    count, rest = divmod(value, worth)
    text = f"{_worded(count, ordinal=False)} {name}"
    if not rest:
        return f"{text}th" if ordinal else text
    return f"{text}{' and ' if rest < 100 else ', '}{_worded(rest, ordinal=ordinal)}"
