"""PDFs from strangers: what stands on the pages is read in order, and what is hostile is refused by name."""

from __future__ import annotations

import io
import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from benchmarks._made_pdf import font_name, made_pdf
from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError, RecordError
from sources.readers import guard, pdf
from sources.readers.pdf import PdfLayout, PdfText, read_pdf, read_pdf_layout

WIDTH, HEIGHT = A4
LONG = (
    "Fyret ved havnen lyser hver nat over det mørke hav",
    "og viser skibene vej forbi skærene og ind i læ, når",
    "stormen kommer fra vest og bølgerne går højt.",
)
"""Three lines of one paragraph, the first two of about the same width."""


@pytest.fixture(autouse=True, scope="module")
def _no_children_left() -> Iterator[None]:
    yield
    guard.close()


@dataclass
class _Pages:
    """Draws pages: each call is one page, given what to draw at which place and in which size."""

    size: tuple[float, float] = A4
    encrypt: object = None
    buffer: io.BytesIO = field(default_factory=io.BytesIO)

    def __post_init__(self) -> None:
        self.canvas = Canvas(self.buffer, pagesize=self.size, invariant=1, encrypt=self.encrypt)

    def text(self, x: float, y: float, text: str, size: float = 10, font: str = "Helvetica") -> None:
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, y, text)

    def lines(self, x: float, y: float, *lines: str, size: float = 10, leading: float = 12) -> None:
        for number, line in enumerate(lines):
            self.text(x, y - number * leading, line, size)

    def next(self) -> None:
        self.canvas.showPage()

    def body(self) -> bytes:
        self.canvas.save()
        return self.buffer.getvalue()


def _drawn(draw: Callable[[_Pages], None]) -> bytes:
    pages = _Pages()
    draw(pages)
    pages.next()
    return pages.body()


def _read(draw: Callable[[_Pages], None]) -> PdfText:
    return PdfText(**pdf._text(_drawn(draw)))  # type: ignore[arg-type]


def _lines(*lines: str, size: float = 10, leading: float = 12) -> str:
    return _read(lambda page: page.lines(72, 700, *lines, size=size, leading=leading)).text


# --- the guard ------------------------------------------------------------------------------------------------------


def test_through_the_guard_text_and_layout_are_the_same() -> None:
    body = _drawn(lambda page: page.text(72, 700, "Blåbær"))
    assert read_pdf(body) == PdfText(text="Blåbær", pages=1, pages_without_text=0, left_out={})
    assert read_pdf_layout(body) == PdfLayout(pages=("Blåbær",), pages_without_text=0, left_out={})


# --- made-up reports ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("embedded", [True, False])
def test_a_report_is_read_in_order_without_its_heads_and_feet(columns: int, embedded: bool) -> None:
    made = made_pdf(pages=6, columns=columns, seed=columns, embedded=embedded)
    found = PdfText(**pdf._text(made.body))  # type: ignore[arg-type]
    notes = ["Noter", *made.notes] if made.notes else []
    assert found.text.replace("\n\n", "\n").split("\n") == made.paragraphs + notes
    assert found.pages == made.pages
    assert set(found.left_out) == {"head", "page_number"}


def test_three_columns_are_read_one_after_the_other() -> None:
    made = made_pdf(pages=3, columns=3, seed=1, divide=False)
    found = pdf._text(made.body)["text"]
    assert isinstance(found, str)
    assert found.split() == " ".join(made.paragraphs).split()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 2), st.booleans())
def test_no_word_is_lost_or_doubled(seed: int, columns: int, divide: bool) -> None:
    made = made_pdf(pages=2, columns=columns, seed=seed, divide=divide)
    found = pdf._text(made.body)["text"]
    assert isinstance(found, str)
    wanted = " ".join([*made.paragraphs, *(["Noter"] if made.notes else []), *made.notes])
    assert sorted(found.replace("-", "").split()) == sorted(wanted.replace("-", "").split())


# --- words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("embedded", [True, False])
def test_danish_letters_and_signs(embedded: bool) -> None:
    text = "Ærøskøbing på Ærø: »Å, æble« – 1.234,50 kr. (§ 5) „x” café 100 °C"
    assert _read(lambda page: page.text(72, 700, text, font=font_name(embedded=embedded))).text == text


def test_ligatures_and_soft_hyphens_and_spaces_of_no_width() -> None:
    font = font_name()
    assert _read(lambda page: page.text(72, 700, "ﬁn ﬂod", font=font)).text == "fin flod"
    assert _read(lambda page: page.text(72, 700, "Nord\u00adsøen i\u00a0dag", font=font)).text == "Nord-søen i dag"


def test_words_that_are_placed_one_by_one_without_spaces() -> None:
    def draw(page: _Pages) -> None:
        x = 72.0
        for word in ("Fyret", "lyser", "i", "nat."):
            page.text(x, 700, word)
            x += pdfmetrics.stringWidth(word, "Helvetica", 10) + 2.8

    assert _read(draw).text == "Fyret lyser i nat."


def test_letters_that_are_placed_one_by_one() -> None:
    def draw(page: _Pages) -> None:
        x = 72.0
        for letter in "Fyret lyser":
            page.text(x, 700, letter)
            x += pdfmetrics.stringWidth(letter, "Helvetica", 10)

    assert _read(draw).text == "Fyret lyser"


def test_letters_set_apart_are_a_word() -> None:
    def draw(page: _Pages) -> None:
        text = page.canvas.beginText(72, 700)
        text.setFont("Helvetica", 10)
        text.setCharSpace(4)
        text.textOut("VEDTAGET")
        page.canvas.drawText(text)

    assert _read(draw).text == "VEDTAGET"


def test_what_is_drawn_twice_to_look_bold_is_read_once() -> None:
    def draw(page: _Pages) -> None:
        for shift in (0, 0.3):
            page.text(72 + shift, 700, "Fed overskrift", 14)

    assert _read(draw).text == "Fed overskrift"


def test_the_same_word_in_two_places_is_read_twice() -> None:
    assert _lines("ja ja ja ja", "ja ja ja ja") == "ja ja ja ja ja ja ja ja"


def test_raised_figures_stay_raised() -> None:
    def draw(page: _Pages) -> None:
        page.text(72, 700, "Fyret fylder 12 m")
        end = 72 + pdfmetrics.stringWidth("Fyret fylder 12 m", "Helvetica", 10)
        page.text(end, 704, "2", 6)
        page.text(end + 6, 700, "i alt")

    assert _read(draw).text == "Fyret fylder 12 m² i alt"


def test_bullets_of_symbol_fonts_are_bullets() -> None:
    def draw(page: _Pages) -> None:
        page.canvas.setFont("Symbol", 10)
        page.canvas.drawString(72, 700, "•")
        page.text(90, 700, "Et punkt")

    assert _read(draw).text == "• Et punkt"


# --- lines and paragraphs -------------------------------------------------------------------------------------------


def test_lines_of_a_paragraph_are_joined() -> None:
    assert _lines(*LONG) == " ".join(LONG)


def test_divided_words_are_made_whole_and_suspended_hyphens_stay() -> None:
    lines = (
        "Ministeren for digitalise-",
        "ring i Digitaliserings-",
        "og Ligestillingsministeriet, som EU-",
        "landene kender.",
    )
    assert _lines(*lines) == (
        "Ministeren for digitalisering i Digitaliserings- og Ligestillingsministeriet, som EU-landene kender."
    )


def test_a_gap_parts_paragraphs() -> None:
    def draw(page: _Pages) -> None:
        page.lines(72, 700, *LONG)
        page.lines(72, 656, *LONG)

    assert _read(draw).text == "\n\n".join([" ".join(LONG)] * 2)


def test_an_indent_parts_paragraphs() -> None:
    def draw(page: _Pages) -> None:
        for number in range(4):
            page.lines(84, 700 - 36 * number, LONG[0])
            page.lines(72, 688 - 36 * number, *LONG[1:])

    assert _read(draw).text == "\n\n".join([" ".join(LONG)] * 4)


def test_a_line_that_ends_early_with_a_sentence_ends_its_paragraph() -> None:
    assert _lines(*LONG[:2], "kom.", *LONG) == f"{LONG[0]} {LONG[1]} kom.\n\n{' '.join(LONG)}"


def test_a_heading_in_another_size_stands_alone() -> None:
    def draw(page: _Pages) -> None:
        page.text(72, 714, "Om fyr", 14)
        page.lines(72, 700, *LONG)

    assert _read(draw).text == f"Om fyr\n\n{' '.join(LONG)}"


def test_an_address_keeps_its_lines() -> None:
    assert _lines("Fyrudvalget", "Havnegade 1", "9999 Fyrby") == "Fyrudvalget\nHavnegade 1\n9999 Fyrby"


@pytest.mark.parametrize("labels", [("•", "•"), ("–", "–"), ("1.", "2."), ("a)", "b)"), ("1)", "2)"), ("1.1.", "1.2.")])
def test_items_of_a_list_stand_on_lines_of_their_own(labels: tuple[str, str]) -> None:
    def draw(page: _Pages) -> None:
        page.lines(72, 740, "Der er følgende at sige om det fyr, der lyser over havet:")
        for number, label in enumerate(labels):
            page.text(72, 720 - 36 * number, label)
            page.lines(95, 720 - 36 * number, *LONG)

    items = "\n".join(f"{label} {' '.join(LONG)}" for label in labels)
    assert _read(draw).text == f"Der er følgende at sige om det fyr, der lyser over havet:\n\n{items}"


def test_a_reference_at_the_start_of_a_line_is_no_item() -> None:
    lines = ("Ministeren kan efter forhandling med udvalget ændre reglerne, jf. §", "5. Det sker ved bekendtgørelse.")
    assert _lines(*lines) == " ".join(lines)


def test_leaders_of_a_table_of_contents_are_shortened() -> None:
    assert _lines("1. Indledning ........................ 3", "2. Fyr . . . . . . . . . . . . . . . . 12") == (
        "1. Indledning … 3\n2. Fyr … 12"
    )


# --- over columns and pages -----------------------------------------------------------------------------------------


def test_a_paragraph_goes_on_over_pages() -> None:
    def draw(page: _Pages) -> None:
        page.lines(72, 200, *LONG[:2])
        page.next()
        page.lines(72, 700, LONG[2])

    assert _read(draw).text == " ".join(LONG)


def test_a_word_divided_over_pages_is_made_whole() -> None:
    def draw(page: _Pages) -> None:
        page.lines(72, 200, *LONG[:2], "stormen kommer fra vest og bøl-")
        page.next()
        page.lines(72, 700, "gerne går højt.")

    assert _read(draw).text == " ".join(LONG)


COLUMN = (
    "De gamle fyr ved kysten har",
    "i mange år vist vej for alle",
    "skibe, der sejler her forbi,",
    "og det gør de endnu i dag",
)


def test_a_full_width_head_stands_above_two_columns() -> None:
    def draw(page: _Pages) -> None:
        page.text(72, 720, "Overskriften går tværs over begge spalter på siden", 16)
        page.lines(72, 690, *COLUMN, *COLUMN)
        page.lines(300, 690, "og i går. " + COLUMN[0], *COLUMN[1:], *COLUMN)

    found = _read(draw).text
    assert found.startswith("Overskriften går tværs over begge spalter på siden\n\nDe gamle fyr ved kysten")
    assert "og det gør de endnu i dag og i går. De gamle" in found


def test_a_head_between_columns_parts_them() -> None:
    def draw(page: _Pages) -> None:
        for number in range(2):
            top = 720 - number * 200
            page.text(72, top, f"Kapitel {number + 1}, der går tværs over begge spalter", 16)
            page.lines(72, top - 24, f"Venstre {number}", *COLUMN)
            page.lines(300, top - 24, f"Højre {number}", *COLUMN)

    text = _read(draw).text
    places = [text.index(word) for word in ("Kapitel 1", "Venstre 0", "Højre 0", "Kapitel 2", "Venstre 1", "Højre 1")]
    assert places == sorted(places)


def test_a_senders_block_beside_a_letter_comes_before_it() -> None:
    def draw(page: _Pages) -> None:
        page.lines(430, 751, "Fyrministeriet", "Havnegade 1", "9999 Fyrby", "J.nr. 2099-1", leading=11)
        for number in range(6):
            page.lines(72, 740 - 50 * number, *LONG, leading=13)

    assert _read(draw).text == "\n\n".join(
        ["Fyrministeriet\nHavnegade 1\n9999 Fyrby\nJ.nr. 2099-1", *[" ".join(LONG)] * 6]
    )


# --- tables ---------------------------------------------------------------------------------------------------------


def _table(page: _Pages, top: float, *rows: tuple[str, ...], step: float = 14) -> None:
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            page.text(72 + 150 * place, top - step * number, cell)


def test_rows_of_a_table_are_lines() -> None:
    def draw(page: _Pages) -> None:
        page.text(72, 730, "Tabel 1")
        _table(page, 700, ("År", "Fyr", "Udgift"), ("2098", "12", "1,5"), ("2099", "9", "1,25"))

    assert _read(draw).text == "Tabel 1\n\nÅr | Fyr | Udgift\n2098 | 12 | 1,5\n2099 | 9 | 1,25"


def test_figures_set_flush_right_are_cells() -> None:
    def draw(page: _Pages) -> None:
        for number, (label, value) in enumerate((("Nordfyret", "1"), ("Sydfyret", "1.234"), ("I alt", "1.235"))):
            page.text(72, 700 - 14 * number, label)
            page.canvas.drawRightString(300, 700 - 14 * number, value)

    assert _read(draw).text == "Nordfyret | 1\nSydfyret | 1.234\nI alt | 1.235"


def test_lines_of_a_cell_stay_together() -> None:
    def draw(page: _Pages) -> None:
        for number, name in enumerate(("Nordfyret", "Sydfyret", "Vestfyret")):
            top = 700 - 50 * number
            page.lines(72, top, name, "(nedlagt)")
            page.lines(200, top, "Fyret lyser hver nat", "og kan ses viden om", "i klart vejr.")

    row = "{} (nedlagt) | Fyret lyser hver nat og kan ses viden om i klart vejr."
    assert _read(draw).text == "\n".join(row.format(name) for name in ("Nordfyret", "Sydfyret", "Vestfyret"))


def test_names_in_columns_stay_in_rows() -> None:
    def draw(page: _Pages) -> None:
        _table(page, 700, ("Anders And (F)", "Berta Bo (G)"), ("Carl Cox (F)", "Dorte Dam (G)"), ("Erik Ek (F)",))

    assert _read(draw).text == "Anders And (F) | Berta Bo (G)\nCarl Cox (F) | Dorte Dam (G)\nErik Ek (F)".replace(
        "\nErik", "\n\nErik"
    )


# --- heads, feet, page numbers --------------------------------------------------------------------------------------


def _paged(head: Callable[[int], str], foot: Callable[[int], str], count: int = 6) -> PdfText:
    def draw(page: _Pages) -> None:
        for number in range(count):
            page.text(72, 800, head(number), 8)
            page.lines(72, 740 - 3 * number, f"Kapitel {'abcdef'[number]} begynder.", *LONG)
            page.text(280, 30, foot(number), 8)
            if number < count - 1:
                page.next()

    return _read(draw)


@pytest.mark.parametrize(
    ("head", "foot", "left_out"),
    [
        (lambda _: "Fyrudvalget", lambda n: str(n + 1), {"head": 66, "page_number": 6}),
        (lambda _: "Fyrudvalget 2098-99", lambda n: f"Side {n + 1} af 6", {"foot": 66, "head": 114}),
        (lambda n: (f"{n + 1} – Forslag L 7", f"Forslag L 7 – {n + 1}")[n % 2], lambda _: "", {"head": 90}),
        (lambda n: f"Fyr - {n + 11} -", lambda _: "CC001234", {"foot": 48, "head": 60}),
        (
            lambda n: ("Fyrudvalget", "Udgifter til fyr")[n % 2],
            lambda n: f"- {n + 7} -",
            {"head": 81, "page_number": 33},
        ),
        (lambda _: "", lambda n: ("i", "ii", "iii", "iv", "v", "vi")[n], {"page_number": 11}),
    ],
)
def test_running_heads_and_feet_are_left_out_and_counted(
    head: Callable[[int], str], foot: Callable[[int], str], left_out: dict[str, int]
) -> None:
    found = _paged(head, foot)
    assert found.text == "\n\n".join(f"Kapitel {letter} begynder.\n{' '.join(LONG)}" for letter in "abcdef").replace(
        "begynder.\n", "begynder.\n\n"
    )
    assert sum(found.left_out.values()) == sum(left_out.values())


def test_different_lines_at_the_edge_are_text() -> None:
    found = _paged(lambda n: "Om " + ("fyr", "hav", "vind", "vand", "lys", "sand")[n], lambda n: f"{(n * 37) % 11} fyr")
    assert found.left_out == {}
    assert "Om vand" in found.text


def test_a_text_that_recurs_at_the_same_height_without_a_gap_is_no_running_head() -> None:
    def draw(page: _Pages) -> None:
        for _ in range(4):
            page.lines(72, 800, *LONG)
            page.next()

    assert _read(draw).text.count(LONG[0]) == 4


def test_the_title_is_kept_where_it_is_larger_than_the_running_head() -> None:
    def draw(page: _Pages) -> None:
        page.text(72, 760, "Om fyr", 20)
        page.lines(72, 700, *LONG)
        for number in range(3):
            page.next()
            page.text(72, 800, "Om fyr", 8)
            page.lines(72, 740, f"{LONG[0]} {'abc'[number]}", *LONG[1:])

    found = _read(draw)
    assert found.text.startswith("Om fyr\n\n")
    assert found.left_out == {"head": 18}


@pytest.mark.parametrize(("foot", "kept"), [("1", False), ("Side 1 af 1", False), ("17", True), ("Fyrby", True)])
def test_the_foot_of_a_single_page(foot: str, kept: bool) -> None:
    def draw(page: _Pages) -> None:
        page.lines(72, 740, *LONG)
        page.text(280, 30, foot)

    assert (foot in _read(draw).text) is kept


def test_notes_stand_at_the_end_and_do_not_break_the_text() -> None:
    def draw(page: _Pages) -> None:
        page.lines(72, 200, *LONG, *LONG, LONG[0])
        page.lines(72, 90, "1 Fyret blev bygget i 2098 og", "er siden udvidet.", size=7, leading=9)
        page.next()
        page.lines(72, 700, *LONG[1:], *LONG)
        page.lines(72, 90, "2 Se dog bilag 4.", size=7)

    text = " ".join(LONG)
    assert (
        _read(draw).text
        == f"{text} {text} {text} {text}\n\nNoter\n1 Fyret blev bygget i 2098 og er siden udvidet.\n2 Se dog bilag 4."
    )


# --- turned pages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("page_turn", [0, 90])
def test_a_turned_page_is_read_upright(turn: int, page_turn: int) -> None:
    def draw(page: _Pages) -> None:
        page.canvas.setPageRotation(page_turn)
        page.canvas.translate(290, 290)
        page.canvas.rotate(turn)
        page.lines(-250, 100, "Nordfyret", "", *LONG)

    assert _read(draw).text == f"Nordfyret\n\n{' '.join(LONG)}"


def test_a_line_at_an_angle_and_what_is_beside_the_page_is_left_out_and_counted() -> None:
    def draw(page: _Pages) -> None:
        page.lines(72, 700, *LONG)
        page.text(-500, 600, "Udenfor")
        page.canvas.translate(200, 400)
        page.canvas.rotate(45)
        page.text(0, 0, "UDKAST", 60)

    found = _read(draw)
    assert found.text == " ".join(LONG)
    assert found.left_out == {"outside": 7, "sideways": 6}


def test_a_scan_that_is_a_little_aslant_is_read() -> None:
    def draw(page: _Pages) -> None:
        page.canvas.rotate(1.2)
        for number in range(8):
            page.lines(80, 700 - 12 * number, f"{LONG[0]} {'abcdefgh'[number]}")

    assert _read(draw).text == " ".join(f"{LONG[0]} {letter}" for letter in "abcdefgh")


# --- as laid out ----------------------------------------------------------------------------------------------------


def _layout(draw: Callable[[_Pages], None]) -> list[str]:
    value = pdf._layout(_drawn(draw))["pages"]
    assert isinstance(value, list)
    return [str(page) for page in value]


def test_lines_keep_their_breaks_indents_and_stamps() -> None:
    def draw(page: _Pages) -> None:
        page.lines(72, 700, LONG[0])
        page.canvas.drawRightString(500, 676, "Kl. 10:00")
        page.lines(72, 664, "Formanden (Fyr Olsen):", "Mødet er åbnet.")
        page.lines(86, 640, "Er der nogen, der ønsker ordet om told-")
        page.lines(72, 628, "og skattefri havne?")

    lines = _layout(draw)[0].split("\n")
    assert lines[:2] == [LONG[0], ""]
    assert lines[2].lstrip() == "Kl. 10:00"
    assert lines[2].startswith(" " * 20)
    assert lines[3:5] == ["Formanden (Fyr Olsen):", "Mødet er åbnet."]
    assert lines[5].startswith("   Er der nogen, der ønsker ordet om told-")
    assert lines[6:] == ["og skattefri havne?"]


def test_a_stamp_on_the_line_of_a_text_stands_three_spaces_away() -> None:
    def draw(page: _Pages) -> None:
        page.text(72, 700, "Mødet er hævet.")
        page.canvas.drawRightString(500, 700, "Kl. 10:00")

    line = _layout(draw)[0]
    assert line.startswith("Mødet er hævet.   ")
    assert line.endswith("   Kl. 10:00")


def test_columns_stand_one_below_the_other() -> None:
    def draw(page: _Pages) -> None:
        page.lines(72, 690, *COLUMN)
        page.lines(300, 690, *COLUMN)

    assert _layout(draw) == ["\n".join([*COLUMN, "", *COLUMN])]


def test_pages_stay_apart_and_lose_their_margins() -> None:
    def draw(page: _Pages) -> None:
        for number in range(3):
            page.text(280, 30, str(number + 1))
            page.lines(72, 700, f"Side {'abc'[number]}", *LONG)
            if number < 2:
                page.next()

    assert [page.split("\n")[0] for page in _layout(draw)] == ["Side a", "Side b", "Side c"]
    assert all(page.endswith(LONG[2]) for page in _layout(draw))


def test_an_empty_page_is_an_empty_text() -> None:
    def draw(page: _Pages) -> None:
        page.next()
        page.text(72, 700, "Her")

    assert _layout(draw) == ["", "Her"]


# --- what is refused ------------------------------------------------------------------------------------------------


def _image(page: _Pages) -> None:
    from reportlab.lib.utils import ImageReader

    pixels = b"P6 2 2 255\n" + bytes(range(12))
    page.canvas.drawImage(ImageReader(io.BytesIO(pixels)), 0, 0, 400, 400)


def test_a_scan_says_how_many_pages_of_images_it_has() -> None:
    def draw(page: _Pages) -> None:
        _image(page)
        page.next()
        _image(page)

    with pytest.raises(NotTextError) as caught:
        read_pdf(_drawn(draw))
    assert str(caught.value) == "has no text layer: 2 pages of images; it must be read by OCR"


def test_scanned_pages_among_others_are_counted() -> None:
    def draw(page: _Pages) -> None:
        page.text(72, 700, "Forside")
        page.next()
        _image(page)

    assert _read(draw) == PdfText(text="Forside", pages=2, pages_without_text=1, left_out={})


def _encrypted(user: str) -> bytes:
    pages = _Pages(encrypt=StandardEncryption(user, ownerPassword="ejer", strength=128))
    pages.text(72, 700, "Hemmeligt")
    pages.next()
    return pages.body()


def test_a_file_that_only_restricts_copying_is_read() -> None:
    assert read_pdf(_encrypted("")).text == "Hemmeligt"


def test_fonts_that_do_not_say_their_letters_are_refused() -> None:
    body = made_pdf(pages=1).body
    if b"/ToUnicode" not in body:
        pytest.skip("no font to embed on this machine")
    with pytest.raises(NotTextError, match=r"does not say which letters its fonts draw \(.* of .* characters\)"):
        read_pdf(body.replace(b"/ToUnicode", b"/ToUnicodX"))


def _objects(*objects: bytes, pages: bytes = b"<</Type/Pages/Kids[3 0 R]/Count 1>>") -> bytes:
    """Return a PDF of hand: 1 the catalogue, 2 the pages, 3 and on ``objects``."""
    body = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate((b"<</Type/Catalog/Pages 2 0 R>>", pages, *objects), start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(places) + 1, table)
    return body + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start)


def _stream(data: bytes, keys: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), keys, data)


_FONT = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>"


def _page(
    content: bytes, keys: bytes = b"", *others: bytes, box: bytes = b"0 0 595 842", resources: bytes = b""
) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Resources<<%s%s>>>>" % (box, _FONT, resources)
    return _objects(page, _stream(content, keys), *others)


def _say(text: bytes) -> bytes:
    return b"BT/F 10 Tf 72 700 Td(%s)Tj ET" % text


def _forms(levels: int, fan: int) -> bytes:
    """Return a page that draws a form that draws a form …, ``fan`` times each: fan ** levels times the text."""
    forms = []
    for level in range(levels):
        inner = b"/I Do " * fan if level < levels - 1 else _say(b"Ha")
        resources = b"/XObject<</I %d 0 R>>" % (6 + level)
        forms.append(
            _stream(inner, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<<%s%s>>" % (_FONT, resources))
        )
    return _page(b"/I Do", b"", *forms, resources=b"/XObject<</I 5 0 R>>")


def _many(count: int) -> bytes:
    """Return a PDF of ``count`` pages that draw the same."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R/Resources<<%s>>>>" % _FONT
    kids = b" ".join(b"%d 0 R" % (4 + number) for number in range(count))
    pages = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)
    return _objects(_stream(_say(b"Side")), *[page] * count, pages=pages)


def _tree(depth: int) -> bytes:
    """Return a PDF whose one page lies ``depth`` folders deep."""
    nodes = [b"<</Type/Pages/Parent %d 0 R/Kids[%d 0 R]/Count 1>>" % (2 + n, 4 + n) for n in range(depth)]
    page = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<<%s>>>>"
    return _objects(*nodes, page % (2 + depth, 4 + depth, _FONT), _stream(_say(b"Dyb")))


def _crossing(step: int) -> bytes:
    """Return lines across the whole page, both ways."""
    return b" ".join(b"0 %d m 595 %d l S %d 0 m %d 842 l S" % (n, n, n, n) for n in range(0, 595, step)) + b" "


_BOMB = zlib.compress(zlib.compress(b" " * 200_000_000, 9), 9)

_REFUSED: dict[str, tuple[bytes, type[RecordError], str]] = {
    "nothing": (b"", EmptyRecordError, "no bytes"),
    "zeros": (bytes(5000), EmptyRecordError, "no bytes"),
    "a web page": (b"<html>Just a moment...</html>", NotTextError, "is no PDF: it begins with b'<html>Just"),
    "a head only": (b"%PDF-1.7\n", BrokenRecordError, "cut short"),
    "a head and an end": (b"%PDF-1.7\n%%EOF", BrokenRecordError, "cannot be opened"),
    "a password": (_encrypted("bruger"), BrokenRecordError, "encrypted and asks for a password"),
    "an empty page": (_page(b""), EmptyRecordError, "shows no text on its 1 page$"),
    "no page": (_objects(pages=b"<</Type/Pages/Kids[]/Count 0>>"), BrokenRecordError, "cannot be opened"),
    "absurd page count": (
        _objects(b"<<>>", pages=b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>"),
        EmptyRecordError,
        "1 page$",
    ),
    "pages in a ring": (
        _objects(pages=b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"),
        BrokenRecordError,
        "cannot be read|no page",
    ),
    "impossible size": (_page(_say(b"Hej"), box=b"0 0 99999 99999"), BrokenRecordError, "impossible size"),
    "too many pages": (_many(10_001), BrokenRecordError, "says that it has 10,001 pages; more than 10,000 are not"),
    "a tree too deep": (_tree(20_000), BrokenRecordError, "cannot be read"),
    "linearized, cut short": (
        _page(_say(b"Hej")).replace(b"%PDF-1.7\n", b"%PDF-1.7\n9 0 obj<</Linearized 1/L 999999>>endobj\n"),
        BrokenRecordError,
        "is cut short: .* of 999,999 bytes",
    ),
    "a change cut short": (
        _page(_say(b"Hej")) + b"9 0 obj\n" + b"x" * 5000,
        BrokenRecordError,
        "cut short within a later change",
    ),
}


@pytest.mark.parametrize("name", _REFUSED)
def test_a_record_that_gives_no_text_says_why(name: str) -> None:
    body, error, message = _REFUSED[name]
    with pytest.raises(error, match=message):
        read_pdf(body)


def test_only_running_heads_are_no_text() -> None:
    def draw(page: _Pages) -> None:
        for _ in range(3):
            page.text(72, 800, "Fyrudvalget")
            page.next()

    with pytest.raises(EmptyRecordError, match="no text beside running heads"):
        pdf._text(_drawn(draw))


def test_more_characters_than_is_reasonable_are_not_read() -> None:
    lines = b" ".join(b"BT/F 1 Tf 1 %d Td(%s)Tj ET" % (number, b"x" * 10_000) for number in range(41))
    with pytest.raises(BrokenRecordError, match="more than 400,000 characters on page 1"):
        read_pdf(_page(lines))


@pytest.mark.parametrize(
    "body",
    [_forms(9, 10), _page(_BOMB, b"/Filter[/FlateDecode/FlateDecode]"), _page(b"q " * 3_000_000 + _say(b"Hej"))],
    ids=["forms in forms", "a bomb in a bomb", "unclosed states"],
)
def test_hostile_pages_are_read_or_stopped(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 2.0)
    monkeypatch.setattr(pdf, "SECONDS_PER_MB", 0.0)
    _text_or_refusal(body)
    assert read_pdf(_page(_say(b"Hej"))).text == "Hej"


@pytest.mark.parametrize(
    "body",
    [
        _page(_crossing(5) + _say(b"Hej")),
        _page(b"0 0 m " + b"5 9 l 9 5 l " * 100_000 + b"S " + _say(b"Hej")),
        _page(b"1 1 9 9 re S " * 40_000 + _say(b"Hej")),
        _page(b"0 0 m 1e38 nan l -1e38 0 l S 1 0 m 1 9e9 l S 0 1 9e9 0.1 re f " + _say(b"Hej")),
        _tree(500),
    ],
    ids=["a raster", "a long path", "many boxes", "absurd lines", "a deep tree"],
)
def test_what_is_drawn_or_nested_without_measure_is_read(body: bytes) -> None:
    assert read_pdf(body).text in {"Hej", "Dyb"}


def test_a_table_of_contents_at_the_wrong_place_is_made_anew() -> None:
    whole = _page(_say(b"Hej"))
    assert read_pdf(whole.replace(b"startxref\n", b"startxref\n9")).text == "Hej"
    assert read_pdf(whole[: whole.index(b"xref\n")] + b"trailer<</Root 1 0 R>>\n%%EOF\n").text == "Hej"


def test_a_thousand_pages_are_read() -> None:
    assert read_pdf(_many(1000)).pages == 1000


def test_a_form_that_draws_itself_is_read_once() -> None:
    form = _stream(
        _say(b"Hej") + b" /I Do",
        b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<<" + _FONT + b"/XObject<</I 5 0 R>>>>",
    )
    assert read_pdf(_page(b"/I Do", b"", form, resources=b"/XObject<</I 5 0 R>>")).text == "Hej"


@pytest.mark.parametrize("number", ["nan", "1e38", "-1e38", "99999999999999999999", "0.0000001", "-5"])
def test_absurd_numbers_give_a_text_or_a_record_error(number: str) -> None:
    absurd = number.encode()
    for content in (b"%s 0 0 %s 0 0 cm ", b"%s %s Td ", b"BT %s Tc %s Tw ET ", b"BT %s TL %s Ts ET "):
        _text_or_refusal(_page(content % (absurd, absurd) + _say(b"Hej")))
    for at in (
        b"BT/F %s Tf 72 700 Td(Hej)Tj ET",
        b"BT/F 10 Tf %s 700 Td(Hej)Tj ET",
        b"BT/F 10 Tf 1 0 0 1 72 %s Tm(Hej)Tj ET",
    ):
        _text_or_refusal(_page(at % absurd))


# --- damage ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("embedded", [True, False])
def test_a_file_cut_short_is_broken(embedded: bool) -> None:
    whole = made_pdf(pages=2, embedded=embedded).body
    for twentieth in range(1, 20):
        with pytest.raises(BrokenRecordError, match="cut short"):
            read_pdf(whole[: len(whole) * twentieth // 20])


def test_damaged_bytes_give_a_text_or_a_record_error() -> None:
    whole = made_pdf(pages=1, embedded=False).body
    chance = random.Random(9)  # noqa: S311 - repeatable damage
    for _ in range(150):
        body = bytearray(whole)
        for _ in range(chance.randrange(1, 12)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        _text_or_refusal(bytes(body))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_are_refused(body: bytes) -> None:
    _text_or_refusal(body)
    _text_or_refusal(b"%PDF-1.7\n" + body + b"\n%%EOF\n")
    _text_or_refusal(_page(body))


_OPERATORS = st.lists(
    st.sampled_from(
        [b"BT", b"ET", b"q", b"Q", b"/F 10 Tf", b"/F -3 Tf", b"10 20 Td", b"(Fyr ) Tj", b"[(a) -9 (b)] TJ",
         b"2 0 0 2 0 0 cm", b"0 1 -1 0 300 300 Tm", b"1 0 0 1 72 600 Tm", b"T*", b"14 TL", b"5 Tc", b"3 Tr", b"/I Do",
         b"0 0 0 0 0 0 Tm", b"(\\000\\001\\377) Tj", b"1 0 0.3 1 72 500 Tm"]
    ),
    max_size=60,
).map(b" ".join)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(_OPERATORS)
def test_operators_in_any_order_give_a_text_or_a_record_error(content: bytes) -> None:
    _text_or_refusal(_page(content))


def _text_or_refusal(body: bytes) -> None:
    for read in (read_pdf, read_pdf_layout):
        try:
            found = read(body)
        except RecordError as error:
            assert str(error)
            assert "please report" not in str(error)
        else:
            text = found.text if isinstance(found, PdfText) else "\n".join(found.pages)
            assert not any(ord(letter) < 32 and letter != "\n" for letter in text)
