"""What `end_to_end.py` prints of a race: a table, and how Rollbook stands in it."""

from contending import Server
from racing import Race, Row

HEADINGS = ("records/s", "wall s", "start s", "CPU s", "peak MB", "requests", "at once", "x wall", "x work", "x CPU")
OURS = "rollbook"


def show(race: Race, rounds: int, server: Server) -> None:
    """Print the table of a job."""
    times = "one round" if rounds == 1 else f"medians of {rounds} rounds"
    print(f"\n{race.job.name}: {race.count} records; {race.job.about}; {times}")
    print(f"{'':22}" + "".join(f"{heading:>10}" for heading in HEADINGS))
    hand = race.rows[0]
    for row in race.rows:
        shown = "".join(f"{each:>10}" for each in figures(race, row, hand)) if row.rounds else ""
        print(f"{row.contender.name:22}{shown or ' ' + row.told}")
    print(standing(race.rows))
    print(f"(server: {server.cpu:.1f} s of CPU for all of this)", flush=True)


def figures(race: Race, row: Row, hand: Row) -> list[str]:
    """Return the figures of a row as shown."""
    found = row.medians()
    shown = [
        f"{race.count / found.wall:.0f}",
        f"{found.wall:.2f}",
        f"{found.start:.2f}",
        f"{found.cpu:.2f}",
        f"{found.peak:.0f}",
        f"{found.requests:g}",
        f"{found.at_once:g}",
    ]
    ratios = [f"{row.ratio(hand, figure):.2f}" for figure in ("wall", "work", "cpu")] if hand.rounds else []
    return [*shown, *ratios]


def standing(rows: list[Row]) -> str:
    """Return how often the time of Rollbook the time of every other is."""
    ours = next((row for row in rows if row.contender.name == OURS and row.rounds), None)
    if ours is None:
        return f"{OURS} has no figures"
    others = [row for row in rows if row is not ours and row.rounds]
    told = (f"{row.contender.name} {row.ratio(ours, 'wall'):.2f}" for row in others)
    return f"time of {OURS} = 1: {', '.join(told)}"
