"""A gallery of what is proposed: from nothing, from samples and documents written by hand, each as the whole file.

`ROLLBOOK_REWRITE=1 pytest tests/test_proposing_gallery.py` writes them anew; read the difference before committing it.
"""

import os
import re
from pathlib import Path

import pytest
from drafting import holes, problems

from engine.proposing import new_mapping

HERE = Path(__file__).parent / "proposing"
CASES: dict[str, tuple[list[str], str]] = {
    "nothing": ([], ""),
    "flat": (["flat.json"], ""),
    "joined": (["enrollments.json", "courses.json", "people.json"], ""),
    "below": (["courses.json", "progress.json"], ""),
    "attributes": (["attributes.json"], ""),
    "school": ([], "school.yaml"),
    "old": ([], "old.json"),
    "tenants": ([], "tenants.json"),
    "programs": ([], "programs.yaml"),
    "school_and_sample": (["flat.json"], "school.yaml"),
}


def proposed(name: str) -> str:
    samples, document = CASES[name]
    return new_mapping(
        "acme",
        "Acme LMS",
        samples=[str(HERE / sample) for sample in samples],
        openapi=HERE / document if document else None,
    ).mapping


@pytest.mark.parametrize("name", CASES)
def test_a_proposal_is_exactly_this(name: str) -> None:
    expected = HERE / "expected" / f"{name}.yaml"
    if os.environ.get("ROLLBOOK_REWRITE"):
        expected.write_text(proposed(name), encoding="utf-8")
    assert proposed(name) == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_a_proposal_has_nothing_wrong_but_its_holes_and_filled_in_it_is_right(name: str, tmp_path: Path) -> None:
    text = proposed(name)
    assert holes(tmp_path, text)
    assert not problems(tmp_path, filled(tmp_path, text)), filled(tmp_path, text)


#: What an author would write, by the last key of the path.
WRITTEN = {"help": "Settings", "base_url": "https://acme.example", "get": "/me", "param": "offset", "size": "100"}
WRITTEN |= {"zone": "Europe/Rome", "from": "enrollment.state"}


def filled(folder: Path, text: str) -> str:
    """Return a mapping with all its holes filled in, as an author would."""
    lines = text.splitlines()
    for problem in problems(folder, text):
        number, column = problem.place.line - 1, problem.place.column - 1
        rest = lines[number][column:]
        quote = rest[0]
        end = column + 1 + rest[1:].replace("''", "xx").replace('\\"', "xx").index(quote) + 1
        lines[number] = lines[number][:column] + value(problem.path) + lines[number][end:]
    return "\n".join(lines) + "\n"


def value(path: str) -> str:
    last = path.rpartition(".")[2]
    if ".words." in path:
        return "other" if path.startswith(("courses.words.type", "users.words.role")) else "unknown"
    if last == "id" or ".fields." in path:
        return "enrollment.id"
    if last == "items":
        return "data"
    return WRITTEN.get(last, "x")


def test_the_page_that_a_proposal_names_tells_of_what_it_is_named_for() -> None:
    for name in CASES:
        for line in proposed(name).splitlines():
            for page in re.findall(r"docs/[\w-]+\.md", line):
                text = (HERE.parent.parent / page).read_text(encoding="utf-8")
                kinds = [kind for kind in ("link_header", "next_url", "cursor", "oauth2") if kind in line]
                assert [kind for kind in kinds if f"`{kind}`" not in text] == [], line


def test_no_name_and_no_address_of_a_person_is_written_into_a_mapping() -> None:
    for name in ("flat", "joined", "below"):
        assert not [text for text in ("Ada", "Byte", "@school") if text in proposed(name)]
