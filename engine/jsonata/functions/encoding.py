"""Functions that encode and decode texts: Base64 of UTF-8 (RFC 4648), URLs (RFC 3986, as in ECMAScript)."""

import base64
import re
from typing import Any
from urllib.parse import quote, unquote

from engine.jsonata.library import Builtin
from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.runtime.fuel import Run

__all__ = ["ENCODING"]

#: What `encodeURIComponent` leaves as it is, and what `encodeURI` does (https://tc39.es/ecma262/#sec-uri-handling-functions).
_COMPONENT = "-_.!~*'()"
_WHOLE = ";/?:@&=+$,#" + _COMPONENT
#: Escapes of what has a meaning in a URL: `decodeURI` leaves them.
_RESERVED = re.compile(r"(%(?:3B|2F|3F|3A|40|26|3D|2B|24|2C|23))", re.IGNORECASE)
_MALFORMED = re.compile(r"%(?![0-9A-Fa-f]{2})")


def _base64encode(run: Run, text: Any) -> Any:
    if text is None:
        return None
    try:
        return run.text(base64.b64encode(text.encode()).decode())
    except UnicodeEncodeError:
        raise EvaluationProblem("D3000", "the text has half a character in it") from None


def _base64decode(run: Run, text: Any) -> Any:
    if text is None:
        return None
    run.read(text)
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except ValueError:
        raise EvaluationProblem("D3030", "the text is not Base64 of UTF-8") from None


def _encode_component(run: Run, text: Any) -> Any:
    return None if text is None else _quoted(run, text, _COMPONENT, "encodeUrlComponent")


def _encode_url(run: Run, text: Any) -> Any:
    return None if text is None else _quoted(run, text, _WHOLE, "encodeUrl")


def _quoted(run: Run, text: str, safe: str, name: str) -> str:
    try:
        return run.text(quote(text, safe=safe))
    except UnicodeEncodeError:
        raise _malformed(name) from None


def _decode_component(run: Run, text: Any) -> Any:
    return None if text is None else _unquoted(run, text, "decodeUrlComponent")


def _decode_url(run: Run, text: Any) -> Any:
    if text is None:
        return None
    pieces = _RESERVED.split(text)
    return "".join(piece if number % 2 else _unquoted(run, piece, "decodeUrl") for number, piece in enumerate(pieces))


def _unquoted(run: Run, text: str, name: str) -> str:
    run.read(text)
    if _MALFORMED.search(text):
        raise _malformed(name)
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise _malformed(name) from None


def _malformed(name: str) -> EvaluationProblem:
    return EvaluationProblem("D3140", f"the text given to `${name}` cannot be part of a URL")


ENCODING = (
    Builtin("base64encode", "<s-:s>", _base64encode),
    Builtin("base64decode", "<s-:s>", _base64decode),
    Builtin("encodeUrlComponent", "<s-:s>", _encode_component),
    Builtin("encodeUrl", "<s-:s>", _encode_url),
    Builtin("decodeUrlComponent", "<s-:s>", _decode_component),
    Builtin("decodeUrl", "<s-:s>", _decode_url),
)
