"""An anonymous FTP client: files and folders, on the standard library's ftplib.

Passive mode by PASV, never EPSV; IPv4. Broken transfers go on where they broke if the server allows it, and from the
beginning if it does not, or if the file has changed meanwhile. The length is checked against what the server says.
"""

from __future__ import annotations

import ftplib
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Final, Self, TypeVar
from urllib.parse import unquote_to_bytes, urlsplit

from frisat import clock
from sources.client._ftp_control import Broken, Control, as_fetch_error, wire
from sources.client._ftp_folders import read_folder
from sources.client._ftp_receiver import Receiver
from sources.client._retrying import Retrying
from sources.client._urls import check
from sources.client.fetching import MAX_BYTES, Entry, FetchError, Limits, Response, Timing

T = TypeVar("T")

_IDLE_SECONDS: Final = 30.0
"""A connection unused for longer is asked whether it still stands."""


class FtpClient:
    """Fetches files and reads folders; keeps one connection open and uses it again. May be shared by threads.

    Args:
        contact: how the publisher reaches us; the password of an anonymous login.
        folder: where bodies too large for memory are put.
        timing: the clock, and the way to wait.
        limits: times, attempts, and what is too large for memory.
    """

    def __init__(
        self, contact: str, *, folder: Path, timing: Timing | None = None, limits: Limits | None = None
    ) -> None:
        self._contact = contact.removeprefix("mailto:")
        self._folder = folder
        self._timing = timing or Timing()
        self._limits = limits or Limits()
        self._lock = threading.RLock()
        self._control: Control | None = None
        self._place: tuple[str, int] | None = None
        self._used = 0.0
        self._deadline = 0.0
        self._asking = ("", "")
        self._unknown: dict[tuple[str, int], set[str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def fetch(self, url: str, *, actual: str | None = None, max_bytes: int = MAX_BYTES) -> Response:
        """Return the file at ``url``, whole.

        Args:
            url: its official address.
            actual: the address that is really asked, where a mirror answers.
            max_bytes: a larger file is refused, as soon as that is known.

        Raises:
            FetchError: it cannot be had; after all attempts where another one could help.
        """
        place = actual or url
        path = _path(place, url)
        with self._lock:
            receiver = Receiver(url, folder=self._folder, memory=self._limits.memory, max_bytes=max_bytes)
            try:
                modified = self._attempts(url, place, lambda control: self._retrieve(control, path, receiver))
                body, digest, size = receiver.finish()
            finally:
                receiver.discard()
        headers = {"content-length": str(size)}
        if modified is not None:
            headers["last-modified"] = format_datetime(modified, usegmt=True)
        return Response(
            url=url,
            final_url=place,
            status=226,
            retrieved_at=clock.now(),
            body=body,
            sha256=digest,
            size=size,
            headers=headers,
        )

    def entries(self, url: str, *, actual: str | None = None) -> tuple[bytes, list[Entry]]:
        """Return what stands in the folder at ``url``: the listing as it came, and its lines read.

        Names that no file of ours could have (with a slash, control characters, ``..``) are passed over.

        Raises:
            FetchError: it cannot be had, or not be read to the last line: half a listing is none.
        """
        place = actual or url
        path = _path(place, url)
        with self._lock:
            return self._attempts(url, place, lambda control: read_folder(control, path, url), a_file=False)

    def close(self) -> None:
        """End the connection, if one is open."""
        with self._lock:
            if self._control is not None:
                self._control.close()
            self._control = None

    def _attempts(self, url: str, place: str, action: Callable[[Control], T], *, a_file: bool = True) -> T:
        def attempt(deadline: float) -> T:
            self._deadline, self._asking = deadline, (url, place)
            try:
                found = action(self._connected(place))
            except FetchError:
                self.close()
                raise
            except (Broken, OSError, EOFError, ftplib.Error) as error:
                self.close()
                raise as_fetch_error(error, url, place, a_file=a_file) from error
            self._used = self._timing.monotonic()
            return found

        return Retrying(self._limits, self._timing, lambda _: None).run(attempt)

    def _connected(self, place: str) -> Control:
        parts = urlsplit(place)
        wanted = (parts.hostname or "", parts.port or ftplib.FTP_PORT)
        if self._control is not None and self._place == wanted:
            if self._timing.monotonic() - self._used <= _IDLE_SECONDS:
                return self._control
            with suppress(OSError, EOFError, ftplib.Error):
                self._control.voidcmd("NOOP")
                return self._control
        self.close()

        control = Control(self._limits, self._in_time, self._unknown.setdefault(wanted, set()))
        # Known before it is open, so that it is closed however the opening ends.
        self._control, self._place = control, wanted
        control.open(*wanted, self._contact)
        return control

    def _in_time(self) -> None:
        if self._timing.monotonic() > self._deadline:
            url, place = self._asking
            message = f"{url} took longer than {self._limits.total:g} s"
            raise FetchError(message, url=url, final_url=place, passing=True)

    def _retrieve(self, control: Control, path: bytes, receiver: Receiver) -> datetime | None:
        """Take the file into ``receiver``, going on where an earlier attempt broke; return when it was changed."""
        name = wire(path)
        size, modified = control.size_of(name), control.modified(name)
        receiver.check(size)
        receiver.expect((size, modified))
        try:
            self._transfer(control, name, receiver)
        except ftplib.error_perm:
            if not receiver.size:
                raise
            # The server does not go on in the middle of a file.
            receiver.restart()
            self._transfer(control, name, receiver)
        if size is not None and receiver.size != size:
            came = receiver.size
            if came > size or receiver.stuck():
                receiver.restart()
            raise Broken(f"{came:,} bytes came and the server called that whole, but its SIZE is {size:,}")
        return modified

    def _transfer(self, control: Control, name: str, receiver: Receiver) -> None:
        for piece in control.pieces(f"RETR {name}", receiver.size or None):
            receiver.add(piece)


def _path(place: str, url: str) -> bytes:
    """Return the path of an address as bytes.

    Raises:
        FetchError: it is no address of FTP, or its path leads elsewhere than it says.
    """
    path = unquote_to_bytes(check(place, official=url, schemes=("ftp",)).path)
    try:
        wire(path)
    except ValueError as error:
        raise FetchError(f"{url} is no path of a file: it {error}", url=url, final_url=place) from error
    return path
