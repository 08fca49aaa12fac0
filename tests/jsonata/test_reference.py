"""jsonata-python behind the same seam, for comparison: every mapping's own tests pass with it as well."""

import os
import subprocess
import sys
from importlib.util import find_spec

import pytest

pytestmark = pytest.mark.skipif(  # not imported here: that raises the recursion limit of the process
    find_spec("jsonata") is None, reason="jsonata-python is not here; install the extra `reference`"
)

RUN = """
import sys
import engine
from engine.jsonata import compile
from engine.testing import path_of_tests, read_tests, run_tests
assert not compile("a + 1").is_compiled
failed = []
for id in sys.argv[1:]:
    loaded = engine.load(id)
    failed += [f"{id}: {one.name}: {one.faults}" for one in run_tests(loaded, read_tests(path_of_tests(loaded.path)))
               if one.faults]
if failed:
    sys.exit("\\n".join(failed))
"""


def with_reference(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "ROLLBOOK_JSONATA": "reference"}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, env=environment, check=False
    )


@pytest.mark.parametrize(
    ("text", "scope", "value"),
    [
        ("a[b = 1].c & '!'", {"a": [{"b": 1, "c": "x"}, {"b": 2}]}, "x!"),
        ("$sum(a.b)", {"a": [{"b": 1}, {"b": None}, {"b": 4}]}, 5),
        ("a[1].b ?? 'none'", {"a": [{"b": 1}, {"b": 2}]}, 2),
        ("x & ''", {"x": 10000000000000123}, "10000000000000123"),
    ],
)
def test_it_gives_the_same_values(text: str, scope: object, value: object) -> None:
    done = with_reference(f"from engine.jsonata import compile; print(compile({text!r})({scope!r}))")
    assert done.stdout.strip() == str(value), done.stderr


def test_an_unknown_choice_is_told() -> None:
    code = "from engine.jsonata import compile; compile('a')"
    environment = {**os.environ, "ROLLBOOK_JSONATA": "fast"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert "ROLLBOOK_JSONATA is 'fast'; set it to `reference`, or leave it out" in done.stderr


@pytest.mark.parametrize("mapping", ["canvas", "docebo", "moodle", "talentlms", "go1", "linkedin-learning"])
def test_the_tests_of_a_mapping_pass_with_it(mapping: str) -> None:
    done = with_reference(RUN, mapping)
    assert done.returncode == 0, done.stderr[-2000:]
