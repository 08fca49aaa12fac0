"""Samples of answers, as files: what lists they hold, and of what."""

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path as File
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pydantic_core

from engine.errors import UsageError
from engine.holes import MARK
from engine.proposing.drafts import Draft, Listing
from engine.proposing.files import contents
from engine.proposing.lists import candidates
from engine.proposing.paging import paging
from engine.proposing.paths import as_hole
from engine.proposing.shapes import Path, Shape, shape_of
from engine.proposing.yaml import Noted
from engine.spelling import counted, did_you_mean

__all__ = ["LARGEST", "Sample", "add_samples", "listings", "read_sample"]

#: How many bytes a sample may have.
LARGEST = 50_000_000
#: A part of an address that can be shown: no id and no secret looks like this.
_SAID = re.compile(r"[A-Za-z_.-]{0,30}|v[0-9.]{1,5}")
_RESOURCES = ("course_enrollments", "courses", "users")
_FETCH = {"course_enrollments": "enrollments", "courses": "courses", "users": "users"}


class Sample(NamedTuple):
    """An answer, the file it is from, and of which resource it is, if that was said."""

    file: str
    data: Any
    resource: str = ""


def read_sample(given: str) -> Sample:
    """Read `FILE` or `RESOURCE=FILE`. Raises UsageError where it is no file, not JSON, too large, or of no resource."""
    before, sign, after = given.partition("=")
    resource = {"enrollments": "course_enrollments"}.get(before, before) if sign and not File(given).exists() else ""
    if resource and resource not in _RESOURCES:
        raise UsageError(f"--from {given}: `{before}` is no resource; {did_you_mean(before, (*_FETCH.values(),))}")
    path = File(after if resource else given)
    raw = contents("--from", path, LARGEST, "one page of a list is enough")
    try:
        data = pydantic_core.from_json(raw, allow_inf_nan=False)
    except ValueError as error:
        other = raw.lstrip()[:1] == b"<" or path.suffix == ".csv"
        do = (
            "; of XML and CSV nothing is proposed: begin without it, and write `answer` (docs/calling.md)"
            if other
            else ""
        )
        raise UsageError(f"--from {path}: this is not JSON: {error}{do}") from None
    if not isinstance(data, dict | list):
        raise UsageError(f"--from {path}: this is JSON, but neither a list nor an object; give the answer of a list")
    return Sample(path.name, data, resource)


def listings(samples: Sequence[Sample]) -> tuple[list[Listing], list[str]]:
    """Return a list for each resource that samples show, and what is to be said of them."""
    notes: list[str] = []
    groups: dict[tuple[str, Path], list[Sample]] = {}
    for sample in samples:
        found = candidates(shape_of(sample.data), File(sample.file).stem, sample.resource)
        if not found:
            notes.append(f"{sample.file} holds no list of objects; nothing is read off it.")
            continue
        groups.setdefault((found[0].resource, found[0].path), []).append(sample)
        notes += [
            f"{sample.file} has another list, which is not read: {'.'.join(one.path)}, {counted(one.item.met, 'item')}."
            for one in found[1:6]
        ]
    made: dict[str, Listing] = {}
    for (resource, path), alike in groups.items():
        names = ", ".join(sample.file for sample in alike)
        if resource in made:
            notes.append(f"{names} looks like {resource} as well, and is not read; RESOURCE={names} says what it is.")
            continue
        made[resource] = _listing(resource, path, shape_of(*(sample.data for sample in alike)), names)
    if "course_enrollments" not in made and made:
        notes.append("No sample looks like enrollments; enrollments=FILE says that one is.")
    _below(made)
    return [made[name] for name in ("courses", "users", "course_enrollments") if name in made], notes


def add_samples(draft: Draft, samples: Sequence[Sample]) -> None:
    """Add what samples show to a draft: to a list it has already, how its items are; any other list as it is."""
    shown, notes = listings(samples)
    draft.notes += notes
    for sample in shown:
        known = next((one for one in draft.listings if one.resource == sample.resource), None)
        if known is None:
            draft.listings.append(sample)
            continue
        known.show(sample)


def _listing(resource: str, path: Path, answer: Shape, names: str) -> Listing:
    inside = answer.below(*path)
    item = inside.element if inside is not None and inside.element is not None else answer
    place = f"the list is at {'.'.join(path)}" if path else "the answer is the list"
    if item is answer:
        place = "the answer is one item"
    met = counted(item.met, "item")
    if inside is not None and inside.more:
        met = f"there are more, but only {met} are looked at"
    note = f"From {names}: {met}; {place}, which looks like {resource}."
    return Listing(
        resource,
        _FETCH[resource],
        _path(answer, path, resource),
        path,
        item,
        answer,
        paging(answer, path),
        notes=(note,),
    )


def _path(answer: Shape, items: Path, resource: str) -> Noted:
    """Return the hole for the path of a list; where there is a link to the next page, it tells where that leads."""
    return Noted(f"{MARK} the path of the {_FETCH[resource]}, such as /{_FETCH[resource]}{_leads(answer, items)}")


def _leads(answer: Shape, items: Path) -> str:
    """Tell where the link to the next page leads, without what may be an id or a secret."""
    for link in _links(answer, items):
        with suppress(ValueError):
            parts = urlsplit(link).path.rstrip("/").split("/")
            path = "/".join(part if _SAID.fullmatch(part) else "…" for part in parts)
            return f"; the link to the next page leads to {path}"
    return ""


def _links(answer: Shape, items: Path) -> list[str]:
    found = paging(answer, items).pages.value.get("next_url")
    place = answer.below(*str(found).replace("`", "").split(".")) if found else None
    return [value for value in (place.scalars if place else ()) if isinstance(value, str) and value.startswith("http")]


def _below(made: dict[str, Listing]) -> None:
    """Let enrollments that name no course be those of one course, where courses are known; and likewise of a user."""
    enrollments = made.get("course_enrollments")
    if enrollments is None:
        return
    for resource, who in (("courses", "course"), ("users", "user")):
        parent = made.get(resource)
        if parent is not None and f"{who}.id" not in enrollments.matches.found and "id" in parent.matches.found:
            enrollments.parent = parent
            hole = as_hole(parent.matches.found["id"].path, parent.loop) or f"{{{who}.…}}"
            leads = _leads(enrollments.answer, enrollments.items)
            what = f"the path of the enrollments of one {who}, such as /{resource}/{hole}/enrollments{leads}"
            enrollments.get = Noted(f"{MARK} {what}")
            enrollments.notes += (f"They name no {who}, so they are taken for those of one {who} each.",)
            return
