"""Rollbook: course enrollments from any learning management system, in one shape.

The public names load what they need on first use, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.blocking import SyncRun, run_sync
    from engine.errors import (
        DiagnosticError,
        MappingError,
        ProviderError,
        RollbookError,
        UsageError,
    )
    from engine.filters import Filter
    from engine.guarding import Guard
    from engine.loading import LoadedMapping, load
    from engine.records import Course, CourseEnrollment, CourseItem, User
    from engine.report import Note, Report
    from engine.running import Run, run
    from engine.sdk import ApiError, Client

__all__ = [
    "ApiError",
    "Client",
    "Course",
    "CourseEnrollment",
    "CourseItem",
    "DiagnosticError",
    "Filter",
    "Guard",
    "LoadedMapping",
    "MappingError",
    "Note",
    "ProviderError",
    "Report",
    "RollbookError",
    "Run",
    "SyncRun",
    "UsageError",
    "User",
    "load",
    "run",
    "run_sync",
]

_HOMES = {
    "blocking": ("SyncRun", "run_sync"),
    "errors": ("DiagnosticError", "MappingError", "ProviderError", "RollbookError", "UsageError"),
    "filters": ("Filter",),
    "guarding": ("Guard",),
    "loading": ("LoadedMapping", "load"),
    "records": ("Course", "CourseEnrollment", "CourseItem", "User"),
    "report": ("Note", "Report"),
    "running": ("Run", "run"),
    "sdk": ("ApiError", "Client"),
}


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"engine.{home}"), name)
    raise AttributeError(f"module 'engine' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
