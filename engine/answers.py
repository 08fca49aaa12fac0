"""What an answer means: fine, empty, or one of the error classes.

The rules of the fetch come first, then those of `http.errors`, then the usual meaning of the status (RFC 9110).
"""

import json
import math
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin

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
from engine.exchange import Request, Response, origin
from engine.jsonata import EvaluationProblem, truth
from engine.mapping import ErrorClass, ErrorRule

__all__ = ["ADVICE", "judge", "redirected", "retry_after"]

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
#: What to do about each class.
ADVICE: dict[ErrorClass, str] = {
    "refresh": "renew the token or key of the connection",
    "throttled": "run later, or lower `limits`",
    "retry": "try again later",
    "forbidden": "give the account this right",
    "refused": "check the credentials of the connection",
    "missing": "check the address and ids",
    "failed": "see the provider's documentation; if it means something else, add a rule to `errors`",
}


#: How much of an answer is looked at for an error message, of which the beginning is shown.
LONGEST_LOOK = 100_000


def judge(response: Response, rules: Iterable[ErrorRule], redact: Callable[[str], str]) -> bool:
    """Return whether the answer has content: False where a rule calls it empty. Raises a ProviderError."""
    for rule in rules:
        if not _holds(rule, response.seen):
            continue
        if rule.is_ == "empty":
            return False
        error = _error(rule.is_, _said(rule, response.seen) or response.text, response, redact)
        asked = _wait(rule, response.seen)
        error.wait = error.wait if asked is None else asked
        raise error
    kind = _STATUS.get(response.status) or _kind(response.status)
    if kind is not None:
        raise _error(kind, response.text, response, redact)
    return True


def _kind(status: int) -> ErrorClass | None:
    if status < 300:
        return None
    return "retry" if status >= 500 else "failed"


def _holds(rule: ErrorRule, scope: dict[str, Any]) -> bool:
    try:
        return truth(rule.when(scope))
    except EvaluationProblem as problem:
        raise Unreadable(
            f"the error rule `{rule.when.text}` failed: {problem.message}", do="correct the rule"
        ) from None


def _said(rule: ErrorRule, scope: dict[str, Any]) -> str:
    try:
        said = rule.message(scope) if rule.message else ""
    except EvaluationProblem:
        return ""  # the message only adds to an error that is raised anyway
    return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False) if said else ""


def _wait(rule: ErrorRule, scope: dict[str, Any]) -> float | None:
    """Return the seconds a rule finds; None where they are no time to wait, and the usual pauses are made."""
    try:
        asked = rule.wait(scope) if rule.wait else None
        seconds = float(asked) if isinstance(asked, int | float | str) and not isinstance(asked, bool) else 0.0
    except (EvaluationProblem, ValueError, OverflowError):
        return None
    return seconds if 0 < seconds < math.inf else None


def _error(kind: ErrorClass, said: str, response: Response, redact: Callable[[str], str]) -> ProviderError:
    # Redacted before it is shortened: half a secret would not be known as one.
    said = _shortened(redact(said[:LONGEST_LOOK]))
    what = f"HTTP {response.status}" + (f": {said}" if said else " with an empty body")
    return _CLASSES[kind](what, do=ADVICE[kind], status=response.status, wait=retry_after(response))


def _shortened(text: str) -> str:
    folded = " ".join(text.split())
    if folded[:15].lower().startswith(("<!doctype", "<html")):
        return "an HTML page"
    return folded[:300] + ("…" if len(folded) > 300 else "")


def redirected(request: Request, response: Response) -> Request | None:
    """Return the request that a redirect asks for (RFC 9110 section 15.4), or None where the answer is none.

    Only a GET is followed, and only within its origin, since its credentials go along. Raises Failed.
    """
    if response.status not in (301, 302, 303, 307, 308):
        return None
    location = response.headers.get("location", "")
    try:
        target = urljoin(request.url, location) if location else ""
    except ValueError:
        target = ""
    if not origin(target):
        what, do = "without saying where", "check the address of the connection"
    elif origin(target) != origin(request.url):
        what, do = f"to {origin(target)}", "if that is right, use it as the connection's address"
    elif request.method != "GET":
        what, do = f"a {request.method} to {target.partition('?')[0]}", "use the address it redirects to"
    else:
        return Request("GET", target, headers=request.headers, reads=request.reads, timeout=request.timeout)
    raise Failed(f"it redirects {what}", do=do, status=response.status)


def retry_after(response: Response, now: datetime | None = None) -> float | None:
    """Return the seconds that `Retry-After` asks to wait: a number, or a date (RFC 9110 section 10.2.3).

    None where it asks for nothing that could be waited for, such as a date in the past: then the usual pause is made.
    """
    text = response.headers.get("retry-after", "").strip()
    seconds = _seconds(text, now or datetime.now(UTC))
    return seconds if seconds > 0 else None


def _seconds(text: str, now: datetime) -> float:
    if re.fullmatch(r"[+-]?\d+(\.\d*)?(e[+-]?\d+)?", text, re.ASCII | re.IGNORECASE):
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return 0.0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return (until - now).total_seconds()
