"""dlt's `rest_api`: requests, pages and parents as its configuration, `record.py` as its mapping step.

    python dlt_source.py JOB URL OUT

The resource is iterated over and written as JSON Lines. A pipeline would also infer a schema, normalize and load, which
is dlt's trade but not this job: with files as its destination it took 2.5 times as long.
"""

import os
import sys
from pathlib import Path
from typing import Any

# dlt reads these when it is imported.
os.environ |= {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR", "EXTRACT__WORKERS": "8"}

from dlt.common.json import json
from dlt.sources.rest_api import rest_api_resources
from record import Item, unified

PAGES = {"type": "page_number", "base_page": 1, "page_param": "page", "total_path": "meta.pages"}
COURSE = ("id", "title", "code", "language")


def of_list(item: Item) -> Item:
    return unified(item, item["course"], item["user"], {"enrollment": item})


def of_course(item: Item) -> Item:
    """Return the record of an item to which dlt has added fields of its course."""
    course = {name: item.pop(f"_courses_{name}") for name in COURSE}
    return unified(item, course, item["user"], {"course": course, "enrollment": item})


def resources(job: str) -> list[dict[str, Any]]:
    """Return the configuration of the resources; the last is the enrollments."""
    if job == "courses":
        enrollments = {
            "name": "enrollments",
            "endpoint": {"path": "courses/{resources.courses.id}/enrollments", "data_selector": "data"},
            "include_from_parent": list(COURSE),
            "parallelized": True,
            "processing_steps": [{"map": of_course}],
        }
        return [{"name": "courses", "endpoint": {"path": "courses", "data_selector": "data"}}, enrollments]
    endpoint = {"path": "enrollments", "data_selector": "data"}
    return [{"name": "enrollments", "endpoint": endpoint, "processing_steps": [{"map": of_list}]}]


def main(job: str, url: str, out: str) -> None:
    if job == "join":
        print("rest_api has no joins", file=sys.stderr)
        sys.exit(4)
    config: Any = {
        "client": {"base_url": url, "paginator": PAGES},
        "resource_defaults": {"endpoint": {"params": {"per_page": 100}}},
        "resources": resources(job),
    }
    with Path(out).open("wb") as file:
        records = rest_api_resources(config)[-1]
        file.writelines(json.dumpb(record) + b"\n" for record in records)


if __name__ == "__main__":
    main(*sys.argv[1:])
