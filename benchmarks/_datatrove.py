"""datatrove's four MinHash stages over a folder of JSON lines; run by the Python that has datatrove, never by ours.

    PYTHON _datatrove.py INPUT WORK BANDS ROWS NGRAM TOKENIZER

TOKENIZER is ``danish`` (its own) or ``whitespace``. Two workers. Prints a JSON object: the seconds each stage took, and
the clusters found, as lists of ids.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from datatrove.executor import LocalPipelineExecutor  # type: ignore[import-not-found, unused-ignore]
from datatrove.pipeline.dedup import (  # type: ignore[import-not-found, unused-ignore]
    MinhashConfig,
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.readers import JsonlReader  # type: ignore[import-not-found, unused-ignore]
from datatrove.pipeline.writers import JsonlWriter  # type: ignore[import-not-found, unused-ignore]

WORKERS = 2


class _Whitespace:
    def word_tokenize(self, text: str) -> list[str]:
        return text.split()


class _WhitespaceSignature(MinhashDedupSignature):  # type: ignore[misc, unused-ignore]
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.word_tokenizer = _Whitespace()


def _run(steps: list[Any], tasks: int, logs: Path) -> float:
    start = time.perf_counter()
    LocalPipelineExecutor(
        pipeline=steps, tasks=tasks, workers=WORKERS, logging_dir=str(logs), skip_completed=False
    ).run()
    return time.perf_counter() - start


def main(source: Path, work: Path, bands: int, rows: int, ngram: int, tokenizer: str) -> dict[str, Any]:
    shutil.rmtree(work, ignore_errors=True)
    config = MinhashConfig(n_grams=ngram, num_buckets=bands, hashes_per_bucket=rows)
    kind = _WhitespaceSignature if tokenizer == "whitespace" else MinhashDedupSignature
    paths = {name: str(work / name) for name in ("signatures", "buckets", "remove", "kept", "removed")}
    times = {
        "signatures": _run(
            [JsonlReader(str(source)), kind(output_folder=paths["signatures"], config=config, language="dan")],
            WORKERS, work / "logs1",
        ),
        "buckets": _run(
            [MinhashDedupBuckets(input_folder=paths["signatures"], output_folder=paths["buckets"], config=config)],
            bands, work / "logs2",
        ),
        "cluster": _run(
            [
                MinhashDedupCluster(
                    input_folder=paths["buckets"], output_folder=paths["remove"], config=config, save_cluster_id=True,
                    save_cluster_size=True,
                )
            ],
            1, work / "logs3",
        ),
        "filter": _run(
            [
                JsonlReader(str(source)),
                MinhashDedupFilter(
                    input_folder=paths["remove"], load_cluster_ids=True, load_cluster_sizes=True,
                    exclusion_writer=JsonlWriter(paths["removed"], compression=None),
                ),
                JsonlWriter(paths["kept"], compression=None),
            ],
            WORKERS, work / "logs4",
        ),
    }  # fmt: skip
    clusters: dict[int, list[str]] = {}
    for folder in ("kept", "removed"):
        for file in sorted(Path(paths[folder]).rglob("*.jsonl")):
            for line in file.read_text("utf-8").splitlines():
                row = json.loads(line)
                number = row["metadata"].get("minhash_cluster_id", -1)
                if number is not None and number >= 0:
                    clusters.setdefault(number, []).append(row["id"])
    return {"seconds": times, "clusters": [sorted(ids) for ids in clusters.values() if len(ids) > 1]}


if __name__ == "__main__":
    source, work, bands, rows, ngram, tokenizer = sys.argv[1:]
    found = main(Path(source), Path(work), int(bands), int(rows), int(ngram), tokenizer)
    print("RESULT " + json.dumps(found))
