"""What happens to a server while it is read."""

import re
from collections.abc import Callable

import httpx2


class Between(httpx2.AsyncBaseTransport):
    """The network, and something that happens before the request of a certain number."""

    def __init__(self, number: int, happen: Callable[[httpx2.Request], None]) -> None:
        self._network = httpx2.AsyncHTTPTransport()
        self._left = number
        self._happen = happen

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request on; let happen what is to happen first."""
        self._left -= 1
        if not self._left:
            self._happen(request)
        return await self._network.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the network."""
        await self._network.aclose()


def log_out(url: str) -> Callable[[httpx2.Request], None]:
    """Return what ends the session with which a request is made."""

    def happen(request: httpx2.Request) -> None:
        token = re.search(r"kolibri_csrftoken=(\w+)", request.headers["cookie"])
        assert token
        headers = {"cookie": request.headers["cookie"], "x-csrftoken": token[1]}
        httpx2.delete(f"{url}/api/auth/session/current/", headers=headers).raise_for_status()

    return happen
