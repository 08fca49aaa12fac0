"""Random expressions over such records: mostly sensible ones, so that most of them have a value."""

from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

from random_records import SHAPES

__all__ = ["random_expression"]

#: What each function takes; `?` marks what may be left out. Kinds are those of `Maker.of`.
FUNCTIONS: dict[str, tuple[str, ...]] = {
    "text": (
        "string any switch?", "substring text small small?", "substringBefore text text", "substringAfter text text",
        "uppercase text", "lowercase text", "trim text", "pad text small literal?", "join texts literal?",
        "replace text finder replacement small?", "formatNumber number picture", "formatBase number radix?",
        "formatInteger number integer", "fromMillis time time_picture?", "base64encode ascii", "encodeUrl text",
        "encodeUrlComponent text", "decodeUrl text", "type any", "string any",
    ),
    "number": (
        "length text", "number any", "abs number", "floor number", "ceil number", "round number digits?",
        "power number small", "sqrt number", "sum numbers", "max numbers", "min numbers", "average numbers",
        "count any", "count list", "parseInteger text parsed", "toMillis moment", "number text", "millis",
    ),
    "switch": ("contains text finder", "boolean any", "not any", "exists any"),
    "list": (
        "append any any", "append list list", "sort numbers", "sort texts", "sort list sorter", "reverse list",
        "distinct list", "distinct any", "zip list list", "zip list list list", "keys any", "keys object",
        "split text finder small?", "match text regex small?", "map list mapper", "filter list tester",
        "each object entry_mapper", "spread object", "spread any", "map list mapper", "filter list tester",
    ),
    "object": ("merge objects", "sift object tester", "clone object", "merge list"),
    "any": (
        "lookup any name", "lookup object name", "single list tester", "reduce list reducer", "reduce numbers reducer",
        "reduce list reducer any", "single list", "lookup object text",
    ),
}  # fmt: skip

_LITERALS: dict[str, tuple[str, ...]] = {
    "text": ("''", '"x"', "'quiz'", "'a,b'", "'Ada'", "' x '", "'12'", "'-'", "'é'"),
    "literal": ("''", "'-'", "', '", "'ab'"),
    "number": ("0", "1", "2", "-1", "1.5", "10", "1e3", "0.1", "100"),
    "small": ("0", "1", "2", "3", "-1", "-2", "5", "1.5"),
    "digits": ("0", "1", "2", "-1", "-2"),
    "radix": ("2", "10", "16", "36", "1"),
    "switch": ("true", "false"),
    "list": ("[]", "[1]", "[1,2,3]", "['x','y']", "[[1,2],[3]]", "[null]", "[1,'a']", "[{'id':1},{'id':2}]"),
    "object": ("{}", "{'id':1}", "{'name':'x','id':[1,2]}", "{'a':null}"),
    "picture": ("'0'", "'#,##0.00'", "'0.0#'", "'#0%'", "'00'", "'#.##;(#.##)'"),
    "parsed": ("'1'", "'001'", "'#,##0'", "'w'"),
    "integer": ("'1'", "'001'", "'#,##0'", "'i'", "'I'", "'a'", "'w'", "'1;o'"),
    "time_picture": ("'[Y0001]-[M01]-[D01]'", "'[H01]:[m01]'", "'[FNn], [D1o] [MNn] [Y]'", "'[Y]-[W]-[F1]'"),
    "time": ("0", "1700000000000", "1709287200000", "-1"),
    "moment": ("at", "$$.at", "'2024-01-01'", "'2024-01-01T10:00:00.5Z'", "'2024-01-01T10:00:00+02:00'", "name"),
    "regex": ("/x/", "/[a-z]+/", "/(a|q)(u?)/", "/A/i", "/^./", "/,/", "/[0-9]/", "/\\s+/", "/$/"),
    "ascii": ("'abc'", "name", "course.title", "'x y?'"),
    "name": ("'id'", "'name'", "'kind'", "'tags'", "'owner'", "'none'"),
    "sorter": (
        "function($l,$r){$l.id > $r.id}", "function($l,$r){$l < $r}", "function($l,$r){$string($l) > $string($r)}",
    ),
    "reducer": (
        "function($p,$q){$p & $q}", "function($p,$q){$append($p,$q)}", "function($p,$q,$i){$i}", "$append",
        "function($p,$q){$p + $q}", "function($p,$q){$p.id + $q.id}", "function($p,$q,$i,$a){$count($a)}",
    ),
    "replacement": (
        "'y'", "''", "'[$0]'", "'$1'", "function($m){$uppercase($m.match)}", "function($m){$m.groups[0] & '!'}",
    ),
}  # fmt: skip


#: What is always a literal.
_LITERAL_KINDS = (
    "digits", "integer", "literal", "moment", "parsed", "picture", "radix", "reducer", "regex", "replacement", "sorter",
    "time_picture",
)  # fmt: skip
#: Functions that are handed to functions, plain, with a hole, and with a signature.
_PLAIN_FUNCTIONS = (
    "$string", "$uppercase", "$count", "$sum", "$not", "$exists", "$type", "$keys", "$number", "$length", "$boolean",
    "$reverse", "$merge", "$distinct",
)  # fmt: skip
_PARTIAL_FUNCTIONS = ("$append(?, {0})", "$append({0}, ?)", "$substring(?, 1)", "$lookup(?, 'id')", "$power(?, 2)")
_SIGNATURES = ("<x:x>", "<j:x>", "<(ns)-:x>", "<n:n>", "<s-:s>", "<a:a>")
_PARAMETER_SHAPES = ("item", "person", "text", "number")


class Scope(NamedTuple):
    """What an expression stands in: the shape of the context, and the variables with theirs."""

    shape: str = "record"
    variables: tuple[tuple[str, str], ...] = ()
    in_function: bool = False

    def having(self, name: str, shape: str) -> "Scope":
        """Return a scope with one more variable."""
        return self._replace(variables=(*self.variables, (name, shape)))


class Maker:
    """Makes expressions; each method returns the text of one."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._pick = rng.choice

    def _chance(self, share: float) -> bool:
        return self._rng.random() < share

    def any(self, scope: Scope, depth: int) -> str:
        """Return an expression of any kind."""
        kinds = ("path",) * 8 + ("text", "number", "switch", "list", "object", "any", "value") * 2
        kind = self._pick(kinds)
        if kind == "path":
            return self.path(scope, depth)
        if kind == "value":
            return self._pick(_ANY)(self, scope, depth)
        return self.of(kind, scope, depth)

    def of(self, kind: str, scope: Scope, depth: int) -> str:
        """Return an expression of a kind, and now and then of another one."""
        if kind in _LITERAL_KINDS:
            return self._pick(_LITERALS[kind])
        if self._chance(0.03):
            kind = self._pick(("text", "number", "list", "object", "switch"))
        if depth <= 0 or self._chance(0.2):
            return self._leaf(kind, scope)
        made = _KINDS.get(kind)
        if made is not None and self._chance(0.5):
            return self._pick(made)(self, scope, depth)
        calls = FUNCTIONS.get(kind)
        if calls is not None and self._chance(0.8):
            return self._called(self._pick(calls), scope, depth)
        return self._special(kind, scope, depth)

    def _special(self, kind: str, scope: Scope, depth: int) -> str:
        if kind in _FUNCTION_KINDS:
            return _FUNCTION_KINDS[kind](self, scope, depth)
        if kind == "finder":
            return self.of(self._pick(("regex", "text", "literal")), scope, depth - 1)
        if kind in ("numbers", "texts", "objects"):
            return self._listed(kind[:-1], scope, depth)
        return self._leaf(kind, scope)

    def _leaf(self, kind: str, scope: Scope) -> str:
        if kind in _FUNCTION_KINDS:
            return _FUNCTION_KINDS[kind](self, scope, 1)
        if kind == "finder":
            return self._pick(("/[a-z]/", "'a'", "','"))
        literals = _LITERALS.get({"numbers": "list", "texts": "list", "objects": "list"}.get(kind, kind))
        if literals and self._chance(0.4):
            return self._pick(literals)
        return self.path(scope, 0, kind)

    def _listed(self, kind: str, scope: Scope, depth: int) -> str:
        found = self._rng.random()
        if found < 0.5:
            return self.path(scope, depth, f"[{kind}]")
        if found < 0.8:
            return f"[{', '.join(self.of(kind, scope, depth - 1) for _ in range(self._pick((1, 2, 3))))}]"
        return f"$map({self.of('list', scope, depth - 1)}, {self._lambda(scope, depth, kind)})"

    # Paths

    def _fields(self, shape: str, wanted: str) -> Sequence[str]:
        fields = SHAPES.get(shape, {})
        fitting = [name for name, kind in fields.items() if wanted in (kind, f"[{kind}]", kind.strip("[]"))]
        return fitting if fitting and self._chance(0.75) else tuple(fields) or ("id", "name")

    def path(self, scope: Scope, depth: int, wanted: str = "any") -> str:
        """Return a path, with filters and all else that may be on the way."""
        text, shape = self._start(scope, depth, wanted)
        rows = scope
        steps = self._pick((0, 1, 1, 2, 2, 3)) if depth > 0 else self._pick((0, 0, 1))
        for number in range(steps + 1):
            if number and (shape in SHAPES or shape == "any" or self._chance(0.1)):
                step, shape = self._step(rows._replace(shape=shape), depth, wanted if number == steps else "any")
                text += f".{step}"
            if text[0] != "[" or number or not steps:  # jsonata-js goes on from the characters of a text there
                text, rows = self._decorated(text, rows, shape, depth)
        if self._chance(0.05):
            text += "[]"
        if depth > 1 and self._chance(0.06):
            text += self._group(rows._replace(shape=shape), depth - 1, alone=rows.variables != scope.variables)
        return text

    def _start(self, scope: Scope, depth: int, wanted: str) -> tuple[str, str]:
        found = self._rng.random()
        if found < 0.12 and scope.variables:
            name, shape = self._pick(scope.variables)
            return f"${name}", shape
        if found < 0.2:
            return self._pick((("$", scope.shape), ("$$", "record")))
        if found < 0.24 and depth > 0:
            return f"({self.any(scope, depth - 1)})", "any"
        if found < 0.26 and depth > 0:  # jsonata-js evaluates such an array on a list, so there are only names in it
            names = (self._name(scope.shape, "any")[0] for _ in range(self._pick((0, 1, 2))))
            return f"[{', '.join(names)}]", "any"
        if found < 0.29:
            return self._pick(("*", "**")), "item"
        return self._name(scope.shape, wanted)

    def _name(self, shape: str, wanted: str) -> tuple[str, str]:
        if self._chance(0.05) or shape not in SHAPES:
            shape = self._pick(tuple(SHAPES))
        name = self._pick(self._fields(shape, wanted))
        kind = SHAPES[shape].get(name, "any").strip("[]")
        return (f"`{name}`" if self._chance(0.02) else name), kind

    def _step(self, scope: Scope, depth: int, wanted: str) -> tuple[str, str]:
        found = self._rng.random()
        if found < 0.04:
            return self._pick(("*", "**", "%", "$", "$$", "%.%")), "any"
        if found < 0.12 and depth > 0:
            return f"({self.any(scope, depth - 1)})", "any"
        if found < 0.16 and depth > 0:
            return self.object(scope, depth - 1), "any"
        if found < 0.19 and depth > 0:
            return self.array(scope, depth - 1), "any"
        if found < 0.25 and depth > 0:
            kind = self._pick(("text", "number", "switch", "list"))
            return self._called(self._pick(FUNCTIONS[kind]), scope, depth - 1, steps=True), kind
        if found < 0.26 and depth > 0:
            return self._pick(("'id'", f"{self.path(scope, 0)}{self._group(scope, 0)}")), "any"
        return self._name(scope.shape, wanted)

    def _decorated(self, text: str, scope: Scope, shape: str, depth: int) -> tuple[str, Scope]:
        """Return a step with what may follow it, and the scope of the steps after it."""
        if depth > 0 and text[0] != "[" and self._chance(0.04):
            name = self._pick("vw")
            text, scope = f"{text}@${name}", scope.having(name, shape)
        if depth > 0 and text[0] != "[" and self._chance(0.05):
            name = self._pick("ij")
            text, scope = f"{text}#${name}", scope.having(name, "number")
        for share in (0.2, 0.06):
            if self._chance(share):
                text += self._filter(scope._replace(shape=shape), depth)
        if depth > 0 and self._chance(0.05):
            terms = (self._term(scope._replace(shape=shape), depth) for _ in range(self._pick((1, 1, 2))))
            text += f"^({', '.join(terms)})"
            if self._chance(0.3):
                text += self._filter(scope._replace(shape=shape), 0)
        return text, scope

    def _term(self, scope: Scope, depth: int) -> str:
        kind = self._pick(("number", "text"))
        key = self.path(scope, 0, kind) if self._chance(0.7) else self.of(kind, scope, depth - 1)
        return f"{self._pick(('', '<', '>'))}{key}"

    def _filter(self, scope: Scope, depth: int) -> str:
        found = self._rng.random()
        if found < 0.35:
            return f"[{self._pick(('0', '1', '-1', '2', '-2', '1.5', '[0]', '[0,1]', '[0..1]', '[-1]', '[]'))}]"
        if scope.shape not in SHAPES and self._chance(0.8):
            literal = self._pick(_LITERALS.get(scope.shape, _LITERALS["number"]))
            return f"[$ {self._pick(('=', '!=', '<', '>', '>=', 'in'))} {literal}]"
        if found < 0.7 or depth <= 0:
            name, kind = self._name(scope.shape, self._pick(("number", "text", "switch")))
            if self._chance(0.2):
                return f"[{name}]"
            literal = self._pick(_LITERALS.get(kind, _LITERALS["number"]))
            return f"[{name} {self._pick(('=', '!=', '<', '>', '>=', 'in'))} {literal}]"
        return f"[{self.any(scope, depth - 1)}]"

    def _group(self, scope: Scope, depth: int, *, alone: bool = False) -> str:
        """Return a grouping; `alone` with one key, because jsonata-js loses a row after its first."""
        key = self.path(scope, 0, "text") if self._chance(0.7) else f"$string({self.path(scope, 0)})"
        pairs = [f"{key}: {self.any(scope, depth - 1)}"]
        if not alone and self._chance(0.3):
            pairs.append(f"'all': {self.any(scope, depth - 1)}")
        return f"{{{', '.join(pairs)}}}"

    # Values

    def array(self, scope: Scope, depth: int) -> str:
        items = [self.any(scope, depth - 1) for _ in range(self._pick((0, 1, 1, 2, 2, 3)))]
        if self._chance(0.1):
            items.append(f"{self._pick(('0', '1', '3', 'id'))}..{self._pick(('2', '3', '$count(items)', 'points'))}")
        return f"[{', '.join(items)}]"

    def object(self, scope: Scope, depth: int) -> str:
        names = self._rng.sample(("id", "name", "k", "tags"), self._pick((0, 1, 1, 2, 3)))
        pairs = [f"'{name}': {self.any(scope, depth - 1)}" for name in names]
        if self._chance(0.12):
            pairs.append(f"{self.of('text', scope, depth - 1)}: {self.any(scope, depth - 1)}")
        return f"{{{', '.join(pairs)}}}"

    def joined(self, scope: Scope, depth: int) -> str:
        return f"({self.any(scope, depth - 1)} & {self.any(scope, depth - 1)})"

    def calculated(self, scope: Scope, depth: int) -> str:
        left, right = (self.of("number", scope, depth - 1) for _ in range(2))
        return f"({left} {self._pick('+-*/%')} {right})" if self._chance(0.9) else f"(-{left})"

    def compared(self, scope: Scope, depth: int) -> str:
        kind = self._pick(("number", "text"))
        left, right = (self.of(kind, scope, depth - 1) for _ in range(2))
        return f"({left} {self._pick(('<', '<=', '>', '>=', '=', '!='))} {right})"

    def equal(self, scope: Scope, depth: int) -> str:
        left, right = self.any(scope, depth - 1), self.any(scope, depth - 1)
        return f"({left} {self._pick(('=', '!=', 'in'))} {right})"

    def logical(self, scope: Scope, depth: int) -> str:
        return f"({self.any(scope, depth - 1)} {self._pick(('and', 'or'))} {self.any(scope, depth - 1)})"

    def condition(self, scope: Scope, depth: int) -> str:
        otherwise = f" : {self.any(scope, depth - 1)}" if self._chance(0.8) else ""
        return f"({self.of('switch', scope, depth - 1)} ? {self.any(scope, depth - 1)}{otherwise})"

    def either(self, scope: Scope, depth: int) -> str:
        return f"({self.any(scope, depth - 1)} {self._pick(('??', '?:'))} {self.any(scope, depth - 1)})"

    def block(self, scope: Scope, depth: int) -> str:
        name = self._pick("tu")
        inner = scope.having(name, "any")
        if self._chance(0.25):
            function = self._lambda(scope, depth, "any")
            return f"(${name} := {function}; ${name}({self.any(scope, depth - 1)}))"
        return f"(${name} := {self.any(scope, depth - 1)}; {self.any(inner, depth - 1)})"

    def applied(self, scope: Scope, depth: int) -> str:
        left = self.any(scope, depth - 1)
        found = self._rng.random()
        if found < 0.5:
            kind = self._pick(tuple(FUNCTIONS))
            name, *arguments = self._pick(FUNCTIONS[kind]).split()
            return f"({left} ~> ${name}({self._arguments(arguments[1:], scope, depth)}))"
        if found < 0.7:
            return f"({left} ~> {self._function(scope, depth)})"
        if found < 0.8:
            return f"({left} ~> {self._lambda(scope, depth, 'any')})"
        if found < 0.9:
            return f"({left} ~> ({self._function(scope, depth)} ~> {self._function(scope, depth)}))"
        deleted = self._pick(("", ", 'id'", ", ['id', 'name']", ", tags"))
        return f"({left} ~> |{self.path(scope, 0)}|{self.object(scope, depth - 1)}{deleted}|)"

    def null(self, scope: Scope, depth: int) -> str:
        del scope, depth
        return "null"

    def recursive(self, scope: Scope, depth: int) -> str:
        text = self._pick((
            "($f := function($n, $a) {{ $n <= 0 ? $a : $f($n - 1, $append($a, {0})) }}; $f(3, {1}))",
            "($f := function($n) {{ $n <= 1 ? 1 : $n * $f($n - 1) }}; $f({2}))",
            "($f := function($v) {{ $type($v) = 'array' ? $append([], $map($v, $f)) : $v.id }}; $f({1}))",
        ))  # fmt: skip
        return text.format(self.any(scope, depth - 2), self.any(scope, depth - 2), self._pick("0135"))

    # Functions

    def _called(self, call: str, scope: Scope, depth: int, *, steps: bool = False) -> str:
        name, *arguments = call.split()
        if not scope.in_function and ((steps and self._chance(0.6)) or self._chance(0.05)):
            arguments = arguments[1:]  # the context stands in for the first; jsonata-js forgets it in functions
        elif self._chance(0.02):
            arguments = arguments[: self._rng.randrange(len(arguments) + 1)]
        return f"${name}({self._arguments(arguments, scope, depth)})"

    def _arguments(self, kinds: Sequence[str], scope: Scope, depth: int) -> str:
        made = []
        for kind in kinds:
            if kind.endswith("?") and self._chance(0.5):
                break
            made.append(self.of(kind.rstrip("?"), scope, depth - 1))
        return ", ".join(made)

    def _lambda(self, scope: Scope, depth: int, kind: str) -> str:
        count = self._pick((1, 1, 1, 2, 0, 3))
        inner = scope._replace(in_function=True)
        shapes = (self._pick(_PARAMETER_SHAPES), "number", "any")
        for name, shape in zip("xna"[:count], shapes, strict=False):
            inner = inner.having(name, shape)
        names = ", ".join(f"${name}" for name in "xna"[:count])
        signature = self._pick(_SIGNATURES) if count == 1 and self._chance(0.08) else ""
        return f"function({names}){signature} {{ {self.of(kind, inner, depth - 1)} }}"

    def _function(self, scope: Scope, depth: int) -> str:
        """Return a function of one argument or more as a value."""
        del depth
        if self._chance(0.3):
            return self._pick(_PARTIAL_FUNCTIONS).format(self.path(scope, 0))
        return self._pick(_PLAIN_FUNCTIONS)

    def mapper(self, scope: Scope, depth: int) -> str:
        return self._lambda(scope, depth, "any") if self._chance(0.75) else self._function(scope, depth)

    def tester(self, scope: Scope, depth: int) -> str:
        kind = self._pick(("switch", "any"))
        return self._lambda(scope, depth, kind) if self._chance(0.85) else self._function(scope, depth)


_Make = Callable[[Maker, Scope, int], str]
_ANY: tuple[_Make, ...] = (
    Maker.condition, Maker.either, Maker.block, Maker.applied, Maker.joined, Maker.array, Maker.object,
    Maker.null, Maker.recursive, Maker.condition, Maker.either, Maker.applied,
)  # fmt: skip
_KINDS: dict[str, tuple[_Make, ...]] = {
    "text": (Maker.joined,),
    "number": (Maker.calculated,),
    "switch": (Maker.compared, Maker.equal, Maker.logical),
    "list": (Maker.array,),
    "object": (Maker.object,),
}
_FUNCTION_KINDS: dict[str, _Make] = {
    "mapper": Maker.mapper, "tester": Maker.tester, "entry_mapper": Maker.mapper,
}  # fmt: skip


def random_expression(rng: Random, depth: int = 3) -> str:
    """Return an expression over records."""
    return Maker(rng).any(Scope(), depth)
