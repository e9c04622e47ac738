"""A descriptor names each of its faults, with the right spelling where one is near."""

from __future__ import annotations

from pathlib import Path

import pytest

from frisat.descriptor import RESERVED, load_descriptor, parse_descriptor
from frisat.errors import DescriptorError
from tests.helpers import DESCRIPTOR


def _fault(text: str | bytes) -> str:
    with pytest.raises(DescriptorError) as caught:
        parse_descriptor(text.encode() if isinstance(text, str) else text, "d/source.toml")
    message = str(caught.value)
    assert message.startswith("d/source.toml ")
    return message.removeprefix("d/source.toml ")


def _changed(old: str, new: str) -> str:
    assert old in DESCRIPTOR
    return DESCRIPTOR.replace(old, new, 1)


def test_a_good_descriptor() -> None:
    found = parse_descriptor(DESCRIPTOR.encode(), "d/source.toml")
    assert (found.name, found.title.da, found.rights.claim, found.rank, found.details) == (
        "example-minutes", "Eksempelreferater", "CC0-1.0", 100, {},
    )  # fmt: skip


def test_a_byte_order_mark_does_no_harm() -> None:
    assert parse_descriptor(b"\xef\xbb\xbf" + DESCRIPTOR.encode(), "d").name == "example-minutes"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('publisher = "Example Municipality"\n', "", "missing key 'publisher'"),
        ("publisher =", "publischer =", "unknown key 'publischer' (did you mean 'publisher'?)"),
        ("claim =", "claims =", "unknown key 'rights.claims' (did you mean 'claim'?)"),
        ('da = "Opdigtet."', 'dk = "Opdigtet."', "unknown key 'rights.note.dk'"),
        ('["Other"]', '["Leggal"]', "'domains.0': 'Leggal' is not known: did you mean 'Legal'? allowed are Books, "),
        ('["Other"]', "[]", "'domains': List should have at least 1 item after validation, not 0"),
        ('"irregular"', '"iregular"', "'update_frequency': 'iregular' is not known: did you mean 'irregular'? allowed"),
        ('"irregular"', '"zzz"', "'update_frequency': 'zzz' is not known: allowed are annual, "),
        ('personal_data = "none"', 'personal_data = "no"', "'personal_data': Input should be 'none', 'public_figures'"),
        ('language = "da"', 'language = "dan"', "'language': String should match pattern '^[a-z]{2}$'"),
        ('"example-minutes"', '"Example"', "'name': 'Example' is no name: lower-case letters, digits and single"),
        ('"example-minutes"', '"a--b"', "'name': 'a--b' is no name"),
        ('"example-minutes"', '"../a"', "'name': '../a' is no name"),
        ('"example-minutes"', '"a\\n"', "'name': 'a\\n' is no name"),
        ('"example-minutes"', "5", "'name': Input should be a valid string"),
        ('"example-minutes"', f'"{"a" * 65}"', "single hyphens, at most 64"),
        ('"Example Municipality"', '""', "'publisher': String should have at least 1 character"),
        ('language = "da"', 'language = "da"\nrank = -1', "'rank': Input should be greater than or equal to 0"),
    ],
)
def test_a_fault_is_named(old: str, new: str, fault: str) -> None:
    message = _fault(_changed(old, new))
    assert message.startswith("cannot be used: ")
    assert fault in message


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_reserved_names(name: str) -> None:
    assert f"'name': {name!r} is reserved for a licence class or config; choose another" in _fault(
        _changed('"example-minutes"', f'"{name}"')
    )


def test_licence_classes_and_default_are_reserved() -> None:
    assert {"default", "no-copyright", "attribution", "share-alike", "agreement"} <= RESERVED


def test_all_faults_are_named_at_once() -> None:
    text = DESCRIPTOR.replace("publisher =", "publischer =").replace('"irregular"', '"x"').replace('["Other"]', '["x"]')
    faults = _fault(text).removeprefix("cannot be used: ").split("; ")
    assert [fault.partition(":")[0] for fault in faults] == [
        "'domains.0'",
        "'update_frequency'",
        "missing key 'publisher'",
        "unknown key 'publischer' (did you mean 'publisher'?)",
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"name = ",
        b"\xe6 = 1",
        b"name = '\xe6'",
        b"a = 1\na = 2",
        b"%PDF-1.7",
        b"a = " + b"[" * 50_000,
        b"a = " + b"9" * 5000,
        b"a = 2041-13-45",
    ],
)
def test_what_is_no_toml(content: bytes) -> None:
    assert _fault(content).startswith("is not valid TOML in UTF-8: ")


def test_a_file_too_large() -> None:
    assert _fault(b"#" * 1_000_001) == "is larger than 1,000,000 bytes; that is no descriptor"


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DescriptorError) as caught:
        load_descriptor(tmp_path / "source.toml")
    assert str(caught.value) == f"{tmp_path}/source.toml cannot be read: No such file or directory"


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("CC0-1.0", "CC-BY-4.0", False),
        ("https://example.org/terms", "https://example.org/other", False),
        ('en = "Invented."', 'en = "Made up."', False),
        ("Example Municipality", "Another Municipality", True),
        ('name = "example-minutes"', 'name = "example-speeches"', True),
        ('da = "Opdigtet.", en', "da  =  'Opdigtet.',  en", True),
    ],
)
def test_the_hash_of_rights_follows_the_claim_alone(old: str, new: str, same: bool) -> None:
    before = parse_descriptor(DESCRIPTOR.encode(), "d").rights_sha256()
    after = parse_descriptor(_changed(old, new).encode(), "d").rights_sha256()
    assert (before == after) is same
