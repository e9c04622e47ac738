"""The guard: what a reader does wrong ends its child and nothing else."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from frisat.documents import JSON
from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError, RecordError
from sources.readers import guard
from sources.readers.guard import guarded
from tests.sources.readers import guard_readers


@pytest.fixture(autouse=True)
def _no_children_left() -> Iterator[None]:
    yield
    guard.close()


def _read(function: Callable[[bytes], JSON], body: bytes = b"", *, seconds: float = 10, megabytes: int = 200) -> JSON:
    return guarded(function, body, seconds=seconds, megabytes=megabytes)


def _alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("body", [b"null", b"0", b'""', b'"\\u00e6\\u00f8\\u00e5"', b'{"a": [1, 2.5, true, null]}'])
def test_a_value_comes_back_as_it_is(body: bytes) -> None:
    assert _read(guard_readers.echo, body) == guard_readers.echo(body)


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 30_000_000])
def test_a_body_of_any_size_goes_out(size: int) -> None:
    assert _read(guard_readers.length, bytes(size)) == size


def test_a_value_of_any_size_comes_back() -> None:
    assert _read(guard_readers.big, b"20000000", megabytes=1000) == "å" * 20_000_000


@pytest.mark.parametrize("kind", [BrokenRecordError, EmptyRecordError, NotTextError])
def test_a_record_error_travels_as_itself(kind: type[RecordError]) -> None:
    with pytest.raises(kind) as caught:
        _read(guard_readers.refuse, kind.reason.encode())
    assert type(caught.value) is kind
    assert str(caught.value) == f"is {kind.reason} – æøå"


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (guard_readers.fail, "its reader failed with ZeroDivisionError: x; please report it"),
        (guard_readers.not_json, "its reader failed with TypeError: .*JSON serializable; please report it"),
        (guard_readers.recurse, "is nested too deeply to be read"),
    ],
)
def test_any_other_error_is_a_broken_record(function: Callable[[bytes], JSON], message: str) -> None:
    with pytest.raises(BrokenRecordError, match=f"^{message}$"):
        _read(function, b"x")


def test_the_same_child_serves_one_file_after_the_other_also_after_errors() -> None:
    first = _read(guard_readers.process)
    with pytest.raises(BrokenRecordError):
        _read(guard_readers.fail)
    assert _read(guard_readers.process) == first != os.getpid()


@pytest.mark.parametrize("function", [guard_readers.spin, guard_readers.sleep, guard_readers.sleep_in_c])
def test_a_reader_that_takes_too_long_is_stopped(function: Callable[[bytes], JSON]) -> None:
    before = _read(guard_readers.process)
    with pytest.raises(BrokenRecordError) as caught:
        _read(function, seconds=0.2)
    assert str(caught.value) == "took longer than 0.2 s to read and was stopped"
    assert _read(guard_readers.process) != before


def test_a_reader_that_is_deaf_to_signals_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_PATIENCE", 0.5)
    _read(guard_readers.process)
    with pytest.raises(BrokenRecordError, match=r"took longer than 0\.1 s to read and was stopped"):
        _read(guard_readers.deaf, seconds=0.1)


def test_a_reader_that_fills_the_memory_is_stopped() -> None:
    with pytest.raises(BrokenRecordError) as caught:
        _read(guard_readers.allocate, megabytes=100)
    assert str(caught.value) == "needed more than 100 MB of memory to read and was stopped"
    assert _read(guard_readers.length, b"abc") == 3


def test_the_memory_is_counted_beyond_what_the_child_holds_and_anew_for_each_file() -> None:
    for _ in range(5):
        assert _read(guard_readers.length, bytes(60_000_000), megabytes=80) == 60_000_000


@pytest.mark.parametrize("function", [guard_readers.segfault, guard_readers.allocate_in_c])
def test_a_reader_that_crashes_in_c_is_a_broken_record(function: Callable[[bytes], JSON]) -> None:
    with pytest.raises(
        BrokenRecordError, match=r"^crashed its reader \(exit code -(6|11)\).*more than 100 MB of memory$"
    ):
        _read(function, megabytes=100)
    assert _read(guard_readers.length, b"abc") == 3


def test_a_crash_in_a_child_that_served_before_is_tried_again_in_a_new_one(tmp_path: Path) -> None:
    first = _read(guard_readers.process)
    assert isinstance(first, int)
    os.kill(first, 9)
    assert _read(guard_readers.process) != first
    with pytest.raises(BrokenRecordError, match=r"exit code 3\)"):
        _read(guard_readers.leave, b"3")


def test_a_child_that_sends_what_is_no_answer_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_PATIENCE", 0.5)
    with pytest.raises(BrokenRecordError, match="crashed its reader"):
        _read(guard_readers.forge)


def test_what_a_reader_prints_is_not_taken_for_an_answer_and_its_input_is_empty(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert _read(guard_readers.chatter) == ""
    assert capfd.readouterr() == ("", "")


def test_a_reader_writes_no_file(tmp_path: Path) -> None:
    with pytest.raises(BrokenRecordError, match="failed with OSError"):
        _read(guard_readers.write, str(tmp_path / "x").encode())
    assert not (tmp_path / "x").exists() or (tmp_path / "x").stat().st_size == 0


def test_a_child_knows_nothing_of_the_network_nor_the_archive() -> None:
    assert _read(guard_readers.modules) == []


def test_half_a_pair_of_surrogates_survives_the_way() -> None:
    assert _read(guard_readers.surrogate) == "a\ud800b"


def test_threads_read_beside_each_other_each_with_a_child() -> None:
    barrier = threading.Barrier(4)

    def one(number: int) -> list[JSON]:
        barrier.wait()
        return [_read(guard_readers.length, bytes(number)) for _ in range(20)]

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(one, range(4))) == [[number] * 20 for number in range(4)]
    assert 1 <= len(guard._idle) <= 4


def _in_a_worker(number: int) -> tuple[int, JSON]:
    values = [_read(guard_readers.length, bytes(number)), _read(guard_readers.process)]
    assert values[0] == number
    return os.getpid(), values[1]


def test_workers_of_a_pool_leave_no_child_behind() -> None:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("forkserver")) as pool:
        found = list(pool.map(_in_a_worker, range(6)))
    children = {child for _, child in found if isinstance(child, int)}
    assert children
    _wait_for_the_end(children)


def _wait_for_the_end(processes: set[int]) -> None:
    for _ in range(200):
        if not any(map(_alive, processes)):
            return
        time.sleep(0.05)
    pytest.fail("a child outlives its parent")


def test_a_daemonic_process_may_read() -> None:
    context = multiprocessing.get_context("spawn")
    queue = context.SimpleQueue()
    process = context.Process(target=_put, args=(queue,), daemon=True)
    process.start()
    assert queue.get()[0] == process.pid
    process.join()
    process.close()
    queue.close()


def _put(queue: multiprocessing.queues.SimpleQueue[tuple[int, JSON]]) -> None:
    queue.put(_in_a_worker(3))


@pytest.mark.parametrize("state", ["idle", "busy"])
def test_a_child_ends_with_a_parent_that_is_killed(state: str) -> None:
    child = guard_readers.orphan(state.encode())
    assert isinstance(child, int)
    _wait_for_the_end({child})


def test_a_fork_does_not_share_its_parents_children() -> None:
    first = _read(guard_readers.process)
    reader, writer = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.write(writer, str(_read(guard_readers.process)).encode())
        finally:
            guard.close()
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        other = int(answer.read())
    os.waitpid(process, 0)
    assert other != first == _read(guard_readers.process)


def test_an_interrupt_ends_the_child_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    first = _read(guard_readers.process)
    assert isinstance(first, int)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(guard, "_exactly", interrupt)
    with pytest.raises(KeyboardInterrupt):
        _read(guard_readers.length)
    monkeypatch.undo()
    assert not _alive(first)
    assert _read(guard_readers.length, b"abc") == 3
