"""Puts the school into an empty Kolibri, and lets its learners learn.

How it is made: the device, the second facility, people, classes, groups, lessons and quizzes through Kolibri's own API,
by the calls that its pages make; so is what learners do, each logged in, through `trackprogress`. Only the resources
that lessons are made of come in another way, through its ORM in `kolibri manage shell`: Kolibri takes them from a
channel on the internet or a drive, and the API has no call that makes one.
"""

import time
from collections.abc import Callable
from typing import Any

from live.learner import Learner
from live.person import Person
from live.school import (
    CLASSES,
    CONTENT,
    HILL,
    MASTERY,
    ONE,
    PASSWORD,
    PEOPLE,
    RESOURCES,
    RIVER,
    TWO,
    School,
    Task,
    node,
)
from live.server import RELEASE, Server

MAKE_CHANNEL = """
from kolibri.core.content.models import AssessmentMetaData, ChannelMetadata, ContentNode
channel = given["channel"]
root = ContentNode.objects.create(
    id=channel, channel_id=channel, content_id=channel, title="Made up", kind="topic", available=True)
ChannelMetadata.objects.create(id=channel, name="Made up", version=1, min_schema_version="5", root=root)
for row in given["resources"]:
    node = ContentNode.objects.create(parent=root, channel_id=channel, available=True, **row)
    if row["kind"] == "exercise":
        AssessmentMetaData.objects.create(
            id=row["id"], contentnode=node, number_of_assessments=5, mastery_model=given["mastery"][row["id"]])
result = ContentNode.objects.filter(channel_id=channel).count()

"""


def found(server: Server) -> School:
    """Fill an empty Kolibri, and return what was put in."""
    school = School(server)
    _provision(school)
    _make_channel(school)
    with school.as_person("admin") as admin:
        _make_people(school, admin)
        _make_lessons(school, admin)
        _make_quizzes(school, admin)
        _learn(school)
        closed = school.tasks["Closed quiz"].told
        admin.patch(f"/api/exams/exam/{closed['id']}/", {"archive": True})
        _make_other_facility(school, admin)
        _wait_for_help(school, admin)
    return school


def _provision(school: School) -> None:
    """Set the device up, as its first page does."""
    body = {
        "facility": {"name": HILL},
        "preset": "formal",
        "superuser": {"username": "admin", "full_name": "The Head", "password": PASSWORD},
        "language_id": "en",
        "device_name": "made up",
        "settings": {},
        "allow_guest_access": False,
        "is_provisioned": True,
        "is_soud": False,
    }
    with Person(school.server.url) as nobody:
        if RELEASE < (0, 18):
            nobody.post("/api/device/deviceprovision/", body)
        else:
            task = {"type": "kolibri.core.device.tasks.provisiondevice", **body}
            path = f"/api/tasks/tasks/{nobody.post('/api/tasks/tasks/', task)['id']}/"
            _until("the device is set up", lambda: nobody.get(path)["status"] == "COMPLETED")
        facility = nobody.get("/api/public/v1/facility/")[0]
        school.facilities[HILL] = facility["id"]


def _make_channel(school: School) -> None:
    rows = [
        {"id": node(name), "content_id": node(CONTENT[name]), "title": title, "kind": kind}
        for name, (title, kind) in RESOURCES.items()
    ]
    mastery = {node(name): model for name, model in MASTERY.items()}
    given = {"channel": node("channel"), "resources": rows, "mastery": mastery}
    assert school.server.shell(MAKE_CHANNEL, given) == len(rows) + 1


def _make_people(school: School, admin: Person) -> None:
    for username, (name, number) in PEOPLE.items():
        school.people[username] = _person(admin, school.facilities[HILL], username, name, number)
    for name, learners in CLASSES.items():
        made = admin.post("/api/auth/classroom/", {"name": name, "parent": school.facilities[HILL]})
        school.classes[name] = made
        for learner in learners:
            _join(admin, made["id"], school.people[learner]["id"])
    group = admin.post("/api/auth/learnergroup/", {"name": "Group", "parent": school.classes[ONE]["id"]})
    school.classes["Group"] = group
    _join(admin, group["id"], school.people["nour"]["id"])
    _role(admin, school.people["coach"], "classroom assignable coach", school.facilities[HILL])
    _role(admin, school.people["coach"], "coach", school.classes[ONE]["id"])
    _role(admin, school.people["boss"], "admin", school.facilities[HILL])


def _make_lessons(school: School, admin: Person) -> None:
    everybody, alone = {"assignments": [school.classes[ONE]["id"]]}, {"learner_ids": [school.people["bob"]["id"]]}
    group, second = {"assignments": [school.classes["Group"]["id"]]}, {"assignments": [school.classes[TWO]["id"]]}
    _lesson(school, admin, "Lesson one", ONE, ("video", "sums", "again"), {**everybody, "description": "All of <it>"})
    _lesson(school, admin, "For the group", ONE, ("text",), group)
    _lesson(school, admin, "For Bob alone", ONE, ("film", "trial"), alone)
    _lesson(school, admin, "Not to be seen yet", ONE, ("video",), {**everybody, "active": False})
    _lesson(school, admin, "Nothing in it", TWO, (), second)
    _lesson(school, admin, "Videos at home", TWO, ("video", "film"), second)


def _make_quizzes(school: School, admin: Person) -> None:
    everybody = {"assignments": [school.classes[ONE]["id"]]}
    _quiz(school, admin, "Quiz one", everybody)
    _quiz(school, admin, "Closed quiz", everybody)
    _quiz(school, admin, "Quiz for Nour alone", {"assignments": [], "learner_ids": [school.people["nour"]["id"]]})
    _quiz(school, admin, "Draft of a quiz", {**everybody, "draft": True})


def _learn(school: School) -> None:
    """Let the learners do what `live.expected` knows of."""
    with Learner(school, "ada") as ada:
        ada.look("video", "Lesson one", progress=1, seconds=310.5)
        ada.answer("sums", "Lesson one", right=5, progress=1, seconds=120.25)
        ada.take("Quiz one", right=4, wrong=1, done=True)
        ada.take("Closed quiz", right=0, wrong=5, done=True)
    with Learner(school, "li") as li:
        li.look("video", "Lesson one", progress=0.5, seconds=100)
        li.answer("sums", "Lesson one", wrong=4, seconds=20.5)
        li.take("Quiz one", right=1, wrong=1)
        li.take("Closed quiz", right=1)
    with Learner(school, "nour") as nour:
        nour.begin("sums", "Lesson one")
        nour.look("text", "For the group", progress=1, seconds=12)
        nour.take("Quiz for Nour alone")
    with Learner(school, "bob") as bob:
        bob.look("film", "For Bob alone", progress=0.4, seconds=30)
        bob.answer("trial", "For Bob alone", right=3, progress=1, seconds=10)
        bob.begin("trial", "For Bob alone", repeat=True)


def _make_other_facility(school: School, admin: Person) -> None:
    """Make a second facility on the device, with a class and a learner of the same names as in the first."""
    admin.post("/api/auth/facility/create_facility/", {"name": RIVER, "preset": "formal"})
    school.facilities[RIVER] = next(one["id"] for one in admin.get("/api/auth/facility/") if one["name"] == RIVER)
    school.people["river"] = _person(admin, school.facilities[RIVER], "ada", "Ada of the River", "")
    school.people["keeper"] = _person(admin, school.facilities[RIVER], "keeper", "Keeper of the River", "")
    _role(admin, school.people["keeper"], "admin", school.facilities[RIVER])
    school.classes["river"] = admin.post("/api/auth/classroom/", {"name": ONE, "parent": school.facilities[RIVER]})
    _join(admin, school.classes["river"]["id"], school.people["river"]["id"])
    _lesson(school, admin, "At the river", "river", ("text",), {"assignments": [school.classes["river"]["id"]]})


def _wait_for_help(school: School, admin: Person) -> None:
    """Wait until Kolibri says that somebody needs help: it works that out in the background, every five seconds."""

    def said() -> bool:
        summary = admin.get(f"/coach/api/classsummary/{school.classes[ONE]['id']}/")
        return any(row["status"] == "HelpNeeded" for row in summary["content_learner_status"])

    _until("somebody needs help", said)


def _lesson(
    school: School, admin: Person, title: str, where: str, resources: tuple[str, ...], more: dict[str, Any]
) -> None:
    rows = [
        {"contentnode_id": node(name), "content_id": node(CONTENT[name]), "channel_id": node("channel")}
        for name in resources
    ]
    body = {"title": title, "resources": rows, "active": True, "collection": school.classes[where]["id"], **more}
    school.tasks[title] = Task(admin.post("/api/lessons/lesson/", body), where, resources)


def _quiz(school: School, admin: Person, title: str, more: dict[str, Any]) -> None:
    """Make a quiz of five questions in two sections."""
    questions = [
        {"exercise_id": node("sums"), "question_id": node(f"question {n}"), "title": "A sum", "counter_in_exercise": n}
        for n in range(5)
    ]
    sections = [
        {"section_title": "One", "questions": questions[:2]},
        {"section_title": "Two", "questions": questions[2:]},
    ]
    body = {
        "title": title,
        "question_sources": sections,
        "collection": school.classes[ONE]["id"],
        "draft": False,
        **more,
    }
    made = admin.post("/api/exams/exam/", body)
    if not made["draft"]:
        made = admin.patch(f"/api/exams/exam/{made['id']}/", {"active": True})
    school.tasks[title] = Task(made, ONE)


def _person(admin: Person, facility: str, username: str, name: str, number: str) -> dict[str, Any]:
    body = {"username": username, "full_name": name, "password": PASSWORD, "facility": facility, "id_number": number}
    made: dict[str, Any] = admin.post("/api/auth/facilityuser/", body)
    return made


def _join(admin: Person, collection: str, user: str) -> None:
    admin.post("/api/auth/membership/", {"collection": collection, "user": user})


def _role(admin: Person, person: dict[str, Any], kind: str, collection: str) -> None:
    admin.post("/api/auth/role/", {"user": person["id"], "kind": kind, "collection": collection})


def _until(what: str, holds: Callable[[], bool], seconds: float = 120) -> None:
    """Ask again and again, until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"Kolibri did not get so far within {seconds:g} seconds: {what}")
        time.sleep(0.5)
