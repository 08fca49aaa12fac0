"""What an answer means: fine, empty, or one of the error classes.

The rules of the fetch come first, then those of `http.errors`, then the usual meaning of the status (RFC 9110).
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from engine.errors import (
    Expired,
    Failed,
    Forbidden,
    Missing,
    ProviderError,
    Refused,
    Throttled,
    Unavailable,
    Unreadable,
)
from engine.exchange import Response
from engine.jsonata import EvaluationProblem
from engine.jsonata.truth import truth
from engine.mapping import ErrorClass, ErrorRule

__all__ = ["judge", "retry_after"]

_CLASSES: dict[ErrorClass, type[ProviderError]] = {
    "refresh": Expired,
    "throttled": Throttled,
    "retry": Unavailable,
    "forbidden": Forbidden,
    "refused": Refused,
    "missing": Missing,
    "failed": Failed,
}
_STATUS: dict[int, ErrorClass] = {
    401: "refresh", 403: "forbidden", 404: "missing", 408: "retry", 410: "missing", 425: "retry", 429: "throttled",
}  # fmt: skip
_DO: dict[ErrorClass, str] = {
    "refresh": "renew the token or key of the connection",
    "throttled": "run later, or lower `limits`",
    "retry": "try again later",
    "forbidden": "give the account this right, or let the mapping `tolerate: [forbidden]`",
    "refused": "check the credentials of the connection",
    "missing": "check the address and ids, or let the mapping `tolerate: [missing]`",
    "failed": "see the provider's documentation; if it means something else, add a rule to `errors`",
}


def judge(response: Response, rules: Iterable[ErrorRule], redact: Callable[[str], str]) -> bool:
    """Return whether the answer has content: False where a rule calls it empty. Raises a ProviderError."""
    scope: dict[str, Any] | None = None
    for rule in rules:
        scope = scope or _scope(response)
        if not _holds(rule, scope):
            continue
        if rule.is_ == "empty":
            return False
        said = _said(rule, scope) or _shortened(response.text)
        raise _error(rule.is_, said, response, redact)
    kind = _STATUS.get(response.status) or _kind(response.status)
    if kind is not None:
        raise _error(kind, _shortened(response.text), response, redact)
    return True


def _kind(status: int) -> ErrorClass | None:
    if status < 300:
        return None
    return "retry" if status >= 500 else "failed"


def _scope(response: Response) -> dict[str, Any]:
    scope: dict[str, Any] = {"status": response.status, "headers": dict(response.headers), "text": response.text}
    with suppress(Unreadable):  # `body` is absent where the answer is no JSON: rules then look at `text`
        scope["body"] = response.json
    return scope


def _holds(rule: ErrorRule, scope: dict[str, Any]) -> bool:
    try:
        return truth(rule.when(scope))
    except EvaluationProblem as problem:
        raise Unreadable(
            f"the error rule `{rule.when.text}` failed: {problem.message}", do="correct the rule"
        ) from None


def _said(rule: ErrorRule, scope: dict[str, Any]) -> str:
    try:
        return str(rule.message(scope) or "") if rule.message else ""
    except EvaluationProblem:
        return ""  # the message only adds to an error that is raised anyway


def _error(kind: ErrorClass, said: str, response: Response, redact: Callable[[str], str]) -> ProviderError:
    what = f"HTTP {response.status}" + (f": {redact(said)}" if said else " with an empty body")
    return _CLASSES[kind](what, do=_DO[kind], status=response.status, wait=retry_after(response))


def _shortened(text: str) -> str:
    folded = " ".join(text[:2000].split())
    if folded[:15].lower().startswith(("<!doctype", "<html")):
        return "an HTML page"
    return folded[:300] + ("…" if len(folded) > 300 else "")


def retry_after(response: Response, now: datetime | None = None) -> float | None:
    """Return the seconds that `Retry-After` asks to wait: a number, or a date (RFC 9110 section 10.2.3)."""
    text = response.headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        return max(float(text), 0.0)
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max((until - (now or datetime.now(UTC))).total_seconds(), 0.0)
