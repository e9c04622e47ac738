"""What the register says of a source, for assembly and for everybody who looks before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from frisat import clock
from frisat.descriptor import Descriptor
from frisat.errors import RefusedError
from licensing import GENESIS, PUBLISHABLE, Entry, Finding, Register, Ruling, find_licence, rules
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


def check_decisions(rulings: Sequence[Ruling]) -> None:
    """Check that no decision that stands would let a release break a rule for which it is refused.

    Raises:
        RefusedError: one would; the message lists what, and how to mend it.
    """
    broken = [
        finding
        for ruling in rulings
        for decision in {decision.scope: decision for decision in ruling.decisions}.values()
        if decision.status_at(ruling.day, ruling.claim) in PUBLISHABLE
        for finding in ruling.findings(decision)
        if rules()[finding.rule].refuses
    ]
    if broken:
        raise refusal(broken)


def refusal(broken: Sequence[Finding]) -> RefusedError:
    """Return the error that refuses a release for the rules it would break."""
    listed = "".join(f"\n  {finding}. {rules()[finding.rule].fix}" for finding in broken)
    return RefusedError(f"the release would break {len(broken)} rules of rights; nothing was written:{listed}")


def with_own_terms(
    licences: Sequence[Mapping[str, Any]], decisions: Sequence[Mapping[str, Any]], sources: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the licences of a release; agreements and authorities' terms with what only the decisions know of them.

    That is where they can be read, and what they say: of an agreement its public summary and the licence under which
    the public has the texts; of an authority's terms the passage relied on.

    Args:
        licences: ``licences`` of ``release.json``; each has ``id``, ``url`` and ``text``.
        decisions: its ``decisions``, with their evidence.
        sources: its ``sources``: where the evidence is a file, the address that the source gives for its claim stands.
    """
    stated = {source["name"]: source["rights"]["stated_at"] for source in sources}
    found = []
    for licence in licences:
        mine = [body for body in decisions if body["license"] == licence["id"]]
        if licence["url"] or not mine:
            found.append(dict(licence))
            continue
        texts = [licence["text"], *(text for body in mine for text in _own_text(body))]
        found.append({**licence, "url": _own_url(mine[0], stated), "text": " ".join(dict.fromkeys(texts))})
    return found


def _own_text(body: Mapping[str, Any]) -> Iterator[str]:
    agreement = body.get("agreement")
    if agreement:
        yield agreement["public_summary"]
        if agreement.get("outgoing_licence"):
            yield f"The public has the texts under {agreement['outgoing_licence']}."
    else:
        yield from (f"“{item['quote']}” ({item['name']}, {item['retrieved_at'][:10]})." for item in body["evidence"])


def _own_url(body: Mapping[str, Any], stated: Mapping[str, str]) -> str:
    outgoing = (body.get("agreement") or {}).get("outgoing_licence")
    if outgoing:
        return find_licence(outgoing).url
    addresses = [item["name"] for item in body["evidence"] if item["name"].startswith(("http://", "https://"))]
    return addresses[0] if addresses else str(stated.get(body["source"]) or "")
