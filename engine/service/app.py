"""The service as an ASGI application: its parts put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import metadata
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine.errors import ProviderError, StoreError, UsageError
from engine.guarding import Guard
from engine.service import health, reference, unified
from engine.service.access import Access
from engine.service.catalog import Catalog
from engine.service.channels import Channels
from engine.service.cursors import Cursors
from engine.service.ending import Ending
from engine.service.failures import Detail, Failure, of_provider, of_usage
from engine.service.live import Live
from engine.service.parts import Parts
from engine.service.settings import Settings
from engine.service.wrapping import Wrapping
from engine.store import Store

__all__ = ["application"]

#: Paths are as they are described; the description has routes of its own, since it needs a key.
_PLAIN: dict[str, Any] = {"redirect_slashes": False, "docs_url": None, "redoc_url": None, "openapi_url": None}


def application(
    settings: Settings, store: Store, catalog: Catalog, *, transport: Any = None, ending: Ending | None = None
) -> FastAPI:
    """Return the service over a store and mappings. `transport` stands in for the network, and for its guard."""
    channels = Channels(settings.most_channels, settings.idle_seconds)
    live = Live(channels, settings, Guard(settings.allow), ending or Ending(), transport)
    access = Access(store, settings.requests_per_minute)
    parts = Parts(settings, store, catalog, access, channels, live, Cursors(store.ring))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await channels.close()

    app = FastAPI(
        title="Rollbook",
        description="Course enrollments from any learning management system, in one shape.",
        version=metadata.version("rollbook"),
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        servers=[{"url": settings.public_url or "/"}],
        lifespan=lifespan,
        **_PLAIN,
    )
    app.state.parts = parts
    for router in (health.router, reference.router, unified.router):
        app.include_router(router)
    _handle_errors(app)
    # Inside of what the framework puts around all, which would answer first, with a text of its own.
    app.add_middleware(Wrapping, body_bytes=settings.body_bytes)
    return app


def _handle_errors(app: FastAPI) -> None:
    """Give every error the one error body."""
    app.add_exception_handler(Failure, _answered(lambda error: error))
    app.add_exception_handler(ProviderError, _answered(of_provider))
    app.add_exception_handler(UsageError, _answered(of_usage))
    app.add_exception_handler(StoreError, _answered(_of_store))
    app.add_exception_handler(RequestValidationError, _answered(_of_validation))
    app.add_exception_handler(HTTPException, _answered(_of_http))


def _answered(told: Any) -> Any:
    async def handle(_: Request, error: Exception) -> Response:
        failure: Failure = told(error)
        return JSONResponse(failure.body(), failure.status, failure.headers)

    return handle


def _of_store(_: StoreError) -> Failure:
    return Failure(503, "the store cannot be read now; try again later", headers={"Retry-After": "5"})


def _of_validation(error: RequestValidationError) -> Failure:
    details = [Detail(".".join(str(part) for part in fault["loc"]), fault["msg"]) for fault in error.errors()]
    return Failure(400, "; ".join(f"{one.parameter}: {one.message}" for one in details), details)


def _of_http(error: HTTPException) -> Failure:
    known = {404: "there is nothing at this path; /docs lists what there is", 405: "this path takes other methods"}
    return Failure(
        error.status_code, known.get(error.status_code, str(error.detail)), headers=dict(error.headers or {})
    )
