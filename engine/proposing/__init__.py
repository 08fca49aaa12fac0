"""A mapping to begin with: from nothing, from samples of answers, or from an OpenAPI document.

Nothing is guessed in silence: each part says what it was read off, what is doubtful says so, what is not used is
listed, and what cannot be known is a hole that `check` tells.
"""

from engine.proposing.new import NewMapping, new_mapping

__all__ = ["NewMapping", "new_mapping"]
