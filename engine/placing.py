"""A token where a request says `{token}`: in its path, query, form, body or headers instead of a header of its own.

Requests are filled in before there is a token, and are made again with the next one; until then a mark stands for it.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from engine.elements import escaped
from engine.exchange import Pairs, Request
from engine.mapping import Token

__all__ = ["MARK", "placed", "unplaced"]

#: What stands for the token: letters that no encoding changes, and that nobody writes.
MARK = "token-a9f3d07c51e84b26"


def placed(signed: Request, settings: Token | None) -> Request:
    """Return a request, signed with a token in its header, with the token at its marks instead, if it has any."""
    if settings is None or not _marked(signed):
        return signed
    token = _token(signed, settings)
    rest = {name: value for name, value in signed.headers.items() if name.lower() != settings.header.lower()}

    def put(text: str) -> str:
        return text.replace(MARK, token)

    return replace(
        signed,
        url=signed.url.replace(MARK, quote(token, safe="")),
        query=_pairs(signed.query, put),
        headers={name: put(value) for name, value in rest.items()},
        form=None if signed.form is None else _pairs(signed.form, put),
        json=_json(signed.json, put),
        xml=None if signed.xml is None else signed.xml.replace(MARK, escaped(token)),
        text=None if signed.text is None else put(signed.text),
    )


def unplaced(url: str, signed: Request, settings: Token | None) -> str:
    """Return an address that a provider sent with the mark in place of the token: positions are made of them."""
    token = "" if settings is None else _token(signed, settings)
    return url.replace(quote(token, safe=""), MARK).replace(token, MARK) if token else url


def _token(signed: Request, settings: Token) -> str:
    """Return the token that a request was signed with."""
    return signed.headers[settings.header].removeprefix(settings.scheme).strip()


def _marked(request: Request) -> bool:
    parts = (request.url, request.query, request.headers, request.form, request.json, request.xml, request.text)
    return any(MARK in str(part) for part in parts if part is not None)


def _pairs(pairs: Pairs, put: Callable[[str], str]) -> Pairs:
    return tuple((name, put(value)) for name, value in pairs)


def _json(value: Any, put: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {key: _json(part, put) for key, part in value.items()}
    if isinstance(value, list):
        return [_json(part, put) for part in value]
    return put(value) if isinstance(value, str) else value
