"""The client that Truto publishes reads our service, unchanged but for its base URL."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from lms import URL, Lms, school
from service import SCHOOL, Served, listening, served

HERE = Path(__file__).parent
FOLDER = HERE.parent / ".peers" / "truto"
USERS = """
users:
  for: user in users
  fields: { id: user.id, name: user.name }
"""
TEXT = SCHOOL.replace("fetch:", "fetch:\n  users: { get: /users, items: items }") + USERS

Api = Callable[[str], Any]


@pytest.fixture(scope="session")
def sdk() -> Api:
    """Install the client in a folder of its own, once, and return what makes one."""
    if not (FOLDER / "truto_python_sdk").is_dir():
        options = ["--no-deps", "--ignore-requires-python", "--require-hashes", "--target", str(FOLDER)]
        command = [sys.executable, "-m", "pip", "install", "--quiet", *options, "-r", str(HERE / "truto.txt")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode and os.environ.get("CI") != "true":
            pytest.skip("truto-python-sdk cannot be installed here: our service is not tested with Truto's own client")
        assert done.returncode == 0, done.stderr
    sys.path.append(str(FOLDER))
    made: Api = import_module("truto_python_sdk").TrutoApi
    return made


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, TEXT, Lms({**school(courses=[1, 2, 3], people=range(1, 8)), "/me": {}})) as running:
        yield running


def ask(service: Served, sdk: Any, work: Callable[[Any], Coroutine[Any, Any, Any]]) -> Any:
    async def asked(url: str) -> Any:
        return await work(sdk(service.key, base_url=url))

    with listening(service.client.app) as url:
        return asyncio.run(asked(url))


@pytest.mark.parametrize(("resource", "number"), [("course-enrollments", 21), ("courses", 3), ("users", 7)])
def test_it_reads_every_record_through_several_pages(service: Served, sdk: Any, resource: str, number: int) -> None:
    query = {"integrated_account_id": service.account, "limit": 2}
    records = ask(service, sdk, lambda api: api.unified_api.list("lms", resource, query).to_array())
    assert len({record["id"] for record in records}) == len(records) == number


def test_its_own_parameters_and_filters_mean_what_they_say(service: Served, sdk: Any) -> None:
    query = {
        "integrated_account_id": service.account,
        "user": {"id": "2"},
        "course": {"id": {"in": ["1", "3"]}},
        "truto_ignore_remote_data": True,
        "truto_exclude_fields": ["status"],
    }
    records = ask(service, sdk, lambda api: api.unified_api.list("lms", "course-enrollments", query).to_array())
    assert [record["id"] for record in records] == ["102", "302"]
    assert not {"remote_data", "status"} & set(records[0])


def test_it_gets_one_record(service: Served, sdk: Any) -> None:
    query = {"integrated_account_id": service.account}
    course = ask(service, sdk, lambda api: api.unified_api.get("lms", "courses", "2", query))
    assert course["title"] == "Course 2"


def test_it_makes_reads_changes_and_deletes_accounts(service: Served, sdk: Any) -> None:
    async def work(api: Any) -> list[Any]:
        accounts = api.integrated_accounts
        made = await accounts._import({"provider": "acme", "name": "New", "connection": {"url": URL}})  # noqa: SLF001
        changed = await accounts.update(made["id"], {"name": "Newer"})
        refreshed = await accounts.refresh_credentials(made["id"])
        got = await accounts.get(made["id"])
        listed = await accounts.list(limit=1).to_array()
        await accounts.delete(made["id"])
        left = await accounts.list(provider="acme").to_array()
        return [made["name"], changed["name"], refreshed["status"], got["id"] == made["id"], len(listed), len(left)]

    assert ask(service, sdk, work) == ["New", "Newer", "active", True, 2, 1]
