"""Answers that are written part by part, so that a long one keeps nobody waiting."""

import asyncio

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

__all__ = ["PART", "Parted"]

#: How many bytes are written at once.
PART = 262_144


class Parted(Response):
    """An answer of any length. Its length is told beforehand, as that of any other."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write the answer."""
        if len(self.body) <= PART:
            await super().__call__(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for at in range(0, len(self.body), PART):
            more = at + PART < len(self.body)
            await send({"type": "http.response.body", "body": self.body[at : at + PART], "more_body": more})
            await asyncio.sleep(0)
