"""The register: what is appended stays, and whatever is done to it behind its back is noticed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from frisat.errors import RefusedError
from frisat.files import canonical_json, sha256
from licensing import GENESIS, Register, read_chain

Tamper = Callable[[list[str]], list[str]]


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Register:
    """A register of four records."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "2246486400")
    found = Register(tmp_path / "register")
    found.append([("evidence", {"quote": "Fri brug"}), ("decision", {"source": "a", "status": "cleared"})])
    found.append([("decision", {"source": "b", "status": "blocked"}), ("decision", {"source": "c"})])
    return found


def _lines(register: Register) -> list[str]:
    return register.path.read_text("utf-8").splitlines()


def test_an_empty_register_has_no_records(tmp_path: Path) -> None:
    register = Register(tmp_path)
    assert register.entries() == []
    assert register.head() == GENESIS == "0" * 64


def test_records_are_numbered_dated_and_chained(register: Register) -> None:
    entries = register.entries()
    assert [(e.number, e.kind) for e in entries] == [
        (0, "evidence"), (1, "decision"), (2, "decision"), (3, "decision"),
    ]  # fmt: skip
    assert {e.at for e in entries} == {"2041-03-10T00:00:00.000+00:00"}
    assert [e.previous for e in entries] == [GENESIS, *(e.hash for e in entries[:-1])]
    assert register.head() == entries[-1].hash
    sealed = {"number": 0, "kind": "evidence", "at": entries[0].at, "previous": GENESIS, "body": {"quote": "Fri brug"}}
    assert entries[0].hash == sha256(canonical_json(sealed))


def test_the_file_holds_one_line_a_record(register: Register) -> None:
    assert register.path.read_text("utf-8") == "".join(f"{entry.line()}\n" for entry in register.entries())


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u2029", "\x1c", "\n", "\r"])
def test_words_may_hold_any_end_of_line(tmp_path: Path, character: str) -> None:
    register = Register(tmp_path)
    register.append([("decision", {"reasoning": f"one{character}two"}), ("decision", {})])
    assert [entry.body for entry in register.entries()] == [{"reasoning": f"one{character}two"}, {}]


def _edit(line: str, **changes: object) -> str:
    return canonical_json({**json.loads(line), **changes})


TAMPERED: dict[str, tuple[Tamper, int]] = {
    "body edited": (lambda ls: [ls[0], ls[1].replace("cleared", "blocked"), *ls[2:]], 2),
    "date edited": (lambda ls: [_edit(ls[0], at="2040-01-01T00:00:00.000+00:00"), *ls[1:]], 1),
    "kind edited": (lambda ls: [*ls[:3], _edit(ls[3], kind="evidence")], 4),
    "hash edited": (lambda ls: [*ls[:3], _edit(ls[3], hash="0" * 64)], 4),
    "something added beside the body": (lambda ls: [*ls[:2], _edit(ls[2], note="accepted by the minister"), ls[3]], 3),
    "written another way": (lambda ls: [ls[0].replace('{"', '{ "', 1), *ls[1:]], 1),
    "first removed": (lambda ls: ls[1:], 1),
    "middle removed": (lambda ls: [*ls[:1], *ls[2:]], 2),
    "reordered": (lambda ls: [ls[0], ls[2], ls[1], ls[3]], 2),
    "doubled": (lambda ls: [*ls[:2], ls[1], *ls[2:]], 3),
    "not JSON": (lambda ls: [*ls[:2], "{nonsense}", ls[3]], 3),
    "a list": (lambda ls: ["[1, 2]", *ls[1:]], 1),
    "nested without end": (lambda ls: [ls[0], "[" * 100_000, *ls[2:]], 2),
    "a key missing": (lambda ls: [ls[0], '{"number": 1, "kind": "decision"}', *ls[2:]], 2),
    "a body that is no object": (lambda ls: [ls[0], _edit(ls[1], body=5), *ls[2:]], 2),
    "an empty line": (lambda ls: [*ls[:2], "", *ls[2:]], 3),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_tampering_is_refused_and_its_line_named(register: Register, how: str) -> None:
    tamper, line = TAMPERED[how]
    register.path.write_text("".join(f"{text}\n" for text in tamper(_lines(register))), "utf-8")
    with pytest.raises(RefusedError, match=rf"line {line}\b") as caught:
        register.entries()
    assert caught.value.exit_code == 3
    assert str(register.path) in str(caught.value)
    with pytest.raises(RefusedError):
        register.append([("decision", {})])


def test_a_record_of_another_chain_is_refused(register: Register, tmp_path: Path) -> None:
    other = Register(tmp_path / "other")
    other.append([("decision", {"source": str(number)}) for number in range(3)])
    mixed = [*_lines(register)[:2], _lines(other)[2]]
    register.path.write_text("\n".join(mixed) + "\n", "utf-8")
    with pytest.raises(RefusedError, match="line 3"):
        register.entries()


@pytest.mark.parametrize("cut", [1, 2, 40])
def test_a_truncated_line_is_refused(register: Register, cut: int) -> None:
    register.path.write_bytes(register.path.read_bytes()[:-cut])
    with pytest.raises(RefusedError, match=r"line 4: it was cut short"):
        register.entries()


def test_bytes_that_are_no_text_are_refused(register: Register) -> None:
    register.path.write_bytes(register.path.read_bytes().replace(b"blocked", b"bl\xffcked"))
    with pytest.raises(RefusedError, match="line 3: not UTF-8"):
        register.entries()


def test_a_failed_append_leaves_the_register_as_it_was(register: Register) -> None:
    before = register.path.read_bytes()
    with pytest.raises(ValueError, match="JSON"):
        register.append([("decision", {"fine": 1}), ("decision", {"share": float("nan")})])
    assert register.path.read_bytes() == before


def test_evidence_is_kept_by_its_hash(register: Register) -> None:
    digest = register.keep_bytes(b"terms")
    path = register.folder / "evidence" / digest
    assert digest == sha256(b"terms")
    assert register.bytes_of(digest) == b"terms"
    assert path.stat().st_mode & 0o222 == 0
    assert register.keep_bytes(b"terms") == digest


def test_changed_or_lost_evidence_is_noticed(register: Register) -> None:
    digest = register.keep_bytes(b"terms")
    path = register.folder / "evidence" / digest
    path.chmod(0o644)
    path.write_bytes(b"other terms")
    assert register.bytes_of(digest) is None
    path.unlink()
    assert register.bytes_of(digest) is None


def test_evidence_captured_again_takes_the_place_of_changed_bytes(register: Register) -> None:
    digest = register.keep_bytes(b"terms")
    path = register.folder / "evidence" / digest
    path.chmod(0o644)
    path.write_bytes(b"other terms")
    assert register.keep_bytes(b"terms") == digest
    assert register.bytes_of(digest) == b"terms"


def test_a_chain_is_read_from_bytes() -> None:
    assert read_chain(b"", "nowhere") == []
