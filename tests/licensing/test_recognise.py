"""Recognising licences: an id for what is certain, *unknown* with the reason for all else."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licensing import Recognised, recognise
from licensing.creative_commons import FLAVOURS, PORTS, VERSIONS, Tool, all_tools, from_id
from licensing.spdx import spdx_licences
from licensing.wordings import wordings

SPDX_CC = [name for name in spdx_licences() if name.startswith("CC-") and name not in {"CC-PDDC", "CC-PDM-1.0"}]


def _id(statement: str) -> str | None:
    return recognise(statement).id


# Creative Commons


def test_every_creative_commons_licence_of_the_list_is_in_the_tables() -> None:
    assert {tool.id for tool in all_tools()} >= set(SPDX_CC)
    assert len(SPDX_CC) == 52
    assert len(all_tools()) == len({tool.id for tool in all_tools()}) == 30 + 6 * (3 + 18 + 4 + 28 + 43) + 5


@pytest.mark.parametrize("name", SPDX_CC)
def test_every_creative_commons_licence_of_the_list(name: str) -> None:
    row = spdx_licences()[name]
    assert _id(name) == _id(name.lower()) == _id(name.upper()) == _id(row.name) == name
    assert [_id(url) for url in row.urls] == [name]
    assert _id(f"https://spdx.org/licenses/{name}.html") == name


FORMS = [
    f"{start}{host}/licenses/{{}}{end}"
    for start, host, end in itertools.chain(
        itertools.product(
            ("http://", "https://", "//", ""), ("creativecommons.org", "www.creativecommons.org"), ("", "/")
        ),
        itertools.product(("https://",), ("creativecommons.org", "CreativeCommons.ORG"), (
            "/deed", "/deed.da", "/deed.en_US", "/deed.pt-br", "/legalcode", "/legalcode.da", "/legalcode.txt",
            "/legalcode-plain", "/rdf", "//deed.da", "/?ref=chooser-v1", "/#", "/deed.da?x=1#y",
        )),
    )
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_address(form: str) -> None:
    for tool in all_tools():
        path = tool.url.removeprefix("https://creativecommons.org/licenses/").rstrip("/")
        found = recognise(form.format(path))
        assert (found.id, found.how, found.family) == (tool.id, "url", tool.family)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_every_flavour_and_version_in_words(flavour: str, version: str) -> None:
    expected = f"CC-{flavour.upper()}-{version}"
    assert _id(f"CC {flavour.upper()} {version}") == expected
    assert _id(f"cc-{flavour} {version}") == expected
    assert _id(f"Creative Commons {flavour.upper()} v{version}") == expected
    english = flavour.replace("by", "Attribution").replace("nc", "NonCommercial").replace("nd", "NoDerivatives")
    danish = flavour.replace("by", "Navngivelse").replace("nc", "IkkeKommerciel").replace("nd", "IngenBearbejdelse")
    for name in (english.replace("sa", "ShareAlike"), danish.replace("sa", "Del på samme vilkår")):
        found = recognise(f"Creative Commons {name} {version}")
        assert (found.id, found.family) == (expected, f"CC-{flavour.upper()}")
        assert found.forbids == tuple(e for e in ("NC", "ND") if e.lower() in flavour)
        kind = {"4.0": "International", "3.0": "Unported"}.get(version, "Generic")
        assert _id(f"{name} {version} {kind}") == expected
        assert recognise(f"CC {name}") == Recognised(
            f"CC {name}", None, "name", f"CC-{flavour.upper()}", "names no version in full"
        )


@pytest.mark.parametrize("version", PORTS)
def test_every_port_in_words(version: str) -> None:
    for port in PORTS[version].split():
        for flavour in FLAVOURS:
            found = recognise(f"CC {flavour.upper()} {version} {port.upper()}")
            assert found.id == Tool(flavour, version, port).id
            assert (
                found.id in spdx_licences() or found.id == f"LicenseRef-CC-{flavour.upper()}-{version}-{port.upper()}"
            )
            assert found.forbids == tuple(e for e in ("NC", "ND") if e.lower() in flavour)


def test_share_alike_is_never_lost() -> None:
    for tool in all_tools():
        for said in (tool.url, tool.id, tool.title):
            found = _id(said)
            assert found == tool.id, said
            assert ("SA" in found.split("-")) == ("sa" in tool.flavour.split("-"))


def test_ids_are_read_back() -> None:
    assert [from_id(tool.id) for tool in all_tools()] == all_tools()
    for wrong in ("CC-BY-9.0", "LicenseRef-CC-BY-4.0", "CC-BY-2.5-DK", "cc-by-4.0", "CC-BY", "CC-SA-BY-4.0x", "MIT"):
        assert from_id(wrong) is None


# Everything else that is certain


CERTAIN = {
    "CC0": "CC0-1.0", "cc0 1.0": "CC0-1.0", "CC0 1.0 Universal": "CC0-1.0", "CC Zero": "CC0-1.0",
    "Creative Commons Zero v1.0 Universal": "CC0-1.0",
    "CC0 1.0 Universal (CC0 1.0) Public Domain Dedication": "CC0-1.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0-1.0",
    "http://creativecommons.org/publicdomain/zero/1.0/deed.da": "CC0-1.0",
    "https://creativecommons.org/publicdomain/zero/1.0/legalcode": "CC0-1.0",
    "http://creativecommons.org/publicdomain/mark/1.0/": "CC-PDM-1.0", "Public Domain Mark 1.0": "CC-PDM-1.0",
    "https://creativecommons.org/licenses/publicdomain/": "CC-PDDC",
    "https://creativecommons.org/publicdomain/certification/1.0/us/": "CC-PDDC",
    "https://creativecommons.org/licenses/sa/1.0/": "CC-SA-1.0",
    "https://creativecommons.org/licenses/by-nd-nc/1.0/": "CC-BY-NC-ND-1.0",
    "https://creativecommons.org/licenses/by-sa/2.5/dk/deed.da": "LicenseRef-CC-BY-SA-2.5-DK",
    "Navngivelse-Del på samme vilkår 2.5 Danmark": "LicenseRef-CC-BY-SA-2.5-DK",
    "Creative Commons Kreditering-DelPåSammeVilkår 4.0 International (CC BY-SA 4.0)": "CC-BY-SA-4.0",
    "CC BY-SA 4.0: Navngivelse-Del på samme vilkår": "CC-BY-SA-4.0",
    "Attribution-ShareAlike 4.0 International (CC BY-SA 4.0)": "CC-BY-SA-4.0",
    "Licens: CC BY 4.0": "CC-BY-4.0", "Licensed under a CC BY 4.0 licence": "CC-BY-4.0",
    "CC\u00a0BY‑SA\u20094.0": "CC-BY-SA-4.0", "CC BY-SA 4.0.": "CC-BY-SA-4.0",
    " <https://opensource.org/licenses/MIT> ": "MIT",
    "ophavsretslovens § 9": "LicenseRef-DK-OPHL-9", "Ophavsretslovens §9, stk. 1.": "LicenseRef-DK-OPHL-9",
    "§ 9 i ophavsretsloven": "LicenseRef-DK-OPHL-9", "ophavsretslovens paragraf 9": "LicenseRef-DK-OPHL-9",
    "ophavsretslovens § 26": "LicenseRef-DK-PublicProceedings",
    "Kommissionens afgørelse 2011/833/EU": "LicenseRef-EU-Reuse-2011-833",
    "http://data.europa.eu/eli/dec/2011/833/oj": "LicenseRef-EU-Reuse-2011-833",
    "licenseref-dk-ophl-9": "LicenseRef-DK-OPHL-9", "LicenseRef-CC-BY-NC-2.5-DK": "LicenseRef-CC-BY-NC-2.5-DK",
    "licenseref-cc-by-nc-2.5-dk": "LicenseRef-CC-BY-NC-2.5-DK",
    "LicenseRef-Agreement-2041.3": "LicenseRef-Agreement-2041.3",
    "odc-by": "ODC-By-1.0", "ODbL": "ODbL-1.0", "pddl": "PDDL-1.0", "NLOD 2.0": "NLOD-2.0",
    "https://data.norge.no/nlod/no/2.0": "NLOD-2.0", "Norsk lisens for offentlige data (NLOD) 2.0": "NLOD-2.0",
    "https://opendatacommons.org/licenses/by/1-0/": "ODC-By-1.0",
    "https://www.apache.org/licenses/LICENSE-2.0": "Apache-2.0", "Apache License, Version 2.0": "Apache-2.0",
    "MIT": "MIT", "mit": "MIT", "MIT License": "MIT", "GPL-3.0": "GPL-3.0",
    "GNU General Public License v3.0 only": "GPL-3.0-only", "etalab-2.0": "etalab-2.0",
    "https://spdx.org/licenses/EUPL-1.2": "EUPL-1.2", "https://spdx.org/licenses/eupl-1.2.json": "EUPL-1.2",
    "CC-BY-4.0 OR MIT": "CC-BY-4.0 OR MIT", "mit or apache-2.0": "MIT OR Apache-2.0",
    "(MIT AND CC-BY-4.0) OR Apache-2.0 WITH LLVM-exception": "(MIT AND CC-BY-4.0) OR Apache-2.0 WITH LLVM-exception",
    "CC-BY-4.0 AND LicenseRef-DK-OPHL-9": "CC-BY-4.0 AND LicenseRef-DK-OPHL-9", "Apache-1.0+": "Apache-1.0+",
}  # fmt: skip


@pytest.mark.parametrize("statement", CERTAIN)
def test_certain(statement: str) -> None:
    found = recognise(statement)
    assert (found.id, found.reason) == (CERTAIN[statement], None)


@pytest.mark.parametrize("name", spdx_licences())
def test_every_id_of_the_list(name: str) -> None:
    assert _id(name) == name
    assert _id(spdx_licences()[name].name) in {name, None} | {
        other for other, row in spdx_licences().items() if row.name == spdx_licences()[name].name
    }


UNCERTAIN = {
    "": (None, "is empty"),
    "CC": ("CC", "names no flavour and no version"),
    "Creative Commons-licens": ("CC", "names no flavour and no version"),
    "CC BY": ("CC-BY", "names no version in full"),
    "CC BY 4": (None, "is not the name of a licence that is known"),
    "CC BY 5.0": ("CC-BY", "there is no such version"),
    "CC BY 2.1": ("CC-BY", "there is no such version"),
    "CC BY-SA 3.0 DK": ("CC-BY-SA", "there is no such version for dk"),
    "CC BY-SA 4.0 DK": ("CC-BY-SA", "there is no such version for dk"),
    "CC BY-SA 3.0 International": ("CC-BY-SA", "there is no version 3.0 International"),
    "CC BY-SA-ND 4.0": ("CC-BY-ND-SA", "names elements that no Creative Commons licence joins"),
    "CC BY-SA 4.0 (except pictures)": (None, "is not the name of a licence that is known"),
    "not CC BY 4.0": (None, "is not the name of a licence that is known"),
    "CC BY 4.0 (CC BY-SA 4.0)": (None, "names several licences that are not the same"),
    "CC BY 3.0 (CC BY 4.0)": (None, "names several licences that are not the same"),
    "CC BY-SA 3.0 and GFDL": (None, "is not the name of a licence that is known"),
    "CC-BY-SA-3.0 AND GFDL": (None, "names 'GFDL', which is no licence that is known"),
    "MIT AND (CC-BY-4.0": (None, "is no SPDX expression: a bracket is not closed"),
    "MIT WITH Apache-2.0": (None, "names 'Apache-2.0', which is no exception that is known"),
    "Attribution": (None, "is not the name of a licence that is known"),
    "Attribution 4.0": (None, "is not the name of a licence that is known"),
    "CCO": ("CC", "is written with the letter O; the dedication CC0 has a zero"),
    "CC0 2.0": (None, "is not the name of a licence that is known"),
    "fri af ophavsret": ("no-copyright", None),
    "Materialet er fri af ophavsret.": ("no-copyright", None),
    "Public Domain": ("no-copyright", None),
    "All rights reserved": ("all-rights-reserved", "reserves all rights"),
    "Alle rettigheder forbeholdes.": ("all-rights-reserved", "reserves all rights"),
    "vilkår for brug af danske offentlige data": ("authority-terms", None),
    "ophavsretslovens § 11 b": ("mining-exception", None),
    "ophavsretslovens § 9, stk. 2": (None, "is not the name of a licence that is known"),
    "ophavsretslovens § 90": (None, "is not the name of a licence that is known"),
    "GFDL": ("GFDL", "names no version"),
    "fri brug": ("open", "says that it is open or free, and names no licence"),
    "© 2020 Et Forlag": (None, "is not the name of a licence that is known"),
    "fair": (None, "is a word that only in the spelling 'Fair' is certain to be a licence"),
    "LicenseRef-unheard-of": (None, "is no LicenseRef- that is registered"),
    "https://creativecommons.org/licenses/by/": ("CC-BY", "names no version in full"),
    "https://creativecommons.org/licenses/by/3.0/dk/": ("CC-BY", "there is no version 3.0 for dk"),
    "https://creativecommons.org/licenses/by/4.0/dk/": ("CC-BY", "there is no version 4.0"),
    "https://creativecommons.org/licenses/by/7.0/": ("CC-BY", "there is no version 7.0"),
    "https://creativecommons.org/licenses/by-sa-nc/4.0/": (None, "is no licence of Creative Commons that is known"),
    "https://creativecommons.org/licenses/sampling+/1.0/": (None, "is no licence of Creative Commons that is known"),
    "https://creativecommons.org/licenses/by/4.0/dk/deed.da/x": (
        None, "is no licence of Creative Commons that is known"),
    "https://creativecommons.org/publicdomain/zero/2.0/": (
        None, "is no dedication or mark of Creative Commons in a version there is"),
    "https://creativecommons.org/about/pdm": ("CC", "is a page of Creative Commons, but no licence"),
    "https://licensebuttons.net/l/by-sa/4.0/88x31.png": ("CC-BY-SA", "is the picture of a licence, not the licence"),
    "https://creativecommons.org.example.net/licenses/by/4.0/": (None, "is the address of no licence that is known"),
    "https://creativecommons.org@example.net/licenses/by/4.0/": (
        None, "carries a user name, so its host is not what it looks like"),
    "https://creativecommons.org:8443/licenses/by/4.0/": (None, "asks for a port of its own"),
    "https://[creativecommons.org/licenses/by/4.0/": (None, "is no address that can be read (Invalid IPv6 URL)"),
    "https://example.org/?u=https://creativecommons.org/licenses/by/4.0/": (
        None, "is the address of no licence that is known"),
    "https://rightsstatements.org/vocab/InC/1.0/": (
        "all-rights-reserved", "is a statement about copyright, not a licence"),
    "https://rightsstatements.org/vocab/NKC/1.0/": (None, "is a statement about copyright, not a licence"),
    "https://opensource.org/licenses/gpl-2.0": (
        None, "is the address of several licences: GPL-2.0-only, GPL-2.0-or-later"),
    "https://spdx.org/licenses/Nothing-1.0": (None, "is no licence on the SPDX list"),
    "x" * 2001: (None, "is longer than 2,000 characters; no licence is called so"),
}  # fmt: skip


@pytest.mark.parametrize("statement", UNCERTAIN)
def test_uncertain(statement: str) -> None:
    family, reason = UNCERTAIN[statement]
    found = recognise(statement)
    assert (found.id, found.family) == (None, family)
    assert found.reason if reason is None else found.reason == reason


# Letters that look like others


LOOKALIKES = {
    "СС0-1.0": "CYRILLIC CAPITAL LETTER ES",
    "CC BY-SА 4.0": "CYRILLIC CAPITAL LETTER A",
    "ＣＣ BY 4.0": "FULLWIDTH LATIN CAPITAL LETTER C",
    "CC B\u200bY 4.0": "ZERO WIDTH SPACE",
    "CC BY\u00ad-NC 4.0": "SOFT HYPHEN",
    "CC BY 4.0\u202e": "RIGHT-TO-LEFT OVERRIDE",
    "𝐂𝐂 BY 4.0": "MATHEMATICAL BOLD CAPITAL C",
    "CC ΒΥ 4.0": "GREEK CAPITAL LETTER BETA",
    "CC BY 4\u22240": "DOES NOT DIVIDE",
    "CC BУ 4.0": "CYRILLIC CAPITAL LETTER U",
    "MІT": "CYRILLIC CAPITAL LETTER BYELORUSSIAN-UKRAINIAN I",
    "CC BY 4.0\x00": "U+0000",
    "opһavsretslovens § 9": "CYRILLIC SMALL LETTER SHHA",
    "https://creаtivecommons.org/licenses/by/4.0/": "CYRILLIC SMALL LETTER A",
    "https://creativecommons.org/licenses/b%D1%83/4.0/": "CYRILLIC SMALL LETTER U",
    "CC BY-NĊ 4.0": "LATIN CAPITAL LETTER C WITH DOT ABOVE",
}


@pytest.mark.parametrize("statement", LOOKALIKES)
def test_lookalikes(statement: str) -> None:
    found = recognise(statement)
    assert found.id is None
    assert found.family is None
    expected = "holds a sign that is not of such a name, and may only look like one that is: "
    assert found.reason == expected + LOOKALIKES[statement]


# Properties


def test_every_row_of_the_table_says_what_it_is_for() -> None:
    names = [name for row in wordings() for name in row.names]
    assert len(names) == len(set(names))
    for row in wordings():
        assert (row.id is None) == (row.reason is not None)
        for name in row.names:
            found = recognise(name)
            assert (found.id, found.family, found.reason) == (row.id, row.family, row.reason)


PIECES = st.sampled_from(
    ["CC", "BY", "-SA", "NC", " ND", "4.0", "3.0", "dk", "(", ")", " AND ", " OR ", "+", "MIT", "§ 9", "https://",
     "creativecommons.org", "/licenses/", "/", "by", "%", "[", "@", ":", "LicenseRef-", "Creative Commons ", ".",
     "\u200b"]
)  # fmt: skip


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_any_text_has_an_answer(statement: str) -> None:
    found = recognise(statement)
    assert (found.id is None) == (found.reason is not None)
    if found.id is not None and found.how != "expression":
        assert recognise(found.id).id == found.id


@settings(deadline=None)
@given(st.sampled_from(all_tools()), st.integers(0, 40), st.characters(codec="utf-8"))
def test_a_changed_letter_never_makes_another_licence_freer(tool: Tool, place: int, letter: str) -> None:
    name = tool.id[:place] + letter + tool.id[place + 1 :]
    found = recognise(name)
    if found.id is not None and found.how == "id":
        assert found.id.lower() == name.strip().lower()
