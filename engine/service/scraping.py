"""`/metrics`, for Prometheus."""

from typing import Annotated

from fastapi import APIRouter, Depends
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from engine.service.described import ERRORS
from engine.service.failures import Failure
from engine.service.parts import Used, parts

__all__ = ["router"]

router = APIRouter(tags=["health"])


async def _may(request: Request) -> None:
    """Let everybody read them where the settings say so, and otherwise whoever has a key for all accounts."""
    if parts(request).settings.metrics_open:
        return
    if (await parts(request).access(request)).accounts is not None:
        raise Failure(403, "this key is for some accounts only; use one that is for all")


@router.get(
    "/metrics",
    summary="What is counted, for Prometheus",
    response_class=Response,
    openapi_extra={"security": [{"HTTPBearer": []}]},
    responses={
        200: {"description": "The text format of Prometheus.", "content": {"text/plain": {}}},
        **{status: ERRORS[status] for status in (401, 429)},
        403: {**ERRORS[403], "description": "The key is for some accounts only."},
    },
)
async def metrics(parts: Used, _: Annotated[None, Depends(_may)]) -> Response:
    """Return requests, calls of providers, waits, records and failures, by provider; nothing of a customer."""
    return Response(parts.metrics.text(), media_type=CONTENT_TYPE_LATEST)
