"""The exit codes of every command."""

__all__ = ["FAILED", "INCOMPLETE", "INTERRUPTED", "USAGE"]

#: Nothing can come of it: refused, unreachable, unreadable.
FAILED = 1
#: Wrong usage or a wrong mapping.
USAGE = 2
#: Complete, but something was set aside or skipped; it is listed.
INCOMPLETE = 3
#: Ctrl-C, as a shell counts it: 128 and the number of the signal. Others that end a program: `signals.code`.
INTERRUPTED = 130
