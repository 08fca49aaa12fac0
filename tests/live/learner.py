"""Somebody who learns at Kolibri, by the calls that its pages make while resources and quizzes are open."""

from datetime import UTC, datetime
from typing import Any, Self

from live.school import CONTENT, MASTERY, RESOURCES, School, node

ANSWER = {"answer": {}, "simple_answer": "", "time_spent": 1.5}


class Learner:
    """Somebody who learns, as the pages of Kolibri tell it to its server."""

    def __init__(self, school: School, username: str) -> None:
        self.school = school
        self.username = username
        self._person = school.as_person(username)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._person.__exit__(None, None, None)

    def look(self, resource: str, lesson: str, *, progress: float, seconds: float) -> None:
        """Look at a resource for a while."""
        session = self.begin(resource, lesson)
        self._went_on(session, CONTENT[resource], {"progress": progress, "time_spent_delta": seconds})

    def answer(
        self, resource: str, lesson: str, *, seconds: float, right: int = 0, wrong: int = 0, progress: float = 0
    ) -> None:
        """Answer questions of an exercise."""
        session = self.begin(resource, lesson)
        body = {"progress": progress, "time_spent_delta": seconds, "interactions": _answers(right, wrong)}
        self._went_on(session, CONTENT[resource], body)

    def begin(self, resource: str, lesson: str, *, repeat: bool = False) -> str:
        """Open a resource; return the session it began."""
        body: dict[str, Any] = {
            "node_id": node(resource),
            "content_id": node(CONTENT[resource]),
            "channel_id": node("channel"),
            "kind": RESOURCES[resource][1],
            "lesson_id": self.school.tasks[lesson].told["id"],
            "repeat": repeat,
        }
        if resource in MASTERY:
            body["mastery_model"] = MASTERY[resource]
        session = self._began(CONTENT[resource], body)
        if repeat:  # of a practice quiz begun anew Kolibri tells no time until the first answer
            del self.school.acted[self.username, CONTENT[resource]]
        return session

    def take(self, quiz: str, *, right: int = 0, wrong: int = 0, done: bool = False) -> None:
        """Take a quiz, and hand it in if it is done; without an answer it is only opened."""
        with_answers = bool(right or wrong)
        body = {"quiz_id": self.school.tasks[quiz].told["id"]}
        session = self._person.post("/api/logger/trackprogress/", body)["session_id"]
        if with_answers:
            told = {"time_spent_delta": 60, "interactions": _answers(right, wrong), **({"progress": 1} if done else {})}
            self._went_on(session, quiz, told)

    def _began(self, what: str, body: dict[str, Any]) -> str:
        before = datetime.now(UTC)
        session: str = self._person.post("/api/logger/trackprogress/", body)["session_id"]
        self.school.acted[self.username, what] = before, datetime.now(UTC)
        return session

    def _went_on(self, session: str, what: str, body: dict[str, Any]) -> None:
        before = datetime.now(UTC)
        self._person.put(f"/api/logger/trackprogress/{session}/", body)
        self.school.acted[self.username, what] = before, datetime.now(UTC)


def _answers(right: int, wrong: int) -> list[dict[str, Any]]:
    """Return answers to as many questions of their own."""
    given = [1] * right + [0] * wrong
    return [
        {"item": node(f"question {n}"), "correct": correct, "complete": True, **ANSWER}
        for n, correct in enumerate(given)
    ]
