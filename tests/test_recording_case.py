"""A case filled in, and the test file with it added: all that was there stays as it was written."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.errors import UsageError
from engine.recording.case import added

CASE: dict[str, Any] = {
    "name": "new", "source": "recorded 2026-01-05", "cassettes": ["acme/new.yaml"],
    "expect": {"records": 1, "contains": [{"id": "1e5", "user": {"name": "no"}, "course": {"title": "a: #b"}}]},
}  # fmt: skip
OLD = "{name: old, source: documented x, cassettes: [acme/old.yaml], expect: {records: 0}}"


def replays(text: str) -> list[Any]:
    found = yaml.safe_load(text)["replays"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("text", ["", "# mine\n", "examples: # mine\n  - name: x\n", "allow: { a: b }"])
def test_a_file_without_replays_gets_them(text: str) -> None:
    found = added(text, CASE, Path("acme.test.yaml"))
    assert found.startswith(text)
    assert replays(found) == [CASE]


@pytest.mark.parametrize(
    "text",
    [
        f"replays:\n  - {OLD}\n",
        f"replays:\n- {OLD}",
        f"# first\nreplays: # all\n  # of them\n  - {OLD} # one\n\n# more\nexamples:\n  - name: x # y\n",
        """replays:
    - name: old
      source: documented >
      cassettes: [acme/old.yaml]
      expect:
        contains:
          - id: |
              several
              lines

allow: { a: b }
""",
    ],
)
def test_a_case_is_added_after_the_last_and_every_line_stays(text: str) -> None:
    found = added(text, CASE, Path("acme.test.yaml"))
    old = yaml.safe_load(text)
    assert yaml.safe_load(found) == {**old, "replays": [*old["replays"], CASE]}
    lines = found.splitlines()
    assert [line for line in text.splitlines() if line not in lines] == []


def test_the_case_of_the_same_cassette_is_replaced() -> None:
    once = added(f"replays:\n  - {OLD}\n  # between\n", CASE, Path("a"))
    newer = {**CASE, "expect": {"records": 2}}
    more = added(once, {**CASE, "name": "other", "cassettes": ["acme/other.yaml"]}, Path("a"))
    found = added(more, newer, Path("a"))
    assert [case["name"] for case in replays(found)] == ["old", "new", "other"]
    assert replays(found)[1] == newer
    assert "# between" in found


def test_replays_in_one_line_are_refused_and_not_rewritten() -> None:
    with pytest.raises(UsageError, match="`replays` is written in one line; write each case on lines of its own"):
        added(f"replays: [{OLD}]\n", CASE, Path("acme.test.yaml"))
    with pytest.raises(UsageError, match="`replays` is empty; leave it out"):
        added("replays:\n", CASE, Path("acme.test.yaml"))
