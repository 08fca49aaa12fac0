"""The files that a mapping is proposed from: read as bytes, up to a size."""

from pathlib import Path

from engine.errors import UsageError

__all__ = ["contents"]


def contents(option: str, path: Path, most: int, do: str) -> bytes:
    """Return the bytes of a file that an option names, without a mark of byte order before them.

    Raises UsageError where it cannot be read, or is larger than `most` bytes; `do` says what to do then.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except OSError as error:
        raise UsageError(f"{option} {path}: the file cannot be read: {error.strerror or error}") from None
    if len(raw) > most:
        raise UsageError(f"{option} {path}: it is larger than {most // 1_000_000} MB; {do}")
    return raw.removeprefix(b"\xef\xbb\xbf")
