"""`python -m engine.schema`: write schema and reference anew."""

from engine.schema import write

write()
