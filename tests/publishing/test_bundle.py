"""The audit bundle: the same bytes each time, whole without the workspace, and every change in it found."""

from __future__ import annotations

import io
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from frisat.errors import FrisatError, RefusedError, UsageError
from frisat.files import sha256
from licensing import Register
from publishing import check_bundle, load_release, new_key, write_bundle

if TYPE_CHECKING:
    from tests.conftest import Desk


def _write(desk: Desk, target: Path) -> Path:
    write_bundle(load_release(desk.workspace.release()), Register(desk.workspace.register), target)
    return target


@pytest.fixture
def signed(finished: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A signed bundle in an empty folder."""
    new_key(tmp_path / "key.pem")
    monkeypatch.setenv("FRISAT_SIGNING_KEY", str(tmp_path / "key.pem"))
    (tmp_path / "elsewhere").mkdir()
    return _write(finished, tmp_path / "elsewhere/bundle.tar")


def _members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        return {member.name: (tar.extractfile(member) or io.BytesIO()).read() for member in tar}


def _pack(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name in sorted(files):
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(files[name]), 0o644
            tar.addfile(info, io.BytesIO(files[name]))
    return path


def test_a_bundle(signed: Path, tmp_path: Path, finished: Desk) -> None:
    names = sorted(name.partition("/")[2] for name in _members(signed))
    evidence = [name for name in names if name.startswith("rights/evidence/")]
    assert [name for name in names if name not in evidence] == [
        "LICENSE.md", "NOTICE.md", "README.md", "SHA256SUMS", "SHA256SUMS.pub", "SHA256SUMS.sig", "release.json",
        "rights/register.jsonl",
    ]  # fmt: skip
    found = check_bundle(signed)
    assert (found.version, found.decisions, found.faults) == ("v1.0.0", 2, [])
    assert found.evidence == len(evidence) > 0
    assert found.signed_by is not None
    assert len(found.signed_by) == 32
    again = _write(finished, tmp_path / "again.tar")
    assert again.read_bytes() == signed.read_bytes()


def test_it_is_checked_in_less_than_a_minute(signed: Path) -> None:
    began = time.process_time()
    check_bundle(signed)
    assert time.process_time() - began < 60


def test_an_unsigned_bundle_says_so(finished: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FRISAT_SIGNING_KEY", raising=False)
    found = check_bundle(_write(finished, tmp_path / "bundle.tar"))
    assert (found.faults, found.signed_by) == ([], None)


def test_any_changed_byte_is_found(signed: Path, tmp_path: Path) -> None:
    content = signed.read_bytes()
    changed = tmp_path / "changed.tar"
    for place in range(0, len(content), max(1, len(content) // 150)):
        changed.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        try:
            faults = check_bundle(changed).faults
        except FrisatError as error:
            faults = [str(error)]
        assert faults, f"byte {place}"


def test_the_place_of_a_change_is_named(signed: Path, tmp_path: Path) -> None:
    files = _members(signed)
    for name in files:
        content = files[name]
        other = content[:-2] + bytes([content[-2] ^ 1]) + content[-1:]
        faults = check_bundle(_pack(tmp_path / "changed.tar", {**files, name: other})).faults
        assert any(name.partition("/")[2] in fault for fault in faults), (name, faults)
        left = {key: value for key, value in files.items() if key != name}
        faults = check_bundle(_pack(tmp_path / "changed.tar", left)).faults
        assert any(name.partition("/")[2] in fault for fault in faults), (name, faults)


def _resummed(files: dict[str, bytes]) -> dict[str, bytes]:
    top = next(iter(files)).partition("/")[0]
    inner = {name.partition("/")[2]: content for name, content in files.items()}
    kept = {name: content for name, content in inner.items() if not name.startswith("SHA256SUMS")}
    sums = "".join(f"{sha256(kept[name])}  {name}\n" for name in sorted(kept)).encode()
    return {f"{top}/{name}": content for name, content in {**inner, "SHA256SUMS": sums}.items()}


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        (
            lambda files: {k: v.replace(b"The terms say so.", b"Everybody knows so.") for k, v in files.items()},
            "record 1 (line 2) was edited",
        ),
        (
            lambda files: {k: b"other terms" if "/evidence/" in k else v for k, v in files.items()},
            "rule L05 minutes-1: the bytes of terms.txt",
        ),
        (
            lambda files: {k: v for k, v in files.items() if "/evidence/" not in k},
            "rule L05 minutes-1: the bytes of terms.txt",
        ),
        (lambda files: files, "is not the signature of SHA256SUMS"),
    ],
)
def test_whoever_makes_the_sums_fit_is_found(
    signed: Path, tmp_path: Path, edit: Callable[[dict[str, bytes]], dict[str, bytes]], fault: str
) -> None:
    files = _resummed(edit(_members(signed)))
    if "signature" in fault:
        files = _resummed({**files, "frisat-v1.0.0-audit/added": b"x"})
    faults = check_bundle(_pack(tmp_path / "forged.tar", files)).faults
    assert any(fault in found for found in faults), faults


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../outside", tarfile.REGTYPE),
        ("/etc/passwd", tarfile.REGTYPE),
        ("frisat-v1.0.0-audit/../../x", tarfile.REGTYPE),
        ("frisat-v1.0.0-audit/link", tarfile.SYMTYPE),
        ("frisat-v1.0.0-audit/hard", tarfile.LNKTYPE),
        ("frisat-v1.0.0-audit/pipe", tarfile.FIFOTYPE),
        ("frisat-v1.0.0-audit/device", tarfile.CHRTYPE),
        ("frisat-v1.0.0-audit/folder", tarfile.DIRTYPE),
        ("frisat-v1.0.0-audit/a\x1b[31m", tarfile.REGTYPE),
        ("other/README.md", tarfile.REGTYPE),
    ],
)
def test_a_hostile_tar_is_refused(tmp_path: Path, name: str, kind: bytes) -> None:
    path = tmp_path / "hostile.tar"
    with tarfile.open(path, "w") as tar:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, "/etc/passwd"
        tar.addfile(info)
    with pytest.raises(FrisatError, match="is no audit bundle: it holds"):
        check_bundle(path)


def test_sizes_that_lie_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.tar"
    info = tarfile.TarInfo("frisat-v1.0.0-audit/release.json")
    info.size = 8_000_000_000
    path.write_bytes(info.tobuf(tarfile.GNU_FORMAT) + b"x" * 1024)
    with pytest.raises(FrisatError, match=r"is larger than any|cannot be read|is cut short"):
        check_bundle(path)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04", b"\0" * 10240])
def test_what_is_no_tar_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.tar").write_bytes(content)
    with pytest.raises(FrisatError, match=r"cannot be read as an audit bundle|should hold one folder"):
        check_bundle(tmp_path / "x.tar")


def test_a_file_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "twice.tar"
    with tarfile.open(path, "w") as tar:
        for _ in range(2):
            tar.addfile(tarfile.TarInfo("frisat-v1.0.0-audit/release.json"))
    with pytest.raises(FrisatError, match="stands in it twice"):
        check_bundle(path)


def test_evidence_that_is_gone_makes_no_bundle(released: Desk, tmp_path: Path) -> None:
    for path in (released.workspace.register / "evidence").iterdir():
        path.unlink()
    with pytest.raises(RefusedError, match=r"the bundle would not stand: the bytes of terms\.txt"):
        _write(released, tmp_path / "bundle.tar")
    assert not (tmp_path / "bundle.tar").exists()


def test_keys(finished: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fingerprint = new_key(tmp_path / "key.pem")
    assert (tmp_path / "key.pem").stat().st_mode & 0o077 == 0
    with pytest.raises(UsageError, match="the key cannot be written"):
        new_key(tmp_path / "key.pem")
    monkeypatch.setenv("FRISAT_SIGNING_KEY", str(tmp_path / "key.pem"))
    assert check_bundle(_write(finished, tmp_path / "bundle.tar")).signed_by == fingerprint
    for name, content in (("nowhere.pem", None), ("bad.pem", b"nonsense")):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        monkeypatch.setenv("FRISAT_SIGNING_KEY", str(tmp_path / name))
        with pytest.raises(UsageError, match=f"FRISAT_SIGNING_KEY names .*{name}, which"):
            _write(finished, tmp_path / "bundle.tar")
