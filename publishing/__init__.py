"""Publishing: assembly, versions and differences, and the checking of a finished release."""

from publishing.assemble import Assembled, Refined, assemble
from publishing.changes import CHANGES, Changes, compare, next_version
from publishing.current import Current, current_rows
from publishing.diff import as_dict, as_text, diff
from publishing.exclusion import PRECEDENCE, kind, main_reason
from publishing.release import Release, load_release
from publishing.rows import load_rows
from publishing.selection import Selected, select
from publishing.verify import verify

__all__ = [
    "CHANGES",
    "PRECEDENCE",
    "Assembled",
    "Changes",
    "Current",
    "Refined",
    "Release",
    "Selected",
    "as_dict",
    "as_text",
    "assemble",
    "compare",
    "current_rows",
    "diff",
    "kind",
    "load_release",
    "load_rows",
    "main_reason",
    "next_version",
    "select",
    "verify",
]
