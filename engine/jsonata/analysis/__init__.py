"""What can be said of an expression before it meets any data: what it reads, and what is wrong with it."""

from engine.jsonata.analysis.checking import problems
from engine.jsonata.analysis.keys import output_keys
from engine.jsonata.analysis.places import Steps, Wild, covers
from engine.jsonata.analysis.reading import Reading
from engine.jsonata.analysis.reads import Read, Reads, reads

__all__ = ["Read", "Reading", "Reads", "Steps", "Wild", "covers", "output_keys", "problems", "reads"]
