"""A mapping tried out: one page of each of its lists, raw items beside records, and what nobody maps."""

from engine.trying.estimate import Cost, Estimate
from engine.trying.first_pages import Tried
from engine.trying.trial import Empty, Trial, try_out
from engine.trying.unmapped import Unmapped

__all__ = ["Cost", "Empty", "Estimate", "Trial", "Tried", "Unmapped", "try_out"]
