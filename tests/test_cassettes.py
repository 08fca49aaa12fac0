"""Recorded exchanges, as files."""

import base64
import gzip
import json
from pathlib import Path

import pytest
from taped import BASE, EXCHANGES, ask, cassette, playing

from engine.cassettes import read
from engine.errors import UsageError
from engine.exchange import Response
from engine.playing import Player


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
    assert ask(Player(merged.exchanges, base_url=BASE), "GET", "/y").json() == {"d": "2026-01-02"}


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
    assert ask(Player(read(tmp_path / "c.yaml").exchanges, base_url=BASE), "GET", "/a").json() == [
        "no", "on", "12:30", "1_000", "010", "0x1F", ".inf", "2026-01-01", None, None, True, 7, -1500.0, "=", "1",
    ]  # fmt: skip


def test_a_recorded_body_that_is_no_xml_is_told(tmp_path: Path) -> None:
    request = {"method": "POST", "url": "/x", "xml": "<e>"}
    with pytest.raises(UsageError, match="exchange 1 cannot be read: it is not XML"):
        cassette(tmp_path, exchanges=[{"request": request, "response": {}}])
