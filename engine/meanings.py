"""What the fields of a model mean: the text below each in its source, as PEP 257 calls it the attribute's docstring.

pydantic can read them as well, but does so for every model when it is imported, which takes longer than most runs.
"""

import ast
import inspect
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

__all__ = ["meanings"]


def meanings(model: type[BaseModel]) -> dict[str, str]:
    """Return what each field of a model means, by the key it has in a file; fields without a text are left out."""
    texts: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, BaseModel) and base is not BaseModel:
            texts |= _of_file(inspect.getfile(base)).get(base.__qualname__, {})
    return {info.alias or name: texts[name] for name, info in model.model_fields.items() if name in texts}


@lru_cache(maxsize=64)
def _of_file(path: str) -> dict[str, dict[str, str]]:
    """Return the texts below the attributes of each class in a file."""
    tree = ast.parse(Path(path).read_text(encoding="utf-8"))
    return {node.name: dict(_of_class(node)) for node in tree.body if isinstance(node, ast.ClassDef)}


def _of_class(node: ast.ClassDef) -> list[tuple[str, str]]:
    found = []
    for attribute, text in zip(node.body, node.body[1:], strict=False):
        if isinstance(attribute, ast.AnnAssign) and isinstance(attribute.target, ast.Name) and _is_text(text):
            found.append((attribute.target.id, inspect.cleandoc(text.value.value)))  # type: ignore[attr-defined]
    return found


def _is_text(node: Any) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
