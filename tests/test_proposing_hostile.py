"""Whatever a sample or a document holds, what comes out is a mapping whose only problems are its holes."""

import tempfile
from pathlib import Path
from typing import Any

from drafting import from_openapi, from_samples, holes
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.proposing.tables import RULES, STATUS

_KEYS = """userId user_id learner course courseId id _id email status state completedAt progress score data items meta
next links cursor total page limit offset has_more name first_name last_name and null a`b a'b a"b $x {x} # - é % FILL:
@odata.nextLink *a &a !t << ~ 1"""
KEYS = sorted(
    {*_KEYS.split(), "a b", "a: b", "- a", "\u202e", "\x00", "\n", "\ud83d\ude00", "", "x" * 300}
    | {name for rules in RULES.values() for names in rules.values() for name in names[:3]}
    | {names[0] for fields in STATUS.values() for names in fields.values()}
)
_WORDS = """0 - completed active a@b.example https://acme.example/x?page=2 85%
2026-01-05T08:00:00Z 05/01/2026 1767600000
a`b ' " # {x} null true"""
WORDS = [
    *_WORDS.split(),
    *("", "In Progress", "FILL: x", "1h 20m", "2026-01-05 08:00:00", "x: y", "\u2028", "\x07", "\ufeff", "x" * 5000),
]
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(0, 5 * 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(WORDS)
    | st.text(max_size=20)
)
keys = st.sampled_from(KEYS) | st.text(max_size=10)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=6), max_leaves=40
)
items = st.lists(
    st.dictionaries(keys, scalars | st.dictionaries(keys, scalars, max_size=4), max_size=12), min_size=1, max_size=4
)
AROUND = ("next", "cursor", "total", "page", "limit", "offset", "has_more", "pages", "last")
answers = (
    items
    | st.fixed_dictionaries({"data": items}, optional=dict.fromkeys(AROUND, scalars))
    | st.dictionaries(keys, items | anything, max_size=5)
)


@settings(max_examples=150)
@given(st.lists(answers, min_size=1, max_size=3))
def test_any_sample_gives_a_mapping_with_nothing_wrong_but_holes(samples: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        holes(Path(folder), from_samples(Path(folder), *samples))


names = st.sampled_from(["Page", "User", "Course", "missing", "a/b", "~"])
schemas: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from(
        [
            {"type": "string"},
            {"type": "integer"},
            {"type": ["string", "null"]},
            {"type": "string", "format": "date-time"},
            {"type": "string", "enum": ["done", "active", "", "FILL: x", 3, None]},
            {"enum": [1, 2]},
            {"const": "x"},
            {},
            None,
            7,
            [],
            {"type": "boolean"},
            {"type": "number", "example": "x"},
            {"type": 5},
            {"example": {"id": 1, "status": "done"}},
        ]
    )
    | names.map(lambda name: {"$ref": f"#/components/schemas/{name}"})
    | st.sampled_from([{"$ref": "other.yaml#/x"}, {"$ref": 5}]),
    lambda inner: (
        st.dictionaries(keys, inner, max_size=6).map(lambda fields: {"type": "object", "properties": fields})
        | inner.map(lambda one: {"type": "array", "items": one})
        | st.lists(inner, max_size=3).map(lambda parts: {"allOf": parts})
        | st.lists(inner, max_size=3).map(lambda parts: {"oneOf": parts})
    ),
    max_leaves=25,
)
paths = st.sampled_from(
    [
        "/enrollments",
        "/courses",
        "/courses/{courseId}/enrollments",
        "/users/{id}/courses/{x}/progress",
        "/{tenant}/users",
        "/a/{b}c/users",
        "/organizations/{orgId}/courses/{courseId}/enrollments",
        "/me",
        "",
        "x",
        "/{}/users",
        "/courses/{courseId}/courses",
        "/a\nb/users",
        "/items",
        "/items/{itemId}/enrollments",
        "/run/{run}/enrollments",
    ]
)
parameters = st.lists(
    st.fixed_dictionaries(
        {"name": keys, "in": st.sampled_from(["query", "path", "header", "x"])},
        optional={"required": st.booleans() | scalars, "schema": schemas, "description": scalars, "default": scalars},
    )
    | anything,
    max_size=4,
)


def answered(schema: Any) -> Any:
    """Return an answer with a schema, as of version 2 and 3 at once."""
    return {"content": {"application/json": {"schema": schema}}, "schema": schema}


gets = st.fixed_dictionaries(
    {"responses": st.fixed_dictionaries({"200": schemas.map(answered)}) | anything},
    optional={"parameters": parameters, "summary": scalars, "deprecated": scalars},
)
schemes = st.sampled_from(
    [
        {"type": "http", "scheme": "bearer"},
        {"type": "http", "scheme": "basic"},
        {"type": "basic"},
        {"type": "openIdConnect"},
        {"type": "apiKey", "in": "header", "name": "a: b\n"},
        {"type": "apiKey", "in": "query", "name": "key"},
        {"type": "oauth2", "flow": "application", "tokenUrl": "https://x/{y}"},
        {"type": "oauth2", "flows": {"implicit": 1}},
        {"type": "oauth2", "flows": {"clientCredentials": {"scopes": {"a": "b"}}, "password": []}},
        5,
    ]
)
documents = st.fixed_dictionaries(
    {
        "paths": st.dictionaries(
            paths, st.fixed_dictionaries({"get": gets}, optional={"parameters": parameters}) | anything, max_size=6
        )
    },
    optional={
        "openapi": st.just("3.1.0"),
        "servers": anything
        | st.lists(
            st.fixed_dictionaries({"url": st.sampled_from(["https://{x}.example/{y z}", "/v1", "{", "x", ""])}),
            max_size=2,
        ),
        "components": st.fixed_dictionaries(
            {},
            optional={
                "schemas": st.dictionaries(names, schemas),
                "securitySchemes": st.dictionaries(keys, schemes, max_size=3),
            },
        )
        | anything,
        "securityDefinitions": st.dictionaries(keys, schemes, max_size=3),
        "security": anything,
        "info": anything,
        "externalDocs": anything,
        "host": scalars,
        "basePath": scalars,
    },
).map(lambda document: {"swagger": "2.0", **document})


@settings(max_examples=150)
@given(documents)
def test_any_document_gives_a_mapping_with_nothing_wrong_but_holes(document: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        holes(Path(folder), from_openapi(Path(folder), document))
