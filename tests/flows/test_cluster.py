"""The runner over a Dask cluster: here one of a single worker in this process."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from distributed import LocalCluster

from flows.cluster import ClusterRunner
from frisat.errors import FrisatError, UsageError
from frisat.files import sha256_file

if TYPE_CHECKING:
    from tests.conftest import Desk


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a scheduler with one worker."""
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None, protocol="tcp", host="127.0.0.1"
    ) as cluster:
        yield cluster.scheduler_address


def _half(number: int) -> int:
    if number % 2:
        raise ValueError(f"{number} is odd")
    return number // 2


def test_outcomes_come_in_order_and_a_failure_is_one_of_them(address: str) -> None:
    with ClusterRunner(address) as runner:
        found = list(runner.map(_half, range(6), label="Halving"))
    assert [outcome.job for outcome in found] == [0, 1, 2, 3, 4, 5]
    assert [outcome.value for outcome in found] == [0, None, 1, None, 2, None]
    assert [str(outcome.error) for outcome in found if outcome.error] == ["1 is odd", "3 is odd", "5 is odd"]


def test_more_jobs_than_are_sent_ahead(address: str) -> None:
    with ClusterRunner(address) as runner:
        found = runner.map(abs, (-number for number in range(300)), label="Turning")
        assert [outcome.value for outcome in found] == list(range(300))


def test_an_equal_job_is_done_again(address: str, tmp_path: Path) -> None:
    with ClusterRunner(address) as runner:
        for number in range(2):
            (tmp_path / "file").write_text(str(number))
            (outcome,) = runner.map(Path.read_text, [tmp_path / "file"], label="Reading")
            assert outcome.result() == str(number)


def test_a_release_on_a_cluster_is_the_same(desk: Desk, finished: Desk, address: str) -> None:
    shutil.copytree(finished.workspace.archive, desk.workspace.archive)
    shutil.copytree(finished.workspace.register, desk.workspace.register)
    shutil.copy(finished.workspace.root / "frisat.json", desk.workspace.root)
    with ClusterRunner(address) as runner:
        desk.build(runner)
        desk.release(runner)
    one, other = desk.workspace.release(), finished.workspace.release()
    files = [p.relative_to(one) for p in sorted(one.rglob("*")) if p.is_file()]
    assert len(files) == 28
    assert [sha256_file(one / name) for name in files] == [sha256_file(other / name) for name in files]


def test_no_scheduler_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FrisatError, match="no Dask scheduler answers at FRISAT_RUNNER=nonsense://x"):
        ClusterRunner("nonsense://x").__enter__()


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match="FRISAT_RUNNER needs the extra 'cluster'"):
        ClusterRunner("tcp://127.0.0.1:8786").__enter__()
