"""Figures over all published rows of a source; from columns, never from memory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_QUANTILES = (0, 5, 25, 50, 75, 95, 100)
_SHARES = ("duplicate_lines", "symbols", "digits", "lexicon", "ocr_confidence")


def statistics(rows: pa.Table) -> dict[str, Any]:
    """Return the figures of some published rows.

    Args:
        rows: the columns ``token_count``, ``characters``, ``text_bytes``, ``quality``, ``repairs``, ``redactions``,
            ``duplicates``, ``language``, ``document_type``, ``created`` and ``license``; no text.
    """
    words = pc.struct_field(rows.column("quality"), "words")
    return {
        "documents": rows.num_rows,
        "characters": _sum(rows.column("characters")),
        "words": _sum(words),
        "tokens": _sum(rows.column("token_count")),
        "bytes": _sum(rows.column("text_bytes")),
        "tokens_per_document": _quantiles(rows.column("token_count")),
        "lengths": _lengths(rows.column("token_count")),
        "quality": {name: _shares(pc.struct_field(rows.column("quality"), name)) for name in _SHARES},
        "languages": _counts(rows.column("language")),
        "document_types": _counts(rows.column("document_type")),
        "licenses": _counts(rows.column("license")),
        "decades": _decades(rows.column("created")),
        "repairs": _struct_sums(rows.column("repairs")),
        "redactions": _struct_sums(rows.column("redactions")),
        "duplicates": _sum(rows.column("duplicates")),
    }


def total(parts: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Return the sums over the figures of several sources."""
    names = ("documents", "characters", "words", "tokens", "bytes")
    found = list(parts)
    return {name: sum(part[name] for part in found) for name in names}


def _sum(column: pa.ChunkedArray) -> int:
    return int(pc.sum(column).as_py() or 0)


def _quantiles(column: pa.ChunkedArray) -> dict[str, int]:
    """Return quantiles by the nearest rank: always a value that occurs."""
    if not len(column):
        return {}
    values = np.sort(np.asarray(column))
    last = len(values) - 1
    return {f"p{q}": int(values[round(q / 100 * last)]) for q in _QUANTILES}


def _lengths(column: pa.ChunkedArray) -> dict[str, int]:
    """Count documents by length: under each power of two, those from it to below its double; of none, under 1."""
    powers = np.frexp(np.maximum(np.asarray(column), 1).astype(np.float64))[1] - 1
    return {str(1 << power): int(count) for power, count in enumerate(np.bincount(powers)) if count}


def _shares(column: pa.ChunkedArray) -> dict[str, float | int]:
    """Return quantiles of a share by the nearest rank, and how many documents have none."""
    known = np.sort(np.asarray(column.drop_null()))
    last = len(known) - 1
    found = {f"p{q}": round(float(known[round(q / 100 * last)]), 4) for q in _QUANTILES} if len(known) else {}
    return {**found, "unknown": len(column) - len(known)}


def _counts(column: pa.ChunkedArray) -> dict[str, int]:
    counts = {row["values"]: row["counts"] for row in pc.value_counts(column).to_pylist()}
    named = {("unknown" if value is None else value): 0 for value in counts}
    for value, count in counts.items():
        named["unknown" if value is None else value] += count
    return dict(sorted(named.items(), key=lambda item: (-item[1], item[0])))


def _decades(created: pa.ChunkedArray) -> dict[str, int]:
    """Count documents by the decade their range begins in; those without a date are ``unknown``."""
    decades = pc.utf8_slice_codeunits(pc.if_else(pc.equal(created, ""), None, created), 0, 3)
    counts = _counts(decades)
    return {name if name == "unknown" else f"{name}0": counts[name] for name in sorted(counts)}


def _struct_sums(column: pa.ChunkedArray) -> dict[str, int]:
    return {field.name: _sum(pc.struct_field(column, field.name)) for field in column.type}
