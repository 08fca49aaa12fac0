"""A run recorded: a cassette without secrets and people, and a case for the tests of its mapping."""

from engine.recording.files import Files, write_case
from engine.recording.filling import fill_case
from engine.recording.recording import Recorded, RecordingError, record

__all__ = ["Files", "Recorded", "RecordingError", "fill_case", "record", "write_case"]
