"""A release brought to a clinic's words: what is accepted, kept and waits, and what a page may do meanwhile."""

from __future__ import annotations

import errno
from datetime import date
from pathlib import Path

import pytest

from press.content.approvals import State, added, approved_words, render, sign
from press.content.shipped import read_record
from press.delivery.files import Files
from press.errors import HandoutError, Problems
from press.patients.options import Options
from press.runs.handout import Made, Site, Wish, complete, make
from press.runs.new_folder import make_folder
from press.runs.signing import shelf as shelf_rows
from press.runs.sweep import check_files
from press.runs.update import UpdateRequest, UpdateResult, changes_for, update
from tests.support import ROOT, TODAY, Release, copied, edit, pages_as_built, told

EN, ES, STRUCTURE = "overdose-warning/en.yaml", "overdose-warning/es.yaml", "overdose-warning/handout.yaml"
SIDE, SIDE_ID = "Breathing on their own? Lay them on their side.", "overdose-warning/en/step-side"
TITLE, TITLE_ID = "How naltrexone can help", "benefits/en/title"


def run(release: Release, *accept: str, keep: tuple[str, ...] = (), dry_run: bool = False) -> UpdateResult:
    return update(UpdateRequest(release.clinic, accept, keep, dry_run))


def ids(result: UpdateResult) -> tuple[set[str], set[str], set[str]]:
    taken, kept, waiting = ({change.id for change in part} for part in (result.taken, result.kept, result.waiting))
    return taken, kept, waiting


def shelf(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def three(release: Release) -> Release:
    """Three changes: one of both sides that is hard, one of both that is not, one of the release alone."""
    release.edit(EN, SIDE, "Ours, hard.")
    release.edit("benefits/en.yaml", TITLE, "Ours")
    release.ship(EN, SIDE, "New, hard.")
    release.ship("benefits/en.yaml", TITLE, "New")
    release.ship("phrases/en.yaml", '  of: "of"', '  of: "out of"')
    return release


THREE = {SIDE_ID, TITLE_ID, "phrases/en/of"}


# What is accepted, kept and waits


def test_what_nobody_decided_waits_and_nothing_is_written(three: Release) -> None:
    before = shelf(three.clinic)

    assert ids(run(three)) == (set(), set(), THREE)
    assert shelf(three.clinic) == before


def test_the_unedited_are_taken_over_as_a_group(three: Release) -> None:
    result = run(three, "unedited")

    assert ids(result) == ({"phrases/en/of"}, set(), {SIDE_ID, TITLE_ID})
    assert result.written == ("handouts/phrases/en.yaml",)
    assert '  of: "out of"' in three.text("phrases/en.yaml") and "Ours, hard." in three.text(EN)


def test_all_takes_the_release_everywhere_but_where_somebody_keeps(three: Release) -> None:
    result = run(three, "all", keep=(TITLE_ID,))

    assert ids(result) == ({SIDE_ID, "phrases/en/of"}, {TITLE_ID}, set())
    assert "New, hard." in three.text(EN) and '"Ours"' in three.text("benefits/en.yaml")


def test_keep_all_keeps_what_is_not_hard_alone(three: Release) -> None:
    result = run(three, keep=("all",))

    assert ids(result) == (set(), {TITLE_ID, "phrases/en/of"}, {SIDE_ID})
    assert ids(run(three)) == (set(), set(), {SIDE_ID})


def test_what_was_decided_is_not_asked_again_until_it_changes_again(three: Release) -> None:
    run(three, "unedited", keep=(SIDE_ID, TITLE_ID))
    assert ids(run(three)) == (set(), set(), set())

    three.ship(EN, "New, hard.", "Newest.")
    (change,) = changes_for(three.clinic)
    assert (change.id, change.base, change.yours, change.new) == (SIDE_ID, "New, hard.", "Ours, hard.", "Newest.")


def test_a_dry_run_says_the_same_and_writes_nothing(three: Release) -> None:
    before = shelf(three.clinic)
    dry = run(three, "all", dry_run=True)
    assert shelf(three.clinic) == before

    assert run(three, "all") == dry and shelf(three.clinic) != before


def test_only_the_lines_of_what_was_taken_change(three: Release) -> None:
    three.edit(EN, "  step-side:", "  # Ours to say.\n  step-side:")
    before = three.text(EN).splitlines()
    run(three, SIDE_ID)
    after = three.text(EN).splitlines()

    assert [(a, b) for a, b in zip(before, after, strict=True) if a != b] == [
        ('  step-side: "Ours, hard."', '  step-side: "New, hard."')
    ]


def test_unknown_names_and_two_decisions_are_refused_at_once(three: Release) -> None:
    before = shelf(three.clinic)
    with told() as problems:
        run(three, "benefits/en/titel", SIDE_ID, keep=(SIDE_ID, "unedited"))

    assert [(problem.place.file, problem.message) for problem in problems] == [
        ("--accept", "no change is called `benefits/en/titel`"),
        ("--keep", f"`{SIDE_ID}` stands after --accept, too"),
        ("--keep", "no change is called `unedited`"),
    ]
    assert problems[0].hint == f"did you mean `{TITLE_ID}`?"
    assert {name for name in shelf(three.clinic) if not name.endswith(".lock")} == set(before)
    assert [shelf(three.clinic)[name] for name in before] == list(before.values())


def test_the_programs_own_words_are_not_updated(monkeypatch: pytest.MonkeyPatch, release: Release) -> None:
    with told() as problems:
        update(UpdateRequest(release.shipped, ("all",)))

    assert problems[0].message == "these are the program's own words, which came with this release"
    assert "init FOLDER" in problems[0].hint


# Texts and the blocks that name them


@pytest.fixture
def restructured(release: Release) -> Release:
    """A release whose block names a new text in place of an old one."""
    release.ship(STRUCTURE, "[step-stay, call-always]", "[step-wait, call-always]")
    for language in ("en", "es", "vi", "ru"):
        release.ship(f"overdose-warning/{language}.yaml", "  step-stay:", "  step-wait:")
    return release


def test_a_new_text_comes_with_its_block_and_the_old_one_goes(restructured: Release) -> None:
    run(restructured, "unedited")

    assert "step-wait" in restructured.text(EN) and "step-stay" not in restructured.text(EN)
    assert [problem.message for problem in check_files(Site(restructured.clinic), ()) if problem.is_error] == []


def test_texts_follow_a_block_that_was_accepted_alone(restructured: Release) -> None:
    taken, kept, waiting = ids(run(restructured, "overdose-warning/handout/emergency"))

    assert (kept, waiting) == (set(), set())
    assert {"overdose-warning/en/step-wait", "overdose-warning/es/step-stay"} < taken


def test_a_text_that_no_block_of_the_clinics_names_is_passed_over_once_something_is_decided(release: Release) -> None:
    release.ship(EN, '  step-stay: "', '  unused: "New."\n  step-stay: "')
    assert ids(run(release)) == (set(), set(), {"overdose-warning/en/unused"})

    assert ids(run(release, "unedited")) == (set(), {"overdose-warning/en/unused"}, set())
    assert "unused" not in release.text(EN)


def test_texts_stay_with_a_block_that_was_kept(restructured: Release) -> None:
    restructured.edit(STRUCTURE, "[step-stay, call-always]", "[call-always, step-stay]")
    taken, kept, _ = ids(run(restructured, "all", keep=("overdose-warning/handout/emergency",)))

    assert taken == set()
    assert {"overdose-warning/en/step-wait", "overdose-warning/en/step-stay"} < kept
    assert "step-stay" in restructured.text(EN) and "step-wait" not in restructured.text(EN)
    assert [problem.message for problem in check_files(Site(restructured.clinic), ()) if problem.is_error] == []
    assert ids(run(restructured)) == (set(), set(), set())


BLOCK_ID = "overdose-warning/handout/emergency"


def test_texts_wait_while_their_block_waits_and_come_with_it_later(restructured: Release) -> None:
    restructured.edit(STRUCTURE, "[step-stay, call-always]", "[call-always, step-stay]")
    _, kept, waiting = ids(run(restructured, "unedited"))
    assert kept == set() and {BLOCK_ID, "overdose-warning/en/step-wait", "overdose-warning/en/step-stay"} < waiting
    assert "step-stay" in restructured.text(EN) and "step-wait" not in restructured.text(EN)

    assert ids(run(restructured, BLOCK_ID))[2] == set()
    assert "step-wait" in restructured.text(EN) and "step-stay" not in restructured.text(ES)
    assert [problem.message for problem in check_files(Site(restructured.clinic), ()) if problem.is_error] == []


def test_a_text_that_was_declined_with_its_block_comes_with_a_later_release_of_it(restructured: Release) -> None:
    restructured.edit(STRUCTURE, "[step-stay, call-always]", "[call-always, step-stay]")
    run(restructured, keep=(BLOCK_ID,))
    assert changes_for(restructured.clinic) == ()

    restructured.ship(STRUCTURE, "[step-wait, call-always]", "[call-always, step-wait]")
    run(restructured, BLOCK_ID)
    assert "step-wait" in restructured.text(EN) and "step-wait" in restructured.text("overdose-warning/vi.yaml")
    assert [
        problem.message for problem in check_files(Site(restructured.clinic), ()) if "not in" in problem.message
    ] == []


def test_with_a_block_come_no_other_words_than_those_that_it_names_anew(restructured: Release) -> None:
    restructured.edit(EN, SIDE, "Ours, hard.")
    restructured.ship(EN, SIDE, "New, hard.")

    assert ids(run(restructured, BLOCK_ID))[2] == {SIDE_ID}
    assert "Ours, hard." in restructured.text(EN) and "step-wait" in restructured.text(EN)


def test_a_new_phrase_needs_no_block(release: Release) -> None:
    release.ship("phrases/en.yaml", '  of: "of"', '  of: "of"\n  new: "New."')

    assert ids(run(release, "unedited"))[0] == {"phrases/en/new"}
    assert '  new: "New."' in release.text("phrases/en.yaml")


def test_a_new_handout_comes_whole_with_its_review_record(release: Release) -> None:
    names = ("handout", "en", "review")
    (release.shipped / "handouts" / "leaflet").mkdir()
    for name in names:
        source = (release.shipped / "handouts" / "fridge-page" / f"{name}.yaml").read_text("utf-8")
        text = source.replace("topic: fridge-page", "topic: leaflet").replace(
            "handout: fridge-page", "handout: leaflet"
        )
        (release.shipped / "handouts" / "leaflet" / f"{name}.yaml").write_text(text, "utf-8")
    run(release, "unedited")

    assert {path.stem for path in (release.clinic / "handouts" / "leaflet").iterdir()} == set(names)
    assert Site(release.clinic).handout("leaflet", "en").structure.topic == "leaflet"
    assert ids(run(release)) == (set(), set(), set())


def test_a_new_language_that_is_kept_away_does_not_come_back(release: Release) -> None:
    text = (release.shipped / "handouts" / "benefits" / "es.yaml").read_text("utf-8")
    (release.shipped / "handouts" / "benefits" / "pt.yaml").write_text(text, "utf-8")
    run(release, keep=("benefits/pt",))

    assert not (release.clinic / "handouts" / "benefits" / "pt.yaml").exists()
    assert changes_for(release.clinic) == ()


# Reviewers and signatures


REVIEWED = 'translator: "Ann Example"\n  reviewer: "Ben Example"\n  reviewed_on: 2026-11-01'
BLANK = 'translator: ""\n  reviewer: ""\n  reviewed_on: ""'


def test_nobody_is_said_to_have_reviewed_words_that_came_later(release: Release) -> None:
    release.edit(ES, BLANK, REVIEWED)
    release.ship(ES, "Advertencia de sobredosis", "Aviso de sobredosis")
    result = run(release, "unedited")

    assert result.unreviewed == ("handouts/overdose-warning/es.yaml",)
    assert BLANK in release.text(ES)


def test_who_reviewed_the_shipped_words_is_named_where_they_are_the_clinics(release: Release) -> None:
    release.ship(ES, BLANK, REVIEWED)
    release.ship(ES, "Advertencia de sobredosis", "Aviso de sobredosis")
    run(release, "unedited")

    assert REVIEWED in release.text(ES)


def test_who_reviewed_the_shipped_words_is_not_named_beside_the_clinics_own(release: Release) -> None:
    release.ship(ES, BLANK, REVIEWED)
    release.ship(ES, "Advertencia de sobredosis", "Aviso de sobredosis")
    release.edit(ES, "no deben mezclarse", "no se mezclan")
    run(release, "unedited")

    assert BLANK in release.text(ES) and "no se mezclan" in release.text(ES)


def test_a_new_version_number_alone_takes_no_reviewer_away(release: Release) -> None:
    release.edit(ES, BLANK, REVIEWED)
    release.ship(ES, "follows: 1.3.0", "follows: 1.3.1")

    assert run(release, "unedited").unreviewed == ()
    assert REVIEWED in release.text(ES)


def signed(release: Release) -> None:
    """Sign the overdose warning as it is, and fill in the telephone numbers."""
    site = Site(release.clinic)
    handout = site.handout("overdose-warning", "en")
    approval = sign(handout, pages_as_built(site), "Ann Example", "pharmacist", TODAY, None, TODAY)
    (release.clinic / "approvals.yaml").write_bytes(render(added((), approval)))
    for name in ("phone", "after_hours_phone"):
        edit(release.clinic / "config.yaml", f'{name}: ""', f'{name}: "(212) 736-5000"')


def state(release: Release, today: date = TODAY) -> State:
    site = Site(release.clinic)
    return site.status(site.handout("overdose-warning", "en"), today).state


def page(release: Release, wish: Wish = Wish.AS_IT_MAY_BE, topic: str = "overdose-warning") -> Made:
    site = Site(release.clinic)
    options, _ = complete(site, Options(), TODAY)
    return make(site, topic, options, TODAY, wish)


def test_a_signed_page_is_refused_while_a_hard_text_waits_and_printed_as_a_draft(release: Release) -> None:
    signed(release)
    assert page(release).status.is_final

    release.ship(EN, SIDE, "New, hard.")
    assert state(release) is State.APPROVED
    for wish in (Wish.AS_IT_MAY_BE, Wish.FINAL):
        with told() as problems:
            page(release, wish)
        assert [problem.message for problem in problems if problem.is_error] == [
            "1 safety text of this release is newer than yours: `step-side`"
        ]
        assert "`update` shows both" in problems[0].hint and "--as-draft prints" in problems[0].hint
    draft = page(release, Wish.DRAFT)
    assert not draft.status.is_final and "newer than yours" in " ".join(one.message for one in draft.warnings)


def test_a_broken_file_of_another_handout_stops_no_page(release: Release) -> None:
    signed(release)
    release.ship("benefits/es.yaml", "follows:", "# new\nfollows:")
    release.edit("benefits/es.yaml", "texts:", "texts: [")

    assert page(release).status.is_final
    assert any(problem.place.file.endswith("benefits/es.yaml") for problem in check_files(Site(release.clinic), ()))


def test_the_list_of_handouts_tells_of_what_waits(release: Release) -> None:
    release.ship(EN, SIDE, "New, hard.")
    problems = Problems()
    assert len(list(shelf_rows(Site(release.clinic), TODAY, problems))) > 10

    assert [(problem.message, problem.is_error) for problem in problems] == [
        ("1 safety text of this release is newer than yours: `step-side`", False)
    ]


def test_an_unsigned_page_is_a_draft_with_a_warning(release: Release) -> None:
    release.ship(EN, SIDE, "New, hard.")
    made = page(release)

    assert not made.status.is_final
    assert [warning.message for warning in made.warnings if "newer" in warning.message] != []


def test_a_change_that_is_not_hard_or_not_of_this_page_stops_no_page(release: Release) -> None:
    signed(release)
    release.ship("phrases/en.yaml", '  of: "of"', '  of: "out of"')
    release.ship(ES, "Una sobredosis puede causarle la muerte.", "Puede morir.")
    release.ship("benefits/en.yaml", "An overdose can kill you.", "You can die.")
    assert sum(change.is_hard for change in changes_for(release.clinic)) == 2

    assert page(release).status.is_final


@pytest.mark.parametrize(("text", "is_told"), [("staff-relief", True), ("danger", False)])
def test_english_texts_on_a_page_in_another_language_count_there(release: Release, text: str, is_told: bool) -> None:
    release.ship("wallet-card/en.yaml", f'  {text}: "', f'  {text}: "New. ')
    assert [change.is_hard for change in changes_for(release.clinic)] == [True]
    site = Site(release.clinic)
    options, _ = complete(site, Options(language="es"), TODAY)
    warnings = make(site, "wallet-card", options, TODAY).warnings

    assert any("newer than yours" in warning.message for warning in warnings) is is_told


def test_to_keep_a_hard_text_against_a_newer_one_needs_a_new_signature(release: Release) -> None:
    release.edit(EN, SIDE, "Ours, hard.")
    signed(release)
    assert state(release) is State.APPROVED
    assert approved_words(Site(release.clinic).handout("overdose-warning", "en"))[f"instead-of/{SIDE_ID}"] == SIDE

    release.ship(EN, SIDE, "New, hard.")
    run(release, keep=(SIDE_ID,))
    assert state(release) is State.CHANGED
    assert "Ours, hard." in release.text(EN) and check_waiting(release) == []

    signed_again(release)
    assert state(release) is State.APPROVED


def signed_again(release: Release) -> None:
    site = Site(release.clinic)
    handout = site.handout("overdose-warning", "en")
    approval = sign(handout, pages_as_built(site), "Ann Example", "pharmacist", TODAY, None, TODAY)
    (release.clinic / "approvals.yaml").write_bytes(render(added((), approval)))


def test_a_signature_on_unedited_words_is_what_it_was_before_there_were_records(release: Release) -> None:
    words = approved_words(Site(release.clinic).handout("overdose-warning", "en"))

    assert words == approved_words(Site(ROOT).handout("overdose-warning", "en"))


def check_waiting(release: Release) -> list[tuple[str, bool]]:
    problems = check_files(Site(release.clinic), ())
    return [(problem.message, problem.is_error) for problem in problems if "release" in problem.message]


def test_check_fails_for_what_is_hard_and_warns_of_the_rest(three: Release) -> None:
    assert check_waiting(three) == [
        ("1 safety text of this release is newer than yours: `step-side`", True),
        ("2 changes of this release are not in your handouts yet", False),
    ]
    run(three, SIDE_ID)
    assert check_waiting(three) == [("2 changes of this release are not in your handouts yet", False)]
    run(three, "all")
    assert check_waiting(three) == []


def test_check_of_one_handout_tells_of_it_and_of_what_all_share(three: Release) -> None:
    problems = check_files(Site(three.clinic), ("benefits",))

    assert [problem.message for problem in problems if "release" in problem.message] == [
        "2 changes of this release are not in your handouts yet"
    ]


# From a folder that nobody recorded


def test_words_from_an_old_clone_are_asked_about_one_by_one(release: Release, tmp_path: Path) -> None:
    old = copied(tmp_path)
    edit(old / "handouts" / EN, SIDE, "Ours, of long ago.")
    clinic = Release(release.shipped, make_folder(tmp_path / "moved", old))
    (change,) = changes_for(clinic.clinic)
    assert (change.id, change.base, change.is_edited) == (SIDE_ID, None, True)

    assert ids(run(clinic, "unedited")) == (set(), set(), {SIDE_ID})
    run(clinic, keep=(SIDE_ID,))
    assert changes_for(clinic.clinic) == ()
    assert read_record(clinic.clinic).files[EN].units["step-side"] == SIDE


# Faults on the way


class Cut(Files):
    """A power cut at a rename: that one and all later calls fail."""

    def __init__(self, renames: int) -> None:
        self.left = renames

    def replace(self, source: Path, target: Path) -> None:
        self.left -= 1
        if self.left < 0:
            raise OSError(errno.EIO, "cut")
        super().replace(source, target)


@pytest.mark.parametrize("renames", [0, 1, 2, 3])
def test_a_run_that_was_cut_off_is_made_good_by_the_next(three: Release, renames: int) -> None:
    with pytest.raises(HandoutError):
        update(UpdateRequest(three.clinic, ("all",)), files=Cut(renames))
    assert not list((three.clinic / "handouts").rglob("*.part"))

    run(three, "all")
    assert changes_for(three.clinic) == ()
    assert "New, hard." in three.text(EN) and '"New"' in three.text("benefits/en.yaml")
    assert '  of: "out of"' in three.text("phrases/en.yaml")


def test_a_file_that_was_saved_meanwhile_is_left_alone(three: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    from press.runs import update as module

    def saved_meanwhile(self: object, files: Files) -> None:
        three.edit(EN, "Ours, hard.", "Saved meanwhile.")
        written(self, files)

    written = module._Plan.write
    monkeypatch.setattr(module._Plan, "write", saved_meanwhile)
    with told() as problems:
        run(three, SIDE_ID)

    assert problems[0].message == "somebody saved this file while it was being updated"
    assert "Saved meanwhile." in three.text(EN)


def test_a_page_of_the_clinics_own_language_stays_and_is_stale(release: Release) -> None:
    source = release.text(ES).replace("language: es", "language: pt")
    (release.clinic / "handouts" / "overdose-warning" / "pt.yaml").write_text(source, "utf-8")
    release.ship(STRUCTURE, "version: 1.3.0", "version: 1.4.0")
    run(release, "all")

    assert release.text("overdose-warning/pt.yaml") == source
    library = Site(release.clinic).library
    assert library.words("overdose-warning", "pt").follows == "1.3.0"  # so its page is a stale draft
    assert library.structure("overdose-warning").version == "1.4.0"
