"""Readers for tests of the guard: they hang, fill the memory, crash, write, or do as they are told."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from frisat.documents import JSON
from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError


def length(body: bytes) -> JSON:
    return len(body)


def echo(body: bytes) -> JSON:
    value: JSON = json.loads(body)
    return value


def process(body: bytes) -> JSON:
    return os.getpid()


def refuse(body: bytes) -> JSON:
    kinds = {b"broken": BrokenRecordError, b"empty": EmptyRecordError, b"not_text": NotTextError}
    raise kinds[body](f"is {body.decode()} – æøå")


def fail(body: bytes) -> JSON:
    raise ZeroDivisionError(body.decode())


def not_json(body: bytes) -> JSON:
    return {1, 2}  # type: ignore[return-value]


def surrogate(body: bytes) -> JSON:
    return "a\ud800b"


def spin(body: bytes) -> JSON:
    while True:
        pass


def sleep(body: bytes) -> JSON:
    time.sleep(600)
    return None


def sleep_in_c(body: bytes) -> JSON:
    """Sleep holding the interpreter's lock, as a library in C may."""
    ctypes.PyDLL(None).sleep(600)
    return None


def deaf(body: bytes) -> JSON:
    """Ignore every signal that can be ignored, and go on."""
    for number in (signal.SIGALRM, signal.SIGPROF, signal.SIGXCPU, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(600)
    return None


def allocate(body: bytes) -> JSON:
    hoard = []
    while True:
        hoard.append(bytearray(10_000_000))


def allocate_in_c(body: bytes) -> JSON:
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    while libc.malloc(ctypes.c_size_t(50_000_000)):
        pass
    os.abort()


def segfault(body: bytes) -> JSON:
    ctypes.string_at(0)
    return None


def leave(body: bytes) -> JSON:
    os._exit(int(body))


def recurse(body: bytes) -> JSON:
    return recurse(body)


def write(body: bytes) -> JSON:
    Path(body.decode()).write_bytes(b"x" * 100)
    return None


def chatter(body: bytes) -> JSON:
    print("Hello" * 1000)
    sys.stdout.flush()
    os.write(1, b"not an answer")
    return sys.stdin.read()


def forge(body: bytes) -> JSON:
    """Send what is no answer to every pipe there is, as a child taken over by a file might."""
    for number in range(3, 64):
        try:
            os.write(number, b"\xff" * 64)
        except OSError:
            continue
    return None


def big(body: bytes) -> JSON:
    return "å" * int(body)


def limits(body: bytes) -> JSON:
    return [resource.getrlimit(resource.RLIMIT_CORE)[0], threading.active_count()]


def modules(body: bytes) -> JSON:
    return [name for name in sys.modules if name in {"sources.archive", "pyarrow", "httpx", "prefect"}]


def orphan(body: bytes) -> JSON:
    """Start a process that reads through the guard, kill it while its child reads, and return the child's number."""
    program = (
        "import sys, threading, time\n"
        "from sources.readers import guard\n"
        "from tests.sources.readers import guard_readers\n"
        "def read():\n"
        "    guard.guarded(guard_readers.sleep, b'', seconds=100, megabytes=100)\n"
        "print(guard.guarded(guard_readers.process, b'', seconds=5, megabytes=100), flush=True)\n"
        "threading.Thread(target=read, daemon=True).start()\n"
        "time.sleep(0.5 if sys.argv[1] == 'busy' else 0)\n"
        "print('ready', flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, body.decode()], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.stdout.readline()
        parent.kill()
    return child
