"""Detection: where a licence is stated, how sure that is, what is reserved, and what contradicts itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licensing import Conflict, Reservation, conflicts, detect, propose
from licensing.findings import statement

BY = "https://creativecommons.org/licenses/by/4.0/"
BY_SA = "https://creativecommons.org/licenses/by-sa/4.0/"


def _brief(body: str | bytes, **more: Any) -> list[tuple[str, str, str, str]]:
    found = detect(body.encode() if isinstance(body, str) else body, **more)
    return [(one.where, one.place, one.sure, one.means) for one in found.statements]


# Pages

PLACES: dict[str, tuple[str, list[tuple[str, str, str, str]]]] = {
    "meta": (
        '<meta name="DC.rights" content="CC BY-SA 4.0">', [("meta", "head", "high", "CC-BY-SA-4.0")]),
    "meta without a licence": (
        '<meta name="rights" content="Fri brug"><meta name="author" content="CC0">',
        [("meta", "head", "high", "open")]),
    "meta that is unclear": (
        '<meta name="license" content="Spørg os">', [("meta", "head", "high", "unknown")]),
    "link": (f'<link rel="alternate license" href="{BY}">', [("link", "head", "high", "CC-BY-4.0")]),
    "json-ld": (
        f'<script type="application/ld+json">{{"@type": "Article", "license": "{BY}"}}</script>',
        [("json-ld", "license", "high", "CC-BY-4.0")]),
    "json-ld of a picture": (
        f'<script type="application/ld+json">{{"image": {{"@type": "ImageObject", "license": {{"@id": "{BY}"}}}}}}',
        [("json-ld", "image.license", "low", "CC-BY-4.0")]),
    "json-ld in a graph": (
        f'<script type="application/ld+json">{{"@graph": [{{"license": ["{BY}"]}}]}}</script>',
        [("json-ld", "@graph.license", "high", "CC-BY-4.0")]),
    "json-ld that is broken": ('<script type="application/ld+json">{"license": </script>', []),
    "a link that says so": (
        f'</head><body><a rel="license" href="{BY}">her</a>', [("anchor rel=license", "body", "medium", "CC-BY-4.0")]),
    "a link": (f'</head><body><a href="{BY}">her</a>', [("anchor", "body", "low", "CC-BY-4.0")]),
    "a link at the foot": (
        f'</head><body><footer><p><a href="{BY}">her</a></footer><a href="{BY_SA}">og her</a>',
        [("anchor", "footer", "low", "CC-BY-4.0"), ("anchor", "body", "low", "CC-BY-SA-4.0")]),
    "a link without a version": (
        '</head><body><a href="https://creativecommons.org/licenses/by-nc/">x</a>',
        [("anchor", "body", "low", "CC-BY-NC")]),
    "microdata": (
        f'</head><body><span itemprop="license" content="{BY}">x</span>',
        [("microdata", "body", "medium", "CC-BY-4.0")]),
    "words": ("</head><body><p>Teksten er CC BY-SA 3.0.</p>", [("text", "line 1", "low", "CC-BY-SA-3.0")]),
    "words hidden": ("</head><body><p hidden>Teksten er CC BY-SA 3.0.</p>", []),
    "look-alike letters": ('<meta name="license" content="СС0-1.0">', [("meta", "head", "high", "unknown")]),
    "nothing": ('<a href="/licenser">Licenser</a>', []),
}  # fmt: skip


@pytest.mark.parametrize("case", PLACES)
def test_pages(case: str) -> None:
    markup, expected = PLACES[case]
    assert _brief(f"<!DOCTYPE html><html><head>{markup}") == expected


def test_the_reason_is_told() -> None:
    (one,) = detect('<html><meta name="license" content="СС0-1.0">'.encode()).statements
    assert one.reason is not None
    assert one.reason.endswith("CYRILLIC CAPITAL LETTER ES")
    assert one.as_dict() == {
        "wording": "СС0-1.0", "where": "meta", "place": "head", "sure": "high", "reason": one.reason,
    }  # fmt: skip


# XML

TEI = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><publicationStmt>
{}
</publicationStmt></fileDesc></teiHeader><text><p>CC0</p></text></TEI>"""

XML: dict[str, tuple[str, list[tuple[str, str, str, str]]]] = {
    "tei with a target": (
        f'<availability status="free"><licence target="{BY}"/></availability>',
        [("tei:availability", "line 3", "high", "CC-BY-4.0")]),
    "tei with words": (
        "<availability><p>Navngivelse 4.0 International</p></availability>",
        [("tei:availability", "line 3", "high", "CC-BY-4.0")]),
    "tei with both": (
        f'<availability><licence target="{BY_SA}">Brug den <ref target="{BY}">frit</ref>.</licence></availability>',
        [("tei:availability", "line 3", "high", "CC-BY-SA-4.0"), ("tei:availability", "line 3", "high", "unknown"),
         ("tei:availability", "line 3", "high", "CC-BY-4.0")]),
    "dublin core": (
        '<x xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:rights>CC0 1.0</dc:rights></x>',
        [("dc:rights", "line 3", "high", "CC0-1.0")]),
    "dublin core terms": (
        '<x xmlns:d="http://purl.org/dc/terms/" xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<d:license r:resource="{BY}"/></x>', [("dc:license", "line 3", "high", "CC-BY-4.0")]),
    "mods": (
        '<m:mods xmlns:m="http://www.loc.gov/mods/v3" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<m:accessCondition type="use and reproduction" xlink:href="{BY}"/></m:mods>',
        [("mods:accessCondition", "line 3", "high", "CC-BY-4.0")]),
    "mods of a related item": (
        '<mods xmlns="http://www.loc.gov/mods/v3"><relatedItem><accessCondition>CC0</accessCondition></relatedItem></mods>',
        [("mods:accessCondition", "line 3", "low", "CC0-1.0")]),
    "creative commons' own": (
        '<x xmlns:cc="http://creativecommons.org/ns#" xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<cc:license r:resource="{BY}"/></x>', [("cc:license", "line 3", "high", "CC-BY-4.0")]),
    "rights that are others": ("<rights>CC0</rights><copyright>x</copyright>", []),
}  # fmt: skip


@pytest.mark.parametrize("case", XML)
def test_xml(case: str) -> None:
    markup, expected = XML[case]
    assert _brief(TEI.format(markup)) == expected


def test_what_an_archive_restricts() -> None:
    found = detect(TEI.format('<availability status="restricted"><p>x</p></availability>').encode())
    assert found.reservations == (
        Reservation("permission", 'availability status="restricted"', "tei:availability, line 3"),
    )


def test_xml_that_is_cut_short_is_read_as_far_as_it_goes() -> None:
    whole = TEI.format(f'<availability><licence target="{BY}"/></availability>')
    assert _brief(whole[: whole.index("</teiHeader>")]) == [("tei:availability", "line 3", "high", "CC-BY-4.0")]


# Fields of an API


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"license": "cc-by-4.0"}, [("field", "license", "high", "CC-BY-4.0")]),
        ({"a": [{"dcterms:license": {"@id": BY, "name": "CC BY"}}]}, [
            ("field", "a.dcterms:license", "high", "CC-BY-4.0"), ("field", "a.dcterms:license", "high", "CC-BY")]),
        ({"licens": None, "rights": "", "license": 5}, []),
        ({"rettigheder": ["CC0", "MIT"]}, [
            ("field", "rettigheder", "high", "CC0-1.0"), ("field", "rettigheder", "high", "MIT")]),
        ({"images": [{"license": "CC0"}]}, [("field", "images.license", "low", "CC0-1.0")]),
        ({"licensed_by": "CC0"}, []),
    ],
)  # fmt: skip
def test_fields(value: dict[str, Any], expected: list[tuple[str, str, str, str]]) -> None:
    assert _brief(json.dumps(value)) == expected
    assert _brief(b"%PDF", context=value) == [("listing", *rest) for _, *rest in expected]


def test_json_lines() -> None:
    rows = '{"id": "1", "license": "CC0"}\nnonsense\n{"id": "2", "license": "CC0"}\n{"license": "MIT"}\n{'
    assert _brief(rows) == [("field", "license", "high", "CC0-1.0"), ("field", "license", "high", "MIT")]


# Reservations


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("Der tages forbehold for tekst- og datamining.", ["tdm"]),
        ("Udgiveren forbeholder sig sine rettigheder efter ophavsretslovens § 11 b.", ["tdm"]),
        ("Indholdet må ikke bruges til AI-træning.", ["tdm"]),
        ("The site may not be used to train AI models.", ["tdm"]),
        ("Tekst- og datamining er en metode.", []),
        ("Der tages forbehold for trykfejl.", []),
        ("Alle rettigheder forbeholdes.", ["all-rights"]),
        ("Teksten må ikke gengives.", ["no-republishing"]),
        ("Teksten må ikke ændres eller forvanskes.", ["no-changes"]),
        ("Kun til ikke-kommerciel brug.", ["non-commercial"]),
        ("Brug kræver skriftlig tilladelse.", ["permission"]),
        ("Siden må ikke hentes automatisk.", ["no-bulk"]),
        ("Vilkårene kan til enhver tid ændres.", ["changeable"]),
        ("Alt må bruges frit.", []),
    ],
)
def test_reservations_in_words(sentence: str, kinds: list[str]) -> None:
    found = detect(f"<html><p>Velkommen. {sentence}</p>".encode()).reservations
    assert [one.kind for one in found] == kinds
    assert all(one.wording == sentence for one in found)


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ({"robots": "allowed"}, []),
        ({"robots": "forbidden"}, [Reservation("robots", "robots.txt forbids it", "robots.txt")]),
        ({"tdm": {"reservation": 0, "from": "meta"}}, []),
        ({"tdm": {"reservation": 1, "policy": "https://example.org/p", "from": "header"}},
         [Reservation("tdm", "tdm-reservation: 1, policy https://example.org/p", "header")]),
        ({"robots_lines": ["Content-Usage: train-ai=n", "Content-Signal: search=yes,ai-train=no", "License: x"]},
         [Reservation("tdm", "Content-Usage: train-ai=n", "robots.txt"),
          Reservation("tdm", "Content-Signal: search=yes,ai-train=no", "robots.txt")]),
        ({"content_usage": "train-ai=y", "x_robots_tag": "noai, noimageai"},
         [Reservation("tdm", "noai, noimageai", "x-robots-tag")]),
        ({"tdm": "yes", "robots_lines": "x", "robots": ["forbidden"], "x_robots_tag": 5}, []),
    ],
)  # fmt: skip
def test_reservations_in_signals(signals: dict[str, Any], expected: list[Reservation]) -> None:
    assert list(detect(b"", signals=signals).reservations) == expected


def test_a_licence_that_robots_txt_names() -> None:
    assert _brief(b"", signals={"robots_lines": ["License: https://example.org/rsl.xml", f"license: {BY}", 5]}) == [
        ("robots.txt", "License", "low", "unknown"), ("robots.txt", "License", "low", "CC-BY-4.0"),
    ]  # fmt: skip


# Conflicts


@pytest.mark.parametrize(
    ("wordings", "expected"),
    [
        (["CC BY 4.0", BY], []),
        (["CC BY 4.0", "CC BY"], []),
        (["CC BY 4.0", "fri brug", "Spørg os", "Creative Commons"], []),
        (["CC0", "fri af ophavsret"], []),
        (["CC BY 4.0", "CC BY-SA"], [Conflict("licences", ("CC-BY-4.0", "CC-BY-SA"))]),
        (["CC BY 4.0", "CC BY 3.0"], [Conflict("licences", ("CC-BY-3.0", "CC-BY-4.0"))]),
        (["CC0", "all rights reserved"], [Conflict("licences", ("CC0-1.0", "all-rights-reserved"))]),
        (["CC BY 4.0", "fri af ophavsret"], [Conflict("licences", ("CC-BY-4.0", "no-copyright"))]),
    ],
)
def test_conflicts_of_licences(wordings: list[str], expected: list[Conflict]) -> None:
    assert conflicts([statement(wording, "meta", "head", "high") for wording in wordings], []) == expected


def test_conflicts_with_reservations_and_the_claim() -> None:
    said = [statement("CC BY 4.0", "meta", "head", "high")]
    reserved = [Reservation("tdm", "…", "header"), Reservation("changeable", "…", "text")]
    found = conflicts(said, reserved, "CC0-1.0")
    assert found == [Conflict("reservation", ("CC-BY-4.0", "tdm")), Conflict("claim", ("CC0-1.0", "CC-BY-4.0"))]
    assert [str(one) for one in found] == ["reservation: CC-BY-4.0 / tdm", "claim: CC0-1.0 / CC-BY-4.0"]
    assert conflicts(said, [], "CC-BY-4.0") == []


# What clears itself

CLEAR = f'<html><head><meta name="dcterms.license" content="{BY_SA}">'


@pytest.mark.parametrize(
    ("body", "licence"),
    [
        (CLEAR, "CC-BY-SA-4.0"),
        (json.dumps({"license": "CC0-1.0"}), "CC0-1.0"),
        (f'<html><script type="application/ld+json">{{"license": "{BY}"}}</script>', "CC-BY-4.0"),
    ],
)
def test_what_is_proposed(body: str, licence: str) -> None:
    found = propose(detect(body.encode()), source_cleared=True, item=True)
    assert (found.licence, found.against) == (licence, ())


@pytest.mark.parametrize(
    ("body", "more", "against"),
    [
        (CLEAR, {"source_cleared": False}, "no person has cleared the source"),
        (CLEAR, {"item": False}, "the record is not the document itself"),
        (CLEAR, {"signals": {"tdm": {"reservation": 1}}}, "reservation (tdm) in tdmrep: tdm-reservation: 1"),
        (CLEAR, {"claim": "CC0-1.0"}, "conflict of claim: CC0-1.0 / CC-BY-SA-4.0"),
        (CLEAR + "<p>Vilkår kan ændres uden varsel.", {},
         "reservation (changeable) in text: Vilkår kan ændres uden varsel."),
        (CLEAR + f'</head><body><a href="{BY}">billede</a>', {}, "conflict of licences: CC-BY-4.0 / CC-BY-SA-4.0"),
        (CLEAR + '<meta name="rights" content="Spørg os">', {},
         "meta says 'Spørg os', which is not the name of a licence that is known"),
        (CLEAR.replace("by-sa", "by-nc"), {}, "CC-BY-NC-4.0 is not CC0, CC BY or CC BY-SA"),
        ("<html><meta name=license content='CC-PDM-1.0'>", {}, "CC-PDM-1.0 is not CC0, CC BY or CC BY-SA"),
        ("<html><meta name=license content='CC BY'>", {}, "meta says 'CC BY', which names no version in full"),
        (f'<html><link rel="license" href="{BY}">', {}, "no field for it names a licence"),
        (f'<html><body><a rel="license" href="{BY}">', {}, "no field for it names a licence"),
        ("<html><body><p>CC BY 4.0", {}, "no field for it names a licence"),
        (TEI.format("<availability><p>CC0</p></availability>"), {}, "no field for it names a licence"),
    ],
)  # fmt: skip
def test_what_does_not(body: str, more: dict[str, Any], against: str) -> None:
    known = {"source_cleared": True, "item": True} | {k: v for k, v in more.items() if k in {"source_cleared", "item"}}
    found = detect(body.encode(), **{k: v for k, v in more.items() if k not in known})
    cleared = propose(found, **known)
    assert cleared.licence is None
    assert against in cleared.against


# Records that mean no good

HOSTILE = {
    "entities": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM '
    b'"file:///etc/passwd">]><x xmlns:dc="http://purl.org/dc/terms/"><dc:rights>&b;&f;</dc:rights></x>',
    "nested elements": b'<?xml version="1.0"?>' + b"<license>" * 100_000,
    "many elements": b"<x>" + b"<license>CC0</license>" * 50_000,
    "licences within licences": b"<license>" * 200 + b"<p>CC BY 4.0</p>" * 20_000,
    "nested json": b"[" * 100_000,
    "nested objects": b'{"license":' * 10_000,
    "nested divs": b"<html>" + b"<div>" * 100_000,
    "many links": b"<html><body>" + b'<a href="https://creativecommons.org/licenses/by/4.0/">x</a>' * 20_000,
    "json-ld": b'<html><script type="application/ld+json">' + b"[" * 100_000,
    "a long name": b'<html><meta name=license content="' + b"CC BY " * 100_000 + b'">',
    "zero bytes": b"<html>\0\0<meta name=license content=CC0\0>",
    "no text": b"\xff\xfe\x00\xd8<html>",
    "a lone surrogate": b'{"license": "\\ud800"}',
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_records(case: str) -> None:
    found = detect(HOSTILE[case])
    said = [one.wording for one in found.statements]
    assert len(said) <= 2_000
    assert not any("root:" in one or "aaaa" in one for one in said)
    assert not propose(found, source_cleared=False, item=True).licence


def test_a_record_that_is_too_large_is_not_looked_into() -> None:
    found = detect(b"<html>" + b" " * 10_000_000, context={"license": "CC0"})
    assert found.looked_into is None
    assert len(found.statements) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["license", "rights", "@type", "x", "tdm"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([b"", b"<html>", b"<?xml version='1.0'?><a>", b"{", b"[", b"<a xmlns='http://purl.org/dc/x'>"]),
    st.binary(),
    st.dictionaries(st.text(max_size=20), JSON, max_size=4),
    st.dictionaries(
        st.sampled_from(["robots", "robots_lines", "tdm", "content_usage", "x_robots_tag"]), JSON, max_size=4
    ),
)
def test_any_record_has_an_answer(start: bytes, body: bytes, context: dict[str, Any], signals: dict[str, Any]) -> None:
    found = detect(start + body, context=context, signals=signals)
    for one in found.statements:
        assert (one.licence is None) == (one.reason is not None)
