"""Airbyte's declarative CDK: a manifest, run as its command line runs it. No code of one's own.

    python airbyte.py JOB URL OUT

A record is built below `u`, whose fields then take the place of the raw item's. Its output is Airbyte messages; those
of type RECORD hold the records.
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from airbyte_cdk.entrypoint import launch
from airbyte_cdk.models import ConfiguredAirbyteCatalog
from airbyte_cdk.sources.declarative.concurrent_declarative_source import ConcurrentDeclarativeSource

AT_ONCE = 8
Component = dict[str, Any]
TIMES = {
    "due_at": "due_at",
    "enrolled_at": "created_at",
    "started_at": "start_at",
    "last_activity_at": "last_activity_at",
    "completed_at": "completed_at",
    "updated_at": "updated_at",
}
STATUS = (
    "{{ 'completed' if record['completed_at'] else {'active': 'in_progress', 'invited': 'enrolled',"
    " 'completed': 'passed', 'inactive': 'expired', 'deleted': 'withdrawn'}.get(record['state'], 'unknown') }}"
)
#: Path, expression, and the type where it must not be guessed from the text that comes out.
FIELDS: list[tuple[str, str, str | None]] = [
    ("id", "{{ record['id'] }}", "string"),
    ("user.id", "{{ record['user_id'] }}", "string"),
    ("user.name", "{{ record['user']['first_name'] }} {{ record['user']['last_name'] }}", "string"),
    ("user.emails", "{{ [{'email': record['user']['email'], 'is_primary': true}] }}", None),
    ("status", STATUS, "string"),
    *((ours, f"{{{{ record['{theirs}'] }}}}", None) for ours, theirs in TIMES.items()),
    ("progress_percent", "{{ record['lessons_done'] / record['lessons'] * 100 }}", None),
    ("time_spent_seconds", "{{ record['time_spent'] }}", None),
    ("score", "{{ record['grades']['current_score'] }}", None),
    ("is_mandatory", "{{ record['mandatory'] }}", None),
    ("urls", "{{ [{'url': record['html_url'], 'type': 'course'}] }}", None),
    ("custom_fields.section", "{{ record['section']['name'] }}", "string"),
    ("custom_fields.remote_status", "{{ record['state'] }}", "string"),
]
OF_ITEM = [
    ("course.id", "{{ record['course']['id'] }}", "string"),
    ("course.title", "{{ record['course']['title'] }}", "string"),
]
OF_PARENT = [
    ("remote_data.course", "{{ stream_slice.extra_fields }}", None),
    ("course.id", "{{ stream_slice.extra_fields['id'] }}", "string"),
    ("course.title", "{{ stream_slice.extra_fields['title'] }}", "string"),
]


def added(fields: list[tuple[str, str, str | None]]) -> Component:
    """Return the component that adds fields; the raw item comes first, while nothing is added to it."""
    raw = ("remote_data.enrollment", "{{ record }}", None)
    definitions = [
        {
            "type": "AddedFieldDefinition",
            "path": ["u", *path.split(".")],
            "value": value,
            **({"value_type": kind} if kind else {}),
        }
        for path, value, kind in (raw, *fields)
    ]
    return {"type": "AddFields", "fields": definitions}


def retriever(url: str, path: str) -> Component:
    """Return how a list is read: as many pages as the answer says, without one more."""
    return {
        "type": "SimpleRetriever",
        "requester": {"type": "HttpRequester", "url_base": url, "path": path, "http_method": "GET"},
        "record_selector": {
            "type": "RecordSelector",
            "extractor": {"type": "DpathExtractor", "field_path": ["data"]},
        },
        "paginator": {
            "type": "DefaultPaginator",
            "page_token_option": {"type": "RequestOption", "inject_into": "request_parameter", "field_name": "page"},
            "page_size_option": {"type": "RequestOption", "inject_into": "request_parameter", "field_name": "per_page"},
            "pagination_strategy": {
                "type": "CursorPagination",
                "page_size": 100,
                "cursor_value": "{{ response['meta']['page'] + 1 }}",
                "stop_condition": "{{ response['meta']['page'] >= response['meta']['pages'] }}",
            },
        },
    }


def stream(name: str, read: Component, transformations: list[Component]) -> Component:
    schema = {"type": "InlineSchemaLoader", "schema": {"type": "object", "additionalProperties": True}}
    return {
        "type": "DeclarativeStream",
        "name": name,
        "primary_key": ["id"],
        "retriever": read,
        "schema_loader": schema,
        "transformations": transformations,
    }


def enrollments(job: str, url: str) -> Component:
    """Return the stream of the job."""
    flat = {"type": "DpathFlattenFields", "field_path": ["u"], "delete_origin_value": True, "replace_record": True}
    if job != "courses":
        return stream("enrollments", retriever(url, "/enrollments"), [added(FIELDS + OF_ITEM), flat])
    read = retriever(url, "/courses/{{ stream_partition.course }}/enrollments")
    parent = {
        "type": "ParentStreamConfig",
        "stream": stream("courses", retriever(url, "/courses"), []),
        "parent_key": "id",
        "partition_field": "course",
        "extra_fields": [["id"], ["title"], ["code"], ["language"]],
    }
    read["partition_router"] = {"type": "SubstreamPartitionRouter", "parent_stream_configs": [parent]}
    return stream("enrollments", read, [added(FIELDS + OF_PARENT), flat])


def manifest(job: str, url: str) -> Component:
    return {
        "version": "7.0.0",
        "type": "DeclarativeSource",
        "check": {"type": "CheckStream", "stream_names": ["enrollments"]},
        "concurrency_level": {"type": "ConcurrencyLevel", "default_concurrency": AT_ONCE if job == "courses" else 1},
        "streams": [enrollments(job, url)],
        "spec": {"type": "Spec", "connection_specification": {"type": "object", "properties": {}}},
    }


def catalog() -> dict[str, Any]:
    shown = {"name": "enrollments", "json_schema": {"type": "object"}, "supported_sync_modes": ["full_refresh"]}
    asked = {"stream": shown, "sync_mode": "full_refresh", "destination_sync_mode": "append"}
    return {"streams": [asked]}


def main(job: str, url: str, out: str) -> None:
    if job == "join":
        print("a manifest has no joins", file=sys.stderr)
        sys.exit(4)
    with Path(out).open("wb") as file:
        os.dup2(file.fileno(), 1)
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "config.json", Path(folder) / "catalog.json"
        files[0].write_text("{}", encoding="utf-8")
        files[1].write_text(json.dumps(catalog()), encoding="utf-8")
        source = ConcurrentDeclarativeSource(
            catalog=ConfiguredAirbyteCatalog(streams=[]), config={}, state=[], source_config=manifest(job, url)
        )
        launch(source, ["read", "--config", str(files[0]), "--catalog", str(files[1])])


if __name__ == "__main__":
    main(*sys.argv[1:])
