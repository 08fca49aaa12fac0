"""Whole jobs, from a local server to JSON Lines: Rollbook beside code written by hand, and beside its peers.

    python benchmarks/end_to_end.py [--peers] [--records N] [--rounds N] [--memory N] [--jobs list,courses,join,memory]

Every run is a process of its own, from its start to its end. The contenders take turns (A B C A B C …), so that what
else the machine does meets all of them. A run counts only if it delivered every id once and, in the first round, the
very records written by hand, compared field by field. The exit code is 1 if anything was wrong.

`start` is the time until the server saw the first request; `x` is the ratio to the work by hand in the same round: of
the whole time, of the time after the start, and of CPU time.
"""

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path

import contending
import environments
import school
import tables
from contending import Contender
from racing import Race, Row


def machine() -> str:
    """Describe the machine, without its name."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    model = models[0] if models else platform.machine()
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def present(contenders: list[Contender], *, peers: bool) -> list[Contender]:
    """Return the contenders that can run here, and tell of the others."""
    found = []
    for contender in contenders:
        try:
            if contender.package is not None and not peers:
                raise environments.Unavailable("run with --peers")  # noqa: TRY301 - told as the other reasons are
            contender.prepare()
            found.append(contender)
        except environments.Unavailable as reason:
            print(f"skipped {contender.name}: {reason}", flush=True)
    return found


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Whole jobs: Rollbook, by hand, and peers.")
    parser.add_argument("--records", type=int, default=20_000, help="records of each job (20000)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each job but memory, which has one (5)")
    parser.add_argument("--memory", type=int, help="records of the memory job (five times --records)")
    parser.add_argument(
        "--peers", action="store_true", help="with dlt, singer-sdk and airbyte-cdk, installed if need be"
    )
    parser.add_argument("--jobs", default=",".join(school.JOBS), help="some of list,courses,join,memory")
    given = parser.parse_args()
    if strange := set(given.jobs.split(",")) - school.JOBS.keys():
        parser.error(f"there is no job {', '.join(strange)}; there are {', '.join(school.JOBS)}")
    if min(given.records, given.rounds, given.memory or 1) < 1:
        parser.error("--records, --rounds and --memory are at least 1")
    return given


def main() -> int:
    given = arguments()
    print(machine())
    contenders = present(contending.everyone(), peers=given.peers)
    rows: list[Row] = []
    for name in given.jobs.split(","):
        count, rounds = (given.memory or 5 * given.records, 1) if name == "memory" else (given.records, given.rounds)
        with tempfile.TemporaryDirectory() as folder:
            race = Race(school.JOBS[name], count, contenders, Path(folder))
            tables.show(race, rounds, race.go(rounds))
        rows += race.rows
    return int(any(row.wrong for row in rows))


if __name__ == "__main__":
    sys.exit(main())
