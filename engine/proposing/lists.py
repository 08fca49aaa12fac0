"""Where the items of an answer are, and of which resource they look like."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from engine.proposing.matching import Matches, matched
from engine.proposing.names import words
from engine.proposing.paths import writable
from engine.proposing.shapes import Path, Shape
from engine.proposing.statuses import worded
from engine.proposing.tables import AROUND

__all__ = ["Candidate", "candidates", "looks"]

#: How many lists of an answer are looked at, and how deep.
_MOST = 20
_DEPTH = 5
_CALLED = {
    "course_enrollments": "enrollment enrollments enrolment enrolments registration registrations transcript"
    " transcripts assignment assignments progress completion completions learninghistory history",
    "users": "user users learner learners people student students member members participant participants",
    "courses": "course courses content contents catalog catalogue training trainings",
}  # fmt: skip


class Candidate(NamedTuple):
    """A list of an answer: where, its items, the resource they look like, and how much they do."""

    path: Path
    item: Shape
    resource: str
    score: int


def candidates(answer: Shape, hint: str = "", resource: str = "") -> list[Candidate]:
    """Return the lists of objects of an answer, best first; the answer itself where it has none and is an object.

    `hint` is a text whose words may tell the resource, such as the name of a file; `resource` says it for certain.
    """
    found: list[Candidate] = []
    for path, item in _lists(answer):
        if len(found) < _MOST:
            best, score = looks(item, (hint, *path), resource)
            found.append(Candidate(path, item, best, score))
    if not found and answer.fields:
        found = [Candidate((), answer, *looks(answer, (hint,), resource))]
    return sorted(found, key=lambda one: (-one.score, len(one.path)))


def _lists(answer: Shape, path: Path = ()) -> Iterator[tuple[Path, Shape]]:
    if answer.element is not None and "object" in answer.element.given:
        yield path, answer.element
    for key, below in answer.fields.items():
        if len(path) < _DEPTH and writable((key,)):
            yield from _lists(below, (*path, key))


def looks(item: Shape, hints: Sequence[str], resource: str = "") -> tuple[str, int]:
    """Return the resource that items look like, and how much; of several alike, the first of the model."""
    named = [word for hint in hints for word in words(hint) if word not in AROUND]
    scores = {each: _score(each, matched(item, each), named) for each in ([resource] if resource else _CALLED)}
    best = max(scores, key=lambda each: scores[each])
    return best, scores[best]


def _score(resource: str, matches: Matches, named: Sequence[str]) -> int:
    found = matches.found.keys()
    known = [each for each, called in _CALLED.items() for word in named[-1:] if word in called.split()]
    score = (6 if resource in known else 0) + sum(1 for word in named[:-1] if word in _CALLED[resource].split())
    if resource == "course_enrollments":
        person = any(name.startswith("user.") for name in found)
        course = any(name.startswith("course.") and name != "course.title" for name in found)
        facts = {
            "completed_at",
            "enrolled_at",
            "progress_percent",
            "started_at",
            "due_at",
            "assigned_at",
            "score",
        } & found
        clear = worded(matches, "status")[0]
        return score + 3 * (person and course) + 2 * len(facts) + (2 if clear and clear.clear else 0)
    if resource == "users":
        return score + 2 * len({"emails", "first_name", "last_name", "username"} & found)
    return score + len({"title", "description", "code", "language", "duration_seconds", "categories", "tags"} & found)
