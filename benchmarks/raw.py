"""Raw records as learning management systems send them, made up from a seed: about 1.5 KB of JSON each."""

import random
from collections.abc import Callable
from typing import Any

__all__ = ["RAW", "records"]

_FIRST = ("Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Radia", "Ken")
_LAST = ("Lovelace", "Hopper", "Turing", "Dijkstra", "Liskov", "Knuth", "Perlman", "Thompson")


def _some(rng: random.Random, share: float, value: Any) -> Any:
    """Return a value, or null for the rest of the share."""
    return value if rng.random() < share else None


def _flat(rng: random.Random, number: int) -> dict[str, Any]:
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    state = rng.choice(["active", "active", "active", "invited", "inactive", "completed", "deleted"])
    mail = f"{first}.{last}@example.edu".lower()
    return {
        "id": 90_000_000 + number, "user_id": 500_000 + rng.randrange(100_000), "course_id": 3000 + rng.randrange(500),
        "course_name": f"Introduction to Workplace Safety and Compliance {rng.randrange(40)}",
        "type": rng.choice(["StudentEnrollment", "TeacherEnrollment", "TaEnrollment"]),
        "created_at": f"2025-01-{rng.randrange(1, 29):02}T08:15:30Z",
        "updated_at": f"2025-03-{rng.randrange(1, 29):02}T11:02:12Z", "associated_user_id": None,
        "start_at": _some(rng, 0.8, "2025-02-01T00:00:00Z"), "end_at": _some(rng, 0.5, "2025-06-30T23:59:59Z"),
        "completed_at": "2025-05-11T10:00:00Z" if state == "completed" else None,
        "course_section_id": 7000 + rng.randrange(100), "root_account_id": 1,
        "limit_privileges_to_course_section": rng.random() < 0.5, "enrollment_state": state,
        "role": "StudentEnrollment", "role_id": 3, "last_attended_at": None,
        "last_activity_at": f"2025-04-{rng.randrange(1, 29):02}T17:22:09Z",
        "total_activity_time": rng.randrange(900_000), "sis_account_id": f"ACC-{rng.randrange(20)}",
        "sis_course_id": f"SIS-C-{rng.randrange(9000)}", "course_integration_id": None,
        "sis_section_id": f"SIS-S-{rng.randrange(900)}", "section_integration_id": None,
        "sis_user_id": f"U{rng.randrange(10**7):07}", "requirement_count": rng.choice([0, 8, 12, 12, 20]),
        "requirement_completed_count": rng.randrange(9),
        "html_url": f"https://lms.example.edu/courses/{3000 + number % 500}/users/{500_000 + number}",
        "grades": {
            "html_url": f"https://lms.example.edu/courses/{3000 + number % 500}/grades/{500_000 + number}",
            "current_score": _some(rng, 0.9, round(rng.random() * 100, 2)),
            "current_grade": rng.choice(["A", "B", "C", None]), "final_score": round(rng.random() * 100, 2),
            "final_grade": None, "unposted_current_score": 77.5, "unposted_final_score": 70,
        },
        "user": {
            "id": 500_000 + number, "name": f"{first} {last}", "created_at": "2023-09-01T07:00:00Z",
            "sortable_name": _some(rng, 0.7, f"{last}, {first}"), "short_name": first, "first_name": first,
            "last_name": last, "email": mail, "login_id": rng.choice([f"{first[0]}{last}{number}".lower(), mail]),
            "avatar_url": "https://lms.example.edu/images/messages/avatar-50.png", "locale": "en",
            "permissions": {"can_update_name": True, "can_update_avatar": True, "limit_parent_app": False},
        },
    }  # fmt: skip


def _nested(rng: random.Random, number: int) -> dict[str, Any]:
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    units = [
        {"id": 100 + unit, "type": rng.choice(["scorm", "test", "video", "test"]), "max_score": 20,
         "completion": rng.choice([0, 25, 50, 100, 100]), "score": rng.randrange(20)}
        for unit in range(rng.randrange(1, 6))
    ]  # fmt: skip
    sessions = [
        {"id": session, "last_access_ts": 1_735_700_000 + rng.randrange(10**7), "device": rng.choice(["web", "ios"]),
         "time_in_minutes": rng.randrange(1, 90)}
        for session in range(rng.randrange(1, 5))
    ]  # fmt: skip
    second = [{"type": "email", "value": f"{last}@corp.example".lower()}] if rng.random() < 0.5 else []
    return {
        "status": rng.choice([-1, 0, 1, 1, 2, 2, 3]), "level": rng.choice([3, 3, 3, 4, 6]),
        "user": {
            "id": 12_000 + number, "username": first.lower(), "firstname": first, "lastname": last,
            "contacts": [{"type": "email", "value": f"{first}@example.com".lower(), "primary": True},
                         {"type": "phone", "value": "+1 555 0100"}, *second],
            "branches": [{"id": 4, "path": "/hq/emea/sales"}],
        },
        "course": {
            "id": 300 + rng.randrange(50), "code": f"C-{rng.randrange(1000):03}", "slug": "fire-safety-basics",
            "translations": [{"lang": "it", "name": "Sicurezza antincendio"},
                             {"lang": "en", "name": "Fire safety basics"}, {"lang": "de", "name": "Brandschutz"}],
        },
        "dates": {
            "enrolled": f"2025-01-{rng.randrange(1, 29):02}T08:15:30Z", "updated": "2025-03-30T00:00:00Z",
            "first_access": _some(rng, 0.8, f"2025-02-{rng.randrange(1, 29):02}T09:00:00Z"),
            "completed": _some(rng, 0.4, f"2025-03-{rng.randrange(1, 29):02}T16:45:10Z"),
        },
        "validity": {"begin": None, "end": "2025-12-31", "soft_deadline": "2025-11-30"},
        "units": units, "sessions": sessions,
        "additional_fields": [
            {"id": 1, "title": "Cost Center", "value": f"CC-{rng.randrange(99)}"},
            {"id": 2, "title": "Hire Date", "value": "2020-05-01"},
            {"id": 3, "title": "Manager Name", "value": _some(rng, 0.5, "Kim Lee")},
            {"id": 4, "title": "Region", "value": rng.choice(["EMEA", "APAC", "AMER"])},
        ],
    }  # fmt: skip


def _functions(rng: random.Random, number: int) -> dict[str, Any]:
    first, last = rng.choice(_FIRST), rng.choice(_LAST)
    time = 1_735_689_600 + rng.randrange(10**6)
    quizzes = [
        {"itemtype": "mod", "itemname": f"Quiz {quiz}", "graderaw": rng.randrange(10), "grademax": 10}
        for quiz in range(3)
    ]
    activities = [
        {"cmid": 90 + place, "modname": rng.choice(["quiz", "assign", "scorm"]), "attempts": rng.randrange(1, 4),
         "duedate": rng.choice([0, time + 100_000 * place + 7]), "completionstate": rng.randrange(3)}
        for place in range(5)
    ]  # fmt: skip
    return {
        "enrolment": {
            "id": 4000 + number, "status": rng.choice([0, 0, 0, 1]), "timecreated": time,
            "timestart": time + 86_400 if rng.random() < 0.8 else 0, "timeend": rng.choice([0, time + 10**7]),
            "timemodified": time + 5000, "enrol": "manual",
        },
        "user": {
            "id": 800 + number, "username": f"{first}{number}".lower(), "fullname": f"{first} {last}",
            "email": f"{first}.{last}@example.org".lower(), "suspended": False, "lang": "en", "timezone": "99",
            "customfields": [
                {"shortname": "department", "type": "text", "value": rng.choice(["Sales", "R&D", ""])},
                {"shortname": "altemail", "type": "text", "value": f"{first}@alt.example".lower()},
                {"shortname": "costcentre", "type": "text", "value": f"CC{rng.randrange(90)}"},
                {"shortname": "manager", "type": "text", "value": ""},
            ],
        },
        "course": {
            "id": 60 + number % 40, "shortname": f"SAFE{number % 40}", "fullname": f"Safety at work {number % 40}",
            "progress": round(rng.random() * 100, 4), "completed": rng.random() < 0.3, "lastaccess": time + 400_000,
        },
        "completion": {"timecompleted": _some(rng, 0.3, time + 500_000), "completed": False},
        "roles": [{"roleid": 5, "name": "", "shortname": rng.choice(["student", "teacher", "guest"])}],
        "grades": [*quizzes, {"itemtype": "course", "graderaw": rng.randrange(200), "grademax": 200}],
        "activities": activities,
    }  # fmt: skip


#: What makes a raw record, by the name of the mapping that reads it.
RAW: dict[str, Callable[[random.Random, int], dict[str, Any]]] = {
    "flat": _flat, "nested": _nested, "functions": _functions,
}  # fmt: skip


def records(name: str, count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Return so many raw records for a mapping; the same for the same seed."""
    rng = random.Random(seed)
    return [RAW[name](rng, number) for number in range(count)]
