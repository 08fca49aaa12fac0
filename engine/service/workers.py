"""Several processes that answer on one address: begun, watched, begun again where one dies, and ended together."""

import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import connection
from pathlib import Path
from typing import Any

import structlog
from prometheus_client.multiprocess import mark_process_dead

from engine.errors import RollbookError
from engine.service.catalog import read
from engine.service.logs import configure, secrets
from engine.service.serving import GRACE, Parent, serve
from engine.service.settings import Settings
from engine.service.signals import NUMBERS, Asked
from engine.store import Places

__all__ = ["Workers"]

log = structlog.get_logger("rollbook.service")
# Nothing of the parent is in a process that is spawned, such as a connection of the database or a lock that is held.
_SPAWN = multiprocessing.get_context("spawn")
#: Names the folder in which processes share what they count; the library reads it when it is imported.
SHARED = "PROMETHEUS_MULTIPROC_DIR"
#: The longest pause before a process is begun again that dies each time, in seconds.
LONGEST = 30.0


@dataclass
class _Worker:
    """One process, and our end of the pipe by which it says that it has begun."""

    process: Any
    pipe: Any
    begun: bool = False


@dataclass(frozen=True)
class Work:
    """What a process needs to serve."""

    settings: Settings
    where: Places
    folders: tuple[Path, ...]
    listening: socket.socket = field(repr=False)


class Workers:
    """Runs as many processes as the settings say; `begun` is called once all of them answer."""

    def __init__(self, work: Work, begun: Callable[[], None]) -> None:
        self._work = work
        self._begun = begun
        self._workers: list[_Worker] = []
        self._died = 0
        self._woken, self._wake = os.pipe()
        self._asked = Asked(lambda: os.write(self._wake, b"."), self._kill)

    def run(self) -> int | None:
        """Serve until told to end; return the number of the signal, None where the processes cannot begin."""
        with tempfile.TemporaryDirectory(prefix="rollbook-") as folder, self._asked.heard():
            os.environ[SHARED] = folder  # they share what they count; read when they begin
            for _ in range(self._work.settings.workers):
                self._start()
            try:
                while self._asked.number is None and self._watch():
                    pass
            finally:
                self._end()
        return self._asked.number

    def _start(self) -> None:
        ours, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=_work, args=(self._work, theirs), daemon=False)
        # Blocked until it can hear them: before, a Ctrl-C would be a traceback.
        signal.pthread_sigmask(signal.SIG_BLOCK, NUMBERS)
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, NUMBERS)
        theirs.close()
        self._workers.append(_Worker(process, ours))

    def _watch(self) -> bool:
        """Wait until something happens; return False where the service cannot be begun."""
        waiting = [one.pipe for one in self._workers if not one.begun]
        connection.wait([self._woken, *waiting, *(one.process.sentinel for one in self._workers)])
        for one in list(self._workers):
            if not one.begun and one.pipe.poll():
                self._has_begun(one)
            if not one.process.is_alive() and self._asked.number is None and not self._again(one):
                return False
        return True

    def _has_begun(self, one: _Worker) -> None:
        with suppress(EOFError, OSError):  # it died, which its sentinel tells
            one.pipe.recv()
            one.begun = True
            self._died = 0
            if all(other.begun for other in self._workers):
                self._begun()
                self._begun = lambda: None

    def _again(self, one: _Worker) -> bool:
        """Begin a process in place of one that died; not where it could not even begin at the first start."""
        self._workers.remove(one)
        self._put_away(one)
        if not one.begun and not self._died:
            return False
        log.error("a process died, another one is begun", exit_code=one.process.exitcode)
        pause = min(LONGEST, 2.0**self._died) if self._died else 0.0
        self._died += 1
        connection.wait([self._woken], pause)
        if self._asked.number is None:
            self._start()
        return True

    def _end(self) -> None:
        """Have all end in order, and kill what does not."""
        self._work.listening.close()  # nobody takes what comes in from now on, so that it shall be refused
        for one in self._workers:
            one.process.terminate()
        until = time.monotonic() + self._work.settings.shutdown_seconds + 2 * GRACE
        for one in self._workers:
            one.process.join(max(0.0, until - time.monotonic()))
        self._kill()
        for one in self._workers:
            one.process.join()
            self._put_away(one)

    def _kill(self) -> None:
        for one in self._workers:
            if one.process.is_alive():
                one.process.kill()

    def _put_away(self, one: _Worker) -> None:
        one.pipe.close()
        # What it counted stays; what it held no longer counts.
        mark_process_dead(one.process.pid, os.environ[SHARED])  # type: ignore[no-untyped-call]


def _work(work: Work, pipe: Any) -> None:
    """Serve, as one of several processes; only what began it is listened to."""
    for number in NUMBERS:
        signal.signal(number, signal.SIG_DFL if number == signal.SIGTERM else signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, NUMBERS)
    try:
        store, _ = work.where.open()
        with store:
            configure(work.settings, secrets(work.where, store))
            parent = Parent(lambda: pipe.send("begun"), pipe.fileno())
            serve(work.settings, store, read(work.folders), work.listening, parent)
    except RollbookError as error:
        log.error("a process cannot begin", why=str(error))  # noqa: TRY400 - it is no surprise that has a place
        sys.exit(1)
