"""The service does what its OpenAPI says, whatever it is asked: schemathesis makes the requests.

`ROLLBOOK_EXAMPLES` says how many for each operation; `make soak` makes thousands.
"""

import atexit
import os
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from lms import URL, Lms, school
from openapi_spec_validator import validate
from service import SCHOOL, served
from service_examples import FILE, text

EXAMPLES = int(os.environ.get("ROLLBOOK_EXAMPLES", "4"))

_stack = ExitStack()
SERVICE = _stack.enter_context(
    served(
        Path(_stack.enter_context(TemporaryDirectory())),
        SCHOOL,
        Lms(school(courses=[1, 2])),
        requests_per_minute=1_000_000,
    )
)
HEADERS = {"Authorization": f"Bearer {SERVICE.key}"}
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", SERVICE.client.app, headers=HEADERS)


# What is asked is known only from a service that runs, before any test does.
atexit.register(_stack.close)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Let most requests be about the account there is: a made-up one leads no further than a 404."""
    positive = case.meta is not None and case.meta.generation.mode.is_positive
    if case.query and positive and case.query.get("response_format") == "raw":
        for name in ("ignore_remote_data", "exclude_fields[]"):
            case.query.pop(name, None)
    if case.query and positive and case.query.get("response_format") == "stream":
        case.query.pop("key_by", None)  # they exclude each other, which OpenAPI cannot say of parameters
    if case.query and not positive:  # what cannot be written in an address would not be there at all
        case.query = {name: "x" if value in ([], {}, None) else value for name, value in case.query.items()}
    if positive and ("integrated-accounts" in case.path or "oauth" in case.path):
        _keep_to_what_there_is(case)
    elif case.query and positive and len(str(case.query)) % 4:
        case.query["integrated_account_id"] = SERVICE.account
        case.query.pop("next_cursor", None)


def _keep_to_what_there_is(case: Any) -> None:
    """Put in what no schema can tell: the fields of a connection, a name that can be shown, a cursor that holds."""
    if case.query:
        case.query.pop("next_cursor", None)
        if "provider" in case.query:
            case.query["provider"] = "acme"
    if case.path_parameters and case.method != "DELETE" and len(str(case.body)) % 4:
        case.path_parameters["id"] = SERVICE.account
    if isinstance(case.body, dict):
        put = {"provider": "acme", "name": "School", "connection": {"url": URL}}
        case.body.update({name: put[name] for name in put if case.body.get(name) is not None})


@SCHEMA.parametrize()
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
def test_every_answer_is_as_described(case: Any) -> None:
    case.call_and_validate(headers=HEADERS)


class _Steps(SCHEMA.as_state_machine()):  # type: ignore[misc]
    """One request after the other, each with what the ones before gave: an account is made, read, changed, deleted."""

    def get_call_kwargs(self, case: Any) -> dict[str, Any]:  # noqa: ARG002 - called by theirs
        return {"headers": HEADERS}


def test_one_request_after_the_other_finds_what_the_ones_before_left() -> None:
    steps = settings(
        max_examples=EXAMPLES, stateful_step_count=6, suppress_health_check=list(HealthCheck), deadline=None
    )
    run_state_machine_as_test(_Steps, settings=steps)


def test_the_description_is_openapi_and_knows_every_way_to_ask() -> None:
    described = SERVICE.client.get("/openapi.json", headers=HEADERS).json()
    validate(described)
    assert described["openapi"].startswith("3.1")
    listed = described["paths"]["/unified/lms/course-enrollments"]["get"]
    names = {one["name"] for one in listed["parameters"]}
    assert {"integrated_account_id", "updated_at[gte]", "user[id]", "status[in]", "course[title][like]"} <= names
    assert listed["security"] == [{"HTTPBearer": []}]
    assert listed["responses"]["200"]["content"]["application/json"]["example"]["result"][0]["id"]


def test_the_examples_of_the_description_are_real_answers() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), "run `make fix`"
