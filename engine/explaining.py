"""One record, field by field: expression, the raw values it read, what came out, and which file says so."""

from contextlib import aclosing
from typing import Any

from engine.jsonata import EvaluationProblem, Program, truth
from engine.records import Record, as_dict
from engine.running import Run

__all__ = ["explain"]


async def explain(run: Run, record_id: str) -> dict[str, Any] | None:
    """Look for a record in a run and explain it, or return None where there is none of this id."""
    async with aclosing(run.traced()) as traced:
        async for record, _, scope in traced:
            if record.id == record_id:
                return _explained(run, record, scope)
    return None


def _explained(run: Run, record: Record, scope: dict[str, Any]) -> dict[str, Any]:
    resource = run.loaded.mapping.resources[run.resource]
    data = as_dict(record)
    fields = [
        _field(run, name, program, scope, _at(data, name), ("fields", name))
        for name, program in resource.fields.items()
    ]
    for name, words in resource.words.items():
        fields.append(_field(run, name, words.from_, scope, data.get(name), ("words", name, "from")))
    if resource.status:
        for word, program in resource.status.when.items():
            fields.append(_condition(run, word, program, scope))
        if resource.status.from_:
            fields.append(_field(run, "status", resource.status.from_, scope, data.get("status"), ("status", "from")))
    return {
        "id": record.id,
        "status": data.get("status"),
        "fields": fields,
        "notes": [str(note) for note in run.report.notes if note.record == record.id],
    }


def _field(
    run: Run, name: str, program: Program, scope: dict[str, Any], came_out: Any, path: tuple[str, ...]
) -> dict[str, Any]:
    place = run.loaded.place(run.resource, *path)
    try:
        value = program(scope)
    except EvaluationProblem as problem:
        value = f"failed: {problem.message}"
    return {
        "field": name,
        "expression": program.text,
        "read": {read: _shortened(scope.get(read)) for read in program.names if read not in ("$", "connection")},
        "value": value,
        "came_out": came_out,
        "place": str(place),
    }


def _condition(run: Run, word: str, program: Program, scope: dict[str, Any]) -> dict[str, Any]:
    """Explain a condition of the status; what comes out of it is whether it holds."""
    field = _field(run, f"status: {word}?", program, scope, None, ("status", "when", word))
    try:
        field["came_out"] = truth(program(scope))
    except EvaluationProblem:
        field["came_out"] = False
    return field


def _at(data: dict[str, Any], name: str) -> Any:
    first, _, rest = name.partition(".")
    value = data.get(first)
    if not rest or value is None:
        return value
    if first == "urls":
        return next((url["url"] for url in value if url.get("type") == rest), None)
    return value.get(rest)


def _shortened(value: Any) -> Any:
    text = repr(value)
    return value if len(text) <= 400 else text[:400] + "…"
