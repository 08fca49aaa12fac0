"""CSV as plain data."""

import pytest

from engine.tables import TableProblem, read


def test_a_row_is_an_object_by_the_names_of_the_first() -> None:
    table = 'user,"Full name",% done\r\n007,"García, José ""Pepe""",47%\r\n\r\n8,"two\nlines",\r\n'
    assert read(table.encode("utf-8-sig"), ["user", "% done"]) == [
        {"user": "007", "Full name": 'García, José "Pepe"', "% done": "47%"},
        {"user": "8", "Full name": "two\nlines", "% done": ""},
    ]


def test_another_delimiter_and_a_table_without_rows() -> None:
    assert read(b"a;b\n1,5;2\n", ["a"], ";") == [{"a": "1,5", "b": "2"}]
    assert read(b"a;b", ["a"], ";") == []


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (b"a,c\n1,2\n", "it has no column `b`; there are `a`, `c`; correct `columns` or `delimiter`"),
        (b"a;b\n1;2\n", "it has no column `a`; there are `a;b`"),
        (b"", "it has no column `a`; there are none"),
        (b"a,b,b\n", "it has more than one column `b`"),
        (b"a,b\n1,2\n3\n", "the row that ends in line 3 has 1 values for 2 columns"),
        (b"a,b\n1,2,3\n", "line 2 has 3 values for 2 columns"),
        (b'a,b\n1,"2', "line 2 is not CSV: "),
        (b'a,b\n1,"2"3\n', "line 2 is not CSV: "),
        (b"a,b\n1," + b"x" * 200_000, "field larger than field limit"),
        ("a,b\n1,é\n".encode("latin-1"), "it is not encoded as UTF-8"),
    ],
)
def test_a_table_that_is_not_whole_is_told(table: bytes, told: str) -> None:
    with pytest.raises(TableProblem) as caught:
        read(table, ["a", "b"])
    assert told in str(caught.value)
