"""The mappings of this folder as somebody would write them in Python, without an engine: what is compared with.

Each function takes a raw record and returns the values of the mapping's fields by name, without those that are absent.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

__all__ = ["BY_HAND"]

Values = dict[str, Any]


def _present(values: Values) -> Values:
    return {name: value for name, value in values.items() if value is not None}


def _flat(raw: dict[str, Any]) -> Values:
    get = raw.get
    user, grades = get("user") or {}, get("grades") or {}
    emails = [user["email"]] if user.get("email") is not None else []
    login = user.get("login_id")
    if isinstance(login, str) and "@" in login:
        emails.append(login)
    count, score, section = get("requirement_count"), grades.get("current_score"), get("course_section_id")
    name = user.get("sortable_name") or f"{user.get('first_name') or ''} {user.get('last_name') or ''}"
    progress = None
    if isinstance(count, int) and count > 0:
        progress = round(raw["requirement_completed_count"] / count * 100, 2)
    return _present({
        "id": get("id"), "user.id": get("user_id"), "user.name": name, "user.emails": emails,
        "course.id": get("course_id"), "course.title": get("course_name"), "enrolled_at": get("created_at"),
        "started_at": get("start_at"), "completed_at": get("completed_at"), "due_at": get("end_at"),
        "last_activity_at": get("last_activity_at"), "updated_at": get("updated_at"), "progress_percent": progress,
        "time_spent_seconds": get("total_activity_time"), "score": score, "urls.course": get("html_url"),
        "custom_fields.grade": grades.get("current_grade"),
        "custom_fields.role": raw["type"].replace("Enrollment", "").lower(),
        "custom_fields.sis_course_id": get("sis_course_id"),
        "custom_fields.section": f"section-{section}" if section else None,
        "custom_fields.passed": score >= 60 if score is not None else None,
    })  # fmt: skip


_LEVELS = {"3": "learner", "4": "tutor", "6": "instructor"}


def _nested(raw: dict[str, Any]) -> Values:
    user, course = raw.get("user") or {}, raw.get("course") or {}
    dates, validity = raw.get("dates") or {}, raw.get("validity") or {}
    units, sessions = raw.get("units") or [], raw.get("sessions") or []
    tests = [unit for unit in units if unit.get("type") == "test"]
    names = [name["name"] for name in course.get("translations") or [] if name.get("lang") == "en"]
    done = [unit["completion"] for unit in units if unit.get("completion") is not None]
    accesses = [session["last_access_ts"] for session in sessions if session.get("last_access_ts") is not None]
    return _present({
        "id": f"{user.get('id')}-{course.get('id')}", "user.id": user.get("id"),
        "user.name": f"{user.get('firstname') or ''} {user.get('lastname') or ''}".strip(),
        "user.emails": [contact["value"] for contact in user.get("contacts") or [] if contact.get("type") == "email"],
        "course.id": course.get("id"), "course.title": names[0] if names else None,
        "enrolled_at": dates.get("enrolled"), "started_at": dates.get("first_access"),
        "completed_at": dates.get("completed"), "due_at": validity.get("soft_deadline"),
        "updated_at": dates.get("updated"), "progress_percent": round(sum(done) / len(done), 2) if done else None,
        "score": sum(test["score"] for test in tests if test.get("score") is not None) if tests else None,
        "time_spent_seconds": sum(session["time_in_minutes"] * 60 for session in sessions) if sessions else None,
        "attempts_count": len(sessions),
        "urls.course": f"https://example.com/learn/course/{course.get('id')}/{course.get('slug')}",
        "custom_fields.score_max": sum(test["max_score"] for test in tests) if tests else None,
        "custom_fields.last_access": max(accesses) if accesses else None,
        "custom_fields.level": _LEVELS.get(str(raw.get("level"))),
        "custom_fields.fields": {
            field["title"].lower().replace(" ", "_"): field["value"]
            for field in raw.get("additional_fields") or [] if field.get("value")
        },
    })  # fmt: skip


_ROLES = {"student": "learner", "editingteacher": "instructor", "teacher": "tutor"}


def _time(seconds: Any) -> str | None:
    if not seconds:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _functions(raw: dict[str, Any]) -> Values:
    enrolment, user, course = raw.get("enrolment") or {}, raw.get("user") or {}, raw.get("course") or {}
    activities, fields = raw.get("activities") or [], user.get("customfields") or []
    grade = next((grade for grade in raw.get("grades") or [] if grade.get("itemtype") == "course"), {})
    emails = [user["email"]] if user.get("email") is not None else []
    for field in fields:
        if field.get("shortname") == "altemail" and field["value"] not in emails:
            emails.append(field["value"])
    due = [activity["duedate"] for activity in activities if (activity.get("duedate") or 0) > 0]
    roles, progress = raw.get("roles") or [], course.get("progress")
    score = round(grade["graderaw"] / grade["grademax"] * 100, 2) if grade.get("grademax") else None
    return _present({
        "id": f"e-{enrolment.get('id')}", "user.id": user.get("id"), "user.name": user.get("fullname"),
        "user.emails": emails, "course.id": course.get("id"),
        "course.title": f"{course.get('fullname') or ''} ({course.get('shortname') or ''})",
        "enrolled_at": _time(enrolment.get("timecreated")), "started_at": _time(enrolment.get("timestart")),
        "completed_at": _time((raw.get("completion") or {}).get("timecompleted")),
        "due_at": _time(min(due) if due else None), "last_activity_at": _time(course.get("lastaccess")),
        "updated_at": _time(enrolment.get("timemodified")),
        "progress_percent": round(progress, 1) if progress is not None else None, "score": score,
        "attempts_count": sum(activity["attempts"] for activity in activities),
        "urls.course": f"https://example.org/course/view.php?id={course.get('id')}",
        "custom_fields.score_max": grade.get("grademax"),
        "custom_fields.passed":
            sum(1 for activity in activities if activity.get("completionstate") != 0) == len(activities),
        "custom_fields.role": _ROLES.get(roles[0].get("shortname")) if roles else None,
        "custom_fields.fields": {field["shortname"]: field["value"] for field in fields if field.get("value") != ""},
    })  # fmt: skip


#: What maps a raw record, by the name of the mapping.
BY_HAND: dict[str, Callable[[dict[str, Any]], Values]] = {
    "flat": _flat, "nested": _nested, "functions": _functions,
}  # fmt: skip
