"""Cleaning: repair, language, personal data, quality, and the links between copies. Functions of text alone."""

from cleaning.links import LinkResult, link, links_path
from cleaning.personal_data import Redacted, redact
from cleaning.refine import RefineJob, RefineResult, refine_key, refine_part
from cleaning.words import TOKENIZER

__all__ = [
    "TOKENIZER",
    "LinkResult",
    "Redacted",
    "RefineJob",
    "RefineResult",
    "link",
    "links_path",
    "redact",
    "refine_key",
    "refine_part",
]
