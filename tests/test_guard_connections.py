"""The guard in a run: real connections on loopback, names that lead elsewhere later, TLS, several addresses."""

import asyncio
import http.server
import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpcore2
import httpx2
import pytest
from lms import HEAD, Lms, school
from test_guard import PUBLIC, PUBLIC6, Names

from engine.client import Client
from engine.errors import Blocked, Failed, ProviderError, Unreachable, Unreadable
from engine.exchange import Request
from engine.guarding import Guard
from engine.guarding.connecting import Connections
from engine.loading import LoadedMapping
from engine.mapping import Mapping
from engine.report import Report
from engine.running import Run

MAPPED = (
    HEAD
    + """
fetch:
  courses: { get: /courses, query: { per_page: 2 }, pages: { link_header: next } }
  enrolled: { for: course in courses, get: "/courses/{course.id}/enrollments", items: items }
course_enrollments:
  for: enrollment in enrolled
  fields: { id: enrollment.id, user.id: enrollment.user_id, course.id: course.id }
  status: { from: enrollment.state, words: { on: in_progress } }
"""
)


@contextmanager
def serving(answer: Callable[[httpx2.Request], httpx2.Response], *, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Serve a function on loopback; each connection is for one request. Yields the port."""

    class Server(http.server.BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except (ConnectionError, ssl.SSLError):
                self.close_connection = True

        def do_GET(self) -> None:
            request = httpx2.Request("GET", f"http://{self.headers['Host']}{self.path}", headers=dict(self.headers))
            response = answer(request)
            self.send_response(response.status_code)
            for name, value in response.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(response.content)

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Elsewhere(httpcore2.AsyncNetworkBackend):
    """Takes a server on loopback for every address, and notes what is connected to. Some addresses never answer."""

    def __init__(self, port: int, *, silent: tuple[str, ...] = (), dead: tuple[str, ...] = ()) -> None:
        self.port, self.silent, self.dead = port, silent, dead
        self.connected: list[tuple[str, int]] = []
        self.network = httpcore2.AnyIOBackend()

    async def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore2.AsyncNetworkStream:
        self.connected.append((host, port))
        if host in self.silent:
            await asyncio.sleep(60)
        if host in self.dead:
            raise httpcore2.ConnectError("All connection attempts failed")
        return await self.network.connect_tcp("127.0.0.1", self.port)


def ok(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, json={"host": request.headers["host"], "path": request.url.path})


def sent(transport: Any, *urls: str, times: float = 5.0, **http: Any) -> list[Any]:
    """Send requests one after the other, as a run does; return their answers or errors."""
    mapping = Mapping.model_validate(
        {
            "mapping": 1,
            "provider": {"id": "acme", "name": "Acme"},
            "connection": {"url": {"title": "Address", "format": "url"}},
            "http": {
                "base_url": "{connection.url}",
                "auth": {"none": True},
                "check": {"get": "/me"},
                "timeout": times,
                **http,
            },
            "fetch": {"all": {"get": "/all"}},
            "courses": {"for": "course in all", "fields": {"id": "course.id"}},
        }
    )

    async def run() -> list[Any]:
        found: list[Any] = []
        scope = {"connection": {"url": "https://lms.school.example"}}
        async with Client(mapping, scope, Report(), transport=transport, backoff=0.0) as client:
            for url in urls:
                try:
                    response = await client.send(Request("GET", url), fetch="all")
                    found.append(response and response.json)
                except ProviderError as error:
                    found.append(error)
        return found

    return asyncio.run(run())


def test_a_connection_is_made_to_the_address_that_was_judged_and_the_host_stays_that_of_the_name() -> None:
    names = Names(lms_school_example=[PUBLIC, "127.0.0.1"])
    with serving(ok) as port:
        network = Elsewhere(port)
        (answer,) = sent(Guard(resolve=names).transport(network=network), "http://lms.school.example/all?x=%2F")
    assert answer == {"host": "lms.school.example", "path": "/all"}
    assert network.connected == [(PUBLIC, 80)]
    assert names.asked == ["lms.school.example"]


def test_a_name_that_leads_elsewhere_later_is_blocked_at_the_next_connection() -> None:
    names = Names(lms_school_example=[PUBLIC, "127.0.0.1"])
    with serving(ok) as port:
        network = Elsewhere(port)
        first, second = sent(Guard(resolve=names).transport(network=network), *["http://lms.school.example/all"] * 2)
    assert first["path"] == "/all"
    assert isinstance(second, Blocked)
    assert str(second).startswith("acme: fetch all: GET http://lms.school.example/all: `lms.school.example` is not a")
    assert "127.0.0.1" not in str(second)
    assert network.connected == [(PUBLIC, 80)]
    assert len(names.asked) == 2


def test_a_connection_that_is_kept_stays_with_its_address_and_nobody_is_asked_again() -> None:
    names = Names(lms_school_example=[PUBLIC, "127.0.0.1"])
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    network = httpcore2.AsyncMockBackend([answer, answer])
    found = sent(Guard(resolve=names).transport(network=network), *["http://lms.school.example/all"] * 2)
    assert found == [{}, {}]
    assert len(names.asked) == 1


def test_what_was_right_when_it_was_stored_is_judged_again_when_it_is_used() -> None:
    names = Names(lms_school_example=[PUBLIC, "10.1.2.3"])
    guard = Guard(resolve=names)
    asyncio.run(guard.check("https://lms.school.example"))
    (found,) = sent(guard.transport(network=Elsewhere(0)), "https://lms.school.example/all")
    assert isinstance(found, Blocked)


def test_a_blocked_request_is_made_once_and_a_run_tells_it_as_its_end() -> None:
    names = Names(lms_school_example=["10.1.2.3"])
    (found,) = sent(Guard(resolve=names).transport(network=Elsewhere(0)), "https://lms.school.example/all")
    assert (found.action, len(names.asked)) == ("stop", 1)


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:{port}/", "http://169.254.169.254/latest", "http://[::ffff:127.0.0.1]/", "//127.1/"]
)
def test_a_redirect_to_a_private_address_is_followed_by_nobody(target: str) -> None:
    asked: list[str] = []

    def moved(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.path)
        return httpx2.Response(302, headers={"Location": target.format(port=port)})

    async def follow(transport: httpx2.AsyncBaseTransport) -> None:
        """Follow as a client does that knows nothing of origins."""
        async with httpx2.AsyncClient(transport=transport, follow_redirects=True) as client:
            await client.get("http://lms.school.example/all")

    with serving(moved) as port:
        guard = Guard(resolve=Names(lms_school_example=[PUBLIC]))
        (found,) = sent(guard.transport(network=Elsewhere(port)), "http://lms.school.example/all")
        assert isinstance(found, Failed)
        assert "it redirects to http" in str(found)
        with pytest.raises(Blocked):
            asyncio.run(follow(guard.transport(network=Elsewhere(port))))
    assert asked == ["/all", "/all"]


def test_a_redirect_within_its_origin_is_blocked_where_the_name_leads_elsewhere_by_then() -> None:
    def moved(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(302, headers={"Location": "/there"})

    with serving(moved) as port:
        network = Elsewhere(port)
        guard = Guard(resolve=Names(lms_school_example=[PUBLIC, "192.168.0.1"]))
        (found,) = sent(guard.transport(network=network), "http://lms.school.example/all")
    assert isinstance(found, Blocked)
    assert network.connected == [(PUBLIC, 80)]


@pytest.mark.parametrize(
    "token_url", ["http://169.254.169.254/token", "http://localhost/token", "https://moodle/token"]
)
def test_a_token_is_asked_for_at_no_private_address(token_url: str) -> None:
    oauth = {"grant": "client_credentials", "token_url": token_url, "client_id": "me", "client_secret": "hush"}
    network = Elsewhere(0)
    guard = Guard(resolve=Names(lms_school_example=[PUBLIC]))
    (found,) = sent(guard.transport(network=network), "https://lms.school.example/all", auth={"oauth2": oauth})
    assert isinstance(found, Blocked)
    assert f"POST {token_url}" in str(found)
    assert network.connected == []


def test_a_whole_run_reads_an_lms_of_the_own_network_that_the_list_names(
    mapped: Callable[[str], LoadedMapping],
) -> None:
    lms = Lms(school([1, 2, 3]))
    with serving(lms) as port:
        records = records_of(mapped(MAPPED), f"http://127.0.0.1:{port}", Guard([f"127.0.0.1:{port}"]))
        with pytest.raises(Blocked, match=f"let `127.0.0.1:{port}` be added"):
            records_of(mapped(MAPPED), f"http://127.0.0.1:{port}", Guard())
        with pytest.raises(Blocked, match="127.0.0.1:1`"):
            records_of(mapped(MAPPED), "http://127.0.0.1:1", Guard([f"127.0.0.1:{port}"]))
    assert len(records) == 9
    assert len(lms.asked) == 5


@pytest.mark.parametrize(
    "link", ["http://127.0.0.1:1/x", "http://169.254.169.254/x", "http://2130706433:{port}/courses"]
)
def test_a_next_link_to_a_private_address_ends_the_run_and_is_not_followed(
    mapped: Callable[[str], LoadedMapping], link: str
) -> None:
    lms = Lms(school([1, 2, 3]))
    with serving(lms) as port:
        next_ = {"Link": f'<{link.format(port=port)}>; rel="next"'}
        lms.answer_once("/courses", httpx2.Response(200, json=[{"id": 1}], headers=next_))
        with pytest.raises(Unreadable, match="the next page is on another host"):
            records_of(mapped(MAPPED), f"http://127.0.0.1:{port}", Guard([f"127.0.0.1:{port}"]))
    assert "/x" not in lms.asked


def test_a_next_link_is_blocked_where_the_name_leads_elsewhere_by_then(mapped: Callable[[str], LoadedMapping]) -> None:
    lms = Lms(school([1, 2, 3]))
    with serving(lms) as port:
        names = Names(lms_school_example=["127.0.0.1", "10.1.2.3"])
        guard = Guard([f"127.0.0.1:{port}"], resolve=names)
        with pytest.raises(Blocked, match="is not a public server; if it is one of your own"):
            records_of(mapped(MAPPED), f"http://lms.school.example:{port}", guard)
    assert lms.asked == ["/courses?per_page=2"]


def records_of(mapping: LoadedMapping, url: str, guard: Guard) -> list[Any]:
    async def read() -> list[Any]:
        run = Run(mapping, {"url": url}, transport=guard.transport(), backoff=0.0)
        return [record async for record in run]

    return asyncio.run(read())


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with serving(ok) as port:
        (found,) = sent(Guard([f"127.0.0.1:{port}"]).transport(), f"http://127.0.0.1:{port}/all")
    assert found["path"] == "/all"


# TLS.


def certified(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext, list[str | None]]:
    """Return what a server of this name has, what trusts it, and the names that it is asked for."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    asked: list[str | None] = []
    server.sni_callback = lambda _, name, __: asked.append(name)
    return server, ssl.create_default_context(cafile=str(path)), asked


def test_the_certificate_is_verified_for_the_name_and_not_for_the_address(tmp_path: Path) -> None:
    server, trusting, asked = certified(tmp_path, "lms.school.example")
    guard = Guard(resolve=Names(lms_school_example=[PUBLIC], other_school_example=[PUBLIC]))
    with serving(ok, tls=server) as port:
        transport = guard.transport(ssl_context=trusting, network=Elsewhere(port))
        right, wrong = sent(transport, "https://lms.school.example/all", "https://other.school.example/all")
        (untrusted,) = sent(guard.transport(network=Elsewhere(port)), "https://lms.school.example/all")
    assert right["host"] == "lms.school.example"
    for error in (wrong, untrusted):
        assert isinstance(error, Unreachable)
        assert "its certificate is not trusted" in str(error)
    assert "not valid for 'other.school.example'" in str(wrong)
    assert asked[:2] == ["lms.school.example", "other.school.example"]


def test_a_request_cannot_give_tls_another_name(tmp_path: Path) -> None:
    server, trusting, asked = certified(tmp_path, "lms.school.example")
    guard = Guard(resolve=Names(other_school_example=[PUBLIC]))

    async def ask(port: int) -> None:
        transport = guard.transport(ssl_context=trusting, network=Elsewhere(port))
        async with httpx2.AsyncClient(transport=transport) as client:
            await client.get("https://other.school.example", extensions={"sni_hostname": "lms.school.example"})

    with serving(ok, tls=server) as port, pytest.raises(httpx2.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        asyncio.run(ask(port))
    assert asked == ["other.school.example"]


# Several addresses.


def test_where_an_address_lets_wait_the_next_is_tried_beside_it() -> None:
    guard = Guard(resolve=Names(lms_school_example=[[PUBLIC6, PUBLIC]]))
    with serving(ok) as port:
        network = Elsewhere(port, silent=(PUBLIC6,))
        (found,) = sent(guard.transport(network=network), "http://lms.school.example/all")
    assert found["path"] == "/all"
    assert network.connected == [(PUBLIC6, 80), (PUBLIC, 80)]


def test_where_an_address_fails_the_next_is_tried_and_no_more_than_eight() -> None:
    many = [f"93.184.216.{number}" for number in range(20)]
    guard = Guard(resolve=Names(lms_school_example=[many]))
    with serving(ok) as port:
        network = Elsewhere(port, dead=tuple(many[:3]))
        (found,) = sent(guard.transport(network=network), "http://lms.school.example/all")
        assert found["path"] == "/all"
        assert [host for host, _ in network.connected] == many[:4]
        dead = Elsewhere(port, dead=tuple(many))
        (found,) = sent(guard.transport(network=dead), "http://lms.school.example/all")
    assert isinstance(found, Unreachable)
    assert "no connection: All connection attempts failed; check the address and the network" in str(found)
    assert [host for host, _ in dead.connected] == many[:8] * 5


def test_no_connection_in_time_is_told_as_such() -> None:
    guard = Guard(resolve=Names(lms_school_example=[[PUBLIC6, PUBLIC]]))
    network = Elsewhere(0, silent=(PUBLIC6, PUBLIC))
    (found,) = sent(guard.transport(network=network), "http://lms.school.example/all", times=0.1)
    assert isinstance(found, Unreachable)
    assert "no answer within 0.1 seconds" in str(found)


def test_connections_that_lost_are_closed() -> None:
    closed: list[str] = []

    class Stream(httpcore2.AsyncNetworkStream):
        def __init__(self, host: str) -> None:
            self.host = host

        async def aclose(self) -> None:
            closed.append(self.host)

    class Both(httpcore2.AsyncNetworkBackend):
        async def connect_tcp(self, host: str, *_: Any, **__: Any) -> httpcore2.AsyncNetworkStream:
            await both.wait()
            return Stream(host)

    async def find(host: str, port: int) -> list[ipaddress.IPv4Address]:
        return [ipaddress.IPv4Address(PUBLIC), ipaddress.IPv4Address("93.184.216.35")]

    async def connect() -> Any:
        asyncio.get_running_loop().call_later(0.4, both.set)
        return await Connections(find, Both()).connect_tcp("lms.school.example", 443)

    both = asyncio.Event()
    won = asyncio.run(connect())
    assert [won.host, *closed] == [PUBLIC, "93.184.216.35"]


def test_a_request_goes_to_no_file_of_this_machine() -> None:
    async def find(host: str, port: int) -> list[ipaddress.IPv4Address]:
        return []

    with pytest.raises(httpcore2.UnsupportedProtocol, match="cannot go to a file"):
        asyncio.run(Connections(find).connect_unix_socket("/var/run/docker.sock"))


def test_an_answer_that_breaks_off_is_an_error_of_the_usual_kind() -> None:
    network = httpcore2.AsyncMockBackend([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"])
    (found,) = sent(
        Guard(resolve=Names(lms_school_example=[PUBLIC])).transport(network=network), "http://lms.school.example/all"
    )
    assert isinstance(found, Unreachable)
    assert "the connection broke" in str(found)
