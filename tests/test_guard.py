"""What the guard lets through and what not: spellings, addresses, ports, the allow-list, and what its errors tell."""

# ruff: noqa: RUF001, S104 - letters that look like others, and addresses that are bound to nothing, are what is tested

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from pathlib import Path
from typing import Any

import httpcore2
import httpx2
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.client import Client
from engine.errors import Blocked, Failed, ProviderError, Unreachable, UsageError
from engine.exchange import Request
from engine.guarding import Guard
from engine.guarding.hosts import read
from engine.guarding.networks import KINDS, behind, kind_of_address
from engine.mapping import Mapping
from engine.report import Report

CONTEXT = ssl.create_default_context()
PUBLIC, PUBLIC6 = "93.184.216.34", "2606:2800:21f:cb07::1"


class Names:
    """A resolver that knows what a test tells it, gives one answer after the other, and notes what it is asked."""

    def __init__(self, **names: Any) -> None:
        self.answers = {name.replace("_", "."): list(answers) for name, answers in names.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:  # noqa: ARG002 - the port is always the same
        """Answer; the last answer is given again."""
        self.asked.append(host)
        answers = self.answers.get(host)
        if not answers:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return answer if isinstance(answer, list) else [answer]


class NoNetwork(httpcore2.AsyncNetworkBackend):
    """Fails a test that connects."""

    async def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore2.AsyncNetworkStream:
        raise AssertionError(f"connected to {host}:{port}")


def check(url: str, *allow: str, names: Names | None = None, **options: Any) -> None:
    asyncio.run(Guard(allow, resolve=names or Names(), **options).check(url))


def send(guard: Guard, url: str) -> Any:
    """Make one request as the engine does."""
    http = {"base_url": "{connection.url}", "auth": {"none": True}, "check": {"get": "/"}}
    mapping = Mapping.model_validate(
        {
            "mapping": 1,
            "provider": {"id": "acme", "name": "Acme"},
            "connection": {"url": {"title": "Address", "format": "url"}},
            "http": http,
            "fetch": {"all": {"get": "/all"}},
            "courses": {"for": "course in all", "fields": {"id": "course.id"}},
        }
    )

    async def run() -> Any:
        transport = guard.transport(ssl_context=CONTEXT, network=NoNetwork())
        async with Client(mapping, {"connection": {}}, Report(), transport=transport, backoff=0.0) as client:
            return await client.send(Request("GET", url))

    return asyncio.run(run())


NOT_PUBLIC = [
    "127.0.0.1", "127.1.2.3", "127.255.255.255", "0.0.0.0", "0.1.2.3",
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255",
    "100.64.0.1", "100.127.255.255", "100.100.100.200",
    "169.254.0.1", "169.254.169.254", "169.254.170.2", "168.63.129.16",
    "192.0.0.1", "192.0.0.8", "192.0.0.192", "192.0.2.1", "198.51.100.7", "203.0.113.9", "192.88.99.1",
    "198.18.0.1", "198.19.255.255", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]", "[::0:1]",
    "[::127.0.0.1]", "[::7f00:1]", "[::8.8.8.8]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::FFFF:10.0.0.1]", "[0:0:0:0:0:ffff:169.254.169.254]",
    "[::ffff:8.8.8.8]", "[::ffff:0:127.0.0.1]",
    "[64:ff9b::7f00:1]", "[64:ff9b::169.254.169.254]", "[64:ff9b::8.8.8.8]", "[64:ff9b:1::1]",
    "[64:ff9b:1:ffff::7f00:1]",
    "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2002:808:808::1]",
    "[2001::1]", "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[2001:2::1]", "[2001:10::1]", "[2001:20::1]", "[2001:1::1]",
    "[2001:db8::1]", "[3fff::1]", "[3fff:fff::1]", "[5f00::1]", "[100::1]",
    "[2001:4860::5efe:7f00:1]", "[2001:4860::200:5efe:10.0.0.1]",
    "[fc00::1]", "[fd12:3456::1]", "[fd00:ec2::254]", "[fd20:ce::254]", "[fd00:42::42]",
    "[fe80::1]", "[febf::1]", "[fec0::1]", "[ff02::1]", "[ff0e::1]", "[4000::1]", "[8000::1]", "[1::1]",
]  # fmt: skip
ODD = [
    "2130706433", "0x7f000001", "017700000001", "0X7F000001", "127.1", "127.0.1", "0x7f.1", "0x7f.0.0.1", "0177.0.0.1",
    "0177.0.0.01", "127.0.0.01", "127.000.000.001", "0", "0x0", "1", "0x", "4294967295", "4294967296", "127.0.0.0x1",
    "2852039166", "0xa9fea9fe", "0xa9.0xfe.0xa9.0xfe", "0251.0376.0251.0376", "169.254.43518", "10.1", "192.168.257",
    "127.0.0.1.", "127.0.0.1..", "127.1.", "0x7f.1.", "2130706433.", "169.254.169.254.", "256.256.256.256", "1.2.3.4.5",
    "127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "127.0.0。1", "１２７.０.０.１", "①②⑦.⓪.⓪.①", "𝟏𝟐𝟕.𝟎.𝟎.𝟏",
    "%31%32%37.0.0.1", "127%2e0%2e0%2e1", "127.0.0.1%00.school.example", "localhost%00", "127.0.0.1%23.school.example",
    "[fe80::1%eth0]", "[fe80::1%25eth0]", "[fe80::1%251]", "[::1%lo]", "[::1%25lo]", "[2606:2800:21f:cb07::1%25eth0]",
    "[::1", "::1", "[]", "[127.0.0.1]", "[::1].school.example", "[v1.fe80]", "[0x7f000001]", "[::ffff:0177.0.0.1]",
    "a..school.example", ".school.example", "-a.school.example", "a-.school.example", "a b.example", "a,b.example",
    "school.example..", "x" * 64 + ".example", "x." * 130 + "example", "…", "a\u200bb.example", "a\u00adb.example",
    "ｌocalhost", "ⓛocalhost", "school。", "*.school.example",
]  # fmt: skip
LOCAL = [
    "localhost", "LOCALHOST", "LocalHost", "localhost.", "a.localhost", "localhost.localdomain", "metadata", "moodle",
    "moodle.local", "metadata.google.internal", "metadata.google.internal.", "METADATA.google.INTERNAL",
    "host.docker.internal", "kubernetes.default.svc.cluster.local", "router.lan", "nas.home.arpa",
    "x.corp", "x.intranet", "x.home", "x.private",
]  # fmt: skip
WHOLE = [
    "http://school.example@127.0.0.1/", "http://school.example:80@127.0.0.1/", "http://127.0.0.1@school.example/",
    "http://school.example%40127.0.0.1/", "http://a:b@c:d@127.0.0.1/", "http://@127.0.0.1/", "http://:@127.0.0.1/",
    "http://127.0.0.1\\@school.example/", "http://school.example\\@127.0.0.1/", "http://school.example\\.127.0.0.1/",
    "http:\\\\127.0.0.1\\", "http:127.0.0.1", "http:/127.0.0.1", "http:///127.0.0.1", "//127.0.0.1/", "127.0.0.1",
    "http://127.0.0.1#@school.example/", "http://127.0.0.1?@school.example/", "http://127.0.0.1;@school.example/",
    "http://user@school.example/", "http://user:secret@school.example/",
    "http://school.example:22/", "https://school.example:8443/", "http://school.example:0/", "http://school.example:-80/",
    "http://school.example:65536/", "http://school.example:99999999/", "http://school.example:80:80/", "http://school.example:x/",
    "http://93.184.216.34:6379/", "http://[2606:2800:21f:cb07::1]:25/",
    "ftp://school.example/", "file:///etc/passwd", "gopher://127.0.0.1:70/_", "unix:///var/run/docker.sock", "ws://school.example/",
    "javascript:alert(1)", "data:text/plain,x", "httpx://school.example/", "", " ", "http://", "https://", "http://\x00/",
    "http://127.0.0.1\t/", "http://school.exa\nmple/", "http://school.example\r\nHost: x/", "\x0bhttp://127.0.0.1/",
]  # fmt: skip
REFUSED = [*(f"http://{host}/all" for host in (*NOT_PUBLIC, *ODD, *LOCAL)), *WHOLE]


def test_there_are_many_spellings() -> None:
    assert len(set(REFUSED)) == len(REFUSED) > 200


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_is_blocked_before_anybody_is_asked_for_it(url: str) -> None:
    names = Names()
    with pytest.raises(Blocked) as caught:
        check(url, names=names)
    assert names.asked == []
    assert caught.value.do
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("url", REFUSED)
def test_no_request_of_the_engine_goes_there_either(url: str) -> None:
    names = Names()
    with pytest.raises((Blocked, Failed)) as caught:
        send(Guard(resolve=names), url)
    assert "connected to" not in str(caught.value)
    assert names.asked == []


@pytest.mark.parametrize("host", NOT_PUBLIC)
def test_a_name_that_leads_to_no_public_address_is_blocked(host: str) -> None:
    found = host.strip("[]")
    for answer in ([found], [PUBLIC, found], [found, PUBLIC], [PUBLIC6, PUBLIC, found]):
        with pytest.raises(Blocked, match="`lms.school.example` is not a public server; if it is one of your own"):
            check("https://lms.school.example/x", names=Names(lms_school_example=[answer]))


@pytest.mark.parametrize("answer", ["fe80::1%2", "127.0.0.1%lo", "x", "", "127.1"])
def test_an_answer_that_is_no_plain_address_is_not_gone_to(answer: str) -> None:
    with pytest.raises(ProviderError):
        check("https://lms.school.example", names=Names(lms_school_example=[answer]))


@pytest.mark.parametrize(
    "url",
    [
        f"http://{PUBLIC}/", f"https://{PUBLIC}:443/x?y", f"https://[{PUBLIC6}]/", "https://lms.school.example",
        "https://LMS.School.Example./x", "HTTPS://lms.school.example:443", "http://lms.school.example:80/",
        "https://xn--mnchen-3ya.example/", "https://münchen.example/", "https://lms_1.school.example/",
        "https://1and1.school.example/", "https://0x7f.school.example/", "https://127.0.0.1.school.example/",
    ],
)  # fmt: skip
def test_a_public_server_is_let_through(url: str) -> None:
    names = {"lms.school.example", "xn--mnchen-3ya.example", "lms_1.school.example", "1and1.school.example"}
    resolver = Names()
    resolver.answers = {
        name: [[PUBLIC, PUBLIC6]] for name in (*names, "0x7f.school.example", "127.0.0.1.school.example")
    }
    check(url, names=resolver)
    assert len(resolver.asked) <= 1


def test_a_name_that_nobody_knows_is_unreachable() -> None:
    nothing: list[list[list[str]]] = [[], [[]]]
    for answer in nothing:
        with pytest.raises(Unreachable, match="nobody knows an address of 'lms.school.example'; check the address"):
            check("https://lms.school.example", names=Names(lms_school_example=answer))


def test_a_resolver_that_does_not_answer_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(host: str, port: int) -> Sequence[str]:
        await asyncio.sleep(60)
        return []

    monkeypatch.setattr("engine.guarding.guard.SECONDS", 0.01)
    with pytest.raises(Unreachable, match="nobody knows"):
        asyncio.run(Guard(resolve=silent).check("https://lms.school.example"))


def test_the_system_is_asked_unless_another_resolver_is_given() -> None:
    asyncio.run(Guard(["localhost:8080"]).check("http://localhost:8080"))
    with pytest.raises(Blocked):
        asyncio.run(Guard(["localhost:8080"]).check("http://localhost:8081"))


# The allow-list.


@pytest.mark.parametrize(
    ("entry", "url", "answer"),
    [
        ("moodle", "http://moodle/", "10.1.2.3"),
        ("moodle.local", "http://moodle.local./", "192.168.1.1"),
        ("Moodle.Corp.Example.", "https://moodle.corp.example", "172.16.1.1"),
        ("moodle.corp.example:8443", "https://moodle.corp.example:8443", "fd12::1"),
        ("moodle.corp.example:8443", "https://moodle.corp.example:8443", PUBLIC),
        ("moodle.corp.example", "https://moodle.corp.example", "100.64.1.1"),
        ("lms.münchen.example", "https://lms.xn--mnchen-3ya.example", "10.1.2.3"),
        ("10.20.0.0/16", "http://moodle/", "10.20.30.40"),
        ("10.20.0.0/16:8080", "http://moodle.corp.example:8080/", "10.20.30.40"),
        ("10.20.0.0/16", "http://10.20.30.40/", None),
        ("10.20.30.40:8080", "http://10.20.30.40:8080/", None),
        ("[fd12::/48]:8080", "http://[fd12::7]:8080/", None),
        ("[fd12::7]", "http://[fd12::7]/", None),
        ("fd12::/48", "http://[fd12::7]/", None),
        ("127.0.0.1:8000", "http://127.0.0.1:8000/", None),
        ("::1", "http://[::1]/", None),
        ("localhost:8000", "http://localhost:8000/", "127.0.0.1"),
        ("localhost:8000", "http://localhost:8000/", "::1"),
        ("127.0.0.0/8", "http://lms.school.example/", "127.0.0.1"),
        ("169.254.7.0/24", "http://169.254.7.8/", None),
        ("198.18.0.0/15", "http://198.18.0.1/", None),
        (f"{PUBLIC}:8443", f"https://{PUBLIC}:8443/", None),
        ("64:ff9b::/96", "https://lms.school.example/", "64:ff9b::5db8:d822"),
    ],
)
def test_what_the_list_names_is_let_through(entry: str, url: str, answer: str | None) -> None:
    names = Names()
    names.answers = {httpx2.URL(url).raw_host.decode().rstrip("."): [answer]} if answer else {}
    check(url, entry, names=names)
    with pytest.raises(Blocked):
        check(url, names=names)


@pytest.mark.parametrize(
    ("entry", "url", "answer"),
    [
        ("moodle.corp.example", "https://moodle.corp.example:8443", "10.1.2.3"),  # the usual ports only
        ("moodle.corp.example:8443", "https://moodle.corp.example", "10.1.2.3"),  # this port only
        ("moodle.corp.example", "https://other.corp.example", "10.1.2.3"),
        ("corp.example", "https://moodle.corp.example", "10.1.2.3"),
        ("moodle.corp.example", "http://10.1.2.3", None),
        ("moodle.corp.example", "https://moodle.corp.example", "127.0.0.1"),  # this machine is opened by network
        ("moodle.corp.example", "https://moodle.corp.example", "::1"),
        ("moodle.corp.example", "https://moodle.corp.example", "169.254.7.8"),
        ("moodle.corp.example", "https://moodle.corp.example", "169.254.169.254"),
        ("moodle.corp.example", "https://moodle.corp.example", "fd00:ec2::254"),
        ("moodle.corp.example", "https://moodle.corp.example", "0.0.0.0"),
        ("moodle.corp.example", "https://moodle.corp.example", "::ffff:10.1.2.3"),
        ("localhost", "http://localhost", "10.1.2.3,169.254.169.254"),
        ("localhost", "http://a.localhost", "127.0.0.1"),
        ("localhost", "http://127.0.0.1", None),
        ("10.20.0.0/16", "http://moodle/", "10.21.0.1"),
        ("10.20.0.0/16", "http://moodle/", "10.20.0.1,10.21.0.1"),
        ("10.20.0.0/16", "http://moodle/", PUBLIC),  # a name of the own network that leads out of it
        ("10.20.0.0/16", "http://10.20.0.1:8080/", None),
        ("10.0.0.0/8", "http://[::ffff:10.0.0.1]/", None),
        ("10.0.0.0/8", "http://[2002:a00:1::]/", None),
        ("10.0.0.0/8:8443", "https://lms.school.example:8443", PUBLIC),
        ("0.0.0.0/0", "http://169.254.169.254/", None),
        ("0.0.0.0/0", "http://0.0.0.0/", None),
        ("::/0", "http://[fd00:ec2::254]/", None),
        ("fc00::/7", "http://[fd00:ec2::254]/", None),
        ("100.64.0.0/10", "http://100.100.100.200/", None),
        ("::/0", "http://[::ffff:127.0.0.1]/", None),
        ("64:ff9b::/96", "http://lms.school.example", "64:ff9b::7f00:1"),
        ("64:ff9b::/96", "http://lms.school.example", "64:ff9b::a9fe:a9fe"),
        ("64:ff9b::/96", "http://[64:ff9b::a00:1]/", None),
    ],
)
def test_the_list_opens_nothing_else(entry: str, url: str, answer: str | None) -> None:
    names = Names()
    names.answers = {httpx2.URL(url).raw_host.decode(): [answer.split(",")]} if answer else {}
    with pytest.raises(Blocked):
        check(url, entry, names=names)


def test_a_translated_address_is_judged_by_what_is_behind_it() -> None:
    names = Names(lms_school_example=["64:ff9b::a00:1"])
    check("http://lms.school.example", "64:ff9b::/96", "10.0.0.0/8", names=names)


def test_other_ports_can_be_the_usual_ones() -> None:
    names = Names(lms_school_example=[PUBLIC], moodle=["10.1.2.3"])
    check("https://lms.school.example:8443", names=names, ports=[443, 8443])
    check("https://moodle:8443", "moodle", names=names, ports=[443, 8443])
    with pytest.raises(Blocked, match="requests go to the ports 443, 8443 only"):
        check("http://lms.school.example", names=names, ports=[443, 8443])


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("", "is no name that a host can have; write a host, such as `lms.school.example:8443`"),
        ("https://moodle.corp.example", "is an address with more than host and port"),
        ("*.corp.example", "has a `*`, which would open whatever somebody names so"),
        ("10.0.0.1/8", "is no network: after `/` comes its length"),
        ("10.0.0.0/33", "is no network"),
        ("moodle/24", "is no network"),
        ("10.0.0.0:0", "has a port that there is not"),
        ("moodle:65536", "has a port that there is not"),
        ("moodle:99999999999999", "has a port that there is not"),
        ("moodle:x", "cannot be read"),
        ("moodle:", "cannot be read"),
        ("[fd12::1", "cannot be read"),
        ("0x7f.1", "is an IP address in a spelling that hides it, or none"),
        ("１２７.0.0.1", "is not an address"),
        ("[fd12::x]:80", "is no address"),
        ("fe80::1%eth0", "names an interface of this machine"),
        ("169.254.169.254", "is the metadata service of a cloud, which nothing opens"),
        ("fd00:ec2::/64", "is the metadata service of a cloud, which nothing opens"),
        ("0.0.0.0", "is no address but every address of this machine, which nothing opens"),
        ("::ffff:10.0.0.0/112", "is an IPv4 address inside an IPv6 address, which nothing opens"),
        ("a b", "is no name that a host can have"),
    ],
)
def test_an_entry_that_is_none_is_told(entry: str, fault: str) -> None:
    with pytest.raises(UsageError, match="of the allow-list") as caught:
        Guard([entry])
    assert fault in str(caught.value)


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"allow": "moodle"}, "`allow` is text; give a list of hosts and networks"),
        ({"allow": [1]}, "an entry of `allow` is 1; give text, such as"),
        ({"ports": [0]}, "an entry of `ports` is no port"),
        ({"ports": ["443"]}, "an entry of `ports` is text; give a whole number"),
        ({"ports": 443}, "`ports` is 443; give a list of ports"),
    ],
)
def test_what_python_code_gives_is_looked_at(options: dict[str, Any], fault: str) -> None:
    with pytest.raises(UsageError) as caught:
        Guard(**options)
    assert fault in str(caught.value)


# What is told.


BROWSER = "give the address of the LMS as it stands in a browser"
ADDED = "be added to the allow-list of the guard"


@pytest.mark.parametrize(
    ("url", "what", "do"),
    [
        (
            "http://10.1.2.3:8080/x?token=hush",
            "`10.1.2.3:8080`: requests go to the ports 80, 443 only",
            f"if this is right, let `10.1.2.3:8080` {ADDED}",
        ),
        (
            "http://[fd12::1]/x?token=hush",
            "`fd12::1` is a private address",
            f"if a server of yours is there, let `fd12::1` {ADDED}",
        ),
        (
            "http://moodle/",
            "`moodle` is not a public server",
            f"if it is one of your own, let `moodle` or its network {ADDED}",
        ),
        ("http://169.254.169.254/latest", "`169.254.169.254` is the metadata service of a cloud", BROWSER),
        ("http://me:hush@10.1.2.3/", "user name or password stand before the host of the address", BROWSER),
        ("http://0x7f.1/hush", "'0x7f.1' is an IP address in a spelling that hides it, or none", BROWSER),
        ("http://[fe80::1%25lo]/hush", "'fe80::1%25lo' names an interface of this machine", BROWSER),
        ("http://hush\n/", "this is not an address", BROWSER),
        ("ftp://x.example/", "'ftp' is no scheme of the web", "give an address with https://"),
    ],
)
def test_an_error_says_host_and_what_to_do_and_nothing_of_the_rest(url: str, what: str, do: str) -> None:
    with pytest.raises(Blocked) as caught:
        check(url)
    assert (caught.value.what, caught.value.do) == (what, do)


def test_errors_do_not_tell_what_a_name_leads_to_and_the_log_does(caplog: pytest.LogCaptureFixture) -> None:
    told = set()
    for answer in ("10.1.2.3", "127.0.0.1", "169.254.169.254", "::1"):
        with caplog.at_level(logging.WARNING), pytest.raises(Blocked) as caught:
            check("https://lms.school.example", names=Names(lms_school_example=[answer]))
        told.add(str(caught.value))
        assert f"the guard blocks lms.school.example:443: {answer} is " in caplog.text
    assert len(told) == 1


@pytest.mark.parametrize("port", [443, 8443])
def test_a_name_of_the_own_network_is_told_alike_whether_there_is_one_or_not(port: int) -> None:
    told = set()
    for names in (Names(), Names(moodle=["10.1.2.3"]), Names(moodle=[PUBLIC])):
        with pytest.raises(Blocked) as caught:
            check(f"https://moodle:{port}", "other", names=names)
        told.add(str(caught.value))
        assert not names.asked
    assert len(told) == 1


def test_the_page_names_every_network_that_is_refused() -> None:
    page = (Path(__file__).parent.parent / "docs" / "guard.md").read_text(encoding="utf-8")
    for kind in KINDS:
        row = next((line for line in page.splitlines() if line.startswith(f"| {kind.words} |")), "")
        assert row.endswith(f"| {OPENED[kind.opened]} |"), kind.words
        for network in kind.networks:
            written = str(network.network_address if network.num_addresses == 1 else network)
            assert f"`{written}`" in row, f"{kind.words}: {written}"


OPENED = {"name": "name or network", "localhost": "`localhost` or network", "network": "network", "never": "nothing"}

# For all addresses.

EVERY4 = st.integers(0, 2**32 - 1).map(IPv4Address)
EVERY6 = st.integers(0, 2**128 - 1).map(IPv6Address)
#: Addresses near the borders of the networks, where tables are wrong if they are.
EDGES = st.sampled_from(
    sorted({number for kind in KINDS for network in kind.networks for number in (int(network[0]), int(network[-1]))})
).flatmap(lambda number: st.sampled_from([number - 1, number, number + 1]))


@given(EVERY4 | EDGES.filter(lambda number: 0 <= number < 2**32).map(IPv4Address))
def test_an_ipv4_address_that_python_does_not_call_global_is_none_to_go_to(address: IPv4Address) -> None:
    kind = kind_of_address(address)
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        assert kind is not None
    if kind is None:
        check(f"http://{address}/")


@given(EVERY6 | EDGES.filter(lambda number: 0 <= number < 2**128).map(IPv6Address))
def test_an_ipv6_address_that_python_does_not_call_global_is_none_to_go_to(address: IPv6Address) -> None:
    kind = kind_of_address(address)
    if not address.is_global or address.is_multicast or address not in IPv6Network("2000::/3"):
        assert kind is not None
    if kind is None:
        assert not any((address.ipv4_mapped, address.sixtofour, address.teredo))
        check(f"http://[{address}]/")


EMBEDDINGS: dict[str, Callable[[int], IPv6Address]] = {
    "mapped": lambda v4: IPv6Address(0xFFFF << 32 | v4),
    "translated": lambda v4: IPv6Address(0xFFFF << 48 | v4),
    "compatible": IPv6Address,
    "nat64": lambda v4: IPv6Address((0x64FF9B << 96) | v4),
    "own nat64": lambda v4: IPv6Address((0x64FF9B0001 << 80) | v4),
    "6to4": lambda v4: IPv6Address((0x2002 << 112) | v4 << 80 | 1),
    "teredo": lambda v4: IPv6Address((0x20010000 << 96) | (v4 ^ 0xFFFFFFFF)),
    "teredo server": lambda v4: IPv6Address((0x20010000 << 96) | v4 << 64),
    "isatap": lambda v4: IPv6Address((0x2A00145040010001 << 64) | 0x5EFE << 32 | v4),
    "isatap global": lambda v4: IPv6Address((0x2A00145040010001 << 64) | 0x02005EFE << 32 | v4),
}


@pytest.mark.parametrize("how", EMBEDDINGS)
@given(EVERY4)
def test_no_ipv4_address_is_reached_inside_of_another(how: str, address: IPv4Address) -> None:
    assume(int(address) > 1)  # `::` and `::1` are addresses of their own
    inside = EMBEDDINGS[how](int(address))
    assert kind_of_address(inside) is not None
    assert behind(inside) == (address if how == "nat64" else None)
    for allow in ((), ("10.0.0.0/8", "127.0.0.0/8", "::/0")):
        if how == "nat64" and allow and (kind_of_address(address) is None or address.packed[0] in (10, 127)):
            check(f"http://[{inside}]/", *allow)
            continue
        with pytest.raises(Blocked):
            check(f"http://[{inside}]/", *allow)


def spellings(address: IPv4Address) -> list[str]:
    """Return what a system takes for an IPv4 address (inet_aton), without its plain spelling."""
    a, b, c, d = address.packed
    number = int(address)
    ways: list[Callable[[int], str]] = [str, hex, lambda part: f"0{part:o}", lambda part: f"0x{part:08X}"]
    groups = [[number], [a, number & 0xFFFFFF], [a, b, number & 0xFFFF], [a, b, c, d]]
    found = {".".join(way(part) for part in group) + dot for way in ways for group in groups for dot in ("", ".")}
    found |= {f"{hex(a)}.{b}.0{c:o}.{d}", f"{a}.{b}.{c}.{d}."}
    return sorted(found - {str(address)})


@given(EVERY4)
def test_an_ipv4_address_has_one_spelling(address: IPv4Address) -> None:
    assert read(str(address)) == address
    for spelled in spellings(address):
        assert spelled.endswith(".") or int.from_bytes(socket.inet_aton(spelled)) >= 0  # the system would take it
        with pytest.raises(ValueError, match="in a spelling that hides it"):
            read(spelled)


@given(EVERY6)
def test_an_ipv6_address_is_the_same_in_every_spelling(address: IPv6Address) -> None:
    dotted = f"{address.exploded[:30]}{IPv4Address(int(address) & 0xFFFFFFFF)}"
    for spelled in (str(address), address.exploded, str(address).upper(), dotted):
        assert read(spelled) == address


@given(st.text(max_size=40) | st.from_regex(r"[0-9a-fx.:\[\]%@\\/#?-]{1,30}", fullmatch=True))
def test_whatever_stands_for_a_host_only_plain_names_are_asked_for_and_only_public_addresses_let_through(
    text: str,
) -> None:
    names = Names()
    try:
        check(f"http://{text}/", names=names)
    except (Blocked, Unreachable):
        assert all(read(name) == name and "." in name for name in names.asked)
    else:
        assert kind_of_address(ip_address(httpx2.URL(f"http://{text}/").host)) is None


@given(st.lists(EVERY4 | EVERY6, min_size=1, max_size=5))
def test_one_address_that_is_not_public_blocks_a_name(addresses: list[IPv4Address | IPv6Address]) -> None:
    names = Names(lms_school_example=[[PUBLIC, *map(str, addresses)]])
    guard = Guard(resolve=names)
    if all(kind_of_address(address) is None for address in addresses):
        found = asyncio.run(guard.addresses("lms.school.example", 443))
        assert found == list(dict.fromkeys([ip_address(PUBLIC), *addresses]))
    else:
        with pytest.raises(Blocked):
            asyncio.run(guard.addresses("lms.school.example", 443))
