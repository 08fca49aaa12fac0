"""The unified model: what comes out, whatever the provider.

Names and words follow the public reference of Truto's Unified LMS API (https://truto.one/docs/unified-apis/), so that
a client written for it finds the same shape. Only `id` is required; what a provider does not give is absent.
"""

from datetime import datetime
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict

__all__ = [
    "MODELS",
    "Course",
    "CourseEnrollment",
    "CourseItem",
    "Kind",
    "Record",
    "User",
    "as_dict",
    "as_json",
    "element_names",
    "field_kinds",
    "words_of",
]

EnrollmentStatus = Literal[
    "assigned", "enrolled", "in_progress", "completed", "passed", "failed", "withdrawn", "expired", "overdue", "unknown"
]
CourseStatus = Literal["draft", "published", "archived", "disabled", "unknown"]
CourseType = Literal["course", "path", "curriculum", "program", "microlearning", "other"]
CourseLevel = Literal["beginner", "intermediate", "advanced", "mixed", "unknown"]
UserStatus = Literal["active", "inactive", "invited", "suspended", "deleted", "unknown"]
UserRole = Literal["learner", "instructor", "admin", "manager", "other"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Email(_Model):
    """An e-mail address."""

    email: str
    type: str | None = None
    is_primary: bool | None = None


class Phone(_Model):
    """A telephone number."""

    number: str
    extension: str | None = None
    type: str | None = None


class Url(_Model):
    """A link."""

    url: str
    type: str | None = None


class Named(_Model):
    """Something with an id and a name."""

    id: str | None = None
    name: str | None = None


class Titled(_Model):
    """A course, by id and title."""

    id: str | None = None
    title: str | None = None


class Person(_Model):
    """A person: id, name and addresses."""

    id: str | None = None
    name: str | None = None
    emails: list[Email] | None = None


class Parent(_Model):
    """What a part of a course is part of."""

    id: str | None = None


class Record(_Model):
    """What all resources have."""

    id: str
    """Id of the record; where the provider has none, its own keys joined with `-`."""
    created_at: datetime | None = None
    """When the provider's own record was made."""
    updated_at: datetime | None = None
    """When the provider's own record last changed."""
    custom_fields: dict[str, Any] | None = None
    """What the provider has beyond this model; `remote_status` is its own word for the status."""
    remote_data: dict[str, Any] | None = None
    """The raw items this record was made from, unchanged, under the names of the mapping."""


class CourseEnrollment(Record):
    """One learner in one course."""

    user: Person | None = None
    """The learner."""
    course: Titled | None = None
    """The course."""
    status: EnrollmentStatus
    """Where the learner stands: always one of ten words."""
    assigned_at: datetime | None = None
    """When it was assigned to the learner."""
    due_at: datetime | None = None
    """When it is to be completed."""
    enrolled_at: datetime | None = None
    """When the learner was enrolled."""
    started_at: datetime | None = None
    """When the learner began."""
    last_activity_at: datetime | None = None
    """The last recorded activity in this enrollment."""
    completed_at: datetime | None = None
    """When it was completed."""
    progress_percent: float | int | None = None
    """How far the learner is, 0 to 100."""
    time_spent_seconds: int | None = None
    """How long the learner worked at it."""
    score: float | int | None = None
    """Latest or final score, on the provider's own scale; its maximum is `custom_fields.score_max`."""
    is_mandatory: bool | None = None
    """Whether it is part of a mandatory assignment."""
    assigned_by: Named | None = None
    """Who assigned it."""
    attempt_number: int | None = None
    """The latest attempt."""
    attempts_count: int | None = None
    """How many attempts there were."""
    urls: list[Url] | None = None
    """Links to the enrollment or the course."""


class Course(Record):
    """One course."""

    title: str | None = None
    """What it is called."""
    description: str | None = None
    """What it is about."""
    code: str | None = None
    """Its short name or number."""
    type: CourseType | None = None
    """What kind of course it is."""
    status: CourseStatus | None = None
    """Whether learners can see it."""
    language: str | None = None
    """Its language."""
    duration_seconds: int | None = None
    """How long it takes."""
    level: CourseLevel | None = None
    """How hard it is."""
    urls: list[Url] | None = None
    """Links to it."""
    tags: list[Named] | None = None
    """Its tags."""
    categories: list[Named] | None = None
    """Its categories."""
    organization: Named | None = None
    """Whose it is."""
    published_at: datetime | None = None
    """When it was published."""


class User(Record):
    """One account."""

    first_name: str | None = None
    """Given name."""
    last_name: str | None = None
    """Family name."""
    name: str | None = None
    """Full name."""
    username: str | None = None
    """Login name."""
    emails: list[Email] | None = None
    """Addresses."""
    status: UserStatus | None = None
    """Whether the account can be used."""
    role: UserRole | None = None
    """What the user is, first of all."""
    phones: list[Phone] | None = None
    """Telephone numbers."""
    locale: str | None = None
    """Language."""
    timezone: str | None = None
    """Time zone."""
    job_title: str | None = None
    """Job title."""
    organization: Named | None = None
    """Where the user belongs."""
    manager: Person | None = None
    """The user's manager."""


class CourseItem(Record):
    """One part of a course; `parent` makes a tree of them."""

    course: Titled | None = None
    """The course."""
    parent: Parent | None = None
    """What it is part of."""
    type: str | None = None
    """What kind of part it is."""
    title: str | None = None
    """What it is called."""
    description: str | None = None
    """What it is about."""
    position: int | None = None
    """Its place among its siblings."""
    duration_seconds: int | None = None
    """How long it takes."""
    is_required: bool | None = None
    """Whether it must be done."""
    urls: list[Url] | None = None
    """Links to it."""


#: The model of each resource.
MODELS: dict[str, type[Record]] = {
    "course_enrollments": CourseEnrollment,
    "courses": Course,
    "users": User,
    "course_items": CourseItem,
}

#: How a field's value is read.
Kind = Literal[
    "id", "text", "time", "number", "percent", "integer", "boolean", "emails", "urls", "list", "word", "custom"
]

_PLAIN: dict[Any, Kind] = {str: "text", datetime: "time", int: "integer", bool: "boolean"}


@cache
def field_kinds(resource: str) -> dict[str, Kind]:
    """Return the dotted fields a mapping may give for a resource, and how each is read.

    `urls.<type>` and `custom_fields.<name>` stand for any name there.
    """
    kinds = _kinds(MODELS[resource])
    del kinds["remote_data"], kinds["custom_fields"]
    kinds["custom_fields.<name>"] = "custom"
    if "urls" in kinds:
        kinds["urls.<type>"] = "urls"
    return kinds


def _kinds(model: type[BaseModel]) -> dict[str, Kind]:
    kinds: dict[str, Kind] = {}
    for name, field in model.model_fields.items():
        types = [part for part in get_args(field.annotation) or (field.annotation,) if part is not type(None)]
        inner = types[0]
        if name == "id":
            kinds[name] = "id"
        elif get_origin(field.annotation) is Literal or get_origin(inner) is Literal:
            kinds[name] = "word"
        elif float in types:
            kinds[name] = "percent" if name.endswith("_percent") else "number"
        elif get_origin(inner) is list:
            (element,) = get_args(inner)
            kinds[name] = "emails" if element is Email else "urls" if element is Url else "list"
        elif isinstance(inner, type) and issubclass(inner, BaseModel):
            kinds.update({f"{name}.{part}": kind for part, kind in _kinds(inner).items()})
        else:
            kinds[name] = _PLAIN.get(inner, "custom")
    return kinds


@cache
def words_of(resource: str, field: str) -> tuple[str, ...]:
    """Return the words a field may have; empty for a field that is not one of a set of words."""
    info = MODELS[resource].model_fields.get(field)
    if info is None:
        return ()
    for part in (info.annotation, *get_args(info.annotation)):
        if get_origin(part) is Literal:
            return get_args(part)
    return ()


def element_names(resource: str, field: str) -> tuple[str, ...]:
    """Return the field names of the objects in a list field, such as `id`, `name` for `tags`."""
    annotation = MODELS[resource].model_fields[field].annotation
    (element,) = get_args(next(part for part in get_args(annotation) if get_origin(part) is list))
    return tuple(element.model_fields)


def as_dict(record: Record) -> dict[str, Any]:
    """Return a record as plain JSON data: times as text, absent fields left out, raw data as received."""
    return record.model_dump(mode="json", exclude_none=True)


def as_json(record: Record) -> str:
    """Return a record as compact JSON; nulls inside raw data stay, integers keep every digit."""
    return record.model_dump_json(exclude_none=True)
