"""Functions on objects (https://docs.jsonata.org/object-functions)."""

from typing import Any

from engine.jsonata.library import Builtin
from engine.jsonata.runtime.fuel import Run
from engine.jsonata.runtime.lookup import fields, look
from engine.jsonata.runtime.texts import text_of
from engine.jsonata.runtime.transforming import copied
from engine.jsonata.runtime.values import Made, Outer, Seq

__all__ = ["OBJECTS"]


def _keys(run: Run, value: Any) -> Any:
    names: dict[str, None] = {}
    _add_keys(run, value, names)
    return Seq(names)


def _add_keys(run: Run, value: Any, names: dict[str, None]) -> None:
    if type(value) is dict:
        run.spend(len(value))
        names.update(dict.fromkeys(fields(value)))
    elif isinstance(value, list):
        run.spend(1 + len(value) // 2)
        for element in value:
            _add_keys(run, element, names)


def _lookup(run: Run, value: Any, name: Any = None) -> Any:
    return None if name is None else look(run, value, name)


def _spread(run: Run, value: Any) -> Any:
    if isinstance(value, list):
        run.spend(1 + len(value) // 2)
        found = Made()
        for element in value:
            spread = _spread(run, element)
            if isinstance(spread, list):
                found.extend(spread)
            elif spread is not None:
                found.append(spread)
        return found if value else Seq()
    if type(value) is not dict:
        return value
    run.spend(6 * len(value))
    return Seq({name: entry} for name, entry in fields(value).items())


def _merge(run: Run, objects: Any) -> Any:
    if objects is None:
        return None
    run.spend(2 * len(objects) + sum(map(len, objects)))
    merged: dict[str, Any] = {}
    for part in objects:
        merged.update(fields(part) if None in part.values() else part)
    return merged


def _clone(run: Run, value: Any) -> Any:
    if value is None:
        return None
    text_of(run, value)
    return copied(run, value[0] if type(value) is Outer else value)


OBJECTS = (
    Builtin("keys", "<x-:a<s>>", _keys, gives_lists=True),
    Builtin("lookup", "<x-s:x>", _lookup),
    Builtin("spread", "<x-:a<o>>", _spread, gives_lists=True),
    Builtin("merge", "<a<o>:o>", _merge),
    Builtin("clone", "<(oa)-:o>", _clone),
)
