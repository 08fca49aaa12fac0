"""Functions on times, which are milliseconds since 1970 (https://docs.jsonata.org/date-time-functions)."""

from typing import Any

from engine.jsonata.library import Builtin
from engine.jsonata.pictures.bounds import short
from engine.jsonata.pictures.times import format_time, iso_time, parse_time
from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.runtime.fuel import Run

__all__ = ["LENIENT_TIMES", "TIMES"]

#: What a time costs that is written in ISO 8601.
_PER_TIME = 3


def _now(run: Run) -> int:
    if run.now is None:
        raise EvaluationProblem("D3000", "there is no clock here; give the time of the run as `run.now`")
    return run.now


def _now_text(run: Run, picture: Any = None, zone: Any = None) -> Any:
    return run.text(format_time(_now(run), short(picture), zone))


def _millis(run: Run) -> Any:
    return _now(run)


def _from_millis(run: Run, millis: Any, picture: Any = None, zone: Any = None) -> Any:
    if millis is None:
        return None
    if picture is None and zone is None:
        run.spend(_PER_TIME)
        return iso_time(millis)
    return run.text(format_time(millis, short(picture), zone))


def _to_millis(run: Run, text: Any, picture: Any = None) -> Any:
    return _parsed(run, text, picture, strict=True)


def _to_millis_leniently(run: Run, text: Any, picture: Any = None) -> Any:
    return _parsed(run, text, picture, strict=False)


def _parsed(run: Run, text: Any, picture: Any, *, strict: bool) -> Any:
    if text is None:
        return None
    run.read(text)
    return parse_time(text, short(picture), run.now or 0, strict=strict)


TIMES = (
    Builtin("now", "<s?s?:s>", _now_text),
    Builtin("millis", "<:n>", _millis),
    Builtin("fromMillis", "<n-s?s?:s>", _from_millis),
    Builtin("toMillis", "<s-s?:n>", _to_millis),
)
#: `$toMillis` as the reference has it: a time without a zone is one of UTC.
LENIENT_TIMES = (Builtin("toMillis", "<s-s?:n>", _to_millis_leniently),)
