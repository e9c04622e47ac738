"""The rules of rights over the command line: each refuses its bad case, and passes its good one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from frisat.files import canonical_json
from frisat.parquet import write_parquet
from frisat.schema import PUBLISHED, RECORDS
from licensing import Capture, Decision, Register, capture, parse_scope, rules
from publishing import current_rows, load_rows, select
from publishing.release import sums
from sources import Archive, find_source

if TYPE_CHECKING:
    from tests.conftest import Desk
    from tests.flows.conftest import Ended

    CommandLine = Callable[..., Ended]

ROW = {
    "id": "1", "text": "Byrådet besluttede i går at udskyde sagen, fordi bilaget kom ud efter fristen.", "title": "Sag",
    "document_type": "minutes", "created": "2000-05-01", "url": "https://example.org/1",
}  # fmt: skip
SAID = "Teksterne er frie. Alle tekster udgives under CC0 1.0."
QUOTE = "Alle tekster udgives under CC0 1.0."


def deliver(desk: Desk, row: dict[str, Any] | None = None, **descriptor: Any) -> None:
    desk.deliver("minutes", [{**ROW, **(row or {})}], **descriptor)
    desk.build()


def record(desk: Desk, evidence: dict[str, Any] | None = None, **changes: Any) -> Decision:
    """Write a decision into the register as it is, whatever it lacks; ``evidence`` is what it rests on."""
    register = Register(desk.workspace.register)
    said = {"content": SAID.encode(), "name": "terms.txt", **(evidence or {})}
    quote = said.pop("quote", QUOTE)
    kept = capture(register, "minutes", Capture(**said), quote)
    claim = find_source(desk.workspace, "minutes").descriptor.rights_sha256()
    decision = Decision(
        decision_id="minutes-1", source="minutes", scope=parse_scope(None), status="cleared", license="CC0-1.0",
        legal_basis="licence", attribution=None, evidence_ids=(kept.evidence_id(),), reasoning="r", doubts="d",
        not_checked="n", decided_by="first", second_reviewer=None, decided_at="2041-03-01T12:00:00.000+00:00",
        review_due=date(2043, 1, 1), rights_sha256=claim,
    )  # fmt: skip
    decision = replace(decision, **changes)
    register.append([("evidence", kept.body()), ("decision", decision.body())])
    return decision


AGREEMENT: dict[str, Any] = {
    "rightsholder": "Forlaget", "proof_of_title": "Kontrakt", "works": "Alle", "grants": {"publish_text": "yes"},
    "territory": "DK", "term_start": "2040-01-01", "term_end": "2042-01-01", "fee_class": "none",
    "outgoing_licence": "CC-BY-4.0", "revocation": "Ingen", "personal_data": "Ingen", "signatory": "Direktøren",
    "signed_on": "2040-01-01", "signed_sha256": "a" * 64, "public_summary": "Frikøbt.",
}  # fmt: skip
BOUGHT: dict[str, Any] = {
    "status": "bought_out", "license": "LicenseRef-Agreement-1", "legal_basis": "agreement",
    "second_reviewer": "second", "agreement": AGREEMENT, "attribution": "Forlaget",
}  # fmt: skip
BY: dict[str, Any] = {"license": "CC-BY-4.0", "attribution": "{title}"}
NINE: dict[str, Any] = {"license": "LicenseRef-DK-OPHL-9", "legal_basis": "not_copyright_dk_9"}
WIKI = {"url": "https://da.wikipedia.org/wiki/Sag"}
SHARE: dict[str, Any] = {"license": "CC-BY-SA-4.0", "attribution": "{title}"}

# Rules that look at a decision and its evidence: what the evidence is, and the decision; first bad, then good.
DECISIONS: dict[str, list[tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any]]]] = {
    "L05": [({}, {"evidence_ids": ("e-none",)}, {}, {}), ({}, {"evidence_ids": ()}, {}, {})],
    "L06": [({"scope": scope}, {}, {"scope": "item"}, {}) for scope in ("platform", "collection", "annotation")],
    "L08": [
        ({}, {"declared": "CC-BY-NC-4.0"}, {}, {"declared": "CC-BY-4.0"}),
        ({}, {"declared": "CC BY-ND 4.0"}, {}, {"declared": "CC0-1.0"}),
        ({}, {"declared": "unknown"}, {}, {"declared": "Se vores side"}),
        ({}, {"declared": "cc"}, {}, {}),
        ({}, {"declared": "CC BY"}, {}, {"declared": "CC BY 4.0"}),
        ({}, {"declared": "All rights reserved"}, {}, {}),
        ({}, {"detected": ({"licence": "CC-BY-NC-SA-3.0", "where": "meta", "sure": "high"},)}, {}, {}),
        ({"content": f"{SAID} Alle rettigheder forbeholdes.".encode()}, {}, {}, {}),
    ],
    "L12": [
        (
            {},
            {"detected": ({"licence": "CC-BY-4.0", "where": "meta", "sure": "high"},
                          {"licence": "CC-BY-SA-4.0", "where": "json-ld", "sure": "high"})},
            {},
            {"detected": ({"licence": "CC-BY-4.0", "where": "meta", "sure": "high"},), "declared": "CC-BY-4.0"},
        ),
        (
            {},
            {"detected": ({"licence": "CC-BY-4.0", "where": "meta", "sure": "high"},), "declared": "CC0-1.0"},
            {},
            {"detected": ({"licence": "CC-BY-4.0", "where": "meta", "sure": "high"},), "declared": "CC0-1.0",
             "weighed": {"L12": "The meta element is the platform's."}},
        ),
        (
            {"content": f"{SAID} Du må ikke hente alle artikler.".encode()}, {},
            {"content": f"{SAID} Du må gerne hente alle artikler.".encode()}, {},
        ),
    ],
    "L15": [
        ({"content": f"{SAID} {words}".encode()}, {}, {"content": f"{SAID} {words}".encode(), **good}, more)
        for words in (
            "Vi tager forbehold for tekst- og datamining.",
            "The texts may not be used for AI training.",
        )
        for good, more in (({}, {"weighed": {"L15": "It is said of the pictures."}}), ({"kind": "statute"}, {}))
    ]
    + [({"signals": {"tdm": {"reservation": 1, "from": "tdmrep"}}}, {}, {"signals": {"tdm": {"reservation": 0}}}, {})],
    "L13": [
        (
            {"url": "https://huggingface.co/datasets/x", "name": "https://huggingface.co/datasets/x"}, {},
            {"url": "https://example.org/terms", "name": "https://example.org/terms"}, {},
        ),
        (
            {"url": "https://github.com/x/y", "name": "y"}, {},
            {"url": "https://github.com/x/y", "name": "y"}, {"weighed": {"L13": "The publisher's own repository."}},
        ),
    ],
    "L14": [
        (
            {}, {"detected": ({"licence": "CC0-1.0", "where": "anchor", "sure": "low"},)},
            {}, {"detected": ({"licence": "CC0-1.0", "where": "meta", "sure": "high"},)},
        )
    ],
    "L16": [
        ({}, {**BOUGHT, "agreement": change}, {}, BOUGHT)
        for change in (
            None,
            {**AGREEMENT, "term_end": "2041-02-28"},
            {**AGREEMENT, "term_start": "2041-03-02"},
            {**AGREEMENT, "grants": {"publish_text": "no"}},
            {**AGREEMENT, "grants": {"train": "yes"}},
            {key: value for key, value in AGREEMENT.items() if key != "outgoing_licence"},
            {key: value for key, value in AGREEMENT.items() if key != "signed_sha256"},
            {**AGREEMENT, "signed_on": "2041-03-02"},
        )
    ]
    + [
        ({}, {**BOUGHT, "second_reviewer": None}, {}, {**BOUGHT, "agreement": {**AGREEMENT, "term_end": "2041-03-01"}}),
    ],
    "L19": [({}, {**SHARE, "license": "CC-BY-SA-1.0"}, {}, {**SHARE, "license": "CC-BY-SA-3.0"})],
    "L20": [
        ({}, {"review_due": date(2041, 4, 30)}, {}, {"review_due": date(2041, 5, 1)}),
        ({}, {"review_due": date(2041, 3, 1)}, {}, {}),
    ],
}  # fmt: skip

# Rules that look at a document: the document, the decision, what its source is; first bad, then good.
Case = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]
DOCUMENTS: dict[str, list[tuple[Case, Case]]] = {
    "L10": [
        (({**WIKI, "created": "2023-06-07"}, {**SHARE, "license": "CC-BY-SA-3.0"}, {}),
         ({**WIKI, "created": "2023-06-06"}, {**SHARE, "license": "CC-BY-SA-3.0"}, {})),
        (({**WIKI, "created": "2023-06-06"}, SHARE, {}), ({**WIKI, "created": "2023-06-07"}, SHARE, {})),
        (({**WIKI, "created": None}, SHARE, {}), ({"created": None}, SHARE, {})),
        (({**WIKI, "created": "2023"}, SHARE, {}), ({**WIKI, "created": "2024"}, SHARE, {})),
        (({"url": "https://da.wikinews.org/x"}, BY, {}),
         ({"url": "https://da.wikinews.org/x"}, {**BY, "license": "CC-BY-2.5"}, {})),
    ],
    "L11": [
        (({"document_type": kind}, NINE, {"document_types": ["LOV", "Vejledning"]}),
         ({"document_type": "LOV"}, NINE, {"document_types": ["LOV", "Vejledning"]}))
        for kind in ("BEK", "Vejledning", None)
    ],
    "L21": [
        (({"created": "1966"}, {}, {"archive": True, "personal_data": "private_persons"}),
         ({"created": "1965"}, {}, {"archive": True, "personal_data": "private_persons"})),
        (({"created": "2021"}, {}, {"archive": True}), ({"created": "2020"}, {}, {"archive": True})),
        (({"created": None}, {}, {"archive": True}), ({"created": None}, {}, {})),
        (({"created": "1950-01-01, 1966-01-01"}, {}, {"archive": True, "personal_data": "sensitive"}),
         ({"created": "1950-01-01, 1965-12-31"}, {}, {"archive": True, "personal_data": "sensitive"})),
    ],
}  # fmt: skip


def fired(desk: Desk, command_line: CommandLine) -> tuple[int, set[str]]:
    """Return how ``frisat review check`` ends, and the rules that it names."""
    ended = command_line(desk, "review", "check", "--json")
    return ended.code, {finding["rule"] for finding in ended.json()["findings"]}


def withheld(desk: Desk) -> list[str]:
    """Return the reasons against the one document."""
    planned = desk.release(plan_only=True).sources
    (source,) = [source for source in planned if source["name"] == "minutes"]
    return list(source["counts"]["reasons"])


CASES = [(rule, number) for rule, cases in DECISIONS.items() for number in range(len(cases))]


@pytest.mark.parametrize(("rule", "number"), CASES)
def test_a_decision(desk: Desk, command_line: CommandLine, rule: str, number: int) -> None:
    bad_evidence, bad, good_evidence, good = DECISIONS[rule][number]
    deliver(desk)
    record(desk, bad_evidence, **bad)
    code, found = fired(desk, command_line)
    warns = rules()[rule].severity == "W"
    assert rule in found
    assert code == (0 if warns else 3)
    assert withheld(desk) == ([] if warns else ["rights:needs_review"])
    record(desk, good_evidence, **good)
    assert rule not in fired(desk, command_line)[1]
    assert withheld(desk) == []


DOCUMENT_CASES = [(rule, number) for rule, cases in DOCUMENTS.items() for number in range(len(cases))]


@pytest.mark.parametrize(("rule", "number"), DOCUMENT_CASES)
def test_a_document(desk: Desk, command_line: CommandLine, rule: str, number: int) -> None:
    for (row, decision, said), bad in zip(DOCUMENTS[rule][number], (True, False), strict=True):
        descriptor = dict(said)
        kinds, archive = descriptor.pop("document_types", ["minutes"]), descriptor.pop("archive", False)
        personal = descriptor.pop("personal_data", "none")
        folder = desk.folder("minutes", [{key: v for key, v in {**ROW, **row}.items() if v is not None}])
        text = (folder / "source.toml").read_text("utf-8").replace('["minutes"]', json.dumps(kinds))
        text = text.replace('personal_data = "none"', f'personal_data = "{personal}"\narchive = {str(archive).lower()}')
        (folder / "source.toml").write_text(text, "utf-8")
        with desk.workspace.lock("test"):
            from frisat.report import Silent
            from sources import harvest_delivery

            harvest_delivery(desk.workspace, "minutes", folder, Silent())
        desk.build()
        record(desk, **decision)
        code, found = fired(desk, command_line)
        assert (rule in found) is bad
        assert code == (3 if bad else 0)
        reason = "access_period" if rule == "L21" else "rights:needs_review"
        assert withheld(desk) == ([reason] if bad else [])


def test_an_expired_decision_is_named(desk: Desk, command_line: CommandLine) -> None:
    deliver(desk)
    record(desk, review_due=date(2041, 2, 28))
    assert fired(desk, command_line) == (3, {"L07"})
    assert withheld(desk) == ["rights:expired"]
    record(desk, review_due=date(2042, 1, 1))
    assert fired(desk, command_line) == (0, set())


def test_a_claim_that_changed_is_named(desk: Desk, command_line: CommandLine) -> None:
    deliver(desk)
    record(desk, rights_sha256="0" * 64)
    ended = command_line(desk, "review", "check", "minutes", "--json")
    (finding,) = ended.json()["findings"]
    assert (finding["rule"], finding["what"]) == ("L07", "the source's claim is no longer the one it was made for")


@pytest.mark.parametrize(
    ("weighed", "reserved", "broken"), [({}, 1, True), ({}, 0, False), ({"L15": "Asked."}, 1, False)]
)
def test_a_reservation_at_retrieval(
    desk: Desk, command_line: CommandLine, weighed: dict[str, str], reserved: int, broken: bool
) -> None:
    deliver(desk)
    signals = canonical_json({"tdm": {"reservation": reserved, "from": "tdmrep"}})
    (part,) = Archive(desk.workspace, "minutes").parts()
    rows = [{**row, "signals": signals} for row in pq.read_table(part).to_pylist()]
    write_parquet(part, [pa.Table.from_pylist(rows, schema=RECORDS)], RECORDS, text="body")
    record(desk, weighed=weighed)
    assert fired(desk, command_line) == ((3, {"L15"}) if broken else (0, set()))
    if not broken:
        assert desk.release().version == "v1.0.0"


def test_a_register_that_was_edited(desk: Desk, command_line: CommandLine) -> None:
    deliver(desk)
    record(desk)
    assert fired(desk, command_line) == (0, set())
    path = desk.workspace.register / "register.jsonl"
    path.write_text(path.read_text("utf-8").replace('"reasoning":"r"', '"reasoning":"x"'), "utf-8")
    assert fired(desk, command_line) == (3, {"L17"})


def test_a_register_that_was_cut_back(one: Desk, command_line: CommandLine) -> None:
    record(one, reasoning="Looked at again.", license="CC-BY-4.0", attribution="{title}")
    assert fired(one, command_line) == (0, set())
    path = one.workspace.register / "register.jsonl"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:1]), "utf-8")
    code, found = fired(one, command_line)
    assert (code, "L17" in found) == (3, True)


# Rules over a finished release: something is done to it, and the sums made to fit again.


def _rows(**changes: Any) -> Callable[[Path], None]:
    def change(release: Path) -> None:
        (path,) = release.glob("data/*/*.parquet")
        rows = [{**row, **changes} for row in pq.read_table(path).to_pylist()]
        write_parquet(path, [pa.Table.from_pylist(rows, schema=PUBLISHED)], PUBLISHED, text="id", published=True)

    return change


def _page(name: str, before: str, after: str) -> Callable[[Path], None]:
    def change(release: Path) -> None:
        text = (release / name).read_text("utf-8")
        assert before in text
        (release / name).write_text(text.replace(before, after), "utf-8")

    return change


def _tombstone(**changes: Any) -> Callable[[Path], None]:
    def change(release: Path) -> None:
        found = json.loads((release / "release.json").read_text("utf-8"))
        found["withdrawn"] = [
            {"id": "minutes/1", "source": "minutes", "reason": "copyright", "since": "2041-03-01", **changes}
        ]
        (release / "release.json").write_text(json.dumps(found), "utf-8")

    return change


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


RELEASES: dict[str, list[Callable[[Path], None]]] = {
    "L01": [_rows(license="CC-BY-5.0"), _rows(license="LicenseRef-Nobody"), _rows(license="free")],
    "L03": [
        _page("LICENSE.md", "## CC-BY-4.0", "## CC0-1.0"), _page("NOTICE.md", "CC-BY-4.0", "CC0-1.0"),
        _rows(license="CC0-1.0"), lambda release: _write(release / "croissant.json", "{}"),
    ],
    "L04": [_page("README.md", "license: cc-by-4.0", "license: cc0-1.0")],
    "L09": [_rows(attribution=None), _rows(attribution="  ")],
    "L11": [_rows(document_type="x")],
    "L17": [_page("rights/register.jsonl", '"reasoning":"r"', '"reasoning":"x"')],
    "L18": [_tombstone(), _tombstone(id="minutes/2", text_sha256="0" * 64)],
}  # fmt: skip
RELEASE_CASES = [(rule, number) for rule, cases in RELEASES.items() for number in range(len(cases))]


@pytest.fixture
def one(desk: Desk) -> Desk:
    """A release of one document under CC BY."""
    deliver(desk)
    record(desk, license="CC-BY-4.0", attribution="{title}")
    desk.release()
    return desk


def test_a_sound_release_breaks_no_rule(one: Desk, command_line: CommandLine) -> None:
    assert fired(one, command_line) == (0, set())
    assert command_line(one, "verify").code == 0


@pytest.mark.parametrize(("rule", "number"), RELEASE_CASES)
def test_a_release(one: Desk, command_line: CommandLine, rule: str, number: int) -> None:
    folder = one.workspace.release()
    if rule == "L11":
        path = folder / "release.json"
        path.write_text(
            path.read_text("utf-8").replace('"legal_basis": "licence"', '"legal_basis": "not_copyright_dk_9"')
        )
    RELEASES[rule][number](folder)
    (folder / "SHA256SUMS").write_text(sums(folder), "utf-8")
    code, found = fired(one, command_line)
    assert rule in found
    assert code == 3
    ended = command_line(one, "verify")
    assert ended.code == 1
    assert f"rule {rule} " in ended.err


OWN: dict[str, dict[str, Any]] = {
    "statute": NINE,
    "terms": {"license": "LicenseRef-DK-AuthorityTerms-Kommunen", "legal_basis": "terms_of_authority",
              "attribution": "{title}"},
    "agreement": BOUGHT,
}  # fmt: skip


@pytest.fixture(params=OWN)
def own(request: pytest.FixtureRequest, desk: Desk) -> Desk:
    """A release of one document under terms that are no licence of the list."""
    deliver(desk)
    record(desk, **OWN[request.param])
    desk.release()
    return desk


def _licence(**changes: Any) -> Callable[[Path], None]:
    def change(release: Path) -> None:
        found = json.loads((release / "release.json").read_text("utf-8"))
        found["licences"] = [{**row, **changes} for row in found["licences"]]
        (release / "release.json").write_text(json.dumps(found), "utf-8")

    return change


@pytest.mark.parametrize(
    ("edit", "lacking"),
    [
        (_licence(text=None), "no text"),
        (_licence(title=""), "no title"),
        (_licence(url=""), "no place to read it"),
        (_page("README.md", "license_name:", "x_license_name:"), "no name for the Hub"),
        (_page("README.md", "license_link:", "x_license_link:"), "no link for the Hub"),
    ],
)
def test_own_terms(own: Desk, command_line: CommandLine, edit: Callable[[Path], None], lacking: str) -> None:
    assert fired(own, command_line) == (0, set())
    folder = own.workspace.release()
    edit(folder)
    (folder / "SHA256SUMS").write_text(sums(folder), "utf-8")
    ended = command_line(own, "review", "check", "--json")
    (finding,) = [one for one in ended.json()["findings"] if one["rule"] == "L02"]
    assert (ended.code, finding["what"]) == (3, f"it has {lacking}")
    verified = command_line(own, "verify")
    assert (verified.code, "rule L02 " in verified.err) == (1, True)


def test_what_own_terms_say(desk: Desk) -> None:
    deliver(desk)
    record(desk, {"content": SAID.encode(), "name": "https://example.org/vilkaar", "url": "https://example.org/vilkaar"},
           **OWN["terms"])  # fmt: skip
    desk.release()
    (told,) = desk.latest().record["licences"]
    assert told["url"] == "https://example.org/vilkaar"
    assert told["text"].endswith(f"“{QUOTE}” (https://example.org/vilkaar, 2041-03-01).")
    record(desk, **OWN["agreement"])
    desk.release()
    (told,) = desk.latest().record["licences"]
    assert told["url"] == "https://creativecommons.org/licenses/by/4.0/"
    assert told["text"].endswith("Frikøbt. The public has the texts under CC-BY-4.0.")
    page = (desk.workspace.release() / "LICENSE.md").read_text("utf-8")
    assert "Frikøbt" in page
    record(desk, **OWN["terms"])
    desk.release()
    assert desk.latest().record["licences"][0]["url"] == "https://example.org/terms"


@pytest.mark.parametrize(("page", "rule"), [("README.md", "L04"), ("LICENSE.md", "L03"), ("NOTICE.md", "L03")])
def test_a_release_that_would_break_a_rule_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, page: str, rule: str
) -> None:
    from datacards import render_views as render
    from frisat.errors import RefusedError

    monkeypatch.setattr(
        "publishing.writing.render_views",
        lambda *given: {k: v.replace("CC-BY-4.0", "CC0-1.0").replace("cc-by-4.0", "cc0-1.0") if k == page else v
                        for k, v in render(*given).items()},
    )  # fmt: skip
    deliver(desk)
    record(desk, license="CC-BY-4.0", attribution="{title}")
    with pytest.raises(RefusedError, match=f"the release would break .* nothing was written:(?s:.*){rule} ") as caught:
        desk.release()
    assert caught.value.exit_code == 3
    assert desk.workspace.versions() == []


def test_every_rule_has_a_bad_case_and_a_good_one() -> None:
    tested = {*DECISIONS, *DOCUMENTS, *RELEASES, "L02", "L07", "L15"}
    assert sorted(tested) == sorted(rules()) == [f"L{number:02d}" for number in range(1, 22)]


def test_the_rules_as_data() -> None:
    refusing = [identity for identity, rule in rules().items() if rule.refuses]
    assert refusing == ["L01", "L02", "L03", "L04", "L09", "L17", "L18"]
    assert [identity for identity, rule in rules().items() if rule.severity == "W"] == ["L14", "L20"]
    assert all(rule.says and rule.fix for rule in rules().values())


def test_selection_names_the_rule_beside_the_status(desk: Desk) -> None:
    from flows.build import extract_jobs, refine_jobs
    from flows.rights import ruling_over

    deliver(desk)
    record(desk, {"scope": "platform"})
    source = find_source(desk.workspace, "minutes")
    parts = [job.target for job in refine_jobs(desk.workspace, source, extract_jobs(desk.workspace, source))]
    day = date(2041, 3, 1)
    chosen = select(current_rows(load_rows(parts)), source.descriptor, ruling_over(desk.workspace, source, day), day)
    assert chosen.reasons == [["rights:needs_review", "rights:rule_L06"]]


# What must never become a release, whatever the register holds: each is refused, and nothing is written.
REFUSED: dict[str, dict[str, Any]] = {
    "L01": {"license": "CC-BY-5.0", "attribution": "{title}"},
    "L09": {"license": "CC-BY-4.0", "attribution": None},
}


@pytest.mark.parametrize("rule", REFUSED)
def test_a_register_that_clears_too_much_makes_no_release(desk: Desk, command_line: CommandLine, rule: str) -> None:
    from frisat.errors import RefusedError

    deliver(desk)
    record(desk, **REFUSED[rule])
    with pytest.raises(RefusedError, match=rf"nothing was written:(?s:.*)\n  {rule} ") as caught:
        desk.release()
    assert caught.value.exit_code == 3
    assert desk.workspace.versions() == []
    assert command_line(desk, "review", "check", "--json").code == 3
