"""Publishing: assembly, versions and differences, and the checking of a finished release."""

from publishing.assemble import Assembled, Refined, assemble
from publishing.changes import CHANGES, Changes, compare, next_version
from publishing.exclusion import PRECEDENCE, kind
from publishing.release import Release, load_release
from publishing.verify import verify

__all__ = [
    "CHANGES",
    "PRECEDENCE",
    "Assembled",
    "Changes",
    "Refined",
    "Release",
    "assemble",
    "compare",
    "kind",
    "load_release",
    "next_version",
    "verify",
]
