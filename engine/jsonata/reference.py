"""jsonata-python behind the seam, with its known defects fenced in.

Each fence names the defect it is for; all were reproduced on 0.7.1, which is why that version is pinned:

* results of other threads: an evaluation without bindings shares a frame, so each gets fresh ones
* endless expressions: steps are counted through the entry hook (its own `timeout` counts from construction)
* `a ?? b` and `a ?: b` process `a` twice on shared nodes and give wrong values: the parser copies `a`
* `re` can be hung by a payload: patterns run on RE2
* large integers lose digits in `$string` and `&`: both are ours
* `$now`, `$millis` are frozen, `$eval` opens a door, partial application shares state: refused
* the caller's data can be changed: it sees a copy, without nulls, of the names the expression reads
* a text that ends in a comment: a line break is appended
"""

import copy
import sys
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import re2

from engine.jsonata.problems import EvaluationProblem, JsonataProblem, SyntaxProblem

_limit = sys.getrecursionlimit()
from jsonata import jsonata as package  # noqa: E402 - the recursion limit is restored around it
from jsonata.functions import Functions  # noqa: E402
from jsonata.jexception import JException  # noqa: E402
from jsonata.parser import Parser  # noqa: E402
from jsonata.utils import Utils  # noqa: E402

sys.setrecursionlimit(_limit)

__all__ = ["FUEL", "Expression"]

#: How many evaluation steps one expression may take on one record.
FUEL = 200_000
#: How many characters an expression may have.
LONGEST = 20_000
#: How large a text one step may build.
LONGEST_TEXT = 10_000_000

_REFUSED = {
    "eval": "`$eval` is not available: an expression must be known when the mapping is read",
    "now": "`$now` is not available: use `run.now`, which can be repeated",
    "millis": "`$millis` is not available: use `run.now`, which can be repeated",
}


class _Coalesce(Parser.InfixCoalesce):  # type: ignore[misc]
    def led(self, left: Any) -> Any:
        node = super().led(left)
        node.then = _copied(left, self._outer_instance)
        return node


class _Default(Parser.InfixDefault):  # type: ignore[misc]
    def led(self, left: Any) -> Any:
        node = super().led(left)
        node.then = _copied(left, self._outer_instance)
        return node


def _copied(node: Any, parser: Any) -> Any:
    return copy.deepcopy(node, {id(parser): parser})


class _Parser(Parser):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        for operator, kind in (("??", _Coalesce), ("?:", _Default)):
            power = self.symbol_table[operator].bp
            self.symbol_table.pop(operator)
            self.register(kind(self, power))


class _Engine(package.Jsonata):  # type: ignore[misc]
    def evaluate_string_concat(self, lhs: Any, rhs: Any) -> str:
        text = ("" if lhs is None else _string(lhs)) + ("" if rhs is None else _string(rhs))
        if len(text) > LONGEST_TEXT:
            raise JException("U1001", -1)
        return text


def _string(value: Any, prettify: Any = None) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return Functions.string(value, prettify)


class Expression:
    """A parsed expression. Raises SyntaxProblem from its construction, EvaluationProblem from a call."""

    def __init__(self, text: str, functions: Mapping[str, Callable[..., Any]]) -> None:
        _check_size(text)
        package.Jsonata.PARSER.parser = _Parser()
        try:
            self._engine = _Engine(text + "\n", _pattern)
        except RecursionError:
            raise SyntaxProblem("U1001", "the expression nests too deep; split it up", 0) from None
        except Exception as error:  # noqa: BLE001 - its parser raises whatever Python raises
            raise _syntax_problem(error, text) from None
        self._engine.set_output_convert_nulls(False)
        self._engine.set_validate_input(False)
        for name, function in {**functions, "string": _string}.items():
            self._engine.register_lambda(name, function)
        self.names = dict(_names(self._engine.ast, at_root=True))
        self._check(text, functions)

    def __call__(self, scope: Any) -> Any:
        """Return the value for a scope of plain JSON, or None."""
        data = _without_nulls(scope, None if "$" in self.names else self.names)
        left = FUEL

        def spend(*_: object) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise EvaluationProblem("U1001", f"the expression takes more than {FUEL} steps")

        try:
            return _plain(self._engine.evaluate(data, {"__evaluate_entry": spend}))
        except JsonataProblem:
            raise
        except RecursionError:
            raise EvaluationProblem("U1001", "the expression nests too deep on this data") from None
        except JException as error:
            offset = error.location if isinstance(error.location, int) and error.location > 0 else None
            raise EvaluationProblem(str(error.error), str(error), offset) from None
        except Exception as error:  # noqa: BLE001 - forty cases of its test suite raise whatever Python raises
            raise EvaluationProblem("D0000", f"{type(error).__name__}: {error}") from None

    def _check(self, text: str, functions: Mapping[str, Any]) -> None:
        """Refuse functions that do not exist or must not be used, and partial application."""
        known = {*package.Jsonata.static_frame.bindings, *functions}
        bound = {node.lhs.value for node in _nodes(self._engine.ast) if node.type == "bind"}
        bound |= {
            str(name.value) for node in _nodes(self._engine.ast) if node.type == "lambda" for name in node.arguments
        }
        for node in _nodes(self._engine.ast):
            if node.type == "partial":
                raise SyntaxProblem("S0500", "partial application is not available; write a function", node.position)
            if node.type != "variable" or node.value in ("", "$") or node.value in bound:
                continue
            offset = max(text.find(f"${node.value}"), 0)
            if node.value in _REFUSED:
                raise SyntaxProblem("D3121", _REFUSED[node.value], offset)
            if node.value not in known:
                close = get_close_matches(node.value, {*known, *bound}, 1)
                hint = f"; did you mean `${close[0]}`?" if close else ""
                raise SyntaxProblem("T1005", f"there is no function or variable `${node.value}`{hint}", offset)


def _check_size(text: str) -> None:
    if not text.strip():
        raise SyntaxProblem("S0207", "the expression is empty; write a path or leave the key out", 0)
    if len(text) > LONGEST:
        raise SyntaxProblem("U1001", f"the expression is longer than {LONGEST} characters", LONGEST)


def _pattern(pattern: str, flags: Any) -> Any:
    options = re2.Options()
    options.case_sensitive = not flags.case_insensitive
    options.log_errors = False
    text = f"(?m){pattern}" if flags.multiline else pattern
    try:
        return re2.compile(text, options)
    except re2.error as error:
        reason = str(error.args[0].decode() if isinstance(error.args[0], bytes) else error.args[0])
        raise SyntaxProblem("S0302", f"the pattern /{pattern}/ cannot be run in linear time: {reason}") from None


def _syntax_problem(error: Exception, text: str) -> SyntaxProblem:
    if isinstance(error, SyntaxProblem):
        offset = error.offset if error.offset is not None else max(text.find("/"), 0)
        return SyntaxProblem(error.code, error.message, offset)
    if isinstance(error, JException):
        location = error.location if isinstance(error.location, int) else 0
        return SyntaxProblem(str(error.error), str(error), min(max(location - 1, 0), max(len(text) - 1, 0)))
    return SyntaxProblem("S0201", f"this is not a JSONata expression ({type(error).__name__}: {error})", 0)


_PARTS = (
    "lhs",
    "rhs",
    "expression",
    "condition",
    "then",
    "_else",
    "body",
    "procedure",
    "pattern",
    "update",
    "delete",
    "expr",
    "index_",
    "next_function",
)
_LISTS = ("expressions", "arguments", "steps", "predicate", "stages", "terms")


def _nodes(node: Any) -> Iterator[Any]:
    """Yield a node and all below it."""
    if node is None or not isinstance(node, Parser.Symbol):
        return
    yield node
    for child in _children(node):
        yield from _nodes(child)


def _children(node: Any) -> Iterator[Any]:
    for name in _PARTS:
        child = getattr(node, name, None)
        if isinstance(child, Parser.Symbol):
            yield child
        elif isinstance(child, list):
            yield from (entry for entry in child if isinstance(entry, Parser.Symbol))
    for name in _LISTS:
        for entry in getattr(node, name, None) or ():
            if isinstance(entry, Parser.Symbol):
                yield entry
    for pairs in (getattr(node, "lhs_object", None), getattr(node, "rhs_object", None)):
        for pair in pairs or ():
            yield from pair
    group = getattr(node, "group", None)
    if group is not None:
        yield group


def _names(node: Any, *, at_root: bool) -> Iterator[tuple[str, int]]:
    """Yield the names an expression reads from its scope, with their offsets; `$` stands for all of it."""
    kind = node.type
    if kind == "name" and at_root:
        yield node.value, max(node.position - len(str(node.value)), 0)
    elif (kind in ("wildcard", "descendant", "parent") and at_root) or (
        kind == "variable" and node.value in ("", "$") and (at_root or node.value == "$")
    ):
        yield "$", node.position
    elif kind == "path":
        yield from _path_names(node, at_root=at_root)
        return
    for child in _children(node):
        yield from _names(child, at_root=at_root and not _is_relative(node, child))


def _path_names(path: Any, *, at_root: bool) -> Iterator[tuple[str, int]]:
    """Only the first step of a path reads the scope, unless that is `$$` or `$`: then the second does."""
    first, *rest = path.steps
    if rest and first.type == "variable" and (first.value == "$" or (first.value == "" and at_root)):
        yield from _names(rest[0], at_root=True)
        rest = rest[1:]
    else:
        yield from _names(first, at_root=at_root)
    for step in rest:
        yield from _names(step, at_root=False)
    if getattr(path, "group", None) is not None:
        yield from _names(path.group, at_root=False)


def _is_relative(node: Any, child: Any) -> bool:
    """Whether a part is evaluated on the result of another part: filters, sort keys, groups, transforms."""
    inner = [*(node.predicate or ()), *(node.stages or ()), *(node.terms or ()), node.group]
    return node.type == "transform" or any(child is part for part in inner)


def _without_nulls(scope: Any, names: Mapping[str, int] | None) -> Any:
    if names is not None and isinstance(scope, Mapping):
        scope = {name: scope[name] for name in names if name in scope}
    return _copied_without_nulls(scope)


def _copied_without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copied_without_nulls(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list):
        return [_copied_without_nulls(entry) for entry in value if entry is not None]
    return value


def _plain(value: Any) -> Any:
    """Return plain JSON: no private list types, no functions, no infinities, integers where they are whole."""
    if value is None or value is Utils.NULL_VALUE:
        return None
    if isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN
            raise EvaluationProblem("D1001", f"the result is not a number: {value}")
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | range):
        return [_plain(entry) for entry in value]
    if hasattr(value, "__iter__"):
        return [_plain(entry) for entry in value]
    raise EvaluationProblem("D0000", "the result is a function; call it")
