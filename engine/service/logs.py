"""The log: structured lines on standard error, with the id of their request, and nothing in them that is not ours.

All that is logged in the process goes through here, also by libraries. Hidden are secrets that are known, whatever
looks like one, what follows `?` in addresses, and mail addresses. Of an error that nobody expected, its class and where
it happened are told, not its message, which may quote what a provider sent.
"""

import logging
import re
import sys
import traceback
from collections.abc import Iterable
from typing import Any, TextIO

import structlog
from sqlalchemy import make_url
from structlog.typing import EventDict, Processor

from engine.escaping import escaped
from engine.redaction import HIDDEN, Redaction
from engine.service.settings import Settings
from engine.store import Places, Store

__all__ = ["Hiding", "configure", "secrets"]

#: Keys of this service, tokens as headers have them, JSON Web Tokens.
_SECRETS = re.compile(
    r"rbk_[0-9A-Za-z_-]+|(?<=Bearer )[^\s,;\"']+|(?<=Basic )[^\s,;\"']+|eyJ[\w-]{4,}\.[\w-]+(?:\.[\w-]*)?"
)
_QUERY = re.compile(r"(?<=\?)[^\s\"'<>]+")
_MAIL = re.compile(r"[^\s\"'<>@:;,()/=&]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
#: How many frames of an unexpected error are told, the innermost ones.
FRAMES = 12


class Hiding:
    """Hides in texts what does not belong into a log; `secrets` are hidden wherever they are."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._redaction = Redaction(secrets)

    def __call__(self, value: Any) -> Any:
        """Return a value of a log line as it may be told."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            return {str(name): self(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self(inner) for inner in value]
        return value if value is None or isinstance(value, bool | int | float) else self._text(str(value))

    def _text(self, text: str) -> str:
        text = self._redaction(text)
        for pattern in (_SECRETS, _QUERY, _MAIL):
            text = pattern.sub(HIDDEN, text)
        return text


def secrets(where: Places, store: Store) -> list[str]:
    """Return what the store has of secrets of its own: its keys, and the password of its database."""
    password = make_url(where.database).password
    return [*store.ring.secrets, *([str(password)] if password else [])]


def configure(settings: Settings, hidden: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Have the log of this process written as the settings say."""
    stream = stream or sys.stderr
    form = settings.log_format
    plain = form == "text" or (form == "auto" and stream.isatty())
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_message,
        _hidden(Hiding(hidden)),
    ]
    last: Processor = structlog.dev.ConsoleRenderer(colors=stream.isatty()) if plain else _json()
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *([_escaped] if plain else []), last],
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    _to(stream, formatter, settings.log_level.upper())


def _to(stream: TextIO, formatter: logging.Formatter, level: str) -> None:
    """Send everything that is logged to a stream; of libraries, only what is wrong."""
    to = logging.StreamHandler(stream)
    to.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [to]
    root.setLevel(logging.WARNING)
    logging.getLogger("rollbook").setLevel(level)
    logging.captureWarnings(capture=True)


def _json() -> Processor:
    return structlog.processors.JSONRenderer(sort_keys=False, ensure_ascii=False)


def _hidden(hide: Hiding) -> Processor:
    def hidden(_: Any, __: str, event: EventDict) -> EventDict:
        # Names that begin with `_` are the machinery's own.
        return {name: value if name.startswith("_") else hide(value) for name, value in event.items()}

    return hidden


def _escaped(_: Any, __: str, event: EventDict) -> EventDict:
    """Make texts safe for a terminal."""
    return {name: escaped(value) if isinstance(value, str) else value for name, value in event.items()}


def _without_message(_: Any, __: str, event: EventDict) -> EventDict:
    """Tell of an error its class and where it happened."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
        event["error"] = f"{type(error).__module__}.{type(error).__qualname__}"
        event["at"] = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    return event
