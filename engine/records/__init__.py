"""The unified model: what comes out, whatever the provider.

Names and words follow the public reference of Truto's Unified LMS API (https://truto.one/docs/unified-apis/), so that
a client written for it finds the same shape. Only `id` is required; what a provider does not give is absent.
"""

from engine.records.kinds import Kind, element_names, field_kinds, kind_of, part_names, words_of
from engine.records.parts import Email, Named, Parent, Person, Phone, Titled, Url
from engine.records.resources import (
    COURSE_LEVELS,
    COURSE_STATUSES,
    COURSE_TYPES,
    RESOURCE_MODELS,
    STATUSES,
    USER_ROLES,
    USER_STATUSES,
    Course,
    CourseEnrollment,
    CourseItem,
    Record,
    User,
)
from engine.records.written import as_dict, as_json, getter

__all__ = [
    "COURSE_LEVELS",
    "COURSE_STATUSES",
    "COURSE_TYPES",
    "RESOURCE_MODELS",
    "STATUSES",
    "USER_ROLES",
    "USER_STATUSES",
    "Course",
    "CourseEnrollment",
    "CourseItem",
    "Email",
    "Kind",
    "Named",
    "Parent",
    "Person",
    "Phone",
    "Record",
    "Titled",
    "Url",
    "User",
    "as_dict",
    "as_json",
    "element_names",
    "field_kinds",
    "getter",
    "kind_of",
    "part_names",
    "words_of",
]
