"""What a service loads is left out of the search for garbage."""

import gc
import sys
from collections.abc import Iterator

import pytest

from engine.service.settling import SETTLED, SWITCH_SECONDS, THRESHOLDS, Settling


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    interval, thresholds = sys.getswitchinterval(), gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    sys.setswitchinterval(interval)


def test_what_was_loaded_at_the_start_and_by_the_first_requests_is_left_out() -> None:
    settling = Settling()
    settling.start()
    at_start = gc.get_freeze_count()
    assert at_start > 0
    loaded = [[number] for number in range(1000)]
    settling.look(SETTLED - 1)
    assert gc.get_freeze_count() <= at_start
    settling.look(SETTLED)
    assert gc.get_freeze_count() >= at_start + len(loaded)
    later = gc.get_freeze_count()
    kept = [[number] for number in range(1000)]
    settling.look(SETTLED + 1)
    assert gc.get_freeze_count() <= later
    assert len(kept) == 1000


def test_other_threads_let_the_event_loop_have_its_turn_sooner() -> None:
    Settling().start()
    assert sys.getswitchinterval() == pytest.approx(SWITCH_SECONDS)


def test_garbage_is_looked_for_less_often() -> None:
    Settling().start()
    assert gc.get_threshold() == THRESHOLDS
