"""Reading files from strangers in a process that can be stopped.

A reader in C may hang on a hostile file, fill the memory or crash. So it runs in a child: a plain subprocess, which is
safe to start beside threads, in a daemonic process and in a cluster's worker. A child serves one file after the other
and is started anew after it was stopped; a process has as many children as threads that read at one time. Bodies go
out and values come back over pipes, the values as JSON: nothing that a child taken over by a file sends is ever run.

No child outlives its parent for long: it ends when its pipe closes, and the kernel ends it when its time is up.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from frisat import errors
from frisat.documents import JSON
from frisat.errors import BrokenRecordError, RecordError
from sources.readers._guarded import HEADER, LENGTH, OUT_OF_MEMORY, WALL_FACTOR

_START_SECONDS: Final = 60.0
_PATIENCE: Final = 5.0
"""Seconds that an ending child has, and that the kernel has to end one, before it is killed."""
_MAX_REPLY: Final = 1 << 30
_START: Final = """
import json, sys, types
sys.path[:], sources = json.loads(sys.argv.pop())
sys.modules["sources"] = types.ModuleType("sources")
sys.modules["sources"].__path__ = [sources]
from sources.readers._guarded import serve
serve()
"""
"""What a child runs. It takes ``sources`` as a bare folder of modules: what the package loads to harvest (the archive,
the network client) would cost it half a second and 90 MB, and is nothing that a hostile file should find at hand."""
_OUT_OF_TIME: Final = {-signal.SIGALRM, -signal.SIGXCPU, -signal.SIGPROF}
"""Exit codes of a child that the kernel ended because its time was up."""


def guarded(function: Callable[[bytes], JSON], body: bytes, *, seconds: float, megabytes: int) -> JSON:
    """Return ``function(body)`` as computed in a child process, which is stopped when it needs too much.

    Args:
        function: one that a module holds under its own name. Its value must be JSON.
        body: what to read.
        seconds: of processor time; ``WALL_FACTOR`` times as many may pass on the clock.
        megabytes: of address space beyond what the child held before.

    Raises:
        RecordError: of whichever kind the function raises.
        BrokenRecordError: it took longer, needed more memory, crashed, or raised another error.
    """
    request = json.dumps([function.__module__, function.__qualname__, seconds, megabytes, len(body)]).encode()
    child = _take()
    try:
        reply = child.ask(request, body, seconds * WALL_FACTOR)
    except _EndedError as error:
        if child.stopped_for is None and child.served:
            close()  # a file before this one may have damaged the child: once more, in a new one
            return guarded(function, body, seconds=seconds, megabytes=megabytes)
        raise _reason(child, seconds, megabytes) from error
    if "error" in reply:
        raise _error(str(reply["error"]), str(reply["message"]))
    return reply["value"]


def close() -> None:
    """Stop the idle children of this process; the next call starts new ones."""
    while _idle:
        _idle.pop().stop()


def children() -> list[int]:
    """Return the process numbers of the idle children, for those who measure them."""
    return [child.process.pid for child in _idle]


class _EndedError(Exception):
    """The child is gone, for whatever reason."""


class _Child:
    """One process that serves files until it is stopped."""

    def __init__(self) -> None:
        self.served = 0
        self._late = False
        self.process = subprocess.Popen(
            [sys.executable, "-c", _START, json.dumps([sys.path, str(Path(__file__).parents[1])])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            process_group=0,  # Ctrl-C is the parent's business
        )

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    @property
    def stopped_for(self) -> str | None:
        """What the process needed too much of, "time" or "memory", once it has ended; else nothing."""
        code = self.process.returncode
        if self._late or code in _OUT_OF_TIME:
            return "time"
        return "memory" if code == OUT_OF_MEMORY else None

    def ask(self, request: bytes, body: bytes, wall: float) -> dict[str, JSON]:
        """Send one request, wait for its answer, and be idle again, or ended."""
        watch = threading.Timer(wall + (_PATIENCE if self.served else _START_SECONDS), self._kill)
        watch.daemon = True
        watch.start()
        try:
            reply, last = self._exchange(request, body)
        except (OSError, ValueError, _EndedError) as error:
            self.stop(_PATIENCE)
            raise _EndedError from error
        except BaseException:
            self.stop()
            raise
        finally:
            watch.cancel()
            watch.join()
        self.served += 1
        if last or self._late:
            self.stop()
        else:
            _idle.append(self)
        return reply

    def _exchange(self, request: bytes, body: bytes) -> tuple[dict[str, JSON], bool]:
        to_child, from_child = self.process.stdin, self.process.stdout
        assert to_child is not None and from_child is not None  # noqa: S101 - both are pipes
        for part in (LENGTH.pack(len(request)), request, body):
            to_child.write(part)
        to_child.flush()
        size, last = HEADER.unpack(_exactly(from_child, HEADER.size))
        if size > _MAX_REPLY:
            raise _EndedError
        reply = json.loads(_exactly(from_child, size))
        if not isinstance(reply, dict) or not ("value" in reply or {"error", "message"} <= reply.keys()):
            raise _EndedError
        return reply, last

    def _kill(self) -> None:
        self._late = True
        self.process.kill()

    def stop(self, patience: float = 0.0) -> None:
        """End the process; one about to end by itself has ``patience`` seconds to, so that its code tells why."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        self.process.kill()
        self.process.wait()
        self.let_go()

    def let_go(self) -> None:
        """Close this process's ends of the pipes."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise _EndedError
    return data


_idle: list[_Child] = []


def _take() -> _Child:
    while True:
        try:
            child = _idle.pop()
        except IndexError:
            return _Child()
        if child.alive:
            return child
        child.stop()


def _forget() -> None:
    """After a fork the children are the parent's: close our ends of their pipes, so that they see theirs closed."""
    for child in _idle:
        child.let_go()
        child.process.returncode = 0  # not ours to wait for
    _idle.clear()


def _reason(child: _Child, seconds: float, megabytes: int) -> BrokenRecordError:
    if child.stopped_for == "time":
        return BrokenRecordError(f"took longer than {seconds:g} s to read and was stopped")
    if child.stopped_for == "memory":
        return BrokenRecordError(f"needed more than {megabytes:,} MB of memory to read and was stopped")
    return BrokenRecordError(
        f"crashed its reader (exit code {child.process.returncode}): it is damaged or hostile, or needs more than "
        f"{megabytes:,} MB of memory"
    )


def _error(name: str, message: str) -> RecordError:
    kind = getattr(errors, name, None)
    if isinstance(kind, type) and issubclass(kind, RecordError):
        return kind(message)
    if name == "RecursionError":
        return BrokenRecordError("is nested too deeply to be read")
    return BrokenRecordError(f"its reader failed with {name[:80]}: {message[:200]}; please report it")


atexit.register(close)
os.register_at_fork(after_in_child=_forget)
