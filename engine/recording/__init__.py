"""A run recorded: a cassette without secrets and people, and a case for the tests of its mapping."""

from engine.recording.files import Files
from engine.recording.recording import Recorded, RecordingError, record

__all__ = ["Files", "Recorded", "RecordingError", "record"]
