"""Providers at their worst, and addresses that lead where nobody may go: each has a bounded answer with its status."""

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from service import SCHOOL, served

from engine.guarding import Guard

#: Small bounds, so that what goes on for ever is told soon.
TEXT = SCHOOL.replace("http:\n", "http:\n  timeout: 0.1\n  max_megabytes: 1\n")
ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
BOMB = gzip.compress(b'{"items": [' + b" " * 50_000_000 + b"]}", 9)


def whole(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def pouring(connection: socket.socket) -> None:
    """Send without end, until nobody listens."""
    connection.sendall(ENDLESS)
    while True:
        connection.sendall(b"10000\r\n" + b"[" * 65536 + b"\r\n")


def dripping(connection: socket.socket) -> None:
    """Send one byte after the other, each in time."""
    connection.sendall(whole(b"", length=1_000_000))
    while threading.Event().wait(0.02) is False:
        connection.sendall(b" ")


def silent(connection: socket.socket) -> None:
    """Wait for the other side to give up."""
    while connection.recv(1000):
        pass


@contextmanager
def provider(answer: bytes | Callable[[socket.socket], None]) -> Iterator[tuple[int, list[bytes]]]:
    """Listen on a free port as a provider that gives everybody the same answer; tell what it was asked."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve(connection: socket.socket) -> None:
            with connection:
                try:
                    asked.append(connection.recv(65536))
                    if callable(answer):
                        answer(connection)
                    else:
                        connection.sendall(answer)
                except OSError:
                    pass  # whoever asked has gone, as is wanted

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        yield listener.getsockname()[1], asked
        listener.shutdown(socket.SHUT_RDWR)
        accepting.join()


@pytest.mark.parametrize(
    ("answer", "status", "message"),
    [
        (silent, 504, "no answer within 0.1 seconds"),
        (dripping, 504, "was not complete after 1 seconds"),
        (pouring, 502, "larger than 1 MB"),
        (whole(BOMB, "Content-Encoding: gzip"), 502, "larger than 1 MB"),
        (whole(b'{"items": []}', length=9000), 502, "the connection broke"),
        (whole(b"x" * 100, "Content-Encoding: gzip"), 502, "cannot be decompressed"),
        (whole(b"[" * 100_000), 502, "not JSON"),
        (whole(b""), 502, "the body is empty"),
        (whole(b'{"items": 7, "total": "many"}'), 502, ""),
        (b"SSH-2.0-OpenSSH_9.2\r\n", 502, "the connection broke"),
        (b"", 502, "the connection broke"),
        (
            whole(b"", "Location: http://169.254.169.254/latest", status="302 Found"),
            502,
            "it redirects to http://169.254.169.254",
        ),
        (whole(b"", "Location: /courses", status="302 Found"), 502, "more than 5 redirects"),
        (whole(b"slow", "Retry-After: 99999999999999999999", status="429 Too Many Requests"), 429, "asks to wait"),
    ],
)
def test_a_provider_at_its_worst_has_a_bounded_answer_with_its_status(
    tmp_path: Path, answer: Any, status: int, message: str
) -> None:
    with provider(answer) as (port, asked), served(tmp_path, TEXT, allow=(f"127.0.0.1:{port}",)) as service:
        account = service.connect(url=f"http://127.0.0.1:{port}")
        got = service.get(query=f"integrated_account_id={account}")
        assert asked
    assert got.status_code == status, got.text
    body = got.json()
    assert body["truto_is_remote_error"] is True
    assert message in body["message"]
    assert len(got.content) < 10_000


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1", "http://localhost", "http://2130706433", "http://0x7f.1", "http://0177.0.0.1",
        "http://127.1", "http://[::1]", "http://[::ffff:127.0.0.1]", "http://[64:ff9b::7f00:1]", "http://[2002:7f00:1::]",
        "http://169.254.169.254/latest", "http://[fd00:ec2::254]", "http://10.0.0.1", "http://192.168.1.1",
        "http://100.64.0.1", "http://0.0.0.0", "http://224.0.0.1", "http://127。0。0。1", "http://①②⑦.0.0.1",
        "https://school.example:22", "http://metadata.google.internal",
    ],
)  # fmt: skip
def test_an_account_leads_to_no_address_of_our_own_however_it_is_spelled(tmp_path: Path, url: str) -> None:
    async def nobody(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    with served(tmp_path, TEXT, guard=Guard(resolve=nobody)) as service:
        account = service.connect(url=url)
        got = service.get(query=f"integrated_account_id={account}")
    assert got.status_code in (400, 502), got.text
    message = got.json()["message"]
    assert "not a public server" in message or "allow-list" in message or "address" in message
    assert "127.0.0.1" not in message or not url.endswith(("localhost", "internal")), "what a name leads to is not told"


def test_a_name_that_leads_elsewhere_by_the_second_page_is_followed_by_nobody(tmp_path: Path) -> None:
    page = b'{"items": [{"id": 1}, {"id": 2}], "total": 9}'
    answers = [["127.0.0.1"]]

    async def rebinding(host: str, port: int) -> list[str]:
        return answers[0]

    with provider(whole(page, "Connection: close")) as (port, asked):
        guard = Guard([f"127.0.0.1:{port}", f"lms.school.example:{port}"], resolve=rebinding)
        with served(tmp_path, TEXT, guard=guard) as service:
            account = f"integrated_account_id={service.connect(url=f'http://lms.school.example:{port}')}"
            first = service.get("courses", f"{account}&limit=2")
            assert first.status_code == 200, first.text
            answers[0] = ["169.254.169.254"]
            number = len(asked)
            second = service.get("courses", f"{account}&limit=2&next_cursor={first.json()['next_cursor']}")
            assert second.status_code == 400
            assert len(asked) == number


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/unified/lms/courses", {"Authorization": "Bearer"}, 401),
        ("GET", "/unified/lms/courses", {"Authorization": "Basic YTpi"}, 401),
        ("GET", "/unified/lms/courses", {"Authorization": "Bearer \xff\xfe"}, 401),
        ("GET", "/unified/lms/courses", {"Authorization": "Bearer " + "a" * 20_000}, 401),
        ("GET", "/unified/lms/../../etc/passwd", {}, 404),
        ("GET", "/unified/lms/%2e%2e%2f", {}, 404),
        ("POST", "/unified/lms/courses", {}, 405),
        ("BREW", "/unified/lms/courses", {}, 405),
    ],
)
def test_hostile_requests_have_the_one_error_body_and_never_a_500(
    tmp_path: Path, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    with served(tmp_path, TEXT, guard=Guard()) as service:
        given = headers or {"Authorization": f"Bearer {service.key}"}
        raw = [(name.encode(), value.encode("latin-1")) for name, value in given.items()]
        got = service.client.request(method, path, headers=raw)
    assert got.status_code == status
    assert {"statusCode", "error", "message"} <= set(got.json())
