"""How far a run is, while it goes on; and what it did, at the end."""

import sys
import time
from typing import Any, Self

from engine.escaping import escaped
from engine.report import Report
from engine.spelling import counted

__all__ = ["Progress", "summary"]

#: How many notes of a kind the summary shows.
SHOWN = 5
_KINDS = {
    "parent_failed": "could not be read",
    "short_list": "shorter than the provider counts",
    "set_aside": "set aside",
    "field_failed": "fields left out",
    "unknown_word": "words in no table",
    "tolerated": "tolerated",
    "dropped_value": "values left out",
    "ambiguous_join": "more than one match",
    "repeated_item": "came twice",
    "warned": "warnings of the provider",
    "token_replaced": "no longer good for another run",
}


class Progress:
    """One line on standard error, redrawn as the run goes on; nothing where no person is looking."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._began = time.monotonic()
        self._drawn = 0.0
        self._live: Any = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.live import Live

            self._live = Live(console=Console(stderr=True), refresh_per_second=8, transient=True)
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def update(self, doing: str = "") -> None:
        """Redraw, at most eight times a second; but at once where it is told what is done after the run."""
        now = time.monotonic()
        if self._live is None or (now - self._drawn < 0.125 and not doing):
            return
        self._drawn = now
        self._live.update(f"{self._report.provider}: {doing}" if doing else self._counted(now))

    def _counted(self, now: float) -> str:
        """Return how far the run is."""
        report = self._report
        rate = report.records / max(now - self._began, 0.001)
        waited = f" · waited {report.waited:.0f} s" if report.waited >= 1 else ""
        return (
            f"{report.provider}: {counted(report.requests, 'request')} · {counted(report.pages, 'page')}"
            f" · {counted(report.records, 'record')} · {rate:.0f}/s{waited}"
        )


def summary(report: Report) -> str:
    """Return what a run did, as lines of text."""
    done = "" if report.ended in ("finished", "limited") else " (not finished)"
    pages, requests = counted(report.pages, "page"), counted(report.requests, "request")
    read = f"{counted(report.items, 'item')} in {pages}, {requests}"
    lines = [f"{report.provider} {report.resource}: {counted(report.records, 'record')} from {read}{done}"]
    if report.retries or report.waited >= 0.1:
        lines.append(f"  {counted(report.retries, 'request')} made again, {report.waited:.1f} s of waiting")
    if report.filtered or report.pruned:
        filtered, pruned = counted(report.filtered, "record"), counted(report.pruned, "item")
        lines.append(f"  {filtered} filtered out, {pruned} not followed")
    if report.by_status:
        counts = sorted(report.by_status.items(), key=lambda item: -item[1])
        lines.append("  by status: " + ", ".join(f"{status} {number}" for status, number in counts))
    for field, words in report.unknown_words.items():
        counts = sorted(words.items(), key=lambda item: -item[1])
        lines.append(f"  unknown {field}: " + ", ".join(f"{escaped(word)} {number}" for word, number in counts[:20]))
    for kind, label in _KINDS.items():
        notes = [note for note in report.notes if note.kind == kind]
        if notes:
            lines.append(f"  {label}: {report.counts[notes[0].kind]}")
            lines += [f"    {escaped(str(note))}" for note in notes[:SHOWN]]
            if report.counts[notes[0].kind] > SHOWN:
                lines.append(f"    … and {report.counts[notes[0].kind] - SHOWN} more; see --report FILE")
    return "\n".join(lines)
