"""What each published column means, for cards and docs."""

MEANINGS = {
    "id": "unique over the release; the publisher's own, after the source's name",
    "text": "UTF-8, NFC, `\\n` line ends",
    "source": "the publisher's collection",
    "added": "date of the first release that held it, `YYYY-MM-DD`",
    "created": "when written: `YYYY-MM-DD, YYYY-MM-DD`, a range as exact as known; null rather than a placeholder",
    "token_count": "by the tokenizer named above",
    "title": "as the publisher gives it",
    "url": "as the publisher gives it",
    "document_type": "as the publisher gives it",
    "parent_id": "what it is a part of; a parent need not be a document",
    "author": "as the publisher gives it",
    "details": "a JSON object of facts of the source; its keys are on the source's card",
    "license": "an SPDX id or a `LicenseRef-` explained in LICENSE.md",
    "legal_basis": "why it may be published",
    "decision_id": "what cleared it; see below and `rights/register.jsonl`",
    "attribution": "the line the licence asks for",
    "retrieved_at": "first retrieval of this content",
    "language": "ISO 639-1",
    "language_score": "how sure, 0 to 1",
    "quality": "words, and shares of repeated lines, symbols, digits and words of the lexicon; null where not measured",
    "repairs": "places changed: encodings, white space, hyphens that divide words",
    "redactions": "what was replaced by placeholders",
    "duplicates": "other collected copies it stands for",
    "text_sha256": "of `text`",
}
"""In the order of the columns."""
