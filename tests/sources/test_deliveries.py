"""A delivery gives the same members however it is packed; what is hostile is named and passed over."""

from __future__ import annotations

import gzip
import io
import os
import random
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, cast

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from frisat.errors import BrokenRecordError, DeliveryError
from sources.deliveries import delivery_name, is_archive, members
from tests.helpers import pack, squeeze, tar_bytes, write_files

FILES = {"a.txt": b"first", "b/c.txt": b"second", "b/d.txt": b"", "z.txt": "blåbær".encode()}
TARS = [".tar", ".tar.gz", ".tar.zst"]
KINDS = [*TARS, ".zip"]


def _noise(size: int, seed: int = 1) -> bytes:
    """Return bytes that do not compress, the same every time."""
    return random.Random(seed).randbytes(size)  # noqa: S311 - nothing secret


NOISE = _noise(300_000)


def _compressor(path: Path, level: int) -> IO[bytes]:
    return cast(IO[bytes], zstandard.open(path, "wb") if path.suffix == ".zst" else gzip.GzipFile(path, "wb", level))


def _read(path: Path) -> dict[str, bytes | str]:
    """Return each member's bytes, or why it was refused."""
    found: dict[str, bytes | str] = {}
    for member in members(path):
        if member.chunks is None:
            assert member.refused is not None
            found[member.path] = member.refused
        else:
            try:
                found[member.path] = b"".join(member.chunks())
            except BrokenRecordError as error:
                found[member.path] = str(error)
    return found


def _read_until_damage(path: Path) -> tuple[dict[str, bytes], str]:
    """Return the members that came whole, and the error that ended the delivery."""
    found: dict[str, bytes] = {}

    def read() -> None:
        for member in members(path):
            assert member.chunks is not None
            found[member.path] = b"".join(member.chunks())

    with pytest.raises(DeliveryError) as caught:
        read()
    return found, str(caught.value)


def _tar(path: Path, *entries: tuple[str, bytes, dict[str, object]]) -> Path:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content, values in entries:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for key, value in values.items():
                setattr(info, key, value)
            tar.addfile(info, io.BytesIO(content))
    path.write_bytes(squeeze(path.name, buffer.getvalue()))
    return path


# ---- the same members however packed


@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_gives_its_members(tmp_path: Path, kind: str) -> None:
    assert _read(pack(tmp_path / f"d{kind}", FILES)) == FILES


def test_a_folder_gives_its_members_by_name_whenever_they_were_made(tmp_path: Path) -> None:
    for number, names in enumerate((list(FILES), list(reversed(FILES)))):
        folder = write_files(tmp_path / str(number), {name: FILES[name] for name in names})
        assert list(_read(folder).items()) == list(FILES.items())


def test_a_zip_gives_its_members_by_name(tmp_path: Path) -> None:
    found = _read(pack(tmp_path / "d.zip", {name: FILES[name] for name in reversed(FILES)}))
    assert list(found) == list(FILES)


def test_one_file_is_a_delivery(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.txt": b"first"})
    assert _read(tmp_path / "a.txt") == {"a.txt": b"first"}


@pytest.mark.parametrize("name", ["D.TAR.GZ", "d.tgz", "d.Tar.Zst", "d.ZIP"])
def test_capitals_and_short_names(tmp_path: Path, name: str) -> None:
    plain = {".gz": ".tar.gz", ".tgz": ".tar.gz", ".zst": ".tar.zst", ".zip": ".zip"}[Path(name).suffix.lower()]
    pack(tmp_path / f"x{plain}", FILES).rename(tmp_path / name)
    assert is_archive(tmp_path / name)
    assert _read(tmp_path / name) == FILES


def test_delivery_name(tmp_path: Path) -> None:
    assert delivery_name(tmp_path / "a" / ".." / "minutes-2041") == "minutes-2041"
    assert not is_archive(Path("minutes.txt"))


@pytest.mark.parametrize("kind", [".tar.gz", ".tar.zst"])
def test_bytes_compressed_in_several_pieces_are_one(tmp_path: Path, kind: str) -> None:
    whole = tar_bytes({"a.txt": NOISE, "b.txt": b"last"})
    pieces = [whole[:1000], whole[1000:200_000], whole[200_000:]]
    path = tmp_path / f"d{kind}"
    path.write_bytes(b"".join(squeeze(path.name, piece) for piece in pieces))
    assert _read(path) == {"a.txt": NOISE, "b.txt": b"last"}


@pytest.mark.parametrize("kind", [*KINDS, "folder"])
def test_what_systems_leave_behind_is_passed_over(tmp_path: Path, kind: str) -> None:
    junk = dict.fromkeys(
        ("__MACOSX/._a.txt", ".DS_Store", "b/.hidden.txt", ".git/x.txt", "Thumbs.db", "b/desktop.ini"), b"x"
    )
    files = {**FILES, **junk}
    path = write_files(tmp_path / "d", files) if kind == "folder" else pack(tmp_path / f"d{kind}", files)
    assert _read(path) == FILES


@pytest.mark.parametrize("kind", TARS)
def test_names_that_begin_with_a_dot_and_a_slash(tmp_path: Path, kind: str) -> None:
    assert _read(pack(tmp_path / f"d{kind}", FILES, top="./")) == FILES


# ---- names and members that are refused


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../a.txt", "has a path that leads out of the archive"),
        ("b/../../a.txt", "has a path that leads out of the archive"),
        ("b\\..\\a.txt", "has a path that leads out of the archive"),
        ("/etc/a.txt", "has an absolute path"),
        ("\\a.txt", "has an absolute path"),
        ("C:\\a.txt", "has an absolute path"),
        ("x" * 1001, "has an impossible name"),
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, kind: str, name: str, why: str) -> None:
    assert _read(pack(tmp_path / f"d{kind}", {"a.txt": b"1", name: b"2", "z.txt": b"3"})) == {
        "a.txt": b"1",
        name: why,
        "z.txt": b"3",
    }


def test_a_zip_name_with_a_zero_byte_is_refused(tmp_path: Path) -> None:
    pack(tmp_path / "d.zip", {"a!b.txt": b"1", "z.txt": b"2"})
    content = (tmp_path / "d.zip").read_bytes().replace(b"a!b.txt", b"a\0b.txt")
    (tmp_path / "d.zip").write_bytes(content)
    assert _read(tmp_path / "d.zip") == {"a": "has an impossible name", "z.txt": b"2"}


@pytest.mark.parametrize("kind", TARS)
@pytest.mark.parametrize(
    "type_", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
)
def test_links_and_devices_in_a_tar_are_refused(tmp_path: Path, kind: str, type_: bytes) -> None:
    path = _tar(
        tmp_path / f"d{kind}", ("a.txt", b"1", {}), ("l.txt", b"", {"type": type_, "linkname": "a.txt"}),
        ("z.txt", b"3", {}),
    )  # fmt: skip
    assert _read(path) == {"a.txt": b"1", "l.txt": "is a link or a device; deliver the file itself", "z.txt": b"3"}


def test_links_in_a_folder_are_refused_and_not_followed(tmp_path: Path) -> None:
    outside = write_files(tmp_path / "outside", {"secret.txt": b"x"})
    folder = write_files(tmp_path / "d", {"a.txt": b"1"})
    (folder / "file.txt").symlink_to(outside / "secret.txt")
    (folder / "folder").symlink_to(outside)
    os.mkfifo(folder / "pipe.txt")
    link = "is a symbolic link; deliver the file itself"
    assert _read(folder) == {
        "a.txt": b"1", "file.txt": link, "folder": link, "pipe.txt": "is neither a file nor a folder",
    }  # fmt: skip


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        info = zipfile.ZipInfo("l.txt")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
        archive.writestr("z.txt", b"3")
    assert _read(tmp_path / "d.zip") == {"l.txt": "is a link; deliver the file itself", "z.txt": b"3"}


def _set_in_zip(path: Path, offset: int, value: bytes) -> None:
    """Write ``value`` at ``offset`` of the first entry of the central directory."""
    content = bytearray(path.read_bytes())
    start = content.index(b"PK\x01\x02") + offset
    content[start : start + len(value)] = value
    path.write_bytes(content)


def test_an_encrypted_zip_member_is_refused(tmp_path: Path) -> None:
    path = pack(tmp_path / "d.zip", {"a.txt": b"1", "z.txt": b"3"})
    _set_in_zip(path, 8, b"\x01\x00")
    assert _read(path) == {"a.txt": "is encrypted; deliver it in the clear", "z.txt": b"3"}


@pytest.mark.parametrize(
    ("offset", "value", "why"),
    [
        (10, struct.pack("<H", 99), "cannot be unpacked (That compression method is not supported)"),
        (16, bytes(4), "cannot be unpacked (Bad CRC-32 for file 'a.txt')"),
    ],
)
def test_a_zip_member_that_cannot_be_unpacked(tmp_path: Path, offset: int, value: bytes, why: str) -> None:
    path = pack(tmp_path / "d.zip", {"a.txt": b"first", "z.txt": b"3"})
    _set_in_zip(path, offset, value)
    assert _read(path) == {"a.txt": why, "z.txt": b"3"}


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_damage_inside_a_zip_member_spares_the_others(tmp_path: Path, method: int) -> None:
    path = tmp_path / "d.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a.txt", b"hej med dig " * 500)
        archive.writestr("z.txt", b"3")
    content = bytearray(path.read_bytes())
    content[48:60] = b"\xff" * 12
    path.write_bytes(content)
    found = _read(path)
    assert found["z.txt"] == b"3"
    assert str(found["a.txt"]).startswith("cannot be unpacked (")


@pytest.mark.parametrize("kind", [".tar", "folder"])
def test_a_name_in_another_encoding_is_spelled_out(tmp_path: Path, kind: str) -> None:
    raw = b"bl\xe5b\xe6r.txt"
    if kind == "folder":
        path = tmp_path / "d"
        path.mkdir()
        with open(os.fsencode(path) + b"/" + raw, "wb") as handle:  # noqa: PTH123 - a Path would decode the name
            handle.write(b"1")
    else:
        path = tmp_path / "d.tar"
        with tarfile.open(path, "w", format=tarfile.GNU_FORMAT, encoding="latin-1") as tar:
            info = tarfile.TarInfo("blåbær.txt")
            info.size = 1
            tar.addfile(info, io.BytesIO(b"1"))
    assert _read(path) == {"bl\\xe5b\\xe6r.txt": b"1"}


def test_a_file_that_vanishes_spares_the_others(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "d", {"a.txt": b"1", "b.txt": b"2", "c.txt": b"3"})
    found: dict[str, object] = {}
    for member in members(folder):
        if member.path == "b.txt":
            (folder / "b.txt").unlink()
        assert member.chunks is not None
        try:
            found[member.path] = b"".join(member.chunks())
        except BrokenRecordError as error:
            found[member.path] = str(error)
    assert found == {
        "a.txt": b"1",
        "b.txt": "cannot be read (No such file or directory); check it and harvest again",
        "c.txt": b"3",
    }


# ---- members that inflate


def _zeros(kind: str, size: int, path: Path) -> Path:
    """Write an archive of a small file, a file of zeros, and another small one, without ever holding them."""
    if kind == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr("a.txt", b"1")
            with archive.open("bomb.txt", "w") as out:
                for _ in range(size >> 20):
                    out.write(bytes(1 << 20))
            archive.writestr("z.txt", b"3")
        return path
    info = tarfile.TarInfo("bomb.txt")
    info.size = size
    with _compressor(path, 6) as out:
        out.write(tar_bytes({"a.txt": b"1"})[:1024])
        out.write(info.tobuf())
        for _ in range(size >> 20):
            out.write(bytes(1 << 20))
        out.write(tar_bytes({"z.txt": b"3"}))
    return path


@pytest.mark.parametrize("kind", [".tar.gz", ".tar.zst", ".zip"])
def test_a_member_that_inflates_beyond_reason_is_refused_in_bounded_memory(tmp_path: Path, kind: str) -> None:
    path = _zeros(kind, 160 << 20, tmp_path / f"d{kind}")
    assert path.stat().st_size < 1 << 20
    sizes: dict[str, int] = {}
    refusal = ""
    tracemalloc.start()
    for member in members(path):
        assert member.chunks is not None
        sizes[member.path] = 0
        try:
            for chunk in member.chunks():
                sizes[member.path] += len(chunk)
        except BrokenRecordError as error:
            refusal = str(error)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refusal.startswith("inflates to more than 100 times its compressed size (over ")
    assert refusal.endswith(" bytes); not read on")
    assert sizes == {"a.txt": 1, "bomb.txt": sizes["bomb.txt"], "z.txt": 1}
    assert sizes["bomb.txt"] <= 130 << 20
    assert peak < 24 << 20


def test_a_zip_that_lies_about_its_compressed_size_is_refused(tmp_path: Path) -> None:
    path = _zeros(".zip", 70 << 20, tmp_path / "d.zip")
    content = path.read_bytes()
    start = content.index(b"bomb.txt", content.index(b"PK\x01\x02")) - 46
    path.write_bytes(content[: start + 20] + b"\xff\xff\xff\x7f" + content[start + 24 :])
    found: list[str] = []
    for member in members(path):
        assert member.chunks is not None
        try:
            found += [member.path for _ in member.chunks()][:1]
        except BrokenRecordError as error:
            found.append(str(error))
    assert found == ["a.txt", "cannot be unpacked (it ends too early)", "z.txt"]


@pytest.mark.parametrize("kind", [".tar.gz", ".tar.zst", ".zip"])
def test_a_large_member_that_compresses_well_is_accepted(tmp_path: Path, kind: str) -> None:
    content = _noise(900_000, 2) + bytes(70 << 20)
    path = pack(tmp_path / f"d{kind}", {"a.txt": content, "b.txt": b"2"})
    found = _read(path)
    assert found["b.txt"] == b"2"
    assert found["a.txt"] == content


def test_an_uncompressed_tar_is_never_a_bomb(tmp_path: Path) -> None:
    found = _read(pack(tmp_path / "d.tar", {"a.txt": bytes(65 << 20)}))
    assert len(found["a.txt"]) == 65 << 20


@pytest.mark.parametrize("kind", [".tar.gz", ".tar.zst"])
def test_a_name_that_inflates_is_refused_in_bounded_memory(tmp_path: Path, kind: str) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 200 << 20
    path = tmp_path / f"d{kind}"
    with _compressor(path, 1) as out:
        out.write(tar_bytes({"a.txt": b"1"})[:1024])
        out.write(info.tobuf(tarfile.GNU_FORMAT))
        out.write(bytes(1 << 20))
    found, message = _read_until_damage(path)
    assert found == {"a.txt": b"1"}
    assert message == (
        f"{path} is damaged or cut short (a header of 209,715,200 bytes); what came before is kept. "
        "Fetch it again and repeat"
    )


# ---- damage


@pytest.mark.parametrize("kind", TARS)
@pytest.mark.parametrize("place", ["in a member", "in a header", "between members", "before the end mark"])
def test_a_tar_cut_short_gives_what_came_before_and_says_so(tmp_path: Path, kind: str, place: str) -> None:
    whole = tar_bytes({"a.txt": b"1", "b.txt": NOISE, "c.txt": b"3"})
    end = whole.rindex(b"c.txt")
    cut = {
        "in a member": 100_000, "in a header": end + 100, "between members": end, "before the end mark": end + 1024,
    }[place]  # fmt: skip
    path = tmp_path / f"d{kind}"
    path.write_bytes(squeeze(path.name, whole[:cut]))
    found, message = _read_until_damage(path)
    kept = {"in a member": ["a.txt"], "before the end mark": ["a.txt", "b.txt", "c.txt"]}
    assert list(found) == kept.get(place, ["a.txt", "b.txt"])
    assert found["a.txt"] == b"1"
    assert message.startswith(f"{path} is damaged or cut short (")
    assert message.endswith("); what came before is kept. Fetch it again and repeat")


@pytest.mark.parametrize("kind", [".tar.gz", ".tar.zst"])
@pytest.mark.parametrize("part", [0.6, 0.9])
def test_compressed_bytes_cut_short_give_what_came_before(tmp_path: Path, kind: str, part: float) -> None:
    first = _noise(3_000_000, 3)
    path = pack(tmp_path / f"d{kind}", {"a.txt": b"1", "b.txt": first, "c.txt": first[::-1]})
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * part)])
    found, message = _read_until_damage(path)
    assert found == {"a.txt": b"1", "b.txt": first}
    assert message.startswith(f"{path} is damaged or cut short (")


def test_a_gzip_checksum_that_differs_is_damage(tmp_path: Path) -> None:
    files = {"a.txt": _noise(2_000_000, 3), "b.txt": bytes(2_000_000), "c.txt": b"3"}
    path = pack(tmp_path / "d.tar.gz", files)
    content = bytearray(path.read_bytes())
    content[-8] ^= 1
    path.write_bytes(content)
    found, message = _read_until_damage(path)
    assert files.items() >= found.items() >= {"a.txt": files["a.txt"]}.items()
    assert "CRC check failed" in message


@pytest.mark.parametrize("kind", TARS)
def test_a_damaged_header_is_not_the_end(tmp_path: Path, kind: str) -> None:
    whole = bytearray(tar_bytes({"a.txt": b"1", "b.txt": b"2", "c.txt": b"3"}))
    whole[whole.index(b"b.txt") + 60] ^= 1
    path = tmp_path / f"d{kind}"
    path.write_bytes(squeeze(path.name, bytes(whole)))
    found, message = _read_until_damage(path)
    assert found == {"a.txt": b"1"}
    assert message.startswith(f"{path} is damaged or cut short (bad checksum)")


def test_a_zip_cut_short(tmp_path: Path) -> None:
    path = pack(tmp_path / "d.zip", FILES)
    path.write_bytes(path.read_bytes()[:-30])
    assert _read_until_damage(path) == (
        {}, f"{path} is not a readable ZIP (File is not a zip file); fetch it again and repeat",
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("content", [b"", b"hej med dig\n" * 100, b"%PDF-1.7"])
def test_what_is_no_archive(tmp_path: Path, kind: str, content: bytes) -> None:
    path = tmp_path / f"d{kind}"
    path.write_bytes(content)
    found, message = _read_until_damage(path)
    assert found == {}
    assert message.startswith(f"{path} is ")
    assert "etch it again and repeat" in message


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    _, message = _read_until_damage(tmp_path / "nowhere")
    assert message == f"{tmp_path}/nowhere does not exist; --from takes a folder, an archive or a file"


def _flip(content: bytes, place: int, value: int) -> bytes:
    place %= len(content)
    return content[:place] + bytes([value]) + content[place + 1 :]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(change=st.tuples(st.integers(0, 10**6), st.integers(0, 255)), cut=st.integers(0, 10**6) | st.none())
def test_any_damage_is_named(
    tmp_path_factory: pytest.TempPathFactory, kind: str, change: tuple[int, int], cut: int | None
) -> None:
    path = pack(tmp_path_factory.getbasetemp() / f"flipped{kind}", FILES)
    content = _flip(path.read_bytes(), *change)
    path.write_bytes(content if cut is None else content[: cut % len(content)])
    read: Callable[[Path], object] = _read
    try:
        found = read(path)
    except DeliveryError as error:
        assert str(path) in str(error)
    else:
        assert isinstance(found, dict)
