"""Writes the examples of the service's OpenAPI anew: real answers, of a recorded provider that the demo replays."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from starlette.testclient import TestClient

import engine.service
from engine.calls import fill
from engine.cassettes import read
from engine.playing import Player
from engine.replaying import cassette_files
from engine.service import Catalog, Settings, application
from engine.store import KeyRing, open_store

FILE = Path(engine.service.__file__).parent / "examples.json"
PROVIDER = "moodle"
#: What is different every time.
CURSOR = "v1.k1.…"
ACCOUNT = "01934c2e-0000-7000-8000-000000000000"


def made() -> dict[str, Any]:
    """Return an answer for each resource that the provider gives, and one of each kind of error, by name."""
    catalog = Catalog()
    mapping = catalog[PROVIDER].mapping
    secret = [name for name, field in mapping.connection.items() if field.secret]
    cassette = read(*cassette_files("", PROVIDER))
    recorded = {name: value for name, value in cassette.connection.items() if name in mapping.connection}
    base_url = fill(mapping.http.base_url, {"connection": recorded})
    player = Player(cassette.exchanges, {str(recorded[name]) for name in secret}, base_url, endless=True)
    with (
        TemporaryDirectory() as folder,
        open_store(f"sqlite:///{folder}/s.db", KeyRing.generate(), migrate=True) as store,
    ):
        store.accounts.create(PROVIDER, "Example", recorded, secret=secret, id=ACCOUNT)
        _, key = store.keys.create("admin", None, "examples")
        app = application(Settings(), store, catalog, transport=player)
        with TestClient(app, headers={"Authorization": f"Bearer {key}"}) as client:
            return _asked(client, list(mapping.resources))


def _asked(client: TestClient, resources: list[str]) -> dict[str, Any]:
    examples = {}
    for resource in resources:
        path = f"/unified/lms/{resource.replace('_', '-')}"
        page = client.get(
            path, params={"integrated_account_id": ACCOUNT, "limit": "1", "exclude_fields[]": "remote_data"}
        )
        if page.status_code == 200:  # of the others nothing is recorded
            examples[resource] = {**page.json(), "next_cursor": CURSOR}
    wrong = client.get("/unified/lms/courses", params={"integrated_account_id": ACCOUNT, "limit": "0", "titel": "x"})
    nobody = client.get("/unified/lms/courses", params={"integrated_account_id": "nobody"})
    without = client.get("/unified/lms/courses", headers={"Authorization": ""})
    return {**examples, **{str(answer.status_code): answer.json() for answer in (wrong, nobody, without)}}


def text() -> str:
    """Return the file as it must be."""
    return json.dumps(made(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
