"""Data cards: figures, and the pages rendered from a release's one record."""

from datacards.outgoing import configs_of, what_follows
from datacards.render import REASONS, render_views
from datacards.statistics import statistics, total

__all__ = [
    "REASONS",
    "configs_of",
    "render_views",
    "statistics",
    "total",
    "what_follows",
]
