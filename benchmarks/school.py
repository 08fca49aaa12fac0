"""The made-up school that the server of `end_to_end.py` plays: its courses, people and enrollments.

Everything follows from a number, so that nothing is kept: enrollment `n` is learner `n`, and with courses, course
`n // 100`. Items are built from a text with holes, since the server shall cost as little as possible.
"""

import json
from dataclasses import dataclass

#: How many items a page has, and how many enrollments a course.
PAGE = 100
#: The id of the first enrollment, and of the first learner.
FIRST_ID = 90_000_000
FIRST_LEARNER = 500_000
#: About as large as the items of real providers: 1.5 KB.
NOTE = "Überprüft am Empfang; the learner has read the safety notes and signed them. "


@dataclass(frozen=True)
class Job:
    """One job: what it is, which list it reads, and how long the server takes for an answer, in milliseconds."""

    name: str
    about: str
    latency: int = 0


JOBS = {
    job.name: job
    for job in (
        Job("list", "one list in pages of 100, without latency"),
        Job("courses", "a list for each course, 100 enrollments in each, 20 ms latency, 8 requests at once", 20),
        Job("join", "the same, and the people of each course, joined by id", 20),
        Job("memory", "the list again, longer: memory must not grow with it"),
    )
}

_USER = {
    "id": "%(learner)d",
    "first_name": "Åsa",
    "last_name": "Öström-%(number)d",
    "email": "learner%(number)d@school.example",
    "login_id": "learner%(number)d",
    "locale": "sv-SE",
    "avatar_url": "https://school.example/avatars/%(number)d-50.png",
    "permissions": {"can_update_name": True, "can_update_avatar": False},
}
_COURSE = {"id": "%(course)d", "title": "Workplace Safety %(course)d", "code": "WS-%(course)d", "language": "en"}
_ENROLLMENT = {
    "id": "%(id)d",
    "user_id": "%(learner)d",
    "course_id": "%(course)d",
    "state": "%(state)s",
    "type": "StudentEnrollment",
    "created_at": "2026-01-%(day)02dT08:00:00Z",
    "updated_at": "2026-03-%(day)02dT11:02:12Z",
    "start_at": "2026-02-%(day)02dT00:00:00Z",
    "due_at": "2026-06-30T23:59:59Z",
    "completed_at": "%(completed)s",
    "last_activity_at": "2026-03-%(day)02dT10:11:12Z",
    "lessons": 8,
    "lessons_done": "%(done)d",
    "time_spent": "%(spent)d",
    "mandatory": True,
    "html_url": "https://school.example/courses/%(course)d/learners/%(learner)d",
    "section": {"id": "%(course)d", "name": "Section %(course)d", "sis_id": None, "limit": False},
    "grades": {"current_score": "%(score)s", "current_grade": "B", "final_score": None, "final_grade": None},
    "sis": {"account": "ACC-7", "course": "SIS-C-%(course)d", "user": None, "integration": None},
    "tags": ["onboarding", "2026", "hall %(course)d"],
}
_NUMBERS = ("learner", "course", "id", "completed", "done", "spent", "score")


def _holes(item: dict[str, object]) -> str:
    """Return an item as JSON with holes; those for numbers stand without the quotes they have in Python."""
    text = json.dumps(item, ensure_ascii=False, separators=(",", ":"))
    for name in _NUMBERS:
        for kind in "ds":
            text = text.replace(f'"%({name}){kind}"', f"%({name}){kind}")
    return text


PERSON, COURSE = _holes(_USER), _holes(_COURSE)
#: An enrollment with course and learner in it, with the learner only, and with neither: 1.5 KB each.
WHOLE = _holes(_ENROLLMENT | {"user": _USER, "course": _COURSE, "notes": NOTE * 6})
OF_COURSE = _holes(_ENROLLMENT | {"user": _USER, "notes": NOTE * 7})
BARE = _holes(_ENROLLMENT | {"notes": NOTE * 10})
#: One with much more in it: 50 KB.
LARGE = _holes(_ENROLLMENT | {"user": _USER, "course": _COURSE, "notes": [NOTE * 6] * 105})
_STATES = ("active", "active", "invited", "completed", "active", "inactive", "deleted")


def filled(holes: str, number: int, course: int) -> str:
    """Return item `number` as JSON."""
    day = number % 28 + 1
    return holes % {
        "id": FIRST_ID + number,
        "number": number,
        "learner": FIRST_LEARNER + number,
        "course": course,
        "state": _STATES[number % 7],
        "day": day,
        "completed": f'"2026-03-{day:02d}T09:30:00Z"' if number % 7 == 3 else "null",
        "done": number % 9,
        "spent": number % 9000,
        "score": f"{number % 1000 / 10}" if number % 5 else "null",
    }


def page(holes: str, numbers: range, number: int, course: int | None = None) -> bytes:
    """Return page `number` (from 1) of the items of these numbers, as an answer of the server."""
    shown = numbers[(number - 1) * PAGE : number * PAGE]
    items = ",".join(filled(holes, item, item % 40 + 1 if course is None else course) for item in shown)
    return _answer(items, number, len(numbers))


def courses(numbers: range, number: int) -> bytes:
    """Return page `number` of the courses with these numbers."""
    shown = numbers[(number - 1) * PAGE : number * PAGE]
    items = ",".join(filled(COURSE, 0, course) for course in shown)
    return _answer(items, number, len(numbers))


def _answer(items: str, number: int, total: int) -> bytes:
    pages = -(-total // PAGE)
    return f'{{"data":[{items}],"meta":{{"page":{number},"pages":{pages},"total":{total}}}}}'.encode()


def ids(records: int) -> set[str]:
    """Return the ids that a job must deliver."""
    return {str(FIRST_ID + number) for number in range(records)}
