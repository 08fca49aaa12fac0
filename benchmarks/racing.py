"""One job for all contenders, who take turns; what each delivered is checked before its time counts."""

from dataclasses import astuple, dataclass, field
from pathlib import Path
from statistics import median

import checking
import contending
import school
from contending import Cannot, Contender, Figures, Server, Stopped


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

    def ratio(self, other: "Row", figure: str) -> float:
        """Return the median, over the rounds, of how often this one's figure is the other's of the same round."""
        rounds = zip(self.rounds, other.rounds, strict=True)
        return median(getattr(own, figure) / getattr(others, figure) for own, others in rounds)


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
                checking.check_ids(out, self.expected)
                self.reference = checking.contents(out)
                out.unlink()
            for number in range(rounds):
                for row in self.rows:
                    if number == 0 or row.rounds:
                        self._turn(row, server, first=number == 0)
        return server

    def _turn(self, row: Row, server: Server, *, first: bool) -> None:
        """Let one contender run once, and check what it delivered; other records than by hand have no figures."""
        out = self.folder / "out.jsonl"
        try:
            figures = contending.run(row.contender, self.job.name, server, out)
            checking.check_ids(out, self.expected)
            if first and self.reference is not None:
                checking.check_contents(out, self.reference)
            row.rounds.append(figures)
        except Cannot as cannot:
            row.told = str(cannot)
        except (Stopped, checking.Wrong, checking.Different) as stopped:
            row.told, row.wrong, row.rounds = str(stopped), True, []
        finally:
            out.unlink(missing_ok=True)
