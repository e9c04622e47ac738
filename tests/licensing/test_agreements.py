"""Records of agreements: what they must say, and what must be seen to before anything is published."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from frisat.errors import UsageError
from frisat.files import sha256
from licensing import agreement_faults, read_agreement

TOML = """
rightsholder = "Forlaget"
proof_of_title = "Kontrakter med ophavsmændene, gennemset"
works = "De 40 bind i listen"
territory = "Hele verden"
term_start = 2041-01-01
term_end = 2043-12-31
fee_class = "under 100 000 kr."
outgoing_licence = "CC-BY-4.0"
attribution = "Forlaget"
revocation = "Udsendte udgaver bliver stående"
personal_data = "Ingen"
signatory = "Direktøren"
signed_on = 2040-12-01
signed_file = "signed.pdf"
public_summary = "Forlaget har frikøbt 40 bind."

[grants]
publish_text = "yes"
train = "yes"
"""
DAY = date(2042, 1, 1)


def _read(folder: Path, text: str = TOML) -> Path:
    (folder / "signed.pdf").write_bytes(b"%PDF")
    (folder / "agreement.toml").write_text(text, "utf-8")
    return folder / "agreement.toml"


def test_an_agreement_that_is_whole(tmp_path: Path) -> None:
    found = read_agreement(_read(tmp_path))
    assert found.signed_sha256 == sha256(b"%PDF")
    assert "signed_file" not in found.record()
    assert agreement_faults(found.record(), "second", DAY) == []


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('rightsholder = "Forlaget"', "", "rightsholder: Field required"),
        ("fee_class", "fee", "fee: Extra inputs are not permitted"),
        ('train = "yes"', 'train = "maybe"', "grants.train"),
        ('train = "yes"', 'sell = "yes"', "grants.sell"),
        ("CC-BY-4.0", "CC-BY-NC-4.0", "none that forbids commercial use or changes"),
        ("2043-12-31", "2040-12-31", r"the term ends \(2040-12-31\) before it begins"),
        ("signed.pdf", "nowhere.pdf", "nowhere.pdf cannot be read"),
        ("[grants]", "[grants", "is not valid TOML"),
    ],
)
def test_an_agreement_that_cannot_be_used(tmp_path: Path, before: str, after: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_agreement(_read(tmp_path, TOML.replace(before, after)))


def test_no_agreement(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        read_agreement(tmp_path / "none.toml")
    assert agreement_faults(None, "second", DAY) == [
        "the decision holds no record of the agreement, only the hash of a file"
    ]


@pytest.mark.parametrize(
    ("day", "fault"),
    [
        (date(2040, 12, 31), ["its term begins on 2041-01-01"]),
        (date(2041, 1, 1), []),
        (date(2043, 12, 31), []),
        (date(2044, 1, 1), ["its term ended on 2043-12-31"]),
    ],
)
def test_the_borders_of_the_term(tmp_path: Path, day: date, fault: list[str]) -> None:
    assert agreement_faults(read_agreement(_read(tmp_path)).record(), "second", day) == fault


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('signatory = "Direktøren"\n', "it is not signed: signatory, date and the hash of the signed file are needed"),
        ("signed_on = 2040-12-01\n", "it is not signed: signatory, date and the hash of the signed file are needed"),
        (
            'signed_file = "signed.pdf"\n',
            "it is not signed: signatory, date and the hash of the signed file are needed",
        ),
        ('outgoing_licence = "CC-BY-4.0"\n', "it names no licence under which the public receives the texts"),
        ('publish_text = "yes"\n', "it does not grant publishing (publish_text is unsaid)"),
    ],
)
def test_what_must_be_seen_to(tmp_path: Path, line: str, fault: str) -> None:
    found = read_agreement(_read(tmp_path, TOML.replace(line, "")))
    assert agreement_faults(found.record(), "second", DAY) == [fault]
    assert agreement_faults(found.record(), " ", DAY) == [fault, "no second reviewer stands behind it"]
