"""Evidence: the dated, hashed copy of what states a right, and the passage relied on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree, html

from frisat import clock
from frisat.errors import UsageError
from frisat.files import sha256
from licensing.register import Register

_MAX_BYTES = 50_000_000
_SPACE = re.compile(r"\s+")
_NO_STATEMENT = "//script|//style|//template|//noscript|//nav|//menu"
_WITHIN_A_LINE = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
     "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr")
)  # fmt: skip
"""Elements that a browser writes without a space or a new line around them."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A captured statement: the hashes of its bytes and of its text, and the quote with its place in the text."""

    raw_sha256: str
    text_sha256: str
    quote: str
    quote_start: int
    name: str
    source: str
    retrieved_at: str

    def body(self) -> dict[str, Any]:
        """Return the record for the register. Its id is made of the hashes, so that equal evidence is one."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {"evidence_id": self.evidence_id(), **fields}

    def evidence_id(self) -> str:
        """Return the id: the same bytes and quote for the same source give the same."""
        return "e-" + sha256("\n".join([self.source, self.raw_sha256, self.quote]))[:16]


def plain_text(content: bytes) -> str:
    """Return the text of evidence for quoting: tags, scripts and menus removed from HTML, white space folded."""
    text = content.decode("utf-8", "replace")
    if re.search(r"<(?:!doctype\s+html|html|body|p|div)\b", text[:5000], re.IGNORECASE):
        try:
            tree = html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8", no_network=True))
        except etree.ParserError:
            return ""
        for element in tree.xpath(_NO_STATEMENT):
            element.drop_tree()
        for element in tree.iter(etree.Element):
            if element.tag not in _WITHIN_A_LINE:
                element.text, element.tail = f" {element.text or ''}", f" {element.tail or ''}"
        text = "".join(tree.itertext(etree.Element))
    return _SPACE.sub(" ", text).strip()


def capture(register: Register, source: str, path: Path, quote: str) -> Evidence:
    """Store the file at ``path`` as evidence for ``source`` and find ``quote`` in it.

    Raises:
        UsageError: the file cannot be read, is too large, or the quote does not stand in it.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"evidence {path} cannot be read: {error.strerror}") from error
    if len(content) > _MAX_BYTES:
        raise UsageError(
            f"evidence {path} is larger than {_MAX_BYTES:,} bytes; give the page or file that states the right"
        )
    text = plain_text(content)
    wanted = _SPACE.sub(" ", quote).strip()
    start = text.find(wanted) if wanted else -1
    if start < 0:
        raise UsageError(
            f"the quote does not stand in {path}: {wanted[:80]!r}. Copy the passage you rely on, word for word"
        )
    return Evidence(
        raw_sha256=register.keep_bytes(content),
        text_sha256=sha256(text),
        quote=wanted,
        quote_start=start,
        name=path.name,
        source=source,
        retrieved_at=clock.now().isoformat(timespec="milliseconds"),
    )
