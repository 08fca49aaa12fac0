"""What can be said of an expression before it meets any data: what it reads, and what is wrong with it."""

from engine.jsonata.analysis.checking import problems
from engine.jsonata.analysis.keys import output_keys
from engine.jsonata.analysis.reading import Reading

__all__ = ["Reading", "output_keys", "problems"]
