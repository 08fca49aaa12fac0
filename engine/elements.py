"""XML as plain data, for expressions: an element is an object of its attributes and of the elements in it.

An element that has neither is its text, or null where that is blank; beside attributes or elements its text is `text`.
What is there more than once is a list. Prefixes of namespaces are dropped, and so are the attributes of XML Schema
(`xsi:type`), which tell of the writing and not of the thing.

A document type (DTD) may be named, and is not read. One that declares something itself is refused: only so can a small
document grow beyond all bounds, or read other files.
"""

from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

__all__ = ["XmlProblem", "escaped", "read"]

#: How deep elements may nest, as for JSON.
DEEPEST = 200
#: What would end an attribute, or be folded in one.
_IN_QUOTES = {'"': "&quot;", "'": "&apos;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"


class XmlProblem(ValueError):
    """What is not XML, or no XML that is read here; `what` and what to `do`."""

    def __init__(self, what: str, do: str) -> None:
        self.what, self.do = what, do
        super().__init__(f"{what}; {do}")


def read(document: bytes | str) -> dict[str, Any]:
    """Return a document as an object that has the outermost element. Raises XmlProblem."""
    # A text is no longer in the encoding that it may name.
    parser = expat.ParserCreate("utf-8" if isinstance(document, str) else None, " ")
    building = _Building()
    parser.buffer_text = True
    parser.StartElementHandler = building.start
    parser.EndElementHandler = building.end
    parser.CharacterDataHandler = building.said
    parser.StartDoctypeDeclHandler = _check_type
    parser.SkippedEntityHandler = _refuse_entity
    data = document.encode("utf-8", "surrogatepass") if isinstance(document, str) else document
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise XmlProblem(f"it is not XML: {error}", "tell the vendor, or correct what it is read as") from None
    return building.found


def escaped(text: str) -> str:
    """Return a text as it stands in XML, in an element or in an attribute. Raises XmlProblem where none could hold it.

    A document may hold no control characters, and no half of a character (XML 1.0 section 2.2).
    """
    if any((ord(sign) < 0x20 and sign not in "\t\n\r") or 0xD800 <= ord(sign) <= 0xDFFF or ord(sign) in (0xFFFE, 0xFFFF)
           for sign in text):  # fmt: skip
        raise XmlProblem("it holds a character that XML cannot have", "leave it out")
    return escape(text, _IN_QUOTES)


def _check_type(_name: str, _system: str | None, _public: str | None, declares: int) -> None:
    if declares:
        raise XmlProblem("its document type (DTD) declares something, which is not read", "ask for XML without that")


def _refuse_entity(name: str, *_: object) -> None:
    raise XmlProblem(f"it refers to `&{name};`, which only its document type (DTD) says", "tell the vendor")


class _Building:
    """What was read so far: the elements that are still open, each with its name, its parts and its text."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {}
        self._open: list[tuple[str, dict[str, Any], list[str]]] = [("", self.found, [])]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) > DEEPEST:
            raise XmlProblem(f"it nests too deep, beyond {DEEPEST} levels", "no list of records does")
        parts: dict[str, Any] = {}
        for attribute, value in attributes.items():
            space, _, local = attribute.rpartition(" ")
            if space != _SCHEMA:
                _add(parts, local, value)
        self._open.append((name.rpartition(" ")[2], parts, []))

    def said(self, text: str) -> None:
        self._open[-1][2].append(text)

    def end(self, _: str) -> None:
        name, parts, texts = self._open.pop()
        text: str | None = "".join(texts)
        if not (text or "").strip():
            text = None
        elif parts:
            _add(parts, "text", text)
        _add(self._open[-1][1], name, parts or text)


def _add(parts: dict[str, Any], name: str, value: Any) -> None:
    """Add a part under its name; a second one of it makes a list. No value is a list itself."""
    if name not in parts:
        parts[name] = value
    elif isinstance(parts[name], list):
        parts[name].append(value)
    else:
        parts[name] = [parts[name], value]
