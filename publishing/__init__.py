"""Publishing: assembly, versions and differences, the checking of a finished release, and its way to the Hub."""

from publishing.assemble import Assembled, Refined, assemble
from publishing.bundle import write_bundle
from publishing.bundle_check import BundleCheck, check_bundle
from publishing.changes import CHANGES, Changes, compare, next_version
from publishing.current import Current, current_rows
from publishing.diff import as_dict, as_text, diff
from publishing.dynaword import Exported, export_dynaword
from publishing.exclusion import PRECEDENCE, kind, main_reason
from publishing.publication import Published, PublishError, PublishOptions, Step
from publishing.publish import publish
from publishing.published_release import fetch_release
from publishing.release import Release, load_release
from publishing.release_rules import ReleaseRules, release_findings
from publishing.rights import check_register, ruling_of
from publishing.rows import load_rows
from publishing.selection import Selected, select
from publishing.signing import new_key
from publishing.verify import verify
from publishing.withdrawals import (
    ANSWERS,
    KINDS,
    Withdrawal,
    find_request,
    record_answer,
    record_request,
    requests,
    standing_withdrawals,
)
from publishing.withholding import check_withdrawals, key_file, withheld_file

__all__ = [
    "ANSWERS",
    "CHANGES",
    "KINDS",
    "PRECEDENCE",
    "Assembled",
    "BundleCheck",
    "Changes",
    "Current",
    "Exported",
    "PublishError",
    "PublishOptions",
    "Published",
    "Refined",
    "Release",
    "ReleaseRules",
    "Selected",
    "Step",
    "Withdrawal",
    "as_dict",
    "as_text",
    "assemble",
    "check_bundle",
    "check_register",
    "check_withdrawals",
    "compare",
    "current_rows",
    "diff",
    "export_dynaword",
    "fetch_release",
    "find_request",
    "key_file",
    "kind",
    "load_release",
    "load_rows",
    "main_reason",
    "new_key",
    "next_version",
    "publish",
    "record_answer",
    "record_request",
    "release_findings",
    "requests",
    "ruling_of",
    "select",
    "standing_withdrawals",
    "verify",
    "withheld_file",
    "write_bundle",
]
