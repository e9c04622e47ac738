"""The rules L01 to L21 as data: what each says, how to mend it, and what follows when it is broken."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. ``severity`` E withholds what it fires on, W is for a person to see; ``refuses`` ends a release."""

    id: str
    looks_at: Literal["decision", "document", "register", "release"]
    severity: Literal["E", "W"]
    says: str
    fix: str
    refuses: bool = False
    weighable: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is broken: by what (a decision, a document, a file), and how; ``documents`` counts what it holds."""

    rule: str
    about: str
    what: str
    documents: int | None = None

    @property
    def severity(self) -> str:
        """E or W, as the rule says."""
        return rules()[self.rule].severity

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON, with what the rule says and how to mend it."""
        rule = rules()[self.rule]
        count = {} if self.documents is None else {"documents": self.documents}
        return {"rule": self.rule, "severity": rule.severity, "about": self.about, "what": self.what, **count,
                "says": rule.says, "fix": rule.fix}  # fmt: skip

    def __str__(self) -> str:
        return f"{self.rule} {self.about}: {self.what}"


@cache
def rules() -> dict[str, Rule]:
    """Return the rules by id, in their order."""
    raw = tomllib.loads((files("licensing") / "rules.toml").read_text("utf-8"))
    return {identity: Rule(identity, **row) for identity, row in sorted(raw.items())}


WEIGHABLE = frozenset(identity for identity, rule in rules().items() if rule.weighable)
"""Rules against which a reviewer may go on, saying why."""
