"""What one customer has different, kept with the account and laid over the mapping of its provider."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import MappingError, UsageError
from engine.loading import LoadedMapping
from engine.store import KeyRing, Store, open_store
from engine.store.tailored import mapping_of, tree_of

MAPPING = """
mapping: 1
provider: { id: acme, name: Acme }
connection: { url: { title: Address, format: url } }
http: { base_url: "{connection.url}", auth: { none: true }, check: { get: /me } }
fetch: { enrollments: { get: /enrollments } }
course_enrollments:
  for: enrollment in enrollments
  fields: { id: enrollment.id }
  status: { from: enrollment.state, words: { on: in_progress } }
"""


ODD = 'é 💧 \u2028 \\ud83d\\udca7 "x" \\'


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/a.db", KeyRing.generate(), migrate=True) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "mappings"
    made.mkdir()
    (made / "acme.yaml").write_text(MAPPING)
    return made


def test_an_account_has_the_mapping_of_its_provider_with_what_is_different(store: Store, folder: Path) -> None:
    tree = {"course_enrollments": {"status": {"words": {"on": "passed", ODD: "failed"}}}}
    plain = store.accounts.create("acme", "A", {}, secret=())
    other = store.accounts.create("acme", "B", {}, secret=(), overrides=tree)
    assert words(mapping_of(plain, [folder])) == {"on": "in_progress"}
    assert words(mapping_of(store.accounts.get(other.id), [folder])) == {"on": "passed", ODD: "failed"}


def words(loaded: LoadedMapping) -> dict[str, str]:
    status = loaded.mapping.resources["course_enrollments"].status
    assert status is not None
    return dict(status.words)


def test_a_mapping_that_changed_so_that_they_do_not_fit_names_the_account(store: Store, folder: Path) -> None:
    account = store.accounts.create("acme", "A", {}, secret=(), overrides={"courses": {"fields": {"id": "x.id"}}})
    with pytest.raises(
        MappingError, match=f"overrides-of-{account.id}.yaml:2:3: courses: the mapping has no `courses`"
    ):
        mapping_of(account, [folder])


def test_a_provider_without_a_mapping_is_told(store: Store, folder: Path) -> None:
    with pytest.raises(UsageError, match="there is no mapping 'gone'"):
        mapping_of(store.accounts.create("gone", "A", {}, secret=()), [folder])


def test_files_become_one_tree_the_later_over_the_earlier(tmp_path: Path) -> None:
    first, second = tmp_path / "1.yaml", tmp_path / "2.yaml"
    first.write_text("courses: { fields: { id: a, code: b } }\n")
    second.write_text("courses: { fields: { code: c } }\nusers: { fields: { id: no } }\n")
    assert tree_of([first, second]) == {
        "courses": {"fields": {"id": "a", "code": "c"}},
        "users": {"fields": {"id": "no"}},
    }
    assert tree_of([]) is None
