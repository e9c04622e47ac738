"""Charts as SVG: bars and words, the same bytes everywhere, readable on light and on dark, without fonts of ours."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH: Final = 800
_LEFT: Final = 230
_RIGHT: Final = 190
_ROW: Final = 30
_TOP: Final = 46
_HIDES: Final = 50
"""A column this many times as high as another hides it."""
_DIGIT: Final = 8
"""The width of a digit in small type, with room to spare."""
_LABEL: Final = 30
"""Characters of a label that fit; a longer one is cut, and whole in its tooltip."""

COLOURS: Final = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c8c00", "#777777")
"""Okabe and Ito's colours, told apart by the colour-blind; none is lost on white or on black."""

_STYLE: Final = (
    "text{font-family:system-ui,'Segoe UI',Helvetica,Arial,sans-serif;font-size:14px;fill:#24292f}"
    ".t{font-size:17px;font-weight:600}.s{fill:#57606a;font-size:13px}.g{stroke:#d0d7de}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.s{fill:#9aa4ae}.g{stroke:#3d444d}}"
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart: its label, the values that stand in line, and what is written behind them."""

    label: str
    values: tuple[float, ...]
    note: str


def bars(title: str, rows: Sequence[Bar], legend: Sequence[str] = ()) -> str:
    """Return a chart of horizontal bars; with a ``legend``, of several values in line, in the order of the colours.

    The legend names only what occurs; what does not keeps its colour for other pictures.
    """
    occurs = [number for number in range(len(legend)) if any(sum(row.values[number : number + 1]) > 0 for row in rows)]
    top = _TOP + (26 * -(-len(occurs) // 4) if occurs else 0)
    most = max((sum(row.values) for row in rows), default=0) or 1
    parts = [*_legend([(legend[number], COLOURS[number % len(COLOURS)]) for number in occurs])]
    for number, row in enumerate(rows):
        y = top + number * _ROW
        x = float(_LEFT)
        parts.append(_text(_LEFT - 10, y + 19, row.label, anchor="end"))
        for value, colour in zip(row.values, _cycle(len(row.values)), strict=True):
            wide = value / most * (WIDTH - _LEFT - _RIGHT)
            if value > 0:
                parts.append(_box(x, y + 4, max(wide, 1.0), _ROW - 8, colour))
            x += wide
        parts.append(_text(x + 8, y + 19, row.note, kind="s"))
    return _page(title, top + len(rows) * _ROW + 12, parts)


def columns(title: str, rows: Sequence[tuple[str, float]], *, uneven: bool = False) -> str:
    """Return a chart of upright columns, for what has an order: decades, lengths.

    If the rows are ``uneven`` by nature, and the highest would hide the lowest, heights are by the logarithm, and the
    title says so.
    """
    high, left, right = 220, 20, 20
    values = [value for _, value in rows if value > 0]
    by_logarithm = uneven and bool(values) and max(values) > _HIDES * min(values)
    scaled = [math.log10(value + 1) if by_logarithm else value for _, value in rows]
    most = max(scaled, default=0) or 1
    title += ", on a logarithmic scale" if by_logarithm else ""
    step = min((WIDTH - left - right) / max(len(rows), 1), 90.0)
    every = max(1, -(-len(rows) * 46 // (WIDTH - left - right)))
    parts = [f'<line class="g" x1="{left}" y1="{_TOP + high}" x2="{WIDTH - right}" y2="{_TOP + high}"/>']
    peak = max(range(len(rows)), key=lambda n: rows[n][1], default=0)
    for number, ((label, value), height) in enumerate(zip(rows, scaled, strict=True)):
        tall = height / most * (high - 24)
        x = left + number * step
        if value > 0:
            parts.append(_box(x + step * 0.1, _TOP + high - max(tall, 1.0), step * 0.8, max(tall, 1.0), COLOURS[0]))
        if number % every == 0:
            parts.append(_text(x + step / 2, _TOP + high + 18, label, kind="s", anchor="middle"))
        told = f"{value:,.0f}"
        if value > 0 and (number == peak or (every == 1 and len(told) * _DIGIT < step)):
            at, edge = x + step / 2, "middle"
            if number == peak and not 60 < at < WIDTH - 60:  # a large number would leave the picture
                at, edge = (x, "start") if x < WIDTH / 2 else (x + step, "end")
            parts.append(_text(at, _TOP + high - tall - 8, told, kind="s", anchor=edge))
    return _page(title, _TOP + high + 34, parts)


def grid(title: str, names: Sequence[str], values: Sequence[Sequence[int]]) -> str:
    """Return a square of numbers, the darker the larger: ``values[row][column]`` between ``names``."""
    size = len(names)
    cell = min(110.0, (WIDTH - _LEFT - 20) / max(size, 1))
    most = max((value for row in values for value in row), default=0) or 1
    parts = []
    for row in range(size):
        y = _TOP + 30 + row * 34
        parts.append(_text(_LEFT - 10, y + 22, names[row], anchor="end"))
        parts.append(_text(_LEFT + row * cell + cell / 2, _TOP + 18, str(row + 1), kind="s", anchor="middle"))
        parts.append(_text(_LEFT - 215, y + 22, str(row + 1), kind="s"))
        for column in range(size):
            share = values[row][column] / most
            x = _LEFT + column * cell
            parts.append(_box(x + 1, y + 1, cell - 2, 32, COLOURS[0], opacity=0.08 + 0.6 * share))
            if values[row][column]:
                parts.append(_text(x + cell / 2, y + 22, f"{values[row][column]:,}", anchor="middle"))
    return _page(title, _TOP + 42 + size * 34, parts)


def _cycle(count: int) -> Iterable[str]:
    return (COLOURS[number % len(COLOURS)] for number in range(count))


def _legend(legend: Sequence[tuple[str, str]]) -> Iterable[str]:
    for number, (name, colour) in enumerate(legend):
        x, y = 20 + number % 4 * 195, _TOP - 6 + number // 4 * 26
        yield _box(x, y, 13, 13, colour)
        yield _text(x + 19, y + 12, name, kind="s", most=22)


def _box(x: float, y: float, wide: float, tall: float, colour: str, *, opacity: float = 1.0) -> str:
    faint = f' fill-opacity="{opacity:.2f}"' if opacity < 1 else ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}" rx="2" fill="{colour}"{faint}/>'


def _text(x: float, y: float, text: str, *, kind: str = "", anchor: str = "", most: int = _LABEL) -> str:
    shown = text if len(text) <= most else f"{text[: most - 1]}…"
    hint = f"<title>{_safe(text)}</title>" if shown != text else ""
    named = (f' class="{kind}"' if kind else "") + (f' text-anchor="{anchor}"' if anchor else "")
    return f'<text x="{x:.1f}" y="{y:.1f}"{named}>{hint}{_safe(shown)}</text>'


def _safe(text: str) -> str:
    """Escape for XML; what XML cannot hold is left out."""
    return escape("".join(letter for letter in text if letter.isprintable()))


def _page(title: str, height: float, parts: Iterable[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" '
        f'height="{height:.0f}" role="img" aria-label="{_safe(title)}"><style>{_STYLE}</style>'
    )
    body = "\n".join([_text(20, 26, title, kind="t", most=200), *parts])
    return f"{head}\n{body}\n</svg>\n"
