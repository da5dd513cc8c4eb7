"""Sign-off: what is printed in each state, and no approval that was not given."""

from __future__ import annotations

import multiprocessing
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from press.cli import common
from press.cli import main as cli
from press.content.approvals import (
    State,
    added,
    approved_words,
    fingerprint,
    months_after,
    read_approvals,
    render,
    sign,
    status,
)
from press.errors import HandoutError
from press.patients.options import Options
from press.runs.file_names import file_name
from press.runs.handout import Site, Wish, complete, make, print_one
from press.runs.signing import SignatureRequest, approve_words, diff_approval, diff_texts
from tests.support import SIGNED, check_few, copied, pages_as_built

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 23)
TOPIC = "overdose-warning"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A clinic's folder of its own, with the shipped content, telephone numbers, and no approvals."""
    copied(tmp_path)
    edit(tmp_path / "config.yaml", 'after_hours_phone: ""', 'after_hours_phone: "(212) 736-5001"')
    edit(tmp_path / "config.yaml", 'phone: ""', 'phone: "(212) 736-5000"')
    return tmp_path


def approve(folder: Path, topic: str = TOPIC, by: str = "Pat Sample", **dates: date) -> None:
    """Sign without the checks of every combination, which take seconds."""
    press = Site(folder)
    given = sign(
        press.handout(topic, "en"),
        pages_as_built(press),
        by,
        "pharmacist",
        dates.get("on", TODAY),
        dates.get("until"),
        TODAY,
    )
    (folder / "approvals.yaml").write_bytes(render(added(press.approvals(TODAY), given)))


def approve_fully(folder: Path, topic: str) -> None:
    """Sign as the command does, checks and all; it also runs in a process of its own."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        check_few(monkeypatch)
        approve_words(Site(folder), SignatureRequest(topic, "en", f"Person {topic}", "nurse", TODAY), TODAY)


BUILT = pages_as_built(Site(ROOT))


def state(folder: Path, today: date = TODAY, topic: str = TOPIC) -> State:
    press = Site(folder)
    return press.status(press.handout(topic, "en"), today).state


def printed(folder: Path, today: date = TODAY, wish: Wish = Wish.AS_IT_MAY_BE, topic: str = TOPIC) -> tuple[str, str]:
    """The file name and the words of a page."""
    press = Site(folder)
    options, _ = complete(press, Options(), today)
    made = make(press, topic, options, today, wish)
    return file_name(made, "pdf"), print_one(press, made, "text").data.decode()


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_shipped_handouts_are_drafts(folder: Path) -> None:
    name, words = printed(folder)

    assert state(folder) is State.DRAFT
    assert name.startswith("DRAFT-")
    assert words.startswith("DRAFT. Not signed off. Do not give to patients.")


def test_every_page_of_a_draft_carries_the_mark(folder: Path) -> None:
    press = Site(folder)
    options, _ = complete(press, Options(), TODAY)
    layout = print_one(press, make(press, "benefits", options, TODAY), "pdf").layout

    assert len(layout.pages) == 2
    for page in layout.pages:
        assert any("DRAFT. Not signed off" in item.line.text for item in page.items if hasattr(item, "line"))


def test_an_approved_page_is_final_and_says_who_signed(folder: Path) -> None:
    approve(folder)
    name, words = printed(folder, wish=Wish.FINAL)

    assert state(folder) is State.APPROVED
    assert not name.startswith("DRAFT-")
    assert "DRAFT" not in words
    assert "Checked by Pat Sample, pharmacist, November 2026. Next check due November 2027." in " ".join(words.split())


def test_final_refuses_a_draft_and_says_whom_to_ask(folder: Path) -> None:
    with pytest.raises(HandoutError) as caught:
        printed(folder, wish=Wish.FINAL)

    assert "not signed off" in caught.value.problems[0].message
    assert "clinician" in caught.value.problems[0].hint


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2027, 9, 23), State.APPROVED),
        (date(2027, 9, 24), State.EXPIRING),
        (date(2027, 11, 23), State.EXPIRING),
        (date(2027, 11, 24), State.EXPIRED),
    ],
)
def test_an_approval_ages(folder: Path, today: date, expected: State) -> None:
    approve(folder)

    assert state(folder, today) is expected


def test_an_expired_page_is_refused_unless_as_draft(folder: Path) -> None:
    approve(folder)
    later = date(2027, 11, 24)
    with pytest.raises(HandoutError, match="1 problem"):
        printed(folder, later)

    assert printed(folder, later, Wish.DRAFT)[0].startswith("DRAFT-")


def test_a_page_with_a_fault_cannot_be_approved(folder: Path) -> None:
    edit(folder / "handouts" / "benefits" / "en.yaml", "You cannot get hooked on it.", "It is a cure.")
    with pytest.raises(HandoutError):
        approve_fully(folder, "benefits")

    assert not (folder / "approvals.yaml").exists()


def test_one_letter_lapses_the_approval(folder: Path) -> None:
    approve(folder)
    edit(folder / "handouts" / TOPIC / "en.yaml", "An overdose can kill you", "An overdose may kill you")

    assert state(folder) is State.CHANGED


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (f"{TOPIC}/handout.yaml", "\nversion: 1.", "\nversion: 2."),
        (f"{TOPIC}/handout.yaml", "facts: [O2]", "facts: [O2, S4]"),
        ("phrases/en.yaml", "This page does not replace", "This sheet does not replace"),
        ("helplines.yaml", "1-800-487-4889", "1-800-487-4888"),
        (f"{TOPIC}/handout.yaml", "injection: 2025-12", "injection: 2026-01"),
    ],
)
def test_structure_phrases_numbers_and_labels_are_part_of_it(folder: Path, file: str, old: str, new: str) -> None:
    approve(folder)
    edit(folder / "handouts" / file, old, new)

    assert state(folder) is State.CHANGED


def test_indents_key_order_looks_and_address_are_no_part_of_it(folder: Path) -> None:
    approve(folder)
    words = folder / "handouts" / TOPIC / "en.yaml"
    text = words.read_text(encoding="utf-8")
    head, _, rest = text.partition("texts:\n")
    body, key, after = rest.partition("teach_back:\n")
    lines = [line for line in body.splitlines() if line.strip()]
    words.write_text(
        head + "texts:\n" + "\n".join("    " + line.strip() for line in reversed(lines)) + f"\n{key}{after}"
    )
    edit(folder / "config.yaml", 'name: ""', "name: Riverside Clinic")

    assert state(folder) is State.APPROVED


def test_diff_shows_the_changed_sentence_only(folder: Path) -> None:
    before = approved_words(Site(folder).handout(TOPIC, "en"))
    edit(folder / "handouts" / TOPIC / "en.yaml", "Stay until help comes", "Stay until they come")
    after = approved_words(Site(folder).handout(TOPIC, "en"))

    assert diff_texts(before, after) == [("step-stay", "Stay until help comes.", "Stay until they come.")]


def test_diff_goes_sentence_by_sentence(folder: Path) -> None:
    approve(folder)
    edit(folder / "handouts" / TOPIC / "en.yaml", "Even less can kill you.", "Even much less can kill you.")
    handout = Site(folder).handout(TOPIC, "en")
    (approval,) = Site(folder).approvals(TODAY)

    assert diff_approval(handout, approval, True) == [
        "not-used-to:",
        "  - Even less can kill you.",
        "  + Even much less can kill you.",
    ]


def test_diff_names_the_key_of_the_structure_that_changed(folder: Path) -> None:
    approve(folder)
    edit(folder / "handouts" / TOPIC / "handout.yaml", "\nversion: 1.", "\nversion: 2.")
    handout = Site(folder).handout(TOPIC, "en")
    (approval,) = Site(folder).approvals(TODAY)

    assert diff_approval(handout, approval, True) == ["handout.yaml:", "  changed: version"]


def test_a_newer_label_refuses_overdose_and_warns_on_benefits(folder: Path) -> None:
    edit(folder / "config.yaml", "label: 2025-12", "label: 2026-06")
    with pytest.raises(HandoutError):
        printed(folder)
    press = Site(folder)
    options, _ = complete(press, Options(), TODAY)

    assert any("older injection label" in p.message for p in make(press, "benefits", options, TODAY).warnings)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('by: "Pat Sample"', 'by: "Somebody Else"'),
        ('until: "2027-11-23"', 'until: "2029-11-23"'),
        ('"after detox"', '"before detox"'),
        ('handout: "overdose-warning"', 'handout: "overdose-warnings"'),
        ('on: "2026-11-23"', 'on: "2027-11-22"'),
        ('fingerprint: "', 'fingerprint: "x'),
        ("    words:", "    wrods:"),
    ],
)
def test_an_approval_changed_by_hand_is_refused(folder: Path, old: str, new: str) -> None:
    approve(folder)
    edit(folder / "approvals.yaml", old, new)

    with pytest.raises(HandoutError) as caught:
        state(folder)
    assert all(problem.place.file == "approvals.yaml" and problem.place.line for problem in caught.value.problems)


def test_a_truncated_file_never_gives_an_approval(folder: Path) -> None:
    approve(folder)
    handout, whole = Site(folder).handout(TOPIC, "en"), (folder / "approvals.yaml").read_bytes()
    assert status(handout, read_approvals(folder, [TOPIC], TODAY), TODAY, bool).state is State.APPROVED
    for size in range(0, len(whole) - 2, 197):
        (folder / "approvals.yaml").write_bytes(whole[:size])
        try:
            found = status(handout, read_approvals(folder, [TOPIC], TODAY), TODAY, bool).state
        except HandoutError:
            continue
        assert found not in (State.APPROVED, State.EXPIRING)


@pytest.mark.parametrize(
    "dates",
    [
        {"on": date(2026, 11, 24)},
        {"until": date(2026, 11, 22)},
        {"until": date(2027, 11, 24)},
    ],
)
def test_impossible_dates_are_not_signed(folder: Path, dates: dict[str, date]) -> None:
    with pytest.raises(HandoutError):
        approve(folder, **dates)

    assert not (folder / "approvals.yaml").exists()


def test_approving_twice_keeps_one_signature(folder: Path) -> None:
    approve(folder)
    approve(folder)
    press = Site(folder)

    assert len(press.approvals(TODAY)) == 1


def test_two_people_at_once_lose_no_signature(folder: Path) -> None:
    topics = ["benefits", "side-effects", TOPIC]
    context = multiprocessing.get_context("fork" if os.name == "posix" else "spawn")
    people = [context.Process(target=approve_fully, args=(folder, topic)) for topic in topics]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert [person.exitcode for person in people] == [0, 0, 0]
    assert {a.handout for a in Site(folder).approvals(TODAY)} == set(topics)


def test_what_was_written_reads_back(folder: Path) -> None:
    handout = Site(folder).handout(TOPIC, "en")
    given = sign(handout, BUILT, 'Pat "Q" Sample', "R&D: nurse # 2", TODAY, None, TODAY)
    (folder / "approvals.yaml").write_bytes(render([given]))

    (found,) = read_approvals(folder, [TOPIC], TODAY)
    assert replace(found) == given


def test_a_translation_needs_its_people(folder: Path) -> None:
    handout = replace(Site(folder).handout(TOPIC, "en"), language="es")
    assert status(handout, (), TODAY, bool).state is State.UNREVIEWED
    assert status(replace(handout, follows="0.9.0"), (), TODAY, bool).state is State.STALE

    with pytest.raises(HandoutError):
        sign(handout, BUILT, "Pat Sample", "pharmacist", TODAY, None, TODAY)


def test_old_approvals_of_one_handout_are_thinned(folder: Path) -> None:
    handout = Site(folder).handout(TOPIC, "en")
    known = ()
    for name in ("One", "Two", "Three", "Four", "Five"):
        known = added(known, sign(handout, BUILT, f"Person {name}", "nurse", TODAY, None, TODAY))

    assert [a.by for a in known] == ["Person Three", "Person Four", "Person Five"]


def test_months_are_counted_to_the_end_of_short_ones() -> None:
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert months_after(date(2027, 2, 28), 12) == date(2028, 2, 28)


def test_the_fingerprint_is_stable_over_runs() -> None:
    assert fingerprint({"b": "2", "a": "1"}) == fingerprint({"a": "1", "b": "2"})


@pytest.mark.parametrize(
    "is_few", [pytest.param(True, id="few readers"), pytest.param(False, id="all readers", marks=pytest.mark.sweep)]
)
def test_the_commands_end_to_end(is_few: bool, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common, "ROOT", folder)
    if is_few:
        check_few(monkeypatch)
    run = CliRunner().invoke
    day = ["--today", "2026-11-23"]

    assert run(cli.main, ["make", TOPIC, "--final", *day]).exit_code == 1
    signed = run(cli.main, ["approve", TOPIC, *SIGNED, *day])
    assert signed.exit_code == 0, signed.output
    assert "approved: Ana Example" in run(cli.main, ["list", *day]).output
    assert run(cli.main, ["make", TOPIC, "--final", *day]).exit_code == 0
    assert "nothing changed" in run(cli.main, ["diff", TOPIC, *day]).output
    assert run(cli.main, ["diff", "benefits", *day]).exit_code == 1
