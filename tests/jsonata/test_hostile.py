"""Expressions and payloads that ask for all the time or memory there is: each ends soon, and in little memory.

One of six is tried, and all where ROLLBOOK_HOSTILE is `all`, as in `make fuzz`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("resource", reason="there is no way here to tell the memory of a process")

#: A structure that shares its parts: forty levels, two to the fortieth elements.
SHARED = "$f := function($v, $n) {{ $n = 0 ? $v : $f({0}, $n - 1) }}; $x := $f([0], 40); $y := $f([0], 40);"
LISTS = SHARED.format("[[$v], [$v]]")
OBJECTS = SHARED.format("{'a': $v, 'b': $v}")

#: Expressions, by the payload they are evaluated on.
HOSTILE: dict[str, list[str]] = {
    "": [
        "( $f := function($n) { $f($n) }; $f(1) )",
        "( $f := function($n) { $f($n) }; {'a': 1, 'b': $f(1)} )",
        "$map([1..3], function($x) { ( $f := function($n) { $f($n) }; $f(1) ) })",
        "( $f := function($n) { 1 + $f($n) }; $f(1) )",
        "( $f := function($n) { [$f($n)] }; $f(1) )",
        "( $f := function($n) { $map([$n], $f) }; $f(1) )",
        "( $fib := function($n) { $n < 2 ? $n : $fib($n - 1) + $fib($n - 2) }; $fib(32) )",
        "( $f := function($s, $n) { $n = 0 ? $s : $f($s & $s, $n - 1) }; $f('ab', 60) )",
        "( $f := function($a, $n) { $n = 0 ? $a : $f($append($a, $a), $n - 1) }; $f([1, 2], 60) )",
        "$eval('$eval(\"1\")')",
        '$pad("x", 2000000000)',
        '$pad("x", -2000000000)',
        "[1..10000000]",
        "[1..1000000000]",
        "[1..1000000]",
        "[1..10000].[1..10000]",
        "$map([1..10000], function($i) { [1..10000] })",
        "( $x := [1..1000]; $x.$x.$x.$x )",
        "$reduce([1..100000], function($a, $b) { $a * 7 + $b })",
        "$reduce([1..100000], function($a, $b) { $a & 'xxxxxxxxxxxxxxxx' })",
        "$reduce([1..100000], function($a, $b) { $append($a, $b) })",
        "$reduce([1..100000], function($a, $b) { $merge([$a, {$string($b): $b}]) }, {})",
        "$formatInteger(1000000000, 'I')",
        "$formatNumber(1, $pad('0', 900000, '0'))",
        "$fromMillis(1, $pad('', 900000, '[Y]'))",
        "$join($map([1..1000], function($i) { $pad('x', 100000) }))",
        "$replace($pad('x', 900000, 'x'), 'x', 'yyyyyyyyyy')",
        "$replace($pad('x', 900000, 'x'), /x/, 'yyyyyyyyyy')",
        "$replace($pad('x', 900000, 'x'), /(x)/, '$1')",
        "$match($pad('x', 900000, 'x'), /(x)/)",
        "$split($pad('x', 900000, 'x'), /x/)",
        "$split($pad('€', 900000, '€'), '')",
        "$contains($pad('x', 900000, 'x'), /((((x*)*)*)*)*y/)",
        "$contains('x', /((x{100}){100}){100}/)",
        "$sort([1..100000], function($a, $b) { $a < $b })",
        "$sort([1..100000], function($a, $b) { true })",
        "[1..100000]^(>$, <$ % 7)",
        "( $x := $pad('x', 1000000); $map([1..100000], function($i) { $uppercase($x) }) )",
        "( $x := $pad('x', 1000000); $map([1..100000], function($i) { $x = $x & 'y' }) )",
        "( $x := $pad('x', 900); $map([1..300000], function($i) { $x & $i }) )",
        "( $x := $pad('x', 60); $map([1..300000], function($i) { $x & $i }) )",
        "( $x := [1..50000]; $map([1..50000], function($i) { $count($reverse($x)) }) )",
        "( $x := [1..50000]; $map([1..50000], function($i) { $x[] }) )",
        "( $x := [1..50000]; $map([1..50000], function($i) { $x[$i] }) )",
        "( $x := [1..50000]; $map([1..50000], function($i) { $i in $x }) )",
        "( $x := [1..50000]; $y := [1..50000]; $map([1..50000], function($i) { $x = $y }) )",
        "( $x := $map([1..50000], function($i) { 0 }); $map([1..50000], function($i) { $x ? 1 : 2 }) )",
        "( $x := $map([1..50000], function($i) { 0 }); $map([1..50000], function($i) { $boolean($x) or $x }) )",
        "( $x := $map([1..50000], function($i) { 0.5 }); [1..50000][$x] )",
        "$distinct($map([1..90000], function($i) { {'a': $i} }))",
        "[1..300000]{$string($): $}",
        "[1..300000].{'a': $}",
        "[1..300000].[]",
        "[1..300000].$spread({'a': 1, 'b': 2})",
        "[1..300000]#$i",
        "[1..300000]@$a#$i.[$a, $i]",
        "[1..300000]@$a.[1..2]@$b.{'a': $a, 'b': $b}",
        "[1..300000]^(>$)#$i[$ > 3].$i",
        "$zip([1..200000], [1..200000], [1..200000])",
        "( $x := {'a': 1}; $string([1..300000].$x) )",
        "( $x := {'a': 1}; $clone([1..100000].$x) )",
        "( $x := {'a': 1}; [1..300000].$x ~> |$|{'b': 2}| )",
        "( $x := $power(2, 1000); [1..400000].($x + $) )",
        "1e308 * 10",
        "$power(10, 400)",
        "$round(1.5, 2000000000)",
        "$split($pad('x', 1000000), '') ~> $map(function($c) { $c & $c })",
        *(f"( {made} {use} )" for made in (LISTS, OBJECTS) for use in (
            "$x = $y", "$x in [$y]", "$distinct([$x, $y])", "$boolean($x)", "$x ? 1 : 2", "$not($x) and $x",
            "$keys($x)", "$spread($x)", "$string($x)", "$clone($x)", "$x.a", "$x.*", "$x.**", "[1][$x]", "$x",
            "$sum($x)", "$merge($x)",
            "$x ~> |**|{'c': 1}|", "$sort([$x, $y])", "$lookup($x, 'a')", "$x{'a': $}", "$x^(a)", "$each($x, $string)",
        )),
    ],
    "lists": [
        "a", "a = b", "$string(a)", "a.a", "**", "$boolean(a)", "$clone(a)", "$distinct([a, b])", "*", "[a][[0]]",
        "$keys(a)", "$spread(a)", "a ~> |$|{'a': 1}|", "[a, b]", "{'a': a}", "$append(a, b)", "a[[0]]", "a^($)",
    ],
    "objects": [
        "a", "a = b", "$string(a)", "a.a", "**.a", "$boolean(a)", "$clone(a)", "$distinct([a, b])", "*.*", "$keys(a)",
        "a ~> |**|{'b': 1}|", "$merge([a, b])", "$each(a, $string)", "$sift(a, $boolean)",
    ],
    "records": [
        "[1..10000].$$.a.id", "$map(a, function($x) { $$.a.id })", "a.$$.a", "a@$x.a@$y", "a.tags", "a[$$.a.id]",
        "$map(a, function($x) { $$.a })", "a{$string(id): $$.a}", "a^(id)", "**[id = 1]", "$distinct(a)", "$string(a)",
        "a.**.**", "a#$i[$i > 1].id", "$map([1..100000], function($i) { $$.a[0] })", "a.(a := 1)",
    ],
    "numbers": [
        "[1..10000].$$.a", "[1..10000].$$.a[1]", "$map([1..100000], function($i) { $$.a })", "a = b", "$sum(a)",
        "$map([1..100000], function($i) { $$.a = $$.b })", "$map([1..100000], function($i) { $i in $$.a })",
        "$map([1..100000], function($i) { $count($$.a) })", "$map([1..100000], function($i) { $max($$.a) })",
        "$map([1..100000], function($i) { $$.a[] })", "[1..100000].($$.a[])[0]", "a@$x.b@$y", "a.b", "a^(>$)",
        "$map(a, function($x, $i, $all) { $all })", "$reduce(a, $append)", "a.[$]", "$string(a)", "a[$$.b]",
    ],
    "zeros": [
        "$map([1..100000], function($i) { $$.a ? 1 : 2 })", "$map([1..100000], function($i) { $not($$.a) })",
        "$map([1..100000], function($i) { $$.b.c })", "$map([1..100000], function($i) { $count($$.b.c) })",
        "$filter([1..100000], function($i) { $$.a })", "[1..100000][$$.a]", "a[$$.a]", "[1..100000].($$.b.c or $$.a)",
    ],
    "names": [
        "$map([1..100000], function($i) { $$.a.* })", "$map([1..100000], function($i) { $keys($$.a) })", "**",
        "$spread(a)", "$map([1..100000], function($i) { $$.a = $$.a })", "$merge([a, a])",
        "$each(a, function($v, $k) { $k & $v })", "$map([1..100000], function($i) { $string($$.a) })",
        "[1..100000].{'a': $$.a}", "$sift(a, $boolean)",
    ],
    "long": [
        "$map([1..100000], function($i) { $$.a = $$.b })", "$map([1..100000], function($i) { $$.a < $$.b })",
        "$map([1..100000], function($i) { $substringBefore($$.a, 'z') })", "$split(a, '')", "a & b",
        "$base64encode(a)", "$replace(a, 'x', '')", "$match(a, /x/)", "$contains(a, /^(x+)+$/)",
        "$map([1..100000], function($i) { $length($$.a) })", "$contains(a, /(x|xx)+$/)", "$number(a)", "$toMillis(a)",
        "$parseInteger(a, '1')", "$encodeUrl(a)", "$decodeUrl(a)", "$pad(a, 10000000)",
        "$map([1..100000], function($i) { $trim($$.a) })", "$map([1..100000], function($i) { $$.a in [$$.b] })",
    ],
    "words": [
        "$parseInteger(a, 'w')", "$parseInteger(b, 'w')", "$split(a, ' ')", "$match(a, /\\w+/)",
        "$replace(a, /(\\w+)/, '$1$1')", "$toMillis(a, '[MNn] [FNn]')", "$join($split(a, ' '), a)",
    ],
    "wide": [
        "$split(a, '')", "$match(a, /./)", "$replace(a, /./, 'x')", "$encodeUrlComponent(a)", "$base64encode(a)",
        "a & ''", "[a, a, a] & ''", "$map([1..100000], function($i) { $substring($$.a, 1) })",
        "$uppercase(a) & $lowercase(a)",
    ],
    "picture": [
        "$toMillis('1', a)", "$fromMillis(1, a)", "$formatNumber(1, b)", "$formatInteger(1, b)", "$parseInteger(c, b)",
        "$toMillis(c, a)", "$formatInteger($number(c), 'w')",
        "$toMillis($substring(c, 0, 200), $substring(a, 0, 4000))",
    ],
}  # fmt: skip
#: Seconds of CPU are those of a slow and busy machine; MiB are beyond the interpreter and the payload.
MOST_SECONDS, MOST_MEMORY = 12, 64


def told(cases: list[list[str]]) -> list[list[Any]]:
    """Return how each case ended, the seconds it took, and the MiB."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("hostile.py"))],
        input="".join(f"{json.dumps(case)}\n" for case in cases),
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == len(cases), done.stderr[-2000:]
    return lines


def too_much(cases: list[list[str]]) -> list[Any]:
    return [
        (text, payload, outcome, f"{seconds} s", f"{memory} MiB")
        for (text, payload, _), (outcome, seconds, memory) in zip(cases, told(cases), strict=True)
        if outcome.startswith("killed") or seconds > MOST_SECONDS or memory > MOST_MEMORY
    ]


def test_hostile_expressions_end_soon_and_in_little_memory() -> None:
    every = [[text, payload, "mappings"] for payload, texts in HOSTILE.items() for text in texts]
    assert too_much(every if os.environ.get("ROLLBOOK_HOSTILE") == "all" else every[::6]) == []


def test_the_official_language_is_bounded_likewise() -> None:
    payloads = ("lists", "objects", "records", "names")
    assert too_much([[text, payload, "official"] for payload in payloads for text in HOSTILE[payload]]) == []


def test_expressions_that_never_end_or_grow_have_no_value() -> None:
    endless = [text for text in HOSTILE[""] if "$f($n)" in text or "2000000000" in text or "60) )" in text]
    outcomes = [outcome for outcome, _, _ in told([[text, "", "mappings"] for text in endless])]
    assert len(outcomes) > 8
    assert set(outcomes) <= {"U1001", "D2015", "D1001"}
