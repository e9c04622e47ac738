"""From the archive to a release on real text: speed, memory, and each step's share.

    python benchmarks/whole_way.py [--samples ../shared/data] [--scales 1 2 4]

For each scale the samples are repeated with other ids and slightly other text, so that nothing is a copy. Each step is
a Prefect flow, run as the commands run it; an empty flow timed in the same run is taken off each. Memory is the sum of
the proportional set sizes of this process and its children, Prefect's server apart, read ten times a second while the
whole way is gone a second time.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import zstandard

from benchmarks._memory import Memory
from benchmarks._real_text import bodies
from flows.server import prefect_api
from frisat.workspace import Workspace

SOURCES = {"retsinformation": "retsinformation/lexdania_love_2010-2017.tar.zst", "adl": "adl/adl_tei.tar.zst"}
EVIDENCE = "A statement made up for this measurement."


def repeat(archive: Path, target: Path, scale: int) -> None:
    """Write the archive ``scale`` times over into one, each time with other ids and other words."""
    with (
        target.open("wb") as handle,
        zstandard.ZstdCompressor(level=1).stream_writer(handle) as stream,
        tarfile.open(fileobj=stream, mode="w|") as tar,
    ):
        for turn in range(scale):
            for name, body in bodies(archive):
                changed = body if turn == 0 else _vary(body, turn)
                info = tarfile.TarInfo(name.replace(".xml", f"-{turn}.xml") if turn else name)
                info.size = len(changed)
                tar.addfile(info, io.BytesIO(changed))


def _vary(body: bytes, turn: int) -> bytes:
    """Give an act another year, and a text other words, so that it is another document."""
    for year in range(2010, 2018):
        body = body.replace(b"<Year>%d</Year>" % year, b"<Year>%d</Year>" % (year + 100 * turn))
    return body.replace(b" og ", b" og%d " % turn)


def timed(label: str, call: Callable[[], Any], times: dict[str, float]) -> Any:
    start = time.perf_counter()
    value = call()
    times[label] = times.get(label, 0.0) + time.perf_counter() - start
    return value


def measure(samples: Path, scale: int, folder: Path) -> None:
    deliveries = {}
    for name, path in SOURCES.items():
        deliveries[name] = folder / f"{name}.tar.zst"
        repeat(samples / path, deliveries[name], scale)
    times: dict[str, float] = {}
    with prefect_api(folder / "prefect", lambda _: None):
        from prefect import flow

        from flows import pipeline

        @flow(name="empty")
        def empty() -> None:
            """Do nothing: what a flow run costs by itself."""

        empty()
        timed("empty", empty, times)
        workspace = Workspace(folder / "timed")
        built, released = _whole_way(workspace, deliveries, folder, times)
        again = timed("second run", lambda: pipeline.run([], str(workspace.root)), times)
        # Reading the memory of every process takes time of its own: it is done on a way of its own.
        with Memory() as memory:
            _whole_way(Workspace(folder / "weighed"), deliveries, folder, {})
    text = sum(source.text_bytes for source in built.sources) / 1e6
    documents = sum(source.documents for source in built.sources)
    _print(scale, times, text, documents, memory.peak, released.version, again.released.version)


def _whole_way(
    workspace: Workspace, deliveries: dict[str, Path], folder: Path, times: dict[str, float]
) -> tuple[Any, Any]:
    from flows import pipeline

    for name, delivery in deliveries.items():
        harvest = partial(pipeline.harvest, [name], str(workspace.root), str(delivery))
        timed("harvest", harvest, times)
    built = timed("build", lambda: pipeline.build([], str(workspace.root)), times)
    _decide(workspace, folder)
    return built, timed("release", lambda: pipeline.release(str(workspace.root)), times)


def _decide(workspace: Workspace, folder: Path) -> None:
    from flows.reviewing import record_decision
    from licensing import Proposal

    evidence = folder / "evidence.txt"
    evidence.write_text(EVIDENCE)
    said = {"reasoning": "measurement", "doubts": "measurement", "not_checked": "everything", "decided_by": "benchmark"}
    for name in SOURCES:
        proposal = Proposal(source=name, status="cleared", license="CC0-1.0", legal_basis="licence", **said)  # type: ignore[arg-type]
        record_decision(workspace, proposal, evidence, EVIDENCE)


def _print(
    scale: int, times: dict[str, float], text: float, documents: int, peak: int, version: str | None, again: str | None
) -> None:
    empty = times["empty"]
    steps = {"harvest": 2 * empty, "build": empty, "release": empty}
    net = {name: max(times[name] - off, 0.0) for name, off in steps.items()}
    total = sum(net.values())
    shares = ", ".join(f"{name} {seconds:.1f} s ({seconds / total:.0%})" for name, seconds in net.items())
    print(
        f"{scale}x: {text:.1f} MB of text, {documents:,} documents in {total:.1f} s: {text / total:.1f} MB/s, "
        f"{documents / total:,.0f} documents/s; peak {peak / 1e6:,.0f} MB\n"
        f"    {shares}; an empty flow {empty:.2f} s, taken off each\n"
        f"    release {version}; second run {times['second run'] - empty:.2f} s, new version: {again}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=Path, default=Path(__file__).parents[2] / "shared/data")
    parser.add_argument("--scales", type=int, nargs="+", default=[1])
    chosen = parser.parse_args()
    if not (chosen.samples / SOURCES["adl"]).exists():
        sys.exit(f"no samples in {chosen.samples}; name their folder with --samples")
    for scale in chosen.scales:
        with tempfile.TemporaryDirectory(prefix="frisat-") as folder:
            measure(chosen.samples, scale, Path(folder))
    frisat = Path(sys.executable).with_name("frisat")
    times: dict[str, float] = {}
    for _ in range(5):
        times.clear()
        timed("help", lambda: subprocess.run([frisat, "--help"], capture_output=True, check=True), times)
    print(f"frisat --help: {times['help']:.2f} s")


if __name__ == "__main__":
    main()
