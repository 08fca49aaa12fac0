"""A function that expressions may call, with what is needed to call it safely and fast."""

from collections.abc import Callable, Sequence
from typing import Any

from engine.jsonata.runtime.fuel import Run
from engine.jsonata.runtime.values import Function
from engine.jsonata.signatures import Signature, parse_signature

__all__ = ["Builtin"]


class Builtin:
    """A named function. `call(run, *arguments)` expects what its signature says; `checked` makes sure of that.

    `arity` is how many arguments it cares for when another function calls it; `gives_lists` says that its result may
    be a sequence; `is_of_jsonata` that it means what the documentation of JSONata says, and not what a host says.
    """

    __slots__ = (
        "arity",
        "call",
        "checked",
        "function",
        "gives_lists",
        "gives_scalars",
        "gives_texts",
        "is_of_jsonata",
        "name",
        "signature",
    )

    def __init__(
        self,
        name: str,
        signature: str,
        call: Callable[..., Any],
        *,
        arity: int | None = None,
        gives_lists: bool = False,
        is_of_jsonata: bool = True,
    ) -> None:
        self.name = name
        self.signature: Signature = parse_signature(signature)
        self.call = call
        self.arity = len(self.signature.parameters) if arity is None else arity
        self.gives_lists = gives_lists
        self.is_of_jsonata = is_of_jsonata
        gives = signature.rpartition(":")[2] if is_of_jsonata else ""
        self.gives_scalars = gives in ("s>", "n>", "b>")
        self.gives_texts = gives == "s>"
        self.checked = self._checked
        self.function = Function(name, self.arity, self._checked)

    def _checked(self, run: Run, arguments: Sequence[Any], context: Any) -> Any:
        """Return the result for arguments as they come; raises EvaluationProblem."""
        return self.call(run, *self.signature.bound(self.name, arguments, context))
