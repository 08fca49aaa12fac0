"""A case for the tests of a mapping, filled in with what came out of a replay; and the test file with it added."""

from pathlib import Path
from typing import Any

from engine.errors import UsageError
from engine.recording.writing import yaml_text
from engine.records import Record, as_dict
from engine.report import Report

__all__ = ["added", "case_of"]


def case_of(
    name: str, source: str, cassette: str, records: list[Record], report: Report, options: dict[str, Any]
) -> dict[str, Any]:
    """Return a case that expects what came out: counts, notes, and the fullest record as a whole.

    `options` are those of the run that differ from the usual: `resource`, `filters`, `since`, `limit`.
    """
    expect: dict[str, Any] = {"records": len(records)}
    if report.by_status:
        expect["by_status"] = dict(report.by_status)
    notes = {str(kind): number for kind, number in report.counts.items() if number}
    if notes:
        expect["notes"] = notes
    if report.ended == "finished":
        expect["complete"] = report.complete
    expect["requests"] = report.requests
    if records:
        whole = max((as_dict(record) for record in records), key=_fullness)
        whole.pop("remote_data", None)
        expect["contains"] = [whole]
    return {"name": name, "source": source, "cassettes": [cassette], **options, "expect": expect}


def _fullness(value: Any) -> int:
    """Return how many values there are in one."""
    if isinstance(value, dict):
        return sum(_fullness(part) for name, part in value.items() if name != "remote_data")
    return sum(map(_fullness, value)) if isinstance(value, list) else 1


def added(text: str, case: dict[str, Any], path: Path, *, by: str = "cassettes") -> str:
    """Return the text of a test file with a case added to its replays; one of the same cassette, or name, is replaced.

    Everything else stays as it was written. Raises UsageError where the file's replays are written in one line.
    """
    import yaml

    root = yaml.compose(text) if text.strip() else None
    replays = _value(root, "replays")
    if replays is None:
        block = "replays:\n" + _entry(case, 2)
        return f"{text.rstrip()}\n{block}" if text.strip() else block
    if not isinstance(replays, yaml.SequenceNode) or replays.flow_style:
        if not getattr(replays, "value", None):
            what = f"{path}: `replays` is empty"
            raise UsageError(f"{what}; leave it out, and record again")
        raise UsageError(f"{path}: `replays` is written in one line; write each case on lines of its own, then record")
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    written = _entry(case, replays.start_mark.column)
    same = next((entry for entry in replays.value if _said(entry, by) == case[by]), None)
    if same is not None:
        lines[same.start_mark.line : _end(same)] = [written]
    else:
        end = _end(replays.value[-1])
        lines[end:end] = [written]
    return "".join(lines)


def _entry(case: dict[str, Any], column: int) -> str:
    """Return a case as an entry of a list that stands at a column."""
    text = "- " + "".join(f"  {line}" for line in yaml_text(case).splitlines(keepends=True)).lstrip()
    return "".join(f"{' ' * column}{line}" for line in text.splitlines(keepends=True))


def _value(root: Any, key: str) -> Any:
    pairs = getattr(root, "value", None) or []
    return next((value for name, value in pairs if name.value == key), None)


def _said(entry: Any, key: str) -> Any:
    """Return what a case says: a text, or a list of texts."""
    found = _value(entry, key)
    value = found.value if found is not None else None
    return [part.value for part in value] if isinstance(value, list) else value


def _end(node: Any) -> int:
    """Return the line after the last one of a node; comments and blank lines behind it are not its own."""
    last = node
    while isinstance(last.value, list) and last.value and not last.flow_style:
        part = last.value[-1]
        last = part[1] if isinstance(part, tuple) else part
    end = last.end_mark
    return int(end.line if end.column == 0 and end.line > last.start_mark.line else end.line + 1)
