"""Harvesting the Folketing's documents from a stand-in: what is new and no more, nothing lost, nothing asked twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from frisat.documents import Document
from frisat.report import Silent
from frisat.workspace import Workspace
from sources import HarvestError
from sources.archive import Archive, Stored, read_records
from sources.folketinget_dokumenter import extract
from sources.intake import Collected
from tests.standins.folketinget import FolketingetStandIn, docx, page, pdf
from tests.standins.harvests import harvest_from, kill_at_request
from tests.standins.http import Fault, Request

NAME = "folketinget-dokumenter"
DAY = datetime(2041, 2, 2, 12, tzinfo=UTC)


class Told(Silent):
    def __init__(self) -> None:
        self.said: list[str] = []

    def note(self, message: str) -> None:
        self.said.append(message)

    def warn(self, message: str) -> None:
        self.said.append(f"warning: {message}")


class Folketinget:
    """The stand-in, and the workspace that harvests from it."""

    def __init__(self, server: FolketingetStandIn, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server, self.workspace, self._monkeypatch = server, workspace, monkeypatch
        self.said: list[str] = []
        self.at(DAY)

    def at(self, moment: datetime) -> None:
        self._monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))
        self.server.now = max(self.server.now, moment)

    def fill(self) -> None:
        """Publish five documents; four of them give six records."""
        server = self.server
        server.publish(7, "Svar", "Svar 7", [("svar.docx", docx("Svar 7")), ("svar.pdf", pdf("Svar 7, trykt."))])
        files = [(f"bilag {n}.pdf", pdf(f"Bilag {n} til dokument 8.")) for n in (1, 2, 3)]
        server.publish(8, "Bilag", "Bilag 8", files, actors=[(1, "Afsender"), (4, "Til")])
        server.publish(9, "Spørgsmål", "Spm. 9", spørgsmålsordlyd="Hvad vil ministeren gøre ved broen?", cases=(51, 50))
        server.publish(10, "Bilag", "Lukket", [("a.pdf", pdf("Fortroligt"))], offentlighedskode="L")
        server.publish(11, "Dagsorden", "Dagsorden 11", [("dagsorden.htm", page("Dagsorden", "Punkt 1. Broen."))])

    def harvest(self, **options: Any) -> Collected:
        """Harvest; say ``new``, ``changed`` and so on."""
        report = Told()
        try:
            return harvest_from(self.workspace, NAME, self.server.mirrors, report=report, **options)
        finally:
            self.said = report.said

    def counts(self, **options: Any) -> tuple[int, int, int, int, int]:
        """Harvest, and return how many were new, changed, gone, failed and unavailable."""
        done = self.harvest(**options)
        return done.new, done.changed, done.gone, done.failed, done.unavailable

    def files_asked_for(self) -> list[str]:
        """Return the files that were asked for since this was last called, by number."""
        paths = [path for path in self.server.asked_for("www") if path.endswith((".pdf", ".docx", ".htm"))]
        pages = [path for path in self.server.asked_for("api") if "(" in path]
        self.server.requests.clear()
        return [path.rpartition("/")[2].partition(".")[0] for path in (*paths, *pages)]

    def stored(self) -> dict[str, Stored]:
        """Return the newest state of each record."""
        return stored(self.workspace)

    def texts(self) -> dict[str, str]:
        """Return id and text of all documents in the archive that are current."""
        return texts(self.workspace)


def stored(workspace: Workspace) -> dict[str, Stored]:
    archive = Archive(workspace, NAME)
    every = [one for part in archive.parts() for one in read_records(archive.folder, part)]
    return {one.record.key: one for one in sorted(every, key=lambda one: one.record.retrieved_at)}


def texts(workspace: Workspace) -> dict[str, str]:
    good = [one.record for _, one in sorted(stored(workspace).items()) if one.failure is None]
    found = [item for record in good for item in extract(record)]
    return {item.id: item.text for item in found if isinstance(item, Document)}


@pytest.fixture
def ft(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folketinget]:
    with FolketingetStandIn() as server:
        yield Folketinget(server, ws, monkeypatch)


WHOLE = {
    f"{NAME}/7/71": "Svar 7, trykt.",
    f"{NAME}/8/80": "Bilag 1 til dokument 8.",
    f"{NAME}/8/81": "Bilag 2 til dokument 8.",
    f"{NAME}/8/82": "Bilag 3 til dokument 8.",
    f"{NAME}/9/ordlyd": "Hvad vil ministeren gøre ved broen?",
    f"{NAME}/11/110": "Dagsorden\n\nPunkt 1. Broen.",
}


def test_a_first_harvest_takes_one_form_of_each_public_text(ft: Folketinget) -> None:
    ft.fill()
    assert ft.counts() == (6, 0, 0, 0, 0)
    assert ft.texts() == WHOLE
    assert ft.said == ["Documents that are not public, whose files were not asked for: 1"]
    held = ft.stored()["dokument/8/fil/81"].record
    assert held.context["cases"] == [
        {
            "attachment": "3",
            "id": 50,
            "number": "L 7",
            "session": "20401",
            "title": "Forslag til lov om broer",
            "type": "Lovforslag",
        }
    ]
    assert held.context["actors"] == [
        {"name": "Broministeriet", "role": "Afsender", "type": "Ministerium"},
        {"role": "Til", "type": "Privatperson"},
    ]
    assert max(len(request.target) for request in ft.server.requests) < 2048


def test_a_second_harvest_without_news_asks_little_and_writes_nothing(ft: Folketinget) -> None:
    ft.fill()
    ft.harvest()
    ft.files_asked_for()
    folder = Archive(ft.workspace, NAME).folder
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")}
    ft.at(DAY + timedelta(days=1))
    ft.harvest()
    assert ft.files_asked_for() == []
    ft.at(DAY + timedelta(days=2))
    ft.server.requests.clear()
    assert ft.counts() == (0, 0, 0, 0, 0)
    assert len(ft.server.asked_for("api")) <= 9
    changed = {path.parent.name for path in folder.rglob("*.parquet") if before.get(path) != path.stat().st_mtime_ns}
    assert changed <= {"responses"}


def test_what_is_new_changed_and_closed(ft: Folketinget) -> None:
    ft.fill()
    ft.harvest()
    ft.at(DAY + timedelta(days=3))
    ft.files_asked_for()
    ft.server.publish(12, "Svar", "Svar 12", [("svar.pdf", pdf("Et nyt svar."))])
    ft.server.publish(7, "Svar", "Svar 7", [("svar.docx", docx("Svar 7")), ("svar.pdf", pdf("Svar 7, rettet."))])
    ft.server.publish(8, "Bilag", "Bilag 8", [("bilag 1.pdf", pdf("x"))], offentlighedskode="L")
    assert ft.counts() == (1, 1, 3, 0, 0)
    assert ft.files_asked_for() == ["120", "71"]
    assert ft.texts() == {
        **{key: text for key, text in WHOLE.items() if "/8/" not in key},
        f"{NAME}/7/71": "Svar 7, rettet.",
        f"{NAME}/12/120": "Et nyt svar.",
    }
    assert ft.stored()["dokument/8/fil/81"].failure == "removed_at_source: its document is not public"
    ft.server.publish(8, "Bilag", "Bilag 8", [("bilag 1.pdf", pdf("Bilag 1 igen."))])
    assert ft.counts() == (1, 0, 0, 0, 0)
    assert ft.texts()[f"{NAME}/8/80"] == "Bilag 1 igen."


def test_changed_facts_are_a_revision_and_changes_of_others_are_not(ft: Folketinget) -> None:
    ft.fill()
    ft.harvest()
    ft.at(DAY + timedelta(days=3))
    ft.files_asked_for()
    for row in list(ft.server.entities["Dokument"]):
        ft.server.put("Dokument", {**row, "opdateringsdato": ft.server.tick(), "procedurenummer": "7"})
    assert ft.counts() == (0, 0, 0, 0, 0)
    assert ft.files_asked_for() == []
    row = next(row for row in ft.server.entities["Dokument"] if row["id"] == 11)
    ft.server.put("Dokument", {**row, "opdateringsdato": ft.server.tick(), "titel": "Dagsorden, ny titel"})
    assert ft.counts() == (0, 1, 0, 0, 0)
    assert ft.stored()["dokument/11/fil/110"].record.context["title"] == "Dagsorden, ny titel"


def test_files_that_are_only_dated_anew_are_asked_for_conditionally(ft: Folketinget) -> None:
    ft.fill()
    ft.harvest()
    ft.at(DAY + timedelta(days=3))
    ft.server.requests.clear()
    for row in list(ft.server.entities["Fil"]):
        ft.server.put("Fil", {**row, "opdateringsdato": ft.server.tick()})
    done = ft.harvest()
    assert (done.new, done.changed, done.bytes) == (0, 0, 0)
    asked = [request for request in ft.server.requests if "bilag" in request.path]
    assert len(asked) == 5
    assert all("if-none-match" in request.headers for request in asked)


def test_a_file_that_comes_or_goes_without_its_document(ft: Folketinget) -> None:
    ft.fill()
    ft.harvest()
    ft.at(DAY + timedelta(days=3))
    ft.files_asked_for()
    ft.server.upload(9, 90, "spørgsmål.docx", docx("Hvad vil ministeren gøre?"))
    assert ft.counts() == (1, 0, 1, 0, 0), "the file takes the place of the wording"
    ft.server.upload(9, 91, "spørgsmål.pdf", pdf("Hvad vil ministeren gøre? Trykt."))
    assert ft.counts() == (1, 0, 1, 0, 0), "the PDF takes the place of the DOCX"
    assert ft.files_asked_for() == ["90", "91"]
    assert [key for key in ft.texts() if "/9/" in key] == [f"{NAME}/9/91"]


def test_what_was_removed_without_a_word_is_found_within_the_month(ft: Folketinget) -> None:
    ft.fill()
    ft.harvest()
    ft.at(DAY + timedelta(days=9))
    ft.server.publish(12, "Svar", "Svar 12", [("svar.pdf", pdf("Et nyt svar."))])
    ft.harvest()
    ft.server.drop("Dokument", 7)
    ft.server.drop("Fil", 81)
    ft.at(DAY + timedelta(days=29))
    assert ft.counts() == (0, 0, 0, 0, 0), "the service does not say so, and it is not yet time to look"
    ft.at(DAY + timedelta(days=31))
    assert ft.counts() == (0, 0, 2, 0, 0)
    lost = (f"{NAME}/7/71", f"{NAME}/8/81")
    assert ft.texts() == {k: v for k, v in WHOLE.items() if k not in lost} | {f"{NAME}/12/120": "Et nyt svar."}
    assert ft.stored()["dokument/7/fil/71"].failure == "removed_at_source: no longer in the publisher's service"


def test_much_that_is_removed_at_once_is_not_believed(ft: Folketinget) -> None:
    for number in range(30):
        ft.server.publish(100 + number, "Svar", f"Svar {number}", spørgsmålsordlyd=f"Spørgsmål {number}?")
    ft.harvest()
    ft.server.entities["Dokument"] = ft.server.entities["Dokument"][:10]
    ft.at(DAY + timedelta(days=31))
    assert ft.counts() == (0, 0, 0, 0, 0)
    assert ft.said == [
        "warning: 20 of 30 records held are not in the service any more, such as dokument/110/ordlyd. That is not "
        "believed; nothing was marked as removed"
    ]


def test_files_behind_a_challenge_are_unavailable_and_their_facts_are_kept(ft: Folketinget) -> None:
    """The site asks for a browser: that is not got around, but noted, and asked for again after a month."""
    ft.fill()
    for row in ft.server.entities["Fil"]:
        path = row["filurl"].removeprefix("https://www.ft.dk/")
        ft.server.fault(f"www/{path}", Fault.challenge(403, marked=True), times=1)
    assert ft.counts() == (1, 0, 0, 0, 5)
    assert ft.texts() == {f"{NAME}/9/ordlyd": WHOLE[f"{NAME}/9/ordlyd"]}
    refused = ft.stored()["dokument/8/fil/81"]
    assert refused.failure is not None
    assert "challenge" in refused.failure
    assert refused.record.context["title"] == "Bilag 8"
    ft.files_asked_for()
    ft.at(DAY + timedelta(days=2))
    assert ft.counts()[:4] == (0, 0, 0, 0)
    assert ft.files_asked_for() == [], "it is not knocked at the same door every day"
    ft.at(DAY + timedelta(days=40))
    assert ft.counts() == (5, 0, 0, 0, 0)
    assert ft.texts() == WHOLE


def test_a_page_in_the_place_of_a_pdf_is_no_document(ft: Folketinget) -> None:
    ft.fill()
    sorry = page("Siden findes ikke", "Vi kan ikke finde den side, du leder efter.")
    ft.server.add("www/samling/20401/almdel/BRU/bilag/7/71.pdf", sorry, content_type="text/html")
    done = ft.harvest()
    assert (done.new, done.failed + done.unavailable) == (5, 1)
    assert f"{NAME}/7/71" not in ft.texts()
    ft.server.add("www/samling/20401/almdel/BRU/bilag/7/71.pdf", pdf("Svar 7, trykt."), content_type="application/pdf")
    ft.at(DAY + timedelta(days=40))
    ft.harvest()
    assert ft.texts() == WHOLE


def test_a_word_file_called_pdf_by_one_of_two_words_is_read(ft: Folketinget) -> None:
    ft.server.publish(7, "Svar", "Svar 7")
    ft.server.upload(7, 70, "svar.pdf", docx("Egentlig Word."), format="DOCX")
    assert ft.counts() == (1, 0, 0, 0, 0)
    assert ft.texts() == {f"{NAME}/7/70": "Egentlig Word."}


@pytest.mark.parametrize("fault", [Fault.status(500), Fault.busy(2), Fault.short(30), Fault.reset(after=30)])
def test_accidents_with_a_file_are_made_good(ft: Folketinget, fault: Fault) -> None:
    ft.fill()
    ft.server.fault("www/samling/20401/almdel/BRU/bilag/8/81.pdf", fault, times=7)
    first = ft.harvest()
    assert (first.new, first.failed) == (5, 1)
    assert ft.counts() == (1, 0, 0, 0, 0)
    assert ft.texts() == WHOLE


def test_files_elsewhere_are_not_asked_for(ft: Folketinget) -> None:
    ft.server.publish(7, "Svar", "Svar 7")
    ft.server.upload(7, 70, "svar.pdf", pdf("x"), filurl="http://127.0.0.1/svar.pdf")
    assert ft.counts() == (0, 0, 0, 0, 0)
    assert ft.said == [
        "1 documents that came have no file in PDF, DOCX or HTML",
        "warning: 1 files that came have no address on ft.dk and were not asked for, such as https://oda.ft.dk/api/Fil(70)",
    ]


def test_a_row_beyond_reading_is_passed_over(ft: Folketinget) -> None:
    ft.fill()
    ft.server.upload(7, 75, "svar.pdf", b"", filurl=75)
    assert ft.counts() == (5, 0, 0, 0, 0)
    assert "https://oda.ft.dk/api/Dokument(7) is not as expected and was passed over" in ft.said[0]


def test_a_document_that_changes_while_pages_are_read_is_had_in_its_newest_state_next_time(ft: Folketinget) -> None:
    ft.fill()
    ft.server.habits.page = 2
    ft.server.now = DAY

    def change(request: Request) -> None:
        if len(ft.server.asked_for("api")) == 1:
            ft.server.publish(7, "Svar", "Svar 7", [("svar.pdf", pdf("Svar 7, rettet imens."))])

    ft.server.after = change
    ft.harvest()
    ft.at(DAY + timedelta(days=5))
    ft.harvest()
    assert ft.texts() == {**{k: v for k, v in WHOLE.items() if "/7/" not in k}, f"{NAME}/7/70": "Svar 7, rettet imens."}


def test_since_and_limit(ft: Folketinget) -> None:
    ft.fill()
    ft.at(DAY + timedelta(days=30))
    ft.server.publish(12, "Svar", "Svar 12", [("svar.pdf", pdf("Et nyt svar."))])
    assert ft.counts(limit=2) == (2, 0, 0, 0, 0)
    assert ft.counts(limit=3) == (3, 0, 0, 0, 0)
    assert ft.counts() == (2, 0, 0, 0, 0)
    assert len(ft.texts()) == 7


def test_since_takes_what_changed_since_then(ft: Folketinget) -> None:
    ft.fill()
    ft.at(DAY + timedelta(days=30))
    ft.server.publish(12, "Svar", "Svar 12", [("svar.pdf", pdf("Et nyt svar."))])
    assert ft.counts(since=date(2041, 3, 1)) == (1, 0, 0, 0, 0)
    assert ft.counts() == (0, 0, 0, 0, 0)


def test_a_service_that_fails_in_the_middle_ends_the_harvest_and_the_next_goes_on(ft: Folketinget) -> None:
    ft.fill()
    ft.server.habits.page = 2

    def fail(request: Request) -> None:
        if len(ft.server.asked("api/Dokument")) == 2:
            ft.server.fault("api/Dokument", Fault.status(500), times=10)
            ft.server.after = lambda _: None

    ft.server.after = fail
    with pytest.raises(HarvestError, match=rf"{NAME}: https://oda.ft.dk/api/Dokument\?… \(at .*\?…\) answered 500"):
        ft.harvest()
    ft.files_asked_for()
    done = ft.harvest()
    assert (done.new, done.unchanged) == (1, 5)
    assert ft.files_asked_for() == ["110"]
    assert ft.texts() == WHOLE


def test_a_service_that_ignores_filters_ends_the_harvest_and_loses_nothing(ft: Folketinget) -> None:
    ft.fill()
    ft.harvest()
    ft.at(DAY + timedelta(days=9))
    ft.server.publish(12, "Svar", "Svar 12", [("svar.pdf", pdf("Et nyt svar."))])
    ft.harvest()
    ft.at(DAY + timedelta(days=18))
    ft.server.publish(13, "Svar", "Svar 13", [("svar.pdf", pdf("Endnu et svar."))])
    ft.server.habits.ignores = {"filter"}
    with pytest.raises(HarvestError, match="ignored the filter"):
        ft.harvest()
    ft.server.habits.ignores = set()
    assert ft.counts() == (1, 0, 0, 0, 0)


@pytest.mark.parametrize("at", [1, 4, 9, 11, 13])
def test_killed_and_resumed_it_ends_with_the_same_documents(ft: Folketinget, at: int) -> None:
    ft.fill()
    ft.server.habits.page = 2
    kill_at_request(ft.workspace, "folketinget-dokumenter", ft.server.mirrors, at)
    before = len(ft.texts())
    done = ft.harvest()
    assert done.new == len(WHOLE) - before
    assert ft.texts() == WHOLE
    assert not list(Path(ft.workspace.root).rglob("*.partial"))
