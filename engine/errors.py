"""Every error Rollbook raises, and what a run does with it.

RollbookError
├── MappingError       stop    a mapping, an override or a test file is wrong
├── DiagnosticError    stop    a run told to be strict met something it would otherwise only report
├── UsageError         stop    a connection field, filter or option is missing, wrong or cannot be served
├── WritingError       stop    what was read cannot be written: the disk is full, the device is gone
├── StoreError         stop    the database or the keys of the store cannot be used
├── Unsealed           stop    a sealed text was changed, or was sealed for something else or with another key
└── ProviderError              what the provider did; names provider, fetch and redacted address
    ├── Unreachable    retry   no connection, or it broke
    │   └── TimedOut   retry   no answer, or none that was whole, in time
    ├── Throttled      retry   asked to slow down, perhaps with a waiting time
    │   └── Exhausted  stop    a quota is used up: the next request may be made much later
    ├── Unavailable    retry   5xx, or an error text that means "try again"
    ├── Expired        retry   the credential must be renewed, once
    ├── Refused        stop    the credentials are wrong
    ├── Blocked        stop    the guard lets no request go to this address
    ├── Forbidden      skip    a right is missing for this one request
    ├── Missing        skip    the thing asked for is not there
    ├── Failed         skip    any other error answer
    ├── Unreadable     skip    not JSON, too large, too deep, or not the announced envelope
    └── PageLoop       skip    pages repeat themselves

*retry*: the request is made again, within bounds; then it counts as *skip*. *skip*: the parent, page or
record is reported and the rest is delivered; a fetch without a parent has no rest, and a strict run has no
skips: both stop. *stop*: the run ends; what was read before is already out.

Whatever a message quotes, it stays short: of each part the beginning is told, and that there was more.
"""

from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

from engine.telling import cut, cut_lines

__all__ = [
    "Blocked",
    "DiagnosticError",
    "Exhausted",
    "Expired",
    "Failed",
    "Forbidden",
    "MappingError",
    "Missing",
    "PageLoop",
    "Place",
    "Problem",
    "ProviderError",
    "Refused",
    "RollbookError",
    "StoreError",
    "Throttled",
    "TimedOut",
    "Unavailable",
    "Unreachable",
    "Unreadable",
    "Unsealed",
    "UsageError",
    "Where",
    "WritingError",
]

Action = Literal["retry", "skip", "stop"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file; line and column count from 1, as editors do."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file: `place: path: what; do`."""

    place: Place
    path: str
    what: str
    do: str = ""

    def __str__(self) -> str:
        path = f"{cut(self.path)}: " if self.path else ""
        return f"{self.place}: {path}{cut(self.what)}" + (f"; {cut(self.do)}" if self.do else "")


@dataclass(frozen=True, slots=True)
class Where:
    """Where in a run something happened. `url` is redacted before it comes here."""

    provider: str = ""
    fetch: str = ""
    request: str = ""
    place: Place | None = None

    def __str__(self) -> str:
        parts = [self.provider, f"fetch {self.fetch}" if self.fetch else "", cut(self.request)]
        text = ": ".join(part for part in parts if part)
        return f"{text} ({self.place})" if self.place else text


class RollbookError(Exception):
    """What every error of Rollbook derives from."""

    action: ClassVar[Action] = "stop"

    def __str__(self) -> str:
        return cut_lines(super().__str__())


class MappingError(RollbookError):
    """A mapping, an override or a test file is wrong; `problems` holds everything found, in file order."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.place)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class DiagnosticError(RollbookError):
    """A run told to be strict met something it would otherwise only report."""


class UsageError(RollbookError):
    """A connection field, filter or option is missing, wrong, or cannot be served by this mapping."""


class WritingError(RollbookError):
    """What was read cannot be written: the disk is full, or the device is gone."""


class StoreError(RollbookError):
    """The database or the keys of the store cannot be used."""


class Unsealed(RollbookError):
    """A sealed text was changed, or was sealed for something else or with another key."""


@dataclass
class ProviderError(RollbookError):
    """What the provider did. `what` happened, `where`, and what to `do` about it."""

    what: str
    where: Where = field(default_factory=Where)
    do: str = ""
    status: int | None = None
    wait: float | None = None  # seconds the provider asks to wait before the next try

    #: The word mappings use for this class, in `errors: - is:` and `tolerate:`.
    word: ClassVar[str] = "failed"
    action: ClassVar[Action] = "skip"

    def __str__(self) -> str:
        where = str(self.where)
        return (f"{where}: " if where else "") + cut(self.what) + (f"; {cut(self.do)}" if self.do else "")

    def at(self, **where: object) -> "ProviderError":
        """Return the same error with parts of its `where` filled in that were still empty."""
        known = {name: value for name, value in where.items() if not getattr(self.where, name)}
        self.where = replace(self.where, **known)  # type: ignore[arg-type]
        return self


class Unreachable(ProviderError):
    """No connection to the provider, or it broke or timed out."""

    word = "unreachable"
    action = "retry"


class TimedOut(Unreachable):
    """The provider did not answer in time, or not to the end."""


class Throttled(ProviderError):
    """The provider asks to slow down."""

    word = "throttled"
    action: ClassVar[Action] = "retry"


class Exhausted(Throttled):
    """A quota is used up, and waiting would take too long: every other request would only meet the same."""

    action = "stop"


class Unavailable(ProviderError):
    """The provider is down for the moment."""

    word = "retry"
    action = "retry"


class Expired(ProviderError):
    """The credential is no longer valid and must be renewed; tried once per request."""

    word = "refresh"
    action = "retry"


class Refused(ProviderError):
    """The credentials are wrong, or may not use this API at all."""

    word = "refused"
    action = "stop"


class Blocked(ProviderError):
    """The guard lets no request go to this address: it is not public, or not spelled as an address is."""

    word = "blocked"
    action = "stop"


class Forbidden(ProviderError):
    """A right is missing for this one request."""

    word = "forbidden"


class Missing(ProviderError):
    """The thing asked for is not there."""

    word = "missing"


class Failed(ProviderError):
    """Any other error answer."""


class Unreadable(ProviderError):
    """The answer is not what was announced: not JSON, too large, too deep, or another envelope."""

    word = "unreadable"


class PageLoop(ProviderError):
    """The pages of a list repeat themselves."""

    word = "page_loop"
