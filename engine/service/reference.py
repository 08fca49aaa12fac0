"""What the service can be asked, as OpenAPI and as a page to read.

The page is plain HTML without scripts: nothing of it comes from elsewhere, and a browser may load nothing for it.
"""

import asyncio
from collections.abc import Iterator
from html import escape
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse

from engine.service.parts import parts

__all__ = ["router"]

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "code{font-family:ui-monospace,monospace}summary{cursor:pointer;padding:.2rem 0}"
    "td,th{text-align:left;vertical-align:top;padding:.1rem .8rem .1rem 0}"
)
#: https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy
_SAFE = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
}


async def _may(request: Request) -> None:
    """Let everybody read it where the settings say so, and otherwise whoever has a key."""
    if not parts(request).settings.docs_open:
        await parts(request).access(request)


router = APIRouter(include_in_schema=False)
May = Annotated[None, Depends(_may)]


@router.get("/openapi.json")
async def openapi(request: Request, _: May) -> JSONResponse:
    """Return the description in OpenAPI 3.1."""
    return JSONResponse(await _described(request))


@router.get("/docs")
async def docs(request: Request, _: May) -> HTMLResponse:
    """Return the description as a page."""
    return HTMLResponse("".join(_page(await _described(request))), headers=_SAFE)


async def _described(request: Request) -> dict[str, Any]:
    """Return the description; the first time it takes a while, and keeps nobody else waiting."""
    found: dict[str, Any] = await asyncio.to_thread(request.app.openapi)
    return found


def _page(described: dict[str, Any]) -> Iterator[str]:
    title = escape(described["info"]["title"])
    yield f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
    yield f"<h1>{title}</h1><p>{escape(described['info'].get('description', ''))}</p>"
    yield "<p>For programs: <code>/openapi.json</code>. An API key goes into <code>Authorization: Bearer</code>.</p>"
    for path, methods in described["paths"].items():
        for method, about in methods.items():
            yield from _operation(f"{method.upper()} {path}", about)


def _operation(name: str, about: dict[str, Any]) -> Iterator[str]:
    yield f"<details><summary><code>{escape(name)}</code> {escape(about.get('summary', ''))}</summary><table>"
    for one in about.get("parameters", []):
        yield _row(f"<code>{escape(one['name'])}</code>", one.get("description", ""))
    for status, answer in about.get("responses", {}).items():
        yield _row(f"<b>{escape(status)}</b>", answer.get("description", ""))
    yield "</table></details>"


def _row(name: str, text: str) -> str:
    return f"<tr><td>{name}<td>{escape(text)}"
