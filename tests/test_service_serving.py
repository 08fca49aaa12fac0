"""`rollbook serve` starts, answers and ends as a process of its own."""

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
from served import School, Service

from engine.store import KeyRing


def lines(response: httpx2.Response) -> list[dict[str, Any]]:
    return [json.loads(line) for line in response.text.splitlines()]


def test_the_first_start_makes_keys_a_store_and_one_api_key_and_the_second_does_not(tmp_path: Path) -> None:
    with School(5).running() as url:
        with Service(tmp_path) as first:
            keys, made, key, listening = first.begun().out
            assert keys.startswith(f"made the keys of the store in {first.data / 'rollbook.keys'}")
            assert made == f"made the store {first.data / 'rollbook.db'}"
            assert key == f"the first API key, for everything; it is not shown again: {first.key}"
            assert listening == f"listening on {first.url}"
            modes = [(first.data / name).stat().st_mode & 0o777 for name in ("rollbook.keys", "rollbook.db")]
            assert modes == [0o600, 0o600]
            assert_only_health_answers_without_a_key(first.url)
            account = first.connect(url)
            assert first.end() == 143
            assert first.key not in first.told()
        with Service(tmp_path, allow=url.removeprefix("http://")) as second:
            assert second.begun().out == [f"listening on {second.url}"]
            second.key = first.key
            page = second.get(f"/unified/lms/users?integrated_account_id={account}&limit=3").json()
            assert [record["id"] for record in page["result"]] == ["1", "2", "3"]


def assert_only_health_answers_without_a_key(url: str) -> None:
    health = [httpx2.get(f"{url}/health/{name}").status_code for name in ("live", "ready")]
    assert health == [200, 200]
    paths = {"/unified/lms/users": 401, "/docs": 401, "/openapi.json": 401, "/redoc": 404, "/": 404}
    assert {path: httpx2.get(url + path).status_code for path in paths} == paths


@pytest.mark.parametrize("ends", ["SIGTERM", "SIGINT"])
def test_a_stream_under_way_is_finished_and_then_the_service_has_ended(tmp_path: Path, ends: str) -> None:
    school = School(4, held=2)
    with school.running() as url, Service(tmp_path, allow=url.removeprefix("http://")) as service:
        account = service.begun().connect(url)
        with service.asking(f"/unified/lms/users?integrated_account_id={account}&response_format=stream") as asked:
            assert school.reached.wait(20)
            service.process.send_signal(signal.Signals[ends])
            refused(service.url)
            school.go.set()
            *records, last = lines(asked.result(20))
        assert [record["id"] for record in records] == ["1", "2", "3", "4"]
        assert (last["complete"], last["result_count"]) == (True, 4)
        assert service.process.wait(20) == 128 + signal.Signals[ends]
        assert {line["level"] for line in service.log()} == {"info"}


def refused(url: str) -> None:
    """Wait until nobody listens any more."""
    port = int(url.rpartition(":")[2])
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.02)
    raise AssertionError("it still listens")


def test_a_stream_that_does_not_end_in_time_stops_with_a_last_line_and_a_cursor_for_the_rest(tmp_path: Path) -> None:
    school = School(5, held=2)
    with school.running() as url:
        allow = url.removeprefix("http://")
        with Service(tmp_path, allow=allow, shutdown_seconds=0.3) as service:
            account = service.begun().connect(url)
            path = f"/unified/lms/users?integrated_account_id={account}&response_format=stream"
            with service.asking(path) as asked:
                assert school.reached.wait(20)
                assert service.end() == 143
                *records, last = lines(asked.result(20))
        assert [record["id"] for record in records] == ["1", "2"]
        assert (last["complete"], last["error"]["statusCode"]) == (False, 503)
        assert "ask again" in last["error"]["message"]
        school.go.set()
        with Service(tmp_path, allow=allow) as again:
            again.begun().key = service.key
            *records, last = lines(again.get(f"{path}&next_cursor={last['next_cursor']}"))
    assert [record["id"] for record in records] == ["3", "4", "5"]
    assert last["complete"] is True


@pytest.mark.parametrize(("held", "status", "ids"), [(2, 200, ["1", "2"]), (1, 503, [])])
def test_a_page_that_does_not_end_in_time_gives_what_it_has_or_is_to_be_asked_again(
    tmp_path: Path, held: int, status: int, ids: list[str]
) -> None:
    school = School(5, held=held)
    allowed: dict[str, Any] = {"shutdown_seconds": 0.3}
    with school.running() as url, Service(tmp_path, allow=url.removeprefix("http://"), **allowed) as service:
        account = service.begun().connect(url)
        with service.asking(f"/unified/lms/users?integrated_account_id={account}") as asked:
            assert school.reached.wait(20)
            assert service.end() == 143
            answer = asked.result(20)
    assert answer.status_code == status
    assert [record["id"] for record in answer.json().get("result", [])] == ids
    assert bool(answer.json().get("next_cursor")) is bool(ids)
    assert answer.headers.get("retry-after") == (None if ids else "5")


def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    school = School(4, held=1)
    with school.running() as url, Service(tmp_path, allow=url.removeprefix("http://")) as service:
        account = service.begun().connect(url)
        with service.asking(f"/unified/lms/users?integrated_account_id={account}") as asked:
            assert school.reached.wait(20)
            service.process.send_signal(signal.SIGINT)
            refused(service.url)
            time.sleep(1.1)  # what comes within a second is taken for the same signal
            assert service.process.poll() is None
            assert service.end(signal.SIGINT) == -signal.SIGINT
            assert isinstance(asked.exception(20), httpx2.HTTPError)


def test_several_processes_share_one_store_and_end_together(tmp_path: Path) -> None:
    school = School(4, held=2)
    with school.running() as url, Service(tmp_path, "--workers", "2", allow=url.removeprefix("http://")) as service:
        account = service.begun().connect(url)
        with service.asking(f"/unified/lms/users?integrated_account_id={account}&response_format=stream") as asked:
            assert school.reached.wait(20)
            # The one may be busy; whoever answers knows the account that was stored meanwhile.
            assert service.get("/unified/lms/users?integrated_account_id=none").status_code == 404
            service.process.send_signal(signal.SIGTERM)
            refused(service.url)
            school.go.set()
            assert lines(asked.result(20))[-1]["complete"] is True
        assert service.process.wait(20) == 143


def test_a_process_that_dies_is_replaced(tmp_path: Path) -> None:
    with Service(tmp_path, "--workers", "2") as service:
        service.begun()
        first, second = children(service.process.pid)
        os.kill(first, signal.SIGKILL)
        while first in (now := children(service.process.pid)) or len(now) < 2:
            time.sleep(0.05)
        assert second in now
        assert service.get("/health/ready").status_code == 200
        assert service.end() == 143
        assert [line["exit_code"] for line in service.log() if line["level"] == "error"] == [-9]


def children(pid: int) -> list[int]:
    """Return the processes that serve, of a parent."""
    command = ["/usr/bin/env", "ps", "-ww", "-o", "pid=,args=", "--ppid", str(pid)]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if "spawn_main" in line]


def test_a_port_in_use_is_told_and_is_wrong_usage(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with Service(tmp_path, port=port) as service:
            assert service.process.wait(30) == 2
            why = "another program listens there; end it, or give another --port"
            assert service.told() == f"error: cannot listen on 127.0.0.1 port {port}: {why}\n"
        assert not service.data.exists()


def test_wrong_settings_are_told_all_at_once_without_their_values(tmp_path: Path) -> None:
    with Service(tmp_path, page_seconds="soon-4711", allow="http://x/y", log_level="all-4711") as service:
        assert service.process.wait(30) == 2
        assert "ROLLBOOK_PAGE_SECONDS" in service.told()
        assert "ROLLBOOK_LOG_LEVEL" in service.told()
        assert "4711" not in service.told()


def test_an_entry_of_the_allow_list_that_opens_nothing_is_refused_before_anything_is_answered(tmp_path: Path) -> None:
    with Service(tmp_path, allow="http://x/y") as service:
        assert service.process.wait(30) == 2
        assert "http://x/y" in service.told()


def test_in_production_keys_are_never_made_and_no_key_is_printed(tmp_path: Path) -> None:
    with Service(tmp_path, env="production") as without:
        assert without.process.wait(30) == 2
        assert "there are no keys to encrypt secrets with" in without.told()
        assert not without.data.exists()
    given = KeyRing.generate().text
    everywhere = ("--host", "0.0.0.0")  # noqa: S104 - as in a container
    with Service(tmp_path, *everywhere, env="production", secret_keys=given) as service:
        service.begun()
        assert service.out == [f"made the store {service.data / 'rollbook.db'}", f"listening on {service.url}"]
        assert service.end() == 143


def test_keys_are_not_made_for_a_service_that_others_can_reach(tmp_path: Path) -> None:
    with Service(tmp_path, "--host", "0.0.0.0") as service:  # noqa: S104 - it is what is tested
        assert service.process.wait(30) == 1
        assert "there is no store in " in service.told()
        assert not service.data.exists()
