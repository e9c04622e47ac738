"""How well the language of a text is told, and how fast: frisat beside its witnesses and others.

    python benchmarks/language.py [--samples ../shared/data] [--show 10] [--list] [--record]

Sentences of Universal Dependencies come alone, in threes and in eights, once without a word from the source and once
from a source that says it is Danish; confusion tables show what they are taken for, with Wilson's interval at 95 %.
Documents come as their sources give them: acts, proceedings, literature, newspapers of 1795. What frisat calls foreign
in the literature has been read by a person; the verdicts are in ``language_verdicts.tsv``. lingua is measured where it
is installed. Time is the processor's, the best of several runs.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks._language_samples import NEWSPAPERS, danish, pieces, sentences
from benchmarks._real_text import bodies
from benchmarks.measured import Figure, record, share
from cleaning import language, language_witnesses
from cleaning.stages import stage
from sources.readers.xml import parse_xml

Guess = Callable[[str], str | None]
VERDICTS = Path(__file__).with_name("language_verdicts.tsv")
LENGTHS = (1, 3, 8)
_SHORT = 300
_SIZE = 4500
_COLUMNS = ("da", "nb", "nn", "sv", "fo", "is", "de", "en", "nl", "other", "none")


def frisat(text: str) -> str | None:
    """Return what frisat finds without a word from the source."""
    return language.detect(text, None).code


def frisat_stated(text: str) -> str | None:
    """Return what frisat finds in a source that says it is Danish."""
    return language.detect(text, "da").code


def langdetect(text: str) -> str | None:
    """Return what langdetect alone finds, seeded."""
    found = language_witnesses._langdetect(text)
    return max(sorted(found), key=found.__getitem__) if found else None


def py3langid(text: str) -> str | None:
    """Return what py3langid alone finds."""
    found = language_witnesses._py3langid(text)
    return max(sorted(found), key=found.__getitem__)


def guesses() -> dict[str, Guess]:
    """Return all that can be asked here, by name."""
    found: dict[str, Guess] = {
        "frisat": frisat,
        "frisat, stated da": frisat_stated,
        "langdetect": langdetect,
        "py3langid": py3langid,
    }
    try:
        lingua: Any = __import__("lingua")
    except ImportError:
        print("(lingua is not installed and is not measured)")
        return found
    detector = lingua.LanguageDetectorBuilder.from_all_languages().build()

    def ask(text: str) -> str | None:
        answer = detector.detect_language_of(text)
        return None if answer is None else str(answer.iso_code_639_1.name).lower()

    return found | {"lingua": ask}


def interval(figure: Figure) -> str:
    """Return a share as ``97.2 % (95.4-98.3)``."""
    assert figure.low is not None and figure.high is not None
    return f"{figure.value:.2%} ({figure.low:.1%}-{figure.high:.1%} of {figure.n:,})"


def confusion(name: str, guess: Guess, treebanks: dict[str, list[list[str]]], length: int) -> dict[str, Figure]:
    """Print what texts of ``length`` sentences are taken for, and return the shares taken for Danish by language."""
    print(f"\n{name}, {length} sentence{'s' * (length > 1)}\n      {''.join(f'{code:>7}' for code in _COLUMNS)}")
    found = {}
    for code, lines in treebanks.items():
        texts = pieces(lines, length)
        answers = [guess(text) for text in texts]
        cells = Counter("none" if a is None else a if a in _COLUMNS else "other" for a in answers)
        # A text without a letter has no language: Danish ones are kept, and others are not taken for Danish.
        taken = cells["da"] + (cells["none"] if code == "da" else 0)
        found[code] = share(taken, len(texts))
        print(
            f"  {code:4}{''.join(f'{cells[column] or str():>7}' for column in _COLUMNS)}   da: {interval(found[code])}"
        )
    return found


def wrong(treebanks: dict[str, list[list[str]]], most: int) -> None:
    """Print single sentences that frisat is wrong about, Danish and Norwegian, beginning with the surest."""
    mistakes = []
    for code in ("da", "nb"):
        for text in pieces(treebanks[code], 1):
            found = language.detect(text, None)
            if found.code is not None and found.danish != (code == "da"):
                mistakes.append((code, found, text))
    for code, found, text in sorted(mistakes, key=lambda row: -abs(row[1].margin))[:most]:
        print(f"  {code} taken for {found.code}, margin {found.margin:+.1f}: {text[:70]}")


def documents(name: str, samples: Path, most: int) -> Figure:
    """Print and return the share of a Danish source's documents that is kept."""
    texts = [(key, text) for key, _, text in danish(name, samples)]
    begun = time.process_time()
    found = [language.detect(text, "da") for _, text in texts]
    seconds = time.process_time() - begun
    lost = [
        (key, text, answer) for (key, text), answer in zip(texts, found, strict=True) if answer.code not in ("da", None)
    ]
    kept = share(len(texts) - len(lost), len(texts))
    print(f"\n{name}: kept {interval(kept)}; {len(texts) / seconds:,.0f} documents a second, doubtful ones and all")
    for key, text, answer in lost[:most]:
        print(f"  {key} {answer.code} {answer.margin:+.1f}: {text[:60]!r}")
    return kept


def literature(samples: Path, listed: bool) -> dict[str, Figure]:
    """Print and return what is kept of the works that a reader calls Danish, the long and the short."""
    with VERDICTS.open(encoding="utf-8", newline="") as file:
        verdicts = {row["id"]: row["verdict"] for row in csv.DictReader(file, delimiter="\t")}
    counts: Counter[tuple[str, bool]] = Counter()
    for key, title, text in danish("adl", samples):
        answer = language.detect(text, "da")
        kind = "long" if len(text) >= _SHORT else "short"
        verdict = "danish" if answer.danish else verdicts.get(key, "unread")
        if not answer.danish and listed:
            print(f"  {key} {answer.code} {verdict} {len(text)} {title[:40]!r} {' '.join(text.split())[:70]!r}")
        if verdict == "unread":
            print(f"  not read yet, counted as lost: {key}")
        counts["foreign" if verdict in ("foreign", "mixed") else kind, answer.danish] += 1
    figures = {
        f"adl {kind}": share(counts[kind, True], counts[kind, True] + counts[kind, False]) for kind in ("long", "short")
    }
    for name, figure in figures.items():
        print(f"{name}: kept {interval(figure)}")
    print(f"foreign by a reader's verdict and left out: {counts['foreign', False]}")
    return figures


def newspapers(samples: Path) -> Figure:
    """Print and return the share of newspaper pages of 1795 that is kept."""
    pages = []
    for name, body in bodies(samples / NEWSPAPERS):
        if name.endswith(".alto.xml"):
            text = "\n\n".join(_alto(body))
            if len(text) >= _SHORT:
                pages.append((name.rpartition("/")[2], language.detect(text, "da")))
    kept = share(sum(answer.danish for _, answer in pages), len(pages))
    print(f"\nnewspapers of 1795, pages as the machine read them: kept {interval(kept)}")
    for name, answer in pages:
        print(f"  {name} {answer.code} {answer.margin:+.1f} foreign {answer.foreign:.0%}")
    return kept


def _alto(body: bytes) -> Iterator[str]:
    for block in parse_xml(body).iter("{*}TextBlock"):
        yield " ".join(str(word.get("CONTENT")) for word in block.iter("{*}String"))


def speed(samples: Path, times: int = 7) -> dict[str, Figure]:
    """Print and return how many clear texts of 4.5 kB a core decides in a second, and how many are clear."""
    figures = {}
    for name in ("retsinformation", "folketingstidende", "adl"):
        texts = [
            text.encode()[:_SIZE].decode("utf-8", "ignore")
            for _, _, text in danish(name, samples)
            if len(text) >= _SIZE
        ]
        texts = texts[:2000]
        clear = [text for text in texts if is_clear(text)]
        of_all = f"{len(clear) / len(texts):.1%} of {len(texts):,}"
        took = min(_seconds(clear) for _ in range(times))
        print(f"{name}: {len(clear) / took:,.0f} a second of the {of_all} that are clear")
        figures[f"per second {name}"] = Figure(round(len(clear) / took), len(clear))
        figures[f"clear {name}"] = share(len(clear), len(texts))
    return figures


def is_clear(text: str) -> bool:
    """Whether the first look decides."""
    paragraphs = language._spread(text.split("\n\n"))
    return language._look(paragraphs, language._LOOK).clearly_danish


def _seconds(texts: Sequence[str]) -> float:
    begun = time.process_time()
    for text in texts:
        language.detect(text, "da")
    return time.process_time() - begun


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--samples", type=Path, default=Path(__file__).parents[2] / "shared/data")
    parser.add_argument("--show", type=int, default=10, help="how many wrong decisions to show")
    parser.add_argument("--list", action="store_true", help="list every work of literature called foreign")
    parser.add_argument("--record", action="store_true", help="keep the figures in cleaning/measured.json")
    options = parser.parse_args()
    treebanks = sentences(options.samples)
    figures: dict[str, Figure] = {}
    for name, guess in guesses().items():
        for length in LENGTHS:
            for code, figure in confusion(name, guess, treebanks, length).items():
                if name == "frisat" or code in ("da", "nb"):
                    figures[f"{name} {length} {code}"] = figure
    print("\nwrong decisions on single sentences")
    wrong(treebanks, options.show)
    for source in ("retsinformation", "folketingstidende"):
        figures[f"kept {source}"] = documents(source, options.samples, options.show)
    print("\nliterature")
    figures |= literature(options.samples, options.list)
    figures["kept newspapers 1795"] = newspapers(options.samples)
    print("\nspeed on clear texts of 4.5 kB")
    figures |= speed(options.samples)
    if options.record:
        record("language", stage("language"), figures)


if __name__ == "__main__":
    main()
