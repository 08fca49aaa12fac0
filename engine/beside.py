"""Parameters that a caller has for the provider, beside those of the mapping.

None of them may stand in for one that the mapping sends itself: another page size would end a list early, another
token would have the account refused, another function or type would give records that are none.
"""

from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl

from engine.errors import UsageError
from engine.mapping import Mapping as ProviderMapping
from engine.telling import shown

__all__ = ["refuse_taken"]


def refuse_taken(mapping: ProviderMapping, fetch: str, names: Iterable[str]) -> None:
    """Raise UsageError where one of these names is that of a parameter of a fetch, or of a part of one."""
    taken = {_whole(name) for name in _sent(mapping, fetch)}
    for name in names:
        if _whole(name) in taken:
            what = f"remote_query cannot have {shown(name)}, which the mapping sends itself"
            raise UsageError(f"{what}; leave it out: it sends {', '.join(sorted(taken))}")


def _whole(name: str) -> str:
    """Return the parameter that a name is a part of: `state` for `state[]`."""
    return name.partition("[")[0]


def _sent(mapping: ProviderMapping, fetch: str) -> Iterator[str]:
    """Yield what the requests of a fetch have in their addresses and forms, also where it is left out at times."""
    call, http = mapping.fetch[fetch], mapping.http
    for pairs in (http.query, call.query, http.form, call.form, http.auth.query, http.auth.form):
        yield from pairs or {}
    for template in (http.base_url, call.path):
        if template is not None:
            yield from (name for name, _ in parse_qsl(template.text.partition("?")[2], keep_blank_values=True))
    pages = call.pages or http.pages
    for counted in (pages.page, pages.offset):
        if counted is not None:
            yield from (name for name in (counted.param, counted.size_param) if name is not None)
    if pages.cursor is not None and pages.cursor.param is not None:
        yield pages.cursor.param
