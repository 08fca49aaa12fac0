"""Reading a provider's values by the rules of the unified model, and the functions expressions may call."""

from engine.values.functions import FUNCTIONS
from engine.values.numbers import read_boolean, read_integer, read_number
from engine.values.problems import ValueProblem
from engine.values.texts import plain_text, read_emails, read_id, read_objects, read_text, read_urls
from engine.values.times import read_time

__all__ = [
    "FUNCTIONS",
    "ValueProblem",
    "plain_text",
    "read_boolean",
    "read_emails",
    "read_id",
    "read_integer",
    "read_number",
    "read_objects",
    "read_text",
    "read_time",
    "read_urls",
]
