"""Where lists of PDFs end, and what else of a page is told by where its lines begin."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from sources.readers import pdf

FULL = "der skal være mulighed for, at borgerne kan besøge fyret om sommeren."
NEXT = ("Ministeriet har noteret sig dette og vil vende tilbage, når der er truffet en", "beslutning.")


def _read(draw: Callable[[Canvas], None]) -> dict[str, object]:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    canvas.setFont("Helvetica", 10)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return dict(pdf._text(buffer.getvalue()))


def _text(*lines: tuple[float, str]) -> str:
    def draw(canvas: Canvas) -> None:
        for number, (x, line) in enumerate(lines):
            canvas.drawString(x, 700 - 12 * number, line)

    return str(_read(draw)["text"])


def _labelled(*lines: tuple[float, str, str]) -> str:
    """Return the text of lines with labels 18 points before them."""

    def draw(canvas: Canvas) -> None:
        for number, (x, label, line) in enumerate(lines):
            canvas.drawString(x - 18, 700 - 12 * number, label)
            canvas.drawString(x, 700 - 12 * number, line)

    return str(_read(draw)["text"])


@pytest.mark.parametrize("label", ["•", "–", "a)", "1."])
@pytest.mark.parametrize("indent", [0, 18])
def test_a_paragraph_after_a_full_last_item_is_no_part_of_it(label: str, indent: float) -> None:
    x = 90.0 + indent
    found = _labelled((x, label, FULL), (72, "", NEXT[0]), (72, "", NEXT[1]))
    assert found == f"{label} {FULL}\n\n{' '.join(NEXT)}"


def test_a_full_last_item_without_a_stop_ends_where_the_lines_of_items_hang() -> None:
    found = _labelled(
        (90, "•", "at fyret lyser hver nat, også når der ingen skibe er på"),
        (90, "", "havet, og"),
        (90, "•", "at det kan ses fra alle de skibe, der sejler forbi det"),
        (72, "", "Ministeriet vil vende tilbage."),
    )
    assert found == (
        "• at fyret lyser hver nat, også når der ingen skibe er på havet, og\n"
        "• at det kan ses fra alle de skibe, der sejler forbi det\n\nMinisteriet vil vende tilbage."
    )


def test_an_item_that_goes_on_to_the_left_of_its_label_is_one() -> None:
    found = _text(
        (82, "1. I loven om fyr ændres ordet fyrmester overalt til ordet fyrpasser, og"),
        (72, "ordet fyr til lys."),
        (82, "2. Stk. 3 om selskaber m.v. ophæves, og stk. 4 bliver til stk. 3 og 5, jf. nr."),
        (72, "Selv om det er sidst på linjen, gælder det."),
    )
    assert found == (
        "1. I loven om fyr ændres ordet fyrmester overalt til ordet fyrpasser, og ordet fyr til lys.\n"
        "2. Stk. 3 om selskaber m.v. ophæves, og stk. 4 bliver til stk. 3 og 5, jf. nr. "
        "Selv om det er sidst på linjen, gælder det."
    )


def test_a_sentence_that_ended_is_parted_from_the_numbered_heading_below_it_and_that_from_its_text() -> None:
    found = _text(
        (72, "Fyret lyser hver nat over det mørke hav og viser skibene vej forbi alle skær."),
        (72, "2.1. Gældende ret"),
        (72, "Efter lov om fyr skal staten drive de fyr, der er nødvendige for de skibe, der går"),
        (72, "forbi kysten."),
    )
    assert found == (
        "Fyret lyser hver nat over det mørke hav og viser skibene vej forbi alle skær.\n\n2.1. Gældende ret\n\n"
        "Efter lov om fyr skal staten drive de fyr, der er nødvendige for de skibe, der går forbi kysten."
    )


def test_a_paragraph_that_is_inserted_into_an_act_begins_a_line() -> None:
    found = _text(
        (72, "2. § 3, stk. 2, ophæves, og i stedet for det ophævede stykke indsættes som nyt:"),
        (72, "»Stk. 2. Ministeren kan fastsætte regler om fyr.«"),
    )
    assert found.split("\n")[1] == "»Stk. 2. Ministeren kan fastsætte regler om fyr.«"


def test_addresses_of_the_web_stand_on_lines_of_their_own() -> None:
    assert _text((72, "Fyrministeriet"), (72, "Tlf. 99 99"), (72, "www.fyr.example"), (72, "fyr@fyr.example")) == (
        "Fyrministeriet\nTlf. 99 99\nwww.fyr.example\nfyr@fyr.example"
    )


def test_the_label_of_a_note_is_raised_though_it_is_hardly_smaller() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(5):
            canvas.drawString(72, 700 - 12 * number, "Fyret ved havnen lyser hver nat over det mørke hav og")
        canvas.setFont("Helvetica", 7)
        canvas.drawString(72, 93, "1")
        canvas.setFont("Helvetica", 8)
        canvas.drawString(78, 90, "Fyret blev bygget i 2098.")

    assert str(_read(draw)["text"]).endswith("\n\nNoter\n¹ Fyret blev bygget i 2098.")


COLUMN = ("De gamle fyr ved kysten har i", "mange år vist vej for alle de", "skibe, der sejler her forbi.")


def test_short_lines_across_two_columns_do_not_hide_the_gutter() -> None:
    def draw(canvas: Canvas) -> None:
        for number, line in enumerate(("Forslag", "til", "Lov om ændring af lov om fyr og om havne")):
            canvas.drawCentredString(255, 760 - 14 * number, line)
        for x, name in ((72, "Venstre"), (262, "Højre")):
            canvas.drawCentredString(x + 70, 712, name)
            for number in range(12):
                canvas.drawString(x, 700 - 12 * number, COLUMN[number % 3])
        for number in range(2):
            canvas.drawString(72, 540 - 12 * number, "Til sidst en linje, der går tværs over begge spalter på siden.")

    text = str(_read(draw)["text"])
    paragraphs = "\n\n".join([" ".join(COLUMN)] * 4)
    assert f"Venstre\n\n{paragraphs}" in text.replace("Venstre\n", "Venstre\n\n").replace("\n\n\n", "\n\n")
    assert text.index("Venstre") < text.index("Højre") < text.index("Til sidst")
    assert "|" not in text


def test_numbers_of_lines_in_the_margin_are_left_out_and_counted() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(1, 18):
            canvas.drawString(90, 720 - 14 * number, "Fyret ved havnen lyser hver nat over det mørke hav og")
            if number % 5 == 0:
                canvas.drawRightString(70, 720 - 14 * number, str(number))

    found = _read(draw)
    assert found["left_out"] == {"line_number": 5}
    assert found["text"] == " ".join(["Fyret ved havnen lyser hver nat over det mørke hav og"] * 17)


def test_years_in_the_first_column_of_a_table_are_no_numbers_of_lines() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(4):
            canvas.drawString(72, 700 - 14 * number, str(2080 + 5 * number))
            canvas.drawString(150, 700 - 14 * number, f"{number} fyr")

    assert _read(draw)["text"] == "2080 | 0 fyr\n2085 | 1 fyr\n2090 | 2 fyr\n2095 | 3 fyr"


def test_bold_is_told_by_the_name_of_a_font() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 10)
        canvas.drawString(72, 712, "Om fyr og havne")
        canvas.setFont("Helvetica-Oblique", 10)
        canvas.drawString(72, 700, "Fyret ved havnen lyser hver nat over det mørke hav og")
        canvas.setFont("Helvetica", 10)
        canvas.drawString(72, 688, "viser skibene vej.")

    assert _read(draw)["text"] == (
        "Om fyr og havne\n\nFyret ved havnen lyser hver nat over det mørke hav og viser skibene vej."
    )
