"""Reading a provider's values by the rules of the unified model, and the functions expressions may call.

Every reader takes a value that is there and raises ValueProblem for one that breaks a rule; which values stand for
"nothing" is the caller's to know.
"""

from engine.values.durations import read_seconds
from engine.values.functions import FUNCTIONS
from engine.values.markup import plain_text
from engine.values.numbers import read_boolean, read_integer, read_number
from engine.values.parts import read_emails, read_objects, read_urls
from engine.values.problems import ValueProblem
from engine.values.texts import read_id, read_text
from engine.values.times import check_times, read_rfc3339, read_time

__all__ = [
    "FUNCTIONS",
    "ValueProblem",
    "check_times",
    "plain_text",
    "read_boolean",
    "read_emails",
    "read_id",
    "read_integer",
    "read_number",
    "read_objects",
    "read_rfc3339",
    "read_seconds",
    "read_text",
    "read_time",
    "read_urls",
]
