"""What has changed between two captures of the same terms: by sentence, on cleaned text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_END = re.compile(r"(?<=[.!?;:])[\"”»)\]]*\s+(?=[\"“«(\[]?[A-ZÆØÅ0-9§])")
_NO_END = re.compile(
    r"(?:\b(?:[a-zæøå]|[A-ZÆØÅ]|\d{1,3}|stk|nr|jf|kap|pkt|litr|bl\.a|f\.eks|fx|ca|mv|m\.v|osv|evt|inkl|ekskl|kl|"
    r"s|ff|hhv|art|sec|no|e\.g|i\.e|etc|cf)\.|§)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """Sentences that are only in the earlier text, only in the later one, and whether the rest changed its order."""

    removed: tuple[str, ...]
    added: tuple[str, ...]
    reordered: bool

    def __bool__(self) -> bool:
        return bool(self.removed or self.added or self.reordered)

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {"removed": list(self.removed), "added": list(self.added), "reordered": self.reordered}


def sentences(text: str) -> list[str]:
    """Return the sentences of a cleaned text; a line's end is a sentence's end. Danish abbreviations end none."""
    found: list[str] = []
    for line in text.split("\n"):
        start = 0
        for match in _END.finditer(line):
            if not _NO_END.search(line, max(start, match.start() - 12), match.start()):
                found.append(line[start : match.end()].strip())
                start = match.end()
        found.append(line[start:].strip())
    return [sentence for sentence in found if sentence]


def difference(before: str, after: str) -> Difference:
    """Compare two cleaned texts (:func:`licensing.page_text.plain_text`). Takes time in proportion to both."""
    old, new = sentences(before), sentences(after)
    removed, added = _without(old, new), _without(new, old)
    kept_old, kept_new = _without(old, removed), _without(new, added)
    return Difference(tuple(removed), tuple(added), kept_old != kept_new)


def _without(these: Sequence[str], those: Sequence[str]) -> list[str]:
    """Return ``these`` less ``those``, each as often as it stands there, in order."""
    left = Counter(those)
    found = []
    for sentence in these:
        if left[sentence]:
            left[sentence] -= 1
        else:
            found.append(sentence)
    return found
