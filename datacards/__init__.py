"""Data cards: figures, and the pages rendered from a release's one record."""

from datacards.dynaword import sample_of
from datacards.hub_schema import CardError
from datacards.outgoing import configs_of, what_follows
from datacards.render import REASONS, render_views
from datacards.statistics import statistics, total

__all__ = [
    "REASONS",
    "CardError",
    "configs_of",
    "render_views",
    "sample_of",
    "statistics",
    "total",
    "what_follows",
]
