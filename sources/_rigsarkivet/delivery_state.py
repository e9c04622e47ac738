"""Whether Rigsarkivet's delivery 14004 has changed, told from its landing page: the ZIP is gigabytes, and is never
asked for without need. Its server ignored a request for a part of it, and says neither its length nor its state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from typing import Final

from frisat.documents import JSON
from frisat.files import sha256
from sources.collecting import FetchError, Found, Visit

HOST: Final = "digidata.rigsarkivet.dk"
LANDING: Final = f"https://{HOST}/aflevering/14004"
DOWNLOAD: Final = f"https://{HOST}/download/14004"
KEY: Final = "14004.zip"
MAX_BYTES: Final = 40_000_000_000
DAYS_BETWEEN: Final = 28
"""The ZIP is asked for again after so many days though the page says nothing new, and not earlier than that where the
page's words changed but no version and no date that it names."""

_DATE: Final = r"\d{1,2}[./-] ?\d{1,2}[./-] ?\d{4}|\d{4}-\d\d-\d\d|\d{1,2}\. ?[a-zæøå]{3,9}\.? \d{4}"
_LABELLED: Final = re.compile(
    rf"(?i)\b(?:version|udgave|opdatere|ændre|revidere|udgive|publicere|aflevere|updated|modified|published)[a-zæøå]*"
    rf"[^\w\n]{{0,5}}(?:(?:den|d|dato|nr|senest|date|on)\b[^\w\n]{{0,3}})?({_DATE}|v?\d+(?:\.\d+)+)"
)
_SKIPPED: Final = frozenset({"script", "style", "noscript", "template"})
_NUMBER: Final = "14004"


class _Visible(HTMLParser):
    """Collects the text of a page that a reader sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the base class gives them
        self._hidden += tag in _SKIPPED

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _SKIPPED and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.texts.append(" ".join(data.split()))


def page_state(page: bytes) -> tuple[str, bool]:
    """Return what a landing page says of the delivery's state, and whether it says so in a version or a date.

    Else the state is a hash of the page's words: without numbers, which may count visitors.
    """
    reader = _Visible()
    reader.feed(page.decode("utf-8", "replace"))
    reader.close()
    text = " ".join(reader.texts)
    labelled = sorted({" ".join(match[0].casefold().split()) for match in _LABELLED.finditer(text)})
    if labelled:
        return "; ".join(labelled)[:500], True
    words = " ".join(re.findall(r"[^\W\d_]+", text.casefold()))
    return f"words {sha256(words)[:16]}", False


def found(visit: Visit) -> Iterator[Found]:
    """Yield the ZIP in the version it must be held in; see :data:`DAYS_BETWEEN`."""
    today = visit.started.date()
    known, asked = _text(visit.cursor.get("state")), _day(visit.cursor.get("asked"))
    state, labelled = _landing(visit)
    due = asked is None or (today - asked).days >= DAYS_BETWEEN
    version, again = known or state or "not told", False
    if state is not None and state != version and (labelled or due):
        version, asked = state, today
    elif due:
        again, asked = known is not None, today
    yield Found(key=KEY, url=DOWNLOAD, kind="zip", version=version, again=again, max_bytes=MAX_BYTES)
    visit.cursor["state"], visit.cursor["asked"] = version, asked.isoformat() if asked else None


def _landing(visit: Visit) -> tuple[str | None, bool]:
    """Return the state that the landing page tells; nothing where there is no such page any more."""
    try:
        page = visit.get(LANDING, kind="html").read()
    except FetchError as error:
        if error.passing:
            raise
        visit.warn(f"the landing page cannot be had ({error}); the delivery is asked for once a month. See {LANDING}")
        return None, False
    if _NUMBER.encode() not in page:
        visit.warn(f"{LANDING} does not name delivery {_NUMBER} any more; look whether it has moved")
        return None, False
    return page_state(page)


def _text(value: JSON) -> str | None:
    return value if isinstance(value, str) and value else None


def _day(value: JSON) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
