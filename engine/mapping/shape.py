"""What the format has where: the kinds of values, as the tree of models says."""

import types
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Annotated, Any, TypeGuard, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

__all__ = ["bare", "field_at", "fields", "inner", "is_model", "kind_at"]


def fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a model by the keys they have in a file."""
    return {info.alias or name: info for name, info in model.model_fields.items()}


def is_model(kind: Any) -> TypeGuard[type[BaseModel]]:
    """Whether a kind is a node of the format, with keys of its own."""
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def bare(kind: Any) -> Any:
    """Return a kind without its annotations, and without None where that only means "not given"."""
    if get_origin(kind) is Annotated:
        return bare(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return reduce(or_, (bare(part) for part in get_args(kind) if part is not types.NoneType))
    return kind


def inner(kind: Any, step: str | int) -> Any:
    """Return the kind below a bare kind, or None where the format has nothing there."""
    if kind is Any:
        return Any
    if is_model(kind):
        info = fields(kind).get(str(step))
        return None if info is None else bare(info.annotation)
    return bare(get_args(kind)[-1]) if get_origin(kind) in (dict, list) else None


def kind_at(model: Any, path: Iterable[str | int]) -> Any:
    """Return the kind at a path, or None where the format has nothing there."""
    for step in path:
        model = inner(model, step)
    return model


def field_at(model: Any, path: tuple[str | int, ...]) -> FieldInfo | None:
    """Return the field a path ends at, or None where that is none."""
    above = kind_at(model, path[:-1]) if path else None
    return fields(above).get(str(path[-1])) if is_model(above) else None
