"""What names mean where code is written: the context, and the variables of the frames around."""

from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["Context", "Frame", "Known", "Value"]


@dataclass(slots=True)
class Known:
    """A function of the expression: what Python calls its body, how many arguments that takes, and whether it is open.

    It is open while its body is being written: a call is then one of itself.
    """

    body: str
    arity: int
    is_open: bool = True


@dataclass(slots=True)
class Frame:
    """The variables of a block or a function: what Python calls each."""

    around: "Frame | None" = None
    names: dict[str, str] = field(default_factory=dict)
    once: set[str] = field(default_factory=set)
    """The variables that are bound in one place only, and there whatever the data is."""
    functions: "dict[str, Known]" = field(default_factory=dict)
    """The variables of those that are a function of this expression."""

    def known(self, name: str) -> "Known | None":
        """Return the function that a variable certainly is, or None."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.names:
                return frame.functions.get(name)
            frame = frame.around
        return None

    def find(self, name: str) -> str | None:
        """Return what Python calls a variable, or None where no frame has it."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.names:
                return frame.names[name]
            frame = frame.around
        return None


class Context(NamedTuple):
    """The context (`$`) as a variable of Python, and the frame."""

    code: str
    frame: Frame
    is_object: bool = False
    """Whether it can be nothing but an object."""
    is_root: bool = False
    """Whether it is the whole input, whose parts are looked up once for all."""


class Value(NamedTuple):
    """Code for a value: what it can be is known in part.

    Kinds: `any`; `raw`: of the data, so a plain list may have nulls in it; `bool`; `maybe`: true, false or absent;
    `text`, `number`: certainly one; `words`: a text, or absent; `seq`: a sequence that does not yet stand for what is
    in it.
    """

    code: str
    kind: str = "any"
    made: bool = True
    """Whether it may be, or hold, what an expression made."""
