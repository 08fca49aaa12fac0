"""The service as an ASGI application: its parts put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import metadata
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route

from engine.errors import ProviderError, StoreError, UsageError
from engine.guarding import Guard
from engine.service import accounts, connecting, health, providers, reference, scraping, unified
from engine.service.access import Access
from engine.service.catalog import Catalog
from engine.service.channels import Channels
from engine.service.cursors import Cursors
from engine.service.ending import Ending
from engine.service.failures import Detail, Failure, of_provider, of_usage
from engine.service.live import Live
from engine.service.metrics import Metrics
from engine.service.parts import Parts
from engine.service.readiness import Readiness
from engine.service.settings import Settings
from engine.service.stalls import watch
from engine.service.wrapping import Wrapping
from engine.store import Store

__all__ = ["application"]

log = structlog.get_logger("rollbook.service")

#: Paths are as they are described; the description has routes of its own, since it needs a key.
_PLAIN: dict[str, Any] = {"redirect_slashes": False, "docs_url": None, "redoc_url": None, "openapi_url": None}

_ROUTERS = (
    health.router,
    scraping.router,
    reference.router,
    unified.router,
    connecting.router,
    connecting.callback,
    accounts.router,
    accounts.alias,
    providers.router,
)


def application(
    settings: Settings,
    store: Store,
    catalog: Catalog,
    *,
    transport: Any = None,
    guard: Guard | None = None,
    ending: Ending | None = None,
) -> FastAPI:
    """Return the service over a store and mappings.

    `guard` judges where requests may go, as the settings say where none is given; `transport` stands in for it and the
    network behind.
    """
    channels = Channels(settings.most_channels, settings.idle_seconds)
    metrics, ending, guard = Metrics(), ending or Ending(), guard or Guard(settings.allow)
    live = Live(channels, settings, guard, ending, metrics, transport)
    access = Access(store, settings.requests_per_minute)
    cursors, readiness = Cursors(store.ring), Readiness(store)
    parts = Parts(settings, store, catalog, access, channels, live, cursors, metrics, ending, readiness, guard)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(watch(lambda seconds: _looked(metrics, channels, seconds)))
            tending = group.create_task(channels.tend())
            yield
            watching.cancel()
            tending.cancel()
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
    for router in _ROUTERS:
        app.include_router(router)
    _handle_errors(app)
    # Inside of what the framework puts around all, which would answer first, with a text of its own.
    app.add_middleware(Wrapping, settings=settings, metrics=metrics)
    return app


def _looked(metrics: Metrics, channels: Channels, late: float) -> None:
    metrics.stalled(late)
    metrics.channels(len(channels))


def _handle_errors(app: FastAPI) -> None:
    """Give every error the one error body."""
    app.add_exception_handler(Failure, _answered(lambda error: error))
    app.add_exception_handler(ProviderError, _answered(of_provider))
    app.add_exception_handler(UsageError, _answered(of_usage))
    app.add_exception_handler(StoreError, _answered(_of_store))
    app.add_exception_handler(RequestValidationError, _answered(_of_validation))
    app.add_exception_handler(HTTPException, _answered(_of_http))


def _answered(told: Any) -> Any:
    async def handle(request: Request, error: Exception) -> Response:
        failure: Failure = told(error)
        if failure.status == 405:
            failure.headers["Allow"] = ", ".join(_methods(request))
        return JSONResponse(failure.body(), failure.status, failure.headers)

    return handle


def _methods(request: Request) -> list[str]:
    """Return the methods of a path: those of all its routes, of which the framework tells the first."""
    found: set[str] = set()
    for route in (route for router in _ROUTERS for route in router.routes):
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE:
            found |= route.methods or set()
    return sorted(found)


def _of_store(error: StoreError) -> Failure:
    log.error("the store cannot be used", why=str(error))
    return Failure(503, "the store cannot be read now; try again later", headers={"Retry-After": "5"})


def _of_validation(error: RequestValidationError) -> Failure:
    details = [Detail(".".join(str(part) for part in fault["loc"]), fault["msg"]) for fault in error.errors()]
    return Failure(400, "; ".join(f"{one.parameter}: {one.message}" for one in details), details)


def _of_http(error: HTTPException) -> Failure:
    known = {404: "there is nothing at this path; /docs lists what there is", 405: "this path takes other methods"}
    return Failure(
        error.status_code, known.get(error.status_code, str(error.detail)), headers=dict(error.headers or {})
    )
