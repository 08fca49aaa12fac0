"""Recorded exchanges, played back."""

import asyncio
import gzip
import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from engine.cassettes import Cassette, Player, read
from engine.errors import UsageError

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
            return await client.request(method, f"https://any.example/base{url}", **more)

    return asyncio.run(go())


def test_requests_are_matched_by_path_and_pairs_in_any_order_and_answered_in_turn(tmp_path: Path) -> None:
    player = cassette(tmp_path).player()
    assert ask(player, "GET", "/a?y=b&y=c&x=1").json() == {"n": 1}
    second = ask(player, "GET", "/a?y=c&x=1&y=b")
    assert (second.status_code, second.headers["retry-after"]) == (503, "0")


def test_a_secret_is_not_compared(tmp_path: Path) -> None:
    assert (
        ask(cassette(tmp_path).player(["s3cret", "other"]), "POST", "/f", data={"q": "ä", "token": "other"}).text
        == "ok"
    )


def test_a_json_body_is_compared_by_value_and_bytes_come_back_exactly(tmp_path: Path) -> None:
    assert ask(cassette(tmp_path).player(), "POST", "/j", json={"a": [1]}).content == b"\x00\x01"


def test_a_request_that_was_not_recorded_shows_the_nearest_that_was(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the nearest recorded one has x=1 in place of x=2"):
        ask(cassette(tmp_path).player(), "GET", "/a?x=2&y=b&y=c")
    with pytest.raises(UsageError, match="nothing is recorded for GET /base/z"):
        ask(cassette(tmp_path).player(), "GET", "/z")


def test_an_error_of_a_player_hides_secrets(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        ask(cassette(tmp_path).player(["other"]), "POST", "/f", data={"q": "x", "token": "other"})
    assert "other" not in str(caught.value)


def test_a_request_made_more_often_than_recorded_is_an_error(tmp_path: Path) -> None:
    player = cassette(tmp_path).player()
    ask(player, "POST", "/j", json={"a": [1]})
    with pytest.raises(UsageError, match="more often than it was recorded"):
        ask(player, "POST", "/j", json={"a": [1]})


def test_what_was_never_asked_for_is_told(tmp_path: Path) -> None:
    player = cassette(tmp_path).player()
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
    assert ask(merged.player(), "GET", "/y").json() == {"d": "2026-01-02"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{}", "no list of `exchanges`"),
        ('{"exchanges": [{"request": {"url": "/"}}]}', "exchange 1 cannot be read"),
        ("{", "is not a readable cassette"),
    ],
)
def test_a_file_that_is_no_cassette_is_told(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "c.json"
    path.write_text(text)
    with pytest.raises(UsageError, match=told):
        read(path)
    with pytest.raises(UsageError, match="cannot read"):
        read(tmp_path / "none.json")
