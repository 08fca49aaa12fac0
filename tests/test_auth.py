"""How a request proves who asks, without a network."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.auth import Authenticator, OAuth2Tokens, RequestedTokens, authenticator
from engine.errors import Refused, Unavailable, UsageError
from engine.exchange import Request, Response
from engine.mapping import Http, OAuth2

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


def test_what_must_never_be_shown_is_the_proof_itself_but_not_what_every_customer_sends() -> None:
    def secrets(auth: dict[str, Any]) -> set[str]:
        return set(authenticator(http(auth), SCOPE).secrets())

    assert secrets({"bearer": "{connection.key}"}) == {"s3cret/+"}
    pair = base64.b64encode(b"u:p").decode()
    assert secrets({"basic": {"username": "{connection.user}", "password": "{connection.pass}"}}) == {pair}
    assert secrets({"headers": {"X-Api-Key": "{connection.key}", "X-Version": "1"}}) == {"s3cret/+"}
    assert secrets({"none": True}) == set()
    assert base64.b64encode(b"me:s3cret/+").decode() in secrets({"oauth2": OAUTH})


def test_a_token_that_no_header_can_carry_is_told_without_showing_it() -> None:
    scope = {"connection": {"url": "https://lms.example", "key": "pasted\ntwice"}}
    with pytest.raises(UsageError, match="`Authorization` cannot be sent") as caught:
        authenticator(http({"bearer": "{connection.key}"}), scope)
    assert "pasted" not in str(caught.value)


def test_a_token_in_the_query_replaces_one_that_the_providers_own_link_carries() -> None:
    link = Request("GET", "https://lms.example/x?page=2&token=old")
    assert signed({"query": {"token": "{connection.user}"}}, link).address == "https://lms.example/x?page=2&token=u"


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


def renew(auth: Authenticator, *answers: Response) -> list[Request]:
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


def test_the_path_of_a_token_goes_after_the_base_address_as_every_path_does() -> None:
    for base, url, whole in (
        ("https://lms.example/api/v1", "/oauth2/token", "https://lms.example/api/v1/oauth2/token"),
        ("https://lms.example/api/v1/", "oauth2/token", "https://lms.example/api/v1/oauth2/token"),
        ("https://lms.example/api/v1", "https://auth.example/token", "https://auth.example/token"),
    ):
        auth = OAuth2Tokens(OAuth2.model_validate({**OAUTH, "token_url": url}), SCOPE, base, Clock())
        assert next(auth.renew()).url == whole


def test_client_credentials_can_go_into_a_header() -> None:
    auth, _ = tokens(client_in="header")
    (request,) = renew(auth, answer(access_token="T1"))
    assert request.headers["Authorization"].startswith("Basic ")
    assert "client_secret" not in dict(request.form or ())


def test_everything_a_token_needs_can_go_into_a_json_object() -> None:
    auth, _ = tokens(client_in="json")
    (request,) = renew(auth, answer(access_token="T1"))
    client = {"client_id": "me", "client_secret": "s3cret/+"}
    assert request.json == {"grant_type": "client_credentials", "scope": "api", **client}
    assert request.form is None
    assert request.headers == {"Accept": "application/json"}


def test_the_refresh_token_grant_sends_the_token_of_the_customer_and_then_the_newest() -> None:
    auth, _ = tokens(grant="refresh_token", refresh_token="{connection.key}")
    (request,) = renew(auth, answer(access_token="T1", refresh_token="R2"))
    form = dict(request.form or ())
    assert (form["grant_type"], form["refresh_token"]) == ("refresh_token", "s3cret/+")
    newest, first = renew(auth, answer(400, error="invalid_grant"), answer(access_token="T2"))
    assert dict(newest.form or ())["refresh_token"] == "R2"
    assert dict(first.form or ())["refresh_token"] == "s3cret/+"


def test_a_refresh_token_that_comes_in_place_of_the_customers_is_told_once_until_it_is_stored() -> None:
    auth, _ = tokens(grant="refresh_token", refresh_token="{connection.key}")
    assert auth.replaced() == {}
    renew(auth, answer(access_token="T1"))
    assert auth.replaced() == {}
    renew(auth, answer(access_token="T1", refresh_token="s3cret/+"))
    assert auth.replaced() == {}
    renew(auth, answer(access_token="T2", refresh_token="R2"))
    assert auth.replaced() == {"key": "R2"}
    auth.stored()
    assert auth.replaced() == {}
    assert "R2" in auth.secrets()


def test_a_refresh_token_is_held_while_the_token_endpoint_is_down() -> None:
    auth, _ = tokens(grant="refresh_token", refresh_token="{connection.key}")
    renew(auth, answer(access_token="T1", refresh_token="R2"))
    with pytest.raises(Unavailable):
        renew(auth, answer(503))
    (again,) = renew(auth, answer(access_token="T3"))
    assert dict(again.form or ())["refresh_token"] == "R2"


def test_a_refresh_token_is_one_hole_of_the_connection() -> None:
    with pytest.raises(ValidationError, match="a refresh token is replaced as a whole; write one hole"):
        tokens(grant="refresh_token", refresh_token="x-{connection.key}")


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


def test_a_refresh_token_stays_where_no_new_one_comes() -> None:
    auth, _ = tokens()
    renew(auth, answer(access_token="T1", refresh_token="R1"))
    renew(auth, answer(access_token="T2"))
    (again,) = renew(auth, answer(access_token="T3"))
    assert dict(again.form or ())["refresh_token"] == "R1"
    assert {"T3", "R1"} <= set(auth.secrets())


@pytest.mark.parametrize("lifetime", [None, 0, -5, "soon", "nan", "inf", [], "1e999"])
def test_a_lifetime_that_cannot_be_is_taken_from_the_mapping(lifetime: Any) -> None:
    auth, clock = tokens(lifetime=100)
    renew(auth, answer(access_token="T1", expires_in=lifetime))
    assert not auth.expired()
    clock.now += 76
    assert auth.expired()


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_user_name_and_password_arrive_as_they_are(user: str, password: str) -> None:
    settings = {**OAUTH, "grant": "password", "username": "{connection.user}", "password": "{connection.pass}"}
    scope = {"connection": {**SCOPE["connection"], "user": user, "pass": password}}
    auth = authenticator(http({"oauth2": settings}), scope)
    form = dict(next(auth.renew()).form or ())
    assert (form.get("username", ""), form.get("password", "")) == (user, password)


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("invalid_client", "check client id and secret"),
        ("invalid_grant", "check user name and password"),
        ("unauthorized_client", "administrator allow this grant"),
        ("invalid_scope", "correct `scope`"),
        ("something_else", "check client id, secret and grant"),
        ({"code": 7}, "check client id, secret and grant"),
    ],
)
def test_a_refusal_says_what_to_do_about_its_code(code: Any, advice: str) -> None:
    auth, _ = tokens()
    with pytest.raises(Refused, match=advice):
        renew(auth, answer(400, error=code))


def test_a_refusal_says_what_the_token_endpoint_says() -> None:
    auth, _ = tokens()
    with pytest.raises(Refused, match="invalid_client Client is gone"):
        renew(auth, answer(401, error="invalid_client", error_description="Client is gone"))
    with pytest.raises(Refused, match="no `access_token`"):
        renew(auth, answer(token="T"))
    with pytest.raises(Refused, match="not JSON"):
        renew(auth, Response(200, body=b"<html>"))


@pytest.mark.parametrize("token", ["T1\nX: 1", " T1", "T\u00e91"])
def test_a_token_that_cannot_be_sent_is_the_fault_of_the_provider_and_not_shown(token: str) -> None:
    auth, _ = tokens()
    with pytest.raises(Refused, match=r"`access_token` that no header can carry: it has .*; tell the vendor") as caught:
        renew(auth, answer(access_token=token))
    assert "1" not in str(caught.value)


@pytest.mark.parametrize(
    ("token", "told"),
    [(4711, "a number"), (True, "true"), (["T1"], "a list"), ({"t": "T1"}, "an object"), ("", "empty text")],
)
def test_a_token_that_is_no_text_is_told_by_its_kind(token: Any, told: str) -> None:
    auth, _ = tokens()
    with pytest.raises(Refused, match=f"the token endpoint's `access_token` is {told} and not text; tell the vendor"):
        renew(auth, answer(access_token=token))


def test_an_answer_that_is_no_object_has_no_token() -> None:
    auth, _ = tokens()
    with pytest.raises(Refused, match="the token endpoint's answer is a list, and has no `access_token`"):
        renew(auth, Response(200, body=b"[]"))


def test_a_token_endpoint_that_is_down_is_tried_again_later() -> None:
    auth, _ = tokens()
    with pytest.raises(Unavailable):
        renew(auth, answer(503))


def test_no_refusal_shows_a_secret() -> None:
    auth, _ = tokens()
    with pytest.raises(Refused) as caught:
        renew(auth, answer(401, error="invalid_client"))
    assert "s3cret" not in str(caught.value)


def requested(**changes: Any) -> tuple[RequestedTokens, Clock]:
    clock = Clock()
    settings = {
        "post": "/login",
        "json": {"user": "{connection.user}", "key": "{connection.key}"},
        "value": "body.token",
    }
    made = authenticator(http({"token": {**settings, **changes}}), SCOPE, clock)
    assert isinstance(made, RequestedTokens)
    return made, clock


def test_a_token_can_come_from_any_request_and_from_anywhere_in_its_answer() -> None:
    auth, _ = requested()
    (request,) = renew(auth, answer(token="T1"))
    assert (request.method, request.url, request.json) == (
        "POST",
        "https://lms.example/login",
        {"user": "u", "key": "s3cret/+"},
    )
    assert auth.sign(GET).headers == {"Authorization": "Bearer T1"}
    assert auth.secrets() == ("T1",)
    for value, response in (
        ("body", Response(200, body=b'"T2"')),
        ("text", Response(200, body=b"T2")),
        ("headers.`x-token`", Response(204, {"x-token": "T2"})),
        ("body.data[0].id", answer(data=[{"id": "T2"}])),
    ):
        auth, _ = requested(value=value)
        renew(auth, response)
        assert auth.sign(GET).headers == {"Authorization": "Bearer T2"}


def test_a_token_is_sent_in_the_header_and_after_the_word_that_the_provider_wants() -> None:
    auth, _ = requested(scheme="JWT")
    renew(auth, answer(token="T1"))
    assert auth.sign(GET).headers == {"Authorization": "JWT T1"}
    auth, _ = requested(header="X-Session", scheme="")
    renew(auth, answer(token=7))
    assert auth.sign(GET).headers == {"X-Session": "7"}


def test_a_requested_token_can_go_into_a_field_before_all_others() -> None:
    auth, _ = requested(field="api_key")
    renew(auth, answer(token="T1"))
    assert auth.sign(POST).form == (("api_key", "T1"), ("a", "1"))
    assert auth.sign(GET).query == (("api_key", "T1"), ("a", "1"))
    assert "Authorization" not in auth.sign(POST).headers
    assert auth.unsigned("https://lms.example/x?api_key=T1&page=2") == "https://lms.example/x?page=2"
    with pytest.raises(ValidationError, match="the token is in a field or in a header"):
        requested(field="api_key", scheme="")


def test_a_requested_token_lasts_as_long_as_its_answer_or_the_mapping_says() -> None:
    auth, clock = requested(expires_in="body.ends", lifetime=14400)
    renew(auth, answer(token="T1", ends=400))
    clock.now += 341
    assert auth.expired()
    renew(auth, answer(token="T2"))
    clock.now += 14339
    assert not auth.expired()
    clock.now += 2
    assert auth.expired()


@pytest.mark.parametrize("token", [None, "", True, {"a": 1}, ["T1"]])
def test_an_answer_without_a_token_is_refused_and_not_shown(token: Any) -> None:
    auth, _ = requested()
    with pytest.raises(Refused, match="`value: body.token` finds no token") as caught:
        renew(auth, answer(token=token, other="s3cret"))
    assert "s3cret" not in str(caught.value)


def test_an_expression_that_fails_on_the_answer_is_told() -> None:
    auth, _ = requested(value="body.token * 2")
    with pytest.raises(Refused, match=r"`body.token \* 2` failed on the answer of the token endpoint"):
        renew(auth, answer(token="T1"))
