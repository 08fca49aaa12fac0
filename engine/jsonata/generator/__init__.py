"""Writes Python for expressions, a module for each kind of node."""

from engine.jsonata.generator import calls, objects, operators, paths
from engine.jsonata.generator.core import Generator
from engine.jsonata.generator.objects import declare
from engine.jsonata.generator.scope import Context, Frame, Value

__all__ = ["Context", "Frame", "Generator", "Value", "calls", "declare", "objects", "operators", "paths"]
