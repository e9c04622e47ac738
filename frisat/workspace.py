"""The folder that holds archive, parts, links, register and releases."""

from __future__ import annotations

import fcntl
import json
import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from frisat import clock
from frisat.errors import UsageError, WorkspaceBusyError, WorkspaceError
from frisat.files import TEMPORARY, canonical_json, remove_leftovers, write_atomic

_MARK = "frisat.json"
_FORMAT = 1
_VERSION = re.compile(r"v(\d+)\.(\d+)\.(\d+)")


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where things lie under ``root``. Nothing is made until it is written."""

    root: Path

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def documents(self) -> Path:
        return self.root / "documents"

    @property
    def refined(self) -> Path:
        return self.root / "refined"

    @property
    def signatures(self) -> Path:
        return self.root / "signatures"

    @property
    def links(self) -> Path:
        return self.root / "links"

    @property
    def register(self) -> Path:
        return self.root / "register"

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    def create(self) -> None:
        """Make the workspace if it is not there; refuse a folder that holds something else.

        Raises:
            WorkspaceError: the folder cannot be made or written, is of a later format, or is no workspace.
        """
        mark = self.root / _MARK
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            if mark.exists():
                self._check_format(mark)
            elif any(not p.name.startswith(".") and p.name != "inbox" for p in self.root.iterdir()):
                raise WorkspaceError(
                    f"{self.root} is not empty and is no frisat workspace; name another folder with --workspace"
                )
            else:
                write_atomic(mark, canonical_json({"format": _FORMAT, "what": "a frisat workspace"}) + "\n")
        except OSError as error:
            raise WorkspaceError(
                f"workspace {self.root} cannot be written: {error.strerror or error}; "
                "check its permissions or name another with --workspace"
            ) from error

    def require(self) -> None:
        """Check that the workspace is there, for commands that only read.

        Raises:
            WorkspaceError: it is not.
        """
        if not (self.root / _MARK).is_file():
            raise WorkspaceError(
                f"{self.root} is no frisat workspace; begin with 'frisat harvest SOURCE --from PATH' or 'frisat demo'"
            )
        self._check_format(self.root / _MARK)

    def _check_format(self, mark: Path) -> None:
        try:
            made = json.loads(mark.read_text())["format"]
        except (ValueError, KeyError, TypeError) as error:
            raise WorkspaceError(f"{mark} is damaged; it should say {{'format': {_FORMAT}}}") from error
        if made != _FORMAT:
            raise WorkspaceError(f"{self.root} has format {made}; this frisat reads format {_FORMAT}: update frisat")

    @contextmanager
    def lock(self, command: str) -> Iterator[None]:
        """Hold the workspace for ``command``; clear away what a killed command left.

        The lock is the operating system's: it ends with the process, however that ends.

        Raises:
            WorkspaceBusyError: another command holds it; the message names the holder.
        """
        self.create()
        path = self.root / ".lock"
        try:
            handle = path.open("a+")
        except OSError as error:
            raise WorkspaceError(f"workspace {self.root} cannot be written: {error.strerror}") from error
        with handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise WorkspaceBusyError(f"workspace {self.root} is in use by {_holder(path)}; wait for it") from error
            except OSError as error:
                raise WorkspaceError(
                    f"workspace {self.root} cannot be locked: {error.strerror}; its file system must support flock "
                    "(Lustre: mount it with '-o flock')"
                ) from error
            handle.truncate(0)
            handle.write(
                canonical_json(
                    {
                        "command": command,
                        "pid": os.getpid(),
                        "host": socket.gethostname(),
                        "since": str(clock.now()),
                    }
                )
            )
            handle.flush()
            try:
                remove_leftovers(self.root, besides="inbox")
                yield
            finally:
                handle.truncate(0)

    def parts(self, folder: Path, source: str) -> list[Path]:
        """Return the finished Parquet parts of ``source`` in ``folder``, by name."""
        base = folder / source
        return sorted(p for p in base.glob("**/*.parquet") if TEMPORARY not in str(p.relative_to(base)))

    def versions(self) -> list[str]:
        """Return the versions that exist, oldest first, as ``v1.2.3``."""
        if not self.releases.is_dir():
            return []
        names = [p.name for p in self.releases.iterdir() if _VERSION.fullmatch(p.name)]
        return sorted(names, key=version_key)

    def release(self, version: str | None = None) -> Path:
        """Return the folder of a release, the latest when no version is given.

        Raises:
            UsageError: there is none.
        """
        versions = self.versions()
        if version is None:
            if not versions:
                raise UsageError(f"{self.root} holds no release yet; make one with 'frisat release'")
            return self.releases / versions[-1]
        name = version if version.startswith("v") else f"v{version}"
        if name not in versions:
            raise UsageError(f"no release {name} in {self.root}; there are: {', '.join(versions) or 'none'}")
        return self.releases / name


def version_key(name: str) -> tuple[int, int, int]:
    """Return the three numbers of ``v1.2.3``, to sort by."""
    match = _VERSION.fullmatch(name)
    if match is None:
        raise UsageError(f"{name!r} is no version such as v1.2.3")
    major, minor, patch = (int(part) for part in match.groups())
    return major, minor, patch


def _holder(path: Path) -> str:
    try:
        who = json.loads(path.read_text())
        return f"'{who['command']}' (process {who['pid']} on {who['host']}, since {who['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another command"
