"""The body of a request, read: JSON of a model, or everything that is wrong with it at once."""

from collections.abc import Mapping
from typing import Any, TypeVar

import pydantic_core
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request

from engine.service.failures import Detail, Failure
from engine.spelling import did_you_mean
from engine.telling import cut, kind_of

__all__ = ["Body", "described", "read_body"]


class Body(BaseModel):
    """A body of a request: what it does not know is refused, and nothing is taken for what it is not."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


B = TypeVar("B", bound=Body)

#: What a value is to be, by the code of pydantic's error.
_WANTED = {
    "string_type": "text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "dict_type": "an object",
    "list_type": "a list",
}


async def read_body(request: Request, model: type[B], *, empty: bool = False) -> B:
    """Read a body. Raises Failure 400, 413 or 415; `empty` says that there need not be one."""
    data = await request.body()
    if not data and empty:
        return model()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Failure(415, "the body must be JSON; send it with the header `Content-Type: application/json`")
    try:
        found = pydantic_core.from_json(data, allow_inf_nan=False)
    except ValueError as error:
        raise Failure(400, f"the body is not JSON that can be read: {cut(str(error), 200)}") from None
    if not isinstance(found, dict):
        raise Failure(400, f"the body must be an object, and not {kind_of(found)}")
    try:
        return model.model_validate(found)
    except ValidationError as error:
        details = [_detail(fault, model) for fault in error.errors(include_url=False)]
        raise Failure(400, "; ".join(f"{one.parameter}: {one.message}" for one in details), details) from None


def _detail(fault: Mapping[str, Any], model: type[Body]) -> Detail:
    name = cut(".".join(str(part) for part in fault["loc"]), 200)
    code = fault["type"]
    if code == "extra_forbidden":
        return Detail(name, f"there is no such field; {did_you_mean(name, model.model_fields)}")
    if code == "missing":
        return Detail(name, "is missing")
    if code in _WANTED:
        return Detail(name, f"must be {_WANTED[code]}, and not {kind_of(fault['input'])}")
    if code == "string_pattern_mismatch":
        return Detail(name, "has 1 to 64 letters, digits, `-` and `_`")
    if code == "literal_error":
        return Detail(name, f"must be {fault['ctx']['expected']}")
    return Detail(name, fault["msg"])


def described(model: type[Body], example: Mapping[str, Any] | None = None, *, needed: bool = True) -> dict[str, Any]:
    """Return what OpenAPI is told of a body."""
    schema = model.model_json_schema()
    content = {"schema": schema, **({"example": example} if example else {})}
    return {"requestBody": {"required": needed, "content": {"application/json": content}}}
