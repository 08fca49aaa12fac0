"""The test file of a new mapping."""

from engine.proposing.drafts import Draft

__all__ = ["tests_text"]

_TESTS = """\
# What must come out of the answers of {name}. Together, the cases must show every field with a value, every word of the
# tables, and every join finding something. What none can show stands here by its path, with the reason:
allow: {{}}
# `rollbook record {id}.yaml NAME --set …` records a cassette and writes a case below. By hand, one looks like this:
#
# replays:
#   - name: one course
#     source: documented https://…  (or: recorded 2026-11-26, product 4.5; it decides the evidence level)
#     cassettes: [{id}/NAME.yaml]
#     expect: {{ records: 2, by_status: {{ completed: 1, in_progress: 1 }}, complete: true }}
#
# docs/cassettes.md says what a cassette is, mappings/README.md how all of it goes together.
"""


def tests_text(draft: Draft) -> str:
    """Return the text of the tests of a draft."""
    return _TESTS.format(id=draft.id, name=draft.name)
