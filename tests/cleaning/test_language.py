"""Languages that are close to each other are told apart, the same way every time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaning.language import Language, detect
from tests.helpers import run_python

TEXTS = {
    "da": [
        "Byrådet besluttede i går at udskyde sagen, fordi flere af medlemmerne endnu ikke havde læst det bilag, som "
        "forvaltningen sendte ud efter fristen.",
        "Hvis du vil have mere at vide om ordningen, kan du henvende dig til kommunen, hvor de også kan hjælpe dig "
        "med at udfylde skemaet.",
        "Loven træder i kraft den 1. januar. Stk. 2. Ministeren kan fastsætte nærmere regler om, hvordan ansøgninger "
        "skal indgives, jf. § 3, og om hvilke oplysninger de skal indeholde.",
        "Jeg synes ikke, at vi skal tale så meget om det, for der er jo ingen af os, der har set huset endnu.",
    ],
    "old Danish": [
        "Han gik ud paa Marken og saae, at Kornet stod saa høit, at man neppe kunde see Hesten; da lod han sig falde "
        "ned og bad en Bøn, thi han havde aldrig været saa lykkelig.",
        "Vi Christian met Guds naade giøre alle vitterligt, at efftersom wi naadigst haffuer erfaret, at mange aff "
        "vore vndersaatter icke holde den skick, som oc tilforn er paabuden, da haffuer wi det raadeligt befundet.",
    ],
    "nb": [
        "Bystyret vedtok i går å utsette saken fordi flere av medlemmene ennå ikke hadde lest vedlegget som ble sendt "
        "ut etter fristen.",
        "Hvis du vil vite noe mer om ordningen, kan du ta kontakt med kommunen, og de kan også hjelpe deg med å fylle "
        "ut skjemaet.",
    ],
    "nn": [
        "Bystyret vedtok i går å utsetje saka fordi fleire av medlemene ikkje hadde lese vedlegget som vart sendt ut "
        "etter fristen.",
        "Eg veit ikkje korleis dei skal få det til, men ho sa at det berre var nokre få som kom frå bygda.",
    ],
    "sv": [
        "Kommunfullmäktige beslutade i går att skjuta upp ärendet eftersom flera av ledamöterna ännu inte hade läst "
        "bilagan som skickades ut efter tidsfristen.",
        "Jag vet inte vad de har sagt om det, men hon var mycket glad över att allt blev klart till sist.",
    ],
    "fo": [
        "Býráðið gjørdi av í gjár at útseta málið, tí fleiri av limunum ikki enn høvdu lisið skjalið, sum varð sent út "
        "eftir at freistin var farin.",
    ],
    "is": [
        "Bæjarstjórn ákvað í gær að fresta málinu þar sem nokkrir fulltrúar höfðu ekki enn lesið skjalið sem var sent "
        "út eftir að fresturinn rann út.",
    ],
    "de": [
        "Der Stadtrat hat gestern beschlossen, die Sache zu vertagen, weil mehrere Mitglieder die Anlage noch nicht "
        "gelesen hatten, die nach Ablauf der Frist verschickt worden war.",
    ],
    "en": [
        "The council decided yesterday to postpone the matter because several of its members had not yet read the "
        "annex that was sent out after the deadline.",
    ],
}


@pytest.mark.parametrize(("language", "text"), [(name, text) for name, texts in TEXTS.items() for text in texts])
def test_languages_are_told_apart(language: str, text: str) -> None:
    found = detect(text)
    assert found.code == ("da" if language == "old Danish" else language)
    assert 0.4 <= found.score <= 1


@pytest.mark.parametrize("text", TEXTS["da"] + TEXTS["old Danish"])
def test_what_is_danish_says_so_and_has_a_margin_above_zero(text: str) -> None:
    found = detect(text)
    assert found.danish
    assert 0 < found.margin <= 20


@pytest.mark.parametrize("text", [text for name in ("nb", "nn", "sv", "fo", "is", "de", "en") for text in TEXTS[name]])
def test_what_is_not_danish_has_a_margin_below_zero(text: str) -> None:
    found = detect(text)
    assert not found.danish
    assert -20 <= found.margin < 0


@pytest.mark.parametrize(("language", "text"), [(name, texts[0]) for name, texts in TEXTS.items()])
@pytest.mark.parametrize("stated", ["da", "de", None])
def test_what_the_source_states_does_not_change_a_long_text(language: str, text: str, stated: str | None) -> None:
    assert detect(text, stated).code == ("da" if language == "old Danish" else language)


@pytest.mark.parametrize("text", ["", " \n", "1234 56,7", "§§ 12–14 *** 50 %", "____", "…"])
@pytest.mark.parametrize("stated", ["da", "sv", None])
def test_without_words_there_is_no_language(text: str, stated: str | None) -> None:
    assert detect(text, stated) == Language(None, 0.0)


def test_names_do_not_outweigh_a_danish_source() -> None:
    assert detect("Så er det fru Marlene Holm.").code == "nb"
    assert detect("Så er det fru Marlene Holm.", "da").code == "da"


def test_danish_words_that_nothing_speaks_against_are_enough_in_a_danish_source() -> None:
    text = "Den næste spørger er fru Anna Toftegaard fra Sambandsflokkurin."
    assert detect(text, "da") == Language("da", 0.7311, 1.0)
    assert detect(text, "sv").code != "sv"


@pytest.mark.parametrize("text", ["Ordføreren.", "Tak.", "Lone Larsen", "Bilag"])
@pytest.mark.parametrize("stated", ["da", "sv"])
def test_a_few_words_lean_on_what_the_source_states(text: str, stated: str) -> None:
    assert detect(text, stated).code == stated


def test_of_a_few_words_the_source_does_not_decide_when_they_are_plainly_of_another_language() -> None:
    assert detect("Jag vet inte.", "da").code == "sv"
    assert detect("Vet du ikkje korleis?", "da").code == "nn"


def test_a_long_text_is_what_most_of_it_is() -> None:
    danish, german = TEXTS["da"][0], TEXTS["de"][0]
    assert detect(" ".join([danish] * 500)).code == "da"
    assert detect("\n\n".join([german] * 500 + [danish] * 5)).code == "de"
    assert detect("\n\n".join([german] * 5 + [danish] * 500)).code == "da"


def test_the_share_of_foreign_paragraphs_is_by_length() -> None:
    danish, german = TEXTS["da"][0], TEXTS["de"][0]
    assert detect("\n\n".join([danish] * 10)).foreign == 0.0
    assert detect("\n\n".join([german] * 10)).foreign == 1.0
    mixed = detect("\n\n".join([*[danish] * 6, german, *[danish] * 6, german, "Kort linje."]))
    assert mixed.code == "da"
    assert mixed.foreign == round(2 * len(german) / (2 * len(german) + 12 * len(danish)), 4)


def test_paragraphs_too_short_to_judge_make_nothing_foreign() -> None:
    assert detect("\n\n".join([*TEXTS["da"], "Ende gut, alles gut.", "The end."])).foreign == 0.0


def test_old_spelling_is_danish_even_where_little_tells_it_from_norwegian() -> None:
    assert detect("Om Vaaren gaaer Hyrden til Fjelds, og Haabet er hans bedste Stav.").code == "da"
    assert detect("Thi saa haffuer hand sagt, at de maa komme om Høsten.").code == "da"


def test_a_greenlandic_text_is_told_by_its_words() -> None:
    text = (
        "Naalakkersuisut inatsisartut inatsisaat malillugu aalajangersagaq taamaalilluni atuutissaaq, kiisalu taanna."
    )
    assert detect(text).code == "kl"


def _all() -> list[Language]:
    doubtful = ["Lone og Lars", "Hvad?", "Han var her.", "Kapitel 3", "Zxq vbn", "alfa beta gamma delta"]
    return [detect(text, None) for text in [*doubtful, *(text for texts in TEXTS.values() for text in texts)]]


def test_the_answer_is_the_same_every_time() -> None:
    first = _all()
    assert all(_all() == first for _ in range(50))


def test_the_answer_is_the_same_in_many_threads_that_begin_at_once() -> None:
    code = """
from concurrent.futures import ThreadPoolExecutor
from tests.cleaning.test_language import _all
with ThreadPoolExecutor(8) as threads:
    found = list(threads.map(lambda _: _all(), range(8)))
print(all(answers == _all() for answers in found))
"""
    done = run_python(code)
    assert (done.stdout, done.stderr) == ("True\n", "")
    with ThreadPoolExecutor(4) as threads:
        assert set(map(tuple, threads.map(lambda _: _all(), range(8)))) == {tuple(_all())}


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(), max_size=200), st.sampled_from(["da", "sv", "xx", None]))
def test_any_text_gives_a_language_or_none(text: str, stated: str | None) -> None:
    found = detect(text, stated)
    assert 0 <= found.score <= 1
    assert -20 <= found.margin <= 20
    assert 0 <= found.foreign <= 1
    assert found.code is not None or found.score == 0
    assert detect(text, stated) == found


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([text for texts in TEXTS.values() for text in texts]), max_size=8), st.text(max_size=5))
def test_texts_of_many_paragraphs_give_a_share(paragraphs: list[str], odd: str) -> None:
    found = detect(f"\n\n{odd}".join(paragraphs))
    assert 0 <= found.foreign <= 1
    assert detect(f"\n\n{odd}".join(paragraphs)) == found


@given(st.permutations([text for texts in TEXTS.values() for text in texts]))
@settings(max_examples=20, deadline=None)
def test_the_answer_does_not_depend_on_what_was_asked_before(texts: list[str]) -> None:
    assert {text: detect(text) for text in texts} == {text: detect(text) for text in sorted(texts)}


def test_the_answer_is_the_same_in_another_process() -> None:
    code = "from tests.cleaning.test_language import _all; print(_all())"
    done = run_python(code)
    assert (done.stdout, done.stderr) == (f"{_all()}\n", "")


@pytest.mark.parametrize(
    "text",
    [
        "\ud800 og \udfff er ikke tegn",
        "\0" * 100_000,
        "\u0301" * 100_000,
        "a" * 1_000_000,
        "aa" * 100_000,
        "\n\n" * 300_000,
        "A b" * 200_000,
        "𝕯𝖊𝖙 𝖊𝖗 𝖎𝖐𝖐𝖊",
        "中文" * 50_000,
        "İıſﬁ" * 10_000,
    ],
    ids=range(10),
)
def test_absurd_texts_end(text: str) -> None:
    found = detect(text)
    assert 0 <= found.score <= 1
