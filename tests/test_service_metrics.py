"""What is counted, and that nothing of a customer is in it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from lms import Lms, school
from service import TOKENED, Served, served

from engine.service.metrics import Metrics


@pytest.fixture
def lms() -> Lms:
    return Lms(school(courses=[1, 2, 3], people=[1, 2, 3, 4, 5]))


@pytest.fixture
def service(tmp_path: Path, lms: Lms) -> Iterator[Served]:
    with served(tmp_path, TOKENED, lms, patience_seconds=0) as running:
        running.account = running.connect(token="t0p-s3cret")
        yield running


def counted(service: Served) -> dict[str, float]:
    """Return the samples of a scrape by name and labels."""
    answer = service.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    lines = (line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines if not name.split("{")[0].endswith("_created")}


def test_requests_are_counted_by_route_and_status_and_timed(service: Served) -> None:
    service.get(query="limit=2")
    service.get(query="limit=nonsense")
    service.get("/nowhere/jane@example.org")
    found = counted(service)
    route = "/unified/lms/course-enrollments"
    assert found[f'rollbook_requests_total{{method="GET",route="{route}",status="200"}}'] == 1
    assert found[f'rollbook_requests_total{{method="GET",route="{route}",status="400"}}'] == 1
    assert found['rollbook_requests_total{method="GET",route="unknown",status="404"}'] == 1
    assert found[f'rollbook_request_seconds_count{{route="{route}"}}'] == 2
    assert found["rollbook_requests_under_way"] == 1  # the one that asks for this


def test_calls_records_and_unknown_statuses_are_counted_by_provider(service: Served, lms: Lms) -> None:
    lms.lists["/courses/1/enrollments"][0]["state"] = "Jane Doe left"
    service.get(query="limit=7")
    service.get(query="response_format=stream")
    found = counted(service)
    assert found['rollbook_provider_requests_total{provider="acme",status="2xx"}'] == 3 + 5
    assert found['rollbook_provider_request_seconds_count{provider="acme"}'] == 3 + 5
    assert found['rollbook_records_total{provider="acme",resource="course_enrollments"}'] == 7 + 15
    assert found['rollbook_unknown_statuses_total{provider="acme"}'] == 2
    assert found["rollbook_open_channels"] >= 0
    assert found["rollbook_event_loop_lag_seconds_count"] >= 0


def test_failures_are_counted_by_class_whether_something_was_read_or_not(service: Served, lms: Lms) -> None:
    throttled = httpx2.Response(429, headers={"Retry-After": "60"})
    lms.answer_once("/courses/2/enrollments", throttled)
    assert service.get(query="limit=9").json()["result_count"] == 5
    lms.answer_once("/courses", throttled)
    assert service.get(query="limit=9").status_code == 429
    lms.answer_once("/courses", httpx2.Response(401))
    assert service.get(query="limit=9").status_code == 401
    found = counted(service)
    assert found['rollbook_provider_failures_total{kind="Throttled",provider="acme"}'] == 2
    assert found['rollbook_provider_failures_total{kind="Refused",provider="acme"}'] == 1
    assert found['rollbook_provider_requests_total{provider="acme",status="4xx"}'] == 3


def test_what_is_left_out_is_counted_by_kind(service: Served, lms: Lms) -> None:
    lms.answer_once("/courses/2/enrollments", httpx2.Response(404))
    service.get(query="limit=9")
    assert counted(service)['rollbook_notes_total{kind="parent_failed",provider="acme"}'] == 1


def test_nothing_of_a_customer_is_in_them(service: Served, lms: Lms) -> None:
    lms.lists["/courses/1/enrollments"][0] |= {"state": "Jane Doe", "name": "Jane Doe", "mail": "jane@example.org"}
    service.get(query="limit=7&user[name]=Jane%20Doe")
    service.get("/unified/lms/users/jane@example.org")
    text = service.get("/metrics").text.lower()
    for hidden in ("jane", "t0p-s3cret", service.account.lower(), "acme.example", "http", service.key.lower()):
        assert hidden not in text, hidden


def test_they_need_a_key_that_is_for_all_accounts(service: Served) -> None:
    assert service.get("/metrics", key="").status_code == 401
    _, some = service.store.keys.create("read", [service.account], "one account")
    assert service.get("/metrics", key=some).status_code == 403
    _, every = service.store.keys.create("read", None, "all accounts")
    assert service.get("/metrics", key=every).status_code == 200


def test_they_are_open_where_the_settings_say_so(tmp_path: Path, lms: Lms) -> None:
    with served(tmp_path, TOKENED, lms, metrics_open=True) as service:
        assert service.client.get("/metrics").status_code == 200
        assert service.get(key="").status_code == 401


def test_each_application_counts_for_itself() -> None:
    first, second = Metrics(), Metrics()
    first.failed("acme", "Throttled")
    assert b'kind="Throttled"' in first.text()
    assert b'kind="Throttled"' not in second.text()


def test_several_processes_tell_the_sum_of_what_they_counted(tmp_path: Path) -> None:
    line = (
        "from engine.service.metrics import Metrics\n"
        "metrics = Metrics()\n"
        "metrics.failed('acme', 'Throttled')\n"
        "metrics.channels(3)\n"
        "print(metrics.text().decode())\n"
    )
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    command = [sys.executable, "-c", line]
    texts = [subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout for _ in "ab"]
    assert 'rollbook_provider_failures_total{kind="Throttled",provider="acme"} 2.0' in texts[1]
    assert "rollbook_open_channels 6.0" in texts[1]
