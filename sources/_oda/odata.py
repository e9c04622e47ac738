"""Reading an OData v3 service: all of it once, then what changed. No row is lost on the way.

Rows change while somebody reads, and many share one time of change. So neither a position is a place to go on from
(``$skip``, or a next link that may carry one: when a row ahead of it moves, another is skipped), nor an exact time (a
database may round it otherwise than it prints it). A page is asked for *from* a time a little before the last row of
the page before, and what has been yielded is left out. Where more rows share a time than fit on a page, they are
walked through by their ids. Next links are followed only within a row, for a list that was cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice, pairwise
from typing import Final

from sources._oda.query import PAGE, Query
from sources._oda.wire import Row, Service, ServiceError, literal, parse_time
from sources.collecting import Visit

__all__ = ["OVERLAP", "PAGE", "Row", "Service", "ServiceError", "began", "by_id", "missing", "rows", "with_ids"]

OVERLAP: Final = timedelta(days=1)
"""How far before the end of the last visit the next one begins: a clock may be wrong, a row may be committed late."""
_GRAIN: Final = timedelta(milliseconds=10)
"""More than databases round a time by (SQL Server: 3.3 ms)."""
_ROUNDING: Final = timedelta(milliseconds=2)
_IDS_AT_ONCE: Final = 25
"""Keeps addresses below 2,048 characters, where IIS refuses them."""


def rows(
    visit: Visit,
    service: Service,
    entity: str,
    *,
    cursor_key: str,
    where: Mapping[str, int | str] | None = None,
    expand: Sequence[str] = (),
    select: Sequence[str] = (),
) -> Iterator[Row]:
    """Yield the rows of ``entity`` that changed since the last visit, in the order they changed; at first all of them.

    A row that changes while this goes on comes again, with its newer time, and so do the rows of the day before the
    cursor. ``visit.cursor[cursor_key]`` follows what has been yielded, but stays behind the time at which the visit
    began: what changed after that may have been yielded in an older state. ``visit.since`` moves the beginning back;
    without a cursor it is the beginning.

    Args:
        visit: asked, and its ``cursor`` and ``since`` heeded.
        service: where.
        entity: the name of the entity set, ``Møde``.
        cursor_key: where in the cursor the time is kept.
        where: fields, and the values they must have.
        expand: navigation properties to bring along, ``SagDokument/Sag``; at most two deep.
        select: fields to bring, ``titel``, ``Fil/filurl``; all when empty, or when the service refuses to choose.

    Raises:
        FetchError: a page cannot be had.
        ServiceError: the service refuses the query, or does something else than it was asked for.
        ValueError: a field that the service is not known to have.
    """
    return _Changes(Query(visit, service, entity, where or {}, expand, select), cursor_key).read()


def by_id(
    visit: Visit,
    service: Service,
    entity: str,
    *,
    where: Mapping[str, int | str] | None = None,
    expand: Sequence[str] = (),
    select: Sequence[str] = (),
) -> Iterator[Row]:
    """Yield all rows of ``entity`` by their ids: for small tables. Arguments and errors are those of :func:`rows`."""
    return _walk(Query(visit, service, entity, where or {}, expand, select), -1)


def with_ids(
    visit: Visit,
    service: Service,
    entity: str,
    ids: Iterable[int],
    *,
    expand: Sequence[str] = (),
    select: Sequence[str] = (),
) -> Iterator[Row]:
    """Yield the rows of ``entity`` that have one of ``ids``, as far as they are there. Errors as in :func:`rows`."""
    query = Query(visit, service, entity, {}, expand, select)
    remaining = iter(sorted(set(ids)))
    while some := list(islice(remaining, _IDS_AT_ONCE)):
        clause = " or ".join(f"id eq {number}" for number in some)
        for row in _walk(query, some[0] - 1, f"({clause})"):
            if row["id"] not in some:
                raise query.fault(f"ignored the filter: it gave id {row['id']} when asked for {some}")
            yield row


def missing(visit: Visit, service: Service, entity: str, ids: Iterable[int]) -> list[int]:
    """Return those of ``ids`` that the service has no more, sorted. Errors as in :func:`rows`.

    Only those pages are asked for on which such ids would stand.
    """
    query = Query(visit, service, entity, {}, (), ("id",))
    wanted, gone = sorted(set(ids)), list[int]()
    at = 0
    while at < len(wanted):
        page = query.page((f"id gt {wanted[at] - 1}",), "id asc")
        there = query.ascending(page.rows, wanted[at] - 1)
        seen, last = set(there), there[-1] if page.more else wanted[-1]
        while at < len(wanted) and wanted[at] <= last:
            if wanted[at] not in seen:
                gone.append(wanted[at])
            at += 1
    return gone


def began(visit: Visit, service: Service) -> datetime:
    """Return when the visit began, as ``service`` would write it."""
    return visit.started.astimezone(service.zone).replace(tzinfo=None)


@dataclass(slots=True)
class _Changes:
    """Reads one entity by the time of its rows' change."""

    query: Query
    cursor_key: str
    known: dict[tuple[int, str], datetime] = field(default_factory=dict)
    """Rows that have been yielded and may come again, with their time."""

    def read(self) -> Iterator[Row]:
        """Yield what changed since the cursor, and move the cursor along."""
        stamp = self.query.service.stamp
        start = self._start()
        while True:
            clauses = () if start is None else (f"{stamp} ge {literal(start)}",)
            page = self.query.page(clauses, f"{stamp} asc,id asc")
            times = self._times(page.rows, start)
            for row, time in zip(page.rows, times, strict=True):
                if self._is_new(row, time):
                    yield row
                    self._move(time)
            if not page.more:
                return
            following = times[-1] - _GRAIN
            if start is not None and following <= start:
                yield from self._crowd(start, times[-1] + _GRAIN)
                self._move(times[-1])
                following = times[-1] + _GRAIN / 2
            start = following
            self.known = {key: time for key, time in self.known.items() if time >= start - _GRAIN}

    def _crowd(self, first: datetime, last: datetime) -> Iterator[Row]:
        """Yield, by their ids, the rows that changed at about one moment and fit on no page."""
        stamp = self.query.service.stamp
        for row in _walk(self.query, -1, f"{stamp} ge {literal(first)}", f"{stamp} le {literal(last)}"):
            if self._is_new(row, self._time(row)):
                yield row

    def _start(self) -> datetime | None:
        """Return the time to begin from; ``None`` for the beginning of all."""
        visit, starts = self.query.visit, []
        if (kept := visit.cursor.get(self.cursor_key)) is not None:
            moment = parse_time(kept)
            if moment is None:
                visit.warn(f"{self.query.entity}: the cursor {kept!r} is no time; everything is read again")
                return None
            starts.append(moment - OVERLAP)
        if visit.since is not None:
            starts.append(datetime.combine(visit.since, datetime.min.time()))
        return min(starts, default=None)

    def _move(self, time: datetime) -> None:
        self.query.visit.cursor[self.cursor_key] = min(time, began(self.query.visit, self.query.service)).isoformat()

    def _is_new(self, row: Row, time: datetime) -> bool:
        key = (row["id"], row[self.query.service.stamp])
        if key in self.known:
            return False
        self.known[key] = time
        return True

    def _time(self, row: Row) -> datetime:
        time = parse_time(row.get(self.query.service.stamp))
        if time is None:
            raise self.query.fault(f"gave row {row['id']} without a time in {self.query.service.stamp!r}")
        return time

    def _times(self, found: list[Row], start: datetime | None) -> list[datetime]:
        """Return the times of a page's rows, having seen that they are what was asked for."""
        times = [self._time(row) for row in found]
        if start is not None and times and min(times) < start - _ROUNDING:
            raise self.query.fault(
                f"ignored the filter: it gave a row of {min(times)} when asked for {start} and later"
            )
        if any(later < earlier for earlier, later in pairwise(times)):
            raise self.query.fault(f"ignored the order: its rows are not sorted by {self.query.service.stamp!r}")
        return times


def _walk(query: Query, after: int, *clauses: str) -> Iterator[Row]:
    """Yield the rows with an id above ``after``, by their ids."""
    while True:
        page = query.page((*clauses, f"id gt {after}"), "id asc")
        ids = query.ascending(page.rows, after)
        yield from page.rows
        if not page.more:
            return
        after = ids[-1]
