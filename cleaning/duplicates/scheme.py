"""What a signature is made by, and the header that says so in every file that holds signatures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from cleaning.duplicates.tokens import NORMALISER
from frisat.errors import FrisatError
from frisat.files import canonical_json, sha256
from frisat.parquet import read_metadata

SCHEME = "frisat-sketch-1"
"""The formula of ``signature``; another formula is another scheme, and signatures of two schemes are never compared."""
HEADER = "frisat.signatures"


class OtherMakeError(FrisatError):
    """Signatures that were made by another formula, or with other settings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """The settings of a signature.

    Two texts whose sets of n-grams have the Jaccard similarity ``s`` meet in at least one band with a probability of
    ``1 - (1 - s**rows)**bands``: 99.1 % at 0.8 and 99.96 % at 0.85 with 20 bands of 7 rows.
    """

    scheme: str = SCHEME
    normaliser: str = NORMALISER
    ngram: int = 5
    bands: int = 20
    rows: int = 7
    seed: int = 1

    @property
    def size(self) -> int:
        """The number of values in a signature."""
        return self.bands * self.rows

    def fingerprint(self) -> str:
        """Return a hash of all of it, for the names of files."""
        return sha256(canonical_json(asdict(self)))[:12]

    def header(self) -> dict[str, str]:
        """Return what a file of signatures says of itself in its footer."""
        return {HEADER: canonical_json(asdict(self))}

    def check(self, header: Mapping[str, str], where: Path | str) -> None:
        """Refuse signatures that cannot be compared with those of this scheme.

        Raises:
            OtherMakeError: ``where`` has no header, or was made otherwise.
        """
        found = header.get(HEADER)
        if found != self.header()[HEADER]:
            raise OtherMakeError(
                f"{where} holds signatures of another make ({found or 'no header'}), which cannot be compared with "
                f"{self.header()[HEADER]}: make them anew from the texts"
            )

    def check_file(self, path: Path | str) -> None:
        """Refuse the file at ``path`` unless its signatures can be compared with those of this scheme.

        Raises:
            OtherMakeError: it was made otherwise.
            WorkspaceError: it is missing, cut short or no Parquet.
        """
        self.check(read_metadata(Path(path)), path)
