"""What is written to may fail on the way: it is told once, by name."""

import io
import os
from pathlib import Path

import pytest

from engine.errors import Failed, WritingError
from engine.sinks import Sink, flushed

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")


@needs_full
def test_a_full_disk_is_told_once_and_what_is_left_in_buffers_goes_in_silence() -> None:
    file = io.BufferedWriter(Sink(FULL, "out.csv"))
    file.write(b"x")
    with pytest.raises(WritingError, match=r"^cannot write out\.csv: No space left on device$"):
        file.flush()
    file.write(b"y")
    file.flush()
    file.close()


@needs_full
def test_a_quiet_sink_tells_nothing() -> None:
    with io.BufferedWriter(Sink(FULL, "to standard error", quiet=True)) as file:
        file.write(b"x")


def test_a_reader_that_has_gone_is_a_broken_pipe_once() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    sink = Sink(writing, "to standard output")
    with pytest.raises(BrokenPipeError):
        sink.write(b"x")
    assert sink.write(b"yz") == 2
    sink.close()
    os.close(writing)  # a number that was given stays open


def test_a_file_system_that_tells_on_closing_is_heard(tmp_path: Path) -> None:
    sink = Sink(tmp_path / "out", "out")
    os.close(sink.fileno())
    with pytest.raises(WritingError, match=r"^cannot write out: Bad file descriptor$"):
        sink.close()


def test_an_error_stays_the_error_where_letting_out_the_rest_fails_too() -> None:
    def full() -> None:
        raise WritingError("cannot write out: No space left on device")

    def gone() -> None:
        raise BrokenPipeError

    with pytest.raises(Failed) as caught, flushed(full):
        raise Failed("HTTP 418")
    assert caught.value.__notes__ == ["cannot write out: No space left on device"]
    with pytest.raises(Failed) as caught, flushed(gone):
        raise Failed("HTTP 418")
    assert not hasattr(caught.value, "__notes__")
    with pytest.raises(WritingError), flushed(full):
        pass
