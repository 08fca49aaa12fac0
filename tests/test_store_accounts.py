"""Accounts, in either database: kept, read, changed; secrets encrypted, each for its place."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, select, text, update

from engine.errors import StoreError, UsageError
from engine.store import Account, KeyRing, NoSuchAccount, Store, open_store
from engine.store import tables as t

SECRET = "hush-hush-s3cret"
VALUES = {"url": "https://acme.example", "token": SECRET, "pages": 3, "old": False}


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with open_store(database_url, KeyRing.generate(), migrate=True) as opened:
        yield opened


def made(store: Store, name: str = "Acme", **options: Any) -> Account:
    return store.accounts.create("acme", name, VALUES, secret={"token"}, **options)


def test_an_account_has_what_was_given_and_of_secrets_the_names_only(store: Store) -> None:
    account = made(store, overrides={"words": {"on": "in_progress"}})
    assert account == store.accounts.get(account.id)
    assert (account.provider, account.name, account.status, account.version) == ("acme", "Acme", "active", 1)
    assert account.values == {"url": "https://acme.example", "pages": 3, "old": False}
    assert account.secrets == {"token"}
    assert account.overrides == {"words": {"on": "in_progress"}}
    assert account.created_at == account.updated_at
    assert account.created_at.utcoffset() is not None
    assert account.checked_at is None
    assert SECRET not in repr(account)


def test_a_connection_has_all_values_of_their_kinds(store: Store) -> None:
    account = store.accounts.create("acme", "A", {**VALUES, "pin": 7, "none": None}, secret={"token", "pin", "none"})
    assert store.accounts.connection(account.id) == {**VALUES, "pin": 7}
    assert account.secrets == {"token", "pin"}


def test_texts_of_any_characters_come_back_as_they_were(store: Store) -> None:
    odd = 'é \u202e \0 \ud800 "\\ 💧'
    account = store.accounts.create("acme", "Zoë 💧", {"a": odd, "b": odd}, secret={"b"}, overrides={odd: odd})
    assert store.accounts.connection(account.id) == {"a": odd, "b": odd}
    assert store.accounts.get(account.id).overrides == {odd: odd}


@pytest.mark.parametrize("wrong", ["none", "", "a b", "x" * 65, "\0", "é", None, 7])
def test_an_account_that_is_not_there_is_told_whatever_its_id(store: Store, wrong: Any) -> None:
    for call in (
        store.accounts.get,
        store.accounts.connection,
        store.accounts.delete,
        store.accounts.tokens,
        lambda account: store.accounts.mark(account, "failing"),
        lambda account: store.accounts.update(account, name="x"),
        lambda account: store.accounts.keep_token(account, {"token": "x"}),
    ):
        with pytest.raises(NoSuchAccount, match="there is no account"):
            call(wrong)


def test_an_id_may_be_given_once(store: Store) -> None:
    assert made(store, id="acme-1").id == "acme-1"
    with pytest.raises(UsageError, match="there is an account acme-1 already"):
        made(store, id="acme-1")
    for wrong in ("", "a b", "x" * 65, "ä"):
        with pytest.raises(UsageError, match="1 to 64 letters"):
            made(store, id=wrong)


@pytest.mark.parametrize("wrong", ["", "  ", "x" * 201, "a\nb", "a\0b", "\u202e"])
def test_a_name_can_be_shown(store: Store, wrong: str) -> None:
    with pytest.raises(UsageError, match="a name has 1 to 200 characters"):
        made(store, wrong)
    with pytest.raises(UsageError, match="a name has 1 to 200 characters"):
        store.accounts.update(made(store).id, name=wrong)


def test_a_list_goes_on_where_it_was_left_and_can_be_narrowed(store: Store) -> None:
    ids = [made(store, f"A{number}").id for number in range(7)]
    other = store.accounts.create("other", "B", {}, secret=()).id
    store.accounts.mark(ids[2], "failing", "down")
    first = [account.id for account in store.accounts.list(3)]
    rest = [account.id for account in store.accounts.list(100, after=first[-1])]
    assert sorted(first + rest) == sorted([*ids, other])
    assert [account.id for account in store.accounts.list(provider="other")] == [other]
    assert [account.id for account in store.accounts.list(2, only=[other, *ids[:3]], after=ids[0])] == ids[1:3]
    assert store.accounts.list(only=()) == []
    assert [account.id for account in store.accounts.list(status="failing")] == [ids[2]]
    assert all(account.secrets == {"token"} for account in store.accounts.list(provider="acme"))


def test_an_account_is_found_by_its_id_or_else_by_its_name(store: Store) -> None:
    one, two = made(store, "Acme School"), made(store, "Acme School")
    assert [account.id for account in store.accounts.named(one.id)] == [one.id]
    assert {account.id for account in store.accounts.named("Acme School")} == {one.id, two.id}
    assert store.accounts.named("none") == []


def test_what_is_given_is_changed_and_the_rest_stays(store: Store) -> None:
    account = made(store)
    renamed = store.accounts.update(account.id, name="New", overrides={"a": 1})
    assert (renamed.name, renamed.overrides, renamed.version) == ("New", {"a": 1}, 1)
    assert renamed.values == account.values
    changed = store.accounts.update(account.id, values={"url": "https://b.example", "pages": None, "token": "t2"})
    assert store.accounts.connection(account.id) == {"url": "https://b.example", "token": "t2", "old": False}
    assert changed.secrets == {"token"}
    assert changed.version == 2
    more = store.accounts.update(account.id, values={"pin": "x", "token": None}, secret={"pin"})
    assert more.secrets == {"pin"}


def test_new_credentials_are_taken_for_good_and_go_on_with_no_token_of_the_old(store: Store) -> None:
    account = made(store)
    store.accounts.keep_token(account.id, {}, {"access": "a1"})
    store.accounts.mark(account.id, "needs_reauth", "HTTP 401")
    changed = store.accounts.update(account.id, values={"token": "t2"})
    assert (changed.status, changed.status_reason) == ("active", None)
    assert store.accounts.tokens(account.id) == {}


def test_what_a_call_with_earlier_credentials_told_is_no_news(store: Store) -> None:
    account = made(store)
    store.accounts.update(account.id, values={"token": "t2"})
    store.accounts.mark(account.id, "needs_reauth", "HTTP 401", version=account.version)
    assert store.accounts.get(account.id).status == "active"
    store.accounts.mark(account.id, "needs_reauth", "HTTP 401", version=account.version + 1)
    assert store.accounts.get(account.id).status == "needs_reauth"


def test_what_calls_tell_is_kept_but_nothing_enables_what_a_person_disabled(store: Store) -> None:
    account = made(store).id
    store.accounts.mark(account, "needs_reauth", "HTTP 401")
    marked = store.accounts.get(account)
    assert (marked.status, marked.status_reason) == ("needs_reauth", "HTTP 401")
    assert marked.checked_at is not None
    store.accounts.mark(account, "active")
    assert (store.accounts.get(account).status, store.accounts.get(account).status_reason) == ("active", None)
    store.accounts.update(account, status="disabled")
    store.accounts.mark(account, "active")
    store.accounts.update(account, values={"token": "t2"})
    assert store.accounts.get(account).status == "disabled"
    assert store.accounts.update(account, status="active").status == "active"
    with pytest.raises(UsageError, match="'actve' is no status of an account; did you mean `active`"):
        store.accounts.mark(account, "actve")  # type: ignore[arg-type]


def test_what_a_call_told_of_credentials_that_were_replaced_meanwhile_is_not_kept(store: Store) -> None:
    before = store.accounts.create("acme", "Acme", {"token": "first-one"}, secret={"token"})
    store.accounts.update(before.id, values={"token": "second-one"}, secret={"token"})
    store.accounts.mark(before.id, "needs_reauth", "HTTP 401", version=before.version)
    assert store.accounts.get(before.id).status == "active"
    store.accounts.mark(before.id, "needs_reauth", "HTTP 401", version=before.version + 1)
    assert store.accounts.get(before.id).status == "needs_reauth"


def test_a_busy_account_is_not_written_with_every_page(store: Store) -> None:
    account = made(store).id
    store.accounts.mark(account, "active")
    before = store.accounts.get(account)
    store.accounts.mark(account, "active")
    assert store.accounts.get(account) == before
    store.accounts.mark(account, "failing", "down")
    assert store.accounts.get(account).status == "failing"


def test_the_reason_of_a_status_has_no_secret_and_nothing_a_database_refuses(store: Store) -> None:
    account = made(store).id
    store.accounts.mark(account, "failing", f"GET /?token={SECRET} said \0 \ud800 " + "x" * 5000)
    reason = store.accounts.get(account).status_reason or ""
    assert SECRET not in reason
    assert "GET /?token=•••" in reason
    assert len(reason) < 1100


def test_a_replaced_token_takes_the_place_of_the_one_before(store: Store) -> None:
    account = made(store)
    store.accounts.keep_token(account.id, {"token": "t2"}, {"access": "a1", "until": 12.5})
    assert store.accounts.connection(account.id)["token"] == "t2"
    assert store.accounts.tokens(account.id) == {"access": "a1", "until": 12.5}
    store.accounts.keep_token(account.id, {"token": "t3"}, {"access": "a2"})
    assert store.accounts.tokens(account.id) == {"access": "a2"}
    store.accounts.keep_token(account.id, {"token": "t4"})
    assert store.accounts.tokens(account.id) == {"access": "a2"}


def test_a_replaced_field_is_a_secret_from_then_on(store: Store) -> None:
    account = store.accounts.create("acme", "A", {"refresh": "r1"}, secret=())
    store.accounts.keep_token(account.id, {"refresh": "r2"})
    assert store.accounts.connection(account.id) == {"refresh": "r2"}
    assert store.accounts.get(account.id).values == {}


def test_a_token_of_earlier_credentials_does_not_replace_later_ones(store: Store) -> None:
    account = made(store)
    store.accounts.update(account.id, values={"token": "by a person"})
    with pytest.raises(StoreError, match="were replaced meanwhile; run again"):
        store.accounts.keep_token(account.id, {"token": "of the old"}, version=account.version)
    assert store.accounts.connection(account.id)["token"] == "by a person"


def test_what_is_deleted_is_gone_with_its_secrets(store: Store, database_url: str) -> None:
    account = made(store).id
    store.accounts.delete(account)
    with pytest.raises(NoSuchAccount):
        store.accounts.get(account)
    assert rows(database_url, "SELECT count(*) FROM secrets") == [(0,)]


def rows(url: str, query: str) -> list[Any]:
    engine = create_engine(make_url(url.replace("postgresql:", "postgresql+psycopg:")))
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return found


def everything(url: str) -> str:
    """Return all that the tables hold, as text."""
    return "\n".join(repr(rows(url, f"SELECT * FROM {table.name}")) for table in t.metadata.sorted_tables)  # noqa: S608


def test_no_secret_is_in_the_database_nor_in_a_line_of_the_audit(store: Store, database_url: str) -> None:
    account = made(store).id
    store.accounts.keep_token(account, {"token": SECRET + "-2"}, {"access": SECRET + "-3"})
    store.accounts.update(account, values={"token": SECRET + "-4"})
    _, key = store.keys.create("read", [account], "Key")
    held = everything(database_url)
    assert "https://acme.example" in held
    assert SECRET not in held
    assert key.rpartition("_")[2] not in held


def test_no_secret_is_logged_whatever_is_logged(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    for name in ("sqlalchemy.engine", "sqlalchemy.pool", "alembic", "psycopg"):
        caplog.set_level("DEBUG", logger=name)
    account = made(store).id
    store.accounts.keep_token(account, {"token": SECRET + "-2"}, {"access": SECRET + "-3"})
    store.accounts.connection(account)
    _, key = store.keys.create("read", [account], "Key")
    store.keys.check(key)
    assert "INSERT INTO secrets" in caplog.text
    assert SECRET not in caplog.text
    assert key not in caplog.text


def test_no_secret_is_in_the_files_of_sqlite(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/a.db", KeyRing.generate(), migrate=True) as store:
        account = made(store, "Visible School").id
        _, key = store.keys.create("read", None, "Key")
        store.accounts.keep_token(account, {"token": SECRET + "-2"}, {"access": SECRET})
        files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Visible School" in files
    assert SECRET.encode() not in files
    assert key.encode() not in files


def test_a_secret_moved_to_another_account_field_or_kind_is_refused(store: Store, database_url: str) -> None:
    one, two = made(store, "One").id, made(store, "Two").id
    store.accounts.keep_token(two, {}, {"token": "held"})
    engine = create_engine(make_url(database_url.replace("postgresql:", "postgresql+psycopg:")))
    secrets = t.secrets.c

    def put(sealed: str) -> None:
        with engine.begin() as connection:
            connection.execute(update(t.secrets).where(secrets.account_id == one).values(sealed=sealed))

    with engine.connect() as connection:
        found = connection.execute(select(t.secrets)).all()
    engine.dispose()
    own = next(row.sealed for row in found if row.account_id == one)
    for row in found:
        put(row.sealed)
        if row.sealed == own:
            assert store.accounts.connection(one)["token"] == SECRET
            continue
        with pytest.raises(StoreError, match="cannot be decrypted: it was changed") as error:
            store.accounts.connection(one)
        assert f"secret `token` of account {one}" in str(error.value)
        assert SECRET not in str(error.value)
    engine.dispose()


def test_every_change_has_its_line_by_whom_and_of_what(store: Store) -> None:
    account = made(store, actor="eva").id
    store.accounts.update(account, name="New", values={"token": "t2", "url": None}, actor="ben")
    store.accounts.update(account, name="New", actor="ben")
    store.accounts.update(account, status="disabled", actor="ben")
    store.accounts.update(account, status="active", actor="ben")
    store.accounts.mark(account, "failing", "down")
    store.accounts.keep_token(account, {"token": "t3"}, {"access": "a"})
    store.accounts.keep_token(account, {}, {"access": "b"})
    store.accounts.delete(account, actor="eva")
    lines = [(line.actor, line.action, line.details) for line in store.audit.list(subject=account)]
    assert lines[::-1] == [
        ("eva", "account.created", {"provider": "acme", "fields": ["old", "pages", "token", "url"]}),
        ("ben", "account.updated", {"changed": ["name", "token", "url"]}),
        ("ben", "account.updated", {"changed": ["status"], "status": "disabled"}),
        ("ben", "account.updated", {"changed": ["status"], "status": "active"}),
        ("rollbook", "account.marked", {"before": "active", "status": "failing"}),
        ("rollbook", "account.token_replaced", {"fields": ["token"]}),
        ("eva", "account.deleted", {"provider": "acme"}),
    ]


def test_a_change_that_fails_leaves_no_line(store: Store) -> None:
    made(store, id="a")
    with pytest.raises(UsageError):
        made(store, id="a")
    with pytest.raises(NoSuchAccount):
        store.keys.create("read", ["none"], "Key")
    assert [line.action for line in store.audit.list()] == ["account.created"]
    assert store.keys.list() == []


def test_lines_can_be_read_from_the_newest_back_and_others_added(store: Store) -> None:
    for number in range(5):
        store.audit.add("eva", "sync.started", f"run-{number}", {"number": number})
    first = store.audit.list(2)
    assert [line.details["number"] for line in first] == [4, 3]
    assert [line.subject for line in store.audit.list(before=first[-1].id)] == ["run-2", "run-1", "run-0"]
