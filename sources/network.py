"""Harvesting over the network: asking a publisher for what is new, and taking exactly that."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frisat import clock
from frisat.documents import JSON
from frisat.errors import UsageError
from frisat.files import canonical_json, write_atomic
from frisat.report import Reporter
from frisat.workspace import Workspace
from sources._answers import Answers, answered, fetched, refused
from sources._memory import Memory, Visited
from sources._patience import Patience
from sources._removals import Removals
from sources.archive import Archive
from sources.client.fetching import FetchError, Response
from sources.collecting import Found, Gone, Visit
from sources.intake import Collected, Harvest, HarvestError
from sources.merge import merge_small
from sources.settings import new_client
from sources.source import Source, find_source

if TYPE_CHECKING:
    from sources.client.client import Client

ORIGIN = "network"

_FLUSH_SECONDS = 300


def harvest_network(
    workspace: Workspace,
    name: str,
    report: Reporter,
    *,
    since: date | None = None,
    limit: int | None = None,
    accept_loss: bool = False,
    client: Callable[[Archive, Source], Client] = new_client,
) -> Collected:
    """Ask the publisher of source ``name`` for what is new or changed, and archive it.

    Args:
        workspace: where the archive is; its lock must be held.
        name: the source.
        report: told of progress.
        since: how far back to look, where the source can.
        limit: stop after so many records; for a first look. The next harvest goes on from there.
        accept_loss: take it as true when much has vanished from the publisher's listing.
        client: makes the client that asks.

    Raises:
        UsageError: no such source, or it has no way in over the network.
        HarvestError: the publisher's listing cannot be had, too many records failed, or too many vanished. What came is
            kept, and the next harvest goes on from there.
    """
    source = find_source(workspace, name)
    if not source.collects:
        raise UsageError(f"'{name}' has no way in over the network; give a delivery with --from PATH")
    archive = Archive(workspace, name)
    with client(archive, source) as asking, Harvest(archive, archive.begin(ORIGIN)) as harvest:
        run = _Run(source, archive, harvest, asking, report, since)
        return run.all(limit, accept_loss=accept_loss)


class _Run:
    """One visit: what is asked, what is held against it, and what is kept at the end."""

    def __init__(
        self, source: Source, archive: Archive, harvest: Harvest, client: Client, report: Reporter, since: date | None
    ) -> None:
        self.source, self.archive, self.harvest, self.client, self.report = source, archive, harvest, client, report
        self.collected = harvest.collected
        self.memory = Memory(archive.visited)
        cursor: dict[str, JSON] = json.loads(archive.cursor.read_text()) if archive.cursor.exists() else {}
        self.visit = Visit(
            cursor=cursor, since=since, started=clock.now(), held=self._held, ask=self._ask, report=report
        )
        self._answers = Answers(archive, harvest.number)
        self._removals = Removals(source.name, harvest, self.memory, self._held)
        self._seen: dict[str, tuple[str | None, str | None]] = {}
        self._patience = Patience(source.name, self.collected, report)
        self._taken = 0
        self._flushed = client.timing.monotonic()

    def all(self, limit: int | None, *, accept_loss: bool) -> Collected:
        """Take everything the source finds; keep what came, however it ends."""
        begun = self.client.timing.monotonic()
        ended = False
        try:
            ended = self._take(limit)
            if ended:
                self._again()
                self._removals.settle(self.visit.completed, self._seen, accept_loss=accept_loss)
        except FetchError as error:
            raise HarvestError(f"{self.source.name}: {error}", self.collected) from error
        finally:
            self.collected.seconds = round(self.client.timing.monotonic() - begun, 1)
            self._keep()
        if not ended:
            return self.collected
        self._patience.judge(self.source.descriptor.max_failed_share)
        write_atomic(self.archive.cursor, canonical_json(self.visit.cursor) + "\n")
        done = self.harvest.finish()
        merge_small(self.archive)
        return done

    def _take(self, limit: int | None) -> bool:
        """Take what ``collect`` yields; say whether it came to its end."""
        items = self.source.collect(self.visit)
        for item in self.report.track(items, label=f"Harvesting {self.source.name}"):
            if limit is not None and self._taken >= limit:
                return False
            if isinstance(item, Gone):
                self._removals.said(item.key, item.why)
            elif self._seen.get(item.key) != (state := (item.version, item.described())):
                self._seen[item.key] = state
                self._removals.listed(item.key)
                self._found(item)
            self._flush_by_time()
        return True

    def _found(self, found: Found) -> None:
        """Fetch what was found unless it is held, or was refused and is not due."""
        before = self.memory[found.key]
        held = self.harvest.known.get(found.key)
        same = held is not None and held.good and held.described == found.described()
        if before is not None and not found.again:
            if before.wanted:
                if not before.due(found.version, clock.now()):
                    self.collected.unavailable += 1
                    return
            elif same and found.version is not None and before.version == found.version:
                self.collected.unchanged += 1
                return
        self._fetch(found, before if same else None)

    def _fetch(self, found: Found, validators: Visited | None) -> None:
        self._taken += 1
        asked: dict[str, Any] = {"kind": found.kind, "max_bytes": found.max_bytes}
        if validators is not None:
            asked |= {"etag": validators.etag, "modified": validators.modified}
        try:
            self._patience.check(found.url)
            self.collected.requests += 1
            response = self.client.fetch(found.url, **asked)
        except FetchError as error:
            self._failed(found, error)
            return
        self._patience.answered(found.url)
        etag, modified = response.headers.get("etag"), response.headers.get("last-modified")
        if response.not_modified and validators is not None:
            self.collected.unchanged += 1
            etag, modified = etag or validators.etag, modified or validators.modified
        else:
            body = response.body
            if not isinstance(body, bytes):
                body = self.archive.keep_blob(body, response.sha256)
            self.harvest.take(found.key, body, response.sha256, response.size, fetched(found, response))
        visited = Visited(version=found.version, etag=etag, modified=modified, checked_at=response.retrieved_at)
        self.memory.note(found.key, visited)

    def _failed(self, found: Found, error: FetchError) -> None:
        """Note that a record could not be had; where an earlier state of it is held, that one stays."""
        now = clock.now()
        self._patience.failed(found.key, found.url, error)
        held = self.harvest.known.get(found.key)
        row = {**refused(error, now), "context": canonical_json(found.context), "described": found.described()}
        if held is not None and held.good:
            self._answers.add(found.key, error.body, row)
        else:
            self.harvest.stand_in(found.key, f"broken: {error}", {**row, "body": error.body or None})
        # Where an earlier state is held the listing has told of a change, which must not wait for a month.
        standing = (error.unavailable or not error.passing) and not (held is not None and held.good)
        visited = Visited(version=found.version, checked_at=now, wanted=found.as_json(), standing=standing)
        self.memory.note(found.key, visited)
        self._patience.bear()

    def _again(self) -> None:
        """Ask again for what could not be had on an earlier visit and was not listed on this one."""
        for key in self.memory.wanted():
            before = self.memory[key]
            if key not in self._seen and before is not None and before.wanted:
                found = Found(**json.loads(before.wanted))
                if before.due(found.version, clock.now()):
                    self._fetch(found, None)

    def _ask(self, method: str, url: str, **options: Any) -> Any:
        """Ask for a listing and archive the answer beside the records."""
        self.collected.requests += 1
        try:
            answer = getattr(self.client, method)(url, **options)
        except FetchError as error:
            self._answers.add(url, error.body, refused(error, clock.now()))
            raise
        response: Response = answer[0] if isinstance(answer, tuple) else answer
        body = response.read()
        self._answers.add(url, body, answered(response))
        if isinstance(response.body, Path):
            response.body.unlink()
        return answer if isinstance(answer, tuple) else replace(response, body=body)

    def _held(self, prefix: str) -> set[str]:
        known = self.harvest.known
        return {key for key, state in known.items() if state.good and state.url is not None and key.startswith(prefix)}

    def _flush_by_time(self) -> None:
        if self.client.timing.monotonic() - self._flushed > _FLUSH_SECONDS:
            self._keep()
            done = self.collected
            self.report.note(
                f"{self.source.name}: {done.new:,} new, {done.changed:,} changed, {done.unchanged:,} unchanged, "
                f"{done.failed:,} failed, {done.bytes / 1e6:,.1f} MB"
            )

    def _keep(self) -> None:
        """Write records before what is remembered of them: after a kill the worst is to ask once more."""
        for response in self.client.asked():
            self._answers.add(response.url, response.read(), answered(response))
        self.harvest.keep()
        self._answers.keep()
        self.memory.save()
        self._flushed = self.client.timing.monotonic()
