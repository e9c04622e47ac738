"""An FTP server on a real loopback socket that can be told to misbehave. It knows what an anonymous reader needs."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal, Self

Listing = Literal["mlsd", "unix", "dos", "nlst"]
Trouble = Literal["reset", "short", "hang", "drop", "slow", "endless", "silent"]
"""What happens to a command: the data connection is reset half-way; half the bytes come and are called whole; no
answer; the control connection is closed; the bytes come in small pieces; they never end; all bytes, but no last
answer."""

_WHEN: Final = datetime(2031, 2, 7, 10, 0, 2, tzinfo=UTC)
_KEEP_SECONDS: Final = 10.0
"""How long a hanging session is kept before it is given up by itself."""


@dataclass
class _File:
    body: bytes
    modified: datetime


@dataclass
class Fault:
    """What the next ``times`` commands ``verb`` meet, for ``path`` or for any."""

    verb: str
    what: str
    times: int
    path: str | None


@dataclass
class _Session:
    control: socket.socket
    folder: str = "/"
    passive: socket.socket | None = None
    rest: int = 0
    buffer: bytes = b""

    def say(self, answer: str) -> None:
        self.control.sendall(f"{answer}\r\n".encode())


@dataclass
class FtpStandIn:
    """The server. A context manager; ``url`` is its root.

    Attributes:
        listing: what it can list with; the later ones of MLSD, LIST, NLST are always there.
        rest, size, mdtm: whether it knows these commands.
        utf8_names: names are sent as UTF-8, else as Latin-1.
        elsewhere: an address that its answers to PASV name instead of its own.
        sizes: what SIZE says of a path, where that is not true.
        before: called with a path before the command of that name is carried out.
        commands: all that was asked, in order, passwords too.
    """

    listing: Listing = "mlsd"
    rest: bool = True
    size: bool = True
    mdtm: bool = True
    utf8_names: bool = True
    elsewhere: str | None = None
    welcome: str = "220 Velkommen på standeren"
    sizes: dict[str, int] = field(default_factory=dict)
    before: dict[str, Callable[[str], None]] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._files: dict[str, _File] = {}
        self._extra: list[bytes] = []
        self.faults: list[Fault] = []
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self.url = f"ftp://127.0.0.1:{self.port}/"
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for sock in list(self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join(_KEEP_SECONDS + 5)
        for sock in list(self._open):
            sock.close()

    def add(self, path: str, body: bytes, modified: datetime = _WHEN) -> None:
        """Put a file at ``path`` (from the root, with a slash); its folders come by themselves."""
        self._files[path] = _File(body, modified)

    def remove(self, path: str) -> None:
        """Take a file away."""
        del self._files[path]

    def line(self, raw: bytes) -> None:
        """Add a line to every listing, as it is."""
        self._extra.append(raw)

    def fault(self, verb: str, what: Trouble | str, *, times: int = 1, path: str | None = None) -> None:
        """Let the next ``times`` commands ``verb`` go wrong; ``CONNECT`` is the welcome.

        Args:
            verb: in capitals.
            what: a trouble, or an answer to give instead ("550 No such file").
            times: how often.
            path: only for this path.
        """
        self.faults.append(Fault(verb, what, times, path))

    def asked(self, verb: str) -> list[str]:
        """Return the arguments of all commands ``verb``."""
        return [c.partition(" ")[2] for c in self.commands if c.partition(" ")[0] == verb]

    # --- sessions ---

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                control, _ = self._server.accept()
            except OSError:
                return
            self._open.add(control)
            self._start(self._serve, _Session(control))

    def _serve(self, session: _Session) -> None:
        with contextlib.suppress(OSError, EOFError):
            if self._went_wrong(session, "CONNECT", "") is None:
                session.say(self.welcome)
                while not self._stopping.is_set():
                    self._answer(session, _read_line(session))
        for sock in (session.control, session.passive):
            if sock is not None:
                self._open.discard(sock)
                sock.close()

    def _answer(self, session: _Session, line: str) -> None:
        self.commands.append(line)
        verb, _, argument = line.partition(" ")
        verb = verb.upper()
        path = _join(session.folder, argument)
        if verb in self.before:
            self.before[verb](path)
        trouble = self._went_wrong(session, verb, path)
        if trouble == "answered":
            return
        command = getattr(self, f"_do_{verb.lower()}", None)
        if command is None or not self._knows(verb):
            session.say(f"500 '{verb}': command not understood")
        elif verb in ("RETR", "LIST", "NLST", "MLSD"):
            command(session, path, trouble)
        else:
            command(session, argument)

    def _went_wrong(self, session: _Session, verb: str, path: str) -> str | None:
        """Return the trouble that a transfer has to make, or "answered" when the command is done with."""
        for fault in self.faults:
            if fault.times > 0 and fault.verb == verb and fault.path in (None, path):
                fault.times -= 1
                if fault.what == "hang":
                    self._stopping.wait(_KEEP_SECONDS)
                    raise EOFError
                if fault.what == "drop":
                    raise EOFError
                if fault.what[:3].isdigit():
                    session.say(fault.what)
                    if fault.what.startswith("421"):
                        raise EOFError
                    return "answered"
                return fault.what
        return None

    def _knows(self, verb: str) -> bool:
        optional = {"REST": self.rest, "SIZE": self.size, "MDTM": self.mdtm}
        listings = {"MLSD": ("mlsd",), "LIST": ("mlsd", "unix", "dos")}
        return optional.get(verb, True) and self.listing in listings.get(verb, (self.listing,))

    def _do_user(self, session: _Session, argument: str) -> None:
        session.say("331 Anonymous access allowed" if argument == "anonymous" else "530 Not logged in")

    def _do_pass(self, session: _Session, argument: str) -> None:
        session.say("230-Velkommen\r\n  230 er en kode\r\n230 Login successful" if argument else "530 Who are you?")

    def _do_type(self, session: _Session, _: str) -> None:
        session.say("200 Type set")

    def _do_noop(self, session: _Session, _: str) -> None:
        session.say("200 Here")

    def _do_quit(self, session: _Session, _: str) -> None:
        session.say("221 Farvel")
        raise EOFError

    def _do_cwd(self, session: _Session, argument: str) -> None:
        path = _join(session.folder, argument)
        if path == "/" or any(name.startswith(f"{path}/") for name in self._files):
            session.folder = path
            session.say("250 CWD ok")
        else:
            session.say("550 The system cannot find the file specified.")

    def _do_size(self, session: _Session, argument: str) -> None:
        path = _join(session.folder, argument)
        file = self._files.get(path)
        size = None if file is None else self.sizes.get(path, len(file.body))
        session.say("550 No such file" if size is None else f"213 {size}")

    def _do_mdtm(self, session: _Session, argument: str) -> None:
        file = self._files.get(_join(session.folder, argument))
        session.say("550 No such file" if file is None else f"213 {file.modified:%Y%m%d%H%M%S}")

    def _do_rest(self, session: _Session, argument: str) -> None:
        session.rest = int(argument)
        session.say("350 Restarting")

    def _do_pasv(self, session: _Session, _: str) -> None:
        if session.passive is not None:
            session.passive.close()
        session.passive = socket.create_server(("127.0.0.1", 0))
        port = session.passive.getsockname()[1]
        host = (self.elsewhere or "127.0.0.1").replace(".", ",")
        session.say(f"227 Entering Passive Mode ({host},{port >> 8},{port & 255}).")

    # --- transfers ---

    def _do_retr(self, session: _Session, path: str, trouble: str | None) -> None:
        file = self._files.get(path)
        if file is None:
            session.rest = 0
            session.say("550 The system cannot find the file specified.")
            return
        body, session.rest = file.body[session.rest :], 0
        self._send(session, body, trouble)

    def _do_mlsd(self, session: _Session, _: str, trouble: str | None) -> None:
        self._send(session, self._lines(session.folder, "mlsd"), trouble)

    def _do_list(self, session: _Session, _: str, trouble: str | None) -> None:
        self._send(session, self._lines(session.folder, "dos" if self.listing == "dos" else "unix"), trouble)

    def _do_nlst(self, session: _Session, _: str, trouble: str | None) -> None:
        self._send(session, self._lines(session.folder, "nlst"), trouble)

    def _lines(self, folder: str, form: str) -> bytes:
        base = folder.rstrip("/") + "/"
        below = [path.removeprefix(base) for path in self._files if path.startswith(base)]
        found = [b"total 7"] if form == "unix" else []
        for name in dict.fromkeys(path.partition("/")[0] for path in below):
            line = _line(name, self._files.get(base + name), form)
            found.append(line.encode("utf-8" if self.utf8_names else "latin-1"))
        return b"".join(line + b"\r\n" for line in [*found, *self._extra])

    def _send(self, session: _Session, body: bytes, trouble: str | None) -> None:
        passive, session.passive = session.passive, None
        if passive is None:
            session.say("425 Use PASV first")
            return
        with passive:
            passive.settimeout(_KEEP_SECONDS)
            data, _ = passive.accept()
        session.say("125 Data connection already open; Transfer starting.")
        self._open.add(data)
        with data:
            whole = self._transfer(data, body, trouble)
        self._open.discard(data)
        if trouble == "silent":
            self._stopping.wait(_KEEP_SECONDS)
            raise EOFError
        session.say("226 Transfer complete." if whole else "426 Connection closed; transfer aborted.")

    def _transfer(self, data: socket.socket, body: bytes, trouble: str | None) -> bool:
        if trouble == "endless":
            while not self._stopping.is_set():
                data.sendall((body or b"02-07-31  10:00AM  1 x\r\n") * 100)
        if trouble == "slow":
            for at in range(0, len(body), 7):
                data.sendall(body[at : at + 7])
                time.sleep(0.001)
            return True
        if trouble in ("reset", "short"):
            data.sendall(body[: len(body) // 2])
            if trouble == "short":
                return True
            time.sleep(0.05)  # what was sent arrives before the reset, which would throw it away
            data.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        data.sendall(body)
        return True


def _read_line(session: _Session) -> str:
    while b"\n" not in session.buffer:
        piece = session.control.recv(4096)
        if not piece:
            raise EOFError
        session.buffer += piece
    line, _, session.buffer = session.buffer.partition(b"\n")
    return line.rstrip(b"\r").decode("utf-8", "surrogateescape")


def _join(folder: str, name: str) -> str:
    path = name if name.startswith("/") else f"{folder.rstrip('/')}/{name}"
    return path.rstrip("/") or "/"


def _line(name: str, file: _File | None, form: str) -> str:
    size, when = (len(file.body), file.modified) if file else (0, _WHEN)
    if form == "nlst":
        return name
    if form == "mlsd":
        kind = "file" if file else "dir"
        return f"type={kind};size={size};modify={when:%Y%m%d%H%M%S}; {name}"
    if form == "dos":
        return f"{when:%m-%d-%y  %I:%M%p} {size if file else '<DIR>':>20} {name}"
    return f"{'-rw-r--r--' if file else 'drwxr-xr-x'}   1 ftp      ftp  {size:>12} {when:%b %d  %Y} {name}"
