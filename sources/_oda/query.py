"""Asking an OData v3 service for one page of an entity, and seeing that it is what was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from sources._oda.wire import NEXT, Page, Row, Service, ServiceError, literal, parse_page
from sources.client.fetching import FetchError, Response
from sources.collecting import Visit

PAGE: Final = 100
"""Rows asked for at a time: the most that ODA gives."""

_SMALL_PAGE: Final = 10
_PAGE_BYTES: Final = 64_000_000
_MAX_LINKS: Final = 1000
_HEADERS: Final = {"Accept": "application/json"}


@dataclass(slots=True)
class Query:
    """Asks one service for one entity. The arguments are those of :func:`sources._oda.odata.rows`."""

    visit: Visit
    service: Service
    entity: str
    where: Mapping[str, int | str]
    expand: Sequence[str]
    select: Sequence[str]

    def __post_init__(self) -> None:
        asked = {*self.where, *(name for name in self.select if "/" not in name)}
        allowed = {*self.service.fields.get(self.entity, ()), self.service.stamp}
        if unknown := sorted(asked - allowed):
            raise ValueError(f"{self.entity} is not known to have {', '.join(unknown)}")
        if self.select:
            self.select = sorted({"id", self.service.stamp, *self.where, *self.select})

    def page(self, clauses: tuple[str, ...], order: str) -> Page:
        """Ask for one page, and see that it is what was asked for."""
        equal = (f"{name} eq {literal(value)}" for name, value in self.where.items())
        size, response = self._ask((*equal, *clauses), order)
        page = self._parse(response, size)
        if self.select and any(name not in row for row in page.rows for name in self._expanded()):
            self._choose_nothing("forgets what to bring along when it is to choose fields")
            return self.page(clauses, order)
        for row in page.rows:
            self._check(row)
            for key in [key for key in row if key.endswith(NEXT)]:
                self._complete(row, key.removesuffix(NEXT), row.pop(key), response)
        if page.more and not page.rows:
            raise self.fault("says that there are more rows and gives none")
        return page

    def _ask(self, clauses: tuple[str, ...], order: str) -> tuple[int, Response]:
        try:
            return PAGE, self._fetch(clauses, order, PAGE)
        except FetchError as error:
            _shorten(error)
            if error.status == 400 and self.select:
                self._choose_nothing("refuses to choose fields")
                return self._ask(clauses, order)
            if error.status in (400, 404):
                raise self.fault(f"refused the query with {error.status}: {error.url}") from error
            if error.unavailable or error.status in (429, 503):
                raise
            self.visit.note(f"{error}. A smaller page is asked for")
        try:
            return _SMALL_PAGE, self._fetch(clauses, order, _SMALL_PAGE)
        except FetchError as error:
            _shorten(error)
            raise

    def _choose_nothing(self, why: str) -> None:
        self.visit.warn(f"{self.entity}: the service {why}; whole rows are asked for")
        self.select = ()

    def _expanded(self) -> set[str]:
        return {path.partition("/")[0] for path in self.expand}

    def _fetch(self, clauses: tuple[str, ...], order: str, size: int) -> Response:
        options = {
            "filter": " and ".join(clauses),
            "orderby": order,
            "top": str(size),
            "inlinecount": "allpages",
            "expand": ",".join(self.expand),
            "select": ",".join(self.select),
        }
        url = self.service.address(self.entity, **{name: value for name, value in options.items() if value})
        return self.visit.get(url, kind="json", headers=_HEADERS, max_bytes=_PAGE_BYTES)

    def _parse(self, response: Response, size: int = PAGE) -> Page:
        try:
            return parse_page(response.read(), size)
        except ValueError as error:
            raise self.fault(f"gave no page: {error} ({response.url})") from error

    def ascending(self, found: list[Row], after: int) -> list[int]:
        """Return the ids of a page's rows, having seen that each is above the one before."""
        ids: list[int] = [row["id"] for row in found]
        if any(later <= earlier for earlier, later in pairwise([after, *ids])):
            raise self.fault(
                f"ignored filter or order: it gave ids {ids[0]}…{ids[-1]} when asked for those above {after}"
            )
        return ids

    def _check(self, row: Row) -> None:
        """See that a row is one of those asked for, and whole."""
        if type(row.get("id")) is not int:
            raise self.fault("gave a row without an 'id'")
        for name, value in self.where.items():
            if row.get(name) != value:
                raise self.fault(f"ignored the filter: row {row['id']} has {name} {row.get(name)!r}, not {value!r}")
        if missing := sorted(self._expanded() - row.keys()):
            raise self.fault(f"did not bring {', '.join(missing)} along with row {row['id']}")

    def _complete(self, row: Row, name: str, link: str | None, response: Response) -> None:
        """Fetch the rest of a list within a row, which the service cut into pages."""
        held: list[Row] = list(row.get(name) or [])
        followed: set[str] = set()
        while link:
            url = self.service.within(link, response)
            if url is None:
                raise self.fault(f"leads out of the service, to {link[:300]}; not followed")
            if url in followed or len(followed) >= _MAX_LINKS:
                raise self.fault(f"leads in circles through {name!r} of row {row['id']}: {url[:300]}")
            followed.add(url)
            response = self.visit.get(url, kind="json", headers=_HEADERS, max_bytes=_PAGE_BYTES)
            page = self._parse(response)
            held, link = held + page.rows, page.link
        row[name] = list({item.get("id", place): item for place, item in enumerate(held)}.values())

    def fault(self, what: str) -> ServiceError:
        """Return the error for a service that does something else than it was asked for."""
        url = self.service.address(self.entity)
        return ServiceError(
            f"{url} {what}. If it happens again, the service has changed: compare its $metadata with what is asked for",
            url=url,
        )


def _shorten(error: FetchError) -> None:
    """Leave the query out of the message, which people cannot read for it; ``url`` keeps it."""
    _, sign, query = error.url.partition("?")
    if query:
        error.args = (str(error).replace(sign + query, "?…"),)
