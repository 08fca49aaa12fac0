"""What is refused before an expression meets any data: the message, and the place it points at."""

import pytest

from engine import jsonata
from engine.jsonata import Function, SyntaxProblem

FUNCTIONS = {"time": Function(lambda value, form=None: (value, form), "<x-s?:s>")}

#: Expression, with `‸` where the problem is; and what is said.
WRONG = [
    ("‸", "the expression is empty; write a path, or leave the key out"),
    ("‸  ", "the expression is empty; write a path, or leave the key out"),
    ("a ‸== 1", "`==` is not an operator of JSONata; write a single `=`"),
    ("a ‸=== 1", "`===` is not an operator of JSONata; write a single `=`"),
    ("a ‸!== 1", "`!==` is not an operator of JSONata; write `!=`"),
    ("a ‸<> 1", "`<>` is not an operator of JSONata; write `!=`"),
    ("a ‸=> 1", "`=>` is not an operator of JSONata; write `>=`"),
    ("a ‸&& b", "`&&` is not an operator of JSONata; write `and`"),
    ("a ‸|| b", "`||` is not an operator of JSONata; write `or`"),
    ("a ‸| b", "`|` is not an operator between values; write `or` for conditions, `&` for texts"),
    ("‸!a", "`!` is not an operator; write `$not(…)`"),
    ("a ‸~ b", "`~` is not an operator; a function is applied with `~>`"),
    ("a & ‸'b", "the text that starts here has no closing quote"),
    ('a & ‸"b', "the text that starts here has no closing quote"),
    ("a & ‸`b", "the name that starts here has no closing backquote"),
    ("a & ‸“b”", "“ is not expected here; texts stand between plain double quotes"),
    ("‸/ab", "the pattern that starts here has no closing `/`"),
    ("a ‸/* b", "the comment has no end; close it with `*/`"),
    ("a &‸", "the expression breaks off; a value is missing at the end"),
    ("a.‸", "the expression breaks off; a value is missing at the end"),
    ("(a‸", "`)` is missing at the end"),
    ("[a‸", "`]` is missing at the end"),
    ("a[b ‸c]", "`]` is missing before `c`"),
    ("a‸)", "`)` is not expected here; remove it"),
    ("a ‸b", "`b` is not expected here; an operator such as `&`, `=` or `and` is missing before it"),
    ('a ‸"b"', '`"b"` is not expected here; remove it'),
    ("‸= 1", "`=` compares, and needs a value on both sides"),
    ("a + ‸* 2 )", None),
    ("{a.b‸}", "`{…}` makes an object here and lacks `: value`; a name is written plain, without braces"),
    ('"/courses/‸{course.id}/x"', 'texts of an expression have no holes; join them: "…" & course.id & "…"'),
    ("a ? b ‸, c", None),
    ("a.‸1", "`1` cannot be a step of a path; write a name after the dot"),
    ("‸a := 1", "only a variable can be assigned; write `$name := …`"),
    ("function(‸a) { 1 }", "the parameters of a function are variables; write `$`, then a name"),
    ("a@‸b", "`@` binds a variable; write `@$name`"),
    ("a @‸", "the expression breaks off; a value is missing at the end"),
    ("a{b: c}{‸d: e}", None),
    ("( a#$i[b]#‸$__x )", None),
    ("function($x)<x<s>:n>{ 1 }(2)", None),
    ("‸%.a", "`%` has no parent here; there is nothing above it"),
    ("‸$lenght(a)", "there is no function or variable `$lenght`; did you mean `$length`?"),
    ("‸$toUpperCase(a)", "there is no function or variable `$toUpperCase`; did you mean `$uppercase`?"),
    ("‸$upperCase(a)", "there is no function or variable `$upperCase`; did you mean `$uppercase`?"),
    ("‸$SUM(a)", "there is no function or variable `$SUM`; did you mean `$sum`?"),
    ("a & ‸$tme(b)", "there is no function or variable `$tme`; did you mean `$time`?"),
    ("( $total := 1; ‸$totl )", "there is no function or variable `$totl`; did you mean `$total`?"),
    ("a & ‸count(b)", "`count` is not a function; did you mean `$count(…)`?"),
    ("‸not(a)", "`not` is not a function; did you mean `$not(…)`?"),
    ("‸frobnicate(a)", "`frobnicate` is not a function; a function is called as `$name(…)`"),
    ('"a"‸(b)', "a plain value is called as a function; an operator is missing"),
    ("1 + ‸$eval('1')", "`$eval` is not available; an expression must be known when it is read"),
    ("‸$random()", "`$random` is not available; the same data must give the same answer"),
    ("‸$shuffle(a)", "`$shuffle` is not available; the same data must give the same answer"),
    ("$map(a, ‸$eval)", "`$eval` is not available; an expression must be known when it is read"),
    ("‸$add(?, 2)", None),
    ("‸$uppercase(a, b)", "`$uppercase` takes one argument, not 2"),
    ("‸$map(a)", "`$map` takes at least 2 arguments, not 1"),
    ("‸$sum()", "`$sum` takes at least one argument, not none"),
    ("a ~> ‸$sum(b)", "`$sum` takes one argument, not 2"),
    ("‸$time(a, b, c)", "`$time` takes 2 arguments, not 3"),
    ("a = ‸null", "nothing equals null, because null is absent; write `$exists(…)` or `$not($exists(…))`"),
    ("‸null != a", "nothing equals null, because null is absent; write `$exists(…)` or `$not($exists(…))`"),
    ("( ‸$__evaluate_entry := 1; 2 )", "`$__evaluate_entry` cannot be assigned; take another name"),
    ('a & ‸"\\uD800"', None),
    ('‸"\\q"', "a backslash in this text starts no known escape; write `\\\\` for the backslash itself"),
    ('‸"\\u12"', "`\\u` wants four hexadecimal digits"),
    ("‸1e999", "the number 1e999 is out of range"),
    ("$contains(a, ‸/(?<=b)/)", None),
    ("a ‸? : b", None),
    ("{'a': 1, ‸'a': 2}", 'the object has the key "a" twice; leave one out'),
    ("b{'a': c, ‸'a': d}", 'the object has the key "a" twice; leave one out'),
    ("{‸1: 2}", "the key of an object must be text; put it in quotes"),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "message"), WRONG, ids=[marked for marked, _ in WRONG])
def test_a_mistake_is_named_at_its_place(marked: str, message: str | None) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        jsonata.compile(marked.replace("‸", ""), functions=FUNCTIONS)
    assert message is None or caught.value.message == message
    assert message is None or caught.value.offset == marked.index("‸")


@pytest.mark.parametrize(
    "text",
    [
        "a ~> $sum()",
        "$a := 1",
        "$now() & $millis()",
        "$substring(?, 0, 5)",
        "$toMillis(a, '[Y]')",
        "a ~> $map(function($x) { $x })",
        "a.$uppercase()",
        "$zip(a, b, c)",
        "( $f := function($x, $y) { $x }; $f(1) )",
        "( $sum := function($x, $y) { $x }; $sum(1, 2, 3) )",
        "a@$x.b[c = $x.d]",
        "a#$i.{'i': $i}",
        "a ? null",
        "$exists(null)",
        "\"{course}\" & '{}' & '{a:b}'",
        "$formatNumber(a, '#,##0.00')",
        "$match(a, /b/, 1)",
        "and.or.in",
        '"it is \\"quoted"',
        "function($x)<n:n> { $x }(1)",
        "λ($x) { $x }(1)",
    ],
)
def test_what_is_right_is_not_refused(text: str) -> None:
    jsonata.compile(text, functions=FUNCTIONS)


def test_all_mistakes_of_an_expression_are_told_in_the_order_of_the_text() -> None:
    with pytest.raises(SyntaxProblem) as caught:
        jsonata.compile("$lenght(a) & $uppercase(a, b) & $eval('1')")
    assert caught.value.offset == 0
    assert [(problem.code, problem.offset) for problem in caught.value.others] == [("T0410", 13), ("D3121", 32)]
