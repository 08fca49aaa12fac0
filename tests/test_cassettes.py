"""Recorded exchanges, played back."""

import asyncio
import base64
import gzip
import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from engine.cassettes import Cassette, Player, read
from engine.errors import UsageError
from engine.exchange import Response

BASE = "https://any.example/base"
EXCHANGES = [
    {"request": {"method": "GET", "url": "/a", "query": {"x": 1, "y": ["b", "c"]}}, "response": {"json": {"n": 1}}},
    {
        "request": {"method": "GET", "url": "/a?x=1&y=b&y=c"},
        "response": {"status": 503, "headers": {"Retry-After": "0"}},
    },
    {"request": {"method": "POST", "url": "/f", "form": [["token", "s3cret"], ["q", "ä"]]}, "response": {"text": "ok"}},
    {"request": {"method": "POST", "url": "/j", "json": {"a": [1]}}, "response": {"base64": "AAE="}},
]


def cassette(tmp_path: Path, **changes: Any) -> Cassette:
    path = tmp_path / "c.json"
    path.write_text(
        json.dumps({"source": "documented here", "connection": {"url": "u"}, "exchanges": EXCHANGES, **changes})
    )
    return read(path)


def ask(player: Player, method: str, url: str, **more: Any) -> httpx2.Response:
    async def go() -> httpx2.Response:
        async with httpx2.AsyncClient(transport=player) as client:
            return await client.request(method, f"{BASE}{url}", **more)

    return asyncio.run(go())


def test_requests_are_matched_by_path_and_pairs_in_any_order_and_answered_in_turn(tmp_path: Path) -> None:
    player = cassette(tmp_path).player(base_url=BASE)
    assert ask(player, "GET", "/a?y=b&y=c&x=1").json() == {"n": 1}
    second = ask(player, "GET", "/a?y=c&x=1&y=b")
    assert (second.status_code, second.headers["retry-after"]) == (503, "0")


def test_a_secret_is_not_compared(tmp_path: Path) -> None:
    assert (
        ask(cassette(tmp_path).player(["s3cret", "other"], BASE), "POST", "/f", data={"q": "ä", "token": "other"}).text
        == "ok"
    )


def test_a_secret_in_a_json_body_is_not_compared(tmp_path: Path) -> None:
    def recorded(secret: str) -> dict[str, Any]:
        return {
            "request": {"method": "POST", "url": "/t", "json": {"a": [1, {"k": secret}]}},
            "response": {"text": "T"},
        }

    for secret in ("REDACTED", "s3cret"):
        player = playing(tmp_path, recorded(secret), secrets=["s3cret"])
        assert ask(player, "POST", "/t", json={"a": [1, {"k": "s3cret"}]}).text == "T"
    with pytest.raises(UsageError, match="not in the cassette"):
        ask(playing(tmp_path, recorded("REDACTED"), secrets=["s3cret"]), "POST", "/t", json={"a": [1, {"k": "else"}]})


def test_a_parameter_that_is_made_anew_each_time_is_recorded_without_its_value(tmp_path: Path) -> None:
    form = {"grant": "jwt", "assertion": "REDACTED"}
    recorded = {"request": {"method": "POST", "url": "/t", "form": form}, "response": {"text": "T"}}
    assert ask(playing(tmp_path, recorded), "POST", "/t", data={"grant": "jwt", "assertion": "ey.1"}).text == "T"
    with pytest.raises(UsageError, match="has grant=jwt in place of grant=other$"):
        ask(playing(tmp_path, recorded), "POST", "/t", data={"grant": "other", "assertion": "ey.1"})


def test_a_json_body_is_compared_by_value_and_bytes_come_back_exactly(tmp_path: Path) -> None:
    assert ask(cassette(tmp_path).player(base_url=BASE), "POST", "/j", json={"a": [1]}).content == b"\x00\x01"


def test_a_request_that_was_not_recorded_shows_the_nearest_that_was(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the nearest recorded one has x=1 in place of x=2"):
        ask(cassette(tmp_path).player(base_url=BASE), "GET", "/a?x=2&y=b&y=c")
    with pytest.raises(UsageError, match="nothing is recorded for GET /base/z"):
        ask(cassette(tmp_path).player(base_url=BASE), "GET", "/z")


def test_an_error_of_a_player_hides_secrets(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        ask(cassette(tmp_path).player(["other"], BASE), "POST", "/f", data={"q": "x", "token": "other"})
    assert "other" not in str(caught.value)


def test_a_request_made_more_often_than_recorded_is_an_error(tmp_path: Path) -> None:
    player = cassette(tmp_path).player(base_url=BASE)
    ask(player, "POST", "/j", json={"a": [1]})
    with pytest.raises(UsageError, match="more often than it was recorded"):
        ask(player, "POST", "/j", json={"a": [1]})


def test_what_was_never_asked_for_is_told(tmp_path: Path) -> None:
    player = cassette(tmp_path).player(base_url=BASE)
    ask(player, "GET", "/a?x=1&y=b&y=c")
    assert [exchange.path for exchange in player.unused()] == ["/a", "/f", "/j"]


def test_yaml_and_gzip_are_read_and_files_are_merged(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "now: 2026-01-01\nconnection: {a: 1}\nexchanges:\n- request: {url: /y}\n  response: {json: {d: 2026-01-02}}\n"
    )
    (tmp_path / "b.json.gz").write_bytes(
        gzip.compress(json.dumps({"connection": {"b": 2}, "exchanges": EXCHANGES}).encode())
    )
    merged = read(tmp_path / "a.yaml", tmp_path / "b.json.gz")
    assert merged.connection == {"a": 1, "b": 2}
    assert merged.now == "2026-01-01"
    assert len(merged.exchanges) == 5
    assert ask(merged.player(base_url=BASE), "GET", "/y").json() == {"d": "2026-01-02"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{}", "no list of `exchanges`"),
        ('{"exchanges": [{"request": {"url": "/"}}]}', "exchange 1 has no `response`"),
        ('{"exchanges": [{"request": {}, "response": {}}]}', "exchange 1 has no `url`"),
        ('{"exchanges": [7]}', "exchange 1 cannot be read"),
        ('{"exchanges": [{"request": {"url": "/", "qeury": {}}, "response": {}}]}', "`qeury` is no key of a request"),
        ('{"exchanges": [{"request": {"url": "/"}, "response": {"body": 1}}]}', "`body` is no key of a response"),
        ('{"exchanges": [{"request": {"url": "/"}, "response": {}, "time": 2}]}', "`time` is no key of an exchange"),
        ('{"exchanges": [], "connections": {}}', "`connections` is no key of a cassette"),
        ('{"exchanges": [{"request": {"url": "/"}, "response": {"base64": "?"}}]}', "exchange 1 cannot be read"),
        ("{", r"c\.json:1:1: this is not JSON: EOF while parsing an object"),
    ],
)
def test_a_file_that_is_no_cassette_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "c.json"
    path.write_text(text)
    with pytest.raises(UsageError, match=told):
        read(path)
    with pytest.raises(UsageError, match="cannot read"):
        read(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("exchanges: [{}\n", "c.yaml:1:12: `[` is not closed; close it with `]`, or put the text in single quotes"),
        ("source: a: b\nexchanges: []\n", "c.yaml:1:10: `: ` in a plain value would begin a mapping"),
        ("exchanges:\n\t- {}\n", "c.yaml:2:1: there is a tab; use blanks"),
        ("source: \u00ff", "c.yaml:1:9: the byte 0xff is not UTF-8; save the file as UTF-8"),
    ],
)
def test_what_is_wrong_with_a_cassette_as_yaml_is_told_at_its_place_in_plain_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "c.yaml").write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError) as caught:
        read(tmp_path / "c.yaml")
    assert str(caught.value).startswith(told)


def test_a_body_where_none_was_recorded_is_told_as_one(tmp_path: Path) -> None:
    player = playing(tmp_path, {"request": {"method": "POST", "url": "/j?x=1"}, "response": {}})
    with pytest.raises(UsageError, match='one has x=1 in place of the body {"page": 2}$'):
        ask(player, "POST", "/j", json={"page": 2})


def playing(tmp_path: Path, *exchanges: dict[str, Any], secrets: Iterable[str] = ()) -> Player:
    return cassette(tmp_path, exchanges=exchanges).player(secrets, BASE)


def test_a_path_is_never_taken_for_a_longer_one_that_ends_alike(tmp_path: Path) -> None:
    player = playing(tmp_path, {"request": {"url": "/courses"}, "response": {"json": []}})
    with pytest.raises(UsageError, match=r"nothing is recorded for GET /base/users/7/courses; the nearest is /courses"):
        ask(player, "GET", "/users/7/courses")
    assert ask(player, "GET", "/courses").json() == []


def test_a_path_may_be_the_whole_one_and_written_with_or_without_percent_signs(tmp_path: Path) -> None:
    player = playing(tmp_path, {"request": {"url": "/base/users/id:1 2"}, "response": {"json": 1}, "times": 2})
    assert ask(player, "GET", "/users/id:1%202").json() == 1
    assert ask(player, "GET", "/users/id%3A1%202").json() == 1


def test_a_host_counts_where_it_was_recorded(tmp_path: Path) -> None:
    here = {"request": {"url": "https://ANY.example:443/base/a"}, "response": {"json": "here"}}
    there = {"request": {"url": "https://other.example/base/a"}, "response": {"json": "there"}}
    player = playing(tmp_path, there, here)
    assert ask(player, "GET", "/a").json() == "here"
    with pytest.raises(UsageError, match=r"the nearest recorded one is for https://other\.example"):
        ask(playing(tmp_path, there), "GET", "/a")
    assert [str(exchange) for exchange in player.unused()] == ["GET https://other.example/base/a"]


def test_headers_count_where_they_were_recorded_unless_they_hold_a_secret(tmp_path: Path) -> None:
    def exchange(**headers: str) -> dict[str, Any]:
        return {"request": {"url": "/a", "headers": headers}, "response": {"json": headers}}

    bearer = exchange(Authorization="Bearer s3cret", Accept="text/csv")
    player = playing(tmp_path, exchange(Accept="application/json"), bearer, secrets=["s3cret"])
    assert ask(player, "GET", "/a", headers={"accept": "text/csv"}).json() == bearer["request"]["headers"]
    with pytest.raises(UsageError, match="the nearest recorded one has the headers .*text/csv") as caught:
        ask(playing(tmp_path, bearer, secrets=["s3cret"]), "GET", "/a")
    assert "s3cret" not in str(caught.value)


def test_a_secret_where_another_value_was_recorded_is_told_without_being_shown(tmp_path: Path) -> None:
    player = playing(tmp_path, {"request": {"url": "/a?key=x&y=1"}, "response": {}}, secrets=["s3cret"])
    told = r"has key=x in place of key=•••; write REDACTED there, for secrets are not compared$"
    with pytest.raises(UsageError, match=told) as caught:
        ask(player, "GET", "/a?key=s3cret&y=1")
    assert "s3cret" not in str(caught.value)
    with pytest.raises(UsageError, match="has key=x, y=1 in place of y=2$"):
        ask(playing(tmp_path, {"request": {"url": "/a?key=x&y=1"}, "response": {}}), "GET", "/a?y=2")


def test_a_parameter_that_comes_twice_is_not_one_that_comes_once(tmp_path: Path) -> None:
    player = playing(tmp_path, {"request": {"url": "/a?x=1&x=1"}, "response": {}})
    with pytest.raises(UsageError, match="the nearest recorded one has x=1 in place of nothing"):
        ask(player, "GET", "/a?x=1")
    assert ask(player, "GET", "/a?x=1&x=1").status_code == 200


def test_a_json_body_that_differs_is_shown(tmp_path: Path) -> None:
    player = playing(tmp_path, {"request": {"method": "POST", "url": "/j", "json": {"page": 1}}, "response": {}})
    with pytest.raises(UsageError, match='one has the body {"page": 1} in place of the body {"page": 2}$'):
        ask(player, "POST", "/j", json={"page": 2})


def test_an_answer_may_be_given_several_times(tmp_path: Path) -> None:
    player = playing(tmp_path, {"request": {"url": "/a"}, "response": {"status": 503}, "times": 2})
    assert [ask(player, "GET", "/a").status_code for _ in range(2)] == [503, 503]
    with pytest.raises(UsageError, match="more often than it was recorded"):
        ask(player, "GET", "/a")
    assert player.unused() == []


def test_headers_that_speak_of_the_wire_are_passed_over_where_the_body_is_plain(tmp_path: Path) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Length": "7", "Transfer-Encoding": "chunked", "X-A": "1"}
    packed = base64.b64encode(gzip.compress(b"[1]")).decode()
    player = playing(
        tmp_path,
        {"request": {"url": "/plain"}, "response": {"headers": headers, "json": [1]}},
        {"request": {"url": "/packed"}, "response": {"headers": headers, "base64": packed}},
    )
    assert ask(player, "GET", "/plain").json() == [1]
    packed_answer = ask(player, "GET", "/packed")
    assert packed_answer.json() == [1]
    assert packed_answer.headers["x-a"] == "1"


def test_integers_of_any_size_come_back_as_they_were(tmp_path: Path) -> None:
    player = playing(tmp_path, {"request": {"url": "/a"}, "response": {"json": {"id": 10**40}}})
    assert Response(200, body=ask(player, "GET", "/a").content).json == {"id": 10**40}


def test_yaml_is_read_as_json_would_be(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(
        "exchanges:\n"
        "- request: { url: /a }\n"
        "  response: { json: [no, on, 12:30, 1_000, 010, 0x1F, .inf, 2026-01-01, ~, null, true, 7, -1.5e3, =, '1'] }\n"
    )
    assert ask(read(tmp_path / "c.yaml").player(base_url=BASE), "GET", "/a").json() == [
        "no", "on", "12:30", "1_000", "010", "0x1F", ".inf", "2026-01-01", None, None, True, 7, -1500.0, "=", "1",
    ]  # fmt: skip


def test_a_large_cassette_is_read_and_played_quickly(tmp_path: Path) -> None:
    people = [{"id": number, "name": f"Person {number}", "bio": "x" * 80} for number in range(28)]
    exchanges = [
        {"request": {"method": "POST", "url": "/s", "form": {"page": page}}, "response": {"json": people}}
        for page in range(700)
    ]
    path = tmp_path / "c.json"
    path.write_text(json.dumps({"exchanges": exchanges}))
    assert path.stat().st_size > 2_400_000

    async def play() -> int:
        async with httpx2.AsyncClient(transport=read(path).player(base_url=BASE)) as client:
            asked = [await client.post(f"{BASE}/s", data={"page": page}) for page in range(699, 679, -1)]
        return len(asked)

    began = time.process_time()
    assert asyncio.run(play()) == 20
    assert time.process_time() - began < 0.5


def test_a_body_of_xml_is_compared_as_data_without_its_secrets(tmp_path: Path) -> None:
    recorded = {"method": "POST", "url": "/x", "xml": "<e>\n <sid>REDACTED</sid> <id>7</id>\n</e>"}
    exchanges = [{"request": recorded, "response": {"text": "<ok/>"}}]
    headers = {"Content-Type": "text/xml; charset=utf-8"}
    player = cassette(tmp_path, exchanges=exchanges).player(["s3cret"], BASE)
    with pytest.raises(UsageError, match='the nearest recorded one has the body {"e": {"sid": "•••", "id": "7"}} in'):
        ask(player, "POST", "/x", content="<e><sid>s3cret</sid><id>8</id></e>", headers=headers)
    assert ask(player, "POST", "/x", content="<e><sid>s3cret</sid><id>7</id></e>", headers=headers).text == "<ok/>"


def test_a_recorded_body_that_is_no_xml_is_told(tmp_path: Path) -> None:
    request = {"method": "POST", "url": "/x", "xml": "<e>"}
    with pytest.raises(UsageError, match="exchange 1 cannot be read: it is not XML"):
        cassette(tmp_path, exchanges=[{"request": request, "response": {}}])
