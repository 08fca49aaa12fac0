"""The objects that expressions make for the unified model, held against it."""

from collections.abc import Iterator

from engine.errors import Problem
from engine.outline import Outline
from engine.positions import shown
from engine.records import part_names
from engine.spelling import did_you_mean

__all__ = ["check_keys"]


def check_keys(outline: Outline) -> Iterator[Problem]:
    """Yield a problem for every key that an expression gives to an object, and that the model does not have."""
    for path, program in outline.programs.items():
        if len(path) != 3 or path[1] != "fields":
            continue
        known = part_names(str(path[0]), str(path[2]))
        for key, offset in program.keys if known else ():
            if key not in known:
                place = outline.node.place_of(*path, offset=offset)
                what = f"`{key}` is no part of `{path[2]}` in the unified model"
                yield Problem(place, shown(path), what, did_you_mean(key, known))
