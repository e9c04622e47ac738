"""Bound volumes: sittings by their headings in the print of five periods, pages, paragraphs; nothing lost."""

from __future__ import annotations

import random
import tarfile
from datetime import date
from functools import cache
from itertools import accumulate
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from frisat.documents import ID_CHARACTERS
from sources._rigsarkivet.bound_volume import _SERIES, Part, parts
from sources._rigsarkivet.heading_lines import certain_day, read_line
from sources._rigsarkivet.sitting_headings import MOST_SERIES, sittings
from sources._rigsarkivet.volume_pages import RUN_CHARACTERS, pages
from tests.standins.volumes import PERIODS, Volume, speech, volume

_REAL = Path(__file__).parents[3] / "shared/data/folketinget/folketingstidende_pdftext_2022-2023.tar.zst"


def _letters(text: str) -> str:
    return "".join(text.split())


def _whole(text: str, years: tuple[int, int] | None) -> list[Part]:
    """Return the parts, having seen that they are the volume, in order, each under a name of its own."""
    found = list(parts(text, years))
    assert "".join(_letters(part.text) for part in found) == _letters(text)
    names = [part.name for part in found]
    assert names == sorted(names)
    assert len(set(names)) == len(names)
    assert all(ID_CHARACTERS.fullmatch(name) for name in names)
    assert all(part.text == part.text.strip() != "" for part in found)
    return found


# ---- sittings


@pytest.mark.parametrize("listed", [False, True])
@pytest.mark.parametrize("noise", [0.0, 0.04])
@pytest.mark.parametrize("paged", ["", "feeds", "numbers"])
@pytest.mark.parametrize("period", PERIODS)
def test_every_sitting_is_found_with_its_day(period: int, paged: str, noise: float, listed: bool) -> None:
    made = volume(period, 14, 8_000, pages=paged, noise=noise, listed=listed)
    assert [(s.number, s.day) for s in sittings(made.text, made.years)] == list(made.sittings)
    front, *rest = _whole(made.text, made.years)
    assert (front.name, front.kind, front.created) == ("front", "front", None)
    assert [part.name for part in rest] == [f"m{number:03d}-{day:%Y%m%d}" for number, day in made.sittings]
    assert [part.created for part in rest] == [(day, day) for _, day in made.sittings]
    assert [part.sitting for part in rest] == [str(number) for number, _ in made.sittings]


def test_a_part_has_its_heading_as_title_and_its_printed_pages() -> None:
    made = volume(1849, 3, 40_000, pages="feeds")
    _, first, second, third = _whole(made.text, made.years)
    assert first.title == "Første Møde. Tirsdagen den 2den October 1849."
    assert third.title == "Tredie Møde. Torsdagen den 4de October 1849."
    starts = [made.text.index(heading) for heading in ("Første Møde.", "Andet Møde.", "Tredie Møde.")]
    begins = [17 + made.text.count("\f", 0, start) for start in starts]
    last = 17 + made.text.count("\f")
    assert begins == [17, 34, 52]
    assert [part.pages for part in (first, second, third)] == ["17-34", "34-52", f"52-{last}"]


@pytest.mark.parametrize(
    ("line", "number", "day"),
    [
        ("8de Møde.", 8, None),
        ("8de Møde. Torsdagen den 18de Oktober 1849.", 8, date(1849, 10, 18)),
        ("Ottende offentlige Møde. (Torsdagen den 18de Oktober)", 8, date(1849, 10, 18)),
        ("O t t e n d e  M ø d e.", 8, None),
        ("O t t e n d e M ø d e.", 8, None),
        ("OTTENDE MØDE", 8, None),
        ("Et og tyvende Møde.", 21, None),
        ("l8de Mode. Torsdagen dcn l8de Octobcr l849.", 18, date(1849, 10, 18)),
        ("Torsdag den 18. Oktober 1849, Kl. 12. 8de Møde.", 8, date(1849, 10, 18)),
        ("Møde Nr. 12.", 12, None),
        ("Torsdagen den 18de Oktober.", None, date(1849, 10, 18)),
        ("8de Møde. Fredagen den 18de Oktober 1849.", 8, None),  # it was a Thursday
        ("8de Møde. Torsdagen den 18de Oktober 1894.", 8, None),  # not in this volume
        ("8de Møde. Torsdagen den 31te Februar 1850.", 8, None),
        ("8de Møde. Den 18de Oktober 1849.", 8, date(1849, 10, 18)),
        ("8de Møde. Den 18de Oktober.", 8, None),
    ],
)
def test_headings_are_read(line: str, number: int | None, day: date | None) -> None:
    read = read_line(line)
    assert read is not None
    assert (read.number, certain_day(read, (1849, 1850))) == (number, day)


@pytest.mark.parametrize(
    "line",
    [
        "", "Møde", "i 8de Møde", "Næste Møde: Tirsdag den 23de Oktober Kl. 12.", "Mødet hævet Kl. 4.",
        "8de Møde. Torsdagen den 18de Oktober 1849 . . . . . . . . 112", "1235   8de Møde   1236",
        "Tirsdag den 3die Oktober blev Udvalget nedsat og begyndte straks at læse.", "torsdag den 16. oktober",
        "Jeg kan henvise til 12te Møde den 4de November 1849, hvor det ærede Medlem var til Stede.", "12", "§ 8. Møde",
    ],
)  # fmt: skip
def test_lines_with_anything_else_are_no_headings(line: str) -> None:
    read = read_line(line)
    assert read is None or (read.number is None and not read.dated)


def _spoken(seed: int, characters: int = 3_000) -> str:
    return speech(1880, characters, random.Random(seed))  # noqa: S311


def _joined(*pieces: str) -> str:
    return "\n\n".join(pieces)


def test_a_running_head_and_a_mention_begin_no_sitting() -> None:
    text = _joined(
        "1ste Møde. Tirsdag den 5te Oktober.", _spoken(1), "1ste Møde.", _spoken(2), "Mandag den 4de Oktober.",
        _spoken(3), "2det Møde. Onsdag den 6te Oktober.", _spoken(4), "1ste Møde.", _spoken(5), "2det Møde.",
        _spoken(6),
    )  # fmt: skip
    assert [part.name for part in _whole(text, (1880, 1881))] == ["m001-18801005", "m002-18801006"]


def test_a_heading_that_is_missing_widens_what_is_said_of_the_one_before() -> None:
    text = _joined(
        "7de Møde. Tirsdag den 5te Oktober.", _spoken(1), "10de Møde. Fredag den 8de Oktober.", _spoken(2),
        "11te Møde.", _spoken(3),
    )  # fmt: skip
    first, second, third = _whole(text, (1880, 1881))
    assert (first.sitting, first.created) == ("7-9", (date(1880, 10, 5), date(1880, 10, 8)))
    assert (second.sitting, second.created) == ("10", (date(1880, 10, 8), date(1880, 10, 8)))
    assert (third.name, third.sitting, third.created) == ("m011", "11", None)


def test_a_sitting_whose_number_cannot_be_read_goes_by_its_day() -> None:
    text = _joined(
        "7de Møde. Tirsdag den 5te Oktober.", _spoken(1), "Onsdag den 6te Oktober.", _spoken(2),
        "9de Møde. Torsdag den 7de Oktober.", _spoken(3),
    )  # fmt: skip
    assert [part.name for part in _whole(text, (1880, 1881))] == ["m007-18801005", "m007_18801006", "m009-18801007"]


def test_a_misread_number_or_day_does_not_swallow_the_sittings_after_it() -> None:
    text = _joined(
        "1ste Møde. Tirsdag den 5te Oktober.", _spoken(1), "2det Møde. Tirsdag den 5te April.", _spoken(2),
        "33die Møde. Torsdag den 7de Oktober.", _spoken(3), "4de Møde. Fredag den 8de Oktober.", _spoken(4),
        "5te Møde. Mandag den 11te Oktober.", _spoken(5), "6te Møde. Onsdag den 13de Oktober.", _spoken(6),
    )  # fmt: skip
    names = [part.name for part in _whole(text, (1880, 1881))]
    assert names == ["m001-18801005", "m002", "m002_18801007", "m004-18801008", "m005-18801011", "m006-18801013"]


def test_a_second_row_of_numbers_in_a_volume_sorts_after_the_first() -> None:
    first = [f"{n}. Møde. {day} Oktober." for n, day in ((1, "Tirsdag den 5."), (4, "Fredag den 8."))]
    pieces = [first[0], _spoken(1), first[1], _spoken(2), "1. Møde. Tirsdag den 5. Oktober.", _spoken(3)]
    text = _joined(*pieces, "2. Møde. Onsdag den 6. Oktober.", _spoken(4))
    assert [part.name for part in _whole(text, (1880, 1881))] == [
        "m001-18801005", "m004-18801008", "n001-18801005", "n002-18801006",
    ]  # fmt: skip


def test_years_that_are_not_known_need_a_day_of_the_week_and_a_printed_year() -> None:
    text = _joined(
        "1ste Møde. Tirsdag den 5te Oktober 1880.", _spoken(1), "2det Møde. Onsdag den 6te Oktober.", _spoken(2)
    )
    assert [s.day for s in sittings(text, None)] == [date(1880, 10, 5), None]


@cache
def _real_sittings() -> tuple[str, ...]:
    """Return the proceedings of 2023, as text of the printed pages, sitting by sitting."""
    if not _REAL.exists():
        pytest.skip(f"{_REAL.name} is not here: real proceedings are not part of the project")
    with (
        _REAL.open("rb") as handle,
        zstandard.ZstdDecompressor().stream_reader(handle) as stream,
        tarfile.open(fileobj=stream, mode="r|") as tar,
    ):
        texts = {i.name: f.read().decode() for i in tar if "forhandlinger" in i.name and (f := tar.extractfile(i))}
    return tuple(texts[name] for name in sorted(texts))


def test_real_proceedings_bound_into_one_volume_come_apart_where_they_were_joined() -> None:
    texts = _real_sittings()
    joins = list(accumulate((len(text) + 1 for text in texts), initial=0))[:-1]
    found = sittings("\n".join(texts), (2022, 2024))
    assert len(found) == len(texts) == 87
    assert all(0 <= sitting.start - join < 3_000 for sitting, join in zip(found, joins, strict=True))
    assert all(sitting.day is not None and sitting.number is not None for sitting in found)
    assert {sitting.series for sitting in found} == {0, 1}


def test_names_stay_apart_however_often_the_numbers_begin_anew() -> None:
    assert len(_SERIES) == MOST_SERIES
    headings = ("1. Møde. Tirsdag den 5. Oktober.", "4. Møde. Fredag den 8. Oktober.")
    found = _whole(_joined(*(bit for n in range(60) for bit in (headings[n % 2], _spoken(n)))), (1880, 1881))
    assert found[-1].name.startswith("z004")


# ---- pages and paragraphs


def _without_headings(pages: str, characters: int = 500_000) -> Volume:
    made = volume(1880, 1, characters, pages=pages, front=False)
    return Volume(made.text.replace("Møde", "Fyr").replace("Tirsdag", "En Dag"), made.years, ())


def test_without_headings_a_volume_is_cut_by_printed_pages() -> None:
    found = _whole(_without_headings("feeds").text, (1880, 1881))
    assert {part.kind for part in found} == {"pages"}
    assert found[0].name == "s0017"
    assert [(part.name, part.pages) for part in found[1:3]] == [("s0054", "54-90"), ("s0091", "91-127")]
    assert all(len(part.text) <= RUN_CHARACTERS for part in found)
    assert all(part.created is None and part.sitting is None for part in found)


def test_lone_numbers_that_count_are_pages() -> None:
    found = _whole(_without_headings("numbers").text, (1880, 1881))
    assert found[0].name == "s0017"
    assert all(part.kind == "pages" and part.pages for part in found)


def test_pages_without_printed_numbers_go_by_their_place() -> None:
    text = "\f".join(speech(1910, 3_000, random.Random(seed)) for seed in range(90))  # noqa: S311
    assert [(part.name, part.pages) for part in _whole(text, None)] == [
        ("b0001", None), ("b0031", None), ("b0061", None),
    ]  # fmt: skip


def test_numbers_that_do_not_count_are_no_pages() -> None:
    rows = "\n".join(str(random.Random(n).randrange(500)) for n in range(300))  # noqa: S311
    assert pages(_joined(_spoken(1, 300_000), rows)) == []


def test_without_pages_a_volume_is_cut_at_paragraphs() -> None:
    text = _spoken(3, 650_000)
    found = _whole(text, None)
    assert len(found) in (4, 5)
    assert all(part.kind == "text" and part.text.endswith(".") for part in found)
    assert all(120_000 < len(part.text) <= RUN_CHARACTERS for part in found)
    assert all(part.name.startswith(f"t{number:04d}-") for number, part in enumerate(found, start=1))


def test_a_text_without_any_border_is_cut_all_the_same() -> None:
    assert len(_whole("a" * 500_000, None)) == 3
    assert len(_whole("ord " * 110_000, None)) == 3


def test_what_is_too_long_for_one_sitting_is_cut_within_it() -> None:
    made = volume(1950, 2, 1_300_000, pages="feeds")
    found = _whole(made.text, made.years)
    assert found[0].name == "front"
    assert found[1].name.startswith("m001-19501003/s00")
    assert {part.created for part in found[1:] if part.name.startswith("m001")} == {
        (date(1950, 10, 3), date(1950, 10, 4))
    }
    assert all(part.created is None for part in found if part.name.startswith("m002"))
    assert all(part.sitting is None for part in found)


_BITS = st.one_of(
    st.sampled_from([
        "8de Møde.", "9de Møde. Torsdagen den 18de Oktober 1849.", "Ottende Møde", "Tirsdagen den 2den October 1849.",
        "1. møde", "2. møde", "3. møde", "\f", "\n", "\n\n", "12", "13", "14", "Mø de", "M ø d e", "400de Møde.", " ",
        "\r\n", "\x0b", "Møde", "dag den 8de", "lørdag den 6te Oktober 1849",
    ]),
    st.text(max_size=40),
    st.builds(lambda n: "Ord om Havnen. " * n, st.integers(1, 8_000)),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(_BITS, max_size=60).map("\n".join), st.sampled_from([None, (1849, 1850), (1880, 1881)]))
def test_the_parts_of_anything_are_the_whole(text: str, years: tuple[int, int] | None) -> None:
    _whole(text, years)


def test_hostile_volumes_take_no_long_time() -> None:
    for text in ("8de Møde. " * 200_000, "8de Møde.\n" * 100_000, "M ø d e " * 200_000, "dag den " * 200_000,
                 "\f" * 500_000, "1\n2\n" * 200_000, "M" * 3_000_000, "\n" * 3_000_000):  # fmt: skip
        assert "".join(_letters(part.text) for part in parts(text, (1849, 1850))) == _letters(text)
