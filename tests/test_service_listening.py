"""The address that the service listens on."""

import socket

import pytest

from engine.errors import UsageError
from engine.service.listening import address, bound


def test_a_free_port_is_found_and_told() -> None:
    with bound("127.0.0.1", 0) as listening:
        assert address(listening) == f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_an_address_of_ipv6_is_told_as_browsers_take_it() -> None:
    with bound("::1", 0) as listening:
        assert address(listening).startswith("http://[::1]:")


def test_a_name_is_an_address_too() -> None:
    with bound("localhost", 0) as listening:
        assert listening.getsockname()[0] in ("127.0.0.1", "::1")


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("no-such-host.invalid", "cannot listen on no-such-host.invalid: there is no such address"),
        ("192.0.2.1", "cannot listen on 192.0.2.1 port 0: this machine has no such address"),
        ("a" * 300, "there is no such address"),
    ],
)
def test_what_is_no_address_of_this_machine_is_told(host: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        bound(host, 0)


def test_a_port_that_another_program_has_is_told() -> None:
    why = "another program listens there; end it, or give another --port"
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(UsageError, match=why):
        bound("127.0.0.1", taken.getsockname()[1])


def test_an_address_is_taken_at_once_though_nobody_answers_there_yet() -> None:
    why = "another program listens there"
    with bound("127.0.0.1", 0) as first, pytest.raises(UsageError, match=why):
        bound("127.0.0.1", first.getsockname()[1])
