"""The names that generated code finds."""

from engine.jsonata.runtime import names


def test_no_two_rooms_offer_the_same_name() -> None:
    offered = [name for room in names.ROOMS for name in room.__all__]
    assert len(offered) == len(set(offered)) == len(names.NAMES)
