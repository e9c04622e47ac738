"""PDFs made up for tests and measurements, and what they say: one column or two, heads, feet, notes, divided words.

The same numbers give the same bytes. The words are Danish; the sentences mean nothing.
"""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
MARGIN = 71.0
TOP, BOTTOM = HEIGHT - 85.0, 85.0
_EMBEDDED = Path("/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf")
_STEMS = [
    "kommune", "borger", "skole", "vej", "havn", "skov", "budget", "lærer", "ældre", "børn", "æble", "økonomi",
    "åbning", "tilsyn", "ordning", "aftale", "frist", "høring", "klage", "støtte", "udvalg", "minister", "forslag",
    "ændring", "betingelse", "oplysning", "sundhed", "miljø", "trafik", "forening", "ansøgning",
]  # fmt: skip
_TAILS = [
    "erne", "ens", "planen", "skema", "loven", "kontoret", "rapport", "ordningen", "udgifter", "pligten", "gruppen",
    "forhold",
]  # fmt: skip
_SMALL = [
    "og", "i", "på", "af", "til", "der", "som", "ikke", "med", "for", "at", "den", "det", "en", "kan", "skal",
    "har", "blev", "ved", "fra", "om", "efter",
]  # fmt: skip
_VERBS = [
    "behandler", "vurderer", "omfatter", "kræver", "ændrer", "fordeler", "understøtter", "beskriver", "fremlægger",
    "bekræfter",
]  # fmt: skip
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass
class Made:
    """A PDF and what a reader should find in it: paragraphs and notes in order; heads and feet are not in it."""

    body: bytes
    paragraphs: list[str]
    notes: list[str]
    pages: int


@dataclass
class _Sheet:
    canvas: Canvas
    font: str
    columns: int
    head: str
    page: int = 1
    column: int = 0
    y: float = TOP
    floor: float = BOTTOM
    notes: list[tuple[int, str]] = field(default_factory=list)


def font_name(*, embedded: bool = True) -> str:
    """Return a serif font that is embedded where the machine has it, else Times of the PDF standard."""
    if not embedded or not _EMBEDDED.exists():
        return "Times-Roman"
    pdfmetrics.registerFont(TTFont("Made", str(_EMBEDDED)))
    return "Made"


def sentence(chance: random.Random) -> str:
    """Return a sentence of Danish words that means nothing."""
    words = [_word(chance), chance.choice(_VERBS)]
    for _ in range(chance.randrange(4, 16)):
        words.append(_word(chance) if chance.random() < 0.45 else chance.choice(_SMALL))
    if chance.random() < 0.08:
        words += ["told-", "og", "skatteforhold"]
    words.append(_word(chance))
    text = " ".join(words)
    return text[0].upper() + text[1:] + "."


def _word(chance: random.Random) -> str:
    word = chance.choice(_STEMS)
    return word + chance.choice(_TAILS) if chance.random() < 0.5 else word


def paragraph(chance: random.Random, sentences: int = 5) -> str:
    """Return some sentences."""
    return " ".join(sentence(chance) for _ in range(sentences))


def made_pdf(*, pages: int = 10, columns: int = 1, seed: int = 1, embedded: bool = True, divide: bool = True) -> Made:
    """Return a report of about ``pages`` pages: headings, justified paragraphs, lists and notes in ``columns``."""
    chance = random.Random(seed)  # noqa: S311 - repeatable
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    sheet = _Sheet(canvas, font_name(embedded=embedded), columns, f"Redegørelse om {_word(chance)} 2099")
    made = Made(b"", [], [], pages)
    number = 0
    while sheet.page <= pages:
        number += 1
        if number % 6 == 1:
            heading = f"{number // 6 + 1} {_word(chance).capitalize()} og {_word(chance)}"
            _heading(sheet, heading)
            made.paragraphs.append(heading)
        elif number % 6 == 4:
            for item in range(3):
                made.paragraphs.append(f"• {sentence(chance)}")
                _set(sheet, made.paragraphs[-1], chance, hang=12, after=0 if item < 2 else 8, divide=divide)
        else:
            text = paragraph(chance, chance.randrange(2, 8))
            note = None
            if columns == 1 and chance.random() < 0.25:
                note = (len(made.notes) + 1, sentence(chance))
                made.notes.append(f"{str(note[0]).translate(_RAISED)} {note[1]}")
            made.paragraphs.append(text + (str(note[0]).translate(_RAISED) if note else ""))
            _set(sheet, text, chance, note=note, divide=divide)
    _finish(sheet)
    canvas.save()
    made.body, made.pages = buffer.getvalue(), sheet.page
    return made


def _left(sheet: _Sheet) -> float:
    return MARGIN + sheet.column * (_width(sheet) + 20)


def _width(sheet: _Sheet) -> float:
    return float(WIDTH - 2 * MARGIN - 20 * (sheet.columns - 1)) / sheet.columns


def _heading(sheet: _Sheet, text: str) -> None:
    if sheet.y - 60 < sheet.floor:
        _next(sheet)
    sheet.y -= 10 if sheet.y < TOP else 0
    for line in _wrapped(text, sheet.font, 14, _width(sheet), None):
        sheet.canvas.setFont(sheet.font, 14)
        sheet.canvas.drawString(_left(sheet), sheet.y, line)
        sheet.y -= 17
    sheet.y -= 5


def _next(sheet: _Sheet) -> None:
    """Go on to the next column or page."""
    if sheet.column + 1 < sheet.columns:
        sheet.column += 1
        sheet.y = TOP
        return
    _finish(sheet)
    sheet.canvas.showPage()
    sheet.page += 1
    sheet.column, sheet.y, sheet.floor = 0, TOP, BOTTOM


def _finish(sheet: _Sheet) -> None:
    """Set the head, the foot and the notes of a page."""
    canvas = sheet.canvas
    canvas.setFont(sheet.font, 9)
    canvas.drawString(MARGIN, HEIGHT - 50, sheet.head)
    canvas.drawCentredString(WIDTH / 2, 40, f"Side {sheet.page}")
    y = sheet.floor - 6
    for number, text in sheet.notes:
        canvas.setFont(sheet.font, 5)
        canvas.drawString(MARGIN, y + 3, str(number))
        canvas.setFont(sheet.font, 8)
        for line in _wrapped(text, sheet.font, 8, WIDTH - 2 * MARGIN - 8, None):
            canvas.drawString(MARGIN + 6, y, line)
            y -= 10
    sheet.notes = []


def _set(
    sheet: _Sheet,
    text: str,
    chance: random.Random,
    *,
    hang: float = 0,
    after: float = 8,
    note: tuple[int, str] | None = None,
    divide: bool,
) -> None:
    size, leading, width = 10.5, 13.0, _width(sheet)
    lines = _wrapped(text, sheet.font, size, width - hang, chance if divide else None)
    for number, line in enumerate(lines):
        if sheet.y < sheet.floor:
            _next(sheet)
        last = number == len(lines) - 1
        if note and last:
            room = 10 * len(_wrapped(note[1], sheet.font, 8, WIDTH - 2 * MARGIN - 8, None))
            if sheet.y - room - 10 < sheet.floor:
                _next(sheet)
            sheet.floor += room
            sheet.notes.append(note)
        x = _left(sheet) + (hang if number else 0)
        _line(sheet, line, x, size, None if last else width - (hang if number else 0))
        if note and last:
            sheet.canvas.setFont(sheet.font, 6)
            end = x + pdfmetrics.stringWidth(line, sheet.font, size)
            sheet.canvas.drawString(end, sheet.y + 4, str(note[0]))
        sheet.y -= leading
    sheet.y -= after


def _line(sheet: _Sheet, line: str, x: float, size: float, width: float | None) -> None:
    """Draw a line, justified to ``width`` if one is given."""
    drawn = sheet.canvas.beginText(x, sheet.y)
    drawn.setFont(sheet.font, size)
    spare = (width or 0) - pdfmetrics.stringWidth(line, sheet.font, size)
    if width and " " in line and 0 < spare < 0.2 * width:
        words = line.split(" ")
        gap = spare / (len(words) - 1) + pdfmetrics.stringWidth(" ", sheet.font, size)
        for word in words:  # as word processors place justified words, one by one, each with its space
            drawn.setTextOrigin(x, sheet.y)
            drawn.textOut(word if word is words[-1] else f"{word} ")
            x += pdfmetrics.stringWidth(word, sheet.font, size) + gap
    else:
        drawn.textOut(line)
    sheet.canvas.drawText(drawn)


def _wrapped(text: str, font: str, size: float, width: float, chance: random.Random | None) -> list[str]:
    """Return the lines that ``text`` takes; words of seven letters or more may be divided."""
    lines, line = [], ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if pdfmetrics.stringWidth(longer, font, size) <= width:
            line = longer
            continue
        part = _part(word, line, font, size, width) if chance and chance.random() < 0.6 else 0
        if part:
            lines.append(f"{line} {word[:part]}-")
            line = word[part:]
        else:
            lines.append(line)
            line = word
    return [*lines, line]


def _part(word: str, line: str, font: str, size: float, width: float) -> int:
    """Return how many letters of ``word`` fit on ``line`` with a hyphen, leaving three and dividing after a vowel."""
    if len(word) < 7 or not word.isalpha():
        return 0
    for part in range(len(word) - 3, 2, -1):
        fits = pdfmetrics.stringWidth(f"{line} {word[:part]}-", font, size) <= width
        if fits and word[part - 1] in "aeiouyæøå" and word[part] not in "aeiouyæøå":
            return part
    return 0


def size(body: bytes) -> int:
    """Return the size of a file: the least that a reader can do."""
    return len(body)
