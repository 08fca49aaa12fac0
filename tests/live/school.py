"""The school that is put into a real Kolibri. Everybody and everything in it is invented."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import md5
from typing import Any

from live.person import Person
from live.server import Server

PASSWORD = "made-up-password"
HILL, RIVER = "Hill School", "River School"
ONE, TWO, EMPTY = 'Class "1" & Co', "Élèves", "Empty"
#: Username, full name, ID number; whoever is in a class is there by `CLASSES`.
PEOPLE = {
    "ada": ("Ada O'Neil", "S-1"),
    "li": ("李 小龙", "S-2"),
    "nour": ("نور حداد", ""),
    "bob": ("<b>Bob</b>", ""),
    "eve": ("=Eve 🎓", ""),
    "idle": ("In No Class", ""),
    "coach": ("Coach One", ""),
    "boss": ("The Boss", ""),
}
CLASSES = {ONE: ("ada", "li", "nour", "bob"), TWO: ("ada", "eve"), EMPTY: ()}
#: Title and kind of every resource. The same content is there twice, as happens when channels share it.
RESOURCES = {
    "video": ("A video", "video"),
    "again": ("The same video", "video"),
    "film": ("Another video", "video"),
    "text": ("A document", "document"),
    "sums": ("An exercise", "exercise"),
    "trial": ("A practice quiz", "exercise"),
}
CONTENT = {name: "video" if name == "again" else name for name in RESOURCES}
MASTERY = {"sums": {"type": "m_of_n", "m": 3, "n": 5}, "trial": {"type": "quiz"}}


@dataclass
class Task:
    """A lesson or quiz as Kolibri tells of it when it is made, its class, and its resources."""

    told: dict[str, Any]
    where: str
    resources: tuple[str, ...] = ()


@dataclass
class School:
    """What was made: ids by name, tasks by title, and between which two moments who last did what."""

    server: Server
    facilities: dict[str, str] = field(default_factory=dict)
    classes: dict[str, dict[str, Any]] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    acted: dict[tuple[str, str], tuple[datetime, datetime]] = field(default_factory=dict)

    def as_person(self, username: str, facility: str = HILL) -> Person:
        """Return somebody, logged in."""
        return Person(self.server.url).login(username, PASSWORD, self.facilities[facility])


def node(name: str) -> str:
    """Return the made-up id of a resource or channel, as long as Kolibri's own."""
    return md5(name.encode(), usedforsecurity=False).hexdigest()
