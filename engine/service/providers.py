"""The providers there are: how well each is known, what it gives, and the form of its connection."""

import asyncio
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine.service.described import ERRORS
from engine.service.failures import Failure
from engine.service.parts import Asking, Used
from engine.service.storelists import envelope, read_query
from engine.spelling import did_you_mean
from engine.telling import shown

__all__ = ["router"]

router = APIRouter(prefix="/providers", tags=["providers"])


class Coverage(BaseModel):
    """What is given of a resource."""

    covered: int = Field(description="How many fields of the model are filled.")
    of: int = Field(description="How many there are.")


class ProviderBody(BaseModel):
    """A provider."""

    id: str
    name: str
    about: str | None
    docs: str | None = Field(description="Where the vendor documents its API.")
    evidence: str = Field(description="What its mapping was tested with.")
    auth: str = Field(description="How requests prove who asks.")
    authorizes: bool = Field(description="Whether accounts can be connected in the browser, with OAuth2.")
    resources: dict[str, Coverage]


class ProviderList(BaseModel):
    """All providers."""

    result: list[ProviderBody]
    next_cursor: None
    prev_cursor: None
    result_count: int
    limit: int


class WholeProvider(ProviderBody):
    """Everything about a provider."""

    version: str = Field(description="Changes with the mapping.")
    form: dict[str, Any] = Field(description="JSON Schema of `connection` when an account is made.")
    authorize_form: dict[str, Any] | None = Field(description="The same, where it is connected in the browser.")
    resources: dict[str, dict[str, Any]] = Field(  # type: ignore[assignment]
        description="Of each resource: fields and where they come from, statuses, requests and what they cost."
    )
    limits: dict[str, Any]
    gaps: list[str] = Field(description="What the mapping cannot know or read.")


@router.get("", summary="List providers", response_model=ProviderList, responses=ERRORS)
async def listed(request: Request, parts: Used, _: Asking) -> Response:
    """List all providers; of those whose mapping cannot be used, the log tells when the service starts."""
    read_query(request.scope["query_string"].decode("latin-1"), (), parts.store.ring)
    found = [ProviderBody(**await asyncio.to_thread(parts.catalog.described, id)) for id in parts.catalog]  # noqa: A001
    return JSONResponse(envelope([one.model_dump(mode="json") for one in found], max(1, len(found)), None))


@router.get("/{id}", summary="Get a provider", response_model=WholeProvider, responses=ERRORS)
async def one(id: str, parts: Used, _: Asking) -> Response:  # noqa: A002 - the word for it
    """Return everything about a provider."""
    if id not in parts.catalog:
        advice = did_you_mean(id, parts.catalog, "GET /providers lists those there are")
        raise Failure(404, f"there is no provider {shown(id)}; {advice}")
    found = await asyncio.to_thread(parts.catalog.described, id)
    return JSONResponse(WholeProvider(**found).model_dump(mode="json"))
