"""Data cards: figures, and the pages rendered from a release's one record."""

from datacards.dynaword import DYNAWORD_COLUMNS, card_faults, sample_of
from datacards.hub_schema import CardError
from datacards.outgoing import configs_of, what_follows
from datacards.pictures import source_pictures
from datacards.render import REASONS, render_views, source_card
from datacards.statistics import statistics, total

__all__ = [
    "DYNAWORD_COLUMNS",
    "REASONS",
    "CardError",
    "card_faults",
    "configs_of",
    "render_views",
    "sample_of",
    "source_card",
    "source_pictures",
    "statistics",
    "total",
    "what_follows",
]
