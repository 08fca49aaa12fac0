"""A tree as YAML that reads back as it was meant, with a comment beside or above whatever has one."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any

from engine.escaping import escaped
from engine.positions.scalars import TooLarge, meaning

__all__ = ["Expr", "Noted", "comment", "scalar", "written"]

_WIDTH = 120
#: Text that needs no quotes, also inside braces and brackets.
_BARE = re.compile(r"[A-Za-z0-9_/][A-Za-z0-9_./()'-]*(?: [A-Za-z0-9_./()'-]+)*")
#: What a file may hold as it is: https://yaml.org/spec/1.2.2/#51-character-set
_PLAIN = re.compile(r"[\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*")


class Expr(str):
    """An expression: a dotted path is written plain, anything more in single quotes."""

    __slots__ = ()


@dataclass
class Noted:
    """A value with what is said of it: beside it, in lines above, and in lines after all that is below."""

    value: Any
    note: str = ""
    above: tuple[str, ...] = ()
    after: tuple[str, ...] = field(default=())


def written(tree: Mapping[str, Any]) -> str:
    """Return a tree of mappings, lists, texts, numbers and switches as a file, with blank lines between its parts."""
    parts = ["\n".join(_lines({key: value}, 0)) for key, value in tree.items()]
    return "\n\n".join(parts) + "\n"


def _lines(tree: Mapping[str, Any], depth: int) -> Iterator[str]:
    indent = "  " * depth
    for key, given in tree.items():
        noted = given if isinstance(given, Noted) else Noted(given)
        for text in noted.above:
            yield from comment(text, indent)
        if isinstance(noted.value, Mapping) and noted.value and (noted.after or not _is_small(noted.value)):
            yield from _with_note(f"{indent}{scalar(key)}:", noted.note, indent)
            yield from _lines(noted.value, depth + 1)
        else:
            yield from _with_note(f"{indent}{scalar(key)}: {_flow(noted.value)}", noted.note, indent)
        for text in noted.after:
            yield from comment(text, indent + "  ")


def _with_note(line: str, note: str, indent: str) -> Iterator[str]:
    """Put a note at the end of its line, or above where there is no room."""
    note = _safe(escaped(note))
    if note and len(line) + len(note) + 3 <= _WIDTH:
        yield f"{line} # {note}"
        return
    if note:
        yield from comment(note, indent)
    yield line


def comment(text: str, indent: str = "") -> list[str]:
    """Return a text as lines of comments."""
    kept = len(text) - len(text.lstrip(" "))
    lines = wrap(_safe(escaped(text.strip())), _WIDTH - len(indent) - 2 - kept, subsequent_indent="  ") or [""]
    return [f"{indent}# {' ' * kept}{line}".rstrip() for line in lines]


def _safe(text: str) -> str:
    return "".join(one if _is_plain(one) else ascii(one)[1:-1] for one in text)


def _is_small(tree: Mapping[str, Any]) -> bool:
    """Whether a mapping fits into braces: a few plain values and nothing to say of them."""
    values = tree.values()
    small = all(
        not isinstance(value, Noted | Mapping) or (isinstance(value, Mapping) and _is_small(value)) for value in values
    )
    return (small and 0 < len(tree) <= 5 and len(_flow(tree)) <= 90) or not tree


def _flow(value: Any) -> str:
    if isinstance(value, Noted):
        return _flow(value.value)
    if isinstance(value, Mapping):
        inside = ", ".join(f"{scalar(key)}: {_flow(each)}" for key, each in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return scalar(value) if isinstance(value, str) else json.dumps(value)


def scalar(text: str) -> str:
    """Return a text, as plain as it can be and still be this text."""
    if _is_bare(text):
        return text
    if isinstance(text, Expr) and _is_plain(text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_in_quotes(one) for one in text) + '"'


def _is_plain(text: str) -> bool:
    """Whether a text can be in a file as it is, and seen there."""
    return text.isprintable() and _PLAIN.fullmatch(text) is not None


def _is_bare(text: str) -> bool:
    try:
        return bool(_BARE.fullmatch(text)) and meaning(text) == text
    except TooLarge:
        return False


def _in_quotes(one: str) -> str:
    if one in '"\\':
        return "\\" + one
    if _is_plain(one):
        return one
    code = ord(one)
    if 0xD800 <= code <= 0xDFFF:  # half a character, which no file can hold
        return "\ufffd"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
