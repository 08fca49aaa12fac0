"""Milliseconds since 1970 and the calendar, in the years 1 to 9999."""

from datetime import datetime, timedelta

from engine.jsonata.problems import EvaluationProblem

__all__ = ["MONTHS", "WEEKDAYS", "millis_of", "moment", "thursday"]

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - all moments here are UTC, moved by an offset or not
_MILLISECOND = timedelta(milliseconds=1)


def moment(millis: float) -> datetime:
    """Return the time, without a zone, cut down to a millisecond towards 1970; raises D1001 beyond the years 1 to 9999.

    Source: https://tc39.es/ecma262/#sec-timeclip.
    """
    try:
        return _EPOCH + timedelta(0, 0, 0, int(millis))
    except (OverflowError, ValueError):
        raise EvaluationProblem(
            "D1001", "the time is not in the years 1 to 9999; give milliseconds since 1970"
        ) from None


def millis_of(time: datetime) -> int:
    """Return the milliseconds from 1970 to a time without a zone, rounded down."""
    return (time - _EPOCH) // _MILLISECOND


def thursday(time: datetime) -> datetime:
    """Return the Thursday of the same week: a week belongs to the year, and the month, that its Thursday is in."""
    return time + timedelta(days=3 - time.weekday())
