"""The rules of rights that look at a release as a whole, with nothing but its own files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from frisat.errors import RefusedError, UsageError
from frisat.parquet import read_columns, read_groups
from licensing import (
    GENESIS,
    PRIVATE,
    PUBLISHABLE,
    Case,
    Finding,
    Register,
    access_open,
    decision_findings,
    decision_of,
    document_breaks,
    find_licence,
    hub_fields,
    parse_expression,
    read_chain,
)
from publishing.release import Release
from publishing.rights import refusal

_COLUMNS = ["id", "source", "license", "decision_id", "attribution", "document_type", "url", "created", "details"]
_NEEDS_A_LINE = frozenset({"attribution", "share-alike"})
_TOMBSTONE = frozenset({"id", "source", "reason", "since", "near_copy_of", "last_version"})
_METADATA = ("croissant.json", "dcat.ttl")
_SHOWN = 5


@dataclass(slots=True)
class _Seen:
    """What the rows of a release say of rights: licences by source, and ids by what is wrong with them."""

    licences: dict[str, set[str]] = field(default_factory=dict)
    decisions: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    wrong: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)

    def fault(self, rule: str, what: str, identity: str) -> None:
        self.wrong.setdefault((rule, what), []).append(identity)


class ReleaseRules:
    """The rules over the release in ``folder``, whose record is ``record``. ``whole``: raw evidence lies there too."""

    def __init__(self, folder: Path, record: Mapping[str, Any], *, whole: bool = False) -> None:
        self.folder, self.record, self.whole = folder, record, whole
        self.day = date.fromisoformat(record["date"])

    def findings(self) -> list[Finding]:
        """Return the rules that the release breaks, by their order."""
        checks = (self._rows, self._licences, self._pages, self._repository, self._chain, self._decisions, self._gone)
        return sorted((found for check in checks for found in check()), key=lambda f: (f.rule, f.about, f.what))

    @cached_property
    def rows(self) -> _Seen:
        """What the published rows say; read once."""
        seen = _Seen()
        decided = {body["decision_id"]: decision_of(-1, _own(body)) for body in self.record["decisions"]}
        sources = {source["name"]: source for source in self.record["sources"]}
        for file in self.record["files"]:
            for group in read_groups(self.folder / file["path"], _COLUMNS):
                for row in group.to_pylist():
                    seen.ids.add(row["id"])
                    seen.licences.setdefault(row["source"], set()).add(row["license"])
                    seen.decisions.setdefault(row["decision_id"], set()).add((row["license"], row["source"]))
                    self._look_at(seen, row, decided.get(row["decision_id"]), sources.get(row["source"], {}))
        return seen

    def _look_at(self, seen: _Seen, row: Mapping[str, Any], decision: Any, source: Mapping[str, Any]) -> None:
        asks = _licence_class(row["license"]) in _NEEDS_A_LINE
        if asks and not (row["attribution"] or "").strip():
            seen.fault("L09", f"{row['license']} asks for a line of attribution, and there is none", row["id"])
        if decision is not None:
            for rule in document_breaks(decision, row, source.get("document_types", ())):
                seen.fault(rule, f"under {row['license']} by {row['decision_id']}", row["id"])
            status = decision.status_at(self.day, None)
            if status not in PUBLISHABLE:
                seen.fault("L07", f"decision {row['decision_id']} is {status} on {self.day}", row["id"])
        if source.get("archive") and not access_open(row, self.day, private=source["personal_data"] in PRIVATE):
            seen.fault("L21", "its access period has not ended, or its end year is not known", row["id"])

    def _rows(self) -> Iterator[Finding]:
        for (rule, what), ids in self.rows.wrong.items():
            shown = ", ".join(ids[:_SHOWN]) + (f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else "")
            yield Finding(rule, shown, what, len(ids))

    def _licences(self) -> Iterator[Finding]:
        for name in sorted({name for found in self.rows.licences.values() for name in found}):
            try:
                parse_expression(name, _registered)
            except ValueError as error:
                yield Finding("L01", name, str(error))
                continue
            if name.startswith("LicenseRef-") and (lacking := self._lacking(name)):
                yield Finding("L02", name, f"it has no {' and no '.join(lacking)}")

    def _lacking(self, name: str) -> list[str]:
        licence: Mapping[str, Any] = next((item for item in self.record["licences"] if item["id"] == name), {})
        card = self._front()
        has = {
            "title": licence.get("title"),
            "text": licence.get("text"),
            "place to read it": licence.get("url"),
            "name for the Hub": card.get("license") == "other" and card.get("license_name"),
            "link for the Hub": card.get("license_link"),
        }
        return [what for what, value in has.items() if not value]

    def _pages(self) -> Iterator[Finding]:
        named = {licence["id"] for licence in self.record["licences"]}
        found = {name for names in self.rows.licences.values() for name in names}
        if named != found:
            yield Finding("L03", "release.json", f"names {_list(named)}; the rows have {_list(found)}")
        headed = {_plain(line[3:]) for line in self._text("LICENSE.md").splitlines() if line.startswith("## ")}
        if missing := found - headed:
            yield Finding("L03", "LICENSE.md", f"does not explain {_list(missing)}")
        for page in ("NOTICE.md", "README.md"):
            text = _plain(self._text(page))
            if missing := {name for name in found if name not in text}:
                yield Finding("L03", page, f"does not name {_list(missing)}")
        for page in _METADATA:
            if (self.folder / page).is_file():
                text = self._text(page)
                missing = {name for name in found if name not in text and not _address_in(name, text)}
                if missing:
                    yield Finding("L03", page, f"does not name {_list(missing)}")
        terms = {body["decision_id"]: (body["license"], body["source"]) for body in self.record["decisions"]}
        for identity, pairs in sorted(self.rows.decisions.items()):
            if pairs != {terms.get(identity)}:
                yield Finding("L03", identity, "its rows have another licence or source than the decision")

    def _repository(self) -> Iterator[Finding]:
        found = sorted({name for names in self.rows.licences.values() for name in names})
        front = self._front()
        said = {key: front[key] for key in ("license", "license_name", "license_link") if key in front}
        wanted = hub_fields(found) if found else said
        if said != wanted:
            yield Finding("L04", "README.md", f"says {said.get('license')!r}; the rows are {_list(set(found))}")

    def _chain(self) -> Iterator[Finding]:
        try:
            entries = self._entries()
        except RefusedError as error:
            yield Finding("L17", "rights/register.jsonl", str(error))
            return
        if (entries[-1].hash if entries else GENESIS) != self.record["register_head"]:
            yield Finding("L17", "rights/register.jsonl", "ends in another record than release.json names")

    def _decisions(self) -> Iterator[Finding]:
        try:
            entries = self._entries()
        except RefusedError:
            return
        captured = {entry.body["evidence_id"]: entry.body for entry in entries if entry.kind == "evidence"}
        register = Register(self.folder / "rights")
        for body in self.record["decisions"]:
            decision = decision_of(-1, _own(body))
            evidence = [captured[key] for key in decision.evidence_ids if key in captured]
            for finding in decision_findings(Case(decision, evidence, register, self.day)):
                # Without the raw evidence nobody can say whether it stands; the bundle has it.
                if finding.severity == "E" and (self.whole or finding.rule != "L05"):
                    yield finding

    def _gone(self) -> Iterator[Finding]:
        tombs = self.record.get("withdrawn", [])
        columns = read_columns(self.folder / "excluded.parquet", ["id", "reason"]).to_pylist()
        excluded = {row["id"] for row in columns if row["reason"] == "withdrawn"}
        for tomb in tombs:
            if tomb["id"] in self.rows.ids:
                yield Finding("L18", tomb["id"], "is withdrawn, and published")
            if more := set(tomb) - _TOMBSTONE:
                yield Finding("L18", tomb["id"], f"its tombstone says more than it may: {_list(more)}")
        for identity in sorted(excluded - {tomb["id"] for tomb in tombs}):
            if "/record/" not in identity:
                yield Finding("L18", identity, "is excluded as withdrawn and has no tombstone")

    def _entries(self) -> Any:
        return read_chain((self.folder / "rights/register.jsonl").read_bytes(), "rights/register.jsonl")

    def _front(self) -> dict[str, Any]:
        return dict(yaml.safe_load(self._text("README.md").split("---\n")[1]))

    def _text(self, name: str) -> str:
        path = self.folder / name
        return path.read_text("utf-8") if path.is_file() else ""


def release_findings(release: Release) -> list[Finding]:
    """Return the rules that a finished release breaks; see :class:`ReleaseRules`."""
    return ReleaseRules(release.path, release.record).findings()


def refuse_if_broken(folder: Path, record: Mapping[str, Any]) -> None:
    """Refuse the release in ``folder`` if it breaks a rule of severity E.

    Raises:
        RefusedError: it does; the message lists what, and how to mend it.
    """
    found = [finding for finding in ReleaseRules(folder, record).findings() if finding.severity == "E"]
    if found:
        raise refusal(found)


def _own(body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != "evidence"}


def _licence_class(name: str) -> str | None:
    try:
        return find_licence(name).licence_class
    except UsageError:
        return None


def _registered(name: str) -> str | None:
    try:
        return find_licence(name).id
    except UsageError:
        return None


def _address_in(name: str, text: str) -> bool:
    try:
        url = find_licence(name).url
    except UsageError:
        return False
    return bool(url) and url in text


def _plain(text: str) -> str:
    """Return Markdown without the backslashes that escape."""
    return re.sub(r"\\(.)", r"\1", text).strip()


def _list(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
