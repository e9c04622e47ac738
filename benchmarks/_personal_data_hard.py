"""Cases written to be got wrong: values in forms the rules do not know, and numbers that look like what they are not.

Reported apart from the made set: they show where the rules end, not how often that happens. Nobody is in them.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks._personal_data_frames import Case
from cleaning.personal_data import Kind

_VALUES: tuple[tuple[Kind, str, str], ...] = (
    ("cpr", "Klageren, {}, har ikke hørt fra kommunen.", "01 02 47 5123"),
    ("cpr", "Klageren, {}, har ikke hørt fra kommunen.", "01.02.47-5123"),
    ("cpr", "Vedrørende {} har vi modtaget en klage.", "010247/5123"),
    ("cpr", "Vedrørende {} har vi modtaget en klage.", "010247.5123"),
    ("cpr", "CPR {}", "0 1 0 2 4 7 - 5 1 2 3"),
    ("cpr", "cpr-nr. {}", "010247-51 2 3"),
    ("cpr", "cpr-nr. {}", "O1OZ47-S12B"),
    ("cpr", "Barnet, født {}, bor hos sin mor.", "1. februar 2047 med de sidste fire cifre 5123"),
    ("cpr", "cpr-nr. {} (erstatningsnummer)", "610247-5123"),
    ("cpr", "j.nr. {}", "0102475123"),
    ("cpr", "Varenummer 12 og sagen om nr. {} er samlet.", "0102475123"),
    ("cpr", "Bilag A010247-5123.pdf: {}", "A010247-5123"),
    ("cpr", "side 3-{}", "010247-5123"),
    ("cpr", "Ida Tornbæk, nul et nul to {}.", "47 51 23"),
    ("email", "Skriv til {}.", "mia at nowhere.example.dk"),
    ("email", "Skriv til {}.", "mia (a) nowhere.example.dk"),
    ("email", "Skriv til {}.", "mia snabel nowhere.example.dk"),
    ("email", "Skriv til {}.", "mia krøllet a nowhere.example.dk"),
    ("email", "Skriv til {}.", "mia@nowhere"),
    ("email", "Skriv til {}.", "mia@nowhere,example,dk"),
    ("email", "Skriv til {}.", "mia(at)nowhere.example.museum"),
    ("email", "Skriv til {}.", "mia @nowhere.example.dk"),
    ("email", "Skriv til {}.", "mia@ nowhere .example.dk"),
    ("email", "Skriv til {}.", "mia#nowhere.example.dk"),
    ("email", "Skriv til mig hos nowhere.example.dk, jeg hedder {} dér.", "mia.tornbaek"),
    ("telefon", "Hendes nummer er {}.", "34 56 78 90"),
    ("telefon", "Hun kan kun nås om aftenen: {}", "34 56 78 90"),
    ("telefon", "Mia Tornbæk, Birkevænget 4, {}", "34 56 78 90"),
    ("telefon", "telefon hjemme hos hendes gamle mor i Nørreby {}", "34 56 78 90"),
    ("telefon", "Tlf. {}", "3 4 5 6 7 8 9 0"),
    ("telefon", "Tlf. {}", "345 67 890 12"),
    ("telefon", "Tlf. {}", "34 56 78"),
    ("telefon", "Tlf. {}", "Nørreby 47"),
    ("telefon", "Tlf. {}", "34 56 78 9O"),
    ("telefon", "Tlf. {}", "10.15-11.45"),
    ("telefon", "Telefon: fireogtredive {}", "56 78 90"),
    ("iban", "{}", "DK5 0004 0044 0116 243"),
    ("iban", "Kontoen er {}.", "DK51 0040 0440 1162 43"),
    ("iban", "Kontoen er {}.", "dk50 0040 0440 1162 43"),
    ("iban", "Kontoen er {}.", "DK50 004O O44O 1162 43"),
    ("iban", "Kontoen er {}.", "DK50  0040  0440  1162  43"),
    ("iban", "Kontoen er {}.", "DK50.0040.0440.1162.43"),
    ("iban", "Kontoen er {}.", "DK 50 00 40 04 40 11 62 44"),
    ("iban", "Kontoen er {}.", "BR1500000000000010932840814P2"),
    ("iban", "Kontoen er {}.", "50 0040 0440 1162 43 (DK)"),
    ("iban", "Kontoen er {}.", "DK50/0040/0440/1162/43"),
    ("konto", "Overfør til {}.", "1234 1234567890"),
    ("konto", "Pengene ønskes på {} i sparekassen.", "1234-1234567890"),
    ("konto", "konto {}", "1234567"),
    ("konto", "konto {}", "1234.1234567890"),
    ("konto", "Kontonummeret kender I, det er {}.", "1234 1234567890"),
    ("konto", "min konto i banken har nummer {}", "1234 1234567890"),
    ("konto", "Afdeling 1234. Nummer {}.", "1234567890"),
    ("konto", "reg. 1234, den anden del er {}", "1234567890"),
    ("konto", "MobilePay {}", "34567890"),
    ("konto", "MobilePay Box {}", "1234AB"),
    ("konto", "kort nr. {}", "4571 0000 0000 0000"),
    ("konto", "FI-kort +71< {}", "000000012345678 +12345678<"),
)  # fmt: skip
_CONFUSERS = (
    "Optællingen gav 0102475123 i alt.",
    "Målerstand 010247 5123, aflæst i maj",
    "DTG 281447 1200 lokal tid",
    "Serien begynder med 150732-6001 og ender med 150732-6999.",
    "Tegning 010247-5123 viser facaden.",
    "Registrering 120531\n1947 blev året, hvor det skete.",
    "unixtid 1612475123",
    "bestilt den 150732 5000 stk",
    "Katalog 310355-7001, 2. udgave",
    "Prøve 120147-5555 var negativ.",
    "Ring 12 34 56 78 er navnet på et kunstværk.",
    "Der blev ringet til 2041 2042 forskellige borgere.",
    "Telefoner: 1200 1300 stk. i hver kasse",
    "Mobil 10 20 30 40 km/t",
    "tlf. 2041-2047 (årgange af bogen)",
    "Fax 20 41 12 31 er datoen i koden.",
    "T: 20 30 40 50 grader",
    "+45 12 34 56 78 er forskellen mellem de to målinger.",
    "SMS 12345678 er et eksempel på en kode.",
    "telefon 00 00 00 00",
    "Jeg skrev navn@domæne.dk som et eksempel.",
    "Versionen hedder pakke@1.2.dev",
    "Følg mig på @mia@example.org i forbundet.",
    "Besøg (at)lantis.dk eller hotel(at)lantis.dk",
    "git@example.org:projekt.git",
    "ssh bruger@server.example.net",
    "3 stk @ kr.de er dyre",
    "Tast snabel-a navn.dk på tastaturet",
    "brev@et.hus stod der på skiltet",
    "IBAN DK00 0000 0000 0000 00 er et eksempel.",
    "IBAN-formatet DK12 3456 7890 1234 56 har 18 tegn.",
    "konto 2041 123456 i kontoplanen",
    "reg.nr. 2041 123456 (køretøjsregister)",
    "Konto 1000-999999 er fri.",
    "Regnskabskonto 1234 1234567 bogføres ikke.",
    "giro 413 og 4130000 er forskellige numre: giro 4130000",
    "I bank 1234 123456 ligger arkivet.",
    "konto: 2041 500000",
)


def hard() -> Iterator[Case]:
    """Yield the hard cases."""
    for kind, frame, value in _VALUES:
        start = frame.index("{}")
        yield Case(frame.replace("{}", value), "hard", kind, start, start + len(value))
    for text in _CONFUSERS:
        yield Case(text, "hard confuser")
