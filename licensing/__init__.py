"""Licensing: licences, legal bases, evidence, decisions, and the register that holds them. Never fetches."""

from licensing.agreements import GRANTS, Agreement, agreement_faults, read_agreement
from licensing.capturing import Capture, capture, captured_text, check_capture, file_capture
from licensing.compatibility import Fit, conflicts_within, fits
from licensing.decision_rules import Case, decision_findings
from licensing.decisions import PERMITS, PUBLISHABLE, STATUSES, Decision, decision_of, decisions, standing
from licensing.detection import Detected, Proposed, detect, propose
from licensing.difference import Difference, difference, sentences
from licensing.document_rules import PRIVATE, access_open, document_breaks
from licensing.events import TRIGGERS, Event, event_of, record_event
from licensing.evidence import (
    KINDS,
    SCOPES,
    Evidence,
    evidence_bytes,
    evidence_faults,
    evidence_text,
    statement_text,
)
from licensing.expressions import Expression, parse_expression
from licensing.findings import Conflict, Reservation, Statement, conflicts
from licensing.hub import hub_fields, hub_id
from licensing.licences import CLASSES, LEGAL_BASES, Licence, clarity, find_licence, licence_table
from licensing.page_text import plain_text
from licensing.properties import Properties, properties
from licensing.proposals import Proposal, check_proposal, decide, review_due
from licensing.quotes import find_quote
from licensing.readings import FLAG, record_reading
from licensing.recognise import recognise
from licensing.recognised import Recognised
from licensing.register import GENESIS, Entry, Register, read_chain
from licensing.reservations import reservations_in_signals, reservations_in_text
from licensing.rules import WEIGHABLE, Finding, Rule, rules
from licensing.ruling import Ruling, Verdict, withheld_by
from licensing.scope import Scope, parse_scope

__all__ = [
    "CLASSES",
    "FLAG",
    "GENESIS",
    "GRANTS",
    "KINDS",
    "LEGAL_BASES",
    "PERMITS",
    "PRIVATE",
    "PUBLISHABLE",
    "SCOPES",
    "STATUSES",
    "TRIGGERS",
    "WEIGHABLE",
    "Agreement",
    "Capture",
    "Case",
    "Conflict",
    "Decision",
    "Detected",
    "Difference",
    "Entry",
    "Event",
    "Evidence",
    "Expression",
    "Finding",
    "Fit",
    "Licence",
    "Properties",
    "Proposal",
    "Proposed",
    "Recognised",
    "Register",
    "Reservation",
    "Rule",
    "Ruling",
    "Scope",
    "Statement",
    "Verdict",
    "access_open",
    "agreement_faults",
    "capture",
    "captured_text",
    "check_capture",
    "check_proposal",
    "clarity",
    "conflicts",
    "conflicts_within",
    "decide",
    "decision_findings",
    "decision_of",
    "decisions",
    "detect",
    "difference",
    "document_breaks",
    "event_of",
    "evidence_bytes",
    "evidence_faults",
    "evidence_text",
    "file_capture",
    "find_licence",
    "find_quote",
    "fits",
    "hub_fields",
    "hub_id",
    "licence_table",
    "parse_expression",
    "parse_scope",
    "plain_text",
    "properties",
    "propose",
    "read_agreement",
    "read_chain",
    "recognise",
    "record_event",
    "record_reading",
    "reservations_in_signals",
    "reservations_in_text",
    "review_due",
    "rules",
    "sentences",
    "standing",
    "statement_text",
    "withheld_by",
]
