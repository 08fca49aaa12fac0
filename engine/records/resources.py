"""The four resources, field by field. The attribute docstrings become the reference and the JSON Schema."""

from typing import Any, Literal, get_args

from engine.records.parts import Closed, Email, Named, Number, Parent, Percent, Person, Phone, Time, Titled, Url

__all__ = [
    "COURSE_LEVELS",
    "COURSE_STATUSES",
    "COURSE_TYPES",
    "RESOURCE_MODELS",
    "STATUSES",
    "USER_ROLES",
    "USER_STATUSES",
    "Course",
    "CourseEnrollment",
    "CourseItem",
    "Record",
    "User",
]

EnrollmentStatus = Literal[
    "assigned", "enrolled", "in_progress", "completed", "passed", "failed", "withdrawn", "expired", "overdue", "unknown"
]
CourseStatus = Literal["draft", "published", "archived", "disabled", "unknown"]
CourseType = Literal["course", "path", "curriculum", "program", "microlearning", "other"]
CourseLevel = Literal["beginner", "intermediate", "advanced", "mixed", "unknown"]
UserStatus = Literal["active", "inactive", "invited", "suspended", "deleted", "unknown"]
UserRole = Literal["learner", "instructor", "admin", "manager", "other"]

STATUSES: tuple[str, ...] = get_args(EnrollmentStatus)
COURSE_STATUSES: tuple[str, ...] = get_args(CourseStatus)
COURSE_TYPES: tuple[str, ...] = get_args(CourseType)
COURSE_LEVELS: tuple[str, ...] = get_args(CourseLevel)
USER_STATUSES: tuple[str, ...] = get_args(UserStatus)
USER_ROLES: tuple[str, ...] = get_args(UserRole)


class CourseEnrollment(Closed):
    """One learner in one course."""

    id: str
    """The enrollment's id; where the provider has none, its own keys joined with `-`."""
    user: Person | None = None
    """The learner."""
    course: Titled | None = None
    """The course."""
    status: EnrollmentStatus = "unknown"
    """Where the learner stands; always one of these words."""
    assigned_at: Time | None = None
    """When the course was assigned to the learner."""
    due_at: Time | None = None
    """When it is to be completed."""
    enrolled_at: Time | None = None
    """When the learner was enrolled or registered."""
    started_at: Time | None = None
    """When the learner began."""
    last_activity_at: Time | None = None
    """When the learner was last seen at it."""
    completed_at: Time | None = None
    """When it was completed."""
    progress_percent: Percent | None = None
    """How far the learner is, 0 to 100."""
    time_spent_seconds: int | None = None
    """How long the learner worked at it, in all."""
    score: Number | None = None
    """Latest or final score, on the provider's own scale; its maximum is `custom_fields.score_max`."""
    is_mandatory: bool | None = None
    """Whether the learner has to take it."""
    assigned_by: Named | None = None
    """Who assigned it."""
    attempt_number: int | None = None
    """Which attempt is the latest."""
    attempts_count: int | None = None
    """How many attempts there were."""
    urls: list[Url] | None = None
    """Links to the enrollment or the course."""
    created_at: Time | None = None
    """When the provider's record of the enrollment was made."""
    updated_at: Time | None = None
    """When the provider's record of the enrollment last changed."""
    custom_fields: dict[str, Any] | None = None
    """What the provider has beyond this model. `remote_status` is its own word for the status, as received."""
    remote_data: dict[str, Any] | None = None
    """The raw items this record was made from, unchanged, under the names of the mapping."""


class Course(Closed):
    """One course."""

    id: str
    """The course's id."""
    title: str | None = None
    """What it is called."""
    description: str | None = None
    """What it is about."""
    code: str | None = None
    """Its short name or number."""
    type: CourseType | None = None
    """What kind of course it is."""
    status: CourseStatus | None = None
    """Whether learners can take it."""
    language: str | None = None
    """The language it is in."""
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
    published_at: Time | None = None
    """When it was published."""
    created_at: Time | None = None
    """When the provider's record of the course was made."""
    updated_at: Time | None = None
    """When the provider's record of the course last changed."""
    custom_fields: dict[str, Any] | None = None
    """What the provider has beyond this model. `remote_status` is its own word for the status, as received."""
    remote_data: dict[str, Any] | None = None
    """The raw items this record was made from, unchanged, under the names of the mapping."""


class User(Closed):
    """One account."""

    id: str
    """The account's id."""
    first_name: str | None = None
    """Given name."""
    last_name: str | None = None
    """Family name."""
    name: str | None = None
    """Full name."""
    username: str | None = None
    """Login name."""
    emails: list[Email] | None = None
    """E-mail addresses."""
    status: UserStatus | None = None
    """Whether the account can be used."""
    role: UserRole | None = None
    """What the user is, first of all."""
    phones: list[Phone] | None = None
    """Telephone numbers."""
    locale: str | None = None
    """Language and region."""
    timezone: str | None = None
    """Time zone."""
    job_title: str | None = None
    """What the user works as."""
    organization: Named | None = None
    """Where the user belongs."""
    manager: Person | None = None
    """Whom the user reports to."""
    created_at: Time | None = None
    """When the account was made."""
    updated_at: Time | None = None
    """When the account last changed."""
    custom_fields: dict[str, Any] | None = None
    """What the provider has beyond this model. `remote_status` is its own word for the status, as received."""
    remote_data: dict[str, Any] | None = None
    """The raw items this record was made from, unchanged, under the names of the mapping."""


class CourseItem(Closed):
    """One part of a course, such as a lesson or a test; `parent` makes a tree of them."""

    id: str
    """The item's id."""
    course: Titled | None = None
    """The course it belongs to."""
    parent: Parent | None = None
    """The item it is part of."""
    type: str | None = None
    """What kind of part it is, in the provider's words."""
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
    created_at: Time | None = None
    """When the provider's record of the item was made."""
    updated_at: Time | None = None
    """When the provider's record of the item last changed."""
    custom_fields: dict[str, Any] | None = None
    """What the provider has beyond this model."""
    remote_data: dict[str, Any] | None = None
    """The raw items this record was made from, unchanged, under the names of the mapping."""


Record = CourseEnrollment | Course | User | CourseItem

#: The model of each resource, by the name it has in mappings.
RESOURCE_MODELS: dict[str, type[Record]] = {
    "course_enrollments": CourseEnrollment,
    "courses": Course,
    "users": User,
    "course_items": CourseItem,
}
