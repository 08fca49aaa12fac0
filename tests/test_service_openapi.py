"""The service does what its OpenAPI says, whatever it is asked: schemathesis makes the requests."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from lms import Lms, school
from service import SCHOOL, served

_stack = ExitStack()
SERVICE = _stack.enter_context(
    served(
        Path(_stack.enter_context(TemporaryDirectory())),
        SCHOOL,
        Lms(school(courses=[1, 2])),
        requests_per_minute=1_000_000,
    )
)
SCHEMA = schemathesis.openapi.from_asgi(
    "/openapi.json", SERVICE.client.app, headers={"Authorization": f"Bearer {SERVICE.key}"}
)


@pytest.fixture(scope="module", autouse=True)
def _ended() -> Iterator[None]:
    yield
    _stack.close()


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Let most requests be about the account there is: a made-up one leads no further than a 404."""
    if case.query and case.meta and case.meta.generation.mode.is_positive and len(str(case.query)) % 4:
        case.query["integrated_account_id"] = SERVICE.account
        case.query.pop("next_cursor", None)


@SCHEMA.parametrize()
@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
def test_every_answer_is_as_described(case: Any) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {SERVICE.key}"})
