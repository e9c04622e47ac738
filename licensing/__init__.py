"""Licensing: licences, legal bases, evidence, decisions, and the register that holds them. Never fetches."""

from licensing.decisions import (
    PUBLISHABLE,
    STATUSES,
    Decision,
    Proposal,
    check_proposal,
    decide,
    decisions,
    standing,
)
from licensing.evidence import Evidence, capture
from licensing.licences import CLASSES, LEGAL_BASES, Licence, clarity, find_licence, licence_table
from licensing.register import GENESIS, Entry, Register, read_chain
from licensing.scope import Scope, parse_scope

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
    "Scope",
    "capture",
    "check_proposal",
    "clarity",
    "decide",
    "decisions",
    "find_licence",
    "licence_table",
    "parse_scope",
    "read_chain",
    "standing",
]
