"""What is said of a value in a comment: its kind and how often it was met. Texts of people are never quoted."""

from engine.proposing.shapes import Shape

__all__ = ["evidence", "kinds"]

_KINDS = {
    "text": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "list": "list",
    "object": "object",
}  # fmt: skip


def kinds(shape: Shape) -> str:
    """Return the kinds of values met, in words."""
    met = [words for kind, words in _KINDS.items() if kind in shape.given]
    if "integer" in shape.given and "number" in shape.given:
        met.remove("whole number")
    inside = shape.element
    if inside is not None and inside.given:
        met[met.index("list")] = (
            f"list of {kinds(inside)}s" if inside.given == {"object"} else f"list of {kinds(inside)}"
        )
    return " or ".join(met) or ("only null" if shape.counted else "any value")


def evidence(shape: Shape, items: int) -> str:
    """Return what a sample or a schema shows of a value, such as `text in 3 of 4`."""
    if not shape.counted:
        return f"{kinds(shape)}{f' ({shape.form})' if shape.form else ''} in the schema"
    there = shape.met - shape.kinds["null"]
    return f"{kinds(shape)}{_range(shape)} in {there} of {items}" if there else f"only null in {shape.met} of {items}"


def _range(shape: Shape) -> str:
    """Return between what numbers are; nobody is known by these."""
    numbers = [value for value in shape.scalars if isinstance(value, int | float) and not isinstance(value, bool)]
    return f" {min(numbers)} to {max(numbers)}" if numbers and all(abs(number) < 1e6 for number in numbers) else ""
