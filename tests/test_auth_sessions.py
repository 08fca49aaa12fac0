"""Logins that answer with cookies."""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qs

import httpx2
import pytest

from engine.auth import SessionLogin, authenticator
from engine.auth.sessions import cookies
from engine.client import Client
from engine.errors import Forbidden, Refused
from engine.exchange import Request, Response
from engine.loading import load
from engine.mapping import Http
from engine.report import Report

URL = "https://lms.example"
SCOPE = {"connection": {"url": URL, "user": "ada", "password": "s3cret"}}
LOGIN = {"post": "/login", "form": {"user": "{connection.user}", "pass": "{connection.password}"}, "cookie": "SID"}
CSRF = {"get": "/start", "cookie": "csrf", "header": "X-CSRF"}
RULES = [{"when": "status in [401, 403]", "is": "refresh"}]


def http(**changes: Any) -> Http:
    auth = {"session": {**LOGIN, **changes}}
    return Http.model_validate({"base_url": "{connection.url}", "auth": auth, "check": {"get": "/me"}, "errors": RULES})


def session(clock: Any = lambda: 1000.0, **changes: Any) -> SessionLogin:
    made = authenticator(http(**changes), SCOPE, clock)
    assert isinstance(made, SessionLogin)
    return made


def answer(*set_cookies: str, status: int = 200) -> Response:
    return Response(status, {"set-cookie": ", ".join(set_cookies)} if set_cookies else {}, url=URL)


def log_in(auth: SessionLogin, *answers: Response) -> list[Request]:
    flow = auth.renew()
    requests = [next(flow)]
    for response in answers:
        try:
            requests.append(flow.send(response))
        except StopIteration:
            break
    return requests


def test_the_cookies_of_a_login_go_with_every_request() -> None:
    auth = session()
    assert auth.expired()
    (login,) = log_in(auth, answer("SID=abc; Path=/; HttpOnly; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "lang=en"))
    assert (login.url, login.form) == (f"{URL}/login", (("user", "ada"), ("pass", "s3cret")))
    assert "Cookie" not in login.headers
    assert not auth.expired()
    assert auth.sign(Request("GET", f"{URL}/x")).headers == {"Cookie": "SID=abc; lang=en"}


def test_a_token_against_forgery_goes_with_the_login_and_every_later_post() -> None:
    auth = session(csrf=CSRF)
    first, login = log_in(auth, answer("csrf=one; Path=/"), answer("SID=abc", "csrf=two"))
    assert (first.method, first.url) == ("GET", f"{URL}/start")
    assert login.headers["Cookie"] == "csrf=one"
    assert login.headers["X-CSRF"] == "one"
    post = auth.sign(Request("POST", f"{URL}/x", form=()))
    assert post.headers == {"Cookie": "csrf=two; SID=abc", "X-CSRF": "two"}
    assert "X-CSRF" not in auth.sign(Request("GET", f"{URL}/x")).headers


def test_a_new_login_begins_without_the_cookies_of_the_old() -> None:
    auth = session()
    log_in(auth, answer("SID=old", "extra=1"))
    (login,) = log_in(auth, answer("SID=new"))
    assert "Cookie" not in login.headers
    assert auth.sign(Request("GET", f"{URL}/x")).headers == {"Cookie": "SID=new"}


def test_a_login_that_gives_no_session_is_refused() -> None:
    with pytest.raises(Refused, match="the login gave no cookie `SID`; check the credentials"):
        log_in(session(), answer("lang=en"))


def test_the_name_of_the_cookie_may_be_the_customers() -> None:
    auth = session(cookie="{connection.user}-session")
    log_in(auth, answer("ada-session=x"))
    assert not auth.expired()


def test_a_session_lasts_until_the_provider_says_otherwise_or_as_long_as_the_mapping_says() -> None:
    now = [1000.0]
    auth, bounded = session(lambda: now[0]), session(lambda: now[0], lifetime=60)
    for each in (auth, bounded):
        log_in(each, answer("SID=abc"))
    now[0] += 44  # three quarters of a short life, a minute ahead of the end of a longer one
    assert not bounded.expired()
    now[0] += 2
    assert bounded.expired()
    now[0] += 1e9
    assert not auth.expired()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a=1, b=2", {"a": "1", "b": "2"}),
        ("a=1; Expires=Thu, 01-Jan-2026 00:00:00 GMT, b=2; Path=/", {"a": "1", "b": "2"}),
        ("a=x=y==; Secure", {"a": "x=y=="}),
        ("old=; Path=/", {}),
        ("old=deleted; Max-Age=0; Path=/", {}),
        ("old=new; Max-Age=3600", {"old": "new"}),
        ("", {"old": "0"}),
    ],
)
def test_cookies_are_set_and_taken_back(written: str, kept: dict[str, str]) -> None:
    before = {"old": "0"}
    assert {**({} if "old" in kept or "old" in written else before), **kept} == cookies(answer(written), before)


def test_what_must_never_be_shown_is_the_session_but_not_every_short_word_beside_it() -> None:
    auth = session(csrf=CSRF)
    log_in(auth, answer("csrf=c1"), answer("SID=s1", "lang=en", "remember=0123456789abcdef"))
    assert set(auth.secrets()) == {"c1", "s1", "0123456789abcdef"}


class Server:
    """Knows who logged in; forgets them on demand."""

    def __init__(self) -> None:
        self.sessions: list[str] = []
        self.good = ""
        self.asked: list[str] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request.url.path)
        if request.url.path == "/start":
            return httpx2.Response(200, headers={"Set-Cookie": "csrf=c1; Path=/"})
        if request.url.path == "/nowhere":
            return httpx2.Response(404, text="<html>not here</html>")
        if request.url.path == "/login":
            form = parse_qs(request.content.decode())
            if form.get("pass") != ["s3cret"] or request.headers.get("x-csrf") != "c1":
                return httpx2.Response(401, json=[{"id": "INVALID_CREDENTIALS"}])
            self.good = f"session-{self.asked.count('/login')}"
            headers = [("Set-Cookie", f"SID={self.good}; Path=/"), ("Set-Cookie", "csrf=c2; Path=/")]
            return httpx2.Response(200, headers=headers, json={})
        if f"SID={self.good}" not in request.headers.get("cookie", "") or request.url.path == "/secret":
            return httpx2.Response(403, text=f"no rights with {request.headers.get('cookie')}")
        return httpx2.Response(200, json={"you": "ada"}, headers={"Set-Cookie": "SID=tracker"})


def ask(server: Server, *paths: str, forget: bool = False, **changes: Any) -> list[Any]:
    async def run() -> list[Any]:
        mapping = load("canvas").mapping.model_copy(update={"http": http(csrf=CSRF, **changes)})
        transport = httpx2.MockTransport(server)
        async with Client(mapping, SCOPE, Report(), transport=transport, backoff=0.0) as client:
            requests = [Request("GET", URL + path) for path in paths]
            await client.send(requests[0])
            if forget:
                server.good = "nobody"
            return await asyncio.gather(*map(client.send, requests), return_exceptions=True)

    return asyncio.run(run())


def test_a_session_is_made_once_and_other_cookies_are_passed_over() -> None:
    server = Server()
    assert [json.loads(result.body) for result in ask(server, "/a", "/b", "/c")] == [{"you": "ada"}] * 3
    assert server.asked.count("/login") == 1


def test_a_session_that_ended_is_made_anew_once_for_all_who_wait() -> None:
    server = Server()
    assert all(isinstance(result, Response) for result in ask(server, "/a", "/b", "/c", forget=True))
    assert server.asked.count("/login") == 2


def test_what_stays_forbidden_after_a_new_login_is_a_missing_right_and_shows_no_cookie() -> None:
    result = ask(Server(), "/a", "/secret")[1]
    assert isinstance(result, Forbidden)
    assert "no rights with csrf=•••; SID=•••; give the account this right" in str(result)


def test_a_wrong_password_ends_the_run() -> None:
    with pytest.raises(Refused, match=r"fetch session: POST https://lms\.example/login: there is no session: HTTP 401"):
        ask(Server(), "/a", form={"user": "ada", "pass": "wrong"})


def test_a_login_where_the_server_has_none_may_be_a_wrong_address() -> None:
    with pytest.raises(Refused, match="HTTP 404.*check the address and the credentials of the connection"):
        ask(Server(), "/a", post="/nowhere")
