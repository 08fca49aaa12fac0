"""A gallery of wrong mappings, each with the exact message it must give.

`ROLLBOOK_REWRITE=1 pytest tests/test_broken.py` writes the messages anew; read the difference before it is committed.
"""

import os
from pathlib import Path

import pytest

from engine.errors import MappingError
from engine.loading import load

BROKEN = Path(__file__).parent / "broken"


@pytest.mark.parametrize("path", sorted(BROKEN.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_wrong_mapping_is_told_exactly_what_is_wrong(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BROKEN)
    with pytest.raises(MappingError) as caught:
        load(path)
    told = str(caught.value) + "\n"
    expected = path.with_suffix(".txt")
    if os.environ.get("ROLLBOOK_REWRITE"):
        expected.write_text(told, encoding="utf-8")
    assert told == expected.read_text(encoding="utf-8")


def test_the_gallery_is_large_and_has_no_orphans() -> None:
    assert len(list(BROKEN.glob("*.yaml"))) >= 35
    assert {path.stem for path in BROKEN.glob("*.txt")} == {path.stem for path in BROKEN.glob("*.yaml")}
