"""To which addresses requests may go that others have a say in; and connections to these and no others."""

from engine.guarding.guard import PORTS, Guard, Resolve
from engine.guarding.transport import GuardedTransport

__all__ = ["PORTS", "Guard", "GuardedTransport", "Resolve"]
