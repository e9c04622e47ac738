"""Cleaning: repair, language, personal data, quality, and the links between copies. Functions of text alone."""

from cleaning.duplicates.against import find_copies, sign_texts
from cleaning.duplicates.families import NAMED_BY, RELATIONS, Version, families, has_families
from cleaning.duplicates.judge import NEAR, VERDICTS
from cleaning.duplicates.nodes import SignedPart
from cleaning.duplicates.scheme import OtherMakeError, Scheme
from cleaning.duplicates.signing import MIN_WORDS, SignJob, SignResult, sign_key, sign_part
from cleaning.duplicates.withheld import (
    CatchJob,
    Returned,
    Withheld,
    catch_part,
    read_withheld,
    withhold,
    workspace_key,
    write_withheld,
)
from cleaning.links import LinkResult, link, links_path, read_pairs_of
from cleaning.personal_data import Redacted, redact
from cleaning.refine import RefineJob, RefineResult, refine_key, refine_part
from cleaning.stages import measured
from cleaning.words import TOKENIZER

__all__ = [
    "MIN_WORDS",
    "NAMED_BY",
    "NEAR",
    "RELATIONS",
    "TOKENIZER",
    "VERDICTS",
    "CatchJob",
    "LinkResult",
    "OtherMakeError",
    "Redacted",
    "RefineJob",
    "RefineResult",
    "Returned",
    "Scheme",
    "SignJob",
    "SignResult",
    "SignedPart",
    "Version",
    "Withheld",
    "catch_part",
    "families",
    "find_copies",
    "has_families",
    "link",
    "links_path",
    "measured",
    "read_pairs_of",
    "read_withheld",
    "redact",
    "refine_key",
    "refine_part",
    "sign_key",
    "sign_part",
    "sign_texts",
    "withhold",
    "workspace_key",
    "write_withheld",
]
