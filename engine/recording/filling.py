"""A case filled in from a cassette that is there already, such as one written by hand after a documentation."""

from contextlib import aclosing
from pathlib import Path
from typing import Any

from engine.cassettes import read
from engine.errors import ProviderError, UsageError
from engine.loading import LoadedMapping, cassettes_beside
from engine.recording.case import case_of
from engine.records import Record
from engine.running import Run

__all__ = ["fill_case"]


async def fill_case(run: Run, name: str, files: list[Path], given: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Make a run over cassettes and return a case that expects what came out, be it an error of the provider.

    `given` is how the cassettes were named, `asked` what of `resource`, `filters`, `since` (as text) and `limit`
    differs from the usual. Raises UsageError for cassettes that do not say what they are, and for requests they lack.
    """
    source = read(*files).source
    if not source:
        raise UsageError(f"{given} has no `source`; say there whether it is live, recorded or documented, and where")
    records: list[Record] = []
    error: ProviderError | None = None
    try:
        async with aclosing(run.records()) as several:
            async for record in several:
                records.append(record)  # noqa: PERF401 - what came before an error counts
    except ProviderError as failure:
        error = failure
    case = case_of(name, source, "", records, run.report, asked) | {"cassettes": _named(run.loaded, files, given)}
    if error is not None:
        case["expect"] |= {"error": error.word, "message": error.what.partition("\n")[0][:200]}
    return case


def _named(loaded: LoadedMapping, files: list[Path], given: str) -> list[str]:
    """Return cassettes as a test names them: below the folder beside the mapping, where they are there."""
    beside = cassettes_beside(loaded.path).resolve()
    if all(file.resolve().is_relative_to(beside) for file in files) and "*" not in given:
        return [file.resolve().relative_to(beside).as_posix() for file in files]
    return [given]
