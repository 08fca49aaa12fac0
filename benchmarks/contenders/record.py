"""The record of one enrollment, written by hand for this one school. Nothing is validated.

Contenders whose mapping is Python share it: by hand, dlt and the Singer SDK.
"""

from typing import Any

#: The provider's words, and ours.
WORDS = {
    "active": "in_progress",
    "invited": "enrolled",
    "completed": "passed",
    "inactive": "expired",
    "deleted": "withdrawn",
}
Item = dict[str, Any]


def unified(enrollment: Item, course: Item, person: Item, raw: Item) -> Item:
    """Return the record of one enrollment; what is absent is left out."""
    word = enrollment["state"]
    record = {
        "id": str(enrollment["id"]),
        "user": {
            "id": str(enrollment["user_id"]),
            "name": f"{person['first_name']} {person['last_name']}",
            "emails": [{"email": person["email"], "is_primary": True}],
        },
        "course": {"id": str(course["id"]), "title": course["title"]},
        "status": "completed" if enrollment["completed_at"] else WORDS.get(word, "unknown"),
        "due_at": enrollment["due_at"],
        "enrolled_at": enrollment["created_at"],
        "started_at": enrollment["start_at"],
        "last_activity_at": enrollment["last_activity_at"],
        "completed_at": enrollment["completed_at"],
        "progress_percent": enrollment["lessons_done"] / enrollment["lessons"] * 100,
        "time_spent_seconds": enrollment["time_spent"],
        "score": enrollment["grades"]["current_score"],
        "is_mandatory": enrollment["mandatory"],
        "urls": [{"url": enrollment["html_url"], "type": "course"}],
        "updated_at": enrollment["updated_at"],
        "custom_fields": {"section": enrollment["section"]["name"], "remote_status": word},
        "remote_data": raw,
    }
    return {name: value for name, value in record.items() if value is not None}
