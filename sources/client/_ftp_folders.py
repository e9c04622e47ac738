"""Reading a folder of an FTP server: by MLSD where it is known, else by LIST, else name by name."""

from __future__ import annotations

import ftplib
from typing import Final

from frisat import clock
from sources.client._ftp_control import UNKNOWN_COMMAND, Control, wire
from sources.client._ftp_listing import decoded, lines, parse_list, parse_mlsd, safe_name
from sources.client.fetching import Entry, FetchError

_MAX_LISTING: Final = 20_000_000
_MAX_ASKED: Final = 5000
"""Names whose size and time are asked for one by one, where the server has no better listing."""


def read_folder(control: Control, path: bytes, url: str) -> tuple[bytes, list[Entry]]:
    """Return what stands in the folder at ``path``: the listing as it came, and its lines read.

    A listing with a line that cannot be read is passed over for the next kind of listing: what is missing from a
    listing is taken to be gone.

    Raises:
        FetchError: no kind of listing can be had, or it is far too large.
        OSError, EOFError, ftplib.Error, Broken: the connection or the server failed.
    """
    folder = wire(path) or "/"
    control.voidcmd(f"CWD {folder}")
    raw = _listing(control, "MLSD", url)
    found = parse_mlsd(raw) if raw is not None else None
    if raw is None or found is None:
        raw = _listing(control, "LIST", url)
        found = parse_list(raw, clock.now()) if raw is not None else None
    if raw is None or found is None:
        raw = _listing(control, "NLST", url)
        found = _one_by_one(control, raw, folder, url) if raw is not None else None
    if raw is None or found is None:
        raise FetchError(f"{url} cannot be listed: the server knows neither MLSD, LIST nor NLST", url=url, passing=True)
    return raw, found


def _listing(control: Control, command: str, url: str) -> bytes | None:
    if command in control.unknown:
        return None
    found = bytearray()
    try:
        for piece in control.pieces(command):
            found += piece
            if len(found) > _MAX_LISTING:
                raise FetchError(f"{url} has a listing of more than {_MAX_LISTING:,} bytes; refused", url=url)
    except ftplib.error_perm as error:
        if str(error)[:3] not in UNKNOWN_COMMAND:
            raise
        control.unknown.add(command)
        return None
    return bytes(found)


def _one_by_one(control: Control, raw: bytes, folder: str, url: str) -> list[Entry]:
    prefix = decoded(folder.encode("latin-1")).rstrip("/") + "/"
    names = [name.removeprefix(prefix) for name in lines(raw)]
    if len(names) > _MAX_ASKED:
        raise FetchError(f"{url} lists {len(names):,} bare names; too many to ask for one by one", url=url)
    return [_asked(control, name, folder) for name in names if safe_name(name)]


def _asked(control: Control, name: str, folder: str) -> Entry:
    sent = wire(name.encode())
    size = control.size_of(sent)
    if size is not None:
        return Entry(name=name, size=size, modified=control.modified(sent))
    try:
        control.voidcmd(f"CWD {sent}")
    except ftplib.error_perm:
        return Entry(name=name, modified=control.modified(sent))
    control.voidcmd(f"CWD {folder}")
    return Entry(name=name, is_folder=True)
