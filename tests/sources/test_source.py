"""Sources by name: built in, delivered, unknown; and no delivery that passes for a built-in one."""

from __future__ import annotations

from pathlib import Path

import pytest

from frisat.errors import DeliveryError, DescriptorError, UsageError
from frisat.files import write_atomic
from frisat.workspace import Workspace
from sources import all_sources, built_in_sources, delivered_source, find_source, unknown_source
from tests.helpers import DESCRIPTOR, pack, write_delivery, write_files

TEXTS = {"a.txt": b"Tekst"}


def _renamed(name: str) -> str:
    return DESCRIPTOR.replace('"example-minutes"', f'"{name}"')


def _refusal(ws: Workspace, name: str, origin: Path, kind: type[Exception] = UsageError) -> str:
    with pytest.raises(kind) as caught:
        delivered_source(ws, name, origin)
    assert type(caught.value) is kind
    return str(caught.value)


def test_every_built_in_source_has_code_of_its_own() -> None:
    found = built_in_sources()
    assert "retsinformation" in found
    for name, source in found.items():
        assert (source.name, source.built_in) == (name, True)
        assert source.module.__name__ == f"sources.{name.replace('-', '_')}"  # type: ignore[attr-defined]
        assert isinstance(source.module.VERSION, int)


def test_a_delivered_source_is_found_in_its_workspace(ws: Workspace) -> None:
    write_atomic(ws.archive / "example-minutes" / "source.toml", DESCRIPTOR)
    source = find_source(ws, "example-minutes")
    assert (source.name, source.built_in) == ("example-minutes", False)
    assert source.module.__name__ == "sources.delivery"  # type: ignore[attr-defined]
    assert set(all_sources(ws)) == {*built_in_sources(), "example-minutes"}


@pytest.mark.parametrize(("name", "wrong"), [("other", "example-minutes"), ("retsinformation", "retsinformation")])
def test_a_descriptor_changed_by_hand_is_refused(ws: Workspace, name: str, wrong: str) -> None:
    path = ws.archive / name / "source.toml"
    write_atomic(path, _renamed(wrong))
    with pytest.raises(DescriptorError) as caught:
        all_sources(ws)
    assert str(caught.value) == f"{path} names the source {wrong!r}; it must be {name!r}"


def test_an_unknown_source_names_the_nearest(ws: Workspace) -> None:
    with pytest.raises(UsageError) as caught:
        find_source(ws, "retsinfo")
    assert str(caught.value) == "no source is named 'retsinfo'; did you mean 'retsinformation'?"
    assert str(unknown_source("zzz", ["b", "a"])) == "no source is named 'zzz'; there are: a, b."


def test_a_folder_with_a_descriptor_is_a_source(ws: Workspace, tmp_path: Path) -> None:
    source, base = delivered_source(ws, "example-minutes", write_delivery(tmp_path / "d", TEXTS))
    assert (source.name, source.built_in, base) == ("example-minutes", False, "")


@pytest.mark.parametrize("kind", [".tar", ".tar.gz", ".tar.zst", ".zip"])
@pytest.mark.parametrize("top", ["", "2041-03/"])
def test_an_archive_may_have_a_folder_on_top(ws: Workspace, tmp_path: Path, kind: str, top: str) -> None:
    path = pack(tmp_path / f"d{kind}", {**TEXTS, "source.toml": DESCRIPTOR.encode()}, top=top)
    source, base = delivered_source(ws, "example-minutes", path)
    assert (source.name, base) == ("example-minutes", top)


def test_the_uppermost_descriptor_counts(ws: Workspace, tmp_path: Path) -> None:
    files = {"a/source.toml": _renamed("other").encode(), "source.toml": DESCRIPTOR.encode()}
    assert delivered_source(ws, "example-minutes", pack(tmp_path / "d.tar", files))[0].name == "example-minutes"


def test_a_delivery_of_another_name(ws: Workspace, tmp_path: Path) -> None:
    origin = write_delivery(tmp_path / "d", TEXTS)
    assert _refusal(ws, "other", origin) == f"{origin} is a delivery of 'example-minutes', not of 'other'"


def test_a_folder_cannot_take_a_built_in_sources_clearance(ws: Workspace, tmp_path: Path) -> None:
    origin = write_delivery(tmp_path / "d", TEXTS, _renamed("retsinformation"))
    assert _refusal(ws, "retsinformation", origin) == (
        f"{origin} brings its own source.toml, but 'retsinformation' is a built-in source whose name is reserved: "
        "a delivery cannot inherit its clearance. Give the delivery a name of its own"
    )


@pytest.mark.parametrize("kind", ["folder", ".tar.zst", ".zip"])
def test_a_delivery_cannot_take_a_built_in_name(ws: Workspace, tmp_path: Path, kind: str) -> None:
    files = {**TEXTS, "source.toml": _renamed("retsinformation").encode()}
    origin = write_files(tmp_path / "d", files) if kind == "folder" else pack(tmp_path / f"d{kind}", files, top="x/")
    assert _refusal(ws, "other", origin) == (
        f"{origin}: the name 'retsinformation' is that of a built-in source; choose another"
    )


def test_a_delivery_without_a_descriptor(ws: Workspace, tmp_path: Path) -> None:
    origin = write_files(tmp_path / "d", TEXTS)
    message = _refusal(ws, "exemple", origin)
    assert message.startswith("no source is named 'exemple'; ")
    assert message.endswith(
        f"A delivery of your own needs a source.toml in {origin} (see docs/deliveries.md)"
    )  # fmt: skip


def test_a_descriptor_that_is_a_link_does_not_count(ws: Workspace, tmp_path: Path) -> None:
    write_files(tmp_path, {"elsewhere.toml": DESCRIPTOR.encode()})
    origin = write_files(tmp_path / "d", TEXTS)
    (origin / "source.toml").symlink_to(tmp_path / "elsewhere.toml")
    assert "needs a source.toml" in _refusal(ws, "example-minutes", origin)


def test_a_descriptor_with_a_fault_says_where(ws: Workspace, tmp_path: Path) -> None:
    path = pack(tmp_path / "d.zip", {"source.toml": b"name = "}, top="x/")
    message = _refusal(ws, "example-minutes", path, DescriptorError)
    assert message.startswith(f"{path}/x/source.toml is not valid TOML in UTF-8: ")


@pytest.mark.parametrize("kind", [".tar.gz", ".zip"])
def test_a_descriptor_of_many_megabytes_is_not_read_whole(ws: Workspace, tmp_path: Path, kind: str) -> None:
    path = pack(tmp_path / f"d{kind}", {"source.toml": b"#" * 150_000_000})
    message = _refusal(ws, "example-minutes", path, DescriptorError)
    assert message == f"{path}/source.toml is larger than 1,000,000 bytes; that is no descriptor"


def test_a_missing_delivery(ws: Workspace, tmp_path: Path) -> None:
    message = f"{tmp_path}/nowhere does not exist; --from takes a folder, an archive or a file"
    assert _refusal(ws, "example-minutes", tmp_path / "nowhere", DeliveryError) == message


def test_damage_is_named_before_a_missing_descriptor(ws: Workspace, tmp_path: Path) -> None:
    write_files(tmp_path, {"d.tar": b"hej med dig"})
    assert " is damaged or cut short (" in _refusal(ws, "example-minutes", tmp_path / "d.tar", DeliveryError)


def test_a_later_delivery_needs_no_descriptor(ws: Workspace, tmp_path: Path) -> None:
    write_atomic(ws.archive / "example-minutes" / "source.toml", DESCRIPTOR)
    source, base = delivered_source(ws, "example-minutes", write_files(tmp_path / "d", TEXTS))
    assert (source.name, base) == ("example-minutes", "")
