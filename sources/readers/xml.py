"""Parsing XML that comes from strangers."""

from xml.parsers import expat

from lxml import etree

from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError

MAX_DEPTH = 256
"""Elements within elements; the deepest real file (a law) has 30."""

_BLANK = b"\xef\xbb\xbf \t\r\n\0"
_LIBXML_TEXT_LIMIT = 10_000_000
_BYTES_TO_A_DAMAGED_LETTER = 10_000
"""With more damage than this a text is not damaged UTF-8, but in another encoding: there every 30th letter is."""
_OPTIONS = {"resolve_entities": False, "no_network": True, "load_dtd": False, "remove_comments": True,
            "remove_pis": True, "collect_ids": False}  # fmt: skip


class _Enough(Exception):  # noqa: N818 - leaves the parser, is no error
    pass


def _refuse_doctype(body: bytes) -> None:
    """Refuse any document type declaration: without one there are no entities to expand or to fetch."""

    def doctype(name: str, *_: object) -> None:
        raise BrokenRecordError(f"declares a document type ({name[:40]!r}); entities are not accepted")

    def element(*_: object) -> None:
        raise _Enough

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = element
    try:
        parser.Parse(body[:65536], False)
    except (_Enough, expat.ExpatError):
        return
    except (LookupError, ValueError) as error:
        raise BrokenRecordError(f"declares an encoding that cannot be read: {error}") from error


def _check_depth(root: etree._Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise BrokenRecordError(f"nests elements more than {MAX_DEPTH} deep")


def parse_xml(body: bytes) -> etree._Element:
    """Return the root element of ``body``: no document type, no entities, no network, bounded depth.

    Raises:
        EmptyRecordError: nothing but white space.
        NotTextError: something that is no XML at all (a PDF, a ZIP, plain text).
        BrokenRecordError: not well-formed, cut short, in another encoding than it says, or hostile.
    """
    # Of the beginning first: stripping copies all that is left.
    start = (body[:4096].lstrip(_BLANK) or body.lstrip(_BLANK))[:4096]
    if not start or start in (b"\xff\xfe", b"\xfe\xff"):
        raise EmptyRecordError("holds no bytes but white space")
    if not start.startswith((b"<", b"\xff\xfe<", b"\xfe\xff\0<", b"\xfe\xff<")):
        raise NotTextError(f"does not begin as XML does, but with {start[:12]!r}")
    _refuse_doctype(body)
    huge = len(body) > _LIBXML_TEXT_LIMIT
    try:
        root = etree.fromstring(body, etree.XMLParser(huge_tree=huge, **_OPTIONS))
    except etree.XMLSyntaxError as error:
        raise BrokenRecordError(f"is not well-formed XML: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise BrokenRecordError("declares a document type; entities are not accepted")
    if huge:
        _check_depth(root)
    return root


def repair_xml(body: bytes) -> etree._Element:
    """Return the root of what can be read of ``body``, which :func:`parse_xml` has refused as not well-formed.

    The same limits hold. What follows the damage may be missing: whoever calls must count what there should be. A
    letter that is no UTF-8 becomes U+FFFD.

    Raises:
        BrokenRecordError: nothing can be read, the bytes are in another encoding than UTF-8 (guessing would garble
            letters), or hostile.
    """
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise BrokenRecordError("is not well-formed XML and declares entities; those are not accepted")
    text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd") - body.count(b"\xef\xbf\xbd")
    if damaged > 1 + len(body) // _BYTES_TO_A_DAMAGED_LETTER:
        raise BrokenRecordError(f"is not well-formed XML, and not UTF-8 in {damaged:,} places either")
    body = text.encode()
    huge = len(body) > _LIBXML_TEXT_LIMIT
    try:
        root = etree.fromstring(body, etree.XMLParser(recover=True, huge_tree=huge, **_OPTIONS))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BrokenRecordError(f"is not well-formed XML, and nothing of it can be read: {error}") from error
    if root is None:
        raise BrokenRecordError("is not well-formed XML, and nothing of it can be read")
    if root.getroottree().docinfo.internalDTD is not None:
        raise BrokenRecordError("declares a document type; entities are not accepted")
    _check_depth(root)
    return root
