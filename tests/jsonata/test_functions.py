"""Functions and operators: their values, and what they say of arguments they cannot take."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import jsonata
from engine.jsonata import EvaluationProblem

NO_NUMBER = "the text is not a number; test it first, or use $percent, $seconds or $match"


def run(text: str, scope: Any = None) -> Any:
    return jsonata.compile(text)({} if scope is None else scope)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5 % 2", 1.5),
        ("-7 % 3", -1),
        ("7 % -3", 1),
        ("7.5 % -2", 1.5),
        ("6 / 3", 2),
        ("7 / 2", 3.5),
        ("0.1 + 0.2", 0.1 + 0.2),
        ("9007199254740993 * 3", 27021597764222979),
        ("nothing + 1", None),
        ("1 - nothing", None),
        ("-nothing", None),
        ("1 < 2.5", True),
        ("'b' >= 'a'", True),
        ("1 < nothing", None),
        ("1 = 1.0", True),
        ("1 = '1'", False),
        ("true = 1", False),
        ("true != 1", True),
        ("nothing != 1", False),
        ("false in [0]", False),
        ("1 in 1", True),
        ("'a' in nothing", False),
        ("{'a': [1, 2]} = {'a': [1, 2]}", True),
        ("{'a': [1, true]} = {'a': [1, 1]}", False),
        ("[1] = [1, 2]", False),
        ("'a' & 1 & true & nothing", "a1true"),
        ("'a' & [1, {'b': 0.1}]", 'a[1,{"b":0.1}]'),
        ("[3..1]", []),
        ("[1..nothing]", []),
        ("false and 1 / 0", False),
        ("true or 1 / 0", True),
    ],
)
def test_operators(text: str, value: Any) -> None:
    found = run(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("'5' * 2", "the left side of `*` must be a number, not text; use $number(…)"),
        ("2 - [1, 2]", "the right side of `-` must be a number, not a list"),
        ("2 + {}", "the right side of `+` must be a number, not an object"),
        ("2 + true", "the right side of `+` must be a number, not true or false"),
        ("huge / 3", "the number is out of range"),
        ("huge + 3", "the number is out of range"),
        ("a.b - {}", "the right side of `-` must be a number, not an object"),
        ("nothing < {}", "`<` compares numbers or texts, not an object"),
        ("2 + $sum", "the right side of `+` must be a number, not a function"),
        ("1 / 0", "a division by zero has no result; test for it first"),
        ("1.5 % 0", "a division by zero has no result; test for it first"),
        ("1e308 * 1e308", "the number is out of range"),
        ("$power(10, 300) * $power(10, 300)", "the number is out of range"),
        ("-'a'", "only a number can be negated, not text"),
        ("1 < '2'", "`<` cannot compare a number with text; use $number(…)"),
        ("[1] > 1", "`>` compares numbers or texts, not a list"),
        ("['a'..2]", "the left side of `..` must be a whole number, not text"),
        ("2 + nothing.a + {}", "the right side of `+` must be a number, not an object"),
        ("[1..20000000]", "a range may have 10,000,000 numbers, not more"),
        ("$pad('a', 600000) & b", "the text grows beyond 1,000,000 characters"),
        ("[1..2.5]", "the right side of `..` must be a whole number, not a fraction"),
    ],
)
def test_operators_say_what_they_cannot_do(text: str, message: str) -> None:
    with pytest.raises(EvaluationProblem) as caught:
        run(text, {"b": "x" * 500_000, "huge": 10**400})
    assert caught.value.message == message
    assert caught.value.offset is not None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$string(0.1 + 0.2)", "0.3"),
        ("$string(1e100)", "1e+100"),
        ("$string(1e21)", "1e+21"),
        ("$string(1e20)", "100000000000000000000"),
        ("$string(1e-6)", "0.000001"),
        ("$string(1e-7)", "1e-7"),
        ("$string(1.5e-10)", "1.5e-10"),
        ("$string(true)", "true"),
        ("$string('é')", "é"),
        ("$string({'ö': ['é', 1.5, true, 0.1 + 0.2]})", '{"ö":["é",1.5,true,0.3]}'),
        ("$string([$sum, function($x) {$x}])", '["",""]'),
        ("$string($sum)", ""),
        ("$string({'a': [1]}, true)", '{\n  "a": [\n    1\n  ]\n}'),
        ("$string(nothing)", None),
        ("$number('42.50')", 42.5),
        ("$number('-0042')", -42),
        ("$number('1e3')", 1000),
        ("$number('0x1F')", 31),
        ("$number('0b101')", 5),
        ("$number('0o17')", 15),
        ("$number(true)", 1),
        ("$number(7)", 7),
        ("$number(nothing)", None),
        ("$round(2.5)", 2),
        ("$round(3.5)", 4),
        ("$round(-2.5)", -2),
        ("$round(2.345, 2)", 2.34),
        ("$round(1250, -2)", 1200),
        ("$round(1.005, 300)", 1.005),
        ("$floor(-1.5)", -2),
        ("$ceil(1.2)", 2),
        ("$floor(nothing)", None),
        ("$ceil(nothing)", None),
        ("$round(nothing)", None),
        ("$lowercase('GROẞ Straße')", "groß straße"),
        ("$lowercase(nothing)", None),
        ("$contains('abc', 'b')", True),
        ("$contains('abc', /[x-z]/)", False),
        ("$contains('abc', nothing)", None),
        ("$contains(nothing, 'a')", None),
        ("$pad('a', 3)", "a  "),
        ("$pad('a', -3, '-+')", "-+a"),
        ("$pad('abc', 2)", "abc"),
        ("$pad(nothing, 2)", None),
        ("$join(['a', 'b'])", "ab"),
        ("$join(['a', 'b', 'c'], ', ')", "a, b, c"),
        ("$join('a', ',')", "a"),
        ("$join(nothing)", None),
        ("$split('a,b,c', ',')", ["a", "b", "c"]),
        ("$split('a,b,c', ',', 2)", ["a", "b"]),
        ("$split('abc', '')", ["a", "b", "c"]),
        ("$split('a1b22c', /(\\d)+/)", ["a", "b", "c"]),
        ("$split('a', ',')", ["a"]),
        ("$split(nothing, ',')", None),
        ("$split('a,b', nothing)", ["a,b"]),
        ("$replace('a.b.c', '.', '$1')", "a$1b$1c"),
        ("$replace('aaa', 'a', 'b', 2)", "bba"),
        ("$replace('aaa', 'a', 'b', 0)", "aaa"),
        ("$replace('John Smith', /(\\w+) (\\w+)/, '$2, $1')", "Smith, John"),
        ("$replace('abc', /b/, '[$0]')", "a[b]c"),
        ("$replace('abc', /b/, '$$$1$9x')", "a$xc"),
        ("$replace('abc', /(b)/, '$12')", "ab2c"),
        ("$replace('aXbX', /x/i, '-', 1)", "a-bX"),
        ("$replace('1 2', /\\d/, function($m) { $string($number($m.match) * 2) })", "2 4"),
        ("$replace(nothing, 'a', 'b')", None),
        ("$sort([3, 1, 2])", [1, 2, 3]),
        ("$sort(['b', 'a'])", ["a", "b"]),
        ("$sort([2])", [2]),
        ("$sort(nothing)", None),
        ("$sort([1, 2, 3], function($a, $b) { $a < $b })", [3, 2, 1]),
        ("$distinct([1, true, 1, '1', 1.0, true])", [1, True, "1"]),
        ("$distinct([{'a': 1, 'b': 2}, {'b': 2, 'a': 1}, [1], [1], 1.5, 1.5])", [{"a": 1, "b": 2}, [1], 1.5]),
        ("$distinct(7)", 7),
        ("$distinct([7, 7])", [7]),
        ("$toMillis('1970-01-01T00:00:01Z')", 1000),
        ("$toMillis('1970-01-01T01:00:00.123456+01:00')", 123),
        ("$toMillis('1970-01-01T00:00:00-0130')", 5400000),
        ("$toMillis('1970-01-02')", 86400000),
        ("$toMillis('1970')", 0),
        ("$toMillis(nothing)", None),
        ("$fromMillis(1500)", "1970-01-01T00:00:01.500Z"),
        ("$base64decode('w6k=')", "é"),
        ("$base64decode(nothing)", None),
        ("$clone({'a': [1, 10000000000000123]})", {"a": [1, 10000000000000123]}),
        ("$clone(nothing)", None),
    ],
)
def test_functions(text: str, value: Any) -> None:
    found = run(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("$number('1_000')", NO_NUMBER),
        ("$number('٣')", NO_NUMBER),
        ("$number(' 12 ')", NO_NUMBER),
        ("$number('nan')", NO_NUMBER),
        ("$number('')", NO_NUMBER),
        ("$number('1e999')", NO_NUMBER),
        ("$round(1.5, 500)", "a number has no 500 digits"),
        ("$split('a', ',', -1)", "the limit must not be negative"),
        ("$replace('a', '', 'b')", "the text to look for is empty"),
        ("$replace('a', 'a', 'b', -1)", "the limit must not be negative"),
        ("$replace('a', /a/, function($m) { 1 })", "a match is replaced by text, not by a number"),
        ("$replace('a', 'a', function($m) { 'b' })", "a function can only replace what a pattern finds"),
        ("$replace('a', /x*/, 'b')", "the pattern matches a text of no length"),
        ("$sort([1, 'a'])", "only numbers or texts are sorted without a function that compares"),
        ("$sort([{}, {}])", "only numbers or texts are sorted without a function that compares"),
        (
            "$toMillis('2025-01-01 10:00:00')",
            "the text is not an ISO 8601 time; give a picture as second argument, or use $time",
        ),
        (
            "$toMillis('2025-W01-1')",
            "the text is not an ISO 8601 time; give a picture as second argument, or use $time",
        ),
        (
            "$toMillis('2025-01-01T10:00:00')",
            "the text has no offset, so it could be a time of anywhere; add Z or +01:00, or use $time",
        ),
        (
            "$toMillis('2025-02-30')",
            "the text names a time that does not exist, or is not in the years 1 to 9999; look at the data",
        ),
        ("( $f := $uppercase; $f('a', 'b') )", "`$uppercase` takes fewer arguments than 2"),
        ("$pad('a', 2000000)", "the text grows beyond 1,000,000 characters"),
        ("$pad('a', -2000000)", "the text grows beyond 1,000,000 characters"),
        ("$join([$pad('a', 600000), b])", "the text grows beyond 1,000,000 characters"),
        ("$base64decode('!')", "the text is not Base64 of UTF-8"),
        ("$uppercase(1)", "argument 1 of `$uppercase` must be text, not a number; use $string(…)"),
        ("$sum('a')", "argument 1 of `$sum` must be a list of numbers"),
        ("$sum(['a'])", "argument 1 of `$sum` must be a list of numbers"),
        ("$contains(1, 'a')", "argument 1 of `$contains` must be text, not a number; use $string(…)"),
        ("$contains('a', 1)", "argument 2 of `$contains` must be text or a function, not a number"),
        ("$substring('a', 'b')", "argument 2 of `$substring` must be a number, not text; use $number(…)"),
        ("$substring('a')", "`$substring` lacks argument 2, a number"),
        ("$map([1], nothing)", "argument 2 of `$map` must be a function, not nothing"),
        ("$map(1, 2)", "argument 2 of `$map` must be a function, not a number"),
        ("$uppercase()", "`$uppercase` lacks argument 1, text, and the context is an object"),
        ("$error('no such course')", "no such course"),
        ("$assert(false, 'Wrong')", "Wrong"),
        ("$single([1, 2])", "more than one element matches, and `$single` wants one"),
        ("{$string(1) = '1': 2}", "the key of an object must be text, not true or false"),
        ("[{'a': 1}, {'a': 'b'}]^(a)", "what is sorted by is a number here and a text there; use $number(…)"),
        ("$sqrt(-1)", "a negative number has no square root"),
    ],
)
def test_functions_say_what_they_cannot_do(text: str, message: str) -> None:
    with pytest.raises(EvaluationProblem) as caught:
        run(text, {"b": "x" * 500_000})
    assert caught.value.message == message


@given(rows=st.lists(st.tuples(st.integers(0, 3), st.integers()), max_size=12))
def test_sorting_is_stable(rows: list[tuple[int, int]]) -> None:
    scope = {"a": [{"k": key, "v": value} for key, value in rows]}
    expected = sorted(scope["a"], key=lambda row: row["k"])
    for text in ("$sort(a, function($x, $y) { $x.k > $y.k })[]", "a^(k)[]"):
        assert (run(text, scope) or []) == expected


@given(text=st.text(alphabet="ab.$1", max_size=12), old=st.text(alphabet="ab.$", min_size=1), new=st.text("a$1\\"))
def test_replacing_a_text_takes_nothing_for_a_pattern(text: str, old: str, new: str) -> None:
    assert run("$replace(t, o, n)", {"t": text, "o": old, "n": new}) == text.replace(old, new)


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_written_as_text_reads_back_to_fifteen_digits(number: float) -> None:
    written = number if number.is_integer() else float(f"{number:.15g}")
    assert float(run("$string(n)", {"n": number})) == written


@given(number=st.integers())
def test_an_integer_written_as_text_has_all_its_digits(number: int) -> None:
    assert run("n & ''", {"n": number}) == str(number)
