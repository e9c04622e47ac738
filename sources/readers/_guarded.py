"""The child's side of :mod:`sources.readers.guard`: serves one file after the other, within the limits of each."""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import struct
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any, Final

LENGTH: Final = struct.Struct(">Q")
"""Before a request: how many bytes it has."""
HEADER: Final = struct.Struct(">Q?")
"""Before an answer: how many bytes it has, and whether it is the child's last."""
OUT_OF_MEMORY: Final = 77
"""The exit code of a child that ran out of the memory it may use."""
WALL_FACTOR: Final = 4.0
"""Seconds of wall time for each of processor time: the machine may be busy with other work."""
_MAX_FILES: Final = 2000
"""Files that one child serves: libraries in C may keep some memory of each."""
_MAX_GROWTH: Final = 300 << 20
"""Bytes of address space that a child may keep beyond what it had before its first file."""


def serve() -> None:
    """Answer requests from standard input on standard output until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    for timer in (signal.SIGALRM, signal.SIGPROF, signal.SIGXCPU):
        signal.signal(timer, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # a reader writes no file
    sys.dont_write_bytecode = True
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    with os.fdopen(os.dup(0), "rb") as requests, os.fdopen(os.dup(1), "wb") as replies:
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        first = None
        for _ in range(_MAX_FILES):
            size = requests.read(LENGTH.size)
            if len(size) < LENGTH.size:
                os._exit(0)
            module, name, seconds, megabytes, length = json.loads(requests.read(LENGTH.unpack(size)[0]))
            body = requests.read(length)
            if len(body) < length:
                os._exit(0)
            reply = _answer(module, name, body, seconds, megabytes)
            del body
            first = first or _address_space()
            _send(replies, reply, last=_address_space() > first + _MAX_GROWTH)
            _unlimit()
        os._exit(0)


def _end_with(parent: int) -> None:
    """End when the parent has: a child that reads for long does not see its pipe close."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def _function(module: str, name: str) -> Any:
    found: Any = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    return found


def _answer(module: str, name: str, body: bytes, seconds: float, megabytes: int) -> bytes:
    """Return what the function gives or raises, as JSON; end the process where memory does not suffice for it."""
    try:
        function = _function(module, name)
        _limit(seconds, megabytes)
        return json.dumps({"value": function(body)}).encode()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception as error:
        return json.dumps({"error": type(error).__name__, "message": str(error)}).encode()


def _limit(seconds: float, megabytes: int) -> None:
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (_address_space() + (megabytes << 20), hard))
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds * WALL_FACTOR)


def _unlimit() -> None:
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)


def _address_space() -> int:
    """Return the bytes of address space of this process, and none where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _send(replies: IO[bytes], reply: bytes, *, last: bool) -> None:
    replies.write(HEADER.pack(len(reply), last))
    replies.write(reply)
    replies.flush()
