"""The error tree: every error says what a run does with it, and the list at the top says the same."""

import re
from typing import get_args

from engine import errors
from engine.errors import MappingError, Place, Problem, ProviderError, RollbookError, Throttled, Where
from engine.mapping.http import ErrorClass


def kinds() -> list[type[RollbookError]]:
    found = [getattr(errors, name) for name in errors.__all__]
    return [kind for kind in found if isinstance(kind, type) and issubclass(kind, RollbookError)]


def test_the_tree_at_the_top_names_every_error_with_its_action() -> None:
    drawn = dict(re.findall(r"── (\w+) +(retry|skip|stop)", errors.__doc__ or ""))
    expected = {kind.__name__: kind.action for kind in kinds() if kind not in (RollbookError, ProviderError)}
    assert drawn == expected


def test_every_class_a_mapping_can_name_has_an_error() -> None:
    words = {kind.word for kind in kinds() if issubclass(kind, ProviderError)}
    assert set(get_args(ErrorClass)) - {"empty"} <= words


def test_an_error_of_a_provider_says_where_what_and_what_to_do() -> None:
    where = Where("acme", "people", "GET https://x.example/a", Place("acme.yaml", 3, 5))
    error = Throttled("HTTP 429", where, "run later")
    assert str(error) == "acme: fetch people: GET https://x.example/a (acme.yaml:3:5): HTTP 429; run later"


def test_what_is_known_of_the_place_is_not_overwritten_later() -> None:
    error = Throttled("slow").at(fetch="people").at(fetch="other", provider="acme")
    assert (error.where.fetch, error.where.provider) == ("people", "acme")


def test_problems_of_a_mapping_come_in_the_order_of_the_file() -> None:
    problems = [Problem(Place("a.yaml", 9, 1), "x", "late"), Problem(Place("a.yaml", 2, 4), "", "early", "mend it")]
    assert str(MappingError(problems)) == "a.yaml:2:4: early; mend it\na.yaml:9:1: x: late"
