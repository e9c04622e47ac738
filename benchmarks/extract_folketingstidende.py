"""How fast printed transcripts are read on one core, how much memory it takes, and how clean what comes out is.

    python benchmarks/extract_folketingstidende.py [ORIGIN] [--repeat 3] [--measure]

``ORIGIN`` is a folder or an archive of transcripts' text. ``--measure`` looks at every turn: is there a letter lost or
doubled, a stamp, a tag or an agenda left in a speech, a tag in the print that opened no turn? And by what the print
says elsewhere: does who was called by the chair speak next, and has an item the case that the agenda in front gives it?
"""

from __future__ import annotations

import argparse
import re
import resource
import sys
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks._tidende import ARCHIVE, records
from benchmarks.turn_sample import read
from frisat.documents import Document, LeftOut, Record
from sources._tidende.lines import lines_of
from sources._tidende.tags import read_tag
from sources.folketingstidende import extract

_STAMP = re.compile(r"Kl\. ?[0-9]{1,2}[:.][0-9]{2}")
_AGENDA = re.compile(r"punkt(?:er)? på dagsordenen er:\s|^[0-9]+\) .*behandling af", re.MULTILINE)
_SENTENCE = re.compile(r"(?<=[a-zæøå0-9)])(?<!\b[Hh]r)[.!?] (?=[A-ZÆØÅ])")
_CALLED = re.compile(r"\b(?:[Hh]r\.|[Ff]ru) ([A-ZÆØÅÉ][\w’'-]*(?: [A-ZÆØÅÉ][\w’'-]*\.?)*)")
_BECKONED = (" Værsgo", " Værsgo.", " Velkommen", " Velkommen.")
_ITEM = re.compile(r"(?:^|(?<=[).]))([0-9]{1,3})\) [^\n]*?nr\. ([A-ZÆØÅ]{1,3} ?[0-9]{1,4}(?: [A-Z]\b)?)", re.MULTILINE)
_PARAGRAPH = re.compile(r"[a-zæøå,]\n\n[a-zæøå]")


def peak() -> float:
    """Return the most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def speed(found: list[Record]) -> float:
    """Return the MB of text a second, and nothing else done with it."""
    text, before = 0, time.process_time()
    for record in found:
        for item in extract(record):
            if isinstance(item, Document):
                text += len(item.text.encode())
    return text / 1e6 / (time.process_time() - before)


def measure(record: Record) -> Counter[str]:
    """Count what a sitting gives, and its faults."""
    count = Counter[str]()
    found = list(extract(record))
    documents = [item for item in found if isinstance(item, Document)]
    left = [item for item in found if isinstance(item, LeftOut)]
    text = record.read().decode()
    count["turns"] = len(documents)
    count["paragraphs"] = sum(document.text.count("\n\n") + 1 for document in documents)
    count["letters in"] = _dense(text)
    count["letters in speeches"] = sum(_dense(document.text) for document in documents)
    count.update({f"letters left out: {item.kind}": item.characters for item in left})
    count["ids that are taken"] = len(documents) - len({document.id for document in documents})
    for document in documents:
        count["stamps in speeches"] += len(_STAMP.findall(document.text))
        count["agendas in speeches"] += len(_AGENDA.findall(document.text))
        count["tags in speeches"] += sum(read_tag(line) is not None for line in document.text.split("\n"))
        count["paragraphs that end within a sentence"] += len(_PARAGRAPH.findall(document.text))
    count.update(called(documents))
    count.update(items(text, documents))
    count["turns found behind a tag of their speaker"] = sum(1 for _ in read(record))
    count["tags in print"] = sum(read_tag(line) is not None for line in lines_of(text) if line.endswith("):"))
    return count


def called(documents: list[Document]) -> Counter[str]:
    """Count how often who was named last by the chair is who speaks next; names may be misspelt in part."""
    count = Counter[str]()
    for chair, following in pairwise(documents):
        if not _presides(chair) or _presides(following):
            continue
        last = chair.text.rpartition("\n\n")[2]
        for word in _BECKONED:
            last = last.removesuffix(word)
        sentence = _SENTENCE.split(last)[-1]
        if names := _CALLED.findall(sentence):
            right = {part.strip(".") for part in names[-1].split()} & set(str(following.author).split())
            count["turns of whom the chair called by name"] += 1
            count["turns of somebody else than whom the chair called"] += not right
        elif sentence.endswith("inisteren.") and len(sentence.split()) < 5:
            count["turns of whom the chair called as minister"] += 1
            count["turns of no minister where the chair called one"] += "inister" not in str(
                following.details.get("role")
            )
    return count


def items(text: str, documents: list[Document]) -> Counter[str]:
    """Count how often the case of a turn is the one that the agenda in front of the print gives for its item."""
    front = dict(_ITEM.findall(text.partition("Kl. ")[0]))
    count = Counter[str]()
    for document in documents:
        item, case = document.details.get("item"), str(document.details.get("case", "S "))
        if not case.startswith(("S ", "US ")):
            count["turns under an item with a case"] += 1
            count["turns with another case than the agenda's"] += front.get(str(item)) != case
    return count


def _presides(document: Document) -> bool:
    role = str(document.details.get("role", "")).lower()
    return "formand" in role and "minister" not in role


def _dense(text: str) -> int:
    return len("".join(text.split()))


def main() -> None:
    """Print speed and memory; with ``--measure``, the counts of all sittings."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("origin", nargs="?", type=Path, default=ARCHIVE)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--measure", action="store_true")
    options = parser.parse_args()
    found = list(records(options.origin))
    before = peak()
    rates = [speed(found) for _ in range(options.repeat)]
    print(
        f"{len(found)} sittings: {max(rates):.1f} MB of text a second (of {options.repeat}), {peak() - before:.0f} MB more"  # noqa: E501
    )
    if options.measure:
        for name, number in sum(map(measure, found), Counter[str]()).items():
            print(f"{number:>12,}  {name}")


if __name__ == "__main__":
    main()
