"""Sources: how each is collected and read, and the archive. The only part that touches the world."""

from sources.archive import Archive
from sources.client.fetching import FetchError
from sources.erasing import KEPT, erase_records
from sources.extract import ExtractJob, ExtractResult, extract_key, extract_part, remove_stale
from sources.harvest import harvest_delivery, inbox
from sources.intake import Collected, HarvestError
from sources.lookup import look_up, pdf_text
from sources.network import harvest_network
from sources.prune import Prunable, prunable, prune_archive
from sources.settings import contact
from sources.source import Source, all_sources, built_in_sources, delivered_source, find_source, unknown_source

__all__ = [
    "KEPT",
    "Archive",
    "Collected",
    "ExtractJob",
    "ExtractResult",
    "FetchError",
    "HarvestError",
    "Prunable",
    "Source",
    "all_sources",
    "built_in_sources",
    "contact",
    "delivered_source",
    "erase_records",
    "extract_key",
    "extract_part",
    "find_source",
    "harvest_delivery",
    "harvest_network",
    "inbox",
    "look_up",
    "pdf_text",
    "prunable",
    "prune_archive",
    "remove_stale",
    "unknown_source",
]
