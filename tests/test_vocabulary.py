"""The field names and words of a mapping, held against the unified model."""

from pathlib import Path

import pytest

from engine.positions import read_yaml
from engine.records import field_kinds
from engine.vocabulary import check_words


def told(tmp_path: Path, text: str) -> list[str]:
    file = tmp_path / "a.yaml"
    file.write_text(text, encoding="utf-8")
    return [str(problem) for problem in check_words(read_yaml(file, "a"))]


@pytest.mark.parametrize("resource", ["course_enrollments", "courses", "users", "course_items"])
def test_every_field_of_the_model_may_be_given(tmp_path: Path, resource: str) -> None:
    names = [name.replace("<name>", "x").replace("<type>", "y") for name in field_kinds(resource) if name != "status"]
    fields = "\n".join(f"    {name}: x" for name in names)
    assert told(tmp_path, f"{resource}:\n  fields:\n{fields}\n") == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("fields: { titel: x }", "`titel` is not a field of the unified model; did you mean `title`?"),
        ("fields: { grade: x }", ("`grade` is not a field of the unified model; "
         "for anything else there is `custom_fields.<name>`")),
        ("fields: { organization: x }", ("`organization` is not a field of the unified model; "
         "give its parts: `organization.id`, `organization.name`")),
        ("fields: { organization.title: x }", ("`organization.title` is not a field of the unified model; "
         "did you mean `organization.id`?")),
        ("fields: { custom_fields: x }", ("`custom_fields` is not a field of the unified model; "
         "give it a name: `custom_fields.<name>`")),
        ("fields: { custom_fields.remote_status: x }", ("this is the provider's own word for the status, "
         "as it was received; give it as `from` of `status`")),
        ("fields: { remote_data: x }", ("`remote_data` is not a field of the unified model; "
         "leave it out: the engine keeps the raw data")),
        ("fields: { status: x }", "the status has a part of its own; use `status:` beside `fields:`"),
        ("words: { status: {} }", "the status has a part of its own; use `status:` beside `words:`"),
        ("words: { title: {} }", "`title` is not one of a set of words; there are `type`, `level`"),
        ("words: { level: { words: { a: easy } } }", ("'easy' is not a level of the unified model; "
         "there are `beginner`, `intermediate`, `advanced`, `mixed`, `unknown`")),
        ("{ fields: { level: x }, words: { level: {} } }", "`level` is given by `fields`, too; leave one of them out"),
        ("status: { words: { a: draf } }", "'draf' is not a status of the unified model; did you mean `draft`?"),
        ("status: { when: { opn: x } }", ("'opn' is not a status of the unified model; "
         "there are `draft`, `published`, `archived`, `disabled`, `unknown`")),
        ("status: { otherwise: drafts }", "'drafts' is not a status of the unified model; did you mean `draft`?"),
        ('status: { words: { On: draft, " on": draft } }', ("` on` is the same word as `On`, "
         "for upper and lower case are the same; keep one")),
    ],
)  # fmt: skip
def test_what_the_model_does_not_have_is_told(tmp_path: Path, text: str, what: str) -> None:
    body = text if text.startswith("{") else f"{{ {text} }}"
    (problem,) = told(tmp_path, f"courses: {body}\n")
    assert problem.partition(": ")[2].partition(": ")[2] == what


def test_course_items_have_no_status_and_no_words(tmp_path: Path) -> None:
    text = "course_items: { status: { words: { a: b } }, fields: { type: x }, words: { type: {} } }\n"
    assert told(tmp_path, text) == [
        "a:1:76: course_items.words.type: `type` is not one of a set of words; there are none",
        "a:1:17: course_items.status: course_items have no status in the unified model; leave it out",
    ]


def test_what_is_wrong_otherwise_is_told_by_others(tmp_path: Path) -> None:
    text = (
        "courses: { fields: [a], words: { level: 5 }, status: { words: { a: 5, b: [x] }, when: , otherwise: true } }\n"
    )
    assert told(tmp_path, text + "users: 5\nnothing: { fields: { x: y } }\n") == []
