"""Whether the service runs, and whether it can be sent requests: nothing else is open to everybody."""

import asyncio

from fastapi import APIRouter
from starlette.responses import JSONResponse

from engine.errors import StoreError
from engine.service.parts import Used

__all__ = ["router"]

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live", summary="Whether the service runs")
async def live() -> dict[str, str]:
    """Answer as long as the event loop does."""
    return {"status": "live"}


@router.get(
    "/ready", summary="Whether the service can answer", responses={503: {"description": "The store cannot be used."}}
)
async def ready(parts: Used) -> JSONResponse:
    """Check the database and the keys of the store."""
    try:
        await asyncio.to_thread(parts.store.ready)
    except StoreError:
        return JSONResponse({"status": "not ready", "why": "the store cannot be used"}, 503)
    return JSONResponse({"status": "ready"})
