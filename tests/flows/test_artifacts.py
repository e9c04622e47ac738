"""What Prefect's pages show of a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cleaning import LinkResult
from datacards import REASONS
from flows.artifacts import build_table, excluded_table, harvest_table, overlap_table, release_page
from flows.build import BuildResult, SourceBuild
from flows.harvesting import Harvested
from publishing import Assembled, Changes
from sources import Collected, HarvestError

if TYPE_CHECKING:
    from tests.conftest import Desk


def test_what_came_in() -> None:
    collected = Collected(new=3, changed=2, unchanged=1, gone=5, failed=4, unavailable=6, bytes=1_234_567, seconds=1.5)
    error = HarvestError("minutes: too much failed", collected)
    done = [Harvested("minutes", "inbox", collected), Harvested("minutes", "network", collected, error)]
    row = {
        "source": "minutes", "from": "inbox", "new": 3, "changed": 2, "gone": 5, "unchanged": 1, "failed": 4,
        "not available": 6, "MB": 1.23, "seconds": 1.5, "ended": "as it should",
    }  # fmt: skip
    assert harvest_table(done) == [row, {**row, "from": "network", "ended": "minutes: too much failed"}]


def test_what_was_built() -> None:
    done = SourceBuild("minutes", 2, 1, 1, 40, 3, 999, 5, 6, 7, {"contents list": 1_200, "footer": 10}, 8)
    assert build_table(BuildResult([done, SourceBuild("adl")], None)) == [
        {
            "source": "minutes", "parts": 2, "extracted now": 1, "refined now": 1, "documents": 40, "gave none": 3,
            "repaired": 5, "redacted": 6, "not Danish": 7, "under 20 words": 8,
            "left out (characters)": "contents list 1,200, footer 10",
        }
    ]  # fmt: skip
    assert build_table(BuildResult([SourceBuild("minutes", 1)], None))[0]["left out (characters)"] == "–"


def test_where_copies_lie() -> None:
    overlap = {"b": {"a": 2}, "a": {"a": 4, "b": 1}}
    assert overlap_table(BuildResult([], LinkResult(2, 7, Path("links.parquet"), overlap=overlap))) == [
        {"documents of": "a", "a": 4, "b": 1},
        {"documents of": "b", "a": 2, "b": 0},
    ]
    assert overlap_table(BuildResult([], None)) == []


def test_what_is_excluded_and_why(released: Desk) -> None:
    released.decide("minutes", only="id = minutes/000", status="blocked")
    assert excluded_table(released.release(accept_loss=["minutes"])) == [
        {"source": "minutes", "reason": "rights:blocked", "documents": 1, "meaning": REASONS["rights"][0]},
        {"source": "speeches", "reason": "broken", "documents": 1, "meaning": REASONS["broken"][0]},
        {"source": "speeches", "reason": "language:sv", "documents": 1, "meaning": REASONS["language"][0]},
    ]


def test_the_page_of_a_release(released: Desk) -> None:
    released.deliver("minutes", released.minutes(5))
    released.build()
    done = released.release()
    assert release_page(done, "/w") == (
        f"# Release v1.1.0\n\nIt lies in `{done.path}` and follows v1.0.0.\n\n"
        "| source | collected | gave none | published | excluded |\n|---|--:|--:|--:|--:|\n"
        "| minutes | 5 | 0 | 5 | 0 |\n| speeches | 3 | 1 | 1 | 3 |\n\n"
        "Changes since v1.0.0:\n\n- minutes: 1 added\n\nNext: \n\n"
        f"- `frisat verify {done.path}`\n- `frisat sources --workspace /w`\n"
    )


def test_the_page_of_no_release() -> None:
    nothing = release_page(Assembled(None, None, None, Changes()), "/w")
    assert nothing.startswith("# No new release\n\nNothing is cleared for publishing yet: `frisat review queue` shows")
    same = release_page(Assembled(None, None, "v1.0.0", Changes()), "/w")
    assert same.startswith("# No new release\n\nNothing changed since v1.0.0.\n")
