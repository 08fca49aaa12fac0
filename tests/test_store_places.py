"""Where the store and its keys lie, as the environment says."""

import stat
from pathlib import Path

import pytest

from engine.errors import StoreError, UsageError
from engine.store import KeyRing
from engine.store.places import data_folder, places


def test_without_settings_all_is_in_the_folder_for_a_users_data(tmp_path: Path) -> None:
    found = places({"XDG_DATA_HOME": str(tmp_path)})
    assert found.development
    assert not found.exist
    store, told = found.open(make=True)
    store.close()
    keys, database = tmp_path / "rollbook" / "rollbook.keys", tmp_path / "rollbook" / "rollbook.db"
    assert [line.split(",")[0] for line in told] == [
        f"made the keys of the store in {keys}",
        f"made the store {database}",
    ]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (keys, database)} == {0o600}
    again, told = found.open(make=True)
    again.close()
    assert told == []


@pytest.mark.parametrize(
    ("system", "environ", "folder"),
    [
        ("linux", {"HOME": "/home/eva"}, "/home/eva/.local/share/rollbook"),
        ("linux", {"HOME": "/home/eva", "XDG_DATA_HOME": "/data"}, "/data/rollbook"),
        ("darwin", {"HOME": "/Users/eva"}, "/Users/eva/Library/Application Support/rollbook"),
        ("win32", {"LOCALAPPDATA": "/c/eva/local"}, "/c/eva/local/rollbook"),
    ],
)
def test_each_system_has_its_folder(system: str, environ: dict[str, str], folder: str) -> None:
    assert data_folder(environ, system) == Path(folder)


def test_outside_of_development_there_must_be_keys(tmp_path: Path) -> None:
    for extra in ({"ROLLBOOK_DATABASE": f"sqlite:///{tmp_path}/a.db"}, {"ROLLBOOK_ENV": "production"}):
        found = places({"XDG_DATA_HOME": str(tmp_path), **extra})
        with pytest.raises(UsageError, match="there are no keys .*; set ROLLBOOK_SECRET_KEYS to what"):
            found.open(make=True)
    assert list(tmp_path.iterdir()) == []


def test_keys_come_from_the_environment_or_from_a_file(tmp_path: Path) -> None:
    ring = KeyRing.generate("mine")
    file = tmp_path / "keys"
    file.write_text(ring.text)
    file.chmod(0o600)
    url = {"ROLLBOOK_DATABASE": f"sqlite:///{tmp_path}/a.db"}
    for keys in ({"ROLLBOOK_SECRET_KEYS": ring.text}, {"ROLLBOOK_SECRET_KEYS_FILE": str(file)}):
        found = places({**url, **keys})
        assert found.ring().kids == ("mine",)
        assert ring.text not in repr(found)
        store, told = found.open(make=True)
        store.close()
        assert told in ([f"made the store {tmp_path}/a.db"], [])
    with pytest.raises(UsageError, match="are both set; take one away"):
        places({**url, "ROLLBOOK_SECRET_KEYS": ring.text, "ROLLBOOK_SECRET_KEYS_FILE": str(file)})
    with pytest.raises(UsageError, match="ROLLBOOK_SECRET_KEYS: entry 1 is no key"):
        places({**url, "ROLLBOOK_SECRET_KEYS": "hush-hush"}).open()


def test_no_new_keys_are_made_for_a_store_that_is_there(tmp_path: Path) -> None:
    found = places({"ROLLBOOK_ENV": "development", "ROLLBOOK_DATABASE": f"sqlite:///{tmp_path}/a.db"})
    found.open(make=True)[0].close()
    (tmp_path / "a.keys").unlink()
    with pytest.raises(UsageError, match=r"the keys of the store are not in .*a\.keys any more; put the file back"):
        found.open(make=True)
    with pytest.raises(UsageError, match="cannot read the keys in"):
        found.open()


def test_other_keys_than_those_of_the_store_are_told_when_it_is_opened(tmp_path: Path) -> None:
    url = {"ROLLBOOK_DATABASE": f"sqlite:///{tmp_path}/a.db"}
    store, _ = places({**url, "ROLLBOOK_SECRET_KEYS": KeyRing.generate("a").text}).open(make=True)
    with store:
        account = store.accounts.create("acme", "Acme", {"token": "x"}, secret={"token"})
    for kid, told in (("a", "it was changed, or sealed for"), ("b", r"the key a, which is not on the ring \(b\)")):
        with pytest.raises(StoreError, match=told) as error:
            places({**url, "ROLLBOOK_SECRET_KEYS": KeyRing.generate(kid).text}).open()
        assert f"the secret `token` of account {account.id} cannot be decrypted" in str(error.value)


def test_reading_makes_nothing(tmp_path: Path) -> None:
    found = places({"XDG_DATA_HOME": str(tmp_path), "ROLLBOOK_SECRET_KEYS": KeyRing.generate().text})
    with pytest.raises(StoreError, match="there is no store in .*rollbook.db yet"):
        found.open()
    assert list(tmp_path.iterdir()) == []


def test_an_environment_of_another_name_is_refused() -> None:
    with pytest.raises(UsageError, match="ROLLBOOK_ENV cannot be 'prod'; "):
        places({"ROLLBOOK_ENV": "prod"})


def test_a_server_is_not_changed_by_opening_it(database_url: str) -> None:
    found = places({"ROLLBOOK_DATABASE": database_url, "ROLLBOOK_SECRET_KEYS": KeyRing.generate().text})
    if database_url.startswith("postgresql"):
        with pytest.raises(StoreError, match="run `rollbook database upgrade`"):
            found.open(make=True)
        found.upgrade()
    found.open(make=True)[0].close()
    assert found.exist
