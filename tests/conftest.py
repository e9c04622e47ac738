"""What tests of several parts share: a workspace with short ways to fill it."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from flows import work
from flows.build import BuildResult
from flows.build import build as build_all
from flows.reviewing import record_decision
from frisat.report import Silent
from frisat.runner import Runner, SerialRunner
from frisat.workspace import Workspace
from licensing import Proposal
from publishing import Assembled, Release, load_release
from sources import Collected, all_sources, harvest_delivery

_DESCRIPTOR = """
name = {name}
title = {{ da = {title}, en = {title} }}
description = {{ da = {description}, en = {description} }}
publisher = {publisher}
contact = "mailto:data@example.org"
landing_page = {landing_page}
update_frequency = "irregular"
domains = ["Other"]
document_types = ["minutes"]
personal_data = {personal_data}
language = {language}
rank = {rank}

[rights]
claim = {claim}
stated_at = {stated_at}
note = {{ da = "Opdigtet.", en = {note} }}
"""

TERMS = "Teksterne er frie. The texts are released under CC0 1.0, or as each decision says."


def danish(subject: str, more: str = "") -> str:
    """Return a Danish text of more than twenty words about ``subject``; other subjects give other texts."""
    return (
        f"Byrådet drøftede i aften {subject} og besluttede efter en lang forhandling at sende sagen videre til "
        f"udvalget, som skal vende tilbage med et forslag, når høringen er afsluttet og svarene er læst. {more}"
    ).strip()


class Desk:
    """A workspace under ``root``, and what a data engineer and a reviewer do with it."""

    def __init__(self, root: Path, clock: pytest.MonkeyPatch, day: str = "2041-03-01") -> None:
        self.root = root
        self.workspace = Workspace(root / "workspace")
        self._clock = clock
        self.at(day)

    def at(self, day: str) -> None:
        """Set the clock to noon of ``day``."""
        noon = datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)
        self._clock.setenv("SOURCE_DATE_EPOCH", str(int(noon.timestamp())))

    def folder(self, name: str, rows: Sequence[Mapping[str, Any]], **descriptor: Any) -> Path:
        """Write a delivery without code and return its folder; a later one of the same name takes its place."""
        folder = self.root / "deliveries" / name
        folder.mkdir(parents=True, exist_ok=True)
        values: dict[str, Any] = {
            "name": name,
            "title": f"Title of {name}",
            "description": f"Description of {name}.",
            "publisher": f"Publisher of {name}",
            "landing_page": f"https://example.org/{name}",
            "language": "da",
            "personal_data": "none",
            "rank": 100,
            "claim": "CC0-1.0",
            "stated_at": "https://example.org/terms",
            "note": "Invented.",
            **descriptor,
        }
        written = _DESCRIPTOR.format(**{key: json.dumps(value, ensure_ascii=False) for key, value in values.items()})
        (folder / "source.toml").write_text(written, "utf-8")
        lines = (row["raw"] if "raw" in row else json.dumps(row, ensure_ascii=False) for row in rows)
        (folder / "rows.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")
        return folder

    def deliver(self, name: str, rows: Sequence[Mapping[str, Any]], **descriptor: Any) -> Collected:
        """Harvest a delivery of ``rows`` (``{"raw": line}`` is written as it stands)."""
        folder = self.folder(name, rows, **descriptor)
        with self.workspace.lock("test"):
            return harvest_delivery(self.workspace, name, folder, Silent())

    def build(self, runner: Runner | None = None) -> BuildResult:
        """Extract, refine and link everything."""
        with self.workspace.lock("test"):
            found = list(all_sources(self.workspace).values())
            return build_all(self.workspace, found, runner or SerialRunner(), Silent())

    def decide(self, source: str, **changes: Any) -> dict[str, Any]:
        """Record a decision: cleared under CC0, unless ``changes`` say otherwise."""
        terms = self.root / "terms.txt"
        terms.write_text(TERMS, "utf-8")
        with self.workspace.lock("test"):
            return record_decision(self.workspace, proposal(source, **changes), terms, "released under CC0 1.0")

    def release(self, runner: Runner | None = None, **options: Any) -> Assembled:
        """Assemble a release."""
        with self.workspace.lock("test"):
            return work.do_release(self.workspace, runner or SerialRunner(), Silent(), **options)

    def minutes(self, count: int = 4) -> list[dict[str, Any]]:
        """Return rows of invented minutes, no two texts the same."""
        return minutes(count)

    def proposal(self, source: str, **changes: Any) -> Proposal:
        """Return a complete proposal to clear ``source`` under CC0, with ``changes``."""
        return proposal(source, **changes)

    def latest(self) -> Release:
        """Return the latest release."""
        return load_release(self.workspace.release())


def proposal(source: str, **changes: Any) -> Proposal:
    """Return a complete proposal to clear ``source`` under CC0, with ``changes``."""
    values: dict[str, Any] = {
        "source": source,
        "status": "cleared",
        "license": "CC0-1.0",
        "legal_basis": "licence",
        "reasoning": "The terms say so.",
        "doubts": "None.",
        "not_checked": "Other countries.",
        "decided_by": "first reviewer",
    }
    return Proposal(**{**values, **changes})


_NOUNS = [
    "huse", "veje", "træer", "skoler", "broer", "biler", "børn", "lærere", "penge", "regler", "planer", "møder",
    "forslag", "svar", "spørgsmål", "byer", "marker", "skove", "søer", "gader", "haver", "cykler", "tog", "busser",
]  # fmt: skip


def _aside(number: int) -> str:
    """Return a sentence with its words in an order of its own; none for 0."""
    order = random.Random(number).sample(_NOUNS, len(_NOUNS))  # noqa: S311 - invented texts, not secrets
    return f"Det handler om {' '.join(order)}." if number else ""


def minutes(count: int = 4) -> list[dict[str, Any]]:
    """Return rows of invented minutes, no two texts the same."""
    subjects = (
        "broen",
        "havnen",
        "skolen",
        "biblioteket",
        "parken",
        "cykelstien",
        "museet",
        "rådhuset",
        "svømmehallen",
    )
    return [
        {
            "id": f"minutes/{number:03d}",
            "text": danish(
                f"{subjects[number % len(subjects)]} for alle", _aside(number if number >= len(subjects) else 0)
            ),
            "title": f"Referat om {subjects[number % len(subjects)]}",
            "document_type": "minutes",
            "author": "Byrådet",
            "created": "2040-01",
            "url": f"https://example.org/minutes/{number:03d}",
        }
        for number in range(count)
    ]


def speeches() -> list[dict[str, Any]]:
    """Return rows of invented speeches: one a copy of the first of the minutes, one Swedish, one broken."""
    swedish = (
        "Vi har inte sett någon som skulle vara mycket bättre än vad vi redan hade, och därför måste det nu också bli "
        "en ny prövning av frågan innan något beslut kan fattas av oss alla."
    )
    return [
        {"id": "speech/1", "text": minutes(1)[0]["text"], "title": "En kopi", "author": "Anna Andersen"},
        {"id": "speech/2", "text": swedish, "title": "Svensk tale", "author": "Sven Svensson"},
        {"id": "speech/3", "text": danish("talen"), "title": "Dansk tale", "author": "Bodil Bentsen"},
        {"raw": '{"id": "speech/4"'},
    ]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """An empty workspace, on 1 March 2041."""
    return Desk(tmp_path, monkeypatch)


@pytest.fixture
def released(desk: Desk) -> Desk:
    """A workspace with release v1.0.0 of two sources, cleared under two licences."""
    fill(desk)
    desk.release()
    return desk


def fill(desk: Desk) -> None:
    """Harvest, build and clear two sources."""
    desk.deliver("minutes", minutes())
    desk.deliver("speeches", speeches())
    desk.build()
    desk.decide("minutes")
    desk.decide("speeches", license="CC-BY-4.0", status="cleared_conditional", attribution="{author}: {title} ({year})")


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """As ``released``, made once: for tests that only read it, or copy what they change."""
    with pytest.MonkeyPatch.context() as clock:
        found = Desk(tmp_path_factory.mktemp("finished"), clock)
        fill(found)
        found.release()
        return found


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    """A workspace that is there and empty."""
    workspace = Workspace(tmp_path / "workspace")
    workspace.create()
    return workspace
