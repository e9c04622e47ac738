"""Parts and texts for tests of the search for copies."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from cleaning import RefineJob, Scheme, SignedPart, SignJob, refine_part, sign_key, sign_part
from cleaning.words import count
from frisat.files import sha256
from frisat.parquet import write_parquet
from frisat.schema import DOCUMENTS, REFINED
from tests.helpers import NOON, document

SYLLABLES = ("ba", "be", "bo", "da", "de", "fo", "ga", "gi", "ha", "ka", "ki", "la", "lø", "mæ", "no", "på", "ra", "så")


def prose(seed: int, words: int = 200) -> str:
    """Return an invented text of ``words`` words; other seeds give other texts."""
    chance = random.Random(seed)  # noqa: S311 - invented texts, not secrets
    return " ".join("".join(chance.choices(SYLLABLES, k=3)) for _ in range(words))


def changed(text: str, share: float, seed: int = 0) -> str:
    """Return ``text`` with a share of its words replaced."""
    chance = random.Random(seed)  # noqa: S311 - invented texts, not secrets
    words = text.split()
    for place in chance.sample(range(len(words)), round(len(words) * share)):
        words[place] = f"nyt{chance.randrange(10**6)}x"
    return " ".join(words)


def refined_rows(source: str, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return rows as refining gives them, without the time it takes."""
    rows = []
    for identity, text in texts.items():
        counts = count([text])
        words = int(counts.words[0])
        rows.append(
            {
                **dict.fromkeys(REFINED.names), **document("", text), "id": f"{source}/{identity}", "source": source,
                "token_count": words, "text_bytes": len(text.encode()), "characters": len(text),
                "text_sha256": sha256(text), "quality": {"words": words}, "exact": counts.exact[0], "notes": [],
                "retrieved_at": NOON, "repairs": {}, "redactions": {},
            }
        )  # fmt: skip
    for row in rows:
        for name in ("redacted",):
            if name in REFINED.names:
                row[name] = []
    return rows


def part(root: Path, source: str, name: str, texts: Mapping[str, str], scheme: Scheme | None = None) -> SignedPart:
    """Write a signed part of texts by id."""
    target = root / "refined" / source / f"{name}.parquet"
    write_parquet(target, [pa.Table.from_pylist(refined_rows(source, texts), schema=REFINED)], REFINED)
    return signed(root, source, target, scheme)


def refined_part(root: Path, source: str, name: str, rows: Sequence[Mapping[str, Any]]) -> SignedPart:
    """Refine rows (id, text and more) of one source as a part, and sign it."""
    target = root / "refined" / source / f"{name}.parquet"
    documents = [{**document("", ""), **row, "id": f"{source}/{row['id']}", "source": source} for row in rows]
    write_parquet(root / "in.parquet", [pa.Table.from_pylist(documents, schema=DOCUMENTS)], DOCUMENTS)
    refine_part(RefineJob(source, "da", root / "in.parquet", target))
    return signed(root, source, target)


def signed(root: Path, source: str, refined: Path, scheme: Scheme | None = None) -> SignedPart:
    """Sign a refined part."""
    made_by = scheme or Scheme()
    target = root / "signatures" / source / f"{sign_key(refined.stem, made_by)}.parquet"
    sign_part(SignJob(source, refined, target, made_by))
    return SignedPart(source, refined, target)
