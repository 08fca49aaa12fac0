"""Reports that are made while one waits: asked for, looked at until they are ready, then fetched."""

from pydantic import Field

from engine.mapping.calls import CheckCall
from engine.mapping.texts import Closed, Expression

__all__ = ["Job"]


class Job(Closed):
    """A report that the request only asks for. It is looked at until it is ready; the items are in what then comes."""

    poll: CheckCall
    """The request that looks; its holes see the answer to the first request as `job`."""
    ready: Expression
    """Over `status`, `headers` (lower case), `body` (as `answer` says, or else JSON) and `text` of what `poll` gives:
    whether the report is ready."""
    failed: Expression | None = None
    """Over the same: whether it never will be."""
    message: Expression | None = None
    """Over the same: why it failed."""
    result: CheckCall | None = None
    """The request that fetches the report, where `poll` does not give it once it is ready; its holes see what `poll`
    gave as `ready`, too."""
    pause: float = Field(default=10, gt=0, le=300)
    """Seconds before each look."""
    most: int = Field(default=60, ge=1, le=1000)
    """After how many looks to give up."""
