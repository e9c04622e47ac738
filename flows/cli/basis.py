"""Telling on what basis a document was published, or would be, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from flows.cli.common import safe, table

_TERMS = {"license": "licence", "legal_basis": "legal basis", "attribution": "attribution"}
_DECISION = {
    "status": "decided", "license": "licence", "legal_basis": "legal basis", "scope": "for", "decided_by": "by",
    "second_reviewer": "and by", "decided_at": "at", "valid_from": "valid from", "review_due": "review due",
    "reasoning": "reasoning", "doubts": "doubts", "not_checked": "not checked", "weighed": "weighed",
}  # fmt: skip


def tell_basis(found: Mapping[str, Any]) -> None:
    """Print what :func:`flows.timetravel.basis` found."""
    click.echo(click.style(safe(found["id"]), bold=True))
    if "released" in found:
        _tell_release(found["released"])
    if "at" in found:
        _tell_day(found["at"])


def _tell_release(told: Mapping[str, Any]) -> None:
    where = f"{told['version']} of {told['date']}"
    if not told["published"]:
        detail = f" ({told['detail']})" if told.get("detail") else ""
        click.echo(safe(f"{where} does not publish it: {told['reason']}{detail}"))
        return
    click.echo(f"{where} publishes it, since {told['added']}, on this basis:")
    _tell_decision(told["decision"], {name: told[key] for key, name in _TERMS.items()})


def _tell_day(told: Mapping[str, Any]) -> None:
    decision = told["decision"]
    would = "could" if told["publishable"] else "could not"
    click.echo(f"On {told['day']} it {would} be published, as far as rights go: {told['status']}")
    for one in told["against"]:
        click.echo(safe(f"  against it: {one}"))
    for rule in told["rules"]:
        click.echo(safe(f"  rule {rule}"))
    if decision is None:
        click.echo(f"  no decision covered it ({told['records']} records were in the register by the end of that day)")
    else:
        _tell_decision(decision, {})


def _tell_decision(decision: Mapping[str, Any], terms: Mapping[str, Any]) -> None:
    said = {name: decision.get(key) for key, name in _DECISION.items()}
    rows = {"decision": decision["decision_id"], **said, **terms}
    lines = [{"what": f"  {name}", "is": _plain(value)} for name, value in rows.items() if value]
    lines += [{"what": "  evidence", "is": _cited(body)} for body in decision.get("evidence", [])]
    click.echo(table(lines, {"what": "", "is": ""}).strip("\n"))


def _plain(value: object) -> str:
    return "; ".join(f"{key}: {why}" for key, why in value.items()) if isinstance(value, Mapping) else str(value)


def _cited(body: Mapping[str, Any]) -> str:
    where = body.get("url") or body["name"]
    return f"{where}, {body['retrieved_at'][:10]}: “{body['quote']}” (SHA-256 {body['raw_sha256'][:16]}…)"
