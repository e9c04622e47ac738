"""Withdrawals: requests that a text must not appear again, what was answered, and by when something must be.

They stand in a chained file of their own beside the register (``register/withdrawals``), which no release carries: a
request names people. What a release says of them are tombstones: an id, why, since when; no text and no hash of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from frisat import clock
from frisat.errors import UsageError
from frisat.files import sha256
from frisat.workspace import Workspace
from licensing import Register

KINDS = ("copyright", "personal_data", "wrong_licence", "error")
"""Why a text is asked to be withdrawn."""

ANSWERS = ("acknowledged", "upheld", "rejected")
"""What may be answered. A text stays away from the day of the request until that is rejected."""

ACKNOWLEDGE_IN, DECIDE_IN = 2, 30
"""Working days to acknowledge a request, days to decide it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """A request, and what became of it: ``open``, ``acknowledged``, ``upheld`` or ``rejected``."""

    request: str
    id: str
    reason: str
    note: str
    by: str
    received: date
    acknowledge_by: date
    decide_by: date
    erase: bool = False
    state: str = "open"

    @property
    def source(self) -> str:
        """The source that the document belongs to."""
        return self.id.partition("/")[0]

    @property
    def stands(self) -> bool:
        """Whether the text stays away."""
        return self.state != "rejected"

    def due(self) -> date | None:
        """Return by when the next step must be taken, if one must."""
        return {"open": self.acknowledge_by, "acknowledged": self.decide_by}.get(self.state)

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        due = self.due()
        shown = {k: v.isoformat() if isinstance(v, date) else v for k, v in fields.items()}
        return {**shown, "due": due.isoformat() if due else None}


def withdrawals_of(workspace: Workspace) -> Register:
    """Return the chained file that holds requests and answers."""
    return Register(workspace.register / "withdrawals")


def requests(workspace: Workspace, until: date | None = None) -> list[Withdrawal]:
    """Return all requests, oldest first, with their answers; ``until``: as they stood at the end of that day.

    Raises:
        RefusedError: a record was edited, removed, moved or doubled.
    """
    found: dict[str, Withdrawal] = {}
    for entry in withdrawals_of(workspace).entries():
        body = entry.body
        if until is not None and entry.at[:10] > until.isoformat():
            break
        if entry.kind == "request":
            dates = {name: date.fromisoformat(body[name]) for name in ("received", "acknowledge_by", "decide_by")}
            found[body["request"]] = Withdrawal(**{**body, **dates})
        elif body["request"] in found:
            found[body["request"]] = replace(found[body["request"]], state=body["answer"])
    return list(found.values())


def standing_withdrawals(workspace: Workspace) -> dict[str, Withdrawal]:
    """Return what stays away, by id; of several requests for one id the first that stands."""
    found: dict[str, Withdrawal] = {}
    for request in requests(workspace):
        if request.stands:
            found.setdefault(request.id, request)
    return found


def record_request(workspace: Workspace, identity: str, reason: str, note: str, by: str, *, erase: bool) -> Withdrawal:
    """Record a request; the workspace's lock must be held. Personal data are always erased.

    Raises:
        UsageError: no such reason, or nothing is said; nothing was recorded.
    """
    if reason not in KINDS:
        raise UsageError(f"{reason!r} is no reason to withdraw; choose from {', '.join(KINDS)}")
    if not note.strip():
        raise UsageError("--note is empty; say who asked, and how")
    register = withdrawals_of(workspace)
    today = clock.today()
    number = len(register.entries())
    made = Withdrawal(
        request=f"w-{today.isoformat()}-{sha256(f'{number} {identity}')[:8]}",
        id=identity,
        reason=reason,
        note=note.strip(),
        by=by.strip() or "unnamed",
        received=today,
        acknowledge_by=working_days_after(today, ACKNOWLEDGE_IN),
        decide_by=today + timedelta(days=DECIDE_IN),
        erase=erase or reason == "personal_data",
    )
    body = {key: value for key, value in made.as_dict().items() if key not in {"state", "due"}}
    register.append([("request", body)])
    return made


def record_answer(workspace: Workspace, request: str, answer: str, note: str, by: str) -> Withdrawal:
    """Record what was answered; the workspace's lock must be held.

    Raises:
        UsageError: no such request or answer, or nothing is said; nothing was recorded.
    """
    found = find_request(workspace, request)
    if answer not in ANSWERS:
        raise UsageError(f"{answer!r} is no answer; choose from {', '.join(ANSWERS)}")
    if not note.strip() or not by.strip():
        raise UsageError("an answer needs --note and --by")
    body = {"request": found.request, "answer": answer, "note": note.strip(), "by": by.strip(),
            "answered_at": clock.now().isoformat(timespec="milliseconds")}  # fmt: skip
    withdrawals_of(workspace).append([("answer", body)])
    return replace(found, state=answer)


def find_request(workspace: Workspace, request: str) -> Withdrawal:
    """Return the request with this id.

    Raises:
        UsageError: there is none.
    """
    known = {found.request: found for found in requests(workspace)}
    if request not in known:
        raise UsageError(f"no request is called {request!r}; there are: {', '.join(known) or 'none'}")
    return known[request]


def working_days_after(day: date, count: int) -> date:
    """Return the day ``count`` working days after ``day``. Holidays count as working days: that is the earlier day."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def tombstones(
    standing: Mapping[str, Withdrawal],
    copies: Mapping[str, str],
    held_before: Iterable[str],
    previous: Mapping[str, Any] | None,
) -> list[dict[str, Any]]:
    """Return what a release says of what was withdrawn, by id.

    Args:
        standing: the withdrawals that stand, by id.
        copies: near copies of them that are withheld, and what each is a copy of.
        held_before: ids that the previous release published.
        previous: the record of the previous release.
    """
    before = {tomb["id"]: tomb for tomb in (previous or {}).get("withdrawn", [])}
    published = set(held_before)
    found = []
    for identity in sorted({*standing, *copies}):
        withdrawal = standing.get(identity) or standing[copies[identity]]
        tomb: dict[str, Any] = {
            "id": identity,
            "source": identity.partition("/")[0],
            "reason": withdrawal.reason,
            "since": withdrawal.received.isoformat(),
        }
        if identity not in standing:
            tomb["near_copy_of"] = copies[identity]
        last = before.get(identity, {}).get("last_version")
        if previous and identity in published:
            last = previous["version"]
        found.append({**tomb, **({"last_version": last} if last else {})})
    return found
