"""Whether the service runs, and whether it can be sent requests: nothing else is open to everybody."""

from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse

from engine.service.described import ErrorBody
from engine.service.parts import Used

__all__ = ["router"]

router = APIRouter(prefix="/health", tags=["health"])


#: Anybody may ask, and nothing can be wrong with the question.
_OPEN: Any = {"openapi_extra": {"security": []}}
_WRONG: Any = {"4XX": {"model": ErrorBody, "description": "The request is none."}}


@router.get("/live", summary="Whether the service runs", responses=_WRONG, **_OPEN)
async def live() -> dict[str, str]:
    """Answer as long as the event loop does."""
    return {"status": "live"}


@router.get(
    "/ready",
    summary="Whether the service can answer",
    responses={**_WRONG, 503: {"description": "The store cannot be used, or the service ends."}},
    **_OPEN,
)
async def ready(parts: Used) -> JSONResponse:
    """Check the database and the keys of the store."""
    if parts.ending.near:
        return JSONResponse({"status": "not ready", "why": "the service ends"}, 503)
    if not await parts.readiness():
        return JSONResponse({"status": "not ready", "why": "the store cannot be used"}, 503)
    return JSONResponse({"status": "ready"})


# As balancers ask; what answers to GET alone refuses HEAD.
router.head("/live", include_in_schema=False)(live)
router.head("/ready", include_in_schema=False)(ready)
