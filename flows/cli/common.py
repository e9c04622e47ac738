"""What all commands share: options, output, progress, errors."""

from __future__ import annotations

import errno
import functools
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from frisat.errors import FrisatError, WorkspaceError

if TYPE_CHECKING:
    from rich.progress import Progress

    from frisat.workspace import Workspace

T = TypeVar("T")
Command = Callable[..., Any]

_STEERING = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]")
"""What JSON may hold as it stands, and a terminal, or a reader, is led astray by."""
_FULL_OR_CLOSED = {errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EPERM, errno.EDQUOT, errno.EFBIG}


class Console:
    """Where a command writes: results on stdout (text, or one JSON object), everything else on stderr."""

    def __init__(self, workspace: Path, *, as_json: bool, verbosity: int) -> None:
        self.root = workspace
        self.as_json = as_json
        self.verbosity = verbosity
        self._progress: Progress | None = None

    @property
    def workspace(self) -> Workspace:
        """The workspace the command is about."""
        from frisat.workspace import Workspace

        return Workspace(self.root.absolute())

    def existing(self) -> Workspace:
        """Return the workspace, which must be there already."""
        workspace = self.workspace
        workspace.require()
        return workspace

    def result(self, value: dict[str, Any], text: str | Callable[[], None]) -> None:
        """Give the result: ``value`` for programs, ``text`` (or what it prints) for people."""
        if self.as_json:
            written = json.dumps(value, ensure_ascii=False, indent=1, default=str)
            click.echo(_STEERING.sub(lambda c: f"\\u{ord(c[0]):04x}", written))
        elif callable(text):
            text()
        else:
            click.echo(safe(text))

    def note(self, message: str) -> None:
        """See :class:`frisat.report.Reporter`."""
        if self.verbosity >= 0:
            click.echo(safe(message), err=True)

    def warn(self, message: str) -> None:
        """See :class:`frisat.report.Reporter`."""
        click.echo(f"warning: {safe(message)}", err=True)

    def track(self, items: Iterable[T], *, label: str, total: int | None = None) -> Iterator[T]:
        """Show a bar on a terminal; elsewhere a line at the end."""
        if self.verbosity < 0 or total == 0:
            return iter(items)
        return self._bar(items, label, total) if sys.stderr.isatty() else self._line(items, label)

    def _line(self, items: Iterable[T], label: str) -> Iterator[T]:
        start, count = time.monotonic(), 0
        for count, item in enumerate(items, start=1):  # noqa: B007 - the last count is reported
            yield item
        if self.verbosity > 0:
            self.note(f"{label}: {count:,} in {time.monotonic() - start:.1f} s")

    def _bar(self, items: Iterable[T], label: str, total: int | None) -> Iterator[T]:
        """Show a bar among those that are shown already: one step may feed another."""
        from rich.console import Console as Terminal
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        outermost = self._progress is None
        if self._progress is None:
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            self._progress = Progress(*columns, console=Terminal(stderr=True), transient=True)
            self._progress.start()
        try:
            yield from self._progress.track(items, description=f"{label:<24}", total=total)
        finally:
            if outermost:
                self._progress.stop()
                self._progress = None


def command(function: Command) -> Command:
    """Give a command the options that every command takes, and a :class:`Console` as its first argument."""

    @click.option(
        "--workspace",
        type=click.Path(path_type=Path, file_okay=True),
        envvar="FRISAT_WORKSPACE",
        default=Path("workspace"),
        show_default="./workspace",
        help="The folder that holds archive, register and releases.",
    )
    @click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout; everything else on stderr.")
    @click.option("-v", "--verbose", count=True, help="Tell more.")
    @click.option("-q", "--quiet", is_flag=True, help="No progress: only the result, and faults.")
    @functools.wraps(function)
    def wrapped(workspace: Path, as_json: bool, verbose: int, quiet: bool, **values: Any) -> Any:
        return function(Console(workspace, as_json=as_json, verbosity=-1 if quiet else verbose), **values)

    return wrapped


def fail(error: Exception) -> int:
    """Say what went wrong, on stderr and for ``--json`` on stdout; return the exit code."""
    code = error.exit_code if isinstance(error, FrisatError) else 1
    if isinstance(error, OSError) and error.errno in _FULL_OR_CLOSED:
        where = error.filename or "the workspace"
        error = WorkspaceError(
            f"cannot write {where}: {error.strerror}. Nothing was left half-written; make room and repeat"
        )
    if not isinstance(error, FrisatError):
        if "FRISAT_DEBUG" in os.environ or {"-v", "-vv"} & set(sys.argv):
            import traceback

            traceback.print_exception(error)
        message = f"unexpected {type(error).__name__}: {error}. Run again with -v for the trace, and please report it"
    else:
        message = str(error)
    click.echo(f"error: {safe(message)}", err=True)
    say_as_json(type(error).__name__, message, code)
    return code


def say_as_json(kind: str, message: str, code: int) -> None:
    """Give an error on stdout where ``--json`` asks for one object there."""
    if "--json" in sys.argv:
        click.echo(json.dumps({"error": {"kind": kind, "message": message, "exit_code": code}}))


def end(message: str) -> NoReturn:
    """End a command with exit code 1 that has given its result already: the faults it was asked to find."""
    click.echo(f"error: {safe(message)}", err=True)
    raise click.exceptions.Exit(FrisatError.exit_code)


def safe(text: str) -> str:
    """Return ``text`` so that nothing in it steers a terminal: titles, ids and file names come from strangers."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)


def table(rows: list[dict[str, Any]], columns: dict[str, str]) -> str:
    """Return rows as aligned text; ``columns`` maps keys to headings, numbers stand to the right."""
    cells = [[_cell(row.get(key)) for key in columns] for row in rows]
    heads = list(columns.values())
    widths = [max([len(head), *(len(line[i]) for line in cells)]) for i, head in enumerate(heads)]
    right = [all(isinstance(row.get(key), (int, float, type(None))) for row in rows) for key in columns]
    lines = []
    for line in [heads, *cells]:
        padded = [text.rjust(w) if r else text.ljust(w) for text, w, r in zip(line, widths, right, strict=True)]
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return safe(str(value)).replace("\n", " ")
