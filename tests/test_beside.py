"""What a caller sends to the provider beside the mapping's own parameters, and never in place of them."""

from collections.abc import Callable

import pytest
from lms import HEAD

from engine.beside import refuse_taken
from engine.errors import UsageError
from engine.loading import LoadedMapping

Mapped = Callable[[str], LoadedMapping]

TEXT = """
mapping: 1
provider: { id: acme, name: Acme }
connection:
  url: { title: Address, format: url }
  token: { title: Token, secret: true }
http:
  base_url: "{connection.url}"
  auth: { query: { access_token: "{connection.token}" } }
  query: { format: json }
  check: { get: /me }
fetch:
  numbered:
    get: "/numbered?method=list"
    query: { state: [open], type: { kind: a } }
    pages: { page: { param: page, size: 2, size_param: size, until: short } }
  offset: { get: /offset, pages: { offset: { param: from, size: 2, size_param: count, until: short } } }
  marked: { get: /marked, items: items, pages: { cursor: { param: after, next: next } } }
  posted: { post: /posted, form: { function: people } }
users: { for: person in numbered, fields: { id: person.id } }
courses: { for: one in offset, fields: { id: one.id } }
course_items: { for: one in marked, fields: { id: one.id } }
"""


@pytest.mark.parametrize(
    ("fetch", "name"),
    [
        ("numbered", "page"),
        ("numbered", "size"),
        ("numbered", "state"),
        ("numbered", "state[]"),
        ("numbered", "type[kind]"),
        ("numbered", "type[other]"),
        ("numbered", "method"),
        ("numbered", "format"),
        ("numbered", "access_token"),
        ("offset", "from"),
        ("offset", "count"),
        ("marked", "after"),
        ("posted", "function"),
    ],
)
def test_what_the_mapping_sends_itself_is_refused_and_all_of_it_is_named(mapped: Mapped, fetch: str, name: str) -> None:
    with pytest.raises(
        UsageError, match="which the mapping sends itself; leave it out: it sends access_token, "
    ) as told:
        refuse_taken(mapped(TEXT).mapping, fetch, ["include", name])
    assert name in str(told.value)


def test_everything_else_goes_through(mapped: Mapped) -> None:
    mapping = mapped(TEXT).mapping
    for fetch in mapping.fetch:
        refuse_taken(mapping, fetch, ["include[]", "statement", "Page", "a[page]", "size2"])
    refuse_taken(
        mapped(HEAD + "fetch: { all: { get: /all } }\nusers: { for: one in all, fields: { id: one.id } }").mapping,
        "all",
        ["page", "size"],
    )
