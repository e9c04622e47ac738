"""Printed transcripts made up for tests: as PDF, as its text, and what was said in them.

The same numbers give the same bytes. The words are Danish; the sentences mean nothing, and nobody is called so.
"""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from benchmarks._made_pdf import sentence

SIZE = 11.0
MEASURE = 39.3 * SIZE
LEFT, TOP, LEADING, LINES = 80.0, 790.0, 14.0, 50
INDENT = 1.2 * SIZE
PADDING = 111
_MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
    "december",
)  # fmt: skip
_DAYS = ("Mandag", "Tirsdag", "Onsdag", "Torsdag", "Fredag", "Lørdag", "Søndag")
_CHAIR = "Bo Bosen"
_MINISTER = "Ib Ibsen"
_MEMBERS = (("Åse Ø. Æbelø-Sørensen", "BP"), ("Per Persen", "KP"), ("Dan Dansen", "UFG"), ("Eva von Evasen", "BP"))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of print; ``kind`` says how it is set: ``left``, ``indented``, ``middle``, ``margin``, and ``full``."""

    text: str
    kind: str = "left"


@dataclass(slots=True)
class MadeSitting:
    """A sitting: its file's name, its lines, and who said what, a paragraph an item."""

    name: str
    lines: list[Line] = field(default_factory=list)
    turns: list[tuple[str, str]] = field(default_factory=list)

    def text(self, *, glued: bool = True) -> str:
        """Return the print as text, with the stamps far to the right; ``glued``: without a line's end at a page's."""
        pages = [self.lines[at : at + LINES] for at in range(0, len(self.lines), LINES)]
        return ("" if glued else "\n").join("\n".join(map(_typed, page)) for page in pages) + "\n"

    def pdf(self, *, head: str = "") -> bytes:
        """Return the print as PDF: Times, full lines justified, the pages numbered at the foot; ``head`` over each."""
        sink = io.BytesIO()
        canvas = Canvas(sink, pagesize=(595, 842), invariant=1)
        for at in range(0, len(self.lines), LINES):
            canvas.setFont("Times-Roman", SIZE)
            for row, line in enumerate(self.lines[at : at + LINES]):
                _draw(canvas, line, TOP - row * LEADING)
            canvas.drawString(LEFT, TOP + 2 * LEADING, head)
            canvas.drawCentredString(LEFT + MEASURE / 2, 40, str(at // LINES + 1))
            canvas.showPage()
        canvas.save()
        return sink.getvalue()


def made_sitting(session: str, number: int, opened: datetime, *, seed: int = 0, turns: int = 12) -> MadeSitting:
    """Return a sitting with announcements, a debate of about ``turns`` turns, a vote, and question time."""
    name = f"{session}M{number:03d}_{opened:%Y-%m-%d_%H%M}.pdf"
    return _Writer(MadeSitting(name), opened, random.Random(f"{session} {number} {seed}")).write(number, turns)  # noqa: S311


class _Writer:
    def __init__(self, made: MadeSitting, opened: datetime, chance: random.Random) -> None:
        self.made, self.clock, self.chance = made, opened, chance

    def write(self, number: int, turns: int) -> MadeSitting:
        self._front(number)
        self._announcements()
        self._debate(turns)
        self._questions()
        self.say("Formanden", _CHAIR, ["Der er ikke mere at foretage i dette møde."], "Meddelelser fra formanden")
        self.put("Mødet er hævet. (Kl. 23:10).")
        return self.made

    def put(self, *texts: str, kind: str = "left") -> None:
        self.made.lines += [Line(text, kind) for text in texts]

    def running(self, text: str, *, indented: bool) -> None:
        """Set a paragraph."""
        line, room = "", MEASURE - INDENT * indented
        kind = "indented" if indented else "left"
        for word in text.split():
            longer = f"{line} {word}".strip()
            if stringWidth(longer, "Times-Roman", SIZE) > room:
                self.made.lines.append(Line(line, f"full {kind}"))
                line, kind, room = word, "left", MEASURE
            else:
                line = longer
        self.made.lines.append(Line(line, kind))

    def say(self, title: str, name: str, said: list[str], *heads: str) -> None:
        """Set a turn, behind its time."""
        self.clock += timedelta(seconds=self.chance.randrange(100))
        self.put(f"Kl. {self.clock:%H:%M}", kind="margin")
        self.put("")
        for head in heads:
            self.put(head, "") if not head.startswith("(") else self.put(head)
        self.put(f"{title} ({name}):" if title in ("Formanden", "Broministeren") else f"{name} ({title}):")
        for at, part in enumerate(said):
            self.running(part, indented=at > 0)
        self.made.turns.append((name, "\n\n".join(said)))

    def _front(self, number: int) -> None:
        day: date = self.clock.date()
        self.put(f"{number}. møde", kind="middle")
        when = f"{_DAYS[day.weekday()]} den {day.day}. {_MONTHS[day.month - 1]} {day.year} kl. {self.clock:%H.%M}"
        self.put(when, kind="middle")
        self.put("", "")
        self.put("Dagsorden", kind="middle")
        self.put("", *self._item(), "", "2) Besvarelse af oversendte spørgsmål til ministrene (spørgetid).", "", "")

    def _item(self) -> tuple[str, ...]:
        return (
            "1) 1. behandling af lovforslag nr. L 7:",
            "Forslag til lov om broer. (Flere broer).",
            "Af broministeren (Ib Ibsen).",
            "(Fremsættelse 01.11.2031).",
        )

    def _announcements(self) -> None:
        self.say("Formanden", _CHAIR, ["Mødet er åbnet."], "Meddelelser fra formanden")
        self.put("", "I dag er der følgende anmeldelse:", "", "Broministeren (Ib Ibsen):", "")
        self.put("Lovforslag nr. L 8 (Forslag til lov om svingbroer).", "")
        self.put("Titlen vil fremgå af tidenden.", "", "", "Det første punkt på dagsordenen er:", *self._item())
        name, said = self.made.turns[-1]
        both = f"{said}\n\nI dag er der følgende anmeldelse:\n\nTitlen vil fremgå af tidenden."
        self.made.turns[-1] = (name, both)

    def _debate(self, turns: int) -> None:
        self.say("Formanden", _CHAIR, ["Forhandlingen er åbnet."], "Forhandling")
        for at in range(turns):
            member, party = self.chance.choice(_MEMBERS)
            said = [self._paragraph() for _ in range(self.chance.randrange(1, 4))]
            if at % 3 == 0:
                self.say(party, member, said, "(Ordfører)")
            elif at % 3 == 1:
                self.say("Broministeren", _MINISTER, said)
            else:
                self.say(party, member, said)
            self.say("Formanden", _CHAIR, [self.chance.choice(["Ordføreren.", "Tak. Værsgo.", "Så er det spørgeren."])])
        self.say("Formanden", _CHAIR, ["Der stemmes.", "Forslaget er vedtaget."], "Afstemning")
        self.put("", "", "Det næste punkt på dagsordenen er:")
        self.put("2) Besvarelse af oversendte spørgsmål til ministrene (spørgetid).")

    def _questions(self) -> None:
        self.say("Formanden", _CHAIR, ["Vi går til spørgsmål nr. 1."])
        self.clock += timedelta(minutes=1)
        self.put(f"Kl. {self.clock:%H:%M}", kind="margin")
        self.put("", "Spm. nr. S 21", "1) Til broministeren af:", "Per Persen (KP):")
        self.running(self._paragraph(), indented=False)
        self.put("", "Formanden (Bo Bosen):", "Værsgo.")
        self.made.turns.append((_CHAIR, "Værsgo."))
        self.say("KP", "Per Persen", [self._paragraph()])
        self.say("Broministeren", _MINISTER, [self._paragraph()])

    def _paragraph(self) -> str:
        return " ".join(sentence(self.chance) for _ in range(self.chance.randrange(2, 6)))


def _typed(line: Line) -> str:
    if line.kind == "margin":
        return " " * PADDING + line.text
    if line.kind == "middle":
        return " " * 50 + line.text
    return f"   {line.text}" if line.kind.endswith("indented") else line.text


def _draw(canvas: Canvas, line: Line, y: float) -> None:
    if line.kind == "margin":
        canvas.drawRightString(LEFT + MEASURE, y, line.text)
    elif line.kind == "middle":
        canvas.drawCentredString(LEFT + MEASURE / 2, y, line.text)
    elif line.text:
        start = LEFT + INDENT * line.kind.endswith("indented")
        text = canvas.beginText(start, y)
        room, width = LEFT + MEASURE - start, stringWidth(line.text, "Times-Roman", SIZE)
        full = line.kind.startswith("full") and " " in line.text
        text.setWordSpace((room - width) / line.text.count(" ") if full else 0)
        text.setHorizScale(min(100.0, 100 * room / width))  # a line of real print that lost its end may be too long
        text.textOut(line.text)
        canvas.drawText(text)
