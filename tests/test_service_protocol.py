"""Clients that send or take slowly, or come in crowds, hold nothing for long."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import uvicorn

from engine.service.protocol import Bounds, Config

#: Long enough for nothing to run out that a test is not about.
AMPLE = {"head_seconds": 60.0, "head_bytes": 4096, "write_seconds": 60.0, "connections": 100}
#: More than all the buffers between two programs hold.
LARGE = 300 * 100_000


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer without a look at the body; `/large` is large, and `/slow` takes a second."""
    if scope["path"] == "/slow":
        await asyncio.sleep(1)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(300 if scope["path"] == "/large" else 1):
        await send({"type": "http.response.body", "body": b"x" * 100_000, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


@contextmanager
def serving(**bounds: Any) -> Iterator[int]:
    """Serve with these bounds, and return the port."""
    config = Config(app, Bounds(**{**AMPLE, **bounds}), 0, log_config=None, access_log=False, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def connected(port: int, text: bytes = b"") -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as talk:
        talk.sendall(text)
        yield talk


def rest(talk: socket.socket) -> bytes:
    """Return what comes until the service closes."""
    got = bytearray()
    while piece := talk.recv(1 << 16):
        got += piece
    return bytes(got)


def refusal(port: int, text: bytes) -> tuple[int, dict[str, Any]]:
    """Say something, wait until the service closes, and return the status and the body of its answer."""
    with connected(port, text) as talk:
        head, _, body = rest(talk).partition(b"\r\n\r\n")
    assert b"connection: close" in head
    return int(head.split()[1]), json.loads(body)


@pytest.mark.parametrize("text", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n", b"\r\n\r\n\r\n"])
def test_who_says_nothing_or_never_ends_the_head_is_told_and_closed(text: bytes) -> None:
    with serving(head_seconds=0.2) as port:
        status, body = refusal(port, text)
    assert (status, body["statusCode"]) == (408, 408)
    assert body["message"] == "no whole request came within 0.2 seconds"


def test_a_second_request_on_a_connection_has_the_same_time() -> None:
    with serving(head_seconds=0.5) as port, connected(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") as talk:
        got = talk.recv(100)
        while not got.endswith(b"0\r\n\r\n"):
            got += talk.recv(1 << 16)
        assert b" 200 OK" in got
        talk.sendall(b"GET /again HT")
        assert rest(talk).startswith(b"HTTP/1.1 408 ")


def test_a_head_that_is_too_large_is_refused_before_its_end() -> None:
    with serving() as port:
        status, body = refusal(port, b"GET / HTTP/1.1\r\nX: " + b"x" * 5000)
    assert (status, body["error"]) == (431, "Request Header Fields Too Large")


def test_what_is_no_http_is_told_with_the_one_error_body() -> None:
    with serving() as port:
        assert refusal(port, b"\x16\x03\x01\x02\x00")[1]["statusCode"] == 400


def test_more_connections_than_there_may_be_are_refused() -> None:
    with serving(connections=2) as port, connected(port), connected(port):
        status, body = refusal(port, b"")
    assert (status, body["message"]) == (503, "there are too many connections; try again later")


def test_who_takes_nothing_of_an_answer_is_cut_off() -> None:
    with serving(write_seconds=0.2) as port, connected(port, b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n") as talk:
        time.sleep(1)
        got = bytearray()
        with suppress(ConnectionResetError):
            while piece := talk.recv(1 << 16):
                got += piece
    assert got.startswith(b"HTTP/1.1 200 OK")
    assert len(got) < LARGE
    assert not got.endswith(b"0\r\n\r\n")


def test_who_takes_it_slowly_gets_it_all() -> None:
    with serving(write_seconds=5) as port, connected(port, b"GET /large HTTP/1.0\r\nHost: x\r\n\r\n") as talk:
        time.sleep(0.5)
        assert len(rest(talk)) > LARGE


def test_a_body_that_nobody_reads_is_not_waited_for() -> None:
    request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc"
    with serving(head_seconds=0.2) as port, connected(port, request) as talk:
        got = rest(talk)
    assert got.startswith(b"HTTP/1.1 200 OK")
    assert got.endswith(b"0\r\n\r\n")  # closed, and nothing more is said


def test_half_a_request_behind_one_that_is_answered_does_not_harm_the_answer() -> None:
    request = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\nGET / HT"
    with serving(head_seconds=0.2) as port, connected(port, request) as talk:
        got = rest(talk)
    assert got.startswith(b"HTTP/1.1 200 OK")
    assert b"0\r\n\r\nHTTP/1.1 408 " in got


def test_requests_sent_together_are_answered_one_after_the_other() -> None:
    request = b"POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"
    last = request.replace(b"Host: x", b"Host: x\r\nConnection: close")
    with serving(head_seconds=0.2) as port, connected(port, request + last) as talk:
        assert rest(talk).count(b"HTTP/1.1 200 OK") == 2
