"""The test file of a new mapping."""

from engine.proposing.drafts import Draft

__all__ = ["tests_text"]

_TESTS = """\
# What must come out of the answers of {name}. The cases together must show every field with a value, every word of the
# tables, and every join finding something; what none can show stands under `allow:`, with the reason.
#
# `rollbook record {id} NAME --set …` records a cassette and writes a case. By hand, it looks like this:
#
#   - name: one course
#     source: documented https://…  (or: recorded 2026-11-26, product 4.5; it decides the evidence level)
#     cassettes: [{id}/NAME.yaml]
#     expect: {{ records: 2, by_status: {{ completed: 1, in_progress: 1 }}, complete: true }}
#
# See docs/cassettes.md and mappings/README.md.
replays: []
"""


def tests_text(draft: Draft) -> str:
    """Return the text of the tests of a draft."""
    return _TESTS.format(id=draft.id, name=draft.name)
