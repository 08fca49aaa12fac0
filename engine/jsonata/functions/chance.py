"""Functions whose answer differs from call to call: only where the official language is wanted, whatever it gives."""

import random
from typing import Any

from engine.jsonata.library import Builtin
from engine.jsonata.runtime.fuel import Run
from engine.jsonata.runtime.values import Made

__all__ = ["CHANCE"]


def _random(_: Run) -> float:
    return random.random()  # noqa: S311 - no secret is made of it


def _shuffle(run: Run, values: Any) -> Any:
    if values is None or len(values) <= 1:
        return values
    run.spend(len(values))
    shuffled = Made(values)
    random.shuffle(shuffled)
    return shuffled


CHANCE = (Builtin("random", "<:n>", _random), Builtin("shuffle", "<a:a>", _shuffle))
