"""A recording as a cassette file: YAML that a person can read and change."""

import json
import re
from typing import Any

__all__ = ["cassette_text", "yaml_text"]

#: What cassettes read as a number though YAML 1.1 does not.
_NUMBER = re.compile(r"^(?:-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?)$")
#: How long a list or an object is at most that is written on one line.
_SHORT = 110


def cassette_text(cassette: dict[str, Any], about: str) -> str:
    """Return the text of a cassette; `about` is what its first line says."""
    return f"# {about}\n" + yaml_text(cassette)


def yaml_text(value: Any) -> str:
    """Return YAML whose texts stay texts however they are read; short lists and objects are on one line."""
    import yaml

    return str(yaml.dump(value, Dumper=_dumper(yaml), allow_unicode=True, sort_keys=False, width=10**6))


def _dumper(yaml: Any) -> Any:
    class Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
        def ignore_aliases(self, data: Any) -> bool:
            del data
            return True

        def represent_data(self, data: Any) -> Any:
            node = super().represent_data(data)
            if isinstance(data, dict | list):
                node.flow_style = len(json.dumps(data, ensure_ascii=False, default=str)) <= _SHORT
            return node

    Dumper.add_implicit_resolver("tag:yaml.org,2002:float", _NUMBER, list("-0123456789"))
    return Dumper
