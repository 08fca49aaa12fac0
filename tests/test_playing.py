"""A cassette played back in place of the network."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
from taped import BASE, ask, playing

from engine.cassettes import read
from engine.errors import UsageError
from engine.playing import Player


def test_requests_are_matched_by_path_and_pairs_in_any_order_and_answered_in_turn(tmp_path: Path) -> None:
    player = playing(tmp_path)
    assert ask(player, "GET", "/a?y=b&y=c&x=1").json() == {"n": 1}
    second = ask(player, "GET", "/a?y=c&x=1&y=b")
    assert (second.status_code, second.headers["retry-after"]) == (503, "0")


def test_a_secret_is_not_compared(tmp_path: Path) -> None:
    assert (
        ask(
            playing(tmp_path, secrets=["s3cret", "other"]),
            "POST",
            "/f",
            data={"q": "ä", "token": "other"},
        ).text
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
    assert ask(playing(tmp_path), "POST", "/j", json={"a": [1]}).content == b"\x00\x01"


def test_a_request_that_was_not_recorded_shows_the_nearest_that_was(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the nearest recorded one has x=1 in place of x=2"):
        ask(playing(tmp_path), "GET", "/a?x=2&y=b&y=c")
    with pytest.raises(UsageError, match="nothing is recorded for GET /base/z"):
        ask(playing(tmp_path), "GET", "/z")


def test_an_error_of_a_player_hides_secrets(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        ask(playing(tmp_path, secrets=["other"]), "POST", "/f", data={"q": "x", "token": "other"})
    assert "other" not in str(caught.value)


def test_a_request_made_more_often_than_recorded_is_an_error(tmp_path: Path) -> None:
    player = playing(tmp_path)
    ask(player, "POST", "/j", json={"a": [1]})
    with pytest.raises(UsageError, match="more often than it was recorded"):
        ask(player, "POST", "/j", json={"a": [1]})


def test_what_was_never_asked_for_is_told(tmp_path: Path) -> None:
    player = playing(tmp_path)
    ask(player, "GET", "/a?x=1&y=b&y=c")
    assert [exchange.path for exchange in player.unused()] == ["/a", "/f", "/j"]


def test_a_body_where_none_was_recorded_is_told_as_one(tmp_path: Path) -> None:
    player = playing(tmp_path, {"request": {"method": "POST", "url": "/j?x=1"}, "response": {}})
    with pytest.raises(UsageError, match='one has x=1 in place of the body {"page": 2}$'):
        ask(player, "POST", "/j", json={"page": 2})


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
        async with httpx2.AsyncClient(transport=Player(read(path).exchanges, base_url=BASE)) as client:
            asked = [await client.post(f"{BASE}/s", data={"page": page}) for page in range(699, 679, -1)]
        return len(asked)

    began = time.process_time()
    assert asyncio.run(play()) == 20
    assert time.process_time() - began < 0.5


def test_a_body_of_xml_is_compared_as_data_without_its_secrets(tmp_path: Path) -> None:
    recorded = {"method": "POST", "url": "/x", "xml": "<e>\n <sid>REDACTED</sid> <id>7</id>\n</e>"}
    exchanges = [{"request": recorded, "response": {"text": "<ok/>"}}]
    headers = {"Content-Type": "text/xml; charset=utf-8"}
    player = playing(tmp_path, *exchanges, secrets=["s3cret"])
    with pytest.raises(UsageError, match='the nearest recorded one has the body {"e": {"sid": "•••", "id": "7"}} in'):
        ask(player, "POST", "/x", content="<e><sid>s3cret</sid><id>8</id></e>", headers=headers)
    assert ask(player, "POST", "/x", content="<e><sid>s3cret</sid><id>7</id></e>", headers=headers).text == "<ok/>"
