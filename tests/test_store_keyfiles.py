"""Files with keys are written whole, for their owner only."""

import os
import stat
from pathlib import Path

import pytest

from engine.errors import UsageError
from engine.store.keyfiles import read_safely, write_safely


def test_what_is_written_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "keys"
    before = os.umask(0)
    try:
        write_safely(path, "a:b", new=True)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert read_safely(path) == "a:b\n"


def test_a_new_file_takes_the_place_of_no_other(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    write_safely(path, "a:b", new=True)
    with pytest.raises(UsageError, match="cannot write keys to .*: File exists"):
        write_safely(path, "c:d", new=True)
    assert read_safely(path) == "a:b\n"
    write_safely(path, "c:d", new=False)
    assert read_safely(path) == "c:d\n"
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot write keys to"):
        write_safely(tmp_path / "file" / "keys", "a:b", new=True)


def test_a_credential_of_systemd_shows_the_mask_of_its_access_list_as_rights_of_a_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "keys"
    path.write_text("k1:secret")
    path.chmod(0o440)
    with pytest.raises(UsageError, match="mode 440"):
        read_safely(path)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert read_safely(path) == "k1:secret"
    for mode in (0o444, 0o460):
        path.chmod(mode)
        with pytest.raises(UsageError, match=f"mode {mode:o}"):
            read_safely(path)
