"""Which values are people's, by the names of their keys and by what they look like."""

import re
from ipaddress import ip_address
from typing import Literal

__all__ = ["EMAIL", "IP", "PHONE", "Kind", "is_machine", "is_somebody", "kind_by_field", "kind_by_key", "letters"]

#: What a value is of a person. A `login` is a name that a person has with the provider alone.
Kind = Literal["name", "login", "email", "phone", "place", "machine"]

#: An e-mail address, wherever it stands in a text.
EMAIL = re.compile(
    r"[^\s@<>\"(),:;=?&\[\]\\/|]{1,128}(?:@|%40)(?:[\w-]+\.)+[^\W\d_]{2,}|[^\s@<>\"(),:;=?&\[\]\\/|]{1,128}@localhost\b"
)
#: The address of a machine; what is none is told by `is_machine`.
IP = re.compile(
    r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)|(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])",
    re.IGNORECASE,
)
#: A telephone number as it is written in a text: with the sign of its country.
PHONE = re.compile(r"(?<![\w+])\+\d[\d ()./-]{6,18}\d(?!\w)")

#: Keys, as small letters only, that are of a person whatever they stand in.
_KEYS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("email", re.compile(r".*e?mail(?:address|addresses|s)?\d*|upn|userprincipalname")),
    ("phone", re.compile(r".*(?:phone|mobile|cellphone|telephone|fax|whatsapp)(?:number|numbers|no|s)?\d*|tel\d*")),
    (
        "machine",
        re.compile(r".*ip(?:address|addr|v[46])|(?:last|remote|client|login|user|source|created|current|my)*ip"
                   r"|remoteaddr"),
    ),
    (
        "login",
        re.compile(r".*(?:username|screenname|loginname)|login|loginid|userlogin|nick(?:name)?|handle"
                   r"|(?:skype|twitter|telegram)(?:id|name|handle)?"),
    ),
    (
        "name",
        re.compile(
            r".*(?:firstname|lastname|middlename|givenname|familyname|surname|fullname|sortablename|preferredname"
            r"|realname|maidenname|namefirst|namelast|namemiddle|personname|studentname|learnername|teachername"
            r"|instructorname|authorname|ownername|managername|membername|creatorname|parentname|contactname)"
            r"(?:phonetic|kana|local)?"
        ),
    ),
    (
        "place",
        re.compile(r"(?:.*[a-z])?(?:street|streetaddress|postalcode|zipcode|postcode|postaladdress|homeaddress)\d*"
                   r"|address(?:line)?\d*|zip|city|town|birth(?:date|day|year)|(?:date|year)ofbirth|dob"),
    ),
    (  # numbers by which an authority or a bank knows a person; replaced as those of a place are
        "place",
        re.compile(r"(?:user|employee|person(?:al)?)?(?:ssn|iban|cpf|curp)|.*(?:socialsecurity|nationalinsurance|passport"
                   r"|driver(?:s)?licen[cs]e)(?:number|no|id)?|(?:national|tax|personal|citizen)(?:id|idnumber|number|code)"
                   r"|(?:fiscalcode|codicefiscale|personnummer|identitynumber|idcard(?:number|no)?|bankaccount(?:number)?)"),
    ),
)  # fmt: skip
#: Keys that are a person's name in an object of a person, and of anything in any other.
_NAMES = re.compile(r"(?:display|user|formal)?name|initials|display|cn|sn")
#: Keys that are of an address below one.
_LINES, _ADDRESSES = re.compile(r"line\d"), re.compile(r".*address(?:es)?")
#: Keys whose objects are people.
_PEOPLE = re.compile(
    r"(?:.*(?:user|learner|student|teacher|instructor|trainer|tutor|author|owner|creator|manager|supervisor|member"
    r"|participant|person|people|profile|contact|assignee|assigner|grader|approver|reviewer|[a-z]{3,}edby"
    r"|employee|candidate|guardian|actor))(?:s|info|details|data)?"
)
#: A name as it is written: two to five words, the first and the last with a capital; or one of a script without them.
_WRITTEN = re.compile(r"(?!\d)\w[\w.'\u2019-]*,?(?: (?!\d)\w[\w.'\u2019-]*,?){1,4}")
_UNCASED = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]{2,6}")


def letters(key: str) -> str:
    """Return a key as small letters and digits only, without its namespace: `first_name` and `FirstName` are one."""
    return re.sub(r"[^a-z0-9]", "", key.rpartition(":")[2].rpartition("}")[2].lower())


def kind_by_key(key: str, siblings: frozenset[str] = frozenset(), above: str = "") -> Kind | None:
    """Return what a value is of a person, by its key, those beside it, and the one above; None where it is nothing.

    A mere `name` is a person's where it stands beside what only people have, or below what holds people.
    """
    own = letters(key)
    for kind, pattern in _KEYS:
        if pattern.fullmatch(own):
            return kind
    if _NAMES.fullmatch(own) and (_PEOPLE.fullmatch(letters(above)) or any(map(_of_people, siblings))):
        return "name"
    return "place" if _LINES.fullmatch(own) and _ADDRESSES.fullmatch(letters(above)) else None


def is_somebody(key: str, text: str) -> bool:
    """Whether a text is a name: written as one, at a key whose objects are people (`"instructor": "Ada Byron"`)."""
    if not _PEOPLE.fullmatch(letters(key)):
        return False
    if _WRITTEN.fullmatch(text) is None or any(map(str.isdecimal, text)):
        return _UNCASED.fullmatch(text) is not None
    words = text.split()
    return words[0][0].isupper() and words[-1][0].isupper()


def _of_people(key: str) -> bool:
    """Whether only people have such a key."""
    own = letters(key)
    return any(pattern.fullmatch(own) for kind, pattern in _KEYS if kind in ("email", "login", "name"))


def kind_by_field(field: str) -> Kind | None:
    """Return what a field of the unified model is of a person: `user.name`, `first_name`, `custom_fields.login`."""
    first, _, rest = field.partition(".")
    if first == "custom_fields":
        return kind_by_key(rest)
    last = rest or first
    if first in ("user", "manager", "assigned_by") or not rest:
        kinds: dict[str, Kind] = {"name": "name", "emails": "email", "phones": "phone", "username": "login"}
        kinds |= {"first_name": "name", "last_name": "name"}
        return kinds.get(last)
    return None


def is_machine(text: str) -> bool:
    """Whether a text is the address of a machine, and not a version or a time."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified) and (address.version == 4 or len(text) > 3)
