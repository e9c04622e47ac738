"""FTP directory listings as servers write them: MLSD (RFC 3659), ``ls -l``, and the DOS form of Microsoft's server."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from sources.client.fetching import Entry

MAX_NAME: Final = 255

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_UNIX: Final = re.compile(
    r"(?P<type>[-dlbcps])[-rwxsStTl]{9}[.+@]? +\d+ +\S+ +(?:\S+ +)?(?P<size>\d+) +"
    r"(?:(?P<month>[A-Za-z]{3}) +(?P<day>\d{1,2}) +(?:(?P<clock>\d{1,2}:\d{2})|(?P<year>\d{4}))"
    r"|(?P<iso>\d{4}-\d{2}-\d{2} \d{2}:\d{2})(?::\d{2})?) (?P<name>.+)"
)
_DOS: Final = re.compile(
    r"(?P<month>\d{2})-(?P<day>\d{2})-(?P<year>\d{4}|\d{2}) +(?P<hour>\d{1,2}):(?P<minute>\d{2}) ?(?P<half>[AP]M)? +"
    r"(?P<size><[A-Z]+>|\d+) +(?P<name>.+)"
)
_MLSD_TIME: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.\d+)?")
_UNSAFE: Final = re.compile(r"[/\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def safe_name(name: str) -> bool:
    """Say whether a name from a listing can stand for a file: no path, no control character, not too long."""
    return name not in ("", ".", "..") and len(name) <= MAX_NAME and not _UNSAFE.search(name)


def decoded(raw: bytes) -> str:
    """Return the text of a line: UTF-8, and Latin-1 where it is not."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def lines(raw: bytes) -> list[str]:
    """Return the lines of a listing that are not blank, without their ends."""
    found = (decoded(line.rstrip(b"\r")) for line in raw.split(b"\n"))
    return [line for line in found if line.strip()]


def parse_mlsd(raw: bytes) -> list[Entry] | None:
    """Read an MLSD listing. Unsafe names are passed over; ``None`` if any line is something else."""
    return _parse(lines(raw), _mlsd_line)


def parse_list(raw: bytes, now: datetime) -> list[Entry] | None:
    """Read a LIST listing, Unix or DOS. Unsafe names are passed over; ``None`` if any line is something else.

    Args:
        raw: the listing.
        now: dates without a year are taken as the last such day until then.

    Times in such listings name no zone; they are read as UTC, so they may be some hours off. Minutes are the most
    that they tell.
    """
    found = [line for line in lines(raw) if not re.fullmatch(r"total \d+", line.strip())]
    return _parse(found, lambda line: _dos_line(line) or _unix_line(line, now))


def _parse(found: list[str], read: Callable[[str], Entry | None]) -> list[Entry] | None:
    entries: list[Entry] = []
    for line in found:
        entry = read(line)
        if entry is None:
            return None
        if safe_name(entry.name):
            entries.append(entry)
    return entries


def mlsd_time(text: str) -> datetime | None:
    """Return a time of MLSD or MDTM (``20310207100002``, UTC), or nothing if it is none."""
    match = _MLSD_TIME.fullmatch(text)
    return _moment(*(int(part) for part in match.groups())) if match else None


def _mlsd_line(line: str) -> Entry | None:
    facts, space, name = line.partition(" ")
    if not space or (facts and not facts.endswith(";")):
        return None
    values = {key.lower(): value for key, _, value in (fact.partition("=") for fact in facts.split(";"))}
    kind = values.get("type", "file").lower()
    if kind in ("cdir", "pdir"):
        name = "."
    return Entry(
        name=name,
        size=_size(values.get("size", "")) if kind != "dir" else None,
        modified=mlsd_time(values.get("modify", "")),
        is_folder=kind == "dir",
    )


def _unix_line(line: str, now: datetime) -> Entry | None:
    match = _UNIX.fullmatch(line)
    if match is None:
        return None
    kind, name = match["type"], match["name"]
    if kind == "l":
        # What a link leads to is unknown, and so are its size and time.
        return Entry(name=name.partition(" -> ")[0])
    size = _size(match["size"]) if kind == "-" else None
    return Entry(name=name, size=size, modified=_unix_time(match, now), is_folder=kind == "d")


def _unix_time(match: re.Match[str], now: datetime) -> datetime | None:
    if match["iso"]:
        year, month, day, hour, minute = (int(part) for part in re.split(r"[- :]", match["iso"]))
        return _moment(year, month, day, hour, minute)
    name = match["month"].lower()
    if name not in _MONTHS:
        return None
    month, day = _MONTHS.index(name) + 1, int(match["day"])
    if match["year"]:
        return _moment(int(match["year"]), month, day)
    hour, minute = (int(part) for part in match["clock"].split(":"))
    # A day of slack: the server's clock and zone are not ours.
    for year in (now.year + 1, now.year, now.year - 1):
        moment = _moment(year, month, day, hour, minute)
        if moment is not None and moment <= now + timedelta(days=1):
            return moment
    return None


def _dos_line(line: str) -> Entry | None:
    match = _DOS.fullmatch(line)
    if match is None:
        return None
    year, hour = int(match["year"]), int(match["hour"])
    if len(match["year"]) == 2:
        year += 1900 if year >= 70 else 2000
    if match["half"]:
        hour = hour % 12 + (12 if match["half"] == "PM" else 0) if 1 <= hour <= 12 else 99
    is_file = match["size"].isdigit()
    return Entry(
        name=match["name"],
        size=_size(match["size"]) if is_file else None,
        modified=_moment(year, int(match["month"]), int(match["day"]), hour, int(match["minute"])),
        is_folder=match["size"] == "<DIR>",
    )


def _size(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _moment(*parts: int) -> datetime | None:
    try:
        return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]
    except ValueError:
        return None
