"""Each rule of a signature by itself, without any file of a clinic: states, dates, signers, and what staff wish."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from press.content.approvals import (
    SOON,
    Approval,
    PagesDigest,
    State,
    Status,
    Wish,
    added,
    approved_words,
    fingerprint,
    fingerprint_of,
    missing_phones,
    months_after,
    read_approvals,
    render,
    seal,
    sign,
    sign_off_problems,
    status,
)
from press.content.clinic import Clinic
from press.content.handout import Handout, Review
from press.errors import HandoutError, Place, Problem, Severity
from tests.helpers import press
from tests.support import TODAY

TOPIC = "overdose-warning"
BUILT = PagesDigest(pages="0" * 64, templates="1" * 64)
HANDOUT = press().handout(TOPIC, "en")
SPANISH = press().handout(TOPIC, "es")
OF_TWO = replace(
    SPANISH, follows=HANDOUT.structure.version, review=Review(translator="Pat Sample", reviewer="Person Two")
)
ASK = "ask Pat Sample, pharmacist, to look at them again"


def signed(handout: Handout = HANDOUT, by: str = "Pat Sample", on: date = TODAY, until: date | None = None) -> Approval:
    return sign(handout, BUILT, by, "pharmacist", on, until, TODAY)


def problems_of(
    by: str = "Pat Sample", role: str = "nurse", on: date = TODAY, until: date | None = None, handout: Handout = HANDOUT
) -> list[tuple[str, str]]:
    """Why a signature must not be given: the place and the message of each reason."""
    with pytest.raises(HandoutError) as caught:
        sign(handout, BUILT, by, role, on, until, TODAY)
    return [(problem.place.file, problem.message) for problem in caught.value.problems]


# Signing


def test_a_signature_says_what_was_signed_by_whom_and_until_when() -> None:
    given = signed()

    assert (given.handout, given.language, given.version) == (TOPIC, "en", HANDOUT.structure.version)
    assert (given.by, given.role, given.on, given.until) == ("Pat Sample", "pharmacist", TODAY, date(2027, 11, 23))
    assert (given.pages, given.templates) == (BUILT.pages, BUILT.templates)
    assert given.words == approved_words(HANDOUT) and given.fingerprint == fingerprint_of(HANDOUT)
    assert given.seal == seal(given) != ""


def test_a_signature_holds_as_long_as_a_review_and_no_longer() -> None:
    assert signed(until=date(2027, 11, 23)).until == date(2027, 11, 23)
    assert signed(until=TODAY).until == TODAY
    assert problems_of(until=date(2027, 11, 24)) == [
        ("approve", "`--until` is too late: this handout is reviewed every 12 months")
    ]


def test_a_signature_is_of_today_or_earlier() -> None:
    assert signed(on=date(2026, 11, 22)).on == date(2026, 11, 22)
    assert problems_of(on=date(2026, 11, 24)) == [("approve", "`--on` lies in the future")]


def test_a_signature_does_not_end_before_it_begins() -> None:
    assert problems_of(until=date(2026, 11, 22)) == [("approve", "`--until` lies before `--on`")]


@pytest.mark.parametrize(("given", "option"), [({"by": ""}, "--by"), ({"role": ""}, "--role"), ({"by": "7"}, "--by")])
def test_somebody_signs(given: dict[str, str], option: str) -> None:
    ((place, message),) = problems_of(**given)

    assert place == option and message.startswith("expected ")


@pytest.mark.parametrize(
    "by", ["Pat", "Dr. Sample", "P. S.", "J. Sample", "Nurse Sample RN", "First Last", "pat", "Mr. Prof. Dr. Sample"]
)
def test_a_whole_name_signs(by: str) -> None:
    assert problems_of(by=by) == [("--by", "expected the first and the last name of the person who signs")]


@pytest.mark.parametrize("by", ["Pat Sample", "Dr. Pat J. Sample, RN", "Li Wu", "王 芳", "Anne-Marie O'Sample"])
def test_a_whole_name_may_be_any(by: str) -> None:
    assert signed(by=by).by == by


@pytest.mark.parametrize("role", ["x", "R.", "n -"])
def test_a_role_says_something(role: str) -> None:
    assert problems_of(role=role) == [("--role", "expected a profession or a license, such as pharmacist or RN 123456")]


@pytest.mark.parametrize("role", ["RN", "RN 123456", "pharmacist"])
def test_a_license_is_a_role(role: str) -> None:
    assert sign(HANDOUT, BUILT, "Pat Sample", role, TODAY, None, TODAY).role == role


def test_why_it_was_signed_all_the_same_is_part_of_what_was_signed(tmp_path: Path) -> None:
    given = sign(HANDOUT, BUILT, "Pat Sample", "nurse", TODAY, None, TODAY, "pilot")
    assert given.why == "pilot" and seal(given) == given.seal
    assert seal(given) != seal(replace(given, why="")) and seal(given) != seal(replace(given, why="other"))
    assert read(tmp_path, given) == (given,) and b'why: "pilot"' in render([given])
    assert b"\n    why:" in render([given]) and b"\n    why:" not in render([signed()])
    with pytest.raises(HandoutError):
        read(tmp_path, replace(given, why="another"))


def test_a_seal_of_before_still_holds() -> None:
    """Signatures of a release before this one are in clinics' folders."""
    old = replace(
        signed(), handout="side-effects", language="es", version="1.0.0", by="Zoë Sample", role="nurse",
        fingerprint="1" * 64, pages="2" * 64, templates="3" * 64,
    )  # fmt: skip
    assert old.on == date(2026, 11, 23) and old.until == date(2027, 11, 23)
    assert seal(old) == "fbf4ede3ef7730057934dc2b5fe86e5065a13bae35c22c457dd92257a7bcbb70"


def test_a_reason_that_could_not_be_read_back_is_refused() -> None:
    with pytest.raises(HandoutError) as caught:
        sign(HANDOUT, BUILT, "Pat Sample", "nurse", TODAY, None, TODAY, "x" * 100_000)
    assert [problem.place.file for problem in caught.value.problems] == ["--why"]


def test_all_that_is_wrong_is_told_at_once() -> None:
    assert [place for place, _ in problems_of(by="", role="", on=date(2026, 11, 24), until=TODAY)] == [
        "--by", "--role", "approve", "approve",
    ]  # fmt: skip


PEOPLE = "a translation needs its translator and a qualified reviewer before it can be approved"


@pytest.mark.parametrize("review", [Review(), Review(translator="Pat Sample"), Review(reviewer="Person Two")])
def test_a_translation_is_signed_when_two_people_have_seen_it(review: Review) -> None:
    alone = replace(OF_TWO, review=review)

    assert problems_of(handout=alone) == [(SPANISH.words_file, PEOPLE)]
    assert status(alone, [signed(OF_TWO)], TODAY, bool).state is State.UNREVIEWED
    assert signed(OF_TWO).language == "es"


def test_a_translation_of_older_words_is_not_signed() -> None:
    old = replace(OF_TWO, follows="0.1.0")

    assert problems_of(handout=old) == [(SPANISH.words_file, "the English has changed since this translation was made")]
    assert status(old, [signed(OF_TWO)], TODAY, bool) == Status(State.STALE, signed(OF_TWO))


# What is signed


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"left_out": {"A1": "not here"}}, {"left-out/A1"}),
        ({"replaced": {"benefits/en/title": "Shipped"}}, {"instead-of/benefits/en/title"}),
        ({"switches": {"dates/upcoming": "2"}}, {"config.yaml/dates/upcoming"}),
        ({"phrases": {}}, {f"phrases/{name}" for name in HANDOUT.phrases}),
        ({"texts": {}}, set(HANDOUT.texts)),
        ({"teach_back": HANDOUT.teach_back[:2]}, {"teach-back/3", "teach-back/3/key"}),
    ],
)
def test_every_kind_of_words_is_covered(change: dict[str, object], names: set[str]) -> None:
    whole, other = approved_words(HANDOUT), approved_words(replace(HANDOUT, **change))

    assert {name for name in {*whole, *other} if whole.get(name) != other.get(name)} >= names
    assert fingerprint(whole) != fingerprint(other) and len(fingerprint(whole)) == 64


def test_every_key_of_the_structure_is_covered_and_no_place_in_a_file() -> None:
    moved = replace(HANDOUT.structure, place=Place("elsewhere.yaml", 99), places={})
    other = replace(HANDOUT.structure, sides=HANDOUT.structure.sides + 1)

    assert approved_words(replace(HANDOUT, structure=moved)) == approved_words(HANDOUT)
    assert approved_words(replace(HANDOUT, structure=other)) != approved_words(HANDOUT)
    assert f'"topic": "{TOPIC}"' in approved_words(HANDOUT)["handout.yaml"]


@pytest.mark.parametrize(
    "change",
    [
        {"handout": "benefits"}, {"language": "es"}, {"version": "9.9.9"}, {"by": "Person Two"}, {"role": "nurse"}, {"on": date(2026, 1, 1)},
        {"until": date(2027, 1, 1)}, {"fingerprint": "2" * 64}, {"pages": "2" * 64}, {"templates": "2" * 64},
    ],
)  # fmt: skip
def test_every_field_is_sealed(change: dict[str, object]) -> None:
    assert seal(replace(signed(), **change)) != seal(signed())


def test_what_an_approval_of_before_does_not_say_is_not_sealed() -> None:
    old = replace(signed(), pages="", templates="")

    assert seal(old) == seal(replace(old, templates="2" * 64)) != seal(signed())


# States


def state(approvals: Iterable[Approval], today: date = TODAY, handout: Handout = HANDOUT) -> Status:
    return status(handout, approvals, today, lambda approval: approval.pages == BUILT.pages)


def test_without_a_signature_of_these_words_in_this_language_a_handout_is_a_draft() -> None:
    for other in (replace(signed(), handout="benefits"), replace(signed(), language="es")):
        assert state([other]) == Status(State.DRAFT)
        assert state([other, signed()]) == Status(State.APPROVED, signed())


@pytest.mark.parametrize("change", [{"fingerprint": "2" * 64}, {"pages": "2" * 64}])
def test_a_signature_of_other_words_or_pages_does_not_hold(change: dict[str, str]) -> None:
    other = replace(signed(), **change)

    assert state([other]) == Status(State.CHANGED, other)
    assert state([signed(), replace(other, on=date(2027, 1, 1))]) == Status(State.APPROVED, signed())


def test_of_several_signatures_the_latest_counts_and_then_the_one_that_holds_longest() -> None:
    early, late = signed(on=date(2026, 10, 1)), signed(until=date(2027, 1, 1))
    longest = signed(until=date(2027, 10, 1))

    assert state([early, late, longest, early]).approval == longest
    assert state([late, early]).approval == late
    changed = [replace(each, fingerprint="2" * 64) for each in (early, longest, late)]
    assert state(changed) == Status(State.CHANGED, changed[1])


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, State.EXPIRING), (1, State.EXPIRED), (-60, State.EXPIRING), (-61, State.APPROVED), (-200, State.APPROVED)],
)
def test_a_signature_ends_after_its_last_day(days: int, expected: State) -> None:
    given = signed()
    today = date.fromordinal(given.until.toordinal() + days)

    assert SOON.days == 60 and state([given], today) == Status(expected, given)


def test_only_two_states_print_as_final() -> None:
    assert {each for each in State if each.is_final} == {State.APPROVED, State.EXPIRING}
    assert {each for each in State if Status(each).is_final} == {State.APPROVED, State.EXPIRING}


def test_a_reviewed_translation_is_signed_like_any_page() -> None:
    assert state([signed(OF_TWO)], handout=OF_TWO) == Status(State.APPROVED, signed(OF_TWO))
    assert state([signed()], handout=OF_TWO) == Status(State.DRAFT)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 23), 1, date(2026, 12, 23)), (date(2026, 12, 31), 1, date(2027, 1, 31)), (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)), (date(2026, 1, 31), 24, date(2028, 1, 31)), (date(2026, 1, 1), 11, date(2026, 12, 1)),
    ],
)  # fmt: skip
def test_months_after(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


# The file


def read(folder: Path, *approvals: Approval, today: date = TODAY) -> tuple[Approval, ...]:
    (folder / "approvals.yaml").write_bytes(render(approvals))
    return read_approvals(folder, [TOPIC, "benefits"], today)


def resealed(**change: object) -> Approval:
    """A signature that was changed by somebody who can compute its seal."""
    other = replace(signed(), **change)
    return replace(other, seal=seal(other))


def test_signatures_are_read_as_they_were_written_and_in_order(tmp_path: Path) -> None:
    old = resealed(pages="", templates="")

    assert read(tmp_path, signed(by="Person Two"), old) == (signed(by="Person Two"), old)
    assert read_approvals(tmp_path / "nowhere", [TOPIC], TODAY) == ()
    assert render([]).decode().startswith("# Written by `approve`. Do not edit")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"handout": "benefit"}, "there is no handout `benefit`"),
        ({"on": date(2026, 11, 24)}, "the day of approval lies in the future"),
        ({"until": date(2026, 11, 22)}, "the approval ends before it begins"),
        ({"words": {"a": "b"}}, "the words in this approval are not the words that were signed"),
    ],
)
def test_a_signature_that_cannot_be_is_refused_with_its_line(
    change: dict[str, object], message: str, tmp_path: Path
) -> None:
    with pytest.raises(HandoutError) as caught:
        read(tmp_path, resealed(**change))
    (problem,) = caught.value.problems

    assert problem.message == message and problem.place.file == "approvals.yaml" and problem.place.line > 2
    assert "did you mean `benefits`?" in problem.hint or "handout" not in change


def test_a_signature_of_today_for_today_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, resealed(until=TODAY))[0].until == TODAY


@pytest.mark.parametrize("typed", ["0" * 63, "0" * 65, "0" * 63 + "g", "0" * 63 + "A"])
def test_a_fingerprint_has_64_small_hexadecimal_digits(typed: str, tmp_path: Path) -> None:
    with pytest.raises(HandoutError) as caught:
        read(tmp_path, resealed(fingerprint=typed))

    assert any("a fingerprint as `approve` writes it" in problem.message for problem in caught.value.problems)


def test_a_new_signature_replaces_the_same_words_by_the_same_person_alone() -> None:
    new = signed()
    same, other = replace(new, on=date(2026, 1, 1)), replace(new, by="Person Two")
    elsewhere = replace(new, handout="benefits"), replace(new, language="es")

    assert added([same, other, *elsewhere], new) == (*elsewhere, other, new)
    assert added([replace(same, fingerprint="2" * 64)], new) == (replace(same, fingerprint="2" * 64), new)


# What staff wish


def told(
    state: State,
    wish: Wish = Wish.AS_IT_MAY_BE,
    clinic: Clinic = press().clinic,
    approval: Approval | None = None,
    **more: str,
) -> list[Problem]:
    handout = replace(HANDOUT, structure=replace(HANDOUT.structure, **more)) if more else HANDOUT
    return [*sign_off_problems(handout, Status(state, approval), clinic, "injection", wish)]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("wish", Wish)
def test_only_what_is_signed_prints_as_final(state: State, wish: Wish) -> None:
    errors = [problem for problem in told(state, wish) if problem.is_error]
    ran_out = state is State.EXPIRED and wish is not Wish.DRAFT

    assert bool(errors) == (ran_out or (wish is Wish.FINAL and not state.is_final))
    assert all(problem.place == Place(HANDOUT.words_file) for problem in errors)


@pytest.mark.parametrize("state", [s for s in State if not s.is_final and s is not State.EXPIRED])
def test_who_wants_a_final_page_is_told_what_it_lacks(state: State) -> None:
    (problem,) = told(state, Wish.FINAL)

    assert problem.message == f"these words are not signed off: {state.value}" and problem.hint
    assert not told(state) and not told(state, Wish.DRAFT)


@pytest.mark.parametrize("wish", [Wish.AS_IT_MAY_BE, Wish.FINAL])
def test_a_signature_that_has_run_out_names_who_gave_it(wish: Wish) -> None:
    (named,), (unnamed,) = told(State.EXPIRED, wish, approval=signed()), told(State.EXPIRED, wish)

    assert named.message == unnamed.message == "the approval has run out"
    assert named.hint == ASK and "--as-draft" in unnamed.hint
    assert not told(State.EXPIRED, Wish.DRAFT, approval=signed())


def test_a_signature_that_runs_out_soon_is_a_warning() -> None:
    (problem,) = told(State.EXPIRING, approval=signed())

    assert (problem.message, problem.hint) == ("the approval runs out soon", ASK)
    assert problem.severity is Severity.WARNING and problem.place == Place(HANDOUT.words_file)
    assert told(State.APPROVED, approval=signed()) == []


NO_PHONES = replace(press().clinic, phone="", after_hours_phone="")


@pytest.mark.parametrize(
    ("wish", "severities"),
    [(Wish.FINAL, [Severity.ERROR] * 2), (Wish.AS_IT_MAY_BE, [Severity.WARNING] * 2), (Wish.DRAFT, [])],
)
def test_a_signed_page_without_a_number_to_call_is_no_final_page(wish: Wish, severities: list[Severity]) -> None:
    problems = told(State.APPROVED, wish, NO_PHONES)

    assert [problem.severity for problem in problems] == severities
    assert [problem.message.split("`")[1] for problem in problems] == ["phone", "after_hours_phone"][: len(severities)]
    assert [bool(problem.hint) for problem in problems] == [False, True][: len(severities)]
    assert told(State.DRAFT, Wish.AS_IT_MAY_BE, NO_PHONES) == []


def test_missing_numbers_are_listed() -> None:
    assert missing_phones(NO_PHONES) == ("phone", "after_hours_phone") and missing_phones(press().clinic) == ()
    assert missing_phones(replace(NO_PHONES, phone="911")) == ("after_hours_phone",)


def with_label(month: str) -> Clinic:
    products = press().clinic.products
    return replace(press().clinic, products={**products, "injection": replace(products["injection"], label=month)})


@pytest.mark.parametrize(
    ("wish", "old_label", "severity"),
    [
        (Wish.AS_IT_MAY_BE, "refuse", Severity.ERROR), (Wish.FINAL, "refuse", Severity.ERROR), (Wish.DRAFT, "refuse", Severity.WARNING),
        (Wish.AS_IT_MAY_BE, "warn", Severity.WARNING), (Wish.FINAL, "warn", Severity.WARNING), (Wish.DRAFT, "warn", Severity.WARNING),
    ],
)  # fmt: skip
def test_words_that_follow_an_older_label_are_told(wish: Wish, old_label: str, severity: Severity) -> None:
    (problem,) = told(State.APPROVED, wish, with_label("2026-01"), old_label=old_label)

    assert problem.message == "the words follow an older injection label than the one in config.yaml"
    assert problem.severity is severity and problem.place == HANDOUT.structure.place_of("label_basis")


@pytest.mark.parametrize("label", ["2025-12", "2025-11"])
def test_words_that_follow_the_label_or_a_newer_one_are_right(label: str) -> None:
    assert HANDOUT.structure.label_basis["injection"] == "2025-12"
    assert told(State.APPROVED, clinic=with_label(label)) == []


def test_the_label_of_a_form_that_is_not_on_the_page_is_not_asked_for() -> None:
    structure = replace(HANDOUT.structure, labels=("tablet",))
    handout = replace(HANDOUT, structure=structure)

    assert not [*sign_off_problems(handout, Status(State.APPROVED), with_label("2026-01"), "injection", Wish.FINAL)]
