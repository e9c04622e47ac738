"""A harvest that finds nothing new, over many records held: listing passes, processor time and memory.

    python benchmarks/no_news.py --records 100000

The archive is made here, of invented records of 200 bytes in parts as forty harvests leave them; the listing, with a
version of each record, comes from a server on a loopback socket in another process.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from frisat import clock
from frisat.files import sha256
from frisat.workspace import Workspace
from sources import network
from sources._memory import Memory, Visited
from sources.archive import Archive
from sources.collecting import Found, Gone, Visit
from sources.intake import Harvest
from sources.source import Source, built_in_sources
from tests.standins.harvests import harvest_from
from tests.standins.http import HttpStandIn

SERVICE = "https://example.org/"
HARVESTS = 40


def serve(records: int, pipe: Connection) -> None:
    """Serve a listing until told to stop; send back what was asked for."""
    listing = json.dumps({_key(number): _version(number) for number in range(records)}).encode()
    with HttpStandIn() as server:
        server.add("/index.json", listing, content_type="application/json")
        pipe.send(server.url)
        pipe.recv()
        pipe.send([request.path for request in server.requests])


def _key(number: int) -> str:
    return f"{number // 1000:04}/{number:07}.xml"


def _version(number: int) -> str:
    return f"{number * 37 % 100_000} 2041-03-01T12:00:00"


def collect(visit: Visit) -> Iterator[Found | Gone]:
    """Yield everything that is listed."""
    for key, version in json.loads(visit.get(f"{SERVICE}index.json").read()).items():
        yield Found(key=key, url=f"{SERVICE}{key}", version=version)
    visit.complete()


class _Invented(Source):
    @property
    def module(self) -> Any:
        return SimpleNamespace(VERSION=1, collect=collect)


def fill(archive: Archive, records: int) -> None:
    """Archive invented records, as harvests of a fortieth each would have."""
    memory = Memory(archive.visited)
    for first in range(HARVESTS):
        with Harvest(archive, archive.begin("network")) as harvest:
            for number in range(first, records, HARVESTS):
                body = f"<notice>{number:0190}</notice>".encode()
                row = {"url": f"{SERVICE}{_key(number)}", "status": 200, "retrieved_at": clock.now()}
                harvest.take(_key(number), body, sha256(body), len(body), row)
                memory.note(_key(number), Visited(version=_version(number), checked_at=clock.now()))
            harvest.finish()
    memory.save()


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    records = parser.parse_args().records
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(records, theirs), daemon=True)
    server.start()
    url = ours.recv()
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "workspace")
        workspace.create()
        archive = Archive(workspace, "retsinformation")
        fill(archive, records)
        source = _Invented(built_in_sources()["retsinformation"].descriptor, built_in=True)
        setattr(network, "find_source", lambda *_: source)  # noqa: B010 - an invented source is in no list
        harvest_from(workspace, "retsinformation", {SERVICE: url}, limit=0)  # imports, connections
        before = {path: path.stat().st_mtime_ns for path in archive.folder.rglob("*")}
        started, cpu = time.perf_counter(), time.process_time()
        done = harvest_from(workspace, "retsinformation", {SERVICE: url})
        cpu, wall = time.process_time() - cpu, time.perf_counter() - started
        written = [p.name for p in archive.folder.rglob("*") if before.get(p) != p.stat().st_mtime_ns]
    ours.send("stop")
    asked = [path for path in ours.recv() if path == "/index.json"]
    server.join()
    print(f"records held          {records:,}")
    print(f"unchanged             {done.unchanged:,} (new {done.new}, changed {done.changed}, gone {done.gone})")
    print(f"listing passes        {len(asked) - 1}")
    print(f"processor time        {cpu:.2f} s (target below 3 s at 100,000)")
    print(f"wall time             {wall:.2f} s")
    print(
        f"peak memory           {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB, filling included"
    )
    print(f"files written         {', '.join(sorted(written))}")


if __name__ == "__main__":
    main()
