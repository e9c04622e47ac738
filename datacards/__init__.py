"""Data cards: figures, and the pages rendered from a release's one record."""

from datacards.render import REASONS, render_views
from datacards.statistics import statistics, total

__all__ = ["REASONS", "render_views", "statistics", "total"]
