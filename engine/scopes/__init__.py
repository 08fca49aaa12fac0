"""Which names are visible where in a mapping, and everything that refers to something that is not there.

Expressions see `connection` (without its secrets), `run`, `filter`, and the names of the `for:` chain and of the joins;
`where:` of a fetch and `key:` of a join also see `item`. Holes see the same with secrets, and `page` where pages are
counted. `items:` of a request and the expressions of `pages:` see the answer itself; those of `errors:` see `status`,
`headers`, `body` and `text`.

What refers to nothing is a problem: it would be absent in silence. What is declared and never used is a warning.
"""

from collections.abc import Iterator

from engine.errors import Problem
from engine.outline import Outline
from engine.scopes.loops import loops
from engine.scopes.paging import paging
from engine.scopes.references import references
from engine.scopes.unused import unused

__all__ = ["check", "unused"]


def check(outline: Outline) -> Iterator[Problem]:
    """Yield every reference of a mapping that leads nowhere, each at its place."""
    yield from loops(outline)
    yield from references(outline)
    yield from paging(outline)
