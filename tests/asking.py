"""What asks a server that is a function, through the client."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import httpx2

from engine.client import Client
from engine.exchange import Request
from engine.mapping import Mapping
from engine.report import Report

SECRET = "s3cret-t0ken"
URL = "https://lms.example"
Handler = (
    Callable[[httpx2.Request], httpx2.Response] | Callable[[httpx2.Request], Coroutine[None, None, httpx2.Response]]
)


def mapping(**http: Any) -> Mapping:
    """Return a mapping with one list, and what `http` says of its requests."""
    return Mapping.model_validate(
        {
            "mapping": 1,
            "provider": {"id": "acme", "name": "Acme"},
            "connection": {"url": {"title": "Address", "format": "url"}, "token": {"title": "Token", "secret": True}},
            "http": {
                "base_url": "{connection.url}",
                "auth": {"bearer": "{connection.token}"},
                "check": {"get": "/me"},
                **http,
            },
            "fetch": {"all": {"get": "/all"}},
            "courses": {"for": "course in all", "fields": {"id": "course.id"}},
        }
    )


def send(
    handler: Handler | None, *requests: Request, url: str = URL, report: Report | None = None, **http: Any
) -> list[Any]:
    """Send requests all at once; return their responses or errors."""

    async def run() -> list[Any]:
        scope = {"connection": {"url": url, "token": SECRET}}
        transport = httpx2.MockTransport(handler) if handler else None
        async with Client(mapping(**http), scope, report or Report(), transport=transport, backoff=0.0) as client:
            sent = (client.send(request, fetch="all") for request in requests)
            return await asyncio.gather(*sent, return_exceptions=True)

    return asyncio.run(run())


def one(handler: Handler | None, request: Request | None = None, **options: Any) -> Any:
    """Send a request and return its response, or raise its error."""
    (result,) = send(handler, request or Request("GET", f"{URL}/all"), **options)
    if isinstance(result, BaseException):
        raise result
    return result
