"""Whole jobs, from a local server to JSON Lines: Rollbook beside code written by hand, and beside its peers.

    python benchmarks/end_to_end.py [--peers] [--records N] [--rounds N] [--memory N] [--jobs list,courses,join,memory]

Every run is a process of its own, from its start to its end. The contenders take turns (A B C A B C …), so that what
else the machine does meets all of them. A run counts only if it delivered every id once; in the first round its records
are also compared with those written by hand, field by field. The exit code is 1 if anything was wrong.

`start` is the time until the server saw the first request; `x` is the ratio to the work by hand: of the whole time, of
the time after the start, and of CPU time.
"""

import argparse
import os
import platform
import sys
import tempfile
from dataclasses import astuple, dataclass, field
from pathlib import Path
from statistics import median

import checking
import contending
import environments
import school
from contending import Cannot, Contender, Figures, Server, Stopped

HEADINGS = ("records/s", "wall s", "start s", "CPU s", "peak MB", "requests", "at once", "x wall", "x work", "x CPU")


@dataclass
class Row:
    """What one contender showed in one job: figures of its rounds, or why there are none, and what is to be noted."""

    contender: Contender
    rounds: list[Figures] = field(default_factory=list)
    told: str = ""
    wrong: bool = False

    def medians(self) -> Figures:
        """Return the median of each figure."""
        return Figures(*(median(values) for values in zip(*map(astuple, self.rounds), strict=True)))


class Race:
    """One job for all contenders."""

    def __init__(self, job: school.Job, count: int, contenders: list[Contender], folder: Path) -> None:
        self.job = job
        self.count = count
        self.expected = school.ids(count)
        self.rows = [Row(contender) for contender in contenders]
        self.folder = folder
        self.reference: checking.Contents | None = None

    def go(self, rounds: int) -> Server:
        """Run all rounds and return the server as it stopped.

        Before the first round the work is done by hand once, untimed: for the records to compare with, and so that no
        contender finds the server cold. The memory job compares no records, since that would need them all at once.
        """
        with contending.serving(self.job.name, self.count) as server:
            if self.job.name != "memory":
                out = self.folder / "reference.jsonl"
                contending.run(self.rows[0].contender, self.job.name, server, out)
                self.reference = checking.contents(out)
                out.unlink()
            for number in range(rounds):
                for row in self.rows:
                    if number == 0 or row.rounds:
                        self._turn(row, server, first=number == 0)
        return server

    def _turn(self, row: Row, server: Server, *, first: bool) -> None:
        """Let one contender run once, and check what it delivered."""
        out = self.folder / "out.jsonl"
        try:
            figures = contending.run(row.contender, self.job.name, server, out)
            checking.check_ids(out, self.expected)
            row.rounds.append(figures)
            if first and self.reference is not None:
                checking.check_contents(out, self.reference)
        except Cannot as cannot:
            row.told = str(cannot)
        except (Stopped, checking.Wrong) as stopped:
            row.told, row.wrong, row.rounds = str(stopped), True, []
        except checking.Different as different:
            row.told, row.wrong = str(different), True
        finally:
            out.unlink(missing_ok=True)

    def show(self, rounds: int, server: Server) -> None:
        """Print the table of the job."""
        times = "one round" if rounds == 1 else f"medians of {rounds} rounds"
        print(f"\n{self.job.name}: {self.count} records; {self.job.about}; {times}")
        print(f"{'':22}" + "".join(f"{heading:>10}" for heading in HEADINGS))
        hand = self.rows[0].medians() if self.rows[0].rounds else None
        for row in self.rows:
            if row.rounds:
                print(f"{row.contender.name:22}" + self._figures(row.medians(), hand))
            if row.told:
                print(f"{row.contender.name:22} {row.told}")
        print(f"(server: {server.cpu:.1f} s of CPU for all of this)", flush=True)

    def _figures(self, found: Figures, hand: Figures | None) -> str:
        shown = [
            f"{self.count / found.wall:.0f}",
            f"{found.wall:.2f}",
            f"{found.start:.2f}",
            f"{found.cpu:.2f}",
            f"{found.peak:.0f}",
            f"{found.requests:g}",
            f"{found.at_once:g}",
        ]
        if hand is not None:
            work = (found.wall - found.start) / (hand.wall - hand.start)
            shown += [f"{ratio:.2f}" for ratio in (found.wall / hand.wall, work, found.cpu / hand.cpu)]
        return "".join(f"{each:>10}" for each in shown)


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
            race.show(rounds, race.go(rounds))
        rows += race.rows
    return int(any(row.wrong for row in rows))


if __name__ == "__main__":
    sys.exit(main())
