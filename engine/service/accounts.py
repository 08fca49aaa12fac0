"""Accounts over HTTP: made, listed, changed, checked and deleted. Keys that may only read see those they are for."""

import asyncio
from collections.abc import Mapping
from typing import Any, get_args

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine.service.access import Caller
from engine.service.accountbodies import (
    AccountBody,
    AccountList,
    ChangedAccount,
    CheckBody,
    NamedAccount,
    NewAccount,
    Nothing,
)
from engine.service.bodies import described, read_body
from engine.service.described import ERRORS
from engine.service.failures import Failure, bad_request
from engine.service.parts import Asking, Parts, Used
from engine.service.probing import probe, rights
from engine.service.stored import told
from engine.service.storelists import DEFAULT_LIMIT, MOST, envelope, read_query
from engine.service.supplied import secret_fields, stay_at_home, supplied
from engine.spelling import did_you_mean
from engine.store import Account, Status
from engine.telling import shown

__all__ = ["BODY", "alias", "found_mapping", "may_make", "replaced", "router"]

router = APIRouter(prefix="/integrated-accounts", tags=["accounts"])
#: The same where clients written for Truto's API look for it.
alias = APIRouter(prefix="/integrated-account", include_in_schema=False)

_FILTERS = ("provider", "status")
BODY: dict[int | str, dict[str, Any]] = {
    413: {"description": "The body is too large."},
    415: {"description": "The body is not sent as JSON."},
}
_EXAMPLE = {
    "provider": "acme",
    "name": "Springfield High",
    "connection": {"url": "https://lms.school.example", "token": "…"},
    "check": True,
}
_LISTED = {
    "parameters": [
        {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": MOST,
                                                    "default": DEFAULT_LIMIT}},
        {"name": "next_cursor", "in": "query", "schema": {"type": "string", "minLength": 1}},
        {"name": "provider", "in": "query", "schema": {"type": "string", "minLength": 1}},
        {"name": "status", "in": "query", "schema": {"type": "string", "enum": list(get_args(Status))}},
    ]
}  # fmt: skip


@alias.get("")
@router.get("", summary="List accounts", response_model=AccountList, responses=ERRORS, openapi_extra=_LISTED)
async def listed(request: Request, parts: Used, caller: Asking) -> Response:
    """List the accounts that the key may use, in the order they were made."""
    asked = read_query(request.scope["query_string"].decode("latin-1"), _FILTERS, parts.store.ring)
    status = asked.filters.get("status")
    if status is not None and status not in get_args(Status):
        raise bad_request("status", f"is no status of an account; {did_you_mean(status, get_args(Status))}")
    filters: Any = dict(asked.filters)
    found = await asyncio.to_thread(
        parts.store.accounts.list, asked.limit + 1, asked.after, **filters, only=caller.accounts
    )
    page = found[: asked.limit]
    cursor = asked.cursor(parts.store.ring, page[-1].id) if len(found) > len(page) else None
    return JSONResponse(envelope([_shown(account) for account in page], asked.limit, cursor))


@alias.post("")
@router.post(
    "",
    summary="Connect an account",
    status_code=201,
    response_model=AccountBody,
    responses={**ERRORS, **BODY},
    openapi_extra=described(NewAccount, _EXAMPLE),
)
async def made(request: Request, parts: Used, caller: Asking) -> Response:
    """Keep an account; with `check`, only if its provider accepts it."""
    may_make(caller)
    body = await read_body(request, NewAccount)
    loaded = found_mapping(parts, body.provider)
    values = await supplied(loaded, body.connection, parts.guard)
    account = await told(
        parts.store.accounts.create,
        body.provider,
        body.name,
        values,
        secret=secret_fields(loaded.mapping),
        id=body.id,
        actor=caller.key,
    )
    if body.check_:
        account = await _checked(parts, account, caller)
    return JSONResponse(_shown(account), 201, {"Location": f"/integrated-accounts/{account.id}"})


async def _checked(parts: Parts, account: Account, caller: Caller) -> Account:
    """Return an account that its provider accepts; any other is forgotten again.

    It stays where the provider replaced its token meanwhile: the one that holds is in the store, and nowhere else.
    """
    connection = parts.store.accounts.connection
    before = await asyncio.to_thread(connection, account.id)
    failure = await probe(parts, account)
    if failure is None:
        return await asyncio.to_thread(parts.store.accounts.get, account.id)
    if await asyncio.to_thread(connection, account.id) == before:
        await parts.channels.drop(account.id)
        await told(parts.store.accounts.delete, account.id, actor=caller.key)
    else:
        failure.message += f"; the account is kept as {account.id}, since the provider replaced its token"
    raise failure


@alias.get("/{id}")
@router.get("/{id}", summary="Get an account", response_model=AccountBody, responses=ERRORS)
async def one(id: str, parts: Used, caller: Asking) -> Response:  # noqa: A002 - the word for it
    """Return an account, without its secrets."""
    return JSONResponse(_shown(await parts.account(id, caller)))


@alias.patch("/{id}")
@router.patch(
    "/{id}",
    summary="Change an account",
    response_model=AccountBody,
    responses={**ERRORS, **BODY},
    openapi_extra=described(ChangedAccount, {"connection": {"token": "…"}}),
)
async def changed(id: str, request: Request, parts: Used, caller: Asking) -> Response:  # noqa: A002
    """Change name, status, or fields of the connection; new ones are taken to hold until a call tells otherwise."""
    caller.may_change()
    account = await parts.account(id, caller)
    body = await read_body(request, ChangedAccount)
    changes: dict[str, Any] = {"name": body.name, "status": body.status}
    if body.connection:
        changes |= await replaced(parts, account, body.connection)
    account = await told(parts.store.accounts.update, account.id, **changes, actor=caller.key)
    await parts.channels.drop(account.id)
    return JSONResponse(_shown(account))


async def replaced(
    parts: Parts, account: Account, given: Mapping[str, Any], *, later: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return what replaces fields of a connection, checked together with those that stay."""
    loaded = await parts.mapping(account)
    there = await asyncio.to_thread(parts.store.accounts.connection, account.id)
    known = {name: value for name, value in there.items() if name in loaded.mapping.connection}
    values = await supplied(loaded, {**known, **given}, parts.guard, later=later)
    stay_at_home(loaded, known, given, later=later)
    return {
        "values": {name: None if given[name] is None else values.get(name) for name in given},
        "secret": secret_fields(loaded.mapping),
    }


@alias.delete("/{id}")
@router.delete("/{id}", summary="Delete an account", status_code=204, responses=ERRORS)
async def deleted(id: str, parts: Used, caller: Asking) -> Response:  # noqa: A002
    """Forget an account and its secrets."""
    caller.may_change()
    account = await parts.account(id, caller)
    await told(parts.store.accounts.delete, account.id, actor=caller.key)
    await parts.channels.drop(account.id)
    return Response(status_code=204)


@router.post(
    "/{id}/check",
    summary="Check an account",
    response_model=CheckBody,
    responses={**ERRORS, **BODY},
    openapi_extra=described(Nothing, needed=False),
)
async def checked(id: str, request: Request, parts: Used, caller: Asking) -> Response:  # noqa: A002
    """Ask the provider whether it accepts the credentials, and look for a record of each resource."""
    caller.may_change()  # it logs in anew, and keeps what comes of it
    account = await parts.account(id, caller)
    await read_body(request, Nothing, empty=True)
    failure = await probe(parts, account)
    found = {} if failure else await rights(parts, account)
    account = await parts.account(id, caller)
    body: dict[str, Any] = {"account": AccountBody.of(account), "works": failure is None, "resources": found}
    if failure is not None:
        body["error"] = failure.body()
    return JSONResponse(CheckBody(**body).model_dump(mode="json", exclude_unset=True))


@alias.post("/refresh-credentials")
async def refreshed(request: Request, parts: Used, caller: Asking) -> Response:
    """Ask the provider again whether it accepts an account, with a new token where it has tokens."""
    caller.may_change()
    body = await read_body(request, NamedAccount)
    account = await parts.account(body.id, caller)
    failure = await probe(parts, account)
    if failure is not None:
        raise failure
    return JSONResponse(_shown(await parts.account(body.id, caller)))


def may_make(caller: Caller) -> None:
    """Raise Failure 403 where a key may not make accounts."""
    caller.may_change()
    if caller.accounts is not None:
        raise Failure(403, "this key is for some accounts only, and cannot make others; use one without `--account`")


def found_mapping(parts: Parts, provider: str) -> Any:
    """Return the mapping of a provider. Raises Failure 400 where there is none."""
    loaded = parts.catalog.get(provider)
    if loaded is None:
        advice = did_you_mean(provider, parts.catalog, "GET /providers lists those there are")
        raise bad_request("provider", f"there is no provider {shown(provider)}; {advice}")
    return loaded


def _shown(account: Account) -> dict[str, Any]:
    return AccountBody.of(account).model_dump(mode="json")
