"""Records the cassettes of Kolibri from a real one: `make live-record`.

Everybody in it is invented. So nothing is replaced but what proves a session, and the ids that Kolibri makes anew each
time: they are made from names, so that the tests of the mapping find them again. Times stay as they
were, and the tests tell those of the recording.
"""

import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx2

sys.path.insert(0, str(Path(__file__).parent.parent))
from live.founding import found
from live.happening import Between, log_out
from live.school import HILL, PASSWORD, School, node
from live.server import VERSION, Server

from engine.blocking import run_sync
from engine.errors import ProviderError

FOLDER = Path(__file__).parent.parent.parent / "cassettes" / "kolibri"
ADDRESS = "https://kolibri.school.example"
WRONG = "made-up-wrong-password"
NOWHERE = "0123456789abcdef0123456789abcdef"


class Tape(httpx2.AsyncBaseTransport):
    """A network that keeps what went over it."""

    def __init__(self, network: httpx2.AsyncBaseTransport) -> None:
        self._network = network
        self.exchanges: list[dict[str, Any]] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._network.handle_async_request(request)
        await response.aread()
        self.exchanges.append({"request": _asked(request), "response": _answered(response)})
        return response

    async def aclose(self) -> None:
        await self._network.aclose()


def _asked(request: httpx2.Request) -> dict[str, Any]:
    asked: dict[str, Any] = {"method": request.method, "url": request.url.path}
    if request.url.query:
        asked["query"] = dict(parse_qsl(request.url.query.decode()))
    if request.content:
        asked["json"] = json.loads(request.content)
    if "cookie" in request.headers:
        asked["headers"] = {"cookie": request.headers["cookie"]}
    return asked


def _answered(response: httpx2.Response) -> dict[str, Any]:
    answered: dict[str, Any] = {} if response.status_code == 200 else {"status": response.status_code}
    if "set-cookie" in response.headers:
        answered["headers"] = {"set-cookie": ", ".join(response.headers.get_list("set-cookie"))}
    return {**answered, "json": response.json()}


def record(school: School, name: str, resource: str = "course_enrollments", **options: Any) -> None:
    """Run the mapping, and write what went over the network as a cassette."""
    tape = Tape(options.pop("network", None) or httpx2.AsyncHTTPTransport())
    connection = {"username": "admin", "password": PASSWORD, **options}
    try:
        list(run_sync("kolibri", {**connection, "url": school.server.url}, resource=resource, transport=tape))
    except ProviderError as error:
        print(f"{name}: {error}")  # noqa: T201 - what is recorded may be a refusal
    said = {
        "source": f"live {datetime.now(UTC):%Y-%m-%d}, Kolibri {VERSION}",
        "connection": {"url": ADDRESS, **connection},
    }
    lines = [json.dumps(exchange, ensure_ascii=False) for exchange in tape.exchanges]
    text = json.dumps(said, ensure_ascii=False)[:-1] + ',\n "exchanges": [\n  ' + ",\n  ".join(lines) + "\n]}\n"
    (FOLDER / f"{name}.json").write_text(_scrubbed(text, school), encoding="utf-8")


def _scrubbed(text: str, school: School) -> str:
    """Return a cassette without what proves a session, and with ids that are made from names."""
    head, _, exchanges = text.partition('"exchanges"')
    for word in (PASSWORD, WRONG):
        exchanges = exchanges.replace(f'"{word}"', '"REDACTED"')
    for cookie, made_up in (("kolibri", "session"), ("kolibri_csrftoken", "csrf-token")):
        for number, value in enumerate(dict.fromkeys(re.findall(rf"\b{cookie}=(\w+)", exchanges)), 1):
            exchanges = exchanges.replace(f"{cookie}={value}", f"{cookie}=made-up-{made_up}-{number}")
    exchanges = re.sub(r"visitor_id=\w+", "visitor_id=made-up-visitor", exchanges)
    for name, given in _names(school):
        head, exchanges = head.replace(given, node(name)), exchanges.replace(given, node(name))
    return f'{head}"exchanges"{exchanges}'


def _names(school: School) -> Iterator[tuple[str, str]]:
    """Yield every id that Kolibri made, with a name for it."""
    yield from ((f"facility {name}", id_) for name, id_ in school.facilities.items())
    for kind, made in (("class", school.classes), ("person", school.people)):
        yield from ((f"{kind} {name}", told["id"]) for name, told in made.items())
    yield from ((f"task {title}", task.told["id"]) for title, task in school.tasks.items() if task.told["id"] != 1)


def main() -> None:
    """Record everything that the tests of the mapping play."""
    with tempfile.TemporaryDirectory() as home:
        server = Server(Path(home))
        try:
            server.start()
            _record_all(found(server))
        finally:
            server.stop()


def _record_all(school: School) -> None:
    url, hill = school.server.url, school.facilities[HILL]
    record(school, "run")
    record(school, "coach", username="coach")
    record(school, "facility", "courses", facility=hill)
    record(school, "users", "users")
    record(school, "wrong-password", password=WRONG)
    record(school, "wrong-username", username="nobody")
    record(school, "no-such-facility", facility=NOWHERE)
    record(school, "learner", username="ada")
    record(school, "session-ended", network=Between(4, log_out(url)))
    with school.as_person("admin") as admin:
        gone = admin.post("/api/auth/classroom/", {"name": "Soon gone", "parent": hill})["id"]
        school.classes["Soon gone"] = {"id": gone}
        take_away: Callable[[httpx2.Request], None] = lambda _: admin.delete(f"/api/auth/classroom/{gone}/")  # noqa: E731
        record(school, "forbidden-class", network=Between(3, take_away))


if __name__ == "__main__":
    main()
