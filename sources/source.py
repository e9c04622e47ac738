"""A source: a descriptor, and a way to read its records. Built in, or delivered without code."""

from __future__ import annotations

import difflib
import importlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol, cast

from frisat.descriptor import Descriptor, load_descriptor, parse_descriptor
from frisat.documents import Document, LeftOut, Problem, Record
from frisat.errors import DeliveryError, DescriptorError, UsageError
from frisat.files import write_atomic
from frisat.workspace import Workspace
from sources.collecting import Found, Gone, Visit
from sources.deliveries import is_archive, members
from sources.unpacking import Member

_HERE = Path(__file__).parent
_DESCRIPTOR = "source.toml"

Extracted = Document | LeftOut | Problem


class SourceModule(Protocol):
    """What the module of a source offers."""

    VERSION: int
    """Changes whenever the same record would give other documents."""

    accepts: Callable[[str], bool]
    """Says whether a path in a delivery is one of the source's records."""

    extract: Callable[[Record], Iterator[Extracted]]
    """Reads the documents out of a record; raises a ``RecordError`` where it gives none."""


class Collects(Protocol):
    """What the module of a source offers besides, when it has a way in over the network.

    ``PACE``, if it is there, says how many seconds lie between two requests to a host.
    """

    collect: Callable[[Visit], Iterator[Found | Gone]]
    """Asks the publisher what there is, and yields it; see :mod:`sources.collecting`."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source that can be harvested and read."""

    descriptor: Descriptor
    built_in: bool

    @property
    def name(self) -> str:
        """The source's name, as in ids."""
        return self.descriptor.name

    @property
    def module(self) -> SourceModule:
        """The code that reads its records; imported when first needed."""
        name = self.name.replace("-", "_") if self.built_in else "delivery"
        return cast(SourceModule, importlib.import_module(f"sources.{name}"))

    @property
    def collects(self) -> bool:
        """Whether it has a way in over the network."""
        return hasattr(self.module, "collect")

    @property
    def pace(self) -> Mapping[str, float]:
        """Seconds between two requests to a host, where the source asks for more or less than the client's usual."""
        return cast(Mapping[str, float], getattr(self.module, "PACE", {}))

    def collect(self, visit: Visit) -> Iterator[Found | Gone]:
        """Ask the publisher what there is."""
        return cast(Collects, self.module).collect(visit)


def built_in_sources() -> dict[str, Source]:
    """Return the sources that come with frisat, by name: a ``.toml`` beside a ``.py`` each."""
    found = (load_descriptor(path) for path in sorted(_HERE.glob("*.toml")))
    return {descriptor.name: Source(descriptor, built_in=True) for descriptor in found}


def all_sources(workspace: Workspace) -> dict[str, Source]:
    """Return built-in sources and those delivered to ``workspace``, by name.

    Raises:
        DescriptorError: a delivered descriptor in the workspace was changed by hand into something unusable.
    """
    sources = built_in_sources()
    for path in sorted(workspace.archive.glob(f"*/{_DESCRIPTOR}")):
        descriptor = load_descriptor(path)
        if descriptor.name != path.parent.name or descriptor.name in sources:
            raise DescriptorError(f"{path} names the source {descriptor.name!r}; it must be {path.parent.name!r}")
        sources[descriptor.name] = Source(descriptor, built_in=False)
    return sources


def unknown_source(name: str, known: list[str]) -> UsageError:
    """Return the error for a source nobody knows, with the nearest name."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"; did you mean '{close[0]}'?" if close else f"; there are: {', '.join(sorted(known))}."
    return UsageError(f"no source is named '{name}'{hint}")


def find_source(workspace: Workspace, name: str) -> Source:
    """Return the source called ``name``.

    Raises:
        UsageError: there is none; the message names the nearest.
    """
    sources = all_sources(workspace)
    if name not in sources:
        raise unknown_source(name, list(sources))
    return sources[name]


def delivered_source(workspace: Workspace, name: str, origin: Path) -> tuple[Source, str]:
    """Return the source that the delivery at ``origin`` belongs to, and the folder within it that holds its files.

    A built-in name is read by its own code and accepts no ``source.toml``: a delivery cannot inherit the
    clearance of a built-in source.

    Raises:
        UsageError, DescriptorError, DeliveryError: the delivery does not fit the name.
    """
    built_in = built_in_sources()
    if name in built_in:
        # In an archive the harvest meets it: reading a large one twice for that is too dear.
        if origin.is_dir() and (origin / _DESCRIPTOR).exists():
            raise reserved_name(name, origin)
        return built_in[name], ""
    base, content = _find_descriptor(origin)
    if content is None:
        if (workspace.archive / name / _DESCRIPTOR).exists():
            return find_source(workspace, name), ""
        deque(members(origin), maxlen=0)  # a damaged or missing delivery is at fault before a missing descriptor
        raise UsageError(
            f"{unknown_source(name, list(all_sources(workspace)))} A delivery of your own needs a "
            f"{_DESCRIPTOR} in {origin} (see docs/deliveries.md)"
        )
    descriptor = parse_descriptor(content, f"{origin}/{base}{_DESCRIPTOR}")
    if descriptor.name in built_in:
        raise UsageError(f"{origin}: the name '{descriptor.name}' is that of a built-in source; choose another")
    if descriptor.name != name:
        raise UsageError(f"{origin} is a delivery of '{descriptor.name}', not of '{name}'")
    return Source(descriptor, built_in=False), base


def reserved_name(name: str, origin: Path) -> UsageError:
    """Return the error for a delivery that brings a descriptor under the name of a built-in source."""
    return UsageError(
        f"{origin} brings its own {_DESCRIPTOR}, but '{name}' is a built-in source whose name is reserved: "
        "a delivery cannot inherit its clearance. Give the delivery a name of its own"
    )


def remember(workspace: Workspace, source: Source, origin: Path) -> None:
    """Keep the descriptor of a delivered source in the workspace, as it came."""
    if not source.built_in:
        _, content = _find_descriptor(origin)
        if content is not None:
            write_atomic(workspace.archive / source.name / _DESCRIPTOR, content)


def _find_descriptor(origin: Path) -> tuple[str, bytes | None]:
    """Return the folder of the uppermost ``source.toml`` (ending in a slash, or empty), and its bytes."""
    if origin.is_dir():
        path = origin / _DESCRIPTOR
        return "", path.read_bytes() if path.is_file() and not path.is_symlink() else None
    if not origin.exists() or not is_archive(origin):
        return "", None
    found: tuple[str, bytes] | None = None
    try:
        for member in members(origin):
            if is_descriptor(member) and member.chunks is not None:
                base = member.path.removesuffix(_DESCRIPTOR)
                if found is None or base.count("/") < found[0].count("/"):
                    found = base, b"".join(islice(member.chunks(), 2))
            if found is not None and not found[0]:
                break
    except DeliveryError:
        pass  # the harvest meets the damage again, after all that came before it
    return found or ("", None)


def is_descriptor(member: Member) -> bool:
    """Say whether a member is a descriptor where one counts: at the top, or in one folder there."""
    return member.path.rpartition("/")[2] == _DESCRIPTOR and member.path.count("/") <= 1
