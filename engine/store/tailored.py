"""The mapping of an account: that of its provider, with what this customer has different laid over it."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.loading import LoadedMapping, load
from engine.positions import read_yaml
from engine.store.account import Account

__all__ = ["mapping_of", "tree_of"]

#: An escaped backslash, or a character escaped as two halves.
_HALVES = re.compile(r"\\\\|\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})")


def mapping_of(account: Account, folders: Iterable[str | Path] = ()) -> LoadedMapping:
    """Load the mapping of an account. Raises UsageError where there is none, MappingError where it is wrong by now."""
    if not account.overrides:
        return load(account.provider, folders=folders)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"overrides-of-{account.id}.yaml"
        path.write_text(_yaml(account.overrides), encoding="utf-8")
        return load(account.provider, overrides=[path], folders=folders)


def _yaml(tree: Mapping[str, Any]) -> str:
    """Return a tree as YAML: JSON, but for characters that JSON escapes as two halves and YAML as one."""
    text = json.dumps(tree, indent=2)
    return _HALVES.sub(_joined, text)


def _joined(found: re.Match[str]) -> str:
    if found[1] is None:
        return found[0]
    return f"\\U{0x10000 + ((int(found[1], 16) & 0x3FF) << 10) + (int(found[2], 16) & 0x3FF):08x}"


def tree_of(overrides: Iterable[Path]) -> dict[str, Any] | None:
    """Return files of overrides as one tree, as it is kept with an account; later files go over earlier ones."""
    tree: dict[str, Any] = {}
    for path in overrides:
        _lay(tree, read_yaml(path, str(path)).data)
    return tree or None


def _lay(tree: dict[str, Any], over: Mapping[str, Any]) -> None:
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(tree.get(key), dict):
            _lay(tree[key], value)
        else:
            tree[key] = value
