"""Sources: how each is collected and read, and the archive. The only part that touches the world."""

from sources.archive import Archive, Collected
from sources.extract import ExtractJob, ExtractResult, extract_key, extract_part, remove_stale
from sources.harvest import collect, harvest_delivery
from sources.source import Source, all_sources, built_in_sources, delivered_source, find_source, unknown_source

__all__ = [
    "Archive",
    "Collected",
    "ExtractJob",
    "ExtractResult",
    "Source",
    "all_sources",
    "built_in_sources",
    "collect",
    "delivered_source",
    "extract_key",
    "extract_part",
    "find_source",
    "harvest_delivery",
    "remove_stale",
    "unknown_source",
]
