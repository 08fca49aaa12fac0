"""How a request proves who asks, without a network."""

import base64
import json
from typing import Any

import pytest

from engine.auth import OAuth2Tokens, authenticator
from engine.errors import Refused, Unavailable
from engine.exchange import Request, Response
from engine.mapping import Http

SCOPE = {"connection": {"url": "https://lms.example", "id": "me", "key": "s3cret/+", "user": "u", "pass": "p"}}
OAUTH = {
    "token_url": "/oauth2/token",
    "grant": "client_credentials",
    "client_id": "{connection.id}",
    "client_secret": "{connection.key}",
    "scope": "api",
}


def http(auth: dict[str, Any]) -> Http:
    return Http.model_validate({"base_url": "{connection.url}", "auth": auth, "check": {"get": "/"}})


def signed(auth: dict[str, Any], request: Request) -> Request:
    return authenticator(http(auth), SCOPE).sign(request)


GET = Request("GET", "https://lms.example/x", query=(("a", "1"),))
POST = Request("POST", "https://lms.example/x", form=(("a", "1"),))


def test_bearer_basic_and_headers() -> None:
    assert signed({"bearer": "{connection.key}"}, GET).headers["Authorization"] == "Bearer s3cret/+"
    basic = signed({"basic": {"username": "{connection.key}", "password": ""}}, GET).headers["Authorization"]
    assert base64.b64decode(basic.removeprefix("Basic ")) == b"s3cret/+:"
    assert signed({"headers": {"X-Api-Key": "{connection.key}", "X-V": "1"}}, GET).headers == {
        "X-Api-Key": "s3cret/+",
        "X-V": "1",
    }


def test_a_token_in_a_form_comes_before_all_other_fields_and_in_the_query_of_a_get() -> None:
    assert signed({"form": {"token": "{connection.key}"}}, POST).form == (("token", "s3cret/+"), ("a", "1"))
    assert signed({"form": {"token": "{connection.key}"}}, GET).query == (("token", "s3cret/+"), ("a", "1"))
    assert signed({"query": {"token": "{connection.key}"}}, GET).query == (("a", "1"), ("token", "s3cret/+"))


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def tokens(**changes: Any) -> tuple[OAuth2Tokens, Clock]:
    clock = Clock()
    made = authenticator(http({"oauth2": {**OAUTH, **changes}}), SCOPE, clock)
    assert isinstance(made, OAuth2Tokens)
    return made, clock


def answer(status: int = 200, **body: Any) -> Response:
    return Response(status, body=json.dumps(body).encode())


def renew(auth: OAuth2Tokens, *answers: Response) -> list[Request]:
    """Drive the token flow with answers; return its requests."""
    flow = auth.renew()
    requests = [next(flow)]
    for response in answers:
        try:
            requests.append(flow.send(response))
        except StopIteration:
            break
    return requests


def test_client_credentials_send_id_and_secret_in_the_form() -> None:
    auth, _ = tokens()
    (request,) = renew(auth, answer(access_token="T1", expires_in=3600))
    assert (request.method, request.url) == ("POST", "https://lms.example/oauth2/token")
    assert dict(request.form or ()) == {
        "grant_type": "client_credentials",
        "scope": "api",
        "client_id": "me",
        "client_secret": "s3cret/+",
    }
    assert auth.sign(GET).headers["Authorization"] == "Bearer T1"


def test_client_credentials_can_go_into_a_header() -> None:
    auth, _ = tokens(client_in="header")
    (request,) = renew(auth, answer(access_token="T1"))
    assert request.headers["Authorization"].startswith("Basic ")
    assert "client_secret" not in dict(request.form or ())


def test_the_password_grant_sends_user_and_password() -> None:
    auth, _ = tokens(grant="password", username="{connection.user}", password="{connection.pass}")
    (request,) = renew(auth, answer(access_token="T1"))
    form = dict(request.form or ())
    assert (form["grant_type"], form["username"], form["password"]) == ("password", "u", "p")


def test_a_token_is_renewed_a_minute_ahead_and_a_short_one_at_three_quarters_of_its_life() -> None:
    auth, clock = tokens()
    assert auth.expired()
    renew(auth, answer(access_token="T1", expires_in="3600"))
    clock.now += 3539
    assert not auth.expired()
    clock.now += 2
    assert auth.expired()
    renew(auth, answer(access_token="T2", expires_in=40))
    clock.now += 29
    assert not auth.expired()
    clock.now += 2
    assert auth.expired()


def test_a_refresh_token_is_used_once_and_a_refused_one_falls_back_to_the_grant() -> None:
    auth, _ = tokens()
    renew(auth, answer(access_token="T1", refresh_token="R1"))
    first, second = renew(auth, answer(400, error="invalid_grant"), answer(access_token="T2"))
    assert dict(first.form or ())["refresh_token"] == "R1"
    assert dict(second.form or ())["grant_type"] == "client_credentials"
    assert auth.sign(GET).headers["Authorization"] == "Bearer T2"


def test_a_refusal_says_what_the_token_endpoint_says() -> None:
    auth, _ = tokens()
    with pytest.raises(Refused, match="invalid_client Client is gone"):
        renew(auth, answer(401, error="invalid_client", error_description="Client is gone"))
    with pytest.raises(Refused, match="no `access_token`"):
        renew(auth, answer(token="T"))
    with pytest.raises(Refused, match="not JSON"):
        renew(auth, Response(200, body=b"<html>"))


def test_a_token_endpoint_that_is_down_is_tried_again_later() -> None:
    auth, _ = tokens()
    with pytest.raises(Unavailable):
        renew(auth, answer(503))


def test_no_refusal_shows_a_secret() -> None:
    auth, _ = tokens()
    with pytest.raises(Refused) as caught:
        renew(auth, answer(401, error="invalid_client"))
    assert "s3cret" not in str(caught.value)
