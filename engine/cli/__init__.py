"""The command `rollbook`. It holds no logic: it reads options, calls the engine, and shows what came out.

Records go to standard output, everything else to standard error.
"""

import sys

from engine.cli import signals
from engine.cli.streams import standard_streams

__all__ = ["main"]


def main() -> None:
    """Run the command line and exit with a code of `exits`."""
    with signals.asked_to_end(), standard_streams():
        try:
            # Imported in here, so that a signal while modules are read is an interruption like any other.
            from engine.cli.app import call

            code = call(sys.argv[1:])
        except KeyboardInterrupt:
            sys.stderr.write("interrupted\n")
            code = signals.code()
    sys.exit(code)
