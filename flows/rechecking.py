"""Asking again for the terms that standing decisions rest on; what has changed expires them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from flows.evidence import gather
from flows.rights import ruling_over
from frisat import clock
from frisat.report import Reporter
from frisat.workspace import Workspace
from licensing import (
    PUBLISHABLE,
    Capture,
    Decision,
    Register,
    capture,
    captured_text,
    difference,
    find_quote,
    record_event,
    reservations_in_signals,
    sentences,
    statement_text,
)
from sources import FetchError, Source, all_sources, find_source

State = Literal["unchanged", "changed", "gone", "moved", "reserved", "not reached"]

_EVENTS = {"gone": "address_gone", "moved": "address_gone", "reserved": "signal_changed"}
_BY = "frisat review recheck"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What became of the address a decision rests on: ``state``, and ``what`` of it a person should see.

    ``found`` is the page as it is now, where it was reached, and ``quote`` a passage of it: the one relied on if it
    still stands, else the first that is new.
    """

    source: str
    decision: Decision
    evidence_id: str
    url: str
    state: State
    what: str = ""
    found: Capture | None = None
    quote: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {"source": self.source, "decision_id": self.decision.decision_id, "evidence_id": self.evidence_id,
                "url": self.url, "state": self.state, "what": self.what}  # fmt: skip


def look_again(workspace: Workspace, names: Sequence[str], report: Reporter) -> list[Seen]:
    """Fetch the addresses that standing decisions rest on, and compare by sentence. Records nothing.

    Args:
        workspace: where the register is.
        names: sources; none means all.
        report: told of progress.

    Raises:
        UsageError: no such source, or no contact is set.
    """
    sources = [find_source(workspace, name) for name in dict.fromkeys(names)] or list(all_sources(workspace).values())
    register = Register(workspace.register)
    wanted = [one for source in sources for one in _relied_on(workspace, source, register)]
    pages: dict[str, Capture | FetchError] = {}
    seen = []
    for decision, body in report.track(wanted, label="Asking again for terms", total=len(wanted)):
        if body["url"] not in pages:
            pages[body["url"]] = _page(body["url"])
        known = {
            "source": decision.source,
            "decision": decision,
            "evidence_id": body["evidence_id"],
            "url": body["url"],
        }
        seen.append(Seen(**known, **_compared(register, body, pages[body["url"]])))
    return seen


def _relied_on(workspace: Workspace, source: Source, register: Register) -> Iterator[tuple[Decision, dict[str, Any]]]:
    """Yield the standing decisions of a source, each with the evidence that came from an address."""
    ruling = ruling_over(workspace, source, clock.today(), entries=register.entries())
    latest = {decision.scope: decision for decision in ruling.decisions}.values()
    for decision in latest:
        if decision.status in PUBLISHABLE and ruling.status(decision) != "expired":
            for identity in decision.evidence_ids:
                body = ruling.evidence.get(identity, {})
                if body.get("url"):
                    yield decision, body


def _page(url: str) -> Capture | FetchError:
    try:
        return gather(url)
    except FetchError as error:
        return error


def _compared(register: Register, before: dict[str, Any], now: Capture | FetchError) -> dict[str, Any]:
    if isinstance(now, FetchError):
        forbidden = now.signals.get("robots") == "forbidden"
        state = "gone" if now.gone else "reserved" if forbidden else "not reached"
        return {"state": state, "what": str(now)}
    known = {one.wording for one in reservations_in_signals(before.get("signals") or {})}
    reserved = [one for one in reservations_in_signals(now.signals or {}) if one.wording not in known]
    if reserved:
        return {"state": "reserved", "what": f"{reserved[0].where}: {reserved[0].wording}"}
    there = _host(now.final_url or before["url"])
    if there not in {_host(before["url"]), _host(before.get("final_url") or "")}:
        return {"state": "moved", "what": f"{before['url']} now leads to {there}"}
    return _by_sentence(register, before, now)


def _by_sentence(register: Register, before: dict[str, Any], now: Capture) -> dict[str, Any]:
    old, new = statement_text(register, before), captured_text(now)
    if old is None:
        return {"state": "not reached", "what": "the earlier capture is gone (L05): restore register/evidence"}
    found = difference(old, new)
    if not found:
        return {"state": "unchanged"}
    stands = find_quote(new, before["quote"]) is not None
    shown = [f"+ {one}" for one in found.added] + [f"- {one}" for one in found.removed] or ["another order"]
    lost = [] if stands else ["the passage relied on no longer stands"]
    quote = before["quote"] if stands else next(iter((*found.added, *sentences(new))), "")
    return {"state": "changed", "what": "; ".join([*lost, *shown])[:400], "found": now, "quote": quote}


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def note_changes(workspace: Workspace, seen: Sequence[Seen]) -> None:
    """Record what :func:`look_again` saw to have changed; the workspace's lock must be held.

    A changed page is captured anew, which expires what rests on the earlier capture; an address that is gone or leads
    elsewhere, and a new reservation, are events. What was not reached is not recorded: it may pass.
    """
    register = Register(workspace.register)
    noted: set[tuple[str | None, ...]] = set()
    for one in seen:
        event = _EVENTS.get(one.state) or ("terms_changed" if one.state == "changed" and not one.quote else None)
        if event is not None:
            note, only = f"{one.url}: {one.what}", str(one.decision.scope) or None
            if (one.source, event, note, only) not in noted:
                record_event(register, one.source, event, note, _BY, only)
                noted.add((one.source, event, note, only))
        elif one.found is not None and (one.source, one.evidence_id) not in noted:
            kept = capture(register, one.source, one.found, one.quote)
            register.append([("evidence", kept.body())])
            noted.add((one.source, one.evidence_id))
