"""The Arrow schemas of everything frisat writes as Parquet."""

import pyarrow as pa

_TIME = pa.timestamp("ms", tz="UTC")


def _field(name: str, kind: pa.DataType, *, nullable: bool = False) -> pa.Field:
    return pa.field(name, kind, nullable=nullable)


QUALITY = pa.struct(
    [
        pa.field("words", pa.int32()),
        pa.field("duplicate_lines", pa.float32()),
        pa.field("symbols", pa.float32()),
        pa.field("digits", pa.float32()),
        pa.field("lexicon", pa.float32()),
        pa.field("ocr_confidence", pa.float32()),
    ]
)
REPAIRS = pa.struct([pa.field(name, pa.int32()) for name in ("encoding", "whitespace", "hyphens")])
REDACTIONS = pa.struct([pa.field(name, pa.int32()) for name in ("cpr", "email", "telefon", "iban", "konto")])
REDACTED = pa.list_(
    pa.struct(
        [
            pa.field("start", pa.int32()),
            pa.field("end", pa.int32()),
            pa.field("kind", pa.string()),
            pa.field("rule", pa.string()),
            pa.field("sure", pa.bool_()),
        ]
    )
)

RECORDS = pa.schema(
    [
        _field("key", pa.string()),
        _field("sha256", pa.string()),
        _field("size", pa.int64()),
        _field("retrieved_at", _TIME),
        _field("harvest", pa.int32()),
        _field("delivery", pa.string(), nullable=True),
        _field("url", pa.string(), nullable=True),
        _field("final_url", pa.string(), nullable=True),
        _field("status", pa.int32(), nullable=True),
        _field("headers", pa.string(), nullable=True),
        _field("signals", pa.string(), nullable=True),
        _field("context", pa.string(), nullable=True),
        _field("described", pa.string(), nullable=True),
        _field("failure", pa.string(), nullable=True),
        _field("blob", pa.string(), nullable=True),
        _field("body", pa.binary(), nullable=True),
    ]
)
"""Records as they came. ``body`` is null where ``blob`` names a file, or ``failure`` says why there is none.
``headers``, ``signals`` (robots.txt and reservations of rights at retrieval) and ``context`` (what the publisher's
listing says of the record) are JSON objects; ``described`` is the SHA-256 of ``context``."""

VISITED = pa.schema(
    [
        _field("key", pa.string()),
        _field("version", pa.string(), nullable=True),
        _field("etag", pa.string(), nullable=True),
        _field("modified", pa.string(), nullable=True),
        _field("checked_at", _TIME),
        _field("wanted", pa.string(), nullable=True),
        _field("standing", pa.bool_()),
    ]
)
"""What a publisher said of its records when last asked. ``wanted`` is set where a record could not be had: what to ask
for again, as JSON; ``standing`` where asking again soon is of no use."""

_DESCRIBED = [
    _field("title", pa.string(), nullable=True),
    _field("created", pa.string(), nullable=True),
    _field("url", pa.string(), nullable=True),
    _field("document_type", pa.string(), nullable=True),
    _field("parent_id", pa.string(), nullable=True),
    _field("author", pa.string(), nullable=True),
    _field("details", pa.string(), nullable=True),
]

DOCUMENTS = pa.schema(
    [
        _field("id", pa.string()),
        _field("text", pa.string()),
        _field("source", pa.string()),
        *_DESCRIBED,
        _field("content", pa.string()),
        _field("record_key", pa.string()),
        _field("record_sha256", pa.string()),
        _field("retrieved_at", _TIME),
        _field("harvest", pa.int32()),
        _field("delivery", pa.string(), nullable=True),
        _field("reason", pa.string(), nullable=True),
        _field("detail", pa.string(), nullable=True),
    ]
)
"""Documents as extracted. ``content`` is the SHA-256 of text and description; ``reason`` is set where a record
(or a row of one) gave no document: then ``text`` is empty and ``detail`` says why."""

REFINED = pa.schema(
    [
        *DOCUMENTS,
        _field("token_count", pa.int64()),
        _field("text_bytes", pa.int64()),
        _field("characters", pa.int64()),
        _field("text_sha256", pa.string()),
        _field("language", pa.string(), nullable=True),
        _field("language_score", pa.float32(), nullable=True),
        _field("quality", QUALITY),
        _field("repairs", REPAIRS),
        _field("redactions", REDACTIONS),
        _field("redacted", REDACTED),
        _field("exact", pa.binary(16)),
        _field("notes", pa.list_(pa.string())),
    ]
)
"""Documents with text repaired and redacted. ``redacted`` is the log of what was replaced: kind, rule, and place in
the repaired text, never the value; ``exact`` is a hash of the normalised text (see cleaning); ``notes`` are reasons
against publishing, such as ``language:sv``."""

LINKS = pa.schema(
    [
        _field("cluster", pa.string()),
        _field("kind", pa.string()),
        _field("score", pa.float32()),
        _field("source", pa.string()),
        _field("id", pa.string()),
        _field("text_sha256", pa.string()),
        _field("exact", pa.binary(16)),
        _field("form", pa.binary(16)),
    ]
)
"""Documents verified to be copies: those of one ``cluster`` are copies of each other, directly or over others.
``score`` is the highest similarity verified to any of them; documents of one ``exact`` hash, or one ``form``, are
alike in full."""

PUBLISHED = pa.schema(
    [
        pa.field("id", pa.string()),
        pa.field("text", pa.string()),
        pa.field("source", pa.string()),
        pa.field("added", pa.string()),
        pa.field("created", pa.string()),
        pa.field("token_count", pa.int64()),
        pa.field("title", pa.string()),
        pa.field("url", pa.string()),
        pa.field("document_type", pa.string()),
        pa.field("parent_id", pa.string()),
        pa.field("author", pa.string()),
        pa.field("details", pa.string()),
        pa.field("license", pa.string()),
        pa.field("legal_basis", pa.string()),
        pa.field("decision_id", pa.string()),
        pa.field("attribution", pa.string()),
        pa.field("retrieved_at", _TIME),
        pa.field("language", pa.string()),
        pa.field("language_score", pa.float32()),
        pa.field("quality", QUALITY),
        pa.field("repairs", REPAIRS),
        pa.field("redactions", REDACTIONS),
        pa.field("duplicates", pa.int32()),
        pa.field("text_sha256", pa.string()),
    ]
)
"""A published row. The first six columns are those of Danish Dynaword."""

EXCLUDED = pa.schema(
    [
        pa.field("id", pa.string()),
        pa.field("source", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("detail", pa.string()),
        pa.field("duplicate_of", pa.string()),
    ]
)
"""A document or record that is not published; never any text of it."""
