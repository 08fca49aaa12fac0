"""A service over a store of its own and a fake LMS, as its callers see it."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from lms import HEAD, URL
from starlette.testclient import TestClient

from engine.guarding import Guard
from engine.service import Catalog, Settings, application
from engine.store import KeyRing, Store, open_store

__all__ = ["SCHOOL", "TOKENED", "Served", "listening", "served"]

#: A mapping of a school with courses and their enrollments, two on a page.
SCHOOL = (
    HEAD
    + """
fetch:
  courses:
    get: /courses
    items: items
    pages: { page: { param: page, size: 2, size_param: size, total: total } }
  enrollments:
    for: course in courses
    get: "/courses/{course.id}/enrollments"
    items: items
    pages: { page: { param: page, size: 2, size_param: size, total: total } }
course_enrollments:
  for: enrollment in enrollments
  fields: { id: enrollment.id, user.id: enrollment.user_id, course.id: course.id, updated_at: enrollment.changed }
  status: { from: enrollment.state, words: { on: in_progress } }
courses:
  for: course in courses
  fields: { id: course.id, title: course.title }
"""
)

#: The same with a token, and only the courses in pages.
TOKENED = (
    HEAD.replace("auth: { none: true }", 'auth: { bearer: "{connection.token}" }').replace(
        "connection:\n", "connection:\n  token: { title: Token, secret: true }\n"
    )
    + """
fetch:
  courses:
    get: /courses
    items: items
    pages: { page: { param: page, size: 2, size_param: size, total: total } }
  enrollments:
    for: course in courses
    get: "/courses/{course.id}/enrollments"
    items: items
course_enrollments:
  for: enrollment in enrollments
  fields: { id: enrollment.id, user.id: enrollment.user_id, user.name: enrollment.name, course.id: course.id }
  status: { from: enrollment.state, words: { on: in_progress } }
"""
)

Handler = Callable[[httpx2.Request], Any]


class Served:
    """A running service: `get` asks it with an admin's key, `account` is one of the fake LMS."""

    def __init__(self, client: TestClient, store: Store, key: str) -> None:
        self.client = client
        self.store = store
        self.key = key
        self.account = self.connect()

    def connect(self, provider: str = "acme", **values: Any) -> str:
        """Store an account, and return its id."""
        return self.store.accounts.create(provider, "Acme School", {"url": URL, **values}, secret=()).id

    def get(self, path: str = "course-enrollments", query: str = "", key: str | None = None) -> httpx2.Response:
        """Ask for a path below the unified lists, of the account unless the query names one."""
        if "integrated_account_id" not in query:
            query = f"integrated_account_id={self.account}" + (f"&{query}" if query else "")
        path = path if path.startswith("/") else f"/unified/lms/{path}"
        headers = {"Authorization": f"Bearer {self.key if key is None else key}"}
        return self.client.get(f"{path}?{query}", headers=headers)

    def send(self, method: str, path: str, body: Any = None, key: str | None = None, **given: Any) -> httpx2.Response:
        """Send a request to a path of the service; a body that is given is sent as JSON."""
        headers = {"Authorization": f"Bearer {self.key if key is None else key}", **given.pop("headers", {})}
        if body is not None:
            given["json"] = body
        return self.client.request(method, path, headers=headers, **given)

    def pages(self, path: str = "course-enrollments", query: str = "") -> Iterator[dict[str, Any]]:
        """Ask for page after page, to the end."""
        cursor = ""
        while True:
            answer = self.get(path, query + (f"&next_cursor={cursor}" if cursor else ""))
            assert answer.status_code == 200, answer.text
            page = answer.json()
            yield page
            cursor = page["next_cursor"]
            if not cursor:
                return


async def resolved(host: str, port: int) -> list[str]:
    """Find an address of every host: a public one, unless its name says that it is inside."""
    del port
    return ["10.0.0.1" if host.startswith("inside.") else "93.184.216.34"]


@contextmanager
def listening(app: Any) -> Iterator[str]:
    """Let an application listen on a free port, and give its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def served(
    folder: Path,
    text: str,
    lms: Handler | None = None,
    *,
    store: Path | None = None,
    ring: KeyRing | None = None,
    guard: Guard | None = None,
    **given: Any,
) -> Iterator[Served]:
    """Run a service in a folder over a mapping with the id `acme`, with a store that is named or of its own.

    Without a fake LMS its requests go to the network, past the guard.
    """
    mappings = folder / "mappings"
    mappings.mkdir(parents=True)
    (mappings / "acme.yaml").write_text(text, encoding="utf-8")
    file = store or folder / "store.db"
    with open_store(f"sqlite:///{file}", ring or KeyRing.generate(), migrate=True) as opened:
        _, key = opened.keys.create("admin", None, "test")
        settings = Settings(**given)
        transport = None if lms is None else httpx2.MockTransport(lms)
        guard = guard or (Guard(resolve=resolved) if lms else None)
        app = application(settings, opened, Catalog((mappings,)), transport=transport, guard=guard)
        with TestClient(app) as client:
            yield Served(client, opened, key)
