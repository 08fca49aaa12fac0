"""Every mapping that comes along: right, and its own tests pass."""

from pathlib import Path

import pytest

from engine.describing import describe
from engine.errors import MappingError
from engine.loading import available, load, shipped
from engine.redaction import HIDDEN
from engine.testing import path_of_tests, read_tests, run_tests

MAPPINGS = sorted(available().values())


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.stem)
def test_a_mapping_is_right_and_leaves_nothing_unused(path: Path) -> None:
    assert load(path).warnings == ()


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.stem)
def test_a_mapping_passes_its_own_tests(path: Path) -> None:
    outcomes = list(run_tests(load(path), read_tests(path_of_tests(path))))
    assert [f"{outcome.name}: {fault}" for outcome in outcomes for fault in outcome.faults] == []


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.stem)
def test_a_mapping_gives_enrollments_courses_and_users_or_says_which_it_cannot(path: Path) -> None:
    mapping = load(path).mapping
    assert "course_enrollments" in mapping.resources
    for missing in {"courses", "users"} - set(mapping.resources):
        assert any(gap.startswith(f"There are no {missing}") for gap in mapping.provider.gaps), missing


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.stem)
def test_the_tests_of_a_mapping_tell_every_status_it_gives(path: Path) -> None:
    for name, given in describe(load(path))["resources"].items():
        assert set(given["statuses"]) - {"unknown"} <= set(given["statuses_seen"]), name


def test_no_cassette_holds_a_secret_or_a_real_address() -> None:
    import re

    invented = re.compile(r"@[\w.-]*example\.(?:org|com|net|edu)\b|@[\w.-]+\.example\b", re.IGNORECASE)
    for path in sorted(shipped("cassettes").rglob("*.*")):
        text = path.read_text(encoding="utf-8")
        for address in re.findall(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+", text):
            assert invented.search(address), f"{path}: {address}"
        assert "wstoken" not in text.replace(HIDDEN, ""), path
        for token in re.findall(r"(?:token|secret|api_key)[\"']?: [\"']?([\w-]{12,})", text):
            assert token.startswith("made-up"), f"{path}: {token}"


def test_a_mistake_in_a_test_file_is_reported_at_its_place(tmp_path: Path) -> None:
    path = tmp_path / "acme.test.yaml"
    path.write_text("replays:\n  - name: x\n    source: guessed\n    casettes: [a]\n    expect: {}\n", encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        read_tests(path)
    told = str(caught.value)
    assert ":3:13: replays.0.source: 'guessed' does not have the right form" in told
    assert "`casettes` is not a key here; did you mean `cassettes`?" in told
