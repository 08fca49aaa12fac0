"""The names by which the fields of the model go in the world, and the words by which its statuses do.

Names are the words of a key in small letters, one after another; those that fit better stand first. `user` and
`course` stand for their synonyms as well, and what a record is called is left out: `enrollment_completed_at` is
`completedat`. All are general words; none is taken from one provider.
"""

from engine.proposing.names import moments

__all__ = ["AROUND", "CLEAR", "OWN", "RULES", "STATUS", "SYNONYMS", "UNDER"]

#: Words that mean the same.
SYNONYMS = {
    **dict.fromkeys(
        ("learner", "student", "member", "participant", "person", "trainee", "employee", "attendee"), "user"
    ),
    **dict.fromkeys(("training", "lo", "content"), "course"),
    **dict.fromkeys(("enrolment", "registration"), "enrollment"),
}
#: Keys around others that say nothing of what is inside.
_UNDER = (
    "attributes data details detail info information relationships enrollment enrollments enrolment registration "
    "stats statistics progress grades grade completion dates result results record meta metadata summary core "
    "lifecycle profile fields properties timestamps scores"
)
UNDER = frozenset(_UNDER.split())
#: Keys of lists that say nothing of what is in them.
_AROUND = "data items hits results result value values list objects records rows entries elements page response"
AROUND = frozenset(_AROUND.split())
#: What records call themselves.
OWN = {
    "course_enrollments": ("enrollment", "usercourse", "courseuser", "assignment", "record", "transcript"),
    "courses": ("course", "object", "item"),
    "users": ("user", "account", "profile"),
}

_CREATED = moments("created", "creation", "create", "added", "inserted")
_UPDATED = moments(
    "updated", "update", "modified", "modification", "changed", "edited", "lastupdated", "lastupdate", "lastmodified",
    "lastchanged", "lastedited",
)  # fmt: skip
_LINKS = ("url", "htmlurl", "weburl", "link", "permalink", "alternatelink", "href")
_EMAILS = ("email", "emails", "emailaddress", "primaryemail", "primaryemailaddress", "mail", "emailaddresses")
_FIRST = ("firstname", "givenname", "namefirst", "forename")
_LAST = ("lastname", "surname", "familyname", "namelast")
_NAME = ("fullname", "displayname", "namefull", "namedisplay")


def _of(who: str, *names: str) -> tuple[str, ...]:
    return tuple(who + name for name in names)


def _moments(*names: str) -> tuple[str, ...]:
    """Return the names of a time, and the same behind `course`."""
    plain = moments(*names)
    return (*plain, *_of("course", *plain))


def _both(firsts: str, seconds: str) -> tuple[str, ...]:
    pairs = [(first, second) for first in firsts.split() for second in seconds.split()]
    return (*(first + second for first, second in pairs), *(second + first for first, second in pairs))


#: Field: names. A name used for one field is not used for another.
RULES: dict[str, dict[str, tuple[str, ...]]] = {
    "course_enrollments": {
        "id": ("id", "uuid", "guid", "identifier", "assignmentid"),
        "user.id": (*_of("user", "id", "uuid", "guid", "identifier", "accountid", "uid", "ref", ""), "uid",
            "accountuserid"),
        "user.name": (*_of("user", *_NAME, "name"), *_NAME),
        "user.first_name": (*_of("user", *_FIRST), *_FIRST),
        "user.last_name": (*_of("user", *_LAST), *_LAST),
        "user.emails": (*_of("user", *_EMAILS), *_EMAILS),
        "course.id": _of("course", "id", "uuid", "guid", "identifier", "objectid", "uid", "ref", ""),
        "course.title": (*_of("course", "title", "name", "fullname", "displayname", "label"), "title"),
        "assigned_at": moments("assigned", "assign", "assignment"),
        "due_at": (*moments("due", "deadline"), "dueby", "targetdate", "completeby", "completiondeadline"),
        "enrolled_at": (
            *_moments("enrolled", "enroll", "enrol", "enrollment", "registered", "joined", "signup", "subscribed"),
            "dateofenrollment",
        ),
        "started_at": _moments(
            "started", "start", "begun", "began", "begin", "firstaccess", "firstaccessed", "firstactivity", "launched",
        ),
        "last_activity_at": _moments(
            "lastactivity", "lastaccess", "lastaccessed", "lastactive", "lastseen", "lastvisit", "lastvisited",
            "lastviewed", "lastlaunch", "lastlaunched", "lastinteraction", "lastattempt", "recentactivity",
        ),
        "completed_at": (
            *_moments("completed", "completion", "complete", "finished", "finish", "ended", "end"), "dateofcompletion",
        ),
        "progress_percent": (
            *_both("progress completion complete completed", "percent percentage pct rate ratio"),
            "progress", "percent", "percentage", "completion",
        ),
        "time_spent_seconds": (
            *_both("timespent totaltime totaltimespent timetracked learningtime activitytime totalactivitytime"
                   " studytime totallearningtime spent tracked total",
                   "seconds inseconds sec secs minutes inminutes mins hours inhours ms milliseconds millis"),
            "timespent", "totaltimespent", "totaltime", "totalsecondstracked", "totalsecondsspent", "learningtime",
            "totalactivitytime", "activitytime", "studytime", "totallearningtime", "timetracked",
        ),
        "score": (
            *_both("final current overall latest last total", "score grade mark"),
            "score", "grade", "mark", *_both("score grade", "percent percentage raw given value scaled"),
            "testscore", "quizscore",
            "bestscore", "averagescore", "result",
        ),
        "custom_fields.score_max": _both("score grade points mark", "max maximum possible"),
        "is_mandatory": ("ismandatory", "mandatory", "isrequired", "required", "iscompulsory", "compulsory"),
        "assigned_by.id": (*_both("assignedby assigner", "id userid accountid uuid"), "assignedby", "assigner"),
        "assigned_by.name": (*_of("assignedby", "name", "fullname", "displayname"), "assignername"),
        "attempt_number": ("attemptnumber", "latestattempt", "currentattempt", "attemptno", "attempt"),
        "attempts_count": ("attemptscount", "attemptcount", "numberofattempts", "numattempts", "totalattempts",
            "attempts"),
        "urls.course": _of("course", *_LINKS),
        "urls.enrollment": _LINKS,
        "created_at": _CREATED,
        "updated_at": _UPDATED,
    },
    "courses": {
        "id": ("id", "uuid", "guid", "identifier", "objectid", "uid"),
        "title": ("title", "name", "fullname", "displayname", "label"),
        "description": ("description", "summary", "overview", "shortdescription", "about"),
        "code": ("code", "shortname", "sku", "number", "catalogcode"),
        "language": ("language", "languagecode", "langcode", "lang", "locale", "defaultlanguage", "defaultlang"),
        "duration_seconds": (
            *_both("duration length estimatedduration estimatedtime",
                   "seconds inseconds sec minutes inminutes mins hours inhours ms milliseconds"),
            "duration", "estimatedduration", "length",
        ),
        "urls.course": _LINKS,
        "tags": ("tags", "keywords", "labels"),
        "categories": ("categories", "topics", "subjects"),
        "organization.id": _both("organization organisation", "id uuid"),
        "organization.name": ("organizationname", "organisationname"),
        "published_at": moments("published", "publish", "publication", "released"),
        "created_at": _CREATED,
        "updated_at": _UPDATED,
    },
    "users": {
        "id": ("id", "uuid", "guid", "identifier", "uid"),
        "first_name": _FIRST,
        "last_name": _LAST,
        "name": (*_NAME, "name"),
        "username": ("username", "login", "loginname", "loginid"),
        "emails": _EMAILS,
        "locale": ("locale", "language", "languagecode", "langcode", "lang"),
        "timezone": ("timezone", "tz", "timezonename"),
        "job_title": ("jobtitle", "job", "position"),
        "organization.id": _both("organization organisation company", "id uuid"),
        "organization.name": ("organizationname", "organisationname", "companyname", "organization", "company",
            "institution"),
        "manager.id": ("managerid", "managerid", "manageruuid", "manageruserid"),
        "manager.name": ("managername", "managerfullname"),
        "manager.emails": _of("manager", *_EMAILS),
        "created_at": _CREATED,
        "updated_at": _UPDATED,
    },
}  # fmt: skip

#: Where the provider's own word for the status is, by resource, and for the other fields that are words.
STATUS: dict[str, dict[str, tuple[str, ...]]] = {
    "course_enrollments": {
        "status": (
            *_of("completion", "status", "state"),
            *_of("enrollment", "status", "state"),
            *_of("progress", "status", "state"),
            "learningstatus",
            "learningstate",
            "coursestatus",
            "status",
            "state",
            "statusname",
            "statuslabel",
            "statuscode",
            "statustype",
            "workflowstate",
            "lifecyclestatus",
            "enrollmentcompletion",
            "completion",
            "progress",
            "result",
            "completionstatusid",
            "enrollmentsuccess",
            "success",
            "successstatus",
        ),
    },
    "courses": {
        "status": ("status", "state", "publicationstatus", "publishstatus", "lifecyclestate", "workflowstate"),
        "type": ("type", "kind", "coursetype", "objecttype"),
        "level": ("level", "difficulty", "difficultylevel", "entrylevel", "skilllevel"),
    },
    "users": {
        "status": ("status", "state", "accountstatus", "userstatus"),
        "role": ("role", "usertype", "userrole", "type"),
    },
}

#: What words mean where there is no doubt, by resource and field.
CLEAR: dict[tuple[str, str], dict[str, str]] = {
    ("course_enrollments", "status"): {
        "assigned": "assigned",
        **dict.fromkeys(("enrolled", "enrolledin", "registered", "notstarted", "notattempted", "notbegun"), "enrolled"),
        **dict.fromkeys(("inprogress", "started", "ongoing", "incomplete", "underway", "begun"), "in_progress"),
        **dict.fromkeys(("completed", "complete", "finished", "done"), "completed"),
        **dict.fromkeys(("passed", "pass", "successful", "success", "succeeded"), "passed"),
        **dict.fromkeys(("failed", "fail", "unsuccessful", "notpassed"), "failed"),
        **dict.fromkeys(
            ("withdrawn", "withdrew", "dropped", "droppedout", "unenrolled", "unregistered", "cancelled", "canceled"),
            "withdrawn",
        ),
        **dict.fromkeys(("expired", "lapsed"), "expired"),
        **dict.fromkeys(("overdue", "pastdue", "late"), "overdue"),
        "unknown": "unknown",
    },
    ("courses", "status"): {
        "draft": "draft", "unpublished": "draft", "published": "published", "archived": "archived",
        "retired": "archived",
        "disabled": "disabled", "inactive": "disabled", "deactivated": "disabled",
    },
    ("courses", "type"): {
        "course": "course", "path": "path", "learningpath": "path", "curriculum": "curriculum", "program": "program",
        "microlearning": "microlearning",
    },
    ("courses", "level"): {
        "beginner": "beginner", "intermediate": "intermediate", "advanced": "advanced", "mixed": "mixed",
        "alllevels": "mixed", "expert": "advanced", "basic": "beginner",
    },
    ("users", "status"): {
        "active": "active", "enabled": "active", "inactive": "inactive", "deactivated": "inactive",
        "disabled": "inactive",
        "invited": "invited", "pending": "invited", "suspended": "suspended", "locked": "suspended",
        "deleted": "deleted",
    },
    ("users", "role"): {
        "learner": "learner", "student": "learner", "instructor": "instructor", "teacher": "instructor",
        "trainer": "instructor", "admin": "admin", "administrator": "admin", "manager": "manager",
    },
}  # fmt: skip
