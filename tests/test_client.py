"""The HTTP client against servers that are functions, and one real server on loopback."""

import asyncio
import gc
import gzip
import http.server
import itertools
import json
import logging
import re
import threading
import time
import warnings
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import pytest
import stamina
from asking import SECRET, URL, Handler, mapping, one, send

from engine.client import Client, Exchange
from engine.errors import (
    Failed,
    Missing,
    ProviderError,
    Refused,
    Throttled,
    Unavailable,
    Unreachable,
    Unreadable,
    UsageError,
)
from engine.exchange import Request
from engine.mapping import ErrorRule
from engine.redaction import Redaction
from engine.report import Report


def test_a_request_arrives_with_its_proof_and_pairs_in_order() -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        assert request.headers["authorization"] == f"Bearer {SECRET}"
        assert request.url.raw_path == b"/all?b=2&a=1%2F2&a=3"
        return httpx2.Response(200, json={"ok": True}, headers=[("X-A", "1"), ("x-a", "2")])

    response = one(handler, Request("GET", f"{URL}/all", query=(("b", "2"), ("a", "1/2"), ("a", "3"))))
    assert response.json == {"ok": True}
    assert response.headers["x-a"] == "1, 2"


def test_large_answers_are_read_in_another_thread_and_small_ones_at_once() -> None:
    threads: list[tuple[int, str]] = []

    def reads(body: bytes) -> int:
        threads.append((len(body), threading.current_thread().name))
        return len(body)

    def handler(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, text="x" * int(request.url.query))

    small, large = (Request("GET", f"{URL}/all?{length}", reads=reads) for length in (1000, 100_000))
    assert [answer.data for answer in send(handler, small, small)] == [1000, 1000]
    assert [answer.data for answer in send(handler, large)] == [100_000]
    assert threads == [(1000, "MainThread"), (1000, "MainThread"), (100_000, "rollbook_0")]


@pytest.mark.parametrize("auth", [{"bearer": "{connection.token}"}, {"none": True}])
def test_what_is_wrong_with_a_large_answer_is_told_as_of_a_small_one(auth: dict[str, Any]) -> None:
    body = b"[" + b'{"id": 1},' * 100_000
    answer = one(lambda _: httpx2.Response(200, content=body), auth=auth)
    for _ in range(2):  # and found out once
        with pytest.raises(Unreadable, match=rf"EOF while parsing a value at line 1 column {len(body)}; .* breaks off"):
            _ = answer.json


def test_the_parameters_of_a_providers_own_link_stay_beside_those_of_the_proof() -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json=request.url.raw_path.decode())

    auth = {"query": {"key": "{connection.token}"}}
    assert one(handler, Request("GET", f"{URL}/all?page=b%3a2+x"), auth=auth).json == f"/all?page=b%3a2+x&key={SECRET}"


def test_whoever_listens_is_told_what_a_request_was_for_as_it_was_sent_and_as_it_may_be_shown() -> None:
    heard: list[Exchange] = []

    async def run() -> None:
        scope = {"connection": {"url": URL, "token": SECRET}}
        transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=[]))
        options: dict[str, Any] = {"transport": transport, "on_exchange": heard.append}
        async with Client(mapping(auth={"query": {"key": "{connection.token}"}}), scope, Report(), **options) as client:
            await client.send(Request("GET", f"{URL}/all?key={SECRET}"), fetch="all")
            assert isinstance(client.redact, Redaction)
            assert client.redact.secrets == {SECRET}

    asyncio.run(run())
    assert [(told.fetch, told.sent.address) for told in heard] == [("all", f"{URL}/all?key={SECRET}")]
    assert SECRET not in repr(heard[0])


def test_a_request_says_who_makes_it_unless_the_mapping_does() -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json=request.headers["user-agent"])

    assert re.fullmatch(r"rollbook/[0-9][\w.]*", one(handler).json)
    assert one(handler, Request("GET", f"{URL}/all", headers={"user-agent": "me"})).json == "me"


def test_no_cookies_are_kept() -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json="cookie" in request.headers, headers={"Set-Cookie": "session=1; Path=/"})

    limits = {"parallel": 1}
    results = send(handler, *[Request("GET", f"{URL}/all")] * 2, limits=limits)
    assert [result.json for result in results] == [False, False]


def test_forms_and_json_are_sent_as_such() -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json=[request.headers["content-type"], request.content.decode()])

    assert one(handler, Request("POST", f"{URL}/x", form=(("a[0]", "ä"),))).json == [
        "application/x-www-form-urlencoded",
        "a%5B0%5D=%C3%A4",
    ]
    assert one(handler, Request("POST", f"{URL}/x", json={"a": 1})).json == ["application/json", '{"a":1}']
    assert one(handler, Request("POST", f"{URL}/x", text="ä{}")).json == ["text/plain; charset=utf-8", "ä{}"]
    typed = Request("POST", f"{URL}/x", text="{x}", headers={"Content-Type": "application/graphql"})
    assert one(handler, typed).json == ["application/graphql", "{x}"]


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
        (httpx2.ReadTimeout("slow"), "no answer within 30 seconds; try later, or raise `timeout`"),
        (httpx2.ProxyError("403 Forbidden"), "the proxy does not let through: 403 Forbidden; check the proxy"),
        (
            httpx2.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate"),
            "its certificate is not trusted: certificate verify failed: self-signed certificate; check the address",
        ),
        (httpx2.ReadError(""), "the connection broke: read error"),
        (httpx2.ReadError("reset"), "the connection broke: reset"),
    ],
)
def test_a_host_that_cannot_be_reached_is_told_with_what_to_do(fault: Exception, told: str) -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        raise fault

    with pytest.raises(Unreachable, match=told):
        one(handler)


def test_an_answer_that_trickles_in_for_ever_is_given_up() -> None:
    class Trickle(httpx2.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                yield b" "
                await asyncio.sleep(0.001)

    with pytest.raises(Unreachable, match=r"not complete after 0\.01 seconds"):
        one(lambda _: httpx2.Response(200, stream=Trickle()), timeout=0.001)


def test_a_request_can_be_waited_for_longer_than_the_others() -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json=request.extensions["timeout"]["read"])

    assert one(handler, Request("GET", f"{URL}/x", timeout=300)).json == 300
    assert one(handler, Request("GET", f"{URL}/x")).json == 30


@pytest.mark.parametrize("url", ["https://a.example/\n", "ftp://a.example/x", "https://"])
def test_what_is_no_address_is_told(url: str) -> None:
    async def run() -> None:
        async with Client(mapping(), {"connection": {"url": URL, "token": SECRET}}, Report(), backoff=0.0) as client:
            await client.send(Request("GET", url))

    with pytest.raises(ProviderError, match="address"):
        asyncio.run(run())


def test_a_waiting_time_is_kept_and_counted() -> None:
    report = Report()
    answers = iter([httpx2.Response(429, headers={"Retry-After": "0.03"}), httpx2.Response(200, json=1)])
    stamina.set_testing(testing=False)
    began = time.monotonic()
    assert one(lambda _: next(answers), report=report).json == 1
    assert time.monotonic() - began >= 0.03
    assert 0.03 <= report.waited < 1


def test_a_waiting_time_beyond_the_bound_fails_at_once_and_tells_it() -> None:
    report = Report()
    with pytest.raises(Throttled, match="asks to wait 1 hour"):
        one(lambda _: httpx2.Response(429, headers={"Retry-After": "3600"}), report=report)
    assert report.requests == 1


@pytest.mark.parametrize("asked", ["1e9", "9" * 10, "9" * 400])
def test_a_waiting_time_of_any_length_fails_at_once(asked: str) -> None:
    report = Report()
    with pytest.raises(Throttled, match="asks to wait longer than anybody can"):
        one(lambda _: httpx2.Response(429, headers={"Retry-After": asked}), report=report)
    assert report.requests == 1


@pytest.mark.parametrize("asked", ["0", "-5", "Tue, 01 Jan 2019 00:00:00 GMT"])
def test_a_waiting_time_that_is_over_does_not_remove_the_usual_pause(asked: str) -> None:
    answers = iter([httpx2.Response(429, headers={"Retry-After": asked}), httpx2.Response(200, json=1)])
    stamina.set_testing(testing=False)

    async def run() -> None:
        scope = {"connection": {"url": URL, "token": SECRET}}
        transport = httpx2.MockTransport(lambda _: next(answers))
        async with Client(mapping(), scope, Report(), transport=transport, backoff=0.05) as client:
            await client.send(Request("GET", f"{URL}/all"))

    began = time.monotonic()
    asyncio.run(run())
    assert time.monotonic() - began >= 0.05


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


def test_a_credential_in_a_link_of_the_provider_is_shown_in_no_error_and_no_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    link = Request("GET", f"{URL}/all?page=2&access%5Ftoken=hush&X-Amz-Signature=hush")
    with caplog.at_level(logging.DEBUG), pytest.raises(Failed) as caught:
        one(lambda _: httpx2.Response(400, text="no such page: /all?page=2&access_token=hush"), link)
    assert "page=2&access%5Ftoken=•••" in str(caught.value)
    assert "page=2&access%5Ftoken=•••" in caplog.text
    assert "hush" not in str(caught.value) + caplog.text


def test_an_address_of_any_length_is_told_by_its_beginning(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(Failed, match="HTTP 414: too long; see") as caught:
        one(lambda _: httpx2.Response(414, text="too long"), Request("GET", f"{URL}/all?q={'x' * 60_000}"))
    assert len(str(caught.value)) < 2000
    assert len(caplog.text) < 2000


def test_no_log_of_the_http_library_shows_anything(server: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        one(None, Request("GET", f"{server}/a", query=(("key", SECRET),)), url=server)
    assert {record.name.partition(".")[0] for record in caplog.records} <= {"rollbook", "asyncio"}
    assert SECRET not in caplog.text


def test_an_address_in_an_error_of_the_http_library_hides_the_secret() -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadError(f"while reading {request.url}, Authorization: {request.headers['authorization']}")

    with pytest.raises(Unreachable, match="the connection broke: while reading") as caught:
        one(handler, Request("GET", f"{URL}/all", query=(("key", SECRET),)))
    assert SECRET not in str(caught.value)


def test_a_basic_pair_that_comes_back_is_hidden() -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(400, text=f"bad {request.headers['authorization'].split()[1]}")

    with pytest.raises(Failed, match="bad •••"):
        one(handler, auth={"basic": {"username": "me", "password": "{connection.token}"}})


def test_a_constant_of_the_mapping_is_no_secret() -> None:
    with pytest.raises(Failed, match="HTTP 418: 4 and 1"):
        one(lambda _: httpx2.Response(418, text="4 and 1"), auth={"headers": {"X-Version": "1"}})


def test_a_token_that_cannot_be_sent_is_told_before_the_first_request() -> None:
    scope = {"connection": {"url": URL, "token": "pasted\u2026"}}
    with pytest.raises(UsageError, match="copy the value again") as caught:
        Client(mapping(), scope, Report())
    assert "pasted" not in str(caught.value)


def test_refused_credentials_are_told_as_such() -> None:
    with pytest.raises(Refused, match="who are you"):
        one(lambda _: httpx2.Response(401, text="who are you"))


def test_rules_of_the_fetch_come_before_those_of_all_requests_and_may_call_an_answer_empty() -> None:
    async def run() -> Any:
        errors = [{"when": "status = 404", "is": "refused"}]
        transport = httpx2.MockTransport(lambda _: httpx2.Response(404))
        scope = {"connection": {"url": URL, "token": SECRET}}
        async with Client(mapping(errors=errors), scope, Report(), transport=transport) as client:
            rule = ErrorRule.model_validate({"when": "status = 404", "is": "empty"})
            return await client.send(Request("GET", f"{URL}/all"), rules=[rule])

    assert asyncio.run(run()) is None


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
        path, _, status = self.path.partition("?")
        if path == "/gzip":
            body, headers = gzip.compress(body), {"Content-Encoding": "gzip"}
        elif path == "/bomb":
            body, headers = gzip.compress(b"[" + b"0," * 100_000_000 + b"0]", 1), {"Content-Encoding": "gzip"}
        elif path == "/torn":
            body, headers = b"this is no gzip", {"Content-Encoding": "gzip"}
        elif path == "/moved":
            headers = {"Location": "/there?x=1"}
        elif path == "/slow":
            time.sleep(0.04)
        self.send_response(302 if path == "/moved" else int(status) if status.isdigit() else 200)
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


def test_others_have_their_turn_while_little_unpacks_to_much(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = itertools.count()  # a clock by which a slice is over at each look: fast machines unpack all this in two
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(looks)))
    body = gzip.compress(b"[" + b"0," * 20_000_000 + b"0]", 1)
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def handler(_: httpx2.Request) -> httpx2.Response:
        nonlocal turns
        turns = 0
        return httpx2.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx2.ByteStream(body))

    async def run() -> None:
        scope = {"connection": {"url": URL, "token": SECRET}}
        transport = httpx2.MockTransport(handler)
        async with Client(mapping(max_megabytes=30), scope, Report(), transport=transport) as client:
            others = asyncio.create_task(other())
            with pytest.raises(Unreadable, match="larger than 30 MB"):
                await client.send(Request("GET", f"{URL}/all"))
            others.cancel()

    asyncio.run(run())
    assert turns > 20


@pytest.mark.parametrize(("path", "status", "kind"), [("/bomb", 500, Unavailable), ("/torn", 404, Missing)])
def test_the_status_of_an_error_counts_whatever_its_body(
    server: str, path: str, status: int, kind: type[ProviderError]
) -> None:
    report = Report()
    with pytest.raises(kind, match=f"HTTP {status}") as caught:
        one(None, Request("GET", f"{server}{path}?{status}"), url=server, max_megabytes=1, report=report)
    assert report.requests == (5 if kind is Unavailable else 1)
    assert len(str(caught.value)) < 1000


def test_a_body_that_cannot_be_unpacked_is_told(server: str) -> None:
    with pytest.raises(Unreadable, match="cannot be decompressed"):
        one(None, Request("GET", f"{server}/torn"), url=server)


def test_a_request_that_is_given_up_leaves_nothing_open(server: str) -> None:
    async def run() -> None:
        scope = {"connection": {"url": server, "token": SECRET}}
        async with Client(mapping(limits={"parallel": 1}), scope, Report()) as client:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.02):
                    await client.send(Request("GET", f"{server}/slow"))
            answer = await client.send(Request("GET", f"{server}/a"))  # its turn was given back
            assert answer is not None
            assert answer.json["path"] == "/a"

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        asyncio.run(run())
        gc.collect()
    assert [str(warning.message) for warning in caught] == []


def test_redirects_of_a_real_server_are_followed(server: str) -> None:
    response = one(None, Request("GET", f"{server}/moved"), url=server)
    assert (response.json["path"], response.url) == ("/there?x=1", f"{server}/there?x=1")


def test_an_address_of_https_where_there_is_none_is_told(server: str) -> None:
    url = server.replace("http:", "https:")
    with pytest.raises(Unreachable, match="no encrypted connection: .*; check whether the address is one of https"):
        one(None, Request("GET", f"{url}/a"), url=url)


def test_connections_are_kept_alive(server: str) -> None:
    results = send(None, *[Request("GET", f"{server}/a")] * 12, url=server, limits={"parallel": 2})
    assert len({result.json["connection"] for result in results}) <= 2


def test_a_port_where_nobody_listens_is_told() -> None:
    with pytest.raises(Unreachable, match="no connection"):
        one(None, Request("GET", "http://127.0.0.1:9/x"), url="http://127.0.0.1:9")
