"""Text of others, shown to a person: what would move the cursor, turn the line around or hide is shown as its number.

The joiners U+200C and U+200D stay, for names are written with them.
"""

import re

__all__ = ["escaped"]

#: Controls, line separators, what sets a direction, what takes no room, and halves of characters.
_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def escaped(text: str) -> str:
    r"""Return a text in one line, with `\n`, `\x1b` or `\u202e` for what is not to be seen."""
    return _UNSAFE.sub(lambda found: ascii(found[0])[1:-1], text)
