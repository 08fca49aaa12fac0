"""XML as plain data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.elements import XmlProblem, escaped, read


def test_an_element_is_an_object_of_its_attributes_and_elements_or_its_text() -> None:
    found = read(b'<people school="x"><person id="1"><name>Ada</name></person></people>')
    assert found == {"people": {"school": "x", "person": {"id": "1", "name": "Ada"}}}


def test_what_is_there_more_than_once_is_a_list_in_order_also_with_an_attribute_of_the_name() -> None:
    assert read("<a><b>1</b><c/><b>2</b><b/></a>") == {"a": {"b": ["1", "2", None], "c": None}}
    assert read('<a b="1"><b>2</b></a>') == {"a": {"b": ["1", "2"]}}


def test_a_text_beside_attributes_or_elements_is_text_and_blanks_between_elements_are_nothing() -> None:
    assert read('<t lang="en">First <!-- no --><![CDATA[<aid>]]></t>') == {"t": {"lang": "en", "text": "First <aid>"}}
    assert read("<a>\n  <b> x </b>\n</a>") == {"a": {"b": " x "}}
    assert read("<a> </a>") == {"a": None}


def test_prefixes_and_what_schemas_say_of_the_writing_are_dropped() -> None:
    text = (
        '<s:Envelope xmlns:s="urn:s" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="urn:d">'
        '<s:Body><sid xsi:type="xsd:string">a::b</sid><end xsi:nil="true"/></s:Body></s:Envelope>'
    )
    assert read(text) == {"Envelope": {"Body": {"sid": "a::b", "end": None}}}


def test_bytes_are_read_in_the_encoding_they_name_and_texts_are_what_they_are() -> None:
    head = '<?xml version="1.0" encoding="iso-8859-1"?><a>é</a>'
    assert read(head.encode("latin-1")) == {"a": "é"}
    assert read(head) == {"a": "é"}
    assert read("\ufeff<a>é</a>".encode()) == {"a": "é"}


@pytest.mark.parametrize("text", ["", "no", "<a>", "<a/><b/>", "<a>&b;</a>", "<x:a/>", "<a>\x00</a>", "<a>\ud800</a>"])
def test_what_is_no_xml_is_told(text: str) -> None:
    with pytest.raises(XmlProblem, match="it is not XML: "):
        read(text)


BOMB = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;&c;&c;&c;&c;</a>'
FILE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'
WIDE = '<!DOCTYPE a [<!ATTLIST b c CDATA "xxxxxxxxxxxx">]><a><b/><b/></a>'


@pytest.mark.parametrize("text", [BOMB, FILE, WIDE, "<!DOCTYPE a []><a/>"])
def test_a_document_type_that_declares_something_is_refused_so_that_nothing_grows_or_is_fetched(text: str) -> None:
    with pytest.raises(XmlProblem, match="document type"):
        read(text)


@pytest.mark.parametrize(
    "kind", ["a", 'a SYSTEM "file:///etc/hostname"', 'a PUBLIC "-//X//DTD A//EN" "https://x.example/a.dtd"']
)
def test_a_document_type_that_is_only_named_is_not_read_and_what_it_would_say_is_missed(kind: str) -> None:
    assert read(f"<!DOCTYPE {kind}><a>&lt;</a>") == {"a": "<"}
    with pytest.raises(XmlProblem, match="it is not XML: undefined entity|it refers to `&b;`"):
        read(f"<!DOCTYPE {kind}><a>&b;</a>")


def test_nesting_is_bounded() -> None:
    assert read("<a>" * 200 + "</a>" * 200)
    with pytest.raises(XmlProblem, match="200 levels"):
        read("<a>" * 201 + "</a>" * 201)
    with pytest.raises(XmlProblem, match="200 levels"):
        read("<a>" * 1_000_000)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1))
def test_a_text_that_is_escaped_comes_back_from_an_element_and_from_an_attribute(text: str) -> None:
    assert read(f"<a b='{escaped(text)}' c=\"{escaped(text)}\"/>") == {"a": {"b": text, "c": text}}
    assert read(f"<a>{escaped('|' + text)}</a>") == {"a": f"|{text}"}


def test_line_breaks_and_quotes_are_kept() -> None:
    text = "a\r\nb\tc\"d'e<f>&g"
    assert read(f'<a b="{escaped(text)}"/>')["a"]["b"] == text
    assert read(f"<a>{escaped(text)}</a>")["a"] == text


@pytest.mark.parametrize("text", ["\0", "a\x08", "\ud800", "\uffff"])
def test_what_xml_cannot_hold_is_told(text: str) -> None:
    with pytest.raises(XmlProblem, match="a character that XML cannot have"):
        escaped(text)
