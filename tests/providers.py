"""Writes docs/providers.md: what every provider gives, what it costs and what it cannot, from mappings and tests."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from engine.describing import describe
from engine.loading import available, load
from engine.records import STATUSES, field_kinds

PAGE = Path(__file__).parent.parent / "docs" / "providers.md"
HEAD = """\
# Providers, one by one

Generated from the mappings and their tests; `make fix` writes it anew, `rollbook providers --json` has the same as
data. How to read it:

- **Evidence**: *live*, tested against a real server of the product; *recorded*, against answers recorded from one;
  *documented*, against answers written after the vendor's documentation. The best level of its cases is that of a
  mapping.
- A field is **given** (●) where the provider sends it: a path into its answer, or one reading of it, such as another
  unit. It is **derived** (○) where the mapping computes it from what is sent, or knows it from the request. What the
  provider leaves out of a record is absent there.
- **Requests** is what reading everything takes, beside the requests for tokens; filters and `--since` make it less.
- **`--since`** says whether a run can be had of only what changed since a time.
- **Statuses** are those seen in its tests.
"""
SINCE = {
    "asked": "the provider is asked for what changed",
    "sifted": "everything is read, and what did not change is left out",
    "asked and sifted": "the provider is asked for what changed, and what did not is left out",
    "refused": "refused, for nothing tells what changed",
}
SHORT = {"asked": "yes", "asked and sifted": "yes", "sifted": "reads all", "refused": "no"}
MARKS = {"given": "●", "derived": "○", None: ""}


def page() -> str:
    """Return the page."""
    described = [describe(load(path)) for path in available().values()]
    parts = [HEAD, *_overview(described), *(part for about in described for part in _provider(about))]
    return "\n".join(parts).rstrip() + "\n"


def _fields(resource: str) -> list[str]:
    """Return the fields of a resource that a mapping may give; links are one, whatever they lead to."""
    return [name for name in field_kinds(resource) if "<" not in name and name != "status"]


def _origin(given: dict[str, Any], field: str) -> str | None:
    """Return where a field comes from; links are given where one of them is."""
    found = {origin for name, origin in given["origins"].items() if name == field or name.startswith(f"{field}.")}
    return "given" if "given" in found else "derived" if found else None


def _overview(described: list[dict[str, Any]]) -> Iterator[str]:
    kinds = field_kinds("course_enrollments")
    fields = _fields("course_enrollments")
    times = [name for name in fields if kinds[name] == "time"]
    about = [name for name in fields if name.startswith(("id", "user.", "course.", "urls"))]
    rest = [name for name in fields if name not in (*times, *about)]
    yield "## Enrollments at a glance\n\n● given, ○ derived, blank: not available.\n"
    for title, shown in (("Who and what", about), ("When", times), ("How far", rest)):
        yield from _matrix(title, shown, described, lambda given, name: MARKS[_origin(given, name)])
    seen: Callable[[dict[str, Any], str], str] = lambda given, word: "●" if word in given["statuses_seen"] else ""  # noqa: E731
    yield from _matrix("Statuses seen in the tests", list(STATUSES), described, seen)
    rows = [
        [_link(one), one["evidence"], one["auth"], SHORT[one["resources"]["course_enrollments"]["since"]], _cost(one)]
        for one in described
    ]
    yield "### Cost\n"
    yield from _table(["", "evidence", "auth", "`--since`", "requests for all enrollments"], rows)


def _cost(about: dict[str, Any]) -> str:
    return "; ".join(about["resources"]["course_enrollments"]["costs"])


def _matrix(
    title: str, columns: list[str], described: list[dict[str, Any]], mark: Callable[[dict[str, Any], str], str]
) -> Iterator[str]:
    rows = [
        [_link(about), *(mark(about["resources"]["course_enrollments"], name) for name in columns)]
        for about in described
    ]
    yield f"### {title}\n"
    yield from _table(["", *(name.replace("_", " ").replace(".", " ") for name in columns)], rows, centred=True)


def _table(head: list[str], rows: list[list[str]], *, centred: bool = False) -> Iterator[str]:
    line = ":-:" if centred else "---"
    yield f"| {' | '.join(head)} |"
    yield f"|---|{'|'.join([line] * (len(head) - 1))}|"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _link(about: dict[str, Any]) -> str:
    return f"[{about['id']}](#{about['id']})"


def _provider(about: dict[str, Any]) -> Iterator[str]:
    cases = ", ".join(f"{number} {level}" for level, number in about["cases"].items())
    rates = ", ".join(about["limits"]["rates"]) or "no rate is known"
    docs = f"; [documentation]({about['docs']})" if about["docs"] else ""
    yield f"## {about['id']}\n"
    yield f"{about['name']}{docs}." + (f" {about['about']}" if about["about"] else "") + "\n"
    yield f"- **Evidence**: {about['evidence']} ({cases})"
    yield f"- **Auth**: {about['auth']}; needs {_needs(about['connection'])}"
    yield f"- **Limits**: {rates}; {about['limits']['parallel']} at once\n"
    for name, given in about["resources"].items():
        yield from _resource(name, given)
    yield "**Known gaps**\n"
    yield from (f"- {gap}" for gap in about["gaps"] or ["None is known."])
    yield ""


def _needs(connection: dict[str, Any]) -> str:
    needed = [name for name, field in connection.items() if field.get("required") and "default" not in field]
    optional = [name for name in connection if name not in needed]
    more = f"; may have {', '.join(f'`{name}`' for name in optional)}" if optional else ""
    return (", ".join(f"`{name}`" for name in needed) or "nothing") + more


def _resource(resource: str, given: dict[str, Any]) -> Iterator[str]:
    fields = {name: _origin(given, name) for name in _fields(resource)}
    custom = [name.partition(".")[2] for name in given["fields"] if name.startswith("custom_fields.")]
    yield f"**{resource}**\n"
    for origin, title in (("given", "Given"), ("derived", "Derived"), (None, "Not available")):
        yield f"- {title}: {_listed(name for name, found in fields.items() if found == origin)}"
    if custom:
        yield f"- Custom fields: {_listed(custom)}"
    if "status" in field_kinds(resource):
        yield f"- Statuses: {_listed(given['statuses_seen'])}"
    yield f"- Requests: {'; '.join(given['costs'])}"
    yield f"- `--since`: {SINCE[given['since']]}\n"


def _listed(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in names) or "nothing"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
