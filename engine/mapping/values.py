"""How a provider writes its values."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field

from engine.mapping.texts import Closed
from engine.values import ValueProblem, check_times

__all__ = ["Times", "Values"]


class Times(Closed):
    """How times are written."""

    format: str = "rfc3339"
    """`rfc3339`, `unix` (seconds), `unix_ms`, or a strptime pattern. Numbers may come as text."""
    zone: str | None = None
    """The IANA zone of times without an offset, such as `Europe/Rome`; without it they are refused."""
    none: list[str | int] = Field(default=[])
    """What stands for "never", for example `0`, `""` or `0000-00-00 00:00:00`."""

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[str]:
        """Refuse a format that reads no time at all."""
        form, zone = given.get("format", "rfc3339"), given.get("zone")
        if isinstance(form, str) and (zone is None or isinstance(zone, str)):
            try:
                check_times(form, zone)
            except ValueProblem as problem:
                yield f"{problem.what}; {problem.do}"


class Values(Closed):
    """How a provider writes its values."""

    times: Times = Times()
    """Times."""
    none: list[str | int] = []
    """Values of any field that stand for "nothing", for example `-`."""
    html: bool = False
    """Whether texts come with HTML entities, to be decoded."""
    booleans: dict[str, bool] = {}
    """Values other than true and false of switches, for example `"1": true`."""
    clamp_percent: bool = False
    """Whether a progress beyond 0 to 100 is cut off, rather than left out and reported."""
