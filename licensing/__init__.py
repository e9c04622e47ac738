"""Licensing: licences, legal bases, evidence, decisions and the register that holds them. Takes bytes, never fetches."""

from licensing.decisions import (
    PUBLISHABLE,
    STATUSES,
    Decision,
    Proposal,
    decide,
    decisions,
    standing,
)
from licensing.evidence import Evidence, capture
from licensing.licences import CLASSES, LEGAL_BASES, Licence, clarity, find_licence, licence_table
from licensing.register import GENESIS, Entry, Register, read_chain

__all__ = [
    "CLASSES",
    "GENESIS",
    "LEGAL_BASES",
    "PUBLISHABLE",
    "STATUSES",
    "Decision",
    "Entry",
    "Evidence",
    "Licence",
    "Proposal",
    "Register",
    "capture",
    "clarity",
    "decide",
    "decisions",
    "find_licence",
    "licence_table",
    "read_chain",
    "standing",
]
