"""What a new version costs: the share of its bytes that a store cutting by content does not hold yet.

    python -m benchmarks.version_cost [--samples ../shared/data] [--megabytes 200]

At least that much Parquet is made of the samples' texts and written as a release is. Then: the same with 1 % new
documents, with ten revised ones spread over all, and with both. A file whose rows stand is carried over, as a release
does. What is new is counted by a cutter of our own, with the sizes that the Hub's store is said to use (64 KiB on
average, 8 to 128 KiB): a stand-in, not that store. Below it stands what a store of whole files would take.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks._made_release import MadeRelease, at_least, grown, revised
from benchmarks._real_text import SAMPLES

_LEAST, _MEAN, _MOST = 8 << 10, 64 << 10, 128 << 10
_WINDOW = 48
_BLOCK = 16 << 20
_TABLE = np.random.default_rng(1).integers(0, 1 << 63, 256, dtype=np.uint64)
_TARGETS = {"1 % new documents": 0.05, "ten revisions": 0.10}


def candidates(content: bytes) -> np.ndarray:
    """Return where the sum over the last 48 bytes, each as a random number, says that a chunk may end."""
    data = np.frombuffer(content, dtype=np.uint8)
    found = []
    for start in range(0, len(data), _BLOCK):
        block = data[max(start - _WINDOW, 0) : start + _BLOCK]
        sums = np.cumsum(_TABLE[block], dtype=np.uint64)
        window = sums[_WINDOW:] - sums[:-_WINDOW]
        # The least chunk comes on top of the mean distance of candidates.
        says = (window * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32) < np.uint64((1 << 32) // (_MEAN - _LEAST))
        found.append(np.flatnonzero(says) + max(start - _WINDOW, 0) + _WINDOW + 1)
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def chunks(content: bytes) -> Iterator[bytes]:
    """Cut ``content`` where it says so itself, into chunks of 8 to 128 KiB, the last one perhaps shorter."""
    ends = candidates(content)
    start = 0
    while start < len(content):
        place = np.searchsorted(ends, start + _LEAST)
        end = int(ends[place]) if place < len(ends) else len(content)
        end = min(end, start + _MOST, len(content))
        yield content[start:end]
        start = end


def held(paths: Sequence[Path]) -> dict[bytes, int]:
    """Return the chunks of some files: the size by the hash."""
    return {
        hashlib.blake2b(chunk, digest_size=16).digest(): len(chunk)
        for path in paths
        for chunk in chunks(path.read_bytes())
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=Path, default=SAMPLES)
    parser.add_argument("--megabytes", type=int, default=200, help="least size of the first version")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(MadeRelease(options.samples), Path(folder), options.megabytes * 1_000_000)


def measure(release: MadeRelease, folder: Path, least: int) -> None:
    """Write a version of at least ``least`` bytes and three that follow it; print what each costs."""
    known: dict[str, Path] = {}
    documents, first = at_least(release, folder, least, known)
    size = sum(path.stat().st_size for path in first)
    before = held(first)
    mean = sum(before.values()) / len(before) / 1024
    made = f"{len(documents):,} documents, {size / 1e6:.0f} MB in {len(first)} files"
    print(f"{made}, {len(before):,} chunks of {mean:.0f} KiB on average")
    versions = {
        "1 % new documents": grown(release, documents, 0.01),
        "ten revisions": revised(documents, 10),
        "both": revised(grown(release, documents, 0.01), 10),
    }
    for number, (name, rows) in enumerate(versions.items()):
        files = release.write(folder / f"next-{number}", rows, dict(known))
        whole = sum(path.stat().st_size for path in files)
        changed = [path for path in files if path not in first]
        new = sum(size for digest, size in held(changed).items() if digest not in before)
        by_file = sum(path.stat().st_size for path in changed)
        target = f" (target: at most {_TARGETS[name]:.0%})" if name in _TARGETS else ""
        print(f"{name}: {new / whole:.1%} of {whole / 1e6:.0f} MB is new{target}")
        print(f"    by whole files: {len(changed)} of {len(files)}, {by_file / whole:.0%}")


if __name__ == "__main__":
    main()
