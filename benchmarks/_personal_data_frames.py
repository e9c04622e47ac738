# ruff: noqa: E501, S311 - a frame or a confuser a line; chance is for drawing, not for secrets
"""A Danish test set for the detection of personal data: invented values in the sentences they stand in, and confusers.

Nobody is in it: persons and places are invented, CPR numbers have days of birth to come (2030 to 2057, with a seventh
digit that says so), account numbers and addresses are drawn by chance. The same seed gives the same set.
"""

from __future__ import annotations

import random
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cleaning.personal_data import Kind

_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


@dataclass(frozen=True, slots=True)
class Case:
    """A text; ``kind`` and place of the one value in it, or no kind where it holds none (a confuser)."""

    text: str
    form: str
    kind: Kind | None = None
    start: int = 0
    end: int = 0


CPR_FRAMES = (
    "CPR-nr.: {}", "Klager: Mia Tornbæk, cpr-nr. {}, Birkevænget 4", "Vedr.: Ole Krarsen, {}", "Patienten ({}) blev indlagt den 3. marts.",
    "Ansøger har personnummer {} og bor i Sønderskov.", "Mia Tornbæk\n{}\nBirkevænget 4", "sagen angår {}, som har klaget over afgørelsen",
    "Børnene er født i Nørreby: Ida {} og Bo.", "CPR {}", "Cpr.nr: {} Navn: Ole Krarsen", "Underskrift: ____ {}", "barnets cpr-nummer er {}.",
    "Navn og personnr.: Ole Krarsen {}", "Jeg hedder Ole Krarsen, {}, og jeg skriver til udvalget, fordi min sag er gået i stå.",
    "I journalen står {} som den berettigede.", "Ad {}: Kommunen har ikke svaret.", "Forælder 1: {}; forælder 2: ukendt",
    "jf. vedlagte skrivelse om {} (bilag 2)", "Fuldmagt fra Mia Tornbæk, {}, til advokaten", '"{}" stod der på kuverten.',
)  # fmt: skip
EMAIL_FRAMES = (
    "Skriv til {} senest fredag.", "E-mail: {}", "Mail: {} Telefon: se nedenfor", "Kontakt mig på {}, hvis I har spørgsmål.",
    "Med venlig hilsen\nMia Tornbæk\n{}", "Fra: Ole Krarsen <{}>", "(sendt fra {})", "Svar bedes sendt til {}. Tak.", "{}; kopi til udvalget",
    "min adresse er {}, men jeg læser den sjældent",
)  # fmt: skip
PHONE_FRAMES = (
    "Tlf. {}", "Telefon: {}", "tlf.nr. {}", "Mobil {}", "Mob.: {}", "Ring til mig på {} efter kl. 17.", "Du kan ringe på {}.",
    "Mit telefonnummer er {}.", "Kontakt: Mia Tornbæk, telefon {}, Birkevænget 4", "tlf: {} (aften)", "Telefax {}", "Direkte tlf. {}",
    "Jeg kan træffes på tlf. {} hele dagen.", "Med venlig hilsen\nOle Krarsen\nTlf.: {}", "Mobilnummer: {}", "Hun svarede ikke på mobil {}, og brevet kom retur.",
    "Borgeren blev ringet op på telefonnummer {} den 4. maj.", "T: {}",
)  # fmt: skip
IBAN_FRAMES = (
    "IBAN: {}", "Beløbet overføres til {}.", "IBAN-nr. {}, BIC ABCDDKKK", "Kontoen {} tilhører ansøgeren.", "Betaling sker til IBAN {} inden den 1.",
    "Udenlandsk overførsel: {}",
)  # fmt: skip
KONTO_FRAMES = (
    "Reg.nr. {reg} kontonr. {account}", "Reg. nr.: {reg}, kontonr.: {account}", "Beløbet bedes indsat på konto {reg} {account}.", "kontonr. {reg}-{account}",
    "Konto: {reg} {account}", "NemKonto {reg} {account}", "Bankkonto: {reg}-{account}", "registreringsnummer {reg} og kontonummer {account}",
    "Bank: Sønderskov Sparekasse {reg} {account}", "reg. {reg} konto {account}", "Lønkonto {reg}/{account}", "Min bankkonto er {reg} {account}",
    "Kontonummer: {reg} {account} (Nørreby Bank)", "på kontoen {reg} {account} i banken",
)  # fmt: skip


def _cpr(chance: random.Random) -> str:
    """Return ten digits of somebody yet to be born; half of them pass modulus 11, a fifth are born on 1 January."""
    for _ in range(1000):
        year, month = chance.randint(30, 57), chance.randint(1, 12)
        day = chance.randint(1, monthrange(2000 + year, month)[1])
        if chance.random() < 0.2:
            day, month = 1, 1
        digits = f"{day:02}{month:02}{year:02}{chance.randint(5, 8)}{chance.randint(0, 999):03}"
        if chance.random() < 0.5 or sum(w * int(d) for w, d in zip(_WEIGHTS, digits, strict=True)) % 11 == 0:
            return digits
    raise AssertionError("no number was drawn")


def _noise(digits: str, chance: random.Random) -> str:
    return "".join(
        chance.choice({"0": "Oo", "1": "lI"}.get(d, d)) if chance.random() < 0.5 else d for d in digits
    )  # fmt: skip


_CPR_FORMS: dict[str, Callable[[str, random.Random], str]] = {
    "hyphen": lambda d, _: f"{d[:6]}-{d[6:]}",
    "dash": lambda d, c: f"{d[:6]}{c.choice('–—−‐‑')}{d[6:]}",
    "space": lambda d, c: f"{d[:6]}{c.choice([' ', chr(0xA0)])}{d[6:]}",
    "none": lambda d, _: d,
    "spaced hyphen": lambda d, c: f"{d[:6]}{c.choice([' - ', ' -', '- ', ' – '])}{d[6:]}",
    "line break": lambda d, c: f"{d[:6]}{c.choice(['-' + chr(10), chr(10), chr(10) + '-', '- ' + chr(10)])}{d[6:]}",
    "OCR, hyphen": lambda d, c: f"{_noise(d[:6], c)}-{_noise(d[6:], c)}",
}


def _email(chance: random.Random) -> str:
    name = chance.choice(
        ("mia.tornbaek", "ole_krarsen", "m-t", "krarsen47", "åse", "OLE.KRARSEN", "post+klage", "mt", "o.k.1")
    )
    host = chance.choice(
        (
            "nowhere.example.dk",
            "example.org",
            "sønderskov-eksempel.dk",
            "EXAMPLE.COM",
            "mail.example.net",
            "eksempel.nu",
        )
    )
    return f"{name}@{host}"


_EMAIL_FORMS: dict[str, Callable[[str, random.Random], str]] = {
    "plain": lambda e, _: e,
    "line break": lambda e, c: e.replace("@", c.choice(("@\n", "\n@"))),
    "[at]": lambda e, c: e.replace("@", c.choice(("[at]", "(at)", " [at] ", " (at) ", "{at}", "[AT]", "<at>"))),
    "snabel-a": lambda e, c: e.replace(
        "@", c.choice((" snabel-a ", "(snabel-a)", " (snabel-a) ", "[snabel-a]", " snabela ", "snabel-a"))
    ),
    "at and dot": lambda e, c: e.replace("@", c.choice(("[at]", "(at)", " snabel-a "))).replace(
        ".", c.choice(("[dot]", " (dot) ", " punktum ", "."))
    ),
    "apart": lambda e, _: e.replace("@", " @ "),
}


def _digits(count: int, chance: random.Random, first: str = "0123456789") -> str:
    return chance.choice(first) + "".join(chance.choice("0123456789") for _ in range(count - 1))


_PHONE_FORMS: dict[str, Callable[[str], str]] = {
    "2-2-2-2": lambda d: f"{d[:2]} {d[2:4]} {d[4:6]} {d[6:]}",
    "4-4": lambda d: f"{d[:4]} {d[4:]}",
    "8": lambda d: d,
    "dots": lambda d: f"{d[:2]}.{d[2:4]}.{d[4:6]}.{d[6:]}",
    "hyphens": lambda d: f"{d[:2]}-{d[2:4]}-{d[4:6]}-{d[6:]}",
    "+45": lambda d: f"+45 {d[:2]} {d[2:4]} {d[4:6]} {d[6:]}",
    "+45 glued": lambda d: f"+45{d}",
    "0045": lambda d: f"0045 {d[:4]} {d[4:]}",
    "(+45)": lambda d: f"(+45) {d}",
    "2-3-3": lambda d: f"{d[:2]} {d[2:5]} {d[5:]}",
}


def _iban(chance: random.Random) -> str:
    country, length = chance.choice(
        (("DK", 18), ("DK", 18), ("DK", 18), ("FO", 18), ("GL", 18), ("NO", 15), ("SE", 24), ("DE", 22))
    )
    account = _digits(length - 4, chance)
    check = 98 - int("".join(str(int(c, 36)) for c in f"{account}{country}00")) % 97
    return f"{country}{check:02}{account}"


def _fours(text: str) -> str:
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


_IBAN_FORMS: dict[str, Callable[[str], str]] = {
    "fours": _fours, "glued": lambda i: i, "hyphens": lambda i: _fours(i).replace(" ", "-"),
    "line break": lambda i: _fours(i).replace(" ", "\n", 2).replace("\n", " ", 1),
}  # fmt: skip
_ACCOUNT_FORMS: dict[str, Callable[[random.Random], str]] = {
    "10": lambda c: _digits(10, c), "7": lambda c: _digits(7, c), "3-3-4": lambda c: f"{_digits(3, c)} {_digits(3, c)} {_digits(4, c)}",
    "8": lambda c: _digits(8, c), "6": lambda c: _digits(6, c),
}  # fmt: skip


def _place(frame: str, value: str, kind: Kind, form: str) -> Case:
    start = frame.index("{}")
    return Case(frame.replace("{}", value), form, kind, start, start + len(value))


def injected(seed: int = 1) -> Iterator[Case]:
    """Yield the cases that hold a value: 2,800 CPR numbers, 1,200 e-mail addresses, 1,800 telephones, 600 + 700 accounts."""
    chance = random.Random(seed)
    for form, write in _CPR_FORMS.items():
        for number in range(400):
            frame = CPR_FRAMES[number % len(CPR_FRAMES)]
            yield _place(frame, write(_cpr(chance), chance), "cpr", form)
    for form, write in _EMAIL_FORMS.items():
        for number in range(200):
            yield _place(EMAIL_FRAMES[number % len(EMAIL_FRAMES)], write(_email(chance), chance), "email", form)
    for form, shape in _PHONE_FORMS.items():
        for number in range(180):
            frame = PHONE_FRAMES[number % len(PHONE_FRAMES)]
            yield _place(frame, shape(_digits(8, chance, "2345679")), "telefon", form)
    for form, shape in _IBAN_FORMS.items():
        for number in range(150):
            yield _place(IBAN_FRAMES[number % len(IBAN_FRAMES)], shape(_iban(chance)), "iban", form)
    for form, draw in _ACCOUNT_FORMS.items():
        for number in range(140):
            frame, reg, account = (
                KONTO_FRAMES[number % len(KONTO_FRAMES)],
                _digits(4, chance, "123456789"),
                draw(chance),
            )
            text = frame.format(reg=reg, account=account)
            yield Case(text, form, "konto", text.index(reg), text.index(account) + len(account))


def _date_like(chance: random.Random) -> str:
    """Return ten digits of which the first six are a date: what a number of something else may look like too."""
    return f"{chance.randint(1, 28):02}{chance.randint(1, 12):02}{_digits(6, chance)}"


_CONFUSERS: dict[str, Callable[[random.Random], str]] = {
    "CPV": lambda c: f"Udbuddet omfatter CPV {_digits(8, c, '1234567')}-{c.randint(1, 9)} og andre ydelser.",
    "customs code": lambda c: f"varer henhørende under {c.randint(10, 97)}.{c.randint(10, 29)}.{c.randint(10, 29)}.{c.randint(10, 99)}, dog undtaget",
    "EAN": lambda c: f"EAN 57 98 000 {_digits(2, c)} {_digits(2, c)} {_digits(2, c)}",
    "EAN, glued": lambda c: f"EAN-nr. 5798{_digits(9, c)}",
    "CVR": lambda c: f"CVR: {_digits(4, c, '123')} {_digits(4, c)}",
    "CVR, glued": lambda c: f"Selskabet Nørreby Fjernvarme, CVR-nr. {_digits(8, c, '123')}, har hjemsted i Nørreby.",
    "CVR, pairs": lambda c: f"CVR-nr. {_digits(2, c, '123')} {_digits(2, c)} {_digits(2, c)} {_digits(2, c)}",
    "hours": lambda c: f"Kl {c.randint(10, 14)}00 {c.randint(15, 18)}00",
    "telephone hours": lambda c: f"Telefon: {c.randint(10, 11)}.00-{c.randint(12, 15)}.30 på hverdage",
    "years, dash lost": lambda c: f"Digteren ({c.randint(1700, 1799)}{c.randint(1800, 1860)}) skrev salmer.",
    "index pages": lambda c: f"Sogneråd, {' '.join(str(n) for n in sorted(c.sample(range(11, 99), 4)))}",
    "index pages, many": lambda c: f"Veje {' '.join(str(n) for n in sorted(c.sample(range(11, 99), 7)))}",
    "P-number": lambda c: f"P-nr. 10{_digits(8, c, '01')}",
    "P-numbers": lambda c: f"P-numre: 1012{_digits(6, c)}, 1003{_digits(6, c)} og 1007{_digits(6, c)}",
    "ISBN-10": lambda c: f"ISBN {_date_like(c)}",
    "ISBN, hyphens": lambda c: f"ISBN 87-{_digits(4, c)}-{_digits(3, c)}-{_digits(1, c)}",
    "ISBN-13": lambda c: f"ISBN-13: 978-87-{_digits(6, c)}-{_digits(1, c)}-{_digits(1, c)}",
    "law": lambda c: f"lov nr. {c.randint(100, 1999)} af {c.randint(1, 28)}. juni {c.randint(1990, 2024)}, § {c.randint(1, 99)}, stk. {c.randint(1, 9)}",
    "law, short date": lambda c: f"lovbekendtgørelse nr. {c.randint(100, 1999)} af {c.randint(10, 28)}.{c.randint(10, 12)}.{c.randint(1990, 2024)}",
    "paragraphs": lambda c: f"§§ {c.randint(10, 20)}, {c.randint(21, 30)}, {c.randint(31, 40)} og {c.randint(41, 60)} i lov {c.randint(10, 99)}-{c.randint(10, 99)}",
    "EU act": lambda c: f"forordning (EU) {c.randint(2010, 2023)}/{c.randint(100, 2500)} og KOM({c.randint(2010, 2023)}) {c.randint(100, 900)}",
    "CELEX": lambda c: f"CELEX 3{c.randint(2010, 2023)}R{_digits(4, c)}, EUT L {c.randint(100, 300)} af {c.randint(10, 28)}.{c.randint(10, 12)}.{c.randint(2010, 2023)}",
    "journal": lambda c: f"J.nr. {c.randint(2010, 2024)}-{_digits(4, c)}-{_digits(4, c)}",
    "journal, ten": lambda c: f"j.nr. {_date_like(c)}",
    "case": lambda c: f"Sagsnr. {c.randint(2010, 2024)}{_digits(4, c)} er afsluttet.",
    "case, ten": lambda c: f"sagsnummer {_date_like(c)}",
    "court": lambda c: f"BS-{_digits(5, c)}/{c.randint(2015, 2024)}-OLR",
    "KLE": lambda c: f"{c.randint(10, 28)}.{c.randint(10, 36)}.00-G01-{c.randint(1, 12)}-{c.randint(15, 24)}",
    "invoice": lambda c: f"Faktura nr. {_date_like(c)} forfalder den 1.",
    "order": lambda c: f"ordrenummer {_date_like(c)}",
    "article": lambda c: f"Varenr.: {_date_like(c)}",
    "customer": lambda c: f"kundenr. {_date_like(c)[:6]} {_digits(4, c)}",
    "amount": lambda c: f"i alt {c.randint(10, 99)}.{_digits(3, c)}.{_digits(3, c)} kr.",
    "amount, glued": lambda c: f"i alt {_date_like(c)} kr.",
    "amounts": lambda c: f"{c.randint(100, 999)}.{_digits(3, c)} {c.randint(100, 999)}.{_digits(3, c)} {c.randint(10, 99)},{_digits(2, c)} {c.randint(10, 99)},{_digits(2, c)}",
    "bare eight": lambda c: f"Nummeret {_digits(8, c, '123456789')} står på kassen.",
    "bare pairs": lambda c: f"Lottotallene blev {c.randint(10, 19)} {c.randint(20, 29)} {c.randint(30, 33)} {c.randint(34, 36)}",
    "budget account": lambda c: f"§ {c.randint(10, 29)}.{c.randint(10, 99)}.{c.randint(10, 99)}, konto {c.randint(10, 29)}.{c.randint(10, 99)}.{c.randint(10, 99)}.{c.randint(10, 99)}",
    "ledger account": lambda c: f"overført fra konto {c.randint(1000, 9999)} til konto {c.randint(10000, 99999)} med {c.randint(10, 99)}.{_digits(3, c)} kr.",
    "dates": lambda c: f"fra {c.randint(10, 28)}.{c.randint(10, 12)}.{c.randint(1990, 2024)} til {c.randint(10, 28)}-{c.randint(10, 12)}-{c.randint(1990, 2024)}",
    "date and year": lambda c: f"i perioden {c.randint(10, 28)}.{c.randint(10, 12)}.{c.randint(10, 24)}-{c.randint(2025, 2031)}",
    "timestamp": lambda c: f"{c.randint(2010, 2024)}{c.randint(1, 12):02}{c.randint(1, 28):02}T{c.randint(10, 23)}{c.randint(10, 59)}{c.randint(10, 59)}",
    "web address": lambda c: f"https://www.example.org/dokument/{_date_like(c)}/side",
    "hash": lambda c: f"sha256 a{_date_like(c)}bf{_digits(6, c)}c",
    "session": lambda c: f"Folketinget {c.randint(2010, 2023)}-{c.randint(10, 24)}, B {c.randint(1, 200)}, 20{c.randint(10, 23)}1-M{c.randint(10, 99)}",
    "handle": lambda c: f"Følg os på @sønderskov{c.randint(1, 99)} og @{c.choice(['mia', 'ole', 'bo'])}",
    "price each": lambda c: f"{c.randint(2, 9)} stk @ {c.randint(10, 99)}.{c.randint(10, 99)} kr.",
    "inserted word": lambda c: f"Han mente [at] {c.choice(['sagen', 'mødet', 'loven'])} var slut.Derefter gik han.",
    "talk of the sign": lambda c: f"Tegnet snabel-a står {c.choice(['øverst', 'nederst', 'midt'])} på tastaturet. {c.randint(10, 99)} vidste det ikke.",
    "Swedish firm": lambda c: f"organisationsnummer 55{_digits(4, c, '6789')}-{_digits(4, c)}",
    "Norwegian number": lambda c: f"fødselsnummer {_date_like(c)}{_digits(1, c)}",
    "tax number": lambda c: f"SE-nr. {_digits(8, c, '123')} og momsnr. DK{_digits(8, c, '123')}",
    "position": lambda c: f"{c.randint(54, 57)},{_digits(6, c)} N {c.randint(8, 14)},{_digits(6, c)} Ø",
    "decimal": lambda c: f"faktoren er 0,{c.randint(20, 28)}{c.randint(13, 99)}{_digits(6, c)}",
    "land register": lambda c: f"matr.nr. {c.randint(1, 99)}ab, ejendomsnr. {_digits(6, c)}",
    "payment slip": lambda c: f"betalings-ID +71<{_digits(15, c)}+{_digits(8, c)}<",
}  # fmt: skip


def confusers(seed: int = 2) -> Iterator[Case]:
    """Yield cases without personal data, twenty of each sort, and those really seen."""
    chance = random.Random(seed)
    for form, write in _CONFUSERS.items():
        for _ in range(20):
            yield Case(write(chance), form)
    for text in (
        "CPV 66100000-1",
        "27.10.19.85",
        "EAN 57 98 000 35 48 21",
        "CVR: 1007 4002",
        "Kl 1400 1700",
        "17841797",
        "13 18 19 28",
    ):
        yield Case(text, "seen")
