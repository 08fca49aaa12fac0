"""Accounts that a person connects in a browser: the way to the provider and back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx2
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from lms import URL
from service import Served, served

PUBLIC = "https://rollbook.example"
SECRET = "client-hush"
TEXT = """
mapping: 1
provider: { id: acme, name: Acme }
connection:
  url: { title: Address, format: url }
  client_id: { title: Client ID }
  client_secret: { title: Client secret, secret: true }
  refresh_token: { title: Refresh token, secret: true }
http:
  base_url: "{connection.url}/api"
  auth:
    oauth2:
      token_url: "{connection.url}/token/refresh"
      grant: refresh_token
      client_id: "{connection.client_id}"
      client_secret: "{connection.client_secret}"
      refresh_token: "{connection.refresh_token}"
      authorize:
        url: "{connection.url}/authorize?tenant=7"
        scope: read write
        query: { access_type: offline }
        token_url: "{connection.url}/token"
  check: { get: /me }
fetch: { courses: { get: /courses } }
courses: { for: course in courses, fields: { id: course.id } }
"""
NEW = {
    "provider": "acme",
    "name": "Springfield",
    "connection": {"url": URL, "client_id": "app-7", "client_secret": SECRET},
}


class Provider:
    """Gives tokens for a code, once, to whoever can prove to have asked; and for the refresh token of each."""

    def __init__(self) -> None:
        self.codes: dict[str, dict[str, str]] = {}
        self.refresh = "none"
        self.access = "none"
        self.count = 0
        self.asked: list[str] = []
        self.without_refresh = False
        self.me = 200
        self.doubts = 0  # how often a new access token is taken for an old one

    def allow(self, url: str, **changed: str) -> str:
        """Do what a person does at the provider, and return where the browser is sent back to."""
        asked = dict(parse_qsl(urlsplit(url).query))
        self.count += 1
        code = f"code-{self.count}"
        self.codes[code] = asked
        back = httpx2.URL(asked["redirect_uri"])
        return back.copy_merge_params({"code": code, "state": asked["state"], **changed}).raw_path.decode()

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        self.asked.append(path)
        if path in ("/token", "/token/refresh"):
            form = dict(parse_qsl(request.content.decode()))
            return self._token(form) if path == "/token" else self._refreshed(form)
        if self.doubts or request.headers.get("authorization") != f"Bearer {self.access}":
            self.doubts = max(0, self.doubts - 1)
            return httpx2.Response(401, json={})
        return httpx2.Response(self.me, json=[{"id": 1}])

    def _token(self, form: dict[str, str]) -> httpx2.Response:
        asked = self.codes.pop(form.get("code", ""), None)
        right = asked is not None and (
            form["grant_type"],
            form["redirect_uri"],
            form["client_id"],
            form["client_secret"],
            create_s256_code_challenge(form["code_verifier"]),
        ) == ("authorization_code", asked["redirect_uri"], "app-7", SECRET, asked["code_challenge"])
        return self._given() if right else httpx2.Response(400, json={"error": "invalid_grant"})

    def _refreshed(self, form: dict[str, str]) -> httpx2.Response:
        if form.get("refresh_token") != self.refresh:
            return httpx2.Response(400, json={"error": "invalid_grant"})
        return self._given()

    def _given(self) -> httpx2.Response:
        self.count += 1
        self.access, self.refresh = f"access-{self.count}", f"refresh-{self.count}"
        tokens = {"access_token": self.access, "refresh_token": self.refresh, "expires_in": 3600}
        if self.without_refresh:
            del tokens["refresh_token"]
        return httpx2.Response(200, json=tokens)


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def service(tmp_path: Path, provider: Provider) -> Iterator[Served]:
    with served(tmp_path, TEXT, provider, public_url=PUBLIC) as running:
        running.store.accounts.delete(running.account)
        yield running


def begin(service: Served, path: str = "/oauth/connect", **given: Any) -> str:
    answer = service.send("POST", path, {**NEW, **given} if path == "/oauth/connect" else given)
    assert answer.status_code == 200, answer.text
    assert SECRET not in answer.text
    url: str = answer.json()["url"]
    return url


def come(service: Served, path: str) -> httpx2.Response:
    """Come back as a browser does, without a key."""
    answer: httpx2.Response = service.client.get(path)
    assert answer.headers["content-type"].startswith("text/html")
    return answer


def only(service: Served) -> dict[str, Any]:
    (account,) = service.send("GET", "/integrated-accounts").json()["result"]
    found: dict[str, Any] = account
    return found


def test_a_browser_is_sent_with_all_the_provider_asks_for_and_nothing_secret(service: Served) -> None:
    url = begin(service)
    assert url.startswith(f"{URL}/authorize?tenant=7&")
    asked = {name: value for name, (value,) in parse_qs(urlsplit(url).query).items()}
    state, challenge = asked.pop("state"), asked.pop("code_challenge")
    assert asked == {
        "tenant": "7",
        "response_type": "code",
        "client_id": "app-7",
        "redirect_uri": f"{PUBLIC}/oauth/callback",
        "scope": "read write",
        "access_type": "offline",
        "code_challenge_method": "S256",
    }
    assert len(challenge) == 43
    assert len(state) < 300
    assert service.store.accounts.list() == []


def test_a_person_who_allows_it_has_an_account_that_can_be_read(service: Served, provider: Provider) -> None:
    answer = come(service, provider.allow(begin(service)))
    assert answer.status_code == 200
    assert "Springfield is connected" in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    account = only(service)
    assert (account["status"], account["name"], account["secrets"]) == (
        "active",
        "Springfield",
        ["client_secret", "refresh_token"],
    )
    assert provider.asked == ["/token", "/api/me"]
    page = service.get("courses", f"integrated_account_id={account['id']}")
    assert [record["id"] for record in page.json()["result"]] == ["1"]
    assert provider.asked[2:] == ["/api/courses"]  # with the token that came with the code
    assert service.store.accounts.connection(account["id"])["refresh_token"] == provider.refresh
    key = service.key.split("_")[1]
    assert {line.actor for line in service.store.audit.list() if line.action == "account.created"} >= {key}


def test_a_way_back_is_gone_once(service: Served, provider: Provider) -> None:
    path = provider.allow(begin(service))
    assert come(service, path).status_code == 200
    again = come(service, path)
    assert (again.status_code, "used already" in again.text) == (400, True)
    assert len(service.store.accounts.list()) == 1


def test_a_way_back_ends_with_its_time(service: Served, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.service.granting.SECONDS", -1)
    answer = come(service, provider.allow(begin(service)))
    assert (answer.status_code, "its time is over" in answer.text) == (400, True)
    assert provider.asked == []


@pytest.mark.parametrize("state", ["", "x", "r1.k1.AAAA", "%00", "x" * 5000])
def test_a_state_that_is_none_of_ours_leads_nowhere(service: Served, provider: Provider, state: str) -> None:
    assert come(service, f"/oauth/callback?code=c&state={state}").status_code == 400
    assert provider.asked == []


def test_a_state_holds_for_this_service_only(service: Served, provider: Provider, tmp_path: Path) -> None:
    path = provider.allow(begin(service))
    ring, file = service.store.ring, tmp_path / "store.db"
    with served(tmp_path / "other", TEXT, provider, store=file, ring=ring, public_url="https://other.example") as other:
        assert come(other, path).status_code == 400
    with served(tmp_path / "same", TEXT, provider, store=file, ring=ring, public_url=PUBLIC) as same:
        assert come(same, path).status_code == 200  # another process of the same


def test_a_person_who_says_no_is_told_so_and_has_no_account(service: Served, provider: Provider) -> None:
    state = parse_qs(urlsplit(begin(service)).query)["state"][0]
    query = f"error=access_denied&error_description=%3Cb%3ENo%3C%2Fb%3E&state={state}"
    answer = come(service, f"/oauth/callback?{query}")
    assert answer.status_code == 400
    assert "access_denied &lt;b&gt;No&lt;/b&gt;" in answer.text
    assert service.store.accounts.list() == []
    assert provider.asked == []


def test_a_code_of_somebody_else_is_refused(service: Served, provider: Provider) -> None:
    mine, theirs = begin(service), begin(service)
    state = parse_qs(urlsplit(mine).query)["state"][0]
    answer = come(service, provider.allow(theirs, state=state))
    assert answer.status_code == 502
    assert "invalid_grant" in answer.text
    assert SECRET not in answer.text
    assert service.store.accounts.list() == []


def test_without_a_refresh_token_there_is_no_account_and_the_page_says_why(service: Served, provider: Provider) -> None:
    provider.without_refresh = True
    answer = come(service, provider.allow(begin(service)))
    assert (answer.status_code, "no refresh token" in answer.text) == (502, True)
    assert service.store.accounts.list() == []


def test_an_account_that_cannot_be_read_is_kept_with_its_token(service: Served, provider: Provider) -> None:
    provider.me = 418
    answer = come(service, provider.allow(begin(service)))
    assert (answer.status_code, "not working yet" in answer.text) == (200, True)
    account = only(service)
    assert account["status"] == "failing"
    provider.me = 200
    assert service.send("POST", f"/integrated-accounts/{account['id']}/check").json()["works"] is True


def test_an_account_whose_token_is_refused_is_connected_anew(service: Served, provider: Provider) -> None:
    come(service, provider.allow(begin(service)))
    account = only(service)
    provider.refresh = provider.access = "revoked"
    query = f"integrated_account_id={account['id']}"
    assert service.get("courses", query).status_code == 401
    assert only(service)["status"] == "needs_reauth"
    answer = come(service, provider.allow(begin(service, f"/integrated-accounts/{account['id']}/connect")))
    assert answer.status_code == 200
    assert only(service)["status"] == "active"
    assert only(service)["id"] == account["id"]
    assert service.get("courses", query).status_code == 200


def test_what_begins_it_is_checked_at_once(service: Served) -> None:
    def wrong(**given: Any) -> list[str]:
        answer = service.send("POST", "/oauth/connect", {**NEW, **given})
        assert answer.status_code == 400, answer.text
        assert SECRET not in answer.text
        return [one["parameter"] for one in answer.json()["details"]]

    connection: dict[str, Any] = NEW["connection"]  # type: ignore[assignment]
    assert wrong(connection={"url": URL}) == ["connection.client_id", "connection.client_secret"]
    assert wrong(connection={**connection, "url": "https://inside.example"}) == ["connection.url"]
    assert wrong(name="") == ["name"]
    assert wrong(provider="acmee") == ["provider"]
    assert wrong(check=True) == ["check"]
    assert service.send("POST", "/oauth/connect", {**NEW, "provider": "canvas"}).status_code == 409


def test_an_address_for_tokens_inside_of_ones_own_network_is_refused(tmp_path: Path, provider: Provider) -> None:
    text = TEXT.replace('token_url: "{connection.url}/token"', "token_url: https://inside.example/token")
    with served(tmp_path, text, provider, public_url=PUBLIC) as service:
        answer = service.send("POST", "/oauth/connect", NEW)
        assert answer.status_code == 400
        assert "is not a public server" in answer.json()["message"]
    assert provider.asked == []


def test_only_an_admin_begins_it(service: Served, provider: Provider) -> None:
    come(service, provider.allow(begin(service)))
    id_ = only(service)["id"]
    key = service.store.keys.create("read", [id_], "reader")[1]
    assert service.send("POST", "/oauth/connect", NEW, key).status_code == 403
    assert service.send("POST", f"/integrated-accounts/{id_}/connect", key=key).status_code == 403


def test_without_a_public_address_there_is_no_way_back(tmp_path: Path, provider: Provider) -> None:
    with served(tmp_path, TEXT, provider) as service:
        answer = service.send("POST", "/oauth/connect", NEW)
        assert (answer.status_code, "ROLLBOOK_PUBLIC_URL" in answer.json()["message"]) == (409, True)


def test_an_account_that_was_deleted_meanwhile_is_told(service: Served, provider: Provider) -> None:
    come(service, provider.allow(begin(service)))
    id_ = only(service)["id"]
    path = provider.allow(begin(service, f"/integrated-accounts/{id_}/connect"))
    service.send("DELETE", f"/integrated-accounts/{id_}")
    assert come(service, path).status_code == 404


def test_what_waits_in_the_store_cannot_be_read_there(service: Served, tmp_path: Path) -> None:
    begin(service)
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("store.db*"))
    assert SECRET.encode() not in stored


def test_tokens_that_are_renewed_while_they_are_tried_belong_to_the_same_account(
    service: Served, provider: Provider
) -> None:
    provider.doubts = 1
    assert come(service, provider.allow(begin(service))).status_code == 200
    account = only(service)
    assert provider.asked == ["/token", "/api/me", "/token/refresh", "/api/me"]
    assert service.store.accounts.connection(account["id"])["refresh_token"] == provider.refresh
    assert service.get("courses", f"integrated_account_id={account['id']}").status_code == 200
