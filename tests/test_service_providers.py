"""The providers over HTTP, and the forms of their connections."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from lms import Lms
from service import Served, served

from engine.connections import connect
from engine.errors import UsageError
from engine.loading import available, load
from engine.service.forms import form

TEXT = """
mapping: 1
provider: { id: acme, name: Acme, docs: https://acme.example/docs, about: An LMS., gaps: [Nothing is told of time.] }
connection:
  url: { title: Address, format: url, example: https://school.acme.example }
  client_id: { title: Client ID, help: Settings > API }
  client_secret: { title: Client secret, secret: true }
  refresh_token: { title: Refresh token, secret: true }
  region: { title: Region, choices: [eu, us], default: eu }
  size: { title: Size, format: integer, required: false }
  archived: { title: Archived, format: boolean, default: false }
http:
  base_url: "{connection.url}"
  auth:
    oauth2:
      token_url: /token
      grant: refresh_token
      client_id: "{connection.client_id}"
      client_secret: "{connection.client_secret}"
      refresh_token: "{connection.refresh_token}"
      authorize: { url: /authorize, scope: read }
  check: { get: /me }
fetch: { courses: { get: /courses } }
courses: { for: course in courses, fields: { id: course.id, title: course.name } }
"""


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path, TEXT, Lms({})) as running:
        yield running


def test_providers_are_listed_with_evidence_and_coverage(service: Served) -> None:
    page = service.send("GET", "/providers").json()
    assert {one["id"] for one in page["result"]} == {"acme", *available()}
    assert (page["result_count"], page["next_cursor"]) == (len(page["result"]), None)
    acme = next(one for one in page["result"] if one["id"] == "acme")
    assert acme == {
        "id": "acme",
        "name": "Acme",
        "about": "An LMS.",
        "docs": "https://acme.example/docs",
        "evidence": "untested",
        "auth": "oauth2",
        "authorizes": True,
        "resources": {"courses": {"covered": 2, "of": acme["resources"]["courses"]["of"]}},
    }


def test_a_provider_has_the_form_of_its_connection(service: Served) -> None:
    found = service.send("GET", "/providers/acme").json()
    assert found["gaps"] == ["Nothing is told of time."]
    assert found["resources"]["courses"]["fields"] == {"id": "course.id", "title": "course.name"}
    shape = found["form"]
    assert shape["required"] == ["url", "client_id", "client_secret", "refresh_token"]
    assert list(shape["properties"]) == list(load_connection())
    assert shape["properties"]["url"] == {
        "title": "Address",
        "type": "string",
        "format": "uri",
        "minLength": 1,
        "examples": ["https://school.acme.example"],
    }
    assert shape["properties"]["client_secret"] == {
        "title": "Client secret",
        "type": "string",
        "writeOnly": True,
        "format": "password",
        "minLength": 1,
    }
    assert shape["properties"]["region"]["enum"] == ["eu", "us"]
    assert shape["properties"]["region"]["default"] == "eu"
    assert shape["properties"]["size"] == {"title": "Size", "type": "integer"}
    assert shape["properties"]["archived"] == {"title": "Archived", "type": "boolean", "default": False}
    assert "refresh_token" not in found["authorize_form"]["properties"]
    assert found["authorize_form"]["required"] == ["url", "client_id", "client_secret"]


def load_connection() -> list[str]:
    return ["url", "client_id", "client_secret", "refresh_token", "region", "size", "archived"]


@pytest.mark.parametrize("provider", available())
def test_what_fills_the_form_of_a_provider_is_a_connection_of_it(provider: str) -> None:
    mapping = load(provider).mapping
    shape = form(mapping)
    Draft202012Validator.check_schema(shape)
    validator = Draft202012Validator(shape)
    filled = {name: _value(each) for name, each in shape["properties"].items()}
    needed = {name: filled[name] for name in shape["required"]}
    for given in (filled, needed):
        assert validator.is_valid(given)
        connect(mapping, given)
    for name in needed:
        given = {key: value for key, value in filled.items() if key != name}
        assert not validator.is_valid(given)
        with pytest.raises(UsageError, match=name):
            connect(mapping, given)


def _value(shape: dict[str, object]) -> object:
    if "enum" in shape:
        return shape["enum"][0]  # type: ignore[index]
    if "examples" in shape:
        return shape["examples"][0]  # type: ignore[index]
    if "default" in shape:
        return shape["default"]
    return {"integer": 7, "boolean": True}.get(str(shape["type"]), "https://x.example")


def test_whether_there_is_such_a_provider_is_told(service: Served) -> None:
    answer = service.send("GET", "/providers/acmee")
    assert answer.status_code == 404
    assert "did you mean `acme`?" in answer.json()["message"]


def test_a_key_is_needed_and_a_parameter_is_not_ignored(service: Served) -> None:
    assert service.send("GET", "/providers", key="no").status_code == 401
    assert service.send("GET", "/providers?page=2").status_code == 400
