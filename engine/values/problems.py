"""A value that cannot be read as what it should be."""

__all__ = ["ValueProblem"]


class ValueProblem(ValueError):
    """Says what is wrong with which value, and what to do."""

    def __init__(self, what: str, do: str = "") -> None:
        self.what = what
        self.do = do
        super().__init__(what)
