"""Long answers are written part by part."""

import asyncio

import pytest
from starlette.types import Message

from engine.service.parting import PART, Parted


def written(body: bytes) -> tuple[list[Message], int]:
    """Return what is sent, and how often others had their turn."""
    sent: list[Message] = []
    turns = 0

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async def run() -> None:
        others = asyncio.create_task(other())
        await Parted(body, media_type="application/json")({"type": "http"}, receive, send)
        others.cancel()

    asyncio.run(run())
    return sent, turns


@pytest.mark.parametrize(("length", "parts"), [(0, 1), (PART, 1), (PART + 1, 2), (3 * PART, 3)])
def test_an_answer_is_whole_and_says_how_long_it_is(length: int, parts: int) -> None:
    body = bytes(number % 251 for number in range(length))
    (start, *rest), turns = written(body)
    assert (b"content-length", str(length).encode()) in start["headers"]
    assert b"".join(message["body"] for message in rest) == body
    assert len(rest) == parts
    assert [message.get("more_body", False) for message in rest] == [True] * (parts - 1) + [False]
    assert turns >= parts - 1
