"""One connection to an FTP server: ftplib's, with passive mode by PASV only, bounded answers and exact names."""

from __future__ import annotations

import ftplib
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from typing import Final

from sources.client._ftp_listing import mlsd_time
from sources.client.fetching import FetchError, Limits

PIECE: Final = 65_536

_MAX_LINE: Final = 8192
_MAX_LINES: Final = 1000
_CODE: Final = re.compile(r"[1-5][0-9]{2}")
_BUSY: Final = re.compile(r"used by another process|busy|locked|try again|too many|temporar", re.IGNORECASE)
_DENIED: Final = re.compile(r"denied|permission|not allowed|access is|privilege", re.IGNORECASE)
_MISSING: Final = frozenset({"550", "551", "553"})
UNKNOWN_COMMAND: Final = frozenset({"500", "501", "502", "503", "504", "530", "202"})
"""Answers of a server that does not know, or does not allow, an optional command."""


class Broken(Exception):  # noqa: N818 - a transfer ended early; becomes a FetchError when nothing helps
    """A transfer ended without all its bytes."""


class Control(ftplib.FTP):
    """The control connection. Speaks IPv4 and PASV: some servers answer EPSV, but never open the port it names.

    Names go over the wire as bytes: the text of commands and answers is Latin-1 here, one character for each byte.
    The address in an answer to PASV is ignored, as ftplib does by default: only its port counts, so that a server
    cannot make us connect to a third machine.

    Args:
        limits: how long to wait.
        check: called often; raises when there is no more time.
        unknown: commands that the server does not know; shared by all connections to it, and added to.
    """

    trust_server_pasv_ipv4_address = False

    def __init__(self, limits: Limits, check: Callable[[], None], unknown: set[str]) -> None:
        super().__init__(timeout=limits.connect, encoding="latin-1")
        self.check = check
        self.unknown = unknown
        self._limits = limits
        self._buffer = b""

    def open(self, host: str, port: int, contact: str) -> None:
        """Connect and log in as anonymous, with the contact for a password as custom has it.

        Raises:
            OSError, EOFError, ftplib.Error: it cannot be done.
        """
        found = socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_STREAM)
        for number, (*_, address) in enumerate(dict.fromkeys(found), 1):
            try:
                self.connect(str(address[0]), port)
                break
            except OSError:
                self.close()
                if number >= len(set(found)):
                    raise
        if self.sock is not None:
            self.sock.settimeout(self._limits.read)
        self.login("anonymous", contact.encode("ascii", "replace").decode() or "anonymous@")
        self.voidcmd("TYPE I")

    def getline(self) -> str:
        """Return one line of an answer. Bounded in length, and by the deadline even when it comes byte by byte."""
        while b"\n" not in self._buffer:
            self.check()
            if len(self._buffer) > _MAX_LINE:
                raise ftplib.error_proto(f"a line of more than {_MAX_LINE} bytes")  # noqa: S321 - an error, no call
            if self.sock is None or not (piece := self.sock.recv(4096)):
                raise EOFError
            self._buffer += piece
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.rstrip(b"\r").decode("latin-1")

    def getmultiline(self) -> str:
        """Return one answer, at most a thousand lines of it."""
        line = self.getline()
        if line[3:4] != "-":
            return line
        code, found = line[:3], [line]
        while not (line[:3] == code and line[3:4] != "-"):
            if len(found) >= _MAX_LINES:
                raise ftplib.error_proto(f"an answer of more than {_MAX_LINES} lines")  # noqa: S321 - an error, no call
            line = self.getline()
            found.append(line)
        return "\n".join(found)

    def optional(self, command: str) -> str | None:
        """Return the answer to a command that a server may not know, or not allow for this file."""
        verb = command.partition(" ")[0]
        if verb in self.unknown:
            return None
        try:
            return self.sendcmd(command)
        except ftplib.error_perm as error:
            if str(error)[:3] in UNKNOWN_COMMAND:
                self.unknown.add(verb)
            return None

    def size_of(self, name: str) -> int | None:
        """Return the size of a file in bytes, where the server tells it."""
        answer = self.optional(f"SIZE {name}") or ""
        digits = answer.removeprefix("213").strip()
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else None

    def modified(self, name: str) -> datetime | None:
        """Return when a file was changed, where the server tells it."""
        answer = self.optional(f"MDTM {name}") or ""
        return mlsd_time(answer.removeprefix("213").strip())

    def data(self, command: str, rest: int | None = None) -> socket.socket:
        """Open a data connection for ``command``, from byte ``rest`` on."""
        self.timeout = self._limits.connect
        connection, _ = self.ntransfercmd(command, rest)
        connection.settimeout(self._limits.read)
        return connection

    def pieces(self, command: str, rest: int | None = None) -> Iterator[bytes]:
        """Yield what ``command`` sends, piece by piece, and check that the server calls it whole.

        Raises:
            Broken: the connection broke, or the server says that the transfer did not succeed.
        """
        connection = self.data(command, rest)
        try:
            with closing(connection):
                while piece := connection.recv(PIECE):
                    self.check()
                    yield piece
        except OSError as error:
            raise Broken(f"the transfer broke: {reason(error)}") from error
        try:
            self.voidresp()
        except (OSError, EOFError, ftplib.Error) as error:
            raise Broken(f"the transfer was not called whole: {reason(error)}") from error


def wire(path: bytes) -> str:
    """Return bytes of a path as text for a command.

    Raises:
        ValueError: they could end the command and begin another one, or leave the folder.
    """
    if any(byte < 0x20 or byte == 0x7F for byte in path) or b".." in path.split(b"/"):
        raise ValueError("has control characters or '..' in it")
    return path.decode("latin-1")


def reason(error: BaseException) -> str:
    """Return what went wrong in words; the server's answer where it gave one."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, EOFError) and not str(error):
        return "the server closed the connection"
    text = str(error).encode("latin-1", "replace").decode("utf-8", "replace")
    return " ".join(text.split())[:300] or type(error).__name__


def as_fetch_error(error: Exception, url: str, actual: str, *, a_file: bool) -> FetchError:
    """Return what ``error`` of a connection or an answer means for a fetch.

    Only "550" and its like for a file, without a word of rights or of somebody else using it, say that it is gone.
    """
    text = reason(error)
    code = text[:3] if isinstance(error, ftplib.Error) and _CODE.fullmatch(text[:3]) else ""
    status = int(code) if code else None
    missing = code in _MISSING and not _BUSY.search(text)
    denied = missing and _DENIED.search(text) is not None
    again = not missing
    return FetchError(
        f"{url} could not be fetched: {text}",
        url=url,
        final_url=actual,
        status=status,
        passing=again,
        again=again,
        gone=missing and not denied and a_file,
        unavailable=missing,
    )
