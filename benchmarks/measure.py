"""Runs one command and prints, as JSON, when it began, how long it took, its CPU seconds and its peak memory.

    python -I -S measure.py PROGRAM [ARGUMENT…]

This is a process of its own because a child begins with the memory of whoever starts it as its peak: started by
`end_to_end.py`, which reads whole outputs, every contender would look as large as that.
"""

import json
import os
import sys
import time


def measured(command: list[str]) -> dict[str, float]:
    began = time.monotonic()
    child = os.posix_spawn(command[0], command, os.environ)
    _, status, used = os.wait4(child, 0)
    took = time.monotonic() - began
    unit = 1 if sys.platform == "darwin" else 1024
    return {
        "began": began,
        "wall": took,
        "cpu": used.ru_utime + used.ru_stime,
        "peak": used.ru_maxrss * unit / 1_000_000,
        "code": os.waitstatus_to_exitcode(status),
    }


if __name__ == "__main__":
    figures = measured(sys.argv[1:])
    print("\n" + json.dumps(figures))
