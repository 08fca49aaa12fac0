"""The HTTP client against servers that are functions, and one real server on loopback."""

import asyncio
import gzip
import http.server
import json
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from engine.client import Client
from engine.errors import Failed, ProviderError, Refused, Throttled, Unavailable, Unreachable, Unreadable
from engine.exchange import Request
from engine.mapping import Mapping
from engine.report import Report

SECRET = "s3cret-t0ken"
URL = "https://lms.example"
Handler = Callable[[httpx2.Request], httpx2.Response]


def mapping(**http: Any) -> Mapping:
    return Mapping.model_validate(
        {
            "mapping": 1,
            "provider": {"id": "acme", "name": "Acme"},
            "connection": {"url": {"title": "Address", "format": "url"}, "token": {"title": "Token", "secret": True}},
            "http": {
                "base_url": "{connection.url}",
                "auth": {"bearer": "{connection.token}"},
                "check": {"get": "/me"},
                **http,
            },
            "fetch": {"all": {"get": "/all"}},
            "courses": {"for": "course in all", "fields": {"id": "course.id"}},
        }
    )


def send(
    handler: Handler | None, *requests: Request, url: str = URL, report: Report | None = None, **http: Any
) -> list[Any]:
    """Send requests all at once; return their responses or errors."""

    async def run() -> list[Any]:
        scope = {"connection": {"url": url, "token": SECRET}}
        transport = httpx2.MockTransport(handler) if handler else None
        async with Client(mapping(**http), scope, report or Report(), transport=transport, backoff=0.0) as client:
            sent = (client.send(request, fetch="all") for request in requests)
            return await asyncio.gather(*sent, return_exceptions=True)

    return asyncio.run(run())


def one(handler: Handler | None, request: Request | None = None, **options: Any) -> Any:
    (result,) = send(handler, request or Request("GET", f"{URL}/all"), **options)
    if isinstance(result, BaseException):
        raise result
    return result


def test_a_request_arrives_with_its_proof_and_pairs_in_order() -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        assert request.headers["authorization"] == f"Bearer {SECRET}"
        assert request.url.raw_path == b"/all?b=2&a=1%2F2&a=3"
        return httpx2.Response(200, json={"ok": True}, headers=[("X-A", "1"), ("x-a", "2")])

    response = one(handler, Request("GET", f"{URL}/all", query=(("b", "2"), ("a", "1/2"), ("a", "3"))))
    assert response.json == {"ok": True}
    assert response.headers["x-a"] == "1, 2"


def test_forms_and_json_are_sent_as_such() -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json=[request.headers["content-type"], request.content.decode()])

    assert one(handler, Request("POST", f"{URL}/x", form=(("a[0]", "ä"),))).json == [
        "application/x-www-form-urlencoded",
        "a%5B0%5D=%C3%A4",
    ]
    assert one(handler, Request("POST", f"{URL}/x", json={"a": 1})).json == ["application/json", '{"a":1}']


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_fault_is_tried_again_and_counted(status: int) -> None:
    answers = iter([httpx2.Response(status), httpx2.Response(status), httpx2.Response(200, json=1)])
    report = Report()
    assert one(lambda _: next(answers), report=report).json == 1
    assert (report.requests, report.retries) == (3, 2)


@pytest.mark.parametrize(("status", "kind"), [(429, Throttled), (503, Unavailable)])
def test_a_fault_that_stays_is_told_after_five_tries(status: int, kind: type[ProviderError]) -> None:
    report = Report()
    with pytest.raises(kind):
        one(lambda _: httpx2.Response(status), report=report)
    assert report.requests == 5


@pytest.mark.parametrize("status", [400, 403, 404, 422])
def test_other_errors_are_not_tried_again(status: int) -> None:
    report = Report()
    with pytest.raises(ProviderError):
        one(lambda _: httpx2.Response(status), report=report)
    assert report.requests == 1


def test_a_broken_connection_is_tried_again() -> None:
    calls = iter([httpx2.ReadError("reset"), httpx2.RemoteProtocolError("gone"), None])

    def handler(request: httpx2.Request) -> httpx2.Response:
        fault = next(calls)
        if fault is not None:
            raise fault
        return httpx2.Response(200, json=1)

    assert one(handler).json == 1


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (
            httpx2.ConnectError("name or service not known"),
            "no connection: name or service not known; check the address",
        ),
        (httpx2.ReadTimeout("slow"), "no answer within 30 seconds"),
        (httpx2.ReadError("reset"), "the connection broke: reset"),
    ],
)
def test_a_host_that_cannot_be_reached_is_told_with_what_to_do(fault: Exception, told: str) -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        raise fault

    with pytest.raises(Unreachable, match=told):
        one(handler)


def test_a_waiting_time_beyond_the_bound_fails_at_once_and_tells_it() -> None:
    report = Report()
    with pytest.raises(Throttled, match="asks to wait 3600 seconds"):
        one(lambda _: httpx2.Response(429, headers={"Retry-After": "3600"}), report=report)
    assert report.requests == 1


def test_an_error_names_provider_fetch_and_address_and_hides_the_secret() -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(400, text=f"bad token {SECRET}")

    with pytest.raises(Failed) as caught:
        one(handler, Request("GET", f"{URL}/all", query=(("key", SECRET),)))
    told = str(caught.value)
    assert (
        told.startswith(f"acme: fetch all: GET {URL}/all?key=%E2%80%A2%E2%80%A2%E2%80%A2")
        or f"GET {URL}/all?key=•••" in told
    )
    assert SECRET not in told
    assert "bad token •••" in told


def test_no_log_shows_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        one(lambda _: httpx2.Response(200, json=1), Request("GET", f"{URL}/all", query=(("key", SECRET),)))
    assert "rollbook" in {record.name for record in caplog.records}
    assert SECRET not in caplog.text


def test_refused_credentials_are_told_as_such() -> None:
    with pytest.raises(Refused, match="who are you"):
        one(lambda _: httpx2.Response(401, text="who are you"))


OAUTH = {
    "oauth2": {
        "token_url": "/token",
        "grant": "client_credentials",
        "client_id": "me",
        "client_secret": "{connection.token}",
    }
}


class TokenServer:
    """Gives out tokens and knows which are good."""

    def __init__(self) -> None:
        self.given = 0
        self.good = ""
        self.log: list[str] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.log.append(request.url.path)
        if request.url.path == "/token":
            self.given += 1
            self.good = f"T{self.given}-{SECRET}"
            return httpx2.Response(200, json={"access_token": self.good, "expires_in": 3600})
        if request.headers.get("authorization") != f"Bearer {self.good}":
            return httpx2.Response(401, text=f"expired {request.headers.get('authorization')}")
        return httpx2.Response(200, json=1)


def test_twenty_requests_that_wait_for_a_token_cause_one_renewal() -> None:
    server = TokenServer()
    results = send(server, *[Request("GET", f"{URL}/all")] * 20, auth=OAUTH)
    assert [result.json for result in results] == [1] * 20
    assert server.given == 1


def test_a_token_that_expires_midway_is_renewed_once_for_all() -> None:
    server = TokenServer()

    async def run() -> list[Any]:
        scope = {"connection": {"url": URL, "token": SECRET}}
        client = Client(mapping(auth=OAUTH), scope, Report(), transport=httpx2.MockTransport(server), backoff=0.0)
        async with client:
            await client.send(Request("GET", f"{URL}/all"))
            server.good = "another"
            return list(await asyncio.gather(*[client.send(Request("GET", f"{URL}/all")) for _ in range(10)]))

    assert [result.json for result in asyncio.run(run())] == [1] * 10
    assert server.given == 2


def test_a_token_that_is_refused_again_after_its_renewal_ends_in_refused_without_showing_it() -> None:
    server = TokenServer()

    def never(request: httpx2.Request) -> httpx2.Response:
        server(request)
        return (
            httpx2.Response(200, json={"access_token": f"T-{SECRET}"})
            if request.url.path == "/token"
            else httpx2.Response(401, text=f"no T-{SECRET}")
        )

    with pytest.raises(Refused) as caught:
        one(never, auth=OAUTH)
    assert server.log.count("/token") == 2
    assert SECRET not in str(caught.value)


def test_redirects_are_followed_within_the_origin_only_and_only_for_get() -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        targets = {"/all": "/there", "/away": "https://evil.example/x", "/round": "/round"}
        if request.url.path in targets:
            return httpx2.Response(302, headers={"Location": targets[request.url.path]})
        return httpx2.Response(200, json=request.url.path)

    assert one(handler).json == "/there"
    with pytest.raises(Failed, match=r"it redirects to https://evil\.example; if that is right"):
        one(handler, Request("GET", f"{URL}/away"))
    with pytest.raises(Failed, match="redirects a POST"):
        one(handler, Request("POST", f"{URL}/all", form=()))
    with pytest.raises(Failed, match="redirects in a row"):
        one(handler, Request("GET", f"{URL}/round"))


def test_json_that_nests_ten_thousand_deep_is_refused() -> None:
    response = one(lambda _: httpx2.Response(200, content=b"[" * 10_000 + b"]" * 10_000))
    with pytest.raises(Unreadable, match="recursion limit"):
        response.json  # noqa: B018 - reading it is the test


def test_several_rates_hold_at_once_and_waiting_is_counted() -> None:
    report = Report()
    limits = {"parallel": 8, "rates": [{"requests": 3, "per": "second"}, {"requests": 100, "per": "hour"}]}
    results = send(
        lambda _: httpx2.Response(200, json=1), *[Request("GET", f"{URL}/all")] * 4, report=report, limits=limits
    )
    assert len(results) == 4
    assert 0.5 < report.waited < 30


def test_check_proves_a_connection_and_a_page_is_no_proof() -> None:
    async def check(handler: Handler) -> Any:
        scope = {"connection": {"url": URL, "token": SECRET}}
        async with Client(mapping(), scope, Report(), transport=httpx2.MockTransport(handler)) as client:
            return await client.check()

    assert asyncio.run(check(lambda request: httpx2.Response(200, json=request.url.path))).json == "/me"
    with pytest.raises(Unreadable, match="HTML page"):
        asyncio.run(check(lambda _: httpx2.Response(200, text="<html>Log in</html>")))


# -- a real server -----------------------------------------------------------------------------------------------------


class Server(http.server.BaseHTTPRequestHandler):
    """Answers by path."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer a GET."""
        body = json.dumps({"path": self.path, "connection": self.client_address[1]}).encode()
        headers = {}
        if self.path == "/gzip":
            body, headers = gzip.compress(body), {"Content-Encoding": "gzip"}
        elif self.path == "/bomb":
            body, headers = gzip.compress(b"[" + b"0," * 100_000_000 + b"0]", 1), {"Content-Encoding": "gzip"}
        elif self.path == "/torn":
            body, headers = b"this is no gzip", {"Content-Encoding": "gzip"}
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Stay silent."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    thread.join()
    running.server_close()


def test_compressed_answers_are_read(server: str) -> None:
    assert one(None, Request("GET", f"{server}/gzip"), url=server).json["path"] == "/gzip"


def test_a_small_body_that_unpacks_to_200_megabytes_is_stopped_at_the_limit(server: str) -> None:
    with pytest.raises(Unreadable, match="larger than 5 MB; ask for smaller pages"):
        one(None, Request("GET", f"{server}/bomb"), url=server, max_megabytes=5)


def test_a_body_that_cannot_be_unpacked_is_told(server: str) -> None:
    with pytest.raises(Unreadable, match="cannot be decompressed"):
        one(None, Request("GET", f"{server}/torn"), url=server)


def test_connections_are_kept_alive(server: str) -> None:
    results = send(None, *[Request("GET", f"{server}/a")] * 12, url=server, limits={"parallel": 2})
    assert len({result.json["connection"] for result in results}) <= 2


def test_a_port_where_nobody_listens_is_told() -> None:
    with pytest.raises(Unreachable, match="no connection"):
        one(None, Request("GET", "http://127.0.0.1:9/x"), url="http://127.0.0.1:9")
