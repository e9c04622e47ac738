"""Elements of WordprocessingML by their local names: its two schemas differ in namespaces only."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element


def local(node: Element) -> str:
    """Return the name of an element without its namespace; nothing for a comment or an instruction."""
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(node: Element | None, name: str) -> str | None:
    """Return an attribute by its local name."""
    if node is None:
        return None
    return next((str(value) for key, value in node.attrib.items() if str(key).rpartition("}")[2] == name), None)


def children(node: Element | None, name: str) -> Iterator[Element]:
    """Yield the children of one name."""
    return (inner for inner in (node if node is not None else ()) if local(inner) == name)


def child(node: Element | None, name: str) -> Element | None:
    """Return the first child of one name."""
    return next(children(node, name), None)
