"""The format as JSON Schema for editors, and as a field reference for people; both from the tree of models.

`python -m engine.schema` writes `mappings/schema.json` and `docs/format.md`; the tests check that they are fresh.
"""

import json
from pathlib import Path

from engine.schema.editors import json_schema
from engine.schema.reference import reference

__all__ = ["json_schema", "reference", "write"]

ROOT = Path(__file__).parents[2]


def write(root: Path = ROOT) -> None:
    """Write schema and reference to their places in a checkout."""
    schema = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    (root / "mappings" / "schema.json").write_text(schema, encoding="utf-8")
    (root / "docs" / "format.md").write_text(reference(), encoding="utf-8")
