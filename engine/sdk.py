"""The client of the service: its lists as records, page after page.

client = engine.Client("https://rollbook.example", key)
enrollments = client.course_enrollments(account, filters=["status=completed"])
for enrollment in enrollments:
…
enrollments.errors      # what the provider could not give, and is missing
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Generic, Self, TypeVar
from urllib.parse import quote

import httpx2
import stamina
from pydantic import BaseModel, ValidationError

from engine.calls import unsendable
from engine.errors import RollbookError, UsageError
from engine.filters import Filter
from engine.records import Course, CourseEnrollment, CourseItem, User

__all__ = ["ApiError", "Client", "Page", "Records"]

R = TypeVar("R", bound=BaseModel)
Query = Mapping[str, str | list[str]]

#: What may be different a moment later.
_PASSING = (429, 502, 503, 504)
_NO_ANSWER = "this is no answer of the service; check its address, and what stands before it"
#: The longest wait that a Retry-After is followed for, in seconds.
LONGEST_WAIT = 300.0


@dataclass
class ApiError(RollbookError):
    """What the service answered instead of data, or why there was no answer. `body` is the error body as it came.

    `remote` says whether the provider failed, and not the service; `wait` is how many seconds the service asks to wait.
    """

    status: int | None
    message: str
    body: Mapping[str, Any] = field(default_factory=dict)
    request_id: str = ""
    wait: float | None = None

    @property
    def remote(self) -> bool:
        """Whether the provider failed."""
        return self.body.get("truto_is_remote_error") is True

    @property
    def further(self) -> Any:
        """The cursor to go on with, where the service looked at something in vain before it failed."""
        return self.body.get("next_cursor")

    def __str__(self) -> str:
        status = f"HTTP {self.status}: " if self.status else ""
        return f"{status}{self.message}" + (f" (request {self.request_id})" if self.request_id else "")


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """One page of a list. `errors` tells what is missing from it; `next_cursor` leads to the next, None at the end."""

    result: list[R]
    next_cursor: str | None
    errors: list[dict[str, Any]]


class Records(Generic[R]):
    """All records of a list: iterate over it once. `errors` grows with the pages."""

    def __init__(self, pages: Iterator[Page[R]]) -> None:
        self._pages = pages
        self.errors: list[dict[str, Any]] = []
        #: Whether all pages were read, and nothing was missing from them.
        self.complete = False

    def __iter__(self) -> Iterator[R]:
        for page in self._pages:
            self.errors += page.errors
            yield from page.result
        self.complete = not self.errors


class Client:
    """A client of the service at an address, with an API key; also a context manager.

    What may be different a moment later (no connection, 429, 502, 503, 504) is asked again up to `attempts` times,
    after as long as the service says; changes are never made twice. `timeout` is in seconds: a page of a slow provider
    may take the service's `ROLLBOOK_PAGE_SECONDS`.
    """

    def __init__(
        self, base_url: str, key: str, *, timeout: float = 120.0, attempts: int = 5, transport: Any = None
    ) -> None:
        if not base_url.startswith(("https://", "http://")):
            raise UsageError("the address of the service begins with https:// or http://")
        if not key or (fault := unsendable(key)):
            what = f"has {fault}" if key else "is empty"
            raise UsageError(f"the API key {what}; copy it again, as `rollbook keys create` printed it")
        headers = {"Authorization": f"Bearer {key}", "Accept": "application/json"}
        self._attempts = attempts
        self._http = httpx2.Client(
            base_url=base_url.rstrip("/"), headers=headers, timeout=timeout, transport=transport, follow_redirects=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({str(self._http.base_url)!r})"

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def course_enrollments(self, account: str, **options: Any) -> Records[CourseEnrollment]:
        """Return all course enrollments of an account. The options are those of `page`."""
        return self._records(CourseEnrollment, account, options)

    def courses(self, account: str, **options: Any) -> Records[Course]:
        """Return all courses of an account. The options are those of `page`."""
        return self._records(Course, account, options)

    def users(self, account: str, **options: Any) -> Records[User]:
        """Return all users of an account. The options are those of `page`."""
        return self._records(User, account, options)

    def course_items(self, account: str, **options: Any) -> Records[CourseItem]:
        """Return all course items of an account. The options are those of `page`."""
        return self._records(CourseItem, account, options)

    def course(self, account: str, id: str) -> Course:  # noqa: A002 - the word for it
        """Return one course. Raises ApiError, with status 404 where there is none of this id."""
        return self._single(Course, account, id)

    def user(self, account: str, id: str) -> User:  # noqa: A002 - the word for it
        """Return one user. Raises ApiError, with status 404 where there is none of this id."""
        return self._single(User, account, id)

    def page(
        self,
        of: type[R],
        account: str,
        *,
        cursor: str | None = None,
        filters: Iterable[Filter | str] = (),
        limit: int = 100,
        remote_data: bool = True,
        exclude: Collection[str] = (),
        remote_query: Mapping[str, str] | None = None,
    ) -> Page[R]:
        """Return one page of a list, such as `page(engine.User, account)`; `limit` is its size.

        `filters` are those of the library: `"course.id=7"`, `"updated_at>=2025-01-01"`. Raises ApiError.
        """
        if of not in _PATHS:
            raise UsageError(f"there is no list of these; give one of {', '.join(one.__name__ for one in _PATHS)}")
        if "id" in exclude:
            raise UsageError("`id` cannot be left out: it is what a record is known by")
        query: dict[str, str | list[str]] = {"integrated_account_id": account, "limit": str(limit)}
        for given in filters:
            name, values = _parameter(Filter.parse(given) if isinstance(given, str) else given)
            query[name] = [*query.get(name, []), *values]
        query |= {_remote(name): value for name, value in (remote_query or {}).items()}
        query |= {"exclude_fields[]": list(exclude)} if exclude else {}
        query |= {} if remote_data else {"ignore_remote_data": "true"}
        query |= {"next_cursor": cursor} if cursor else {}
        answer = self.get(f"/unified/lms/{_PATHS[of]}", query)
        match answer:
            case {"result": list(found), "next_cursor": str() | None as following, "errors": list(told)}:
                return Page([self._read(of, one) for one in found], following, told)
        raise ApiError(None, _NO_ANSWER)

    def get(self, path: str, query: Query | None = None) -> Any:
        """Return the JSON at a path of the service. Raises ApiError."""
        return self._again("GET", path, params=query)

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Change something at a path of the service, such as an account, and return the JSON that comes back."""
        return self._once(method, path, json=body)

    def _records(self, of: type[R], account: str, options: Mapping[str, Any]) -> Records[R]:
        def pages() -> Iterator[Page[R]]:
            cursor: str | None = options.get("cursor")
            while True:
                page = self._page_or_rest(of, account, {**options, "cursor": cursor})
                yield page
                cursor = page.next_cursor
                if not cursor:
                    return

        return Records(pages())

    def _page_or_rest(self, of: type[R], account: str, options: Mapping[str, Any]) -> Page[R]:
        """Return a page; an empty one where nothing was found yet, and the service tells where to go on."""
        try:
            return self.page(of, account, **options)
        except ApiError as error:
            if not isinstance(error.further, str):
                raise
            return Page([], error.further, list(error.body.get("errors") or []))

    def _single(self, of: type[R], account: str, id: str) -> R:  # noqa: A002 - the word for it
        path = f"/unified/lms/{_PATHS[of]}/{quote(id, safe='')}"
        return self._read(of, self.get(path, {"integrated_account_id": account}))

    def _read(self, of: type[R], data: Any) -> R:
        try:
            return of.model_validate(data)
        except ValidationError as error:
            fault = error.errors()[0]
            where = ".".join(str(part) for part in fault["loc"])
            what = f"a record is not as this version knows it: {where}: {fault['msg']}; use the version of the service"
            raise ApiError(None, what) from None

    def _again(self, method: str, path: str, **options: Any) -> Any:
        """Ask, and again where the answer may be another one then."""
        for attempt in stamina.retry_context(on=_passing, attempts=self._attempts, timeout=None):
            with attempt:
                return self._once(method, path, **options)
        raise AssertionError("a retry ends with an answer or an error")

    def _once(self, method: str, path: str, **options: Any) -> Any:
        try:
            response = self._http.request(method, path, **options)
        except httpx2.RequestError as error:  # no connection, or an answer that cannot be unpacked
            what = f"the service at {self._http.base_url} cannot be reached: {error or type(error).__name__}"
            raise ApiError(None, what) from None
        try:
            data = response.json() if response.content else None
        except ValueError:
            data = None
        if response.is_success and (data is not None or not response.content):
            return data
        raise _error(response, data)


#: Where the lists of each kind of record are.
_PATHS: Mapping[type, str] = {
    CourseEnrollment: "course-enrollments",
    Course: "courses",
    User: "users",
    CourseItem: "course-items",
}


def _remote(name: str) -> str:
    """Return a parameter for the provider as the service writes it: `include[]` is `remote_query[include][]`."""
    first, bracket, rest = name.partition("[")
    return f"remote_query[{first}]{bracket}{rest}"


def _parameter(given: Filter) -> tuple[str, list[str]]:
    """Return a filter as the service writes it, its values in a list since any of them may have a comma."""
    first, *rest = given.field.split(".")
    name = first + "".join(f"[{key}]" for key in rest)
    if given.op in ("in", "nin"):
        return f"{name}[{given.op}][]", list(given.values)
    return name if given.op == "eq" else f"{name}[{given.op}]", list(given.values)


def _error(response: httpx2.Response, data: Any) -> ApiError:
    """Return the error of an answer; one that is not of the service is told as what it is."""
    body = data if isinstance(data, dict) and "statusCode" in data else {}
    message = str(body.get("message") or _NO_ANSWER)
    wait = response.headers.get("retry-after", "")
    id_ = response.headers.get("x-request-id", "")
    return ApiError(response.status_code, message, body, id_, float(wait) if wait.isdecimal() else None)


def _passing(error: Exception) -> bool | float:
    """Say whether to ask again, and after how long where the service tells."""
    if not isinstance(error, ApiError) or (error.status is not None and error.status not in _PASSING):
        return False
    if error.further:  # there is somewhere to go on, so the same need not be asked again
        return False
    return error.wait if error.wait is not None and error.wait <= LONGEST_WAIT else error.wait is None
