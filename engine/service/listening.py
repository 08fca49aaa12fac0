"""The address that the service listens on."""

import errno
import socket

from engine.errors import UsageError

__all__ = ["address", "bound"]


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address, for one process or several to answer. Raises UsageError.

    It listens from here on: of two programs that begin at once, the second is told now, not in the midst of its start.
    """
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError):
        raise UsageError(f"cannot listen on {host}: there is no such address; give --host 127.0.0.1, say") from None
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # also soon after an earlier one
        listening.bind(where)
        listening.listen()
    except OSError as error:
        listening.close()
        raise UsageError(f"cannot listen on {host} port {port}: {_why(error)}") from None
    listening.setblocking(False)
    listening.set_inheritable(True)
    return listening


def _why(error: OSError) -> str:
    do = {
        errno.EADDRINUSE: "another program listens there; end it, or give another --port",
        errno.EACCES: "ports below 1024 are for the system; give another --port",
        errno.EADDRNOTAVAIL: "this machine has no such address; give --host 127.0.0.1, say",
    }
    return do.get(error.errno or 0, error.strerror or "it cannot be used")


def address(listening: socket.socket) -> str:
    """Return the address as browsers take it."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
