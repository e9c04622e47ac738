"""What the register says of a source, for assembly and for everybody who looks before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from frisat import clock
from frisat.descriptor import Descriptor
from frisat.errors import RefusedError
from licensing import GENESIS, Entry, Register, Ruling
from publishing.release import Release


def check_register(register: Register, entries: Sequence[Entry], previous: Release | None) -> None:
    """Check that the register is the one that the previous release ended with, and that time has not gone backwards.

    Raises:
        RefusedError: it is not, or it has.
    """
    today = clock.today().isoformat()
    if previous is not None and today < previous.record["date"]:
        raise RefusedError(
            f"the clock says {today}, which is before {previous.version} of {previous.record['date']}: decisions that "
            "have expired would stand again. Set the clock right"
        )
    hashes = {GENESIS, *(entry.hash for entry in entries)}
    if previous is not None and previous.record["register_head"] not in hashes:
        raise RefusedError(
            f"the register {register.path} lacks the record that {previous.version} ended with: it is another one, or "
            f"records were removed. Restore it from a backup or from {previous.path}/rights/register.jsonl"
        )


def ruling_of(
    descriptor: Descriptor,
    register: Register,
    day: date,
    *,
    reserved: Mapping[str, datetime] | None = None,
    entries: Sequence[Entry] | None = None,
) -> Ruling:
    """Return what holds for the documents of a source on a day; see :class:`licensing.Ruling`."""
    return Ruling.of(
        register,
        descriptor.name,
        descriptor.rights_sha256(),
        descriptor.document_types,
        day,
        reserved=reserved,
        entries=entries,
    )
