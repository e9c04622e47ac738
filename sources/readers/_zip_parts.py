"""The parts of an Office file: members of a ZIP, read by name and within limits, never unpacked to disk."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections import Counter
from lzma import LZMAError
from typing import TYPE_CHECKING, Final

from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError
from sources.readers.xml import parse_xml

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_PARTS: Final = 10_000
MAX_PART_BYTES: Final = 150_000_000
MAX_TOTAL_BYTES: Final = 300_000_000
INFLATION_LIMIT: Final = 200
"""How many times larger than its compressed bytes a part of over 8 MB may be; text in XML comes to 5 to 30."""
_INFLATION_FREE: Final = 8_000_000
_DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, LZMAError, EOFError, OSError, ValueError, NotImplementedError, RuntimeError,
    struct.error, KeyError, IndexError,
)  # fmt: skip


class Parts:
    """An open Office file."""

    def __init__(self, body: bytes) -> None:
        """Open it.

        Raises:
            EmptyRecordError: no bytes.
            NotTextError: no ZIP.
            BrokenRecordError: cut short, or with too many parts.
        """
        if not body.strip(b"\0 \t\r\n"):
            raise EmptyRecordError("holds no bytes but white space")
        if not body.startswith(b"PK"):
            raise NotTextError(f"is no Office file: it begins with {body[:12]!r}, not as a ZIP does")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(body))
            members = self._zip.infolist()
        except _DAMAGE as error:
            raise BrokenRecordError(f"is a ZIP that is damaged or cut short ({error}); fetch it again") from error
        if len(members) > MAX_PARTS:
            raise BrokenRecordError(f"has {len(members):,} parts; more than {MAX_PARTS:,} are not read")
        names = Counter(member.filename for member in members)
        self._members = {member.filename: member for member in members}
        twice = [name for name, count in names.items() if count > 1]
        if twice:
            raise BrokenRecordError(f"holds a part twice: {twice[0][:80]!r}")
        self._read = 0

    @property
    def names(self) -> list[str]:
        """The names of all parts, sorted."""
        return sorted(self._members)

    def xml(self, name: str) -> Element | None:
        """Return the root of a part in XML, or nothing where there is no such part."""
        member = self._members.get(name)
        if member is None:
            return None
        data = self._bytes(member)
        try:
            return parse_xml(data)
        except (BrokenRecordError, NotTextError, EmptyRecordError) as error:
            raise BrokenRecordError(f"has a part {name[:80]!r} that {error}") from error

    def _bytes(self, member: zipfile.ZipInfo) -> bytes:
        name = member.filename[:80]
        if member.flag_bits & 1:
            raise BrokenRecordError(f"has an encrypted part {name!r}; ask the publisher for an open copy")
        most = min(MAX_PART_BYTES, max(_INFLATION_FREE, INFLATION_LIMIT * member.compress_size))
        try:
            with self._zip.open(member) as file:
                data = file.read(most + 1)
        except _DAMAGE as error:
            raise BrokenRecordError(f"has a part {name!r} that cannot be unpacked ({error}); fetch it again") from error
        self._read += len(data)
        if len(data) > most or self._read > MAX_TOTAL_BYTES:
            raise BrokenRecordError(f"has a part {name!r} that inflates beyond reason (over {len(data):,} bytes)")
        return data


def relation_target(folder: str, target: str) -> str:
    """Return the name of the part that a relation of a part in ``folder`` points to; it cannot leave the file."""
    joined = target if target.startswith("/") else posixpath.join("/", folder, target)
    return posixpath.normpath(joined).lstrip("/")
