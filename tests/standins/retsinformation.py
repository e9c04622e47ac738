"""Retsinformation, as far as it is known: the harvest service, the list of all addresses, and the files of acts.

    with RetsinformationStandIn(clock) as server:
        server.publish(Act(2041, 7))
        server.change(Act(2041, 7, text="Fyret slukkes."), on=date(2041, 3, 2))
        server.withdraw(Act(2041, 7), on=date(2041, 3, 3))
        ...  # harvest with server.mirrors

The service keeps its hours by ``frisat.clock`` and its pace by the clock that the client waits on. All acts are
invented.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from frisat import clock as frisat_clock
from tests.standins.harvests import Clock
from tests.standins.http import HTML, Answer, HttpStandIn, Request

API: Final = "/api/v1/Documents"
SITEMAP: Final = "/bare/sitemap.xml"
_ZONE: Final = ZoneInfo("Europe/Copenhagen")
_CODES: Final = {"LOV": "30", "LBK": "29", "BEK": "05"}
_SHELL: Final = b"<!doctype html><html><head><title>retsinformation.dk</title></head><body></body></html>"
_XML: Final = {"Content-Type": "application/xml; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Act:
    """An invented act of Lovtidende A."""

    year: int
    number: int
    kind: str = "LOV H"
    text: str = "Fyret tændes."
    has_xml: bool = True
    accession: str = ""
    lastmod: str | None = "2041-01-01"

    @property
    def key(self) -> str:
        return f"eli/lta/{self.year}/{self.number}"

    @property
    def path(self) -> str:
        return f"/www/{self.key}/xml"

    @property
    def named(self) -> str:
        """Its accession number."""
        short = self.kind.split()[0]
        return self.accession or f"{'B' if short == 'BEK' else 'A'}{self.year}{self.number:05d}{_CODES[short]}"

    def xml(self) -> bytes:
        """Return its file."""
        return (
            f'<?xml version="1.0" encoding="utf-8"?>\n<Dokument><Meta><DocumentType>{self.kind}#LOKDOK01</DocumentType>'
            f"<AccessionNumber>{self.named}</AccessionNumber>"
            f"<DocumentTitle>Lov om fyr nr. {self.number}</DocumentTitle>"
            f"<Year>{self.year}</Year><Number>{self.number}</Number><DiesSigni>{self.year}-01-01</DiesSigni>"
            "<Status>Valid</Status><AnnouncedIn>Lovtidende A</AnnouncedIn></Meta>"
            f"<TitelGruppe><Titel><Linea><Char>Lov om fyr nr. {self.number}</Char></Linea></Titel></TitelGruppe>"
            "<DokumentIndhold><Paragraf><Explicatus>§ 1.</Explicatus><Stk><Exitus><Linea>"
            f"<Char>{self.text}</Char></Linea></Exitus></Stk></Paragraf></DokumentIndhold></Dokument>"
        ).encode("utf-8-sig")


@dataclass
class _State:
    acts: dict[str, Act] = field(default_factory=dict)
    changes: dict[date, list[Any]] = field(default_factory=dict)


class RetsinformationStandIn(HttpStandIn):
    """The server. ``on_act`` is called with the number of the request before each file is given."""

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__()
        self.clock = clock
        self.per_page = 4
        self.extra_locs: list[str] = []
        self.extra_pages: list[str] = []
        self.on_act: Callable[[int], None] = lambda _: None
        self.refused: list[str] = []
        """What the service refused, and why."""
        self._state = _State()
        self._called: float | None = None
        self._given = 0
        self.handle(API, self._api)
        self.handle(SITEMAP, self._sitemap)
        self.handle("/www/eli/", self._file)

    @property
    def mirrors(self) -> Mapping[str, str]:
        """What leads the publisher's addresses here."""
        return {
            "https://api.retsinformation.dk/": f"{self.url}api/",
            "https://www.retsinformation.dk/": f"{self.url}www/",
            "https://retsinformation.dk/": f"{self.url}bare/",
        }

    def publish(self, *acts: Act, on: date | None = None) -> None:
        """Have these acts; told of as new ``on`` that day, or known for long."""
        for act in acts:
            self._state.acts[act.key] = act
            if on:
                self.tell(on, self.entry(act, "NewDocument", on))

    def change(self, act: Act, on: date, reason: str = "DocumentContentChanged") -> None:
        """Have this in the place of the act with its number."""
        self._state.acts[act.key] = act
        self.tell(on, self.entry(act, reason, on))

    def withdraw(self, act: Act, on: date | None = None) -> None:
        """Have the act no longer; told of ``on`` that day, or not at all."""
        del self._state.acts[act.key]
        if on:
            self.tell(on, self.entry(act, "RemovedDocument", on))

    def tell(self, on: date, *entries: object) -> None:
        """Put entries into the list of a day."""
        self._state.changes.setdefault(on, []).extend(entries)

    @staticmethod
    def entry(act: Act, reason: str, on: date) -> dict[str, Any]:
        """Return an entry of the service's list."""
        return {
            "documentId": act.year * 10_000 + act.number,
            "accessionsnummer": act.named,
            "reasonForChange": reason,
            "changeDate": f"{on}T04:00:00",
            "documentType": {"shortName": act.kind, "id": 10},
            "href": f"http://www.retsinformation.dk/eli/accn/{act.named}/xml",
            "images": [],
        }

    def acts_asked(self) -> list[str]:
        """Return the keys of the files that were asked for, in order."""
        paths = [request.path for request in self.requests if request.path.startswith("/www/eli/")]
        return [path.removeprefix("/www/").removesuffix("/xml") for path in paths]

    def days_asked(self) -> list[str]:
        """Return the days that the service was asked for, in order."""
        return [request.query.get("date", "") for request in self.requests if request.path == API]

    def _api(self, request: Request) -> Answer:
        there = frisat_clock.now().astimezone(_ZONE)
        if not time(3) <= there.time() < time(23, 45):
            return self._refuse(400, f"closed at {there:%H:%M}")
        if self.clock is not None:
            if self._called is not None and self.clock.now - self._called < 10:
                return self._refuse(429, f"{self.clock.now - self._called:g} s after the last")
            self._called = self.clock.now
        try:
            day = datetime.strptime(request.query["date"], "%Y-%m-%d").replace(tzinfo=_ZONE).date()
        except (KeyError, ValueError):
            return self._refuse(400, "no date")
        if not there.date() - timedelta(days=9) <= day <= there.date():
            return self._refuse(400, f"{day} is too long ago")
        return Answer(200, {"Content-Type": "application/json"}, json.dumps(self._state.changes.get(day, [])).encode())

    def _refuse(self, status: int, why: str) -> Answer:
        self.refused.append(f"{status} {why}")
        headers = {"Content-Type": "application/json"} | ({"Retry-After": "30"} if status == 429 else {})
        return Answer(status, headers, json.dumps({"message": why}).encode())

    def locs(self) -> list[tuple[str, str | None]]:
        """Return the addresses in the list, and when each was changed."""
        acts = sorted(self._state.acts.values(), key=lambda act: (-act.year, act.number))
        told = [(f"https://retsinformation.dk/{act.key}", act.lastmod) for act in acts]
        others = ["https://retsinformation.dk/eli/about", "https://retsinformation.dk/eli/retsinfo/2041/9001"]
        return [*told, *((loc, None) for loc in [*others, *self.extra_locs])]

    def _sitemap(self, request: Request) -> Answer:
        locs = self.locs()
        count = -(-len(locs) // self.per_page)
        if "page" not in request.query:
            pages = [f"https://retsinformation.dk/sitemap.xml?page={page}" for page in range(1, count + 1)]
            body = "".join(f"<sitemap><loc>{page}</loc></sitemap>" for page in [*pages, *self.extra_pages])
            return self._map("sitemapindex", body)
        first = (int(request.query["page"]) - 1) * self.per_page
        page = locs[first : first + self.per_page]
        body = "".join(
            f"<url><loc>{loc}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</url>" for loc, changed in page
        )
        return self._map("urlset", body)

    @staticmethod
    def _map(name: str, body: str) -> Answer:
        namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
        return Answer(200, _XML, f'<?xml version="1.0"?><{name} xmlns="{namespace}">\n{body}\n</{name}>'.encode())

    def _file(self, request: Request) -> Answer:
        self._given += 1
        self.on_act(self._given)
        for act in self._state.acts.values():
            if request.path == f"/www/eli/accn/{act.named}/xml":
                return Answer(302, {"Location": act.path})
            if request.path == act.path and act.has_xml:
                return Answer(200, _XML, act.xml())
            if request.path == f"/www/{act.key}.json":
                facts = [{"@id": f"https://retsinformation.dk/{act.key}", "@type": ["LegalResource"]}]
                return Answer(200, {"Content-Type": "application/ld+json"}, json.dumps(facts).encode())
        return Answer(404, {"Content-Type": HTML}, _SHELL)
