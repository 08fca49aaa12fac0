"""What must come out of the school, written down by hand beside what was put in; only ids and times are Kolibri's.

Before 0.18 it told no time at which a lesson was made, or a person.
"""

from datetime import datetime
from typing import Any

from live.school import CONTENT, HILL, PEOPLE, RIVER, School

#: Of each task who is in it, and what is told of that: status, progress, score, seconds, tries.
#: An effort at a resource counts in every lesson that has its content; the last tells whether help is needed.
Effort = tuple[str, int | None, int | None, int | None, int | None]
ENROLLMENTS: dict[str, dict[str, Effort]] = {
    "Lesson one": {
        "ada": ("completed", 100, None, 431, 1),  # 310.5 and 120.25 seconds; the video is in the lesson twice
        "li": ("in_progress", 0, None, 120, 1),  # half a video, four wrong answers
        "nour": ("assigned", 0, None, 0, 1),  # opened an exercise, answered nothing
        "bob": ("assigned", 0, None, None, None),
    },
    "For the group": {"nour": ("completed", 100, None, 12, 0)},
    "For Bob alone": {"bob": ("in_progress", 0, None, 40, 2)},  # a quiz done, and begun once more
    "Nothing in it": {"ada": ("assigned", None, None, None, None), "eve": ("assigned", None, None, None, None)},
    "Videos at home": {"ada": ("in_progress", 50, None, 310, 0), "eve": ("assigned", 0, None, None, None)},
    "Quiz one": {
        "ada": ("completed", 100, 80, None, None),
        "li": ("in_progress", 40, 20, None, None),
        "nour": ("assigned", 0, None, None, None),
        "bob": ("assigned", 0, None, None, None),
    },
    "Closed quiz": {  # whoever had begun has handed in by that
        "ada": ("completed", 100, 0, None, None),
        "li": ("completed", 100, 20, None, None),
        "nour": ("expired", 0, None, None, None),
        "bob": ("expired", 0, None, None, None),
    },
    "Quiz for Nour alone": {"nour": ("in_progress", 0, None, None, None)},  # opened
    "At the river": {"river": ("assigned", 0, None, None, None)},
}
NEEDS_HELP = {("Lesson one", "li")}
COURSES = {
    "Lesson one": "published",
    "For the group": "published",
    "For Bob alone": "published",
    "Not to be seen yet": "draft",
    "Nothing in it": "published",
    "Videos at home": "published",
    "Quiz one": "published",
    "Closed quiz": "archived",
    "Quiz for Nour alone": "published",
    "Draft of a quiz": "draft",
    "At the river": "published",
}
ROLES = {"coach": "instructor", "boss": "admin", "keeper": "admin"}
#: Who is at the second facility.
AT_THE_RIVER = ("river", "keeper")


def enrollments(school: School) -> dict[str, dict[str, Any]]:
    """Return every enrollment by id, with what has a value; `last_activity_at` is `last_activity`'s matter."""
    return {
        record["id"]: record
        for title, efforts in ENROLLMENTS.items()
        for username, effort in efforts.items()
        for record in [_enrollment(school, title, username, effort)]
    }


def last_activity(school: School, title: str, username: str) -> tuple[datetime, datetime] | None:
    """Return between which moments somebody last did something for a task, or None."""
    task = school.tasks[title]
    whats = {CONTENT[name] for name in task.resources} or {title}
    return max((school.acted[username, what] for what in whats if (username, what) in school.acted), default=None)


def courses(school: School) -> dict[str, dict[str, Any]]:
    """Return every course by id, with what has a value."""
    return {
        str(school.tasks[title].told["id"]): _present(
            id=str(school.tasks[title].told["id"]),
            title=title,
            description=school.tasks[title].told.get("description") or None,
            status=status,
            organization={"id": school.facilities[RIVER if title == "At the river" else HILL]},
            created_at=school.tasks[title].told.get("date_created"),
            custom_fields={**_kind(school, title), "missing_resource": False, **_questions(school, title)},
        )
        for title, status in COURSES.items()
    }


def users(school: School) -> dict[str, dict[str, Any]]:
    """Return everybody by username and facility, with what has a value, but for the one who set the device up."""
    return {school.people[name]["id"]: _user(school, name) for name in (*PEOPLE, *AT_THE_RIVER)}


def _enrollment(school: School, title: str, username: str, effort: Effort) -> dict[str, Any]:
    task, person = school.tasks[title].told, school.people[username]
    status, progress, score, seconds, tries = effort
    begun = score is not None or last_activity(school, title, username) is not None
    quiz = "question_count" in task
    word = {"completed": "Completed", "in_progress": "Started"}.get(status) if quiz else None
    return _present(
        id=f"{task['id']}-{person['id']}",
        user={"id": person["id"], "name": person["full_name"]},
        course={"id": task["id"], "title": title},
        status=status,
        assigned_at=task.get("date_activated") or task.get("date_created"),
        progress_percent=progress,
        time_spent_seconds=seconds,
        score=score,
        custom_fields=_present(
            **_kind(school, title),
            username=person["username"],
            tries=tries,
            needs_help=True if (title, username) in NEEDS_HELP else None,
            score_max=100 if quiz and (begun or word) else None,
            remote_status=word,
        ),
    )


def _user(school: School, name: str) -> dict[str, Any]:
    person = school.people[name]
    number = person["id_number"]
    return _present(
        id=person["id"],
        name=person["full_name"],
        username=person["username"],
        role=ROLES.get(name, "learner"),
        organization={"id": school.facilities[RIVER if name in AT_THE_RIVER else HILL]},
        created_at=person.get("date_joined"),
        custom_fields={"id_number": number} if number else None,
    )


def _kind(school: School, title: str) -> dict[str, Any]:
    task = school.tasks[title]
    kind = "quiz" if "question_count" in task.told else "lesson"
    return {
        "kind": kind,
        "class_id": school.classes[task.where]["id"],
        "class_name": school.classes[task.where]["name"],
    }


def _questions(school: School, title: str) -> dict[str, int]:
    return {"questions": 5} if "question_count" in school.tasks[title].told else {}


def _present(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
