"""Cassettes for tests, and what asks their players."""

import asyncio
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpx2

from engine.cassettes import Cassette, read
from engine.playing import Player

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
    """Return a cassette of the usual exchanges, with changes, read from its file."""
    path = tmp_path / "c.json"
    path.write_text(
        json.dumps({"source": "documented here", "connection": {"url": "u"}, "exchanges": EXCHANGES, **changes})
    )
    return read(path)


def ask(player: Player, method: str, url: str, **more: Any) -> httpx2.Response:
    """Return the answer to a request below the base address."""

    async def go() -> httpx2.Response:
        async with httpx2.AsyncClient(transport=player) as client:
            return await client.request(method, f"{BASE}{url}", **more)

    return asyncio.run(go())


def playing(tmp_path: Path, *exchanges: dict[str, Any], secrets: Iterable[str] = ()) -> Player:
    """Return a player of some exchanges, or else of the usual ones."""
    return Player(cassette(tmp_path, exchanges=exchanges or EXCHANGES).exchanges, secrets, BASE)
