"""The lists as OpenAPI describes them: their parameters, made from the model, and their answers."""

import json
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, Field, create_model

from engine.comparing import Operator, filterable
from engine.records import RESOURCE_MODELS, field_kinds, words_of
from engine.service.parameters import DEFAULT_LIMIT, MOST, Form

__all__ = ["ERRORS", "ErrorBody", "listing", "single"]


class ErrorDetail(BaseModel):
    """What is wrong with one parameter."""

    parameter: str
    message: str


class PartialError(BaseModel):
    """Something that could not be read, was set aside or left out."""

    kind: str
    message: str
    record: str | None = None
    field: str | None = None
    where: str | None = None
    do: str | None = None


class ErrorBody(BaseModel):
    """The body of every answer that is an error."""

    statusCode: int = Field(description="The status of the answer.")  # noqa: N815 - the name that clients read
    error: str = Field(description="The status in words.")
    message: str = Field(description="What is wrong, where, and what to do.")
    details: list[ErrorDetail] | None = Field(None, description="Everything that is wrong with the request.")
    truto_is_remote_error: bool | None = Field(None, description="Whether the provider failed, and not this service.")
    remote_status: int | None = Field(None, description="The status of the provider's answer.")
    raw_response: str | None = Field(None, description="The beginning of the provider's answer, without secrets.")
    next_cursor: str | None = Field(
        None, description="Leads on behind what was looked at in vain: the same filters may find something there."
    )
    errors: list[PartialError] | None = Field(None, description="What could not be read of what was looked at.")


class Asked(BaseModel):
    """One request to the provider, without secrets."""

    request: str
    status: int
    milliseconds: float
    bytes: int


@cache
def _examples() -> dict[str, Any]:
    """Return real answers by resource and status."""
    found: dict[str, Any] = json.loads(Path(__file__).with_name("examples.json").read_text(encoding="utf-8"))
    return found


def _content(resource: str) -> dict[str, Any]:
    example = {"example": _examples()[resource]} if resource in _examples() else {}
    return {"application/json": example, "application/x-ndjson": {"schema": {}}}


def _error(status: int, description: str, *headers: str) -> dict[str, Any]:
    told: dict[str, Any] = {"model": ErrorBody, "description": description}
    if headers:
        told["headers"] = {name: {"schema": {"type": "string"}} for name in headers}
    if str(status) in _examples():
        told["content"] = {"application/json": {"example": _examples()[str(status)]}}
    return told


#: The answers that are errors, of every route that reads an account.
ERRORS: dict[int | str, dict[str, Any]] = {
    400: _error(400, "A parameter is wrong, or cannot be served."),
    401: _error(401, "No API key that holds; or the provider refused the credentials of the account."),
    403: _error(403, "The account may not read this at the provider."),
    404: _error(404, "There is no such account or record, or the provider gives none of these."),
    409: _error(409, "The account is disabled, or its provider has no mapping."),
    429: _error(429, "Too many requests, of this key or at the provider.", "Retry-After"),
    502: _error(502, "The provider could not answer, or not in a way that can be read."),
    503: _error(503, "The store cannot be used now, or too many ask at once.", "Retry-After"),
    504: _error(504, "The provider did not answer in time."),
}

_TEXT = {"type": "string"}
_SWITCH = {"type": "boolean", "default": False}


def listing(resource: str) -> dict[str, Any]:
    """Return what FastAPI is told of the list of a resource."""
    model = RESOURCE_MODELS[resource]
    plain = resource.replace("_", " ")
    of = f"A list of {plain}; with `key_by` an object of them; with `response_format=raw` of the provider's items."
    answer = create_model(
        f"{model.__name__}List",
        __doc__=f"A page of {plain}.",
        result=(list[model] | dict[str, model] | list[Any] | dict[str, Any], Field(description=of)),  # type: ignore[valid-type,arg-type]
        next_cursor=(str | None, Field(None, description="Leads to the next page; null at the end.")),
        prev_cursor=(str | None, Field(None, description="Always null: live lists are read forwards.")),
        result_count=(int, Field(description="How many records there are in `result`.")),
        limit=(int | None, ...),
        is_partial_response=(bool, Field(description="Whether something is missing, which `errors` tells.")),
        errors=(list[PartialError], ...),
        debug=(list[Asked] | None, Field(None, description="What the provider was asked, with response_format=debug.")),
    )
    return {
        "summary": f"List {plain}",
        "operation_id": f"list_{resource}",
        "response_model": answer,
        "responses": {
            **ERRORS,
            200: {"description": "A page, or a stream of lines.", "content": _content(resource)},
        },
        "openapi_extra": {"parameters": [*_common(), *_of_lists(resource), *_filters(resource)]},
    }


def single(resource: str) -> dict[str, Any]:
    """Return what FastAPI is told of one record of a resource."""
    model = RESOURCE_MODELS[resource]
    return {
        "summary": f"Get one of the {resource}",
        "operation_id": f"get_{resource}",
        "response_model": model | dict[str, Any],
        "responses": ERRORS,
        "openapi_extra": {"parameters": [*_common(("unified", "raw", "debug")), _excluded(resource)]},
    }


def _parameter(name: str, schema: dict[str, Any], description: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema, "required": False, **more}


def _common(forms: tuple[str, ...] = get_args(Form)) -> list[dict[str, Any]]:
    form = {"type": "string", "enum": list(forms), "default": "unified"}
    remote = {"type": "object", "additionalProperties": _TEXT, "propertyNames": {"pattern": r"^[A-Za-z0-9_.-]+$"}}
    return [
        _parameter("integrated_account_id", {**_TEXT, "minLength": 1}, "The account to read.", required=True),
        _parameter(
            "response_format", form, "`raw`: the provider's items; `debug`: also what it was asked; `stream`: lines."
        ),
        _parameter("ignore_remote_data", _SWITCH, "Leave the raw data out."),
        _parameter(
            "remote_query", remote, "Parameters for the provider, as they are.", style="deepObject", explode=True
        ),
        _parameter("mode", {"type": "string", "enum": ["live"], "default": "live"}, "Read from the provider."),
    ]


def _excluded(resource: str) -> dict[str, Any]:
    fields = {"type": "array", "items": {"type": "string", "enum": list(RESOURCE_MODELS[resource].model_fields)}}
    return _parameter("exclude_fields[]", fields, "Fields to leave out.", style="form", explode=True)


def _of_lists(resource: str) -> list[dict[str, Any]]:
    limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT}
    keys = [name for name, kind in field_kinds(resource).items() if kind in ("id", "text")]
    return [
        _parameter("limit", limit, "How many records at most."),
        _parameter("next_cursor", _TEXT, "The `next_cursor` of the page before, with everything else as it was there."),
        _excluded(resource),
        _parameter("key_by", {"type": "string", "enum": keys}, "Make `result` an object, its records by this field."),
        _parameter("ignore_limit", _SWITCH, "As many records as an answer may hold."),
    ]


def _filters(resource: str) -> list[dict[str, Any]]:
    found = []
    for name, operators in filterable(resource).items():
        first, *rest = name.split(".")
        written = first + "".join(f"[{key}]" for key in rest)
        for operator in operators:
            parameter = written if operator == "eq" else f"{written}[{operator}]"
            found.append(_parameter(parameter, **_filter(resource, name, operator)))
    return found


_MEANINGS: dict[Operator, str] = {
    "eq": "is this",
    "ne": "is not this",
    "in": "is one of these, with commas between them",
    "nin": "is none of these, with commas between them",
    "gt": "is greater or later",
    "gte": "is this, greater or later",
    "lt": "is less or earlier",
    "lte": "is this, less or earlier",
    "like": "reads like this, with `*` for anything",
}


def _filter(resource: str, name: str, operator: Operator) -> dict[str, Any]:
    """Return schema and description of one filter."""
    about = f"Only records whose {name} {_MEANINGS[operator]}."
    if operator not in ("in", "nin"):
        return {"schema": _schema(resource, name, r"\S"), "description": about}
    items = _schema(resource, name, r"^[^,]*[^,\s][^,]*$")
    listed = {"type": "array", "items": items, "minItems": 1}
    return {"schema": listed, "description": about, "style": "form", "explode": False}


def _schema(resource: str, name: str, pattern: str) -> dict[str, Any]:
    kind = field_kinds(resource)[name]
    if kind == "word":
        return {"type": "string", "enum": list(words_of(resource, name))}
    if kind == "time":
        return {"type": "string", "format": "date-time"}
    numbers = {"number": "number", "percent": "number", "integer": "integer", "boolean": "boolean"}
    return {"type": numbers[kind]} if kind in numbers else {**_TEXT, "minLength": 1, "pattern": pattern}
