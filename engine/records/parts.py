"""What records are made of: small objects, and the types of single values."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

__all__ = ["Closed", "Email", "Named", "Number", "Parent", "Percent", "Person", "Phone", "Time", "Titled", "Url"]


def _utc(time: datetime) -> datetime:
    """Return a time in UTC; one without an offset could be any of a day's worth of times."""
    if time.tzinfo is UTC:
        return time
    if time.tzinfo is None:
        raise ValueError("a time needs an offset")
    return time.astimezone(UTC)


_HUNDRED = Field(ge=0, le=100)

#: An aware time, always in UTC.
Time = Annotated[datetime, AfterValidator(_utc)]
#: A number as it was sent: an integer stays one.
Number = float | int
#: A number from 0 to 100.
Percent = Annotated[
    Annotated[float, _HUNDRED] | Annotated[int, _HUNDRED],  # for both at once pydantic would call Python
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 100}),
]


class Closed(BaseModel):
    """What all parts of the model have in common: they never change, and have no fields but their own."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Email(Closed):
    """An e-mail address."""

    email: str
    """The address."""
    type: str | None = None
    """What it is for, such as `work`."""
    is_primary: bool | None = None
    """Whether it is the one to use."""


class Phone(Closed):
    """A telephone number."""

    number: str
    """The number, as written."""
    extension: str | None = None
    """The extension behind it."""
    type: str | None = None
    """What it is for, such as `mobile`."""


class Url(Closed):
    """A link."""

    url: str
    """The whole address."""
    type: str | None = None
    """Where it leads, such as `course`."""


class Named(Closed):
    """Something with an id and a name."""

    id: str | None = None
    """The provider's id."""
    name: str | None = None
    """What it is called."""


class Titled(Closed):
    """A course, by id and title."""

    id: str | None = None
    """The provider's id."""
    title: str | None = None
    """What it is called."""


class Person(Closed):
    """A person."""

    id: str | None = None
    """The provider's id."""
    name: str | None = None
    """The full name."""
    emails: list[Email] | None = None
    """The addresses."""


class Parent(Closed):
    """What a part of a course is part of."""

    id: str | None = None
    """The provider's id."""
