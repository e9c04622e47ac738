"""Markdown: nothing a stranger writes becomes markup."""

from __future__ import annotations

import html
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from datacards.markdown import cell, link, number, plain

RENDER = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render

HOSTILE = (
    "{{7*7}}", "{% raw %}", "---", "===", "***", "</script>", "<b>fed</b>", "<!-- -->", "a | b", "|---|---|", "`kode`",
    "```", "[x](javascript:alert(1))", "![x](https://e.org/x.png)", "[x]: https://e.org", "<https://e.org>", "# Titel",
    "- punkt", "+ punkt", "* punkt", "1. punkt", "1) punkt", "> citat", "    kode", "\tkode", "to\n\nafsnit",
    "*a* _b_ **c**", "~~a~~", "a\\", "\\", "\\|", "\\\\|", "&amp;", "&#42;", "$$x$$", "license: cc0-1.0",
    "a\u202eb", "a\u200bb", "\x1b[31m", "\ufeffa", "a\r\nb", "a\u2028b", "a\x85b", "2041-03-01", "-1", "12.5", "", " ",
)  # fmt: skip


def seen(text: str) -> str:
    """Return what a reader should see of ``text``: one line of visible characters."""
    kept = "".join(
        " " if c.isspace() else c for c in text if c.isspace() or not unicodedata.category(c).startswith("C")
    )
    return " ".join(kept.split())


TEXTS = st.text() | st.text(alphabet="\\`*_{}[]()#+-!|~$<>&=.: 1a\n\"'") | st.sampled_from(HOSTILE)


@given(TEXTS)
@example("---")
@example("1. x")
@example("\\|")
def test_a_paragraph_shows_what_was_written(text: str) -> None:
    assert "\n" not in plain(text)
    if seen(text):
        assert html.unescape(RENDER(plain(text))) == f"<p>{seen(text)}</p>\n"


@given(TEXTS)
def test_so_does_a_point_of_a_list(text: str) -> None:
    if seen(text):
        assert html.unescape(RENDER(f"- {plain(text)}\n")) == f"<ul>\n<li>{seen(text)}</li>\n</ul>\n"


@given(TEXTS)
def test_so_does_a_heading(text: str) -> None:
    if seen(text):
        assert html.unescape(RENDER(f"# {plain(text)} (`name`)\n")) == f"<h1>{seen(text)} (<code>name</code>)</h1>\n"


@given(TEXTS, TEXTS)
def test_so_does_a_table(one: str, two: str) -> None:
    page = html.unescape(RENDER(f"| a | b |\n|---|---|\n| {cell(one)} | {cell(two)} |\n"))
    row = page.partition("<tbody>\n<tr>\n")[2].partition("\n</tr>\n</tbody>\n</table>\n")
    assert row == (
        f"<td>{seen(one) or '–'}</td>\n<td>{seen(two) or '–'}</td>",
        "\n</tr>\n</tbody>\n</table>\n",
        "",
    )


@given(TEXTS)
def test_the_text_of_a_link_is_text(text: str) -> None:
    if seen(text):
        page = html.unescape(RENDER(link(text, "https://example.org/a?b=c_d&e")))
        assert page == f'<p><a href="https://example.org/a?b=c_d&e">{seen(text)}</a></p>\n'


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "//example.org", "example.org", "", None,
        "https://", "https://e.org/a b", "https://e.org/)x", "https://e.org/<b>", 'https://e.org/"x', "https://e.org/'x",
        "https://e.org/\\", "https://e.org/`", "https://e.org/|", "https://e.org/\u202e", "https://e.org/\x1b[31m",
        "https://e.org/\n", " https://e.org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_no_link(address: str | None) -> None:
    assert link("[tekst]", address) == r"\[tekst\]"


@pytest.mark.parametrize("address", ["https://example.org/å?a=b#c", "http://example.org", "mailto:data@example.org"])
def test_an_address_is_a_link(address: str) -> None:
    assert link("tekst", address) == f"[tekst]({address})"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""), (7, "7"), ("2041-03-01", "2041-03-01"), ("CC-BY-4.0", "CC-BY-4.0"), ("a_b", r"a\_b"),
        ("-x", r"\-x"), ("1. x", r"1\. x"), ("1.5", "1.5"), ("A & B", "A &amp; B"), ("a  \n b", "a b"),
    ],
)  # fmt: skip
def test_plain(value: object, written: str) -> None:
    assert plain(value) == written


def test_cell_and_number() -> None:
    assert (cell(None), cell("  "), cell("x")) == ("–", "–", "x")
    assert (number(0), number(1_234_567)) == ("0", "1,234,567")
