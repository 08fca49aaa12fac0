"""From text to tree: operator precedence parsing, in one pass, with bounded depth.

The method is Pratt's (https://crockford.com/javascript/tdop/tdop.html); the grammar and its precedences are those of
JSONata 2.2 (https://docs.jsonata.org/path-operators and the pages beside it).
"""

from collections.abc import Callable
from typing import ClassVar, TypeVar

from engine.jsonata import nodes
from engine.jsonata.mistakes import missing, unexpected
from engine.jsonata.nodes import Node
from engine.jsonata.problems import SyntaxProblem
from engine.jsonata.shaping import shaped
from engine.jsonata.signatures import parse_signature
from engine.jsonata.tokens import Token, Tokens

__all__ = ["DEEPEST", "LONGEST", "parse"]

#: How many characters an expression may have.
LONGEST = 20_000
#: How many levels a tree may have: each takes a few frames of Python, of which there are a thousand.
DEEPEST = 100

#: How strongly an operator binds what stands before it.
_BINDING = {
    ".": 75, "[": 80, "(": 80, "{": 70, "@": 80, "#": 80, "^": 40, "*": 60, "/": 60, "%": 60, "+": 50, "-": 50,
    "&": 50, "=": 40, "!=": 40, "<": 40, "<=": 40, ">": 40, ">=": 40, "in": 40, "~>": 40, "??": 40, "?:": 40,
    "and": 30, "or": 25, "?": 20, ":=": 10,
}  # fmt: skip
#: How strongly a sign binds what follows.
_SIGN = 70

AnyNode = TypeVar("AnyNode", bound=Node)


def parse(text: str) -> Node:
    """Return the tree of an expression; raises SyntaxProblem with the offset of the fault."""
    if not text.strip():
        raise SyntaxProblem("S0207", "the expression is empty; write a path, or leave the key out", 0)
    if len(text) > LONGEST:
        raise SyntaxProblem("U1001", f"the expression is longer than {LONGEST:,} characters; split it up", LONGEST)
    return shaped(_Parser(text).whole())


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = Tokens(text)
        self._level = 0
        self._end = 0
        self._token = self._tokens.next(infix=False)

    def whole(self) -> Node:
        tree = self._expression(0)
        if self._token.kind != "end":
            raise unexpected(self._written(), self._token.start)
        return tree

    def _written(self) -> str:
        return self._text[self._token.start : self._token.end]

    def _advance(self, *, infix: bool = False) -> Token:
        """Take the word at hand, and read the next."""
        token = self._token
        self._end = token.end
        self._token = self._tokens.next(infix=infix)
        return token

    def _is(self, operator: str) -> bool:
        return self._token.kind == "operator" and self._token.value == operator

    def _take(self, operator: str, *, infix: bool = False) -> Token:
        if not self._is(operator):
            raise missing(operator, self._written(), self._token.start)
        return self._advance(infix=infix)

    def _made(self, node: AnyNode) -> AnyNode:
        """Note where a node ends and how deep it is."""
        node.end = self._end
        node.depth = 1 + max((part.depth for part in nodes.children(node)), default=0)
        if node.depth > DEEPEST:
            raise _too_deep(node.start)
        return node

    def _expression(self, binding: int) -> Node:
        self._level += 1
        if self._level > DEEPEST:
            raise _too_deep(self._token.start)
        left = self._prefix(self._advance(infix=True))
        while self._token.kind == "operator" and binding < _BINDING.get(self._token.value, 0):
            left = self._infix(self._advance(), left)
        self._level -= 1
        return left

    # What can begin a value

    def _prefix(self, token: Token) -> Node:
        match token.kind:
            case "string" | "number" | "value":
                return self._made(nodes.Literal(token.start, token.value))
            case "name":
                return self._made(nodes.Name(token.start, token.value))
            case "variable":
                return self._made(nodes.Variable(token.start, token.value))
            case "regex":
                pattern, flags = token.value
                return self._made(nodes.Regex(token.start, pattern, flags))
            case "end":
                raise unexpected("", token.start)
        if token.value in ("and", "or", "in"):
            return self._made(nodes.Name(token.start, token.value))
        handler = self._PREFIXES.get(token.value)
        if handler is None:
            raise unexpected(self._text[token.start : token.end], token.start, "S0211")
        return self._made(handler(self, token.start))

    def _negation(self, start: int) -> Node:
        return nodes.Negation(start, self._expression(_SIGN))

    def _wildcard(self, start: int) -> Node:
        return nodes.Wildcard(start)

    def _descendants(self, start: int) -> Node:
        return nodes.Descendants(start)

    def _parent(self, start: int) -> Node:
        return nodes.Parent(start, nodes.Slot(f"!{start}"))

    def _block(self, start: int) -> Node:
        expressions = []
        while not self._is(")"):
            expressions.append(self._expression(0))
            if not self._is(";"):
                break
            self._advance()
        self._take(")", infix=True)
        return nodes.Block(start, expressions)

    def _array(self, start: int) -> Node:
        items: list[Node] = []
        if not self._is("]"):
            items.append(self._item())
            while self._is(","):
                self._advance()
                items.append(self._item())
        self._take("]", infix=True)
        return nodes.Array(start, items)

    def _item(self) -> Node:
        item = self._expression(0)
        if not self._is(".."):
            return item
        at = self._advance().start
        last = self._expression(0)
        return self._made(nodes.Binary(item.start, "..", at, item, last))

    def _object(self, start: int) -> Node:
        return nodes.Object(start, self._pairs())

    def _pairs(self) -> list[tuple[Node, Node]]:
        pairs: list[tuple[Node, Node]] = []
        while not self._is("}") or pairs:
            key = self._expression(0)
            self._take(":")
            pairs.append((key, self._expression(0)))
            if not self._is(","):
                break
            self._advance()
        self._take("}", infix=True)
        return pairs

    def _transform(self, start: int) -> Node:
        pattern = self._expression(0)
        self._take("|")
        update = self._expression(0)
        delete = None
        if self._is(","):
            self._advance()
            delete = self._expression(0)
        self._take("|", infix=True)
        return nodes.Transform(start, pattern, update, delete)

    # What can follow a value

    def _infix(self, token: Token, left: Node) -> Node:
        operator, at = str(token.value), token.start
        handler = self._INFIXES.get(operator)
        if handler is not None:
            return self._made(handler(self, left, at))
        right = self._expression(_BINDING[operator])
        if operator == "~>":
            return self._made(nodes.Apply(left.start, at, left, right))
        return self._made(nodes.Binary(left.start, operator, at, left, right))

    def _filter(self, left: Node, at: int) -> Node:
        if self._is("]"):
            self._advance(infix=True)
            step = left
            while isinstance(step, nodes.Binary) and step.operator == "[":
                step = step.left
            step.keep = True
            return left
        right = self._expression(0)
        self._take("]", infix=True)
        return nodes.Binary(left.start, "[", at, left, right)

    def _grouped(self, left: Node, at: int) -> Node:
        return nodes.Binary(left.start, "{", at, left, self._made(nodes.Object(at, self._pairs())))

    def _sorted(self, left: Node, at: int) -> Node:
        self._take("(")
        terms = [self._term()]
        while self._is(","):
            self._advance()
            terms.append(self._term())
        self._take(")", infix=True)
        return nodes.Sorting(at, left, terms)

    def _term(self) -> nodes.Term:
        descending = self._is(">")
        if descending or self._is("<"):
            self._advance()
        return nodes.Term(self._expression(0), descending)

    def _call(self, left: Node, _: int) -> Node:
        arguments, partial = self._arguments()
        if isinstance(left, nodes.Name) and left.value in ("function", "λ"):
            return self._lambda(left.start, arguments)
        return nodes.Partial(left.start, left, arguments) if partial else nodes.Call(left.start, left, arguments)

    def _arguments(self) -> tuple[list[Node], bool]:
        arguments: list[Node] = []
        while not self._is(")") or arguments:
            if self._is("?"):
                arguments.append(self._made(nodes.Hole(self._advance().start)))
            else:
                arguments.append(self._expression(0))
            if not self._is(","):
                break
            self._advance()
        self._take(")", infix=True)
        return arguments, any(isinstance(argument, nodes.Hole) for argument in arguments)

    def _lambda(self, start: int, arguments: list[Node]) -> Node:
        parameters = []
        for argument in arguments:
            if not isinstance(argument, nodes.Variable):
                what = "the parameters of a function are variables; write `$`, then a name"
                raise SyntaxProblem("S0208", what, argument.start)
            parameters.append(argument)
        signature = None
        if self._is("<"):
            at, written = self._token.start, self._signature()
            signature = parse_signature(written, at)
        self._take("{")
        body = self._expression(0)
        self._take("}", infix=True)
        return nodes.Lambda(start, parameters, signature, body)

    def _signature(self) -> str:
        """Read the words of a signature, up to the `>` that closes it."""
        depth, written = 0, ""
        while self._token.kind != "end" and not self._is("{"):
            word = self._written()
            depth += {"<": 1, ">": -1}.get(word, 0)
            written += word
            self._advance()
            if depth == 0:
                return written
        raise missing(">", self._written(), self._token.start)

    def _assigned(self, left: Node, _: int) -> Node:
        if not isinstance(left, nodes.Variable):
            raise SyntaxProblem("S0212", "only a variable can be assigned; write `$name := …`", left.start)
        return nodes.Bind(left.start, left.name, self._expression(_BINDING[":="] - 1))

    def _focus(self, left: Node, at: int) -> Node:
        return self._bound("@", left, at)

    def _counted(self, left: Node, at: int) -> Node:
        return self._bound("#", left, at)

    def _bound(self, operator: str, left: Node, at: int) -> Node:
        right = self._expression(_BINDING[operator])
        if not isinstance(right, nodes.Variable):
            raise SyntaxProblem("S0214", f"`{operator}` binds a variable; write `{operator}$name`", right.start)
        return nodes.Binary(left.start, operator, at, left, right)

    def _condition(self, left: Node, _: int) -> Node:
        then, otherwise = self._expression(0), None
        if self._is(":"):
            self._advance()
            otherwise = self._expression(0)
        return nodes.Condition(left.start, left, then, otherwise)

    def _default(self, left: Node, _: int) -> Node:
        return nodes.Either(left.start, "??", left, self._expression(0))

    def _elvis(self, left: Node, _: int) -> Node:
        return nodes.Either(left.start, "?:", left, self._expression(0))

    _PREFIXES: ClassVar[dict[str, Callable[["_Parser", int], Node]]] = {
        "-": _negation,
        "*": _wildcard,
        "**": _descendants,
        "%": _parent,
        "(": _block,
        "[": _array,
        "{": _object,
        "|": _transform,
    }
    _INFIXES: ClassVar[dict[str, Callable[["_Parser", Node, int], Node]]] = {
        "[": _filter,
        "{": _grouped,
        "^": _sorted,
        "(": _call,
        ":=": _assigned,
        "@": _focus,
        "#": _counted,
        "?": _condition,
        "??": _default,
        "?:": _elvis,
    }


def _too_deep(start: int) -> SyntaxProblem:
    what = f'the expression nests deeper than {DEEPEST} levels; split it up, or use `in ["a", "b"]`'
    return SyntaxProblem("U1001", what, start)
