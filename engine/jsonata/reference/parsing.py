"""From text to the tree of jsonata-python, with the faults of its parser fenced in.

* every token knows where it starts (theirs know where they end), so every problem points at its cause
* `a ?? b` and `a ?: b` become nodes of their own: theirs process `a` twice on shared nodes and give wrong values
* comments are passed over here: theirs break off at the end of the text
* integers keep every digit, surrogate pairs become one character
* patterns are compiled by RE2, which runs in linear time whatever the payload (https://github.com/google/re2)
"""

import re
from typing import Any

import re2

from engine.jsonata.problems import SyntaxProblem
from engine.jsonata.reference.package import Parser, Tokenizer
from engine.jsonata.reference.writing import finite

__all__ = ["parse"]

_BLANK = re.compile(r"[ \t\n\r]*")
_SURROGATE = re.compile("[\ud800-\udfff]")


def parse(text: str) -> Any:
    """Parse an expression; raises SyntaxProblem with the offset of the fault."""
    try:
        return _Parser().parse(text)
    except SyntaxProblem:
        raise
    except Exception as error:  # noqa: BLE001 - the parser raises whatever Python raises
        raise SyntaxProblem("S0500", f"jsonata-python cannot read this: {error}", 0) from None


class _Tokenizer(Tokenizer):  # type: ignore[misc]
    """Their tokenizer, whose tokens know where they start."""

    position: int

    def next(self, prefix: bool) -> Any:
        self._pass_blanks()
        start = self.position
        token = super().next(prefix)
        if token is not None:
            token.position = start
            token.value = _value(token, self.path[start : self.position])
        return token

    def _pass_blanks(self) -> None:
        while True:
            self.position = _BLANK.match(self.path, self.position).end()  # type: ignore[union-attr]
            if not self.path.startswith("/*", self.position):
                return
            self.position = self.path.index("*/", self.position + 2) + 2


def _value(token: Any, text: str) -> Any:
    if token.type == "number":
        return int(text) if text.isdecimal() else finite(float(text))
    if token.type == "string" and _SURROGATE.search(token.value):
        try:
            return token.value.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            what = "`\\u` with half a character; write both halves of the surrogate pair, or the character itself"
            raise SyntaxProblem("S0104", what, token.position) from None
    return token.value


class _Either(Parser.Infix):  # type: ignore[misc]
    """`??` and `?:`: the left side is evaluated once; what is on the right goes as far as it can, as in JSONata."""

    def led(self, left: Any) -> Any:
        self.lhs = left
        self._else = self._outer_instance.expression(0)
        self.type = "either"
        return self


class _Object(Parser.InfixObjectConstructor):  # type: ignore[misc]
    """`{…}`, which knows where it starts."""

    def nud(self) -> Any:
        return self._placed(super().nud())

    def led(self, left: Any) -> Any:
        return self._placed(super().led(left))

    def _placed(self, node: Any) -> Any:
        node.position = self.position
        return node


class _Parser(Parser):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        for ours in (_Either(self, "??"), _Either(self, "?:"), _Object(self, Tokenizer.operators["{"])):
            self.symbol_table.pop(ours.id)
            self.register(ours)

    def advance(self, id: str | None = None, infix: bool = False) -> Any:  # noqa: A002 - their names
        node = super().advance(id, infix)
        if isinstance(node, Parser.InfixAndPrefix):
            node.prefix.position = node.position
        return node

    def parse(self, text: str) -> Any:
        # One line break more, because their tokenizer reads one character beyond the end.
        self.source = f"{text}\n"
        self.lexer = _Tokenizer(self.source, _pattern)
        self.advance()
        tree = self.expression(0)
        if self.node.id != "(end)":
            raise SyntaxProblem("S0201", f"jsonata-python does not expect `{self.node.value}`", self.node.position)
        tree = self.process_ast(tree)
        if tree.type == "parent" or tree.seeking_parent is not None:
            raise SyntaxProblem("S0217", "`%` has no parent here; there is nothing above it", tree.position)
        return tree

    def process_ast(self, node: Any) -> Any:
        if node is None or node.type != "either":
            return super().process_ast(node)
        done = Parser.Symbol(self)
        done.type, done.value, done.position = node.type, node.value, node.position
        done.lhs = self.process_ast(node.lhs)
        done._else = self.process_ast(node._else)  # noqa: SLF001 - their name for it
        self.push_ancestry(done, done.lhs)
        self.push_ancestry(done, done._else)  # noqa: SLF001
        done.keep_array = node.keep_array
        return done


def _pattern(pattern: str, flags: Any) -> Any:
    options = re2.Options()
    options.case_sensitive = not flags.case_insensitive
    options.log_errors = False
    try:
        return re2.compile(f"(?m){pattern}" if flags.multiline else pattern, options)
    except re2.error as error:
        reason = error.args[0]
        shown = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        what = f"the pattern /{pattern}/ cannot be run in linear time: {shown}; look-arounds and back-references cannot"
        raise SyntaxProblem("S0302", what) from None
