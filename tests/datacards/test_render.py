"""The pages of a release: complete, and deaf to what strangers write."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from datacards import REASONS, render_views
from datacards.columns import MEANINGS
from datacards.hub_schema import split_card
from flows.reviewing import record_decision
from frisat.report import Silent
from frisat.schema import PUBLISHED
from publishing import PRECEDENCE, verify
from publishing import record as records

if TYPE_CHECKING:
    from tests.conftest import Desk

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
PAGES = ("README.md", "CHANGELOG.md", "LICENSE.md", "NOTICE.md", "data/minutes/minutes.md")
HOSTILE = (
    "{{7*7}}", "{% for x in y %}", "---", "===", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "a | b", "| a |\n|---|\n| b |", "`kode`", "```\nkode\n```", "[x](javascript:alert(1))", "# Titel", "- punkt",
    "1. punkt", "> citat", "to\n\nafsnit", "*fed* __fed__", "license: cc0-1.0\n---\n", "a\u202eb\u200bc", "\x1b[31mrød",
    "[x]: https://example.org", "&lt;b&gt;", "\\", "~~væk~~",
)  # fmt: skip


def test_every_reason_has_a_meaning() -> None:
    assert tuple(REASONS) == PRECEDENCE
    assert all(english and danish for english, danish in REASONS.values())


def test_every_column_has_a_meaning() -> None:
    assert list(MEANINGS) == PUBLISHED.names


def release(desk: Desk, words: str, terms: Path) -> Path:
    """Make a release in which every free field says ``words``."""
    rows: list[dict[str, Any]] = [
        {**row, "title": words, "author": words, "document_type": words, "details": {words: words}}
        for row in desk.minutes()
    ]
    fields = ("title", "description", "publisher", "claim", "stated_at", "note")
    desk.deliver("minutes", rows, **dict.fromkeys(fields, words))
    desk.build()
    said = dict.fromkeys(("reasoning", "doubts", "not_checked", "decided_by"), words)
    agreed = desk.proposal("minutes", license="CC-BY-4.0", attribution="{title} {author}", **said)
    with desk.workspace.lock("test"):
        record_decision(desk.workspace, agreed, terms, words)
    desk.release()
    return desk.workspace.release()


def shape(tokens: list[Token]) -> list[tuple[str, str, str]]:
    """Return what a page is made of, without its words."""
    found = []
    for token in tokens:
        if token.type == "inline":
            found += shape(token.children or [])
        elif token.type not in {"text", "text_special"}:
            words = token.content if token.type in {"fence", "code_block", "html_block", "html_inline"} else ""
            if token.info == "json":  # the sample: its values may be strange, its shape may not
                words = str(sorted(json.loads(words)))
            found.append((token.type, token.tag, re.sub(r"[0-9a-f]{16}", "(hash)", words)))
    return found


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory, finished: Desk) -> dict[str, list[tuple[str, str, str]]]:
    """The shape of every page of a release in which strangers wrote nothing odd."""
    with pytest.MonkeyPatch.context() as clock:
        folder = tmp_path_factory.mktemp("harmless")
        (folder / "terms.txt").write_text("ord", "utf-8")
        made = release(type(finished)(folder, clock), "ord", folder / "terms.txt")
        return {name: shape(MARKDOWN.parse(_body(made / name))) for name in PAGES}


def _body(page: Path) -> str:
    text = page.read_text("utf-8")
    return split_card(text)[1]


@pytest.mark.parametrize("words", HOSTILE)
def test_what_strangers_write_stays_words(
    desk: Desk, harmless: dict[str, list[tuple[str, str, str]]], words: str
) -> None:
    terms = desk.root / f"terms {re.sub('[/]', '', words)[:20]}.txt"
    terms.write_text(words, "utf-8")
    made = release(desk, words, terms)
    for name in PAGES:
        text = _body(made / name)
        assert shape(MARKDOWN.parse(text)) == harmless[name]
        assert "<script" not in text
        assert not {c for c in text if unicodedata.category(c)[0] == "C"} - {"\n"}
    assert verify(made, Silent()) == []


def test_the_views_are_those_of_the_record_and_nothing_else(finished: Desk) -> None:
    folder = finished.workspace.release()
    views = render_views(*records.read(folder))
    of_sources = [
        f"data/{name}/{file}" for name in ("minutes", "speeches") for file in (
            "descriptive_stats.json", "images/decades.svg", "images/dist_document_length.svg", f"{name}.md",
        )
    ]  # fmt: skip
    assert sorted(views) == [
        "CHANGELOG.md", "CITATION.cff", "LICENSE.md", "NOTICE.md", "README.md", "ai-act.json", *of_sources,
        "images/decades.svg", "images/lengths.svg", "images/overlap.svg", "images/published.svg", "images/sources.svg",
    ]  # fmt: skip
    assert all((folder / name).read_text("utf-8") == text for name, text in views.items())


def test_figures_of_a_source_stand_beside_its_card(finished: Desk) -> None:
    figures = json.loads((finished.workspace.release() / "data/minutes/descriptive_stats.json").read_text("utf-8"))
    assert figures == finished.latest().record["sources"][0]["statistics"]


def test_the_card_tells_what_matters(finished: Desk) -> None:
    card = (finished.workspace.release() / "README.md").read_text("utf-8")
    for line in (
        "5 documents, 168 words and 183 tokens",
        "| [minutes](data/minutes/minutes.md) | Publisher of minutes | 4 | 136 | CC0-1.0 | licence | minutes-1 |",
        "| speeches | 3 | 1 | 1 | 3 | broken: 1, duplicate:exact: 1, language:sv: 1 |",
        "| speeches-1 | CC-BY-4.0 | licence | 2041-03-01 by first reviewer | 2043-03-01 | “released under CC0 1.0” "
        "(terms.txt, 2041-03-01) |",
        f"its head is `{finished.latest().record['register_head']}`",
        "[LICENSE.md](LICENSE.md)",
        "[NOTICE.md](NOTICE.md)",
    ):
        assert line in card


def test_the_card_of_a_source_tells_what_is_not_here(finished: Desk) -> None:
    card = (finished.workspace.release() / "data/speeches/speeches.md").read_text("utf-8")
    assert "# Title of speeches (`speeches`)" in card
    assert "- duplicate:exact: 1 (a copy of a published document)\n- language:sv: 1 (not in Danish)" in card
    assert "- Publisher: [Publisher of speeches](https://example.org/speeches)" in card
    assert "Everything collected is published." not in card


def test_licences_and_notice_name_every_source(finished: Desk) -> None:
    folder = finished.workspace.release()
    licences = (folder / "LICENSE.md").read_text("utf-8")
    assert "## CC-BY-4.0" in licences
    assert "- speeches: 1 document, basis `licence`, decision speeches-1" in licences
    notice = (folder / "NOTICE.md").read_text("utf-8")
    assert "- Title of minutes: [Publisher of minutes](https://example.org/minutes). CC0-1.0 (4 documents)" in notice


def test_a_source_of_which_nothing_is_published_is_named_with_its_reasons(released: Desk) -> None:
    released.decide("speeches", status="blocked", license="CC-BY-4.0")
    released.release(accept_loss=["speeches"])
    card = (released.workspace.release() / "README.md").read_text("utf-8")
    assert "nothing of it published in this version: **speeches** (broken: 1, rights:blocked: 3)." in card
    assert not (released.workspace.release() / "data/speeches").exists()
