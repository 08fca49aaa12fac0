"""Files with keys: read only where nobody but their owner can read them, and written the same way."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from engine.errors import UsageError

__all__ = ["read_safely", "write_safely"]

#: The largest file of keys that is read, in bytes.
LARGEST = 1 << 16


def read_safely(path: Path) -> str:
    """Return the text of a file of keys. Raises UsageError where it cannot be read, or others can read it."""
    try:
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
            if os.name == "posix" and about.st_mode & _others(path):
                mode = stat.S_IMODE(about.st_mode)
                raise UsageError(f"{path} has keys, and others may use it (mode {mode:o}); run `chmod 600 {path}`")
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"cannot read the keys in {path}: {error.strerror}") from None
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError:
        text = ""
    if not text.strip() or len(data) > LARGEST:
        raise UsageError(f"{path} is not a file of keys; it has one `id:key` on each line")
    return text


def _others(path: Path) -> int:
    """Return what a mode must not have.

    In its folder for credentials systemd lets one user read a file by an access list, of which the mode shows the mask
    as the rights of the group: https://systemd.io/CREDENTIALS
    """
    given = os.environ.get("CREDENTIALS_DIRECTORY")
    others = stat.S_IRWXG | stat.S_IRWXO
    return others & ~stat.S_IRGRP if given and path.parent == Path(given) else others


def write_safely(path: Path, text: str, *, new: bool) -> None:
    """Write keys, whole or not at all, for nobody but their owner.

    Raises UsageError where they cannot be written; if `new`, also where there is such a file.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text.rstrip("\n") + "\n")
            file.flush()
            os.fsync(file.fileno())
        if new:
            os.link(part, path)
        else:
            part.replace(path)
    except OSError as error:
        raise UsageError(f"cannot write keys to {path}: {error.strerror}") from None
    finally:
        with suppress(OSError):
            part.unlink()
