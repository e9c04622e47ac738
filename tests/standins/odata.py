"""An OData v3 service on a loopback socket, as the Folketing's: with its habits, and some worse ones.

    with ODataStandIn({"Sag": [{"id": 1, "titel": "En sag", "opdateringsdato": "2041-01-01T10:00:00"}]}) as server:
        ...  # ask server.url + "api/Sag?$filter=id%20gt%200"
        server.put("Sag", {"id": 1, "titel": "En anden sag", "opdateringsdato": "2041-01-02T10:00:00"})

Its habits: at most ``page`` rows in an answer; a filter that names an unknown field is ignored; a query it cannot read
is 400 with an empty body; an entity set it does not have is 404 with HTML, an entity 404 with an empty body;
``odata.count`` is a string. Times are kept in steps of 1/300 s, as SQL Server keeps them, and printed in milliseconds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from tests.standins.http import HTML, Answer, HttpStandIn, Request

Row = dict[str, Any]

NAVIGATION = {
    "Dokument": {
        "Fil": ("Fil", "dokumentid", True),
        "SagDokument": ("SagDokument", "dokumentid", True),
        "DokumentAktør": ("DokumentAktør", "dokumentid", True),
        "Dokumenttype": ("Dokumenttype", "typeid", False),
    },
    "Fil": {"Dokument": ("Dokument", "dokumentid", False)},
    "SagDokument": {"Sag": ("Sag", "sagid", False)},
    "DokumentAktør": {"Aktør": ("Aktør", "aktørid", False)},
    "Møde": {"Periode": ("Periode", "periodeid", False)},
}
"""Of each entity: where a navigation property leads, by which field, and whether to many."""

_TOKEN = re.compile(r"\s*(?:(?P<mark>[()])|(?P<time>datetime'[^']*')|(?P<text>'(?:[^']|'')*')|(?P<word>[^\s()']+))")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: bool(a == b),
    "ne": lambda a, b: bool(a != b),
    "gt": lambda a, b: bool(a > b),
    "ge": lambda a, b: bool(a >= b),
    "lt": lambda a, b: bool(a < b),
    "le": lambda a, b: bool(a <= b),
}


class _SyntaxFault(Exception):  # noqa: N818 - answered with 400
    pass


@dataclass
class Habits:
    """What the service does, and does wrong."""

    page: int = 100
    """Rows in an answer at most."""
    list_page: int = 100
    """Rows in a list within a row at most; the rest behind a link."""
    links: Literal["skip", "skiptoken"] | None = "skip"
    """What a link to the next page carries; ``None``: there are no links."""
    counts: bool = True
    """Whether ``odata.count`` is given when it is asked for."""
    ignores: set[str] = field(default_factory=set)
    """Query options without effect: filter, orderby, expand, select, top, inlinecount."""
    refuses: set[str] = field(default_factory=set)
    """Query options answered with 400."""
    link_base: str | None = None
    """What links begin with, if not the service's own address."""


class ODataStandIn(HttpStandIn):
    """The service, at ``url`` + ``api/``."""

    def __init__(self, entities: Mapping[str, Sequence[Row]], **habits: Any) -> None:
        super().__init__()
        self.entities: dict[str, list[Row]] = {name: [_kept(row) for row in rows] for name, rows in entities.items()}
        self.habits = Habits(**habits)
        self.after: Callable[[Request], None] = lambda _: None
        """Called when an answer has been made: the place to change rows while somebody reads."""
        self.handle("/api/", self._respond)

    @property
    def base(self) -> str:
        """The address of the service."""
        return f"{self.url}api/"

    def put(self, entity: str, row: Row) -> None:
        """Add a row, or put it in the place of the one with its id."""
        self.drop(entity, row["id"])
        self.entities.setdefault(entity, []).append(_kept(row))

    def drop(self, entity: str, identity: int) -> None:
        """Remove a row, without a trace."""
        self.entities[entity] = [row for row in self.entities.get(entity, []) if row["id"] != identity]

    def _respond(self, request: Request) -> Answer:
        try:
            answer = self._answer(request)
        except _SyntaxFault:
            answer = Answer(400)
        self.after(request)
        return answer

    def _answer(self, request: Request) -> Answer:
        found = re.fullmatch(r"/api/(\w+)(?:\((\d+)\)(?:/(\w+))?)?", request.path)
        if found is None or found[1] not in self.entities:
            return Answer(404, {"Content-Type": HTML}, b"<html><body><h1>404 - not found</h1></body></html>")
        options = {name.removeprefix("$"): value for name, value in request.query.items()}
        if self.habits.refuses & options.keys():
            raise _SyntaxFault
        options = {name: value for name, value in options.items() if name not in self.habits.ignores}
        entity, rows = found[1], self.entities[found[1]]
        if found[2] is None:
            return self._page(entity, rows, options, f"{entity}?")
        rows = [row for row in rows if row["id"] == int(found[2])]
        if not rows:
            return Answer(404)
        if found[3] is not None:
            target, by, _ = NAVIGATION[entity][found[3]]
            rest = [row for row in self.entities.get(target, []) if row[by] == int(found[2])]
            return self._page(target, rest, options, f"{entity}({found[2]})/{found[3]}?")
        brought = self._bring(entity, rows[0], options)
        return _json({"odata.metadata": f"{self.base}%24metadata#{entity}/@Element", **brought})

    def _page(self, entity: str, rows: list[Row], options: Mapping[str, str], path: str) -> Answer:
        rows = self._sorted(self._filtered(rows, options.get("filter")), options.get("orderby", "id"))
        first = _whole(options.get("skip", options.get("skiptoken", "0")))
        top = _whole(options.get("top", "1000000000"))
        shown = rows[first : first + min(top, self.habits.page)]
        answer: dict[str, Any] = {"odata.metadata": f"{self.base}%24metadata#{entity}"}
        if options.get("inlinecount") == "allpages" and self.habits.counts:
            answer["odata.count"] = str(len(rows))
        answer["value"] = [self._bring(entity, row, options) for row in shown]
        left = min(top, len(rows) - first) - len(shown)
        if left > 0 and self.habits.links:
            kept = {k: v for k, v in options.items() if k not in ("skip", "skiptoken", "top")}
            again = {**kept, "top": str(top - len(shown)), self.habits.links: str(first + len(shown))}
            answer["odata.nextLink"] = self._link(path + "&".join(f"${k}={v}" for k, v in again.items()))
        return _json(answer)

    def _link(self, rest: str) -> str:
        base = self.habits.link_base
        return (self.base if base is None else base) + rest.replace(" ", "%20")

    def _filtered(self, rows: list[Row], text: str | None) -> list[Row]:
        if text is None:
            return list(rows)
        wanted = _Filter(text)
        keep = wanted.read()
        known = wanted.names <= rows[0].keys() if rows else True
        return [row for row in rows if keep(row)] if known else list(rows)

    def _sorted(self, rows: list[Row], text: str) -> list[Row]:
        for part in reversed(text.split(",")):
            name, _, direction = part.strip().partition(" ")
            if direction not in ("", "asc", "desc"):
                raise _SyntaxFault
            rows = sorted(rows, key=lambda row: _stored(row[name]), reverse=direction == "desc")
        return rows

    def _bring(self, entity: str, row: Row, options: Mapping[str, str]) -> Row:
        paths = [path.split("/") for path in options.get("expand", "").split(",") if path]
        chosen = [path.split("/") for path in options.get("select", "").split(",") if path]
        return self._expanded(entity, row, paths, chosen)

    def _expanded(self, entity: str, row: Row, paths: list[list[str]], chosen: list[list[str]]) -> Row:
        fields = {path[0] for path in chosen}
        found = {name: value for name, value in row.items() if not chosen or name in fields}
        for name in dict.fromkeys(path[0] for path in paths):
            if name not in NAVIGATION.get(entity, {}):
                raise _SyntaxFault
            if chosen and name not in fields:
                continue
            target, by, many = NAVIGATION[entity][name]
            deeper = [path[1:] for path in paths if path[0] == name and path[1:]]
            below = [path[1:] for path in chosen if path[0] == name and path[1:]]
            of = self.entities.get(target, [])
            if many:
                there = [self._expanded(target, r, deeper, below) for r in of if r[by] == row["id"]]
                found[name] = there[: self.habits.list_page]
                if len(there) > self.habits.list_page:
                    skip = self.habits.list_page
                    expand = f"&$expand={'/'.join(deeper[0])}" if deeper else ""
                    found[f"{name}@odata.nextLink"] = self._link(f"{entity}({row['id']})/{name}?$skip={skip}{expand}")
            else:
                one = [self._expanded(target, r, deeper, below) for r in of if r["id"] == row[by]]
                found[name] = one[0] if one else None
        return found


class _Filter:
    """Reads a filter: comparisons, ``and``, ``or``, ``not`` and brackets."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        self.names: set[str] = set()
        position = 0
        while position < len(text.rstrip()):
            token = _TOKEN.match(text, position)
            if token is None:
                raise _SyntaxFault
            self.tokens.append((str(token.lastgroup), str(token[token.lastgroup or 0])))
            position = token.end()

    def read(self) -> Callable[[Row], bool]:
        """Return what says whether a row passes."""
        found = self._any()
        if self.tokens:
            raise _SyntaxFault
        return found

    def _any(self) -> Callable[[Row], bool]:
        found = [self._all()]
        while self._next("or"):
            found.append(self._all())
        return lambda row: any(keep(row) for keep in found)

    def _all(self) -> Callable[[Row], bool]:
        found = [self._one()]
        while self._next("and"):
            found.append(self._one())
        return lambda row: all(keep(row) for keep in found)

    def _one(self) -> Callable[[Row], bool]:
        if self._next("not"):
            inner = self._one()
            return lambda row: not inner(row)
        if self._next("("):
            inside = self._any()
            if not self._next(")"):
                raise _SyntaxFault
            return inside
        name, sign, value = self._take(), self._take(), self._value()
        if sign not in _COMPARE:
            raise _SyntaxFault
        self.names.add(name)
        return lambda row: row.get(name) is not None and _COMPARE[sign](_stored(row[name]), value)

    def _next(self, word: str) -> bool:
        if self.tokens and self.tokens[0][1] == word:
            self.tokens.pop(0)
            return True
        return False

    def _take(self) -> str:
        if not self.tokens or self.tokens[0][0] != "word":
            raise _SyntaxFault
        return self.tokens.pop(0)[1]

    def _value(self) -> Any:
        if not self.tokens:
            raise _SyntaxFault
        kind, text = self.tokens.pop(0)
        try:
            if kind == "time":
                return datetime.fromisoformat(text[9:-1])
            return text[1:-1].replace("''", "'") if kind == "text" else int(text)
        except ValueError:
            raise _SyntaxFault from None


def _whole(text: str) -> int:
    if not text.isdigit():
        raise _SyntaxFault
    return int(text)


def _kept(row: Row) -> Row:
    """Return a row with its time of change as the service prints it after keeping it."""
    stamp = row.get("opdateringsdato")
    if not isinstance(stamp, str) or "." not in stamp:
        return row
    return {**row, "opdateringsdato": f"{_stored(stamp).isoformat(timespec='milliseconds').rstrip('0').rstrip('.')}"}


def _stored(value: Any) -> Any:
    """Return a value as the database keeps it: a time in steps of 1/300 s."""
    if not isinstance(value, str) or not re.match(r"\d{4}-\d\d-\d\dT", value):
        return value
    moment = datetime.fromisoformat(value)
    whole = moment.replace(microsecond=0)
    steps = round((moment - whole) / timedelta(seconds=1) * 300)
    return whole + timedelta(seconds=steps / 300)


def _json(answer: Mapping[str, Any]) -> Answer:
    headers = {"Content-Type": "application/json; charset=utf-8", "DataServiceVersion": "3.0"}
    return Answer(200, headers, json.dumps(answer, ensure_ascii=False).encode())
