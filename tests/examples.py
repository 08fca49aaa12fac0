"""The examples in the tables of a page of the docs: an expression, and what it gives."""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

DOCS = Path(__file__).parent.parent / "docs"

_CELL = re.compile(r"^(`+) ?(.*?) ?\1$")


class Example(NamedTuple):
    """One row: `given` is a JSON value, None for nothing, or the text of a problem."""

    expression: str
    value: Any
    problem: str | None


def examples(page: str) -> list[Example]:
    """Return the rows of all tables of a page that start with `expression` and `gives`."""
    found = []
    inside = False
    for line in (DOCS / page).read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if cells[:2] == ["expression", "gives"]:
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not line.startswith("|---"):
            found.append(_example(cells[0], cells[1]))
    return found


def data(page: str) -> Any:
    """Return the data that a page gives its examples."""
    block = re.search(r"```json\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    return json.loads(block[1]) if block else {}


def _example(expression: str, gives: str) -> Example:
    if gives == "nothing":
        return Example(_code(expression), None, None)
    if gives.startswith("problem: "):
        return Example(_code(expression), None, _code(gives.removeprefix("problem: ")))
    return Example(_code(expression), json.loads(_code(gives)), None)


def _code(cell: str) -> str:
    found = _CELL.match(cell)
    assert found, cell
    return found[2]
