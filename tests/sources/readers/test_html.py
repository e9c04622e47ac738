"""HTML from strangers: what a browser shows of a document is read, walls before it are refused by name."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frisat.errors import BrokenRecordError, EmptyRecordError, NotTextError, RecordError
from sources.readers import guard, html
from sources.readers.html import HtmlText, read_html


@pytest.fixture(autouse=True, scope="module")
def _no_children_left() -> Iterator[None]:
    yield
    guard.close()


def _read(body: str | bytes, charset: str = "") -> HtmlText:
    data = body.encode() if isinstance(body, str) else body
    return HtmlText(**html._text(charset.encode() + b"\n" + data))  # type: ignore[arg-type]


def _text(body: str) -> str:
    return _read(f"<html><body>{body}</body></html>").text


# --- what is read ---------------------------------------------------------------------------------------------------


def test_through_the_guard_the_text_is_the_same() -> None:
    body = "<html><head><title> Svar\n4 </title></head><body><p>Blåbær<nav>Menu</nav></body></html>".encode()
    assert read_html(body, "utf-8") == HtmlText(text="Blåbær", title="Svar 4", left_out={"navigation": 4})


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>en<p>to", "en\n\nto"),
        ("<p>en<br>to<br/><br>tre", "en\nto\ntre"),
        ("<p>fyr<b>tå</b>rn <i>ved</i>\n havet", "fyrtårn ved havet"),
        ("<h1>Svar</h1>Løs tekst<h2>Mere</h2><p>Slut", "Svar\n\nLøs tekst\n\nMere\n\nSlut"),
        (
            '<p class="Tekst">Et.</p><p class="TekstIndryk">To\nlinjer.</p><hr class="Skillestreg"><p>Tre',
            "Et.\n\nTo linjer.\n\nTre",
        ),
        ('<p><span class="Bold">Formanden:</span> Mødet er åbnet.', "Formanden: Mødet er åbnet."),
        ("<pre>a  b\n  c</pre>", "a b\nc"),
        ("<div><div>en</div>to</div>tre", "en\n\nto\n\ntre"),
        ("<dl><dt>Fyr<dd>Et lys</dl>", "Fyr\n\nEt lys"),
        ("<blockquote>Citat</blockquote>Efter", "Citat\n\nEfter"),
        ("Et ord<sup>12</sup> og m<sup>2</sup>, 1<sup>ste</sup>", "Et ord¹² og m², 1ste"),
        ("&aelig;&oslash;&aring; &lt;p&gt; &#8211; &nbsp;&shy;x&zwj;y", "æøå <p> – xy"),
        ("Ⅻ ﬁn \x07\x00dag\u00ad\ufeff", "Ⅻ fin dag"),
        ("<p>A\u030a", "Å"),
        ("<p>Nyt <ins>indsat</ins>", "Nyt indsat"),
        ("<p>før<!-- ej dette -->efter<?php ej ?>", "førefter"),
        ("<p>før<![CDATA[x]]>", "før"),
        ("<details><summary>Kort</summary>Langt</details>", "Kort\n\nLangt"),
    ],
)
def test_blocks_and_words(body: str, text: str) -> None:
    assert _text(body) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<ul><li>en<li>to</ul>efter", "• en\n• to\n\nefter"),
        ("<ol><li>en<li>to</ol>", "1. en\n2. to"),
        ('<ol start="5"><li>fem<li value="9">ni<li>ti</ol>', "5. fem\n9. ni\n10. ti"),
        ('<ol start="-99999999999"><li value="x">en</ol>', "1. en"),
        ("<ul><li>en<ol><li>inde</ol><li>to</ul>", "• en\n1. inde\n• to"),
        ("<ul><li><p>en</p><p>mere</p><li>to</ul>", "• en\n\nmere\n\n• to"),
        ("<li>løs", "• løs"),
        ("<ul><li></li><li>to</ul>", "• to"),
        ("<ul><li>• to</ul>", "• to"),
    ],
)
def test_lists(body: str, text: str) -> None:
    assert _text(body) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<table><tr><th>År<th>Kr.<tr><td>2098<td>1,5</table>efter", "År | Kr.\n2098 | 1,5\n\nefter"),
        ("<table><tr><td>a<td><td>c<tr><td><td><tr><td>x<td></table>", "a | | c\nx"),
        ("<table><tr><td><p>en</p><p>to<br>tre</p><td>fire</table>", "en to tre | fire"),
        ("<table><tr><td>alene</table>", "alene"),
        ("<table><tr><td>ydre<td><table><tr><td>a<td>b</table></table>", "ydre\n\na | b"),
        ("<table><caption>Tabel 1</caption><tr><td>a<td>b</table>", "Tabel 1\n\na | b"),
        ("<tr><td>løs", "løs"),
    ],
)
def test_tables(body: str, text: str) -> None:
    assert _text(body) == text


def test_a_row_with_much_in_a_cell_is_only_laid_out_as_a_table() -> None:
    many = "".join(f"<p>Afsnit {number}" for number in range(5))
    assert _text(f"<table><tr><td>{many}<td>Side</table>").endswith("Afsnit 4\n\nSide")


@pytest.mark.parametrize(
    ("body", "left_out"),
    [
        ("<nav>Hjem</nav>", {"navigation": 4}),
        ("<header>Logo</header>", {"head": 4}),
        ("<div role=banner>Logo</div>", {"head": 4}),
        ("<footer>Adresse</footer>", {"foot": 7}),
        ("<form>Søg<input value=x></form>", {"form": 3}),
        ("<div hidden>skjult</div>", {"hidden": 6}),
        ("<div style='color:red; DISPLAY : none'>skjult</div>", {"hidden": 6}),
        ("<del>slettet</del>", {"deleted": 7}),
        ("<script>let x = '<p>ej</p>'</script><style>p{}</style><noscript>ej</noscript><template>ej</template>", {}),
        ("<select><option>ej</select><textarea>ej</textarea><button>ej</button><svg><text>ej</text></svg>", {}),
    ],
)
def test_what_is_no_text_of_the_document_is_left_out_and_counted(body: str, left_out: dict[str, int]) -> None:
    found = _read(f"<html><body><p>Et langt nok afsnit.</p>{body}<p>Efter.</p></body></html>")
    assert found.text.replace("\n\n", " ") == "Et langt nok afsnit. Efter."
    assert found.left_out == left_out


def test_the_text_after_what_is_left_out_goes_on() -> None:
    assert _text("<p>før<del>ej</del>efter<script>ej</script>slut") == "førefterslut"


def test_a_form_around_the_whole_page_is_read() -> None:
    assert (
        _text("<form id=aspnetForm><input type=hidden value=abc><nav>Menu</nav><p>Hele svaret.</form>")
        == "Hele svaret."
    )


def test_heads_and_feet_of_articles_and_those_with_the_title_are_read() -> None:
    assert _text(
        "<header><h1>Titel</h1></header><article><header>Indledning</header>Tekst<footer>Navn</footer></article>"
    ) == ("Titel\n\nIndledning\n\nTekst\n\nNavn")


_MENU = "<ul><li><a href=a>Forside</a><li><a href=b>Ministeren</a></ul>"


@pytest.mark.parametrize(
    ("body", "left_out"),
    [
        (f"<div id=header>{_MENU}Logo</div>", {"head": 21}),
        ("<div class='header'><h1><a href=/>Fyrministeriet</a></h1></div>", {"head": 14}),
        ("<header><h1><a href=/>Fyrministeriet</a></h1></header>", {"head": 14}),
        ("<div id=wrap><div><div><div class=site-header>Logo</div></div></div></div>", {"head": 4}),
        (f"<div class='left topNav'>{_MENU}</div>", {"navigation": 17}),
        (f"<div class=hovedmenu>{_MENU}</div>", {"navigation": 17}),
        (f"<div class='breadcrumb'>{_MENU}</div>", {"navigation": 17}),
        ("<a class=skip-link href=#x>Gå til indhold</a>", {"navigation": 14}),
        ("<div id=CybotCookiebotDialog><p>Vi bruger cookies</div>", {"cookies": 17}),
        ("<div class='eu-cookie-bar'>Vi bruger cookies</div>", {"cookies": 17}),
        ("<div id=footer>Havnegade 1</div>", {"foot": 11}),
        ("<div class=page-footer>Havnegade 1</div>", {"foot": 11}),
    ],
)
def test_the_frame_of_a_page_is_told_by_its_names(body: str, left_out: dict[str, int]) -> None:
    found = _read(f"<html><body>{body}<p>Et svar, der er langt nok til at være mest på siden.</p></body></html>")
    assert found.text == "Et svar, der er langt nok til at være mest på siden."
    assert found.left_out == left_out


@pytest.mark.parametrize(
    "body",
    [
        "<div class=menu>Ret og pris, men kun <a href=x>få</a> henvisninger</div>",
        "<div><div><div><div class=header>Dato: 3. maj</div></div></div></div>",
        "<div class=article-header>Fra ministeren</div>",
        "<div class=footnotes>1 En note</div>",
        "<div id=header><h1>Svar på spørgsmål 4</h1></div>",
        "<article><div class=footer>Anna Fyhn</div></article>",
        "<div class=table-header>År og beløb</div>",
    ],
)
def test_names_that_only_sound_like_those_of_a_frame_are_read(body: str) -> None:
    found = _read(f"<html><body>{body}<p>Et svar, der er langt nok til at være mest på siden.</p></body></html>")
    assert len(found.text) > 60
    assert found.left_out == {}


@pytest.mark.parametrize("name", ["header", "footer", "menu", "cookie-policy"])
def test_what_holds_most_of_a_page_is_no_frame_of_it(name: str) -> None:
    body = f"<div id={name}><a href=x>Et langt svar om fyret og havnen</a></div><p>Kort."
    assert _read(f"<html><body>{body}").text == "Et langt svar om fyret og havnen\n\nKort."


# --- encodings ------------------------------------------------------------------------------------------------------

_PAGE = "<html><head>{}</head><body><p>Blåbær – “Øl”</p></body></html>"


@pytest.mark.parametrize(
    ("declared", "encoding", "charset"),
    [
        ("", "utf-8", ""),
        ("", "utf-8-sig", ""),
        ("", "utf-16", ""),
        ("", "utf-16-le", ""),
        ("", "utf-16-be", ""),
        ("", "cp1252", ""),
        ("", "cp1252", "iso-8859-1"),
        ('<meta charset="iso-8859-1">', "utf-8", "iso-8859-1"),
        ('<meta charset="iso-8859-1">', "cp1252", ""),
        ('<meta charset="utf-8">', "cp1252", ""),
        ('<META http-equiv=Content-Type content="text/html; charset=windows-1252">', "cp1252", "klingon"),
        ('<meta charset="utf-16">', "cp1252", ""),
        ('<meta charset="macroman">', "mac_roman", ""),
        ("", "mac_roman", "macintosh"),
        ('<meta charset="hex">', "cp1252", "rot13"),
    ],
)
def test_the_encoding_is_found(declared: str, encoding: str, charset: str) -> None:
    if encoding == "utf-8" and "utf" not in declared:
        declared += "æ"
    found = _read(_PAGE.format(declared).encode(encoding), charset)
    assert found.text.replace("æ\n\n", "") == "Blåbær – “Øl”"


def test_a_declaration_of_xhtml_is_read() -> None:
    page = (
        '<?xml version="1.0" encoding="windows-1252"?><html xmlns="http://www.w3.org/1999/xhtml"><body>Å</body></html>'
    )
    assert _read(page.encode("cp1252")).text == "Å"


# --- what is refused ------------------------------------------------------------------------------------------------

_CHALLENGE = (
    "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><noscript>Enable JavaScript</noscript>"
    "<script>window._cf_chl_opt={}</script></body></html>"
)
_REFUSED: dict[str, tuple[str | bytes, type[RecordError], str]] = {
    "nothing": ("", EmptyRecordError, "no bytes"),
    "a byte order mark": (b"\xff\xfe", EmptyRecordError, "no bytes"),
    "a PDF": ("%PDF-1.7\n", NotTextError, "no HTML but PDF"),
    "a ZIP": (b"PK\x03\x04", NotTextError, "no HTML but ZIP"),
    "an image": (b"\x89PNG\r\n\x1a\n", NotTextError, "no HTML but IMAGE"),
    "control characters": (b"\x01\x02\x03", NotTextError, "no HTML but something else"),
    "plain text": ("Kære borger", NotTextError, "no HTML: it begins with 'Kære borger'"),
    "other XML": ("<rss><item/></rss>", NotTextError, "no HTML"),
    "JSON": ('{"a": "<b>"}', NotTextError, "no HTML"),
    "a challenge": (_CHALLENGE, NotTextError, "asks for a proof that its reader is human"),
    "a captcha": ("<html><body>Er du et menneske?<div class=g-recaptcha></div>", NotTextError, "human"),
    "a login": ("<html><body><form>Log ind <input name=a type='password'></form>", NotTextError, "asks for a login"),
    "not found": (
        "<html><title>404 - Siden blev ikke fundet</title><p>Beklager",
        NotTextError,
        "reports an error: '404",
    ),
    "in Danish": ("<html><title>Siden findes ikke</title><p>Beklager", NotTextError, "reports an error"),
    "moved": ("<head><title>Object moved</title></head><body><h2>Object moved to here</h2>", NotTextError, "an error"),
    "scripts only": ("<html><body><div id=app></div><script>x</script></body></html>", EmptyRecordError, "its scripts"),
    "no text": ("<html><body><img src=x></body></html>", EmptyRecordError, "shows no text$"),
    "navigation only": ("<html><body><nav>Hjem</nav></body></html>", EmptyRecordError, "shows no text$"),
}


@pytest.mark.parametrize("name", _REFUSED)
def test_a_record_that_gives_no_text_says_why(name: str) -> None:
    body, error, message = _REFUSED[name]
    with pytest.raises(error, match=message):
        _read(body)


def test_a_long_page_may_speak_of_logins_and_errors() -> None:
    page = (
        f"<title>404 ikke fundet</title><script src=g-recaptcha></script><input type=password><p>{'Lang tekst. ' * 300}"
    )
    assert len(_read(f"<html>{page}").text) > 3000


def test_more_than_is_reasonable_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MAX_BYTES", 100)
    with pytest.raises(BrokenRecordError, match="is 101 bytes of HTML; more than 100 are not read"):
        read_html(b"x" * 101)


# --- hostile --------------------------------------------------------------------------------------------------------


def test_what_lies_deeper_than_its_parser_goes_is_not_left_out_in_silence() -> None:
    with pytest.raises(BrokenRecordError, match=r"beyond the limits of its parser: .*Excessive depth"):
        _read("<html><body><p>før" + "<div>" * 3_000 + "bund" + "</div>" * 3_000 + "<p>efter")


def test_entities_of_a_document_type_are_not_expanded() -> None:
    entities = '<!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY b "haha">]>'
    text = _read(f"{entities}<html><body><p>Å&e;&b;</p></body></html>").text
    assert "root" not in text
    assert "haha" not in text


_HOSTILE = {
    "names": "<div class=nav>" * 2_000 + "x",
    "many names": "<div class=menu>x</div>" * 50_000,
    "heads in heads": "<header><h1>x</h1>" * 900,
    "deep": "<div>" * 100_000 + "bund" + "</div>" * 100_000,
    "unclosed": "<b><i><p>" * 50_000 + "x",
    "tables": "<table><tr><td>" * 3_000 + "x",
    "lists": "<ul><li>" * 3_000 + "x",
    "flat": "<p>x" * 200_000,
    "forms": "<form>" * 3_000 + "x" + "<form>x</form>" * 10_000,
    "attributes": "<p " + " ".join(f"a{number}=1" for number in range(5_000)) + ">x",
    "entities": "<p>" + "&amp;" * 500_000,
    "brackets": "<" * 500_000 + "p>x",
    "one word": "<p>" + "x" * 5_000_000,
    "lines": "<p>" + "a<br>" * 200_000,
}


@pytest.mark.parametrize("name", _HOSTILE)
def test_hostile_markup_ends_in_time(name: str) -> None:
    try:
        assert read_html(f"<html><body>{_HOSTILE[name]}</body></html>".encode()).text
    except RecordError as error:
        assert str(error)
        assert "took longer" not in str(error)


_WHOLE = (
    "<html><head><title>Svar</title></head><body><nav>Menu</nav><h1>Svar på spørgsmål</h1><ol><li>en<li>to</ol>"
    "<table><tr><td>a<td>b</table><form><p>æøå</form></body></html>"
).encode()


@pytest.mark.parametrize("twentieth", range(21))
def test_a_page_cut_short_gives_what_is_there_or_a_record_error(twentieth: int) -> None:
    _text_or_refusal(_WHOLE[: len(_WHOLE) * twentieth // 20])


def test_damaged_bytes_give_a_text_or_a_record_error() -> None:
    chance = random.Random(8)  # noqa: S311 - repeatable damage
    for _ in range(500):
        body = bytearray(_WHOLE)
        for _ in range(chance.randrange(1, 8)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        _text_or_refusal(bytes(body))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_give_a_text_or_a_record_error(body: bytes) -> None:
    _text_or_refusal(body)
    _text_or_refusal(b"<html><p>" + body)


_TAGS = st.sampled_from([
    "p", "div", "table", "tr", "td", "th", "ul", "ol", "li", "br", "b", "sup", "form", "nav", "header",
    "footer", "main", "del", "pre", "h1", "script", "title", "head", "select", "svg",
])  # fmt: skip
_MARKUP = st.lists(
    st.one_of(
        st.text("aåz 1\n&;<", max_size=6),
        _TAGS.map(lambda tag: f"<{tag}>"),
        _TAGS.map(lambda tag: f"</{tag}>"),
        _TAGS.map(lambda tag: f"<{tag} hidden style='display:none' start=3 role=navigation>"),
    ),
    max_size=40,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(_MARKUP)
def test_tags_in_any_order_give_a_text_or_a_record_error(markup: str) -> None:
    _text_or_refusal(f"<html>{markup}".encode())


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text("abcæøå", min_size=1, max_size=9), min_size=1, max_size=30))
def test_no_word_is_lost_or_doubled_whatever_blocks_hold_them(words: list[str]) -> None:
    shapes = ("<p>{}</p>", "<ul><li>{}</ul>", "<table><tr><td>{}<td>x</table>", "<div>{}</div>", "{}<br>", "<b>{}</b> ")
    page = "".join(shapes[number % 6].format(word) for number, word in enumerate(words))
    found = [word for word in _text(page).replace("•", "").replace("|", "").split() if word != "x"]
    assert found == words


def _text_or_refusal(body: bytes) -> None:
    try:
        text = _read(body).text
    except RecordError as error:
        assert str(error)
    else:
        assert text.strip() == text != ""
        assert not any(ord(letter) < 32 and letter != "\n" for letter in text)
