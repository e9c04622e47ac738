"""Repair of encodings: lines misread as a whole, places in fine lines, and what only looks broken."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaning._repair_encoding import DANISH, STRANGE, repair_encoding

HOLES = "\x81\x8d\x8f\x90\x9d"


def misread(text: str, encoding: str) -> str:
    """Return ``text`` as UTF-8 read in ``encoding``; the holes of windows-1252 stay controls, as in browsers."""
    return "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in text.encode())


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize(
    "line",
    [
        "São Paulo, Łódź og Škoda på én gang",
        "»Prisen er ≤ 100 €« – ⅔ af 5 ½ m²",
        "Grønlandsk ĸ og islandsk þ, ð",
        "Nguyễn bor i Ålborg",
        "Tak 😀 og ♥ til Årets Æg",
        "e\u0301n bla\u030a bog",
        "Første kapitel Ⅷ, №\xa05 〃",
    ],
)
def test_a_line_that_was_misread_as_a_whole_comes_back(line: str, encoding: str, times: int) -> None:
    broken = line
    for _ in range(times):
        broken = misread(broken, encoding)
    assert repair_encoding(broken)[0] == line


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
@pytest.mark.parametrize("line", ["ψυχή", "Москва", "日本", "שלום"])
def test_no_new_script_is_brought_in(line: str, encoding: str) -> None:
    broken = misread(line, encoding)
    fixed, _ = repair_encoding(broken)
    assert not set(fixed) & set(line)


@pytest.mark.parametrize(
    ("line", "fixed", "count"),
    [
        ("Øllet på KÃ¸benhavn", "Øllet på København", 1),
        ("Øllet i â€œKÃ¸benhavnâ€\x9d", "Øllet i “København”", 3),
        ("Årets ðŸ˜€", "Årets 😀", 1),
        ("â€œHejâ€\ufffd, sagde hun på ære", "“Hej”, sagde hun på ære", 2),
        ("â€œHejâ€, sagde hun på ære", "“Hej”, sagde hun på ære", 2),
        ("Årligt 10 Ã  20 kroner", "Årligt 10 à 20 kroner", 1),
        ("voilÃ  det er", "voilà det er", 1),
        ("Kr.\x96 og †\x86", "Kr.– og ††", 2),
        ("en Å og Ã\x98stersøen", "en Å og Østersøen", 1),
    ],
)
def test_places_in_a_line_are_repaired(line: str, fixed: str, count: int) -> None:
    found = repair_encoding(line)
    assert (" ".join(found[0].split()), found[1]) == (fixed, count)


@pytest.mark.parametrize(
    "line",
    [
        "LOVÅ§ 3 om château",
        "â: “Å“ og Å’s",
        "Voilâ…”",
        "Voilâ…",
        "SÃO PAULO",
        "l’Âme og Âge d’or",
        "caf\xc3\ufffd",
        "Ž‘’“Š€",
        "„Þ“ ð”",
        "†‡ˆ",
        "ÿ og Ÿ",
        "tre ˜ fire",
        "¿Qué? ¡Sí! ¬a",
        "Ã" * 2_000,
    ],
)
def test_what_only_looks_broken_stays(line: str) -> None:
    assert repair_encoding(line) == (line, 0)


def test_a_danish_line_is_not_looked_at() -> None:
    assert not set(DANISH) & STRANGE
    assert repair_encoding("”Årsagen\nBlaÅ¾ek") == ("”Årsagen\nBlaÅ¾ek", 0)


def test_lines_are_looked_at_one_by_one() -> None:
    assert repair_encoding("â château\nKÃ¸n\nLOVÅ§") == ("â château\nKøn\nLOVÅ§", 1)


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.sampled_from(f"ab .{DANISH}†™"), max_size=40),
    st.lists(st.sampled_from(["latin-1", "cp1252"]), min_size=1, max_size=2),
)
def test_what_is_misread_comes_back(line: str, encodings: list[str]) -> None:
    """Whatever of Danish stands on it: none of its signs looks fine when it is misread."""
    broken = line
    for encoding in encodings:
        broken = misread(broken, encoding)
    assert repair_encoding(broken)[0] == line
