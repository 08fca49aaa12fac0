"""Accounts over HTTP, as callers see them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from lms import URL, Lms, school
from service import Served, served

SECRET = "hush-7c1f"
TEXT = """
mapping: 1
provider: { id: acme, name: Acme }
connection:
  url: { title: Address, format: url }
  token: { title: Token, secret: true }
  region: { title: Region, choices: [eu, us], default: eu }
http:
  base_url: "{connection.url}"
  auth: { bearer: "{connection.token}" }
  check: { get: /me }
fetch:
  courses: { get: /courses, items: items }
  users: { get: /users, items: items }
  enrollments: { for: course in courses, get: "/courses/{course.id}/enrollments", items: items }
course_enrollments:
  for: enrollment in enrollments
  fields: { id: enrollment.id, user.id: enrollment.user_id, course.id: course.id }
  status: { from: enrollment.state, words: { on: in_progress } }
courses:
  for: course in courses
  fields: { id: course.id, title: course.title }
users:
  for: user in users
  fields: { id: user.id, name: user.name }
"""
NEW = {"provider": "acme", "name": "Springfield", "connection": {"url": URL, "token": SECRET}}


class School(Lms):
    """A fake LMS that wants a token."""

    token = SECRET

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return httpx2.Response(401, json={"error": f"{request.headers.get('authorization')} is no token"})
        return super().__call__(request)


@pytest.fixture
def lms() -> School:
    return School({**school(courses=[1, 2]), "/me": {"id": 7}})


@pytest.fixture
def service(tmp_path: Path, lms: School) -> Iterator[Served]:
    with served(tmp_path, TEXT, lms) as running:
        running.store.accounts.delete(running.account)
        yield running


def make(service: Served, **given: Any) -> dict[str, Any]:
    answer = service.send("POST", "/integrated-accounts", {**NEW, **given})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def reader(service: Served, *accounts: str) -> str:
    return service.store.keys.create("read", accounts, "reader")[1]


def actions(service: Served) -> list[tuple[str, str]]:
    return [(line.action, line.actor) for line in reversed(service.store.audit.list()) if line.actor != "rollbook"]


def test_an_account_that_cannot_even_be_asked_is_told_and_not_kept(tmp_path: Path, lms: School) -> None:
    text = TEXT.replace("default: eu", "required: false").replace("get: /me", 'get: "/me/{connection.region}"')
    with served(tmp_path, text, lms) as service:
        answer = service.send("POST", "/integrated-accounts", {**NEW, "check": True})
        assert answer.status_code == 400
        assert "{connection.region} has no value" in answer.json()["message"]
        assert [one["id"] for one in service.send("GET", "/integrated-accounts").json()["result"]] == [service.account]


def test_secrets_do_not_follow_an_account_to_another_address(service: Served) -> None:
    path = f"/integrated-accounts/{make(service)['id']}"
    moved = service.send("PATCH", path, {"connection": {"url": "https://1.1.1.1"}})
    what = "must be given again, since url changes: secrets do not follow to another address"
    assert (moved.status_code, details(moved)) == (400, {"connection.token": what})
    assert service.send("GET", path).json()["connection"]["url"] == URL
    both = {"connection": {"url": "https://1.1.1.1", "token": "another"}}
    assert service.send("PATCH", path, both).json()["connection"]["url"] == "https://1.1.1.1"
    same = {"connection": {"url": "https://1.1.1.1", "region": "us"}}
    assert service.send("PATCH", path, same).status_code == 200


def details(answer: httpx2.Response, status: int = 400) -> dict[str, str]:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["statusCode"] == status
    assert SECRET not in answer.text
    return {one["parameter"]: one["message"] for one in body.get("details", ())}


# making


def test_an_account_is_made_shown_without_its_secrets_and_read(service: Served) -> None:
    made = make(service)
    assert made["connection"] == {"url": URL}
    assert (made["secrets"], made["status"], made["status_reason"]) == (["token"], "active", None)
    assert service.send("GET", f"/integrated-accounts/{made['id']}").json() == made
    page = service.get("courses", f"integrated_account_id={made['id']}").json()
    assert [record["id"] for record in page["result"]] == ["1", "2"]


def test_no_answer_has_a_secret(service: Served) -> None:
    made = make(service)
    path = f"/integrated-accounts/{made['id']}"
    answers = [
        service.send("GET", path),
        service.send("GET", "/integrated-accounts"),
        service.send("PATCH", path, {"connection": {"token": f"{SECRET}-2"}}),
        service.send("POST", f"{path}/check"),
        service.send("POST", "/integrated-accounts", {**NEW, "connection": {"url": SECRET, "token": 7, SECRET: 1}}),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 400]
    assert not [answer.text for answer in answers[:4] if SECRET in answer.text]


def test_everything_that_is_wrong_with_a_connection_is_told_at_once_by_field(service: Served) -> None:
    answer = service.send("POST", "/integrated-accounts", {**NEW, "connection": {"url": "x", "regon": "mars"}})
    assert details(answer) == {
        "connection.regon": "`regon` is not a connection field; did you mean `region`?",
        "connection.url": "`url` (Address) must be a full address such as https://school.example",
        "connection.token": "`token` (Token) is missing",
    }
    assert service.store.accounts.list() == []


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1", "http://10.1.2.3/lms", "https://[::1]", "http://0x7f000001", "https://inside.example",
     "http://169.254.169.254", "https://lms.example:8443"],
)  # fmt: skip
def test_an_address_inside_of_ones_own_network_is_refused_at_once(service: Served, url: str) -> None:
    for answer in (
        service.send("POST", "/integrated-accounts", {**NEW, "connection": {"url": url, "token": "x"}}),
        service.send("PATCH", f"/integrated-accounts/{make(service)['id']}", {"connection": {"url": url}}),
    ):
        assert list(details(answer)) == ["connection.url"]


@pytest.mark.parametrize(
    ("given", "parameter", "part"),
    [
        ({"nmae": "x"}, "nmae", "did you mean `name`?"),
        ({"provider": "acne"}, "provider", "did you mean `acme`?"),
        ({"provider": 7}, "provider", "must be text, and not a number"),
        ({"connection": []}, "connection", "must be an object, and not"),
        ({"name": " "}, "name", "1 to 200 characters"),
        ({"id": "a b"}, "id", "letters, digits"),
        ({"check": "yes"}, "check", "must be true or false"),
        ({"connection": {"url": ["x"], "token": {}}}, "connection.url", "give text"),
    ],
)
def test_a_field_that_is_wrong_is_told(service: Served, given: dict[str, Any], parameter: str, part: str) -> None:
    assert part in details(service.send("POST", "/integrated-accounts", {**NEW, **given}))[parameter]


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"{", "application/json", 400),
        (b"[1]", "application/json", 400),
        (b"null", "application/json; charset=utf-8", 400),
        (b'{"name": NaN}', "application/json", 400),
        (b'{"name": "\xff"}', "application/json", 400),
        (b'{"name": "\\ud800"}', "application/json", 400),
        (b'{"connection":' + b'{"a":' * 100_000 + b"}" * 100_001, "application/json", 400),
        (b"provider=acme", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b"x" * 1_000_001, "application/json", 413),
    ],
)
def test_a_body_that_is_none_has_the_one_error_body(service: Served, content: bytes, kind: str, status: int) -> None:
    headers = {"Content-Type": kind}
    details(service.send("POST", "/integrated-accounts", content=content, headers=headers), status)


def test_an_address_is_judged_also_where_something_is_missing(service: Served) -> None:
    answer = service.send("POST", "/integrated-accounts", {**NEW, "connection": {"url": "http://10.0.0.1"}})
    assert sorted(details(answer)) == ["connection.token", "connection.url"]


def test_an_id_of_ones_own_is_taken_once(service: Served) -> None:
    assert make(service, id="school-7")["id"] == "school-7"
    assert "already" in details(service.send("POST", "/integrated-accounts", {**NEW, "id": "school-7"}), 409)["id"]


def test_with_check_an_account_is_kept_only_if_its_provider_accepts_it(service: Served, lms: School) -> None:
    made = make(service, check=True)
    assert made["checked_at"] is not None
    assert lms.asked == ["/me"]
    answer = service.send(
        "POST", "/integrated-accounts", {**NEW, "connection": {"url": URL, "token": "no"}, "check": True}
    )
    assert (answer.status_code, answer.json()["truto_is_remote_error"]) == (401, True)
    assert [account.id for account in service.store.accounts.list()] == [made["id"]]


# listing


def test_accounts_are_listed_page_by_page_each_once(service: Served) -> None:
    wanted = [make(service, name=f"School {number}")["id"] for number in range(5)]
    got, cursor = [], ""
    while True:
        page = service.send("GET", f"/integrated-accounts?limit=2{cursor}").json()
        assert page["result_count"] == len(page["result"])
        got += [account["id"] for account in page["result"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&next_cursor={page['next_cursor']}"
    assert got == wanted
    assert {name: page[name] for name in ("prev_cursor", "limit")} == {"prev_cursor": None, "limit": 2}


def test_a_list_is_filtered_by_provider_and_status(service: Served) -> None:
    first, second = make(service), make(service)
    service.send("PATCH", f"/integrated-accounts/{first['id']}", {"status": "disabled"})

    def ids(query: str) -> list[str]:
        return [account["id"] for account in service.send("GET", f"/integrated-accounts?{query}").json()["result"]]

    assert ids("status=disabled") == [first["id"]]
    assert ids("status=active&provider=acme") == [second["id"]]
    assert ids("provider=other") == []


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=%C2%B2", "limit"),
        ("limit=1&limit=2", "limit"),
        ("status=actve", "status"),
        ("status=", "status"),
        ("provder=acme", "provder"),
        ("next_cursor=x", "next_cursor"),
        ("provider=%00", "provider"),
    ],
)
def test_a_query_that_is_wrong_is_told(service: Served, query: str, parameter: str) -> None:
    assert list(details(service.send("GET", f"/integrated-accounts?{query}"))) == [parameter]


def test_a_cursor_holds_for_the_filters_it_was_made_with(service: Served) -> None:
    make(service), make(service)
    cursor = service.send("GET", "/integrated-accounts?limit=1").json()["next_cursor"]
    answer = service.send("GET", f"/integrated-accounts?limit=1&provider=acme&next_cursor={cursor}")
    assert "other filters" in details(answer)["next_cursor"]


# who may what


def test_a_key_sees_only_the_accounts_it_is_for(service: Served) -> None:
    own, other = make(service), make(service)
    key = reader(service, own["id"])
    assert [one["id"] for one in service.send("GET", "/integrated-accounts", key=key).json()["result"]] == [own["id"]]
    assert service.send("GET", f"/integrated-accounts/{own['id']}", key=key).status_code == 200
    hidden = service.send("GET", f"/integrated-accounts/{other['id']}", key=key)
    absent = service.send("GET", "/integrated-accounts/none", key=key)
    assert (hidden.status_code, absent.status_code) == (404, 404)


def test_a_key_that_may_only_read_changes_nothing(service: Served) -> None:
    account = make(service)
    key, path = reader(service, account["id"]), f"/integrated-accounts/{account['id']}"
    for answer in (
        service.send("POST", "/integrated-accounts", NEW, key),
        service.send("PATCH", path, {"name": "x"}, key),
        service.send("DELETE", path, key=key),
        service.send("POST", f"{path}/check", key=key),
        service.send("POST", "/integrated-account/refresh-credentials", {"id": account["id"]}, key),
    ):
        assert answer.status_code == 403
    assert service.send("GET", path).json() == account
    assert service.send("GET", "/integrated-accounts", key="rbk_no").status_code == 401


def test_an_admin_of_some_accounts_cannot_make_others(service: Served) -> None:
    account = make(service)
    _, key = service.store.keys.create("admin", [account["id"]], "some")
    assert service.send("POST", "/integrated-accounts", NEW, key).status_code == 403
    assert service.send("PATCH", f"/integrated-accounts/{account['id']}", {"name": "New"}, key).json()["name"] == "New"


def test_every_change_has_a_line_with_the_key_that_made_it(service: Served) -> None:
    account = make(service)
    path = f"/integrated-accounts/{account['id']}"
    service.send("PATCH", path, {"name": "New", "connection": {"token": "other"}})
    service.send("DELETE", path)
    key = service.key.split("_")[1]
    assert actions(service) == [("account.created", key), ("account.updated", key), ("account.deleted", key)]
    assert SECRET not in json.dumps([dict(line.details) for line in service.store.audit.list()])


# changing


def test_only_what_is_given_changes(service: Served, lms: School) -> None:
    account = make(service)
    path = f"/integrated-accounts/{account['id']}"
    changed = service.send("PATCH", path, {"connection": {"region": "us"}}).json()
    assert changed["connection"] == {"url": URL, "region": "us"}
    assert (changed["secrets"], changed["name"]) == (["token"], "Springfield")
    assert service.get("courses", f"integrated_account_id={account['id']}").status_code == 200
    assert service.send("PATCH", path, {"connection": {"region": None}}).json()["connection"] == {"url": URL}
    assert details(service.send("PATCH", path, {"connection": {"token": None}})) == {
        "connection.token": "`token` (Token) is missing"
    }


def test_new_credentials_are_used_at_once_and_make_an_account_active_again(service: Served, lms: School) -> None:
    account = make(service)
    path, query = f"/integrated-accounts/{account['id']}", f"integrated_account_id={account['id']}"
    assert service.get("courses", query).status_code == 200
    lms.token = "new"
    assert service.get("courses", query).status_code == 401
    refused = service.send("GET", path).json()
    assert refused["status"] == "needs_reauth"
    assert refused["status_reason"]
    asked = len(lms.asked)
    assert service.get("courses", query).status_code == 401
    assert len(lms.asked) == asked
    changed = service.send("PATCH", path, {"connection": {"token": "new"}}).json()
    assert (changed["status"], changed["status_reason"]) == ("active", None)
    assert service.get("courses", query).status_code == 200


def test_a_disabled_account_stays_so_until_it_is_enabled(service: Served) -> None:
    account = make(service)
    path, query = f"/integrated-accounts/{account['id']}", f"integrated_account_id={account['id']}"
    assert service.send("PATCH", path, {"status": "disabled"}).json()["status"] == "disabled"
    assert service.get("courses", query).status_code == 409
    assert service.send("POST", f"{path}/check").status_code == 409
    assert service.send("PATCH", path, {"connection": {"token": SECRET}}).json()["status"] == "disabled"
    assert service.send("PATCH", path, {"status": "active"}).json()["status"] == "active"
    assert service.get("courses", query).status_code == 200


def test_a_status_is_not_taken_from_callers_beyond_disabled_and_active(service: Served) -> None:
    path = f"/integrated-accounts/{make(service)['id']}"
    assert list(details(service.send("PATCH", path, {"status": "failing"}))) == ["status"]


def test_a_deleted_account_is_gone(service: Served) -> None:
    account = make(service)
    path = f"/integrated-accounts/{account['id']}"
    answer = service.send("DELETE", path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert service.send("GET", path).status_code == 404
    assert service.send("DELETE", path).status_code == 404
    assert service.get("courses", f"integrated_account_id={account['id']}").status_code == 404


# what calls tell


def test_a_right_that_is_missing_for_one_request_is_no_fault_of_the_account(service: Served, lms: School) -> None:
    account = make(service)
    query = f"integrated_account_id={account['id']}"
    for status, told in ((403, "active"), (429, "active"), (500, "failing")):
        lms.answers["/users"] = [httpx2.Response(status)] * 9
        assert service.get("users", query).status_code in (403, 429, 502)
        assert service.send("GET", f"/integrated-accounts/{account['id']}").json()["status"] == told
    lms.answers.clear()
    assert service.get("users", query).status_code == 200
    assert service.send("GET", f"/integrated-accounts/{account['id']}").json()["status"] == "active"


# checking


def test_a_check_says_that_all_can_be_read(service: Served, lms: School) -> None:
    account = make(service)
    found = service.send("POST", f"/integrated-accounts/{account['id']}/check").json()
    assert found["works"] is True
    assert found["account"]["checked_at"] is not None
    fine = {"readable": True, "forbidden": [], "message": None}
    assert found["resources"] == dict.fromkeys(("course_enrollments", "courses", "users"), fine)
    assert lms.asked == ["/me", "/courses", "/courses/1/enrollments", "/courses", "/users"]


def test_a_check_says_which_rights_are_missing(service: Served, lms: School) -> None:
    account = make(service)
    no = httpx2.Response(403, json={"message": "you may not"})
    lms.answers |= {"/users": [no], "/courses/1/enrollments": [no], "/courses/2/enrollments": [no]}
    found = service.send("POST", f"/integrated-accounts/{account['id']}/check").json()
    assert found["works"] is True
    assert found["account"]["status"] == "active"
    assert found["resources"]["courses"]["readable"] is True
    assert found["resources"]["users"]["readable"] is False
    assert "GET https://acme.example/users" in found["resources"]["users"]["forbidden"][0]
    assert len(found["resources"]["course_enrollments"]["forbidden"]) == 2
    assert found["resources"]["course_enrollments"]["readable"] is False


def test_a_check_does_not_search_through_an_empty_school(service: Served, lms: School) -> None:
    lms.lists |= {**school(courses=range(1, 100), people=[]), "/me": {"id": 7}}
    account = make(service)
    found = service.send("POST", f"/integrated-accounts/{account['id']}/check").json()["resources"]
    assert found["course_enrollments"]["readable"] is None
    assert "no record was found" in found["course_enrollments"]["message"]
    assert sum("/enrollments" in asked for asked in lms.asked) <= 20 + 4
    assert found["users"] == {"readable": True, "forbidden": [], "message": None}


def test_a_check_of_refused_credentials_says_so_and_is_kept(service: Served, lms: School) -> None:
    account = make(service)
    lms.token = "new"
    path = f"/integrated-accounts/{account['id']}"
    answer = service.send("POST", f"{path}/check")
    assert answer.status_code == 200
    found = answer.json()
    assert (found["works"], found["resources"], found["account"]["status"]) == (False, {}, "needs_reauth")
    assert found["error"]["remote_status"] == 401
    assert SECRET not in answer.text
    lms.token = SECRET
    found = service.send("POST", f"{path}/check").json()
    assert (found["works"], found["account"]["status"]) == (True, "active")


def test_a_check_takes_no_body(service: Served) -> None:
    path = f"/integrated-accounts/{make(service)['id']}/check"
    assert service.send("POST", path, {}).status_code == 200
    assert list(details(service.send("POST", path, {"limit": 1}))) == ["limit"]


# as clients of Truto's API call it


def test_the_singular_paths_are_the_same(service: Served, lms: School) -> None:
    made = service.send("POST", "/integrated-account", NEW).json()
    path = f"/integrated-account/{made['id']}"
    assert service.send("GET", path).json() == made
    assert [one["id"] for one in service.send("GET", "/integrated-account").json()["result"]] == [made["id"]]
    assert service.send("PATCH", path, {"name": "New"}).json()["name"] == "New"
    refreshed = service.send("POST", "/integrated-account/refresh-credentials", {"id": made["id"]})
    assert (refreshed.status_code, refreshed.json()["id"], lms.asked) == (200, made["id"], ["/me"])
    lms.token = "new"
    assert service.send("POST", "/integrated-account/refresh-credentials", {"id": made["id"]}).status_code == 401
    assert service.send("DELETE", path).status_code == 204


def test_a_path_tells_all_its_methods(service: Served) -> None:
    answer = service.send("PUT", "/integrated-accounts/x")
    assert (answer.status_code, answer.headers["allow"]) == (405, "DELETE, GET, PATCH")
