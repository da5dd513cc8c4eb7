"""What a release changed, beside a clinic's own edits: three sides for each unit, and who must decide."""

from __future__ import annotations

import json

import pytest

from press import __version__
from press.content.changes import (
    Change,
    as_text,
    files_of_page,
    find_changes,
    hard_texts,
    overdue_problems,
    replaced_units,
    waiting_warning,
)
from press.content.required import HARD
from press.content.shipped import Record, is_managed, read_record, shipped_names, write_record
from press.delivery import installed
from press.errors import Place, Severity
from press.runs.handout import Site
from tests.support import ROOT, Release, press, told

OVERDOSE, BENEFITS = "overdose-warning/en.yaml", "benefits/en.yaml"
SIDE = "Breathing on their own? Lay them on their side."


def changes(release: Release) -> dict[str, Change]:
    return {change.id: change for change in find_changes(release.clinic)}


def test_a_new_folder_has_nothing_to_decide(release: Release) -> None:
    assert len(list(shipped_names())) > 15
    assert changes(release) == {}


def test_edits_of_the_clinic_are_no_changes(release: Release) -> None:
    release.edit(OVERDOSE, SIDE, "Ours.")
    release.edit("overdose-warning/handout.yaml", "review_months: 12", "review_months: 6")
    release.edit("helplines.yaml", "1-800-222-1222", "1-800-222-1223")

    assert changes(release) == {}


def test_what_the_release_changed_alone_is_no_choice_between_words(release: Release) -> None:
    release.ship(OVERDOSE, SIDE, "New.")
    found = changes(release)["overdose-warning/en/step-side"]

    assert (found.base, found.yours, found.new) == (SIDE, SIDE, "New.")
    assert not found.is_edited and found.facts == ("O11",)
    assert found.place.file == "handouts/overdose-warning/en.yaml" and found.place.line > 50


def test_what_both_changed_is_shown_from_three_sides(release: Release) -> None:
    release.edit(OVERDOSE, SIDE, "Breathing on their own? Ours.")
    release.ship(OVERDOSE, SIDE, "Breathing on their own? New. And more.")
    found = changes(release)["overdose-warning/en/step-side"]

    assert found.is_edited
    sides = [found.differing(side) for side in (found.base, found.yours, found.new)]
    assert sides == [["Lay them on their side."], ["Ours."], ["New.", "And more."]]


def test_the_same_edit_on_both_sides_is_no_change(release: Release) -> None:
    release.edit(OVERDOSE, SIDE, "New.")
    release.ship(OVERDOSE, SIDE, "New.")

    assert changes(release) == {}


def test_quotes_and_comments_are_no_words(release: Release) -> None:
    release.ship(OVERDOSE, f'"{SIDE}"', f"'{SIDE}'  # why")

    assert changes(release) == {}


def test_texts_and_numbers_that_come_and_go(release: Release) -> None:
    release.ship(OVERDOSE, '  step-stay: "', '  step-new: "New."\n  step-stay: "')
    release.ship("helplines.yaml", "  poison: 1-800-222-1222\n", "")
    found = changes(release)

    assert set(found) == {"overdose-warning/en/step-new", "helplines/poison"}
    assert found["overdose-warning/en/step-new"].differing("New.") == ["New."]
    assert found["helplines/poison"].new is None and not found["helplines/poison"].is_edited


def test_a_text_that_the_clinic_took_out_and_the_release_changed_is_the_clinics_choice(release: Release) -> None:
    release.edit(OVERDOSE, f'  step-side: "{SIDE}"\n', "")
    assert changes(release) == {}

    release.ship(OVERDOSE, SIDE, "New.")
    found = changes(release)["overdose-warning/en/step-side"]
    assert found.yours is None and found.is_edited


def test_what_both_took_out_is_no_change(release: Release) -> None:
    line = f'  step-side: "{SIDE}"\n'
    release.edit(OVERDOSE, line, "")
    release.ship(OVERDOSE, line, "")

    assert changes(release) == {}


def test_a_text_of_the_clinics_own_is_nobodys_business(release: Release) -> None:
    release.edit(OVERDOSE, '  step-stay: "', '  ours: "Ours."\n  step-stay: "')
    release.ship(OVERDOSE, SIDE, "New.")

    assert set(changes(release)) == {"overdose-warning/en/step-side"}


def test_a_number_to_call_and_a_block_with_a_hard_fact_are_hard(release: Release) -> None:
    release.ship("helplines.yaml", "1-800-222-1222", "1-800-222-1223")
    release.ship("helplines.yaml", "2026-11-23", "2026-11-24")
    release.ship("overdose-warning/handout.yaml", "    when: {mode: overdue}", "    when: {mode: [overdue, stopped]}")
    release.ship("overdose-warning/handout.yaml", "version: 1.3.0", "version: 1.4.0")
    release.ship("phrases/en.yaml", '  of: "of"', '  of: "out of"')

    assert {one.id: one.facts for one in changes(release).values()} == {
        "helplines/poison": ("O16",),
        "helplines:checked": (),
        "overdose-warning/handout/late": ("L1",),
        "overdose-warning/handout:version": (),
        "phrases/en/of": (),
    }


def test_every_text_of_a_block_with_a_hard_fact_is_hard_and_of_the_blocks_inside() -> None:
    found = hard_texts(press().library.structure("overdose-warning"))

    assert found["step-side"] == ("O11",) and found["late-tell"] == ("L1",) and found["way-1-name"] == ("O2",)
    assert "other-drugs" not in found  # O14 and O15 may be left out
    assert {fact for facts in found.values() for fact in facts} <= HARD


def test_blocks_in_another_order_are_a_change_of_their_own(release: Release) -> None:
    block = (
        "  - id: the-block\n    kind: paragraph\n    texts: [the-block, not-other-drugs, hidden-opioids]\n"
        "    facts: [O19, O20]\n"
    )
    release.ship("overdose-warning/handout.yaml", block, "")
    release.ship("overdose-warning/handout.yaml", "blocks:\n", f"blocks:\n{block}")
    release.edit("overdose-warning/handout.yaml", "  - id: late\n", "  - id: ours\n    kind: list\n  - id: late\n")
    found = changes(release)

    assert set(found) == {"overdose-warning/handout:blocks"}
    assert found["overdose-warning/handout:blocks"].new[0] == "the-block"
    assert "ours" not in found["overdose-warning/handout:blocks"].yours


def test_a_new_handout_and_a_new_language_are_whole_files(release: Release) -> None:
    (release.shipped / "handouts" / "leaflet").mkdir()
    for name in ("handout", "en"):
        source = (release.shipped / "handouts" / "fridge-page" / f"{name}.yaml").read_text("utf-8")
        (release.shipped / "handouts" / "leaflet" / f"{name}.yaml").write_text(source, "utf-8")

    assert set(changes(release)) == {"leaflet/en", "leaflet/handout"}


def test_a_file_that_the_clinic_took_away_does_not_come_back(release: Release) -> None:
    (release.clinic / "handouts" / "overdose-warning" / "vi.yaml").unlink()
    release.ship("overdose-warning/vi.yaml", "follows: 1.3.0", "follows: 1.4.0")

    assert changes(release) == {}


def test_who_reviewed_a_translation_is_never_a_change(release: Release) -> None:
    release.ship("overdose-warning/es.yaml", 'translator: ""', 'translator: "Ann Example"')

    assert changes(release) == {}


def test_without_a_record_every_difference_is_a_choice(release: Release) -> None:
    (release.clinic / "handouts" / "shipped.json").unlink()
    release.edit(OVERDOSE, SIDE, "Ours.")
    found = changes(release)

    assert set(found) == {"overdose-warning/en/step-side"}
    assert found["overdose-warning/en/step-side"].base is None and found["overdose-warning/en/step-side"].is_edited


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"program": "1", "files": []}', '{"program": 1, "files": {"a": {}}}']
)
def test_a_damaged_record_is_refused_with_the_way_out(release: Release, text: str) -> None:
    (release.clinic / "handouts" / "shipped.json").write_text(text, "utf-8")
    with told() as problems:
        find_changes(release.clinic)

    assert problems[0].message == "the record of the words that came with the program is damaged"
    assert problems[0].hint.startswith("take this file away, and run `update`")


def test_the_record_is_read_as_it_was_written(release: Release) -> None:
    record = read_record(release.clinic)
    write_record(release.clinic, record)

    assert read_record(release.clinic) == record
    assert json.loads(release.text("shipped.json"))["files"][BENEFITS]["units"][":language"] == "en"


@pytest.mark.parametrize(
    ("is_wheel", "has_templates", "is_waiting"),
    [(False, True, False), (False, False, True), (True, True, True), (True, False, True)],
)
def test_a_folder_without_a_record_is_a_clinics_unless_it_may_be_a_clone(
    release: Release, monkeypatch: pytest.MonkeyPatch, is_wheel: bool, has_templates: bool, is_waiting: bool
) -> None:
    monkeypatch.setattr(installed, "IS_WHEEL", is_wheel)
    (release.clinic / "handouts" / "shipped.json").unlink()
    if has_templates:
        (release.clinic / "templates").mkdir()

    assert is_managed(release.clinic) is is_waiting


def test_the_words_of_a_clone_wait_for_nothing() -> None:
    assert not is_managed(ROOT)


def test_an_older_program_does_not_bring_its_older_words(release: Release) -> None:
    files = read_record(release.clinic).files
    write_record(release.clinic, Record("0.10.0", files))
    with told() as problems:
        find_changes(release.clinic)

    assert problems[0].message == f"these words came with release 0.10.0, and this program is {__version__}"
    assert problems[0].hint == "install release 0.10.0 on this computer"


def test_a_block_is_written_a_line_for_each_thing_that_it_says() -> None:
    block = {"id": "a", "texts": ["x", {"text": "y", "needs": ["due"]}]}

    assert as_text(block) == "id: a\ntexts 1: x\ntexts 2 text: y\ntexts 2 needs 1: due"
    assert as_text("words") == "words"


def test_some_files_may_be_asked_for_alone(release: Release) -> None:
    release.ship(OVERDOSE, SIDE, "New.")
    release.ship(BENEFITS, "An overdose can kill you.", "You can die.")

    assert [change.file for change in find_changes(release.clinic, (OVERDOSE,))] == [OVERDOSE]
    assert files_of_page("wallet-card", "es") == (
        "wallet-card/handout.yaml",
        "wallet-card/es.yaml",
        "wallet-card/en.yaml",
        "helplines.yaml",
    )


def change(unit: str, line: int = 0, facts: tuple[str, ...] = ("O1",), file: str = OVERDOSE) -> Change:
    return Change(file, unit, None, "Ours.", "New.", facts, Place(f"handouts/{file}", line))


def test_without_a_record_all_that_differs_is_shown_of_both_sides() -> None:
    found = Change(OVERDOSE, "a", None, "Same. Ours.", "Same. New.")

    assert [found.differing(side) for side in (found.base, found.yours, found.new)] == [[], ["Ours."], ["New."]]
    assert not found.is_hard and change("a").is_hard


@pytest.mark.parametrize(
    ("count", "named"),
    [
        (1, "1 safety text of this release is newer than yours: `u1`"),
        (5, "5 safety texts of this release are newer than yours: `u1`, `u2`, `u3`, `u4`, `u5`"),
        (6, "6 safety texts of this release are newer than yours: `u1`, `u2`, `u3`, `u4`, `u5` and 1 more"),
        (8, "8 safety texts of this release are newer than yours: `u1`, `u2`, `u3`, `u4`, `u5` and 3 more"),
    ],
)
def test_what_is_overdue_is_told_once_for_each_file_at_the_first_of_its_lines(count: int, named: str) -> None:
    many = [change(f"u{number}", 0 if number == 1 else 50 - number) for number in range(1, count + 1)]
    other = change("poison", 9, file="helplines.yaml")
    soft = change("soft", 2, ())
    problems = list(overdue_problems([soft, *many, other], Severity.ERROR))

    assert [problem.message for problem in problems] == [
        named,
        "1 safety text of this release is newer than yours: `poison`",
    ]
    assert problems[0].place == Place(f"handouts/{OVERDOSE}", 50 - count if count > 1 else 0)
    assert {problem.severity for problem in problems} == {Severity.ERROR}
    assert {problem.hint for problem in problems} == {"`update` shows both, and takes over what you accept"}


def test_a_page_is_told_of_its_own_texts_alone_and_how_to_print_meanwhile() -> None:
    structure = press().library.structure("overdose-warning")
    changes = [change("a"), change("a", file="overdose-warning/es.yaml"), change("a", file=BENEFITS)]

    def told_of(language: str, severity: Severity) -> list[tuple[str, bool]]:
        found = overdue_problems(changes, severity, structure, language)
        return [(problem.place.file, "--as-draft" in problem.hint) for problem in found]

    card = press().library.structure("wallet-card")
    english = [change(name, 3, file="wallet-card/en.yaml") for name in ("danger", "staff-relief")]
    (problem,) = overdue_problems(english, Severity.ERROR, card, "es")
    assert problem.message == "1 safety text of this release is newer than yours: `staff-relief`"
    assert told_of("en", Severity.ERROR) == [(f"handouts/{OVERDOSE}", True)]
    assert told_of("es", Severity.WARNING) == [("handouts/overdose-warning/es.yaml", False)]


@pytest.mark.parametrize(
    ("count", "message"),
    [(0, None), (1, "1 change of this release is not"), (2, "2 changes of this release are not")],
)
def test_what_is_not_hard_is_counted_in_one_warning(count: int, message: str | None) -> None:
    found = list(waiting_warning([change("hard"), *(change(f"s{number}", 1, ()) for number in range(count))]))

    assert [problem.message[: len(message or "")] for problem in found] == ([message] if message else [])
    assert all(problem.severity is Severity.WARNING and problem.place.file == "handouts" for problem in found)


def test_shipped_words_that_a_clinics_own_stand_for_are_named_where_they_are_hard(release: Release) -> None:
    structure = press().library.structure("overdose-warning")
    assert replaced_units(release.clinic, structure, "en") == {}

    release.edit(OVERDOSE, SIDE, "Ours.")
    release.edit(OVERDOSE, "Overdose warning", "Ours")  # the title is not hard
    release.edit("overdose-warning/handout.yaml", "[step-stay, call-always]", "[call-always, step-stay]")
    release.edit("overdose-warning/es.yaml", "Una sobredosis puede causarle la muerte.", "Puede morir.")
    found = replaced_units(release.clinic, structure, "en")

    assert set(found) == {"overdose-warning/en/step-side", "overdose-warning/handout/emergency"}
    assert found["overdose-warning/en/step-side"] == SIDE
    assert found["overdose-warning/handout/emergency"].startswith("id: emergency\nkind: emergency\n")
    assert set(replaced_units(release.clinic, structure, "es")) == {
        "overdose-warning/es/main",
        "overdose-warning/handout/emergency",
    }


def test_a_number_to_call_that_a_clinics_own_stands_for_is_named_on_every_page(release: Release) -> None:
    release.edit("helplines.yaml", "1-800-222-1222", "1-800-222-1223")
    release.edit("helplines.yaml", "checked: 2026-11-23", "checked: 2026-11-24")  # is no number

    for topic, language in (("overdose-warning", "en"), ("benefits", "es")):
        structure = press().library.structure(topic)
        assert replaced_units(release.clinic, structure, language) == {"helplines/poison": "1-800-222-1222"}


def test_english_of_the_clinics_own_is_named_on_a_page_in_another_language_that_shows_it(release: Release) -> None:
    """The Spanish wallet card has a panel for staff, in English; the other texts of en.yaml are not on it."""
    structure, shipped = (
        press().library.structure("wallet-card"),
        read_record(release.clinic).files["wallet-card/en.yaml"],
    )
    for name in ("not-used-to", "danger"):
        text = shipped.units[name]
        assert isinstance(text, str) and name in hard_texts(structure)
        release.edit("wallet-card/en.yaml", text, "Ours.")

    assert replaced_units(release.clinic, structure, "es") == {
        "wallet-card/en/not-used-to": shipped.units["not-used-to"]
    }
    assert len(replaced_units(release.clinic, structure, "en")) == 2


def test_a_hard_text_of_the_clinics_own_stands_for_nothing(release: Release) -> None:
    release.edit(OVERDOSE, '  step-stay: "', '  ours: "Ours."\n  step-stay: "')
    release.edit("overdose-warning/handout.yaml", "[step-stay, call-always]", "[step-stay, ours, call-always]")
    structure = Site(release.clinic).library.structure("overdose-warning")

    assert "ours" in hard_texts(structure)
    assert set(replaced_units(release.clinic, structure, "en")) == {"overdose-warning/handout/emergency"}


def test_a_hard_text_that_the_clinic_took_out_is_replaced_by_nothing_and_signed_so(release: Release) -> None:
    release.edit(OVERDOSE, f'  step-side: "{SIDE}"\n', "")

    assert replaced_units(release.clinic, press().library.structure("overdose-warning"), "en") == {
        "overdose-warning/en/step-side": SIDE
    }
