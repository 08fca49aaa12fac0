"""The files that a mapping is proposed from (engine/proposing/files.py)."""

from pathlib import Path

import pytest

from engine.errors import UsageError
from engine.proposing.files import contents


def test_a_file_is_read_as_bytes_without_its_mark_of_byte_order(tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    path.write_bytes(b'\xef\xbb\xbf{"name": "\xc3\xa9"}')
    assert contents("--from", path, 1000, "") == b'{"name": "\xc3\xa9"}'


def test_a_file_may_be_just_as_large_as_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    path.write_bytes(b"0" * 1_000_000)
    assert len(contents("--from", path, 1_000_000, "")) == 1_000_000
    path.write_bytes(b"0" * 1_000_001)
    with pytest.raises(UsageError, match=r"--from \S+page\.json: it is larger than 1 MB; one page is enough"):
        contents("--from", path, 1_000_000, "one page is enough")


@pytest.mark.parametrize(("name", "why"), [("nowhere.json", "No such file or directory"), (".", "Is a directory")])
def test_what_cannot_be_read_says_of_which_option_it_is_and_why(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(UsageError, match=f"--openapi .*: the file cannot be read: {why}"):
        contents("--openapi", tmp_path / name, 1000, "")
