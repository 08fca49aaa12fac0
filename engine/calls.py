"""A call of a mapping, filled in: templates and a scope become a request.

A parameter whose hole is absent is left out, and so is a key of an object. An object inside a list is all or nothing:
with one hole absent all of it is left out, which makes optional `{name: …, value: "{hole}"}` pairs need no conditions.
A bare hole in a list gives its value, or all of its values; an empty list sends nothing. In a path every hole must have
a value.

Forms are ordered: what auth adds, what `http.form` sends with every form, then the call's own fields - some servers
cut long forms at the end, and tokens must not be what is cut.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine import formats
from engine.errors import UsageError
from engine.exchange import Pairs, Request
from engine.mapping import Call, Http, ListStyle
from engine.templates import Template, TemplateProblem

__all__ = ["build", "fill", "header", "unsendable", "whole"]

#: What `_filled` returns for an absent value, since null is a value in a JSON body.
_ABSENT = object()


def build(http: Http, call: Call, scope: Mapping[str, Any]) -> Request:
    """Return the request; raises UsageError where a hole of the path or the base address has no value."""
    if call.path is None:
        raise UsageError("there is nothing to request: give `get` or `post`")
    path = fill(call.path, scope, in_path=True)
    base = fill(http.base_url, scope)
    url = whole(path, base)
    form = None
    if call.form is not None:
        form = pairs({**http.form, **call.form}, scope, http.lists)
    json = None if call.json_ is None else _json(call.json_, scope)
    query = pairs({**http.query, **call.query}, scope, http.lists)
    xml = None if call.xml is None else fill(call.xml, scope, in_xml=True)
    answer = call.answer or http.answer
    headers = {"Accept": formats.accepted(answer)}
    method = "GET" if call.get is not None else "POST"
    text = None if call.text is None else fill(call.text, scope)
    request = Request(method, url, query, headers, form, json, xml, text, formats.reads(answer), call.timeout)
    for name, template in (*http.headers.items(), *call.headers.items()):
        value = _text_of(template, scope)
        if value is not None:
            request = request.with_header(name, header(name, value))
    return request


def whole(path: str, base: str) -> str:
    """Return the address of a path, which goes after the base address; a whole address stays as it is."""
    return path if path.startswith(("http://", "https://")) else base.rstrip("/") + "/" + path.lstrip("/")


def fill(template: Template, scope: Mapping[str, Any], *, in_path: bool = False, in_xml: bool = False) -> str:
    """Return the text of a template all of whose holes must have a value; raises UsageError that names them."""
    text = _text_of(template, scope, in_path=in_path, in_xml=in_xml)
    if text is None:
        missing = ", ".join(f"{{{name}}}" for name in template.absent(scope))
        raise UsageError(f"`{_shown(template)}` cannot be filled in: {missing} has no value")
    return text


def header(name: str, value: str) -> str:
    """Return the value of a header. Raises UsageError, not quoting it, where it cannot be sent."""
    if fault := unsendable(value):
        raise UsageError(f"the header `{name}` cannot be sent: its value has {fault}; copy the value again")
    return value


def unsendable(value: str) -> str:
    """Return what a text has that no header can (RFC 9110 section 5.5); empty where it can be sent."""
    if not value.isascii():
        return "letters beyond ASCII"
    return "" if value.isprintable() and value == value.strip() else "line breaks or blanks around it"


def pairs(written: Mapping[str, Any], scope: Mapping[str, Any], lists: ListStyle) -> Pairs:
    """Return query or form parameters as pairs, lists and objects in the style of the provider."""
    filled = {name: _filled(value, scope) for name, value in written.items()}
    return tuple(pair for name, value in filled.items() if value is not _ABSENT for pair in _pairs(name, value, lists))


def _text_of(
    template: Template, scope: Mapping[str, Any], *, in_path: bool = False, in_xml: bool = False
) -> str | None:
    try:
        return template.fill(scope, in_path=in_path, in_xml=in_xml)
    except TemplateProblem as problem:
        raise UsageError(f"`{_shown(template)}`: {problem.message}") from None


def _shown(template: Template) -> str:
    """Return the text of a template for a message; of a long one, such as a body, the beginning."""
    folded = " ".join(template.text.split())
    return folded if len(folded) <= 200 else f"{folded[:200]}…"


def _json(written: Any, scope: Mapping[str, Any]) -> Any:
    filled = _filled(written, scope)
    return {} if filled is _ABSENT else filled


def _filled(written: Any, scope: Mapping[str, Any]) -> Any:
    """Fill in every template of a structure."""
    if isinstance(written, Template):
        try:
            value = written.value(scope)
        except TemplateProblem as problem:
            raise UsageError(f"`{written.text}`: {problem.message}") from None
        return _ABSENT if value is None else value
    if isinstance(written, dict):
        entries = {key: _filled(value, scope) for key, value in written.items()}
        return {key: value for key, value in entries.items() if value is not _ABSENT}
    if isinstance(written, list):
        return [value for entry in written for value in _entries(entry, scope)]
    return written


def _entries(entry: Any, scope: Mapping[str, Any]) -> Iterator[Any]:
    """Yield what an entry of a list becomes: an object is all or nothing, a bare hole with a list gives all of it."""
    filled = _filled(entry, scope)
    if filled is _ABSENT or (isinstance(entry, dict) and len(filled) < len(entry)):
        return
    if isinstance(entry, Template) and isinstance(filled, list | tuple):
        yield from filled
    else:
        yield filled


def _pairs(name: str, value: Any, lists: ListStyle) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _pairs(f"{name}[{key}]", entry, lists)
    elif isinstance(value, list | tuple):
        yield from _listed(name, value, lists)
    else:
        yield name, _text(value)


def _listed(name: str, values: Sequence[Any], lists: ListStyle) -> Iterator[tuple[str, str]]:
    """Write a list in its style; objects and lists in it are always numbered, since nothing else tells them apart."""
    nested = any(isinstance(entry, Mapping | list | tuple) for entry in values)
    if lists == "comma" and not nested:
        if values:
            yield name, ",".join(_text(entry) for entry in values)
        return
    for index, entry in enumerate(values):
        label = f"{name}[{index}]" if nested or lists == "indices" else f"{name}[]" if lists == "brackets" else name
        yield from _pairs(label, entry, lists)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
