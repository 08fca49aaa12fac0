"""Where the store and its keys lie: from `ROLLBOOK_*` in the environment, or in the folder for a user's data.

`ROLLBOOK_DATABASE`          the address of the database
`ROLLBOOK_SECRET_KEYS`       the key ring itself
`ROLLBOOK_SECRET_KEYS_FILE`  or the file it is in
`ROLLBOOK_ENV`               `development` or `production`

In development a key ring is made where there is none, in a file beside the database. Where nothing is said, it is
development if the database is where it is without `ROLLBOOK_DATABASE`: on somebody's own machine.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import UsageError
from engine.spelling import did_you_mean
from engine.store.database import Database
from engine.store.keyfiles import write_safely
from engine.store.migrating import downgrade, upgrade
from engine.store.ring import KeyRing
from engine.store.store import Store, open_store

__all__ = ["Places", "data_folder", "places"]

_ENVIRONMENTS = ("development", "production")


@dataclass(frozen=True)
class Places:
    """Where the store and its keys lie. `keys` is the key ring as a text, `keys_file` where it is read otherwise."""

    database: str
    keys: str
    keys_file: Path | None
    development: bool

    def __repr__(self) -> str:
        return f"Places({self.shown})"

    @property
    def shown(self) -> str:
        """The address of the database, without a password."""
        return Database(self.database).shown

    @property
    def exist(self) -> bool:
        """Whether there may be a store: a file of SQLite is there, or it is on a server."""
        path = Database(self.database).path
        return path is None or path.is_file()

    def open(self, *, make: bool = False) -> tuple[Store, list[str]]:
        """Open the store, and return it with what is to be told about it: that it was made, and its keys.

        With `make`, a store in SQLite is made where there is none, and so are its keys in development. Tables of SQLite
        are brought to this version in any case; those of PostgreSQL by `rollbook database upgrade` only. Raises
        UsageError and StoreError.
        """
        database = Database(self.database)
        if not make:
            database.must_exist()
        told = self.make_keys() if make else []
        if make and not self.exist:
            told.append(f"made the store {database.path}")
        return open_store(self.database, self.ring(), migrate=database.is_sqlite), told

    def upgrade(self) -> None:
        """Bring the tables to this version, or make them."""
        database = Database(self.database)
        upgrade(database)
        database.close()

    def downgrade(self, version: str) -> None:
        """Bring the tables back to an earlier version."""
        database = Database(self.database)
        database.must_exist()
        downgrade(database, version)
        database.close()

    def ring(self) -> KeyRing:
        """Read the key ring. Raises UsageError where there is none."""
        if self.keys:
            return KeyRing.parse(self.keys, "ROLLBOOK_SECRET_KEYS")
        if self.keys_file is None:
            what = "there are no keys to encrypt secrets with"
            do = (
                "set ROLLBOOK_SECRET_KEYS to what `rollbook keys secret` prints, or ROLLBOOK_SECRET_KEYS_FILE to a file"
            )
            raise UsageError(f"{what}; {do} of it, or ROLLBOOK_ENV=development to have a file made beside the store")
        return KeyRing.read(self.keys_file)

    def make_keys(self) -> list[str]:
        """Make a key ring in development where there is none; return what to tell. Raises UsageError.

        Never for a store that is there already: its secrets need the keys that they were encrypted with.
        """
        file = self.keys_file
        if self.keys or file is None or not self.development or file.exists():
            return []
        path = Database(self.database).path
        if path is not None and path.exists():
            do = f"put the file back, or set ROLLBOOK_SECRET_KEYS; without them nobody can read the secrets in {path}"
            raise UsageError(f"the keys of the store are not in {file} any more; {do}")
        try:
            write_safely(file, KeyRing.generate().text, new=True)
        except UsageError:
            if file.exists():  # another process was first
                return []
            raise
        return [
            f"made the keys of the store in {file}, for your eyes only; keep a copy, without them its secrets are lost"
        ]


def places(environ: Mapping[str, str] | None = None) -> Places:
    """Read the settings. Raises UsageError for those that contradict each other."""
    found = os.environ if environ is None else environ
    named = found.get("ROLLBOOK_DATABASE", "")
    url = named or f"sqlite:///{data_folder(found) / 'rollbook.db'}"
    keys, file = found.get("ROLLBOOK_SECRET_KEYS", "").strip(), found.get("ROLLBOOK_SECRET_KEYS_FILE", "")
    if keys and file:
        raise UsageError("ROLLBOOK_SECRET_KEYS and ROLLBOOK_SECRET_KEYS_FILE are both set; take one away")
    said = found.get("ROLLBOOK_ENV", "")
    if said and said not in _ENVIRONMENTS:
        raise UsageError(f"ROLLBOOK_ENV cannot be {said!r}; {did_you_mean(said, _ENVIRONMENTS)}")
    development = said == "development" or (not said and not named)
    beside = Database(url).path
    made = (beside or data_folder(found) / "rollbook").with_suffix(".keys") if development else None
    return Places(url, keys, Path(file) if file else made, development)


def data_folder(environ: Mapping[str, str], system: str = sys.platform) -> Path:
    """Return the folder for the data of a user's programs, as each system has it, and in it ours."""
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or Path.home())
    if system == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "rollbook"
    if system == "darwin":
        return home / "Library" / "Application Support" / "rollbook"
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "rollbook"
