"""Writes Python: statements in blocks and functions, each knowing which character of the expression it stands for.

The statements become a syntax tree, not one text: Python bounds how far a text may be indented, and the line of each
statement is free to be the offset of what it was made from, so that a traceback tells where an expression failed.
"""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

__all__ = ["LINES", "Writer"]

#: Lines for one expression: more than it may have characters.
LINES = 32_768


@dataclass(slots=True)
class _Statement:
    code: str
    line: int
    body: "list[_Statement] | None" = None
    orelse: "list[_Statement] | None" = None
    handler: "list[_Statement] | None" = None


@dataclass(slots=True)
class _Function:
    """A function being written: the names that are its own, and those it assigns of functions around it."""

    statements: list[_Statement]
    own: set[str] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)
    loops: int = 0


class Writer:
    """Writes one module. `offset` is that of the part of the expression being written, `base` its first line."""

    def __init__(self) -> None:
        self.constants: dict[str, Any] = {}
        self.offset = 0
        self.base = 0
        self._names = 0
        self._functions = [_Function([])]
        self._into = self._functions[0].statements
        self._known: dict[int, str] = {}

    @property
    def loops(self) -> int:
        """How many loops the next statement stands in, within its function: Python bounds that."""
        return self._functions[-1].loops

    @property
    def count(self) -> int:
        """How many statements there are where the next one goes."""
        return len(self._into)

    def constant(self, value: Any) -> str:
        """Return code for a value that never changes."""
        if value is None or type(value) in (str, int, float, bool):
            return repr(value)
        name = self._known.get(id(value))
        if name is None:
            name = self._known[id(value)] = f"K{len(self.constants)}"
            self.constants[name] = value
        return name

    def fresh(self) -> str:
        """Return a name that is used nowhere else, and belongs to the function being written."""
        self._names += 1
        name = f"v{self._names}"
        self._functions[-1].own.add(name)
        return name

    def line(self, code: str) -> None:
        """Write a statement."""
        self._into.append(_Statement(code, self.base + self.offset + 1))

    def assign(self, name: str, code: str) -> None:
        """Write an assignment, also to a name of a function further out."""
        for function in reversed(self._functions):
            if name in function.own:
                break
            function.outer.add(name)
        self.line(f"{name} = {code}")

    def named(self, code: str) -> str:
        """Assign the value of some code to a fresh name, and return that."""
        name = self.fresh()
        self.line(f"{name} = {code}")
        return name

    @contextmanager
    def block(self, header: str) -> Iterator[None]:
        """Write what follows into an `if`, `for` or the like."""
        statement = _Statement(header, self.base + self.offset + 1, body=[])
        self._into.append(statement)
        loop = header.startswith(("for ", "try"))
        self._functions[-1].loops += loop
        with self._inside(statement.body or []) as body:
            statement.body = body
            yield
        self._functions[-1].loops -= loop

    @contextmanager
    def otherwise(self) -> Iterator[None]:
        """Write what follows into the `else` of the last statement."""
        with self._inside([]) as body:
            yield
        self._into[-1].orelse = body

    @contextmanager
    def rescue(self) -> Iterator[None]:
        """Write what follows into the `except Exception as problem` of the last statement, a `try`."""
        with self._inside([]) as body:
            yield
        self._into[-1].handler = body

    @contextmanager
    def aside(self) -> Iterator[list[_Statement]]:
        """Write what follows nowhere yet; `place` puts it somewhere."""
        with self._inside([]) as body:
            yield body

    def place(self, statements: list[_Statement]) -> None:
        """Write statements that were written aside."""
        self._into.extend(statements)

    @contextmanager
    def _inside(self, body: list[_Statement]) -> Iterator[list[_Statement]]:
        around, self._into = self._into, body
        yield body
        self._into = around

    @contextmanager
    def function(self, name: str, *parameters: str) -> Iterator[None]:
        """Write what follows into a function."""
        statement = _Statement(f"def {name}({', '.join(parameters)}):", self.base + self.offset + 1, body=[])
        self._into.append(statement)
        function = _Function([], own=set(parameters))
        self._functions.append(function)
        with self._inside(function.statements):
            yield
        self._functions.pop()
        names = sorted(function.outer)
        first = [_Statement(f"nonlocal {', '.join(names)}", statement.line)] if names else []
        statement.body = [*first, *function.statements]

    def module(self) -> ast.Module:
        """Return everything written, ready to be compiled."""
        return ast.Module(_nodes(self._functions[0].statements), [])


def _nodes(statements: list[_Statement]) -> list[ast.stmt]:
    return [_node(statement) for statement in statements]


def _node(statement: _Statement) -> ast.stmt:
    code = statement.code
    if statement.body is not None:
        code += " pass" if statement.handler is None else " pass\nexcept Exception as problem: pass"
    node = _parsed(code)
    for part in ast.walk(node):
        if isinstance(part, ast.stmt | ast.expr | ast.excepthandler | ast.arg):
            part.lineno = part.end_lineno = statement.line
            part.col_offset = part.end_col_offset = 0
    made: Any = node
    if statement.body is not None:
        made.body = _nodes(statement.body) or made.body
    if statement.orelse:
        made.orelse = _nodes(statement.orelse)
    if statement.handler is not None:
        made.handlers[0].body = _nodes(statement.handler)
    return node


def _parsed(code: str) -> ast.stmt:
    return ast.parse(code).body[0]
