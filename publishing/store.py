"""Publishing a release to a folder: on this machine, or in any store that ``fsspec`` reaches (``s3://``, ``memory://``).

Each version has a folder of its own, ``URL/v1.2.3/``, laid out as on the Hub. A folder knows no commits: the data come
first, ``release.json`` and ``SHA256SUMS`` last, and a version without ``SHA256SUMS`` is none yet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from frisat.errors import UsageError
from frisat.report import Reporter
from frisat.workspace import version_key
from publishing._hub_state import VERSION
from publishing.publication import File, Operations, Published, PublishError, PublishOptions, ReadBack, Step, files_of
from publishing.readback import WHOLE, configs, count_rows, read_back_folder
from publishing.release import NAME, SUMS, Release

_THREADS = 4
_LAST = (NAME, SUMS)


def publish_to_store(
    release: Release, to: str, options: PublishOptions, report: Reporter, step: Step[Published]
) -> Published:
    """Copy a verified release to ``to``/VERSION; what stands there, or beside it in the version before, is not sent.

    Raises:
        PublishError: something else stands there, or what was written cannot be read back as it should.
        UsageError: the address cannot be used.
    """
    if options.accept_commit or options.public or options.gated:
        raise UsageError("--public, --gated and --accept-commit are for repositories on the Hub")
    publication = _Copy(release, to, report)
    done = step("copy", lambda: publication.put(dry_run=options.dry_run))
    return done if options.dry_run else step("read back", lambda: publication.check(done))


class _Copy:
    """One release on its way to one folder."""

    def __init__(self, release: Release, to: str, report: Reporter) -> None:
        self.release = release
        self.report = report
        self.files = files_of(release.path)
        self.system, root = _open(to)
        self.root = root.rstrip("/")
        self.folder = f"{self.root}/{release.version}"
        self.to = f"{to.rstrip('/')}/{release.version}"
        if self._local and Path(self.folder).resolve() == release.path.resolve():
            raise UsageError(f"{to} is where the workspace keeps its releases; name another folder")

    def put(self, *, dry_run: bool) -> Published:
        """Write what is missing, the data first, or say what that would be."""
        self.system.invalidate_cache()
        stored = self._sizes(self.folder)
        if strange := sorted(stored.keys() - {file.path for file in self.files}):
            raise PublishError(f"{self.to} holds what no file of the release is: {', '.join(strange[:5])}; remove it")
        self._check_sums(stored)
        standing = [file for file in self.files if stored.get(file.path) == file.size and self._same(file, stored)]
        operations = Operations(tuple(f for f in self.files if f not in standing), (), tuple(standing))
        if not operations.add:
            return Published(self.release.version, self.to, "unchanged", operations, self.to)
        if dry_run:
            return Published(self.release.version, self.to, "planned", operations)
        self._write([file for file in operations.add if file.path not in _LAST])
        for name in _LAST:
            self._write([file for file in operations.add if file.path == name])
        return Published(self.release.version, self.to, "published", operations, self.to)

    def check(self, done: Published) -> Published:
        """Compare what stands in the folder with the release; read it through ``load_dataset`` where that can."""
        self.system.invalidate_cache()
        files = self.release.record["files"]
        sizes = self._sizes(self.folder)
        whole = self._local or sum(file["size"] for file in files) <= WHOLE
        for file in self.files:
            if sizes.get(file.path) != file.size or (whole and self._hash(file.path) != file.sha256):
                raise PublishError(f"{self.to}/{file.path} is not what was written; remove it and repeat")
        count_rows(self.release, lambda path: self.system.open(f"{self.folder}/{path}", "rb"))
        if self._local:
            return replace(done, read_back=read_back_folder(self.release, self.folder))
        rows = sum(file["rows"] for file in files)
        how = "every row" if whole else "row counts"
        return replace(done, read_back=ReadBack(rows, len(files), tuple(configs(self.release)), how))  # type: ignore[arg-type]

    @property
    def _local(self) -> bool:
        return "file" in _protocols(self.system)

    def _sizes(self, folder: str) -> dict[str, int]:
        """Return the size of each file below ``folder``, by its path within."""
        if not self.system.exists(folder):
            return {}
        found = self.system.find(folder, detail=True)
        start = len(self.system._strip_protocol(folder).rstrip("/")) + 1
        return {name[start:]: int(info["size"]) for name, info in found.items()}

    def _check_sums(self, stored: dict[str, int]) -> None:
        """Refuse to write over a finished version with other content; half-written sums are those of no version."""
        if SUMS not in stored:
            return
        there, ours = self.system.cat_file(f"{self.folder}/{SUMS}"), (self.release.path / SUMS).read_bytes()
        if not ours.startswith(there):
            raise PublishError(
                f"{self.to} is a version with other content. A version never changes: make a new one, or name another "
                "folder"
            )
        if there != ours:
            del stored[SUMS]

    def _same(self, file: File, stored: dict[str, int]) -> bool:
        """Return whether a stored file of the right size is the file; in a finished version the sums say so."""
        return SUMS in stored or self._hash(file.path) == file.sha256

    def _hash(self, path: str) -> str:
        with self.system.open(f"{self.folder}/{path}", "rb") as handle:
            return _digest(handle.read)

    def _write(self, files: Sequence[File]) -> None:
        """Write files, some at a time; those that the version before holds too are copied within the store."""
        before = self._before() if files else {}
        with ThreadPoolExecutor(_THREADS) as pool:
            done = pool.map(lambda file: self._put(file, before.get(file.sha256)), files)
            for _ in self.report.track(done, label="Copying", total=len(files)):
                pass

    def _put(self, file: File, before: str | None) -> None:
        place = f"{self.folder}/{file.path}"
        self.system.makedirs(place.rpartition("/")[0], exist_ok=True)
        if before is not None:
            try:
                self.system.cp_file(before, place)
            except (NotImplementedError, OSError):
                before = None
        if before is None:
            self.system.put_file(str(file.place), place)

    def _before(self) -> dict[str, str]:
        """Return where the files of the latest earlier version stand in the store, by their hash."""
        if not self.system.exists(self.root):
            return {}
        names = (str(item["name"]).rstrip("/").rpartition("/")[2] for item in self.system.ls(self.root, detail=True))
        mine = version_key(self.release.version)
        earlier = [name for name in names if VERSION.fullmatch(name) and version_key(name) < mine]
        for name in sorted(earlier, key=version_key, reverse=True):
            if self.system.exists(f"{self.root}/{name}/{SUMS}"):
                lines = self.system.cat_file(f"{self.root}/{name}/{SUMS}").decode().splitlines()
                return {line[:64]: f"{self.root}/{name}/{line[66:]}" for line in lines}
        return {}


def _open(to: str) -> tuple[Any, str]:
    """Return the file system of an address, and the path on it."""
    import fsspec.core

    parts = urlsplit(to)
    if "://" in to and (parts.password or parts.query):
        raise UsageError("an address with a password or a signature would end up in logs; put it in the environment")
    try:
        system, root = fsspec.core.url_to_fs(to)
    except ImportError as error:
        raise UsageError(f"{parts.scheme}:// needs a library that is not installed: {error}") from error
    except ValueError as error:
        raise UsageError(f"{to!r} is no address to publish to: {error}") from error
    return system, str(root)


def _protocols(system: Any) -> tuple[str, ...]:
    return (system.protocol,) if isinstance(system.protocol, str) else tuple(system.protocol)


def _digest(read: Callable[[int], bytes]) -> str:
    digest = hashlib.sha256()
    while block := read(1 << 20):
        digest.update(block)
    return digest.hexdigest()
