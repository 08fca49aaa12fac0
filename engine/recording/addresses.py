"""Addresses of the web, taken apart as they are written."""

import re
from urllib.parse import SplitResult, urlsplit

__all__ = ["URL", "pairs", "split"]

URL = re.compile(r"https?://[^\s\"'<>\\^`{|}]+", re.IGNORECASE)


def split(url: str) -> SplitResult | None:
    """Return the parts of an address; None where it is none."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - read, since only then it is checked
    except ValueError:
        return None
    return parts


def pairs(query: str) -> list[tuple[str, str]]:
    """Return the parameters of an address as they are written."""
    return [(name, value) for name, _, value in (part.partition("=") for part in query.split("&") if part)]
