"""Presidio and datatrove over JSON lines: ``{"text": …}`` in, ``{"spans": [[kind, start, end], …]}`` out.

Run by the Python that has them, and by itself: it imports nothing of the project. Presidio with its rules for e-mail,
IBAN and telephones (region DK added), without a language model: none of these needs one. It has no rule for Danish CPR
or account numbers. datatrove's formatter knows e-mail and IP addresses alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

Spans = list[tuple[str, int, int]]


def presidio() -> Callable[[str], Spans]:
    """Return Presidio's detection."""
    from presidio_analyzer.predefined_recognizers import (  # type: ignore[import-not-found]
        EmailRecognizer,
        IbanRecognizer,
        PhoneRecognizer,
    )

    regions = (*PhoneRecognizer.DEFAULT_SUPPORTED_REGIONS, "DK")
    rules: list[tuple[str, str, Any]] = [
        ("email", "EMAIL_ADDRESS", EmailRecognizer()),
        ("iban", "IBAN_CODE", IbanRecognizer()),
        ("telefon", "PHONE_NUMBER", PhoneRecognizer(supported_regions=regions)),
    ]

    def find(text: str) -> Spans:
        return [
            (kind, found.start, found.end)
            for kind, entity, rule in rules
            for found in rule.analyze(text, [entity], None) or ()
        ]

    return find


def datatrove() -> Callable[[str], Spans]:
    """Return datatrove's detection, IP addresses counted as a kind of their own."""
    from datatrove.pipeline.formatters import PIIFormatter  # type: ignore[import-not-found]

    formatter = PIIFormatter()

    def find(text: str) -> Spans:
        spans = []
        for kind, replacer in (("email", formatter.emails_replacer), ("ip", formatter.ip_replacer)):
            for match in replacer.regex.finditer(text):
                if replacer.validator is None or replacer.validator(match.group(0)):
                    spans.append((kind, *match.span()))
        return spans

    return find


def main() -> None:
    """Answer line by line; the first line says what answers, or why nothing does."""
    name = sys.argv[1]
    try:
        find = {"presidio": presidio, "datatrove": datatrove}[name]()
        package = {"presidio": "presidio-analyzer", "datatrove": "datatrove"}[name]
        print(json.dumps({"version": version(package)}), flush=True)
    except ImportError as error:
        print(json.dumps({"missing": str(error)}), flush=True)
        return
    for line in sys.stdin:
        print(json.dumps({"spans": find(json.loads(line)["text"])}), flush=True)


if __name__ == "__main__":
    main()
