"""What goes wrong with a request, as the one error body of the service.

`{"statusCode", "error", "message", "details"?, "truto_is_remote_error"?, "remote_status"?, "raw_response"?}`; the field
names are those of Truto's API, so that a client written for it reads them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from engine.errors import (
    Blocked,
    Exhausted,
    Expired,
    Forbidden,
    MappingError,
    Missing,
    ProviderError,
    Refused,
    Throttled,
    TimedOut,
    UsageError,
)

__all__ = ["Detail", "Failure", "bad_request", "of_provider", "of_usage"]

#: The longest wait that a caller is told, in seconds: quotas last a month at most.
LONGEST_WAIT = 31 * 86_400.0


@dataclass(frozen=True, slots=True)
class Detail:
    """What is wrong with one parameter, header or field of a body."""

    parameter: str
    message: str


@dataclass
class Failure(Exception):
    """Ends a request with a status and the error body. Its message is for the caller: no secret, no inner workings."""

    status: int
    message: str
    details: Sequence[Detail] = ()
    headers: dict[str, str] = field(default_factory=dict)
    remote: bool = False
    remote_status: int | None = None
    raw_response: str | None = None
    #: What else the caller needs to know, such as where to go on.
    more: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message

    def body(self) -> dict[str, Any]:
        """Return the error body."""
        body: dict[str, Any] = {
            "statusCode": self.status,
            "error": HTTPStatus(self.status).phrase,
            "message": self.message,
        }
        if self.details:
            body["details"] = [{"parameter": one.parameter, "message": one.message} for one in self.details]
        if self.remote:
            body |= {"truto_is_remote_error": True, "remote_status": self.remote_status}
            if self.raw_response is not None:
                body["raw_response"] = self.raw_response
        return body | self.more


#: The status of an answer for each class of what a provider did; the others are 502.
_STATUS: dict[type[ProviderError], int] = {
    Refused: 401,
    Expired: 401,
    Forbidden: 403,
    Missing: 404,
    Throttled: 429,
    TimedOut: 504,
    Exhausted: 429,
}


def bad_request(parameter: str, message: str) -> Failure:
    """Return the failure of one parameter."""
    return Failure(400, f"{parameter}: {message}", [Detail(parameter, message)])


def of_provider(error: ProviderError, said: str | None = None) -> Failure:
    """Return what a provider did as a failure; `said` is the body of its last error, without secrets."""
    if isinstance(error, Blocked):
        # Not the provider's doing: no request was made. The account has an address that it may not have.
        return Failure(400, str(error))
    status = _STATUS.get(type(error), 502)
    # A provider may ask for more seconds than there are, or for more than a clock can hold.
    wait = 60.0 if error.wait is None else min(error.wait, LONGEST_WAIT)
    headers = {"Retry-After": str(max(1, round(wait)))} if status == 429 else {}
    return Failure(status, str(error), (), headers, remote=True, remote_status=error.status, raw_response=said)


def of_usage(error: UsageError | MappingError, parameter: str = "") -> Failure:
    """Return what was asked for and cannot be as a failure."""
    details = [Detail(parameter, str(error))] if parameter else []
    return Failure(400, str(error), details)
