"""Accounts that a person connects in a browser: where to send them, and where they come back to."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import structlog
from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine.errors import ProviderError, StoreError
from engine.service.accountbodies import AuthorizedAccount, ReauthorizedAccount
from engine.service.accounts import BODY, found_mapping, may_make, replaced
from engine.service.bodies import described, read_body
from engine.service.browserpages import page
from engine.service.described import ERRORS
from engine.service.failures import Failure
from engine.service.granting import CALLBACK, Exchange, Granting, Way, begin, come_back, grant_of
from engine.service.parts import Asking, Parts, Used
from engine.service.stored import told
from engine.service.supplied import supplied
from engine.store import title
from engine.telling import cut

__all__ = ["callback", "router"]

log = structlog.get_logger("rollbook.service")

router = APIRouter(tags=["accounts"])
#: Open to everybody: a browser has no key, but a `state` that only this service can make.
callback = APIRouter(include_in_schema=False)


class WayBody(BaseModel):
    """Where to send a browser."""

    url: str = Field(description="The provider's page; send the person there who may allow it.")
    expires_at: datetime = Field(description="Until when the browser must have come back.")

    @classmethod
    def answer(cls, way: Way) -> Response:
        """Return a way as an answer."""
        until = datetime.fromtimestamp(way.until, UTC)
        return JSONResponse(cls(url=way.url, expires_at=until).model_dump(mode="json"))


@router.post(
    "/oauth/connect",
    summary="Connect an account in the browser",
    response_model=WayBody,
    responses={**ERRORS, **BODY},
    openapi_extra=described(AuthorizedAccount),
)
async def connect(request: Request, parts: Used, caller: Asking) -> Response:
    """Return where a person allows it; when they come back, there is an account."""
    may_make(caller)
    body = await read_body(request, AuthorizedAccount)
    loaded = found_mapping(parts, body.provider)
    later = grant_of(loaded).replaceable or ""
    values = await supplied(loaded, body.connection, parts.guard, later=(later,))
    granting = Granting(body.provider, await told(title, body.name), values, caller.key, id=body.id)
    return WayBody.answer(await begin(parts, loaded, granting, values))


@router.post(
    "/integrated-accounts/{id}/connect",
    summary="Connect an account anew in the browser",
    response_model=WayBody,
    responses={**ERRORS, **BODY},
    openapi_extra=described(ReauthorizedAccount, needed=False),
)
async def reconnect(id: str, request: Request, parts: Used, caller: Asking) -> Response:  # noqa: A002 - the word for it
    """Return where a person allows it again; when they come back, the account has a new token, and is active."""
    caller.may_change()
    account = await parts.account(id, caller)
    body = await read_body(request, ReauthorizedAccount, empty=True)
    connected = await parts.connected(account, again=True)
    later = grant_of(connected.loaded).replaceable or ""
    changes = await replaced(parts, account, body.connection or {}, later=(later,))
    granting = Granting(account.provider, account.name, changes["values"], caller.key, account=account.id)
    there = {**connected.connection, **changes["values"]}
    return WayBody.answer(await begin(parts, connected.loaded, granting, there))


@callback.get(CALLBACK)
async def come(request: Request, parts: Used) -> Response:
    """Take a code, exchange it, and keep the account; a page says how it went."""
    try:
        return await _come(request, parts)
    except Failure as failure:
        log.warning("an account was not connected", status=failure.status)
        return page("Not connected", failure.message, failure.status)
    except ProviderError as error:
        log.warning("an account was not connected", error=type(error).__name__, remote_status=error.status)
        return page("Not connected", f"The provider gave no access: {error.what}", 502)
    except StoreError:
        log.exception("an account was not connected")
        return page("Not connected", "The account cannot be stored now. Begin again later.", 503)


async def _come(request: Request, parts: Parts) -> Response:
    given = _given(request)
    granting = await come_back(parts, given.get("state", ""))
    if "error" in given:
        said = f"{given['error']} {given.get('error_description', '')}".strip()
        raise Failure(400, f"The provider answered: {cut(said, 500)}")
    if not given.get("code"):
        raise Failure(400, "the provider sent no code")
    account = await Exchange(parts, granting).run(given["code"])
    if account.status == "active" and (failing := await _reason(parts, account.id)):
        return page("Connected, but not working yet", f"{account.name} is connected, but cannot be read: {failing}")
    return page("Connected", f"{account.name} is connected. You may close this page.")


async def _reason(parts: Parts, account: str) -> str | None:
    """Return why an account that was just connected cannot be read; None where it can."""
    found: Any = await parts.found(account)
    return None if found.status == "active" else found.status_reason or found.status


def _given(request: Request) -> dict[str, str]:
    """Return the parameters of the way back, of each the first; a provider may send more than are known."""
    try:
        pairs = parse_qsl(request.scope["query_string"].decode("latin-1"), errors="strict", max_num_fields=50)
    except ValueError:
        raise Failure(400, "the address cannot be read") from None
    given: dict[str, str] = {}
    for name, value in pairs:
        if name in given and name in ("state", "code", "error"):
            raise Failure(400, f"the address has `{name}` twice")
        given.setdefault(name, value)
    return given
