"""Tables of PDFs, drawn with lines and without: a line for each row, its cells parted by " | "."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import pairwise

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from sources.readers import pdf

Cell = str | tuple[str, ...]
HEAD: tuple[Cell, ...] = (
    "Kommune",
    ("Antal fyr ved", "årets", "begyndelse"),
    ("Nedlagte", "fyr"),
    ("Udgift", "(mio. kr.)"),
)
ROWS: tuple[tuple[Cell, ...], ...] = (
    ("Læsø", "12", "3", "1.234,5"),
    (("Aabenraa og omegn,", "også øerne"), "128", "14", "12,0"),
    ("Ærø", "7", "0", "-"),
    ("I alt", "147", "17", "1.246,5"),
)
WANTED = (
    "Kommune | Antal fyr ved årets begyndelse | Nedlagte fyr | Udgift (mio. kr.)\n"
    "Læsø | 12 | 3 | 1.234,5\n"
    "Aabenraa og omegn, også øerne | 128 | 14 | 12,0\n"
    "Ærø | 7 | 0 | -\n"
    "I alt | 147 | 17 | 1.246,5"
)
EDGES = (72.0, 200.0, 280.0, 350.0, 430.0)


def _text(draw: Callable[[Canvas], None]) -> str:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    canvas.setFont("Helvetica", 9)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return str(pdf._text(buffer.getvalue())["text"])


def _lines(cell: Cell) -> tuple[str, ...]:
    return (cell,) if isinstance(cell, str) else cell


def _table(canvas: Canvas, *, foot: bool, pad: float, top: float = 700.0) -> list[float]:
    """Set the table, its figures flush right, at the foot or the head of their rows; return the edges of its rows."""
    edges = [top]
    for row in (HEAD, *ROWS):
        height = max(len(_lines(cell)) for cell in row)
        for place, cell in enumerate(row):
            lines = _lines(cell)
            down = height - len(lines) if foot else 0
            for number, line in enumerate(lines):
                y = edges[-1] - pad - 10 * (number + down + 1) + 2
                if place:
                    canvas.drawRightString(EDGES[place + 1] - 4, y, line)
                else:
                    canvas.drawString(EDGES[0] + 4, y, line)
        edges.append(edges[-1] - 10 * height - 2 * pad)
    return edges


@pytest.mark.parametrize("foot", [True, False])
@pytest.mark.parametrize("lines", ["none", "all", "boxes", "rectangles", "upright"])
def test_a_head_of_several_lines_is_one_row_and_so_is_a_name_of_two(foot: bool, lines: str) -> None:
    def draw(canvas: Canvas) -> None:
        ys = _table(canvas, foot=foot, pad=2)
        left, right = EDGES[0], EDGES[-1]
        if lines == "all":
            canvas.grid(EDGES, ys)
        elif lines == "boxes":
            for above, below in pairwise(ys):
                for start, end in pairwise(EDGES):
                    canvas.rect(start, below, end - start, above - below)
        elif lines == "rectangles":
            for y in ys:
                canvas.rect(left, y, right - left, 0.5, stroke=0, fill=1)
            for x in EDGES:
                canvas.rect(x, ys[-1], 0.5, ys[0] - ys[-1], stroke=0, fill=1)
        elif lines == "upright":
            for y in (ys[0], ys[1], ys[-1]):
                canvas.line(left, y, right, y)
            for x in EDGES:
                canvas.line(x, ys[0], x, ys[-1])

    assert _text(draw) == WANTED


def _cells(canvas: Canvas, *cells: tuple[float, float, str]) -> None:
    for x, y, text in cells:
        canvas.drawString(x, y, text)


def test_cells_that_nearly_touch_are_parted_where_a_line_parts_them() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid([72, 130, 200, 300], [700, 680, 660])
        _cells(canvas, (74, 685, "Navn på et fyr"), (132, 685, "Udgift 2098"), (202, 685, "Bemærkning"))
        _cells(canvas, (74, 665, "Nordfyret"), (132, 665, "1,5"), (202, 665, "Nedlagt"))

    assert _text(draw) == "Navn på et fyr | Udgift 2098 | Bemærkning\nNordfyret | 1,5 | Nedlagt"


def test_cells_over_several_columns_and_rows_are_read_once_and_empty_ones_keep_their_place() -> None:
    def draw(canvas: Canvas) -> None:
        for y in (700, 660, 640):
            canvas.line(72, y, 300, y)
        canvas.line(150, 680, 300, 680)
        for x in (72, 150, 300):
            canvas.line(x, 640, x, 700)
        canvas.line(220, 640, 220, 680)
        _cells(canvas, (74, 676, "Konto"), (170, 685, "Bevilling"), (152, 665, "2098"), (222, 665, "2099"))
        _cells(canvas, (74, 645, "Fyr"), (222, 645, "3"))

    assert _text(draw) == "Konto | Bevilling\n2098 | 2099\nFyr | | 3"


def test_a_row_alone_at_the_top_of_a_page_is_a_row() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid([72, 250, 330, 410], [760, 730])
        _cells(canvas, (74, 748, "Er i strid med de fem principper"), (74, 736, "for god regulering"), (252, 748, "Ja"))
        _cells(canvas, (332, 748, "Nej"), (332, 736, "X"))

    assert _text(draw) == "Er i strid med de fem principper for god regulering | Ja | Nej X"


def test_a_frame_around_a_text_is_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(60, 600, 400, 120)
        _cells(canvas, (72, 700, "Boks 1. Fyret ved havnen lyser hver nat over det"), (72, 688, "mørke hav."))

    assert _text(draw) == "Boks 1. Fyret ved havnen lyser hver nat over det mørke hav."


def test_a_table_drawn_on_a_page_that_is_turned() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rotate(90)
        canvas.translate(0, -595)
        canvas.setFont("Helvetica", 9)
        canvas.grid([72, 150, 300], [500, 460, 440])
        _cells(canvas, (74, 488, "Fyrets"), (74, 476, "navn"), (152, 488, "Sted"), (74, 445, "Nord"), (152, 445, "Ø"))

    assert _text(draw) == "Fyrets navn | Sted\nNord | Ø"


def test_two_tables_are_parted_by_a_blank_line_and_stand_among_the_text() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 720, "Først en sætning.")
        for top in (700, 640):
            canvas.grid([72, 150, 300], [top, top - 20, top - 40])
            _cells(canvas, (74, top - 15, "a"), (152, top - 15, "b"), (74, top - 35, "c"), (152, top - 35, "d"))
        canvas.drawString(72, 580, "Så en til.")

    assert _text(draw) == "Først en sætning.\n\na | b\nc | d\n\na | b\nc | d\n\nSå en til."


def test_figures_one_space_apart_in_the_file_are_cells_where_they_stand_apart_on_the_page() -> None:
    def draw(canvas: Canvas) -> None:
        for number, row in enumerate((("Nord", "1.230,5", "9"), ("Syd", "12,0", "14"), ("I alt", "1.242,5", "23"))):
            y = 700 - 12 * number
            canvas.drawString(72, y, row[0])
            canvas.drawRightString(200, y, row[1] + " ")
            canvas.drawRightString(222, y, row[2])

    assert _text(draw) == "Nord | 1.230,5 | 9\nSyd | 12,0 | 14\nI alt | 1.242,5 | 23"
