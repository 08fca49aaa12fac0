"""JSON as plain data: large texts come out as small ones do, whatever is in them."""

import json
import math
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine import decoding
from engine.decoding import LARGE, JsonProblem, TooLargeNumber, at_once, decode

# -- texts that are JSON, or almost ------------------------------------------------------------------------------------

BLANKS = st.sampled_from(["", "", "", " ", "\n", "\r\n", "\t  ", " " * 40])
WORDS = st.text(max_size=8) | st.sampled_from(['"', "\\", "},{", '},{"id":', "[", "x" * 50, "ä" * 20, "😀"])
SCALARS = (
    st.sampled_from(["null", "true", "false", "0", "-1", "1.5e3", "9" * 20, "9" * 4300, "9" * 4301, '"\\u00e4"', '""'])
    | st.integers().map(str)
    | st.floats(allow_nan=False, allow_infinity=False).map(repr)
    | WORDS.map(json.dumps)
    | WORDS.map(lambda text: json.dumps(text, ensure_ascii=False))
)
#: What is refused, or mended, or looks like something that is.
ODD = st.sampled_from(
    ["NaN", "-Infinity", "1e999", '"1e999"', '"\\ud83d"', '"\\udc00x"', "1" * 320, "1" * 320 + ".0", "01", "+1", "1.",
     '"\t"', "", ",", "}", "]", ":", "[1,]", '{"a":1,}', '{"a"}', "{1:2}", "tru", '"', '"\\x"', "// no", "\ufeff",
     "[" * 250, "'a'"]
)  # fmt: skip


@st.composite
def listed(draw: st.DrawFn, parts: st.SearchStrategy[str]) -> str:
    """Return a list with blanks anywhere."""
    found = draw(st.lists(parts, max_size=8))
    return "[" + ",".join(draw(BLANKS) + part + draw(BLANKS) for part in found) + draw(BLANKS) + "]"


@st.composite
def keyed(draw: st.DrawFn, parts: st.SearchStrategy[str]) -> str:
    """Return an object with blanks anywhere, and perhaps with the same key twice."""
    keys = st.sampled_from(['"id"', '"a"', '"\\u0061"', '"data"', '"ä"']) | WORDS.map(json.dumps)
    found = draw(st.lists(st.tuples(keys, parts), max_size=8))
    told = (draw(BLANKS) + key + draw(BLANKS) + ":" + draw(BLANKS) + part for key, part in found)
    return "{" + ",".join(told) + draw(BLANKS) + "}"


def texts(leaves: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.recursive(leaves, lambda parts: listed(parts) | keyed(parts), max_leaves=25)


@st.composite
def broken(draw: st.DrawFn, whole: st.SearchStrategy[str]) -> bytes:
    """Return a text of which some bytes are missing, or others."""
    body = draw(whole).encode("utf-8", "surrogatepass")
    start, length = draw(st.integers(0, len(body))), draw(st.integers(0, 5))
    more = draw(st.sampled_from([b"", b",", b"]", b"}", b'"', b"\xff", b"\xed\xa0\x80", body]))
    return body[:start] + more + body[start + length :]


# -- cut very small ----------------------------------------------------------------------------------------------------


def told(work: Callable[[bytes], Any], body: bytes) -> tuple[str, Any]:
    """Return what comes out, or what is wrong: as text, in which 1 is not true, nor 1.0 the same as 1."""
    try:
        return "", repr(work(body))
    except JsonProblem as problem:
        return type(problem).__name__, str(problem)


@pytest.fixture(scope="module")
def small() -> Iterator[None]:
    """Cut texts into very small pieces."""
    with pytest.MonkeyPatch.context() as patch:
        for name, size in {"LARGE": 0, "_PIECE": 6, "_WINDOW": 24}.items():
            patch.setattr(decoding, name, size)
        yield


@pytest.mark.usefixtures("small")
@given(texts(SCALARS), BLANKS, st.booleans())
@example('{"data":[' + ",".join(f'{{"id":{number},"of":[{{"id":1}},{{}}]}}' for number in range(9)) + "]}", "", False)
@example('{"a":{"b":{"c":{"d":{"e":[[[[{"f":"' + "x" * 99 + '"}]]]]}}}}}', "", False)
@example("[" * 200 + "1" + "]" * 200, "", False)
@example("[" * 201 + "1" + "]" * 201, "", False)
@example('{"a":' * 200 + "1" + "}" * 200, "", True)
@example('{"a":' * 201 + "1" + "}" * 201, "", True)
@example('{"a":[1,2,3,4,5],"b":1,"a":[],"c":[[],{},{"b":{}}]}', "\n", True)
def test_what_is_cut_comes_out_as_the_whole(text: str, blanks: str, mark: bool) -> None:
    body = (blanks + text + blanks).encode()
    assert told(decode, BOM_UTF8 + body if mark else body) == told(at_once, body)


@pytest.mark.usefixtures("small")
@given(texts(SCALARS | ODD).map(lambda text: text.encode("utf-8", "surrogatepass")) | broken(texts(SCALARS | ODD)))
def test_what_is_cut_is_refused_and_mended_as_the_whole(body: bytes) -> None:
    assert told(decode, body) == told(at_once, body.removeprefix(BOM_UTF8))


@pytest.mark.usefixtures("small")
@given(broken(texts(SCALARS)))
def test_what_breaks_off_or_is_mixed_up_is_told_as_of_the_whole(body: bytes) -> None:
    assert told(decode, body) == told(at_once, body.removeprefix(BOM_UTF8))


def test_half_characters_are_mended_and_numbers_that_no_double_holds_still_refused() -> None:
    assert decode(b'["\\ud83d", 1]') == (["\ufffd", 1], 1)
    with pytest.raises(TooLargeNumber, match="1e999"):
        decode(b'["\\ud83d", 1e999]')


# -- texts that are large ----------------------------------------------------------------------------------------------


@pytest.fixture
def lengths(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return how long the pieces are that texts are cut into."""
    lengths: list[int] = []

    def measured(body: bytes, *look: Any) -> tuple[Any, int]:
        lengths.append(len(body))
        return at_once(body, *look)

    monkeypatch.setattr(decoding, "at_once", measured)
    return lengths


RECORD = {"id": 1, "name": "Åsa", "of": [{"id": 2, "x": "},{"}, {"id": 3}], "score": 1.5, "text": "y" * 300}


@pytest.mark.parametrize(
    "value",
    [
        [{**RECORD, "id": number} for number in range(3000)],
        {"data": {"items": {"list": [{**RECORD, "id": number} for number in range(3000)]}}, "more": False},
        {"users": [RECORD] * 2000, "courses": [RECORD] * 2000},
        {str(number): RECORD for number in range(3000)},
        list(range(200_000)),
        [["a", number] for number in range(90_000)],
        ["x" * (number % 90) for number in range(20_000)],
        [[[RECORD] * 1500], [[RECORD] * 1500]],
        {"one": {**RECORD, "of": [RECORD] * 3000}},
    ],
    ids=["list", "deep", "two lists", "by key", "numbers", "rows", "texts", "lists of lists", "large record"],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_a_large_text_is_decoded_in_small_pieces(value: Any, indent: int | None, lengths: list[int]) -> None:
    body = json.dumps(value, indent=indent).encode()
    assert len(body) > LARGE
    assert decode(body) == (value, 0)
    assert max(lengths) < LARGE


def test_a_large_text_that_breaks_off_is_told_as_a_small_one(lengths: list[int]) -> None:
    body = json.dumps([RECORD] * 3000).encode()[:-100]
    with pytest.raises(JsonProblem, match=rf"EOF while parsing a string at line 1 column {len(body)}"):
        decode(body)
    assert max(lengths) < LARGE, "it was not asked for as a whole"


def test_numbers_are_those_of_python() -> None:
    numbers = [0.1, 1e-300, 5e-324, 1.7976931348623157e308, -0.0, 2**63, -(2**70), 1e22, 123456789.123456789]
    whole, _ = decode(json.dumps(numbers * 50_000).encode())
    assert whole == numbers * 50_000
    assert [math.copysign(1, number) for number in whole[:9]] == [math.copysign(1, number) for number in numbers]
