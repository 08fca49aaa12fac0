"""The names that generated code finds: everything the rooms of the runtime offer."""

from types import MappingProxyType
from typing import Any

from engine.jsonata.runtime import (
    calling,
    comparing,
    filtering,
    fuel,
    grouping,
    lookup,
    numbers,
    output,
    rows,
    sorting,
    texts,
    transforming,
    truth,
    values,
)

__all__ = ["NAMES", "ROOMS"]

#: The rooms; no two may offer the same name.
ROOMS: tuple[Any, ...] = (
    calling, comparing, filtering, fuel, grouping, lookup, numbers, output, rows, sorting, texts, transforming, truth,
    values,
)  # fmt: skip
#: Everything generated code may name.
NAMES = MappingProxyType({name: getattr(room, name) for room in ROOMS for name in room.__all__})
