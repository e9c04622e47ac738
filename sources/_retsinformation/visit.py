"""The way to Retsinformation: what has changed, night after night; and all there is, the first time or after a gap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from sources._retsinformation.changes import DAYS, Change, changes_since, check_hours, danish_day
from sources._retsinformation.listing import Listing, read_listing
from sources._retsinformation.names import is_act, xml_url, year_of
from sources.collecting import FetchError, Found, Gone, Visit

FIRST_YEAR: Final = 2007
"""Files of acts announced before 25 September 2007 are said to hold metadata only, so they are not asked for."""

_OVERLAP: Final = timedelta(days=1)
"""A day is asked for again the day after: when it was first, it was not over."""
_MAX_BYTES: Final = 100_000_000
_FEW, _MANY, _SHARE = 10, 200, 0.05
"""How many documents may be missing from the list before it is the list that is doubted."""


def collect(visit: Visit) -> Iterator[Found | Gone]:
    """Yield what changed since the last visit; all there is where that cannot be told, or was never listed.

    Raises:
        FetchError: the service is closed, or it or the list cannot be had or read as a whole.
    """
    check_hours(visit.started)
    today = danish_day(visit.started)
    earliest = today - timedelta(days=DAYS - 1)
    through, listed = _day(visit.cursor.get("through")), _year(visit.cursor.get("from_year"))
    asked = visit.since.year if visit.since else FIRST_YEAR
    year = asked if listed is None else min(asked, listed) if visit.since else listed
    first = earliest if through is None else max(min(through, today) - _OVERLAP, earliest)
    news = changes_since(visit, first, today)
    yield from _changed(visit, news.changes, year)
    is_gap = through is not None and through < news.first
    if is_gap:
        visit.note(f"the last visit was on {through}, longer ago than the harvest service tells of")
    if through is None or is_gap or listed is None or year < listed:
        yield from _everything(visit, year, today, {change.key for change in news.changes})
    visit.cursor["through"] = today.isoformat()
    visit.cursor["from_year"] = year


def _changed(visit: Visit, changes: list[Change], year: int) -> Iterator[Found | Gone]:
    """Yield the changes to acts from ``year`` on; to those whose year is not known, all.

    What is not held is asked for each night that it is told of: a file may come later than the news of it.
    """
    held = visit.keys("eli/")
    for change in changes:
        if not is_act(change.accession) and change.is_ours and (not change.removed or change.key not in held):
            visit.warn(
                f"{change.accession} is no accession number as acts have them, so it cannot be told where it was "
                f"announced. It {'was removed' if change.removed else f'is archived as {change.key}'}: see that it is "
                "not held under another name as well"
            )
        if change.removed:
            yield Gone(change.key, "removed by its publisher, by the harvest service")
        elif not is_act(change.accession) or year_of(change.key) >= year:
            yield _found(change.key, change.version, again=change.key not in held)


def _everything(visit: Visit, year: int, today: date, told: set[str]) -> Iterator[Found | Gone]:
    """Yield all that the list names from ``year`` on, the newest first, but what the service has told of already.

    Raises:
        FetchError: after all else: the list was not whole. The next visit reads it again.
    """
    listing = read_listing(visit)
    acts = {key: act_year for key, (act_year, _) in listing.acts.items() if act_year >= year}
    visit.note(f"the list names {len(listing.acts):,} documents of Lovtidende A, {len(acts):,} of them from {year} on")
    if listing.elsewhere:
        visit.warn(f"the list holds {listing.elsewhere:,} addresses that are not Retsinformation's; they were left out")
    versions = listing.versions(today)
    for key in sorted(acts, key=_newest_first):
        if key not in told:
            yield _found(key, versions[key])
    if listing.repeated:
        raise FetchError(
            f"page {listing.repeated[0]} of the list repeats an earlier one, so the list was not whole; what it named "
            "was taken, and the next harvest reads it again",
            url=listing.repeated[0],
            passing=True,
        )
    if listing.empty:
        visit.warn(f"page {listing.empty[0]} of the list is empty; what is missing from the list was not looked into")
    else:
        yield from _vanished(visit, listing, year, told)


def _vanished(visit: Visit, listing: Listing, year: int, told: set[str]) -> Iterator[Gone]:
    """Yield what is held, is no longer listed, and whose address says that it is gone: two signs, since one may err."""
    held = {key for key in visit.keys("eli/lta/") if year_of(key) >= year}
    missing = sorted(held - listing.acts.keys() - told)
    if len(missing) > min(max(_FEW, _SHARE * len(held)), _MANY):
        visit.warn(
            f"{len(missing):,} of {len(held):,} acts held are no longer listed, such as {missing[0]}: too many to be "
            "true. Nothing was marked as removed"
        )
        return
    for key in missing:
        try:
            visit.get(xml_url(key), kind="xml", max_bytes=_MAX_BYTES)
        except FetchError as error:
            if error.gone:
                yield Gone(key, "no longer listed, and no longer there")
            else:
                visit.warn(f"{key} is no longer listed, and whether it is there cannot be told: {error}")
        else:
            visit.warn(f"{key} is no longer listed, but still there; it is kept")


def _found(key: str, version: str | None, *, again: bool = False) -> Found:
    return Found(key=key, url=xml_url(key), kind="xml", version=version, again=again, max_bytes=_MAX_BYTES)


def _newest_first(key: str) -> tuple[int, int]:
    return -year_of(key), -int(key.rpartition("/")[2])


def _day(value: object) -> date | None:
    """Return a day as an earlier visit wrote it; nothing if it did not, or it is damaged."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _year(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
