"""The functions of JSONata, by theme; https://docs.jsonata.org lists them on one page for each theme."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.jsonata.functions.chance import CHANCE
from engine.jsonata.functions.encoding import ENCODING
from engine.jsonata.functions.higher import HIGHER
from engine.jsonata.functions.lists import LISTS
from engine.jsonata.functions.logic import LOGIC
from engine.jsonata.functions.numbers import NUMBERS
from engine.jsonata.functions.objects import OBJECTS
from engine.jsonata.functions.texts import TEXTS
from engine.jsonata.functions.times import LENIENT_TIMES, TIMES
from engine.jsonata.library import Builtin

__all__ = ["FUNCTIONS", "OFFICIAL", "REFUSED"]

#: The functions there are for mappings: all that give the same answer for the same data.
FUNCTIONS: Mapping[str, Builtin] = MappingProxyType(
    {builtin.name: builtin for builtin in (*TEXTS, *NUMBERS, *LISTS, *OBJECTS, *HIGHER, *LOGIC, *ENCODING, *TIMES)}
)
#: Those of the official language, which are a few more and take a few things more; only `$eval` is in neither.
OFFICIAL: Mapping[str, Builtin] = MappingProxyType(
    {**FUNCTIONS, **{builtin.name: builtin for builtin in (*LENIENT_TIMES, *CHANCE)}}
)
#: Functions of JSONata that mappings cannot call, and why.
REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "eval": "`$eval` is not available; an expression must be known when it is read",
        "random": "`$random` is not available; the same data must give the same answer",
        "shuffle": "`$shuffle` is not available; the same data must give the same answer",
    }
)
