"""What can be wrong with an expression, and where in its text."""

from typing import Self

__all__ = ["EvaluationProblem", "JsonataProblem", "SyntaxProblem"]


class JsonataProblem(ValueError):
    """A problem with a JSONata expression.

    `code` is that of the reference implementation (such as `S0202`), `message` says what is wrong and what to do;
    `offset` counts characters from 0 and is None where it is not known.
    """

    def __init__(self, code: str, message: str, offset: int | None = None) -> None:
        self.code = code
        self.message = message
        self.offset = offset
        super().__init__(message)

    def at(self, offset: int) -> Self:
        """Return the same problem, with an offset if it had none."""
        if self.offset is None:
            self.offset = offset
        return self


class SyntaxProblem(JsonataProblem):
    """The text is not an expression that can be run. `others` are further problems of the same text."""

    others: "tuple[SyntaxProblem, ...]" = ()


class EvaluationProblem(JsonataProblem):
    """The expression failed on this data."""
