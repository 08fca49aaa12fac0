"""A person at Kolibri, who does what its own pages do: logs in, teaches, learns."""

from types import TracebackType
from typing import Any, Self

import httpx2


class Person:
    """Calls Kolibri's API with the cookies of one login, and the token against forgery that its pages send."""

    def __init__(self, url: str) -> None:
        self._client = httpx2.Client(base_url=url, timeout=60, trust_env=False)
        self.put("/api/auth/session/current/", {})  # gives the token, as pages ask for it

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def login(self, username: str, password: str, facility: str) -> Self:
        """Log in; return oneself."""
        self.post("/api/auth/session/", {"username": username, "password": password, "facility": facility})
        return self

    def get(self, path: str, **query: Any) -> Any:
        """Return what is there. Like all the others, raises httpx2.HTTPStatusError where it is refused."""
        return self._call("GET", path, params=query)

    def post(self, path: str, body: Any) -> Any:
        """Make something; return what the answer tells of it."""
        return self._call("POST", path, json=body)

    def put(self, path: str, body: Any) -> Any:
        """Put something in the place of another."""
        return self._call("PUT", path, json=body)

    def patch(self, path: str, body: Any) -> Any:
        """Change something."""
        return self._call("PATCH", path, json=body)

    def delete(self, path: str) -> None:
        """Take something away."""
        self._call("DELETE", path)

    def _call(self, method: str, path: str, **more: Any) -> Any:
        token = self._client.cookies.get("kolibri_csrftoken") or ""
        answer = self._client.request(method, path, headers={"X-CSRFToken": token}, **more)
        if answer.is_error:
            raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json() if answer.content else None
