"""The review record: hostile files, the arithmetic of the scores, and what the program sees."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.content.library import Library
from press.document.nodes import Document
from press.errors import HandoutError, Severity
from press.reports.review import FILE, Review, read_review, report, score
from press.reports.review_items import CCI, ITEMS, PEMAT, WORDS, Answer, items_of
from press.reports.review_scores import Result, Score, Scores, as_data, as_text
from press.reports.review_seen import look
from press.runs.handout import Press
from tests.helpers import ROOT, TODAY, press
from tests.review_pages import general_page

TOPIC = "benefits"
SHOWN = f"handouts/{TOPIC}/{FILE}"
SIGNED = {"version": "1.0.0", "reviewer": "Ana Made-up", "reviewed_on": "2026-11-20"}


# Files


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / TOPIC / FILE
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def _text(answers: dict[tuple[str, int], str], **signed: str) -> str:
    """A whole review.yaml; an item without an answer is blank."""
    lines = [f"handout: {TOPIC}", "languages:", "  en:"]
    lines += [f'    {name}: "{value}"' for name, value in signed.items()]
    for scale in (PEMAT, CCI):
        lines += [f"    {scale}:", *(f'      {n}: "{answers.get((scale, n), "")}"' for n in items_of(scale))]
    return "\n".join(lines) + "\n"


def _review(tmp_path: Path, answers: dict[tuple[str, int], str] | None = None, **signed: str) -> Review:
    return read_review(_file(tmp_path, _text(answers or {}, **(SIGNED | signed))), SHOWN)


def _problems(tmp_path: Path, text: str) -> str:
    """Every problem of a refused file, each with its line."""
    with pytest.raises(HandoutError) as caught:
        read_review(_file(tmp_path, text), SHOWN)
    assert all(problem.place.file == SHOWN for problem in caught.value.problems)
    return "\n".join(f"{p.place.line}: {p.message} [{p.hint}]" for p in caught.value.problems)


def _line_of(text: str, line: str) -> int:
    return text.splitlines().index(line) + 1


def test_there_are_24_and_20_items() -> None:
    pemat = items_of(PEMAT)

    assert list(pemat) == [*range(1, 13), *range(15, 27)]
    assert sum(item.domain == "understandability" for item in pemat.values()) == 17
    assert list(items_of(CCI)) == list(range(1, 21))


def test_the_core_of_the_index_always_applies() -> None:
    assert [n for n, item in items_of(CCI).items() if item.may_be_na] == list(range(12, 21))
    assert [n for n, item in items_of(PEMAT).items() if item.may_be_na] == [6, 8, 9, 11, 16, 17, 18, 19, 24, 25]


@pytest.mark.parametrize("topic", press().library.topics)
def test_shipped_records_are_whole_and_blank(topic: str) -> None:
    found = read_review(ROOT / "handouts" / topic / FILE, f"handouts/{topic}/{FILE}")

    assert set(found.languages) >= {"en"}
    for sheet in found.languages.values():
        assert (sheet.version, sheet.reviewer, sheet.reviewed_on) == ("", "", None)
        assert [item.name for item in ITEMS if sheet.given(item)] == []
        assert len(sheet.pemat) + len(sheet.cci) == 44


def test_a_record_is_not_a_language() -> None:
    assert all("review" not in Library(ROOT / "handouts").languages(topic) for topic in press().library.topics)


@pytest.mark.parametrize("number", ["13", "27", "0", "01", "one", "1.0", "-1"])
def test_an_unknown_item_is_refused(tmp_path: Path, number: str) -> None:
    text = _text({}).replace('      12: ""', f'      12: ""\n      {number}: agree', 1)

    found = _problems(tmp_path, text)

    assert found.startswith(f"{_line_of(text, f'      {number}: agree')}: `pemat`: found `{number}`, expected")


@pytest.mark.parametrize(
    ("scale", "answer"),
    [(PEMAT, "yes"), (PEMAT, "Agree"), (PEMAT, "n/a"), (PEMAT, "agreee"), (CCI, "agree"), (CCI, "1"), (CCI, "true")],
)
def test_a_bad_answer_is_refused_with_its_line(tmp_path: Path, scale: str, answer: str) -> None:
    text = _text({(scale, 10): answer}, **SIGNED)

    found = _problems(tmp_path, text)

    line = _line_of(text, '      10: "' + answer + '"')
    assert found.startswith(f"{line}: `10`: found `{answer}`, expected nothing yet")


@pytest.mark.parametrize("key", [(PEMAT, 1), (PEMAT, 20), (CCI, 4)])
def test_na_is_refused_where_the_form_has_none(tmp_path: Path, key: tuple[str, int]) -> None:
    assert "found `na`" in _problems(tmp_path, _text({key: "na"}, **SIGNED))


@pytest.mark.parametrize("value", ["[agree]", "{a: agree}"])
def test_an_answer_is_one_word(tmp_path: Path, value: str) -> None:
    text = _text({}, **SIGNED).replace('      1: ""', f"      1: {value}", 1)

    assert "expected one word" in _problems(tmp_path, text)


def test_an_unknown_key_is_refused(tmp_path: Path) -> None:
    assert "unknown key `score`" in _problems(tmp_path, _text({}) + "    score: 100\n")


def test_an_item_may_stand_only_once(tmp_path: Path) -> None:
    text = _text({}).replace('      2: ""', '      1: "agree"', 1)

    assert str(_line_of(text, '      1: "agree"')) in _problems(tmp_path, text)


def test_the_record_of_another_handout_is_refused(tmp_path: Path) -> None:
    text = _text({}).replace(f"handout: {TOPIC}", "handout: side-effects")

    assert "but the folder is `benefits`" in _problems(tmp_path, text)


def test_a_file_that_was_cut_off_is_refused_wherever_it_ends(tmp_path: Path) -> None:
    """With a lost `disagree` a score would be too high."""
    whole = _text({(CCI, 20): "no", (CCI, 19): "no"}, **SIGNED).splitlines(keepends=True)
    assert read_review(_file(tmp_path, "".join(whole)), SHOWN)

    for count in range(len(whole)):
        with pytest.raises(HandoutError):
            read_review(_file(tmp_path, "".join(whole[:count])), SHOWN)


@pytest.mark.parametrize(
    "text", ["", "- 1\n", "\x00", "handout: benefits\nlanguages:\n", "handout: benefits\nlanguages: en\n"]
)
def test_a_file_that_is_no_record_is_refused(tmp_path: Path, text: str) -> None:
    assert _problems(tmp_path, text)


def test_items_of_the_program_may_be_left_out(tmp_path: Path) -> None:
    assert read_review(_file(tmp_path, _text({}).replace('      23: ""\n', "")), SHOWN)
    assert "`pemat` lacks items 22" in _problems(tmp_path, _text({}).replace('      22: ""\n', ""))


@given(st.integers(0, 47), st.text(alphabet="agre no:\"'[]{}#&*!|>-\t\x00é1", max_size=12))
def test_any_line_gives_a_record_or_problems(tmp_path_factory: pytest.TempPathFactory, number: int, line: str) -> None:
    lines = _text({}, **SIGNED).splitlines()
    lines[number] = line
    path = _file(tmp_path_factory.mktemp("any"), "\n".join(lines))

    try:
        assert isinstance(read_review(path, SHOWN), Review)
    except HandoutError as error:
        assert error.problems


@pytest.mark.parametrize("blank", sorted(SIGNED))
def test_answers_need_a_reviewer_a_day_and_a_version(tmp_path: Path, blank: str) -> None:
    text = _text({(PEMAT, 1): "agree"}, **(SIGNED | {blank: ""}))

    assert f"there are answers, but no `{blank}`" in _problems(tmp_path, text)


@pytest.fixture(scope="module")
def real() -> Document:
    """The benefits page, which lacks only a picture of all that a program can see."""
    return general_page("benefits")


# Scores


def _domains(found: Scores) -> tuple[Score, Score, Score]:
    understand, act, index = found.scores
    return understand, act, index


def test_blank_answers_never_count(tmp_path: Path, real: Document) -> None:
    found = score(_review(tmp_path), [real])

    assert all(one.percent is None and not one.passes for one in found.scores)
    assert found.answered == len(look(real)) < 44
    assert all(result.by == "program" for result in found.results if result.answer)
    assert f"{found.answered} of 44 items answered" in as_text([found])
    assert "no score yet" in as_text([found])


def _all_good(document: Document) -> dict[tuple[str, int], str]:
    """The best answer to everything that the program leaves open."""
    seen = look(document)
    best = {PEMAT: "agree", CCI: "yes"}
    return {item.key: best[item.scale] for item in ITEMS if item.key not in seen}


def test_a_whole_review_has_scores(tmp_path: Path, real: Document) -> None:
    found = score(_review(tmp_path, _all_good(real)), [real])

    understand, act, index = _domains(found)
    assert (understand.percent, act.percent) == (100.0, 100.0)
    # No picture: 19 of 20.
    assert (index.earned, index.applicable, index.percent) == (19, 20, 95.0)
    assert index.passes
    assert found.answered == 44
    assert "CDC Index: 95 (19 of 20 that apply)" in as_text([found])
    assert "reviewed by Ana Made-up on 2026-11-20" in as_text([found])
    assert "unanswered" not in as_text([found])


def test_items_that_do_not_apply_leave_the_sum(tmp_path: Path, real: Document) -> None:
    # By the program 16, 17, 18 and 19 do not apply, by the person 6: of 17 items 12 are left.
    answers = _all_good(real) | {(PEMAT, 6): "na", (PEMAT, 1): "disagree", (PEMAT, 2): "disagree"}

    understand, _, _ = _domains(score(_review(tmp_path, answers), [real]))

    assert (understand.earned, understand.applicable, understand.answered) == (10, 12, 17)
    assert understand.percent == pytest.approx(1000 / 12)  # 83.3
    assert not understand.passes


def test_two_misses_of_twenty_just_pass_the_index(tmp_path: Path, real: Document) -> None:
    two = _all_good(real) | {(CCI, 11): "no"}  # and item 4
    three = two | {(CCI, 10): "no"}

    _, _, passed = _domains(score(_review(tmp_path, two), [real]))
    _, _, failed = _domains(score(_review(tmp_path, three), [real]))

    assert (passed.percent, passed.passes) == (90.0, True)
    assert (failed.percent, failed.passes) == (85.0, False)


def test_the_index_leaves_out_what_does_not_apply(tmp_path: Path, real: Document) -> None:
    answers = _all_good(real) | {(CCI, n): "na" for n in (18, 19, 20)}

    _, _, index = _domains(score(_review(tmp_path, answers), [real]))

    assert (index.earned, index.applicable) == (16, 17)
    assert index.percent == pytest.approx(1600 / 17)


def test_one_blank_leaves_the_domain_without_a_score(tmp_path: Path, real: Document) -> None:
    understand, act, _ = _domains(score(_review(tmp_path, _all_good(real) | {(PEMAT, 10): ""}), [real]))

    assert understand.percent is None
    assert act.percent == 100.0


def test_without_one_main_message_its_place_and_look_do_not_count(tmp_path: Path, real: Document) -> None:
    _, _, index = _domains(score(_review(tmp_path, _all_good(real) | {(CCI, 1): "no"}), [real]))

    assert [result.item.number for result in index.results if result.answer is Answer.NO] == [1, 2, 3, 4]
    assert {result.why for result in index.results if result.item.number in (2, 3, 4)} == {
        "there is no one main message (item 1)"
    }
    assert index.percent == 80.0


def test_a_domain_in_which_nothing_applies_has_no_score() -> None:
    item = items_of(PEMAT)[6]
    found = Score("made up", (Result(item, Answer.NA, "person"),))

    assert found.percent is None and not found.passes and found.answered == 1


@pytest.mark.parametrize(
    ("key", "answer", "counts"),
    [
        ((PEMAT, 11), "disagree", Answer.NO),  # the program sees a box, a person no summary
        ((PEMAT, 19), "agree", Answer.NA),  # there is no table
        ((PEMAT, 17), "disagree", Answer.NO),
        ((CCI, 4), "yes", Answer.NO),  # there is no picture
    ],
)
def test_a_contradiction_is_told_and_the_lower_answer_counts(
    tmp_path: Path, real: Document, key: tuple[str, int], answer: str, counts: Answer
) -> None:
    text = _text({key: answer}, **SIGNED)

    found = score(read_review(_file(tmp_path, text), SHOWN), [real])

    (problem,) = found.problems
    assert problem.severity is Severity.WARNING
    assert problem.place.file == SHOWN
    assert text.splitlines()[problem.place.line - 1].strip() == f'{key[1]}: "{answer}"'
    assert f"the answer is `{answer}`, the program says" in problem.message
    assert next(r.answer for r in found.results if r.item.key == key) is counts


def test_an_answer_that_agrees_with_the_program_is_no_contradiction(tmp_path: Path, real: Document) -> None:
    answers = {(PEMAT, 11): "agree", (PEMAT, 19): "na", (CCI, 4): "no"}

    assert score(_review(tmp_path, answers), [real]).problems == ()


def test_answers_about_another_version_do_not_count(tmp_path: Path, real: Document) -> None:
    review = _review(tmp_path, _all_good(real))
    assert score(review, [real], "1.0.0").answered == 44

    found = score(review, [real], "1.1.0")

    assert found.answered == len(look(real))
    assert found.reviewer == ""
    (problem,) = found.problems
    assert (problem.severity, problem.place.file) == (Severity.WARNING, SHOWN)
    assert "1.0.0" in problem.message and "1.1.0" in problem.message


def test_a_translation_has_answers_of_its_own(tmp_path: Path, real: Document) -> None:
    found = score(_review(tmp_path, _all_good(real)), [replace(real, language="es")])

    assert found.language == "es"
    assert all(result.by != "person" for result in found.results)


def test_a_score_of_nothing_is_no_score(tmp_path: Path, real: Document) -> None:
    review = _review(tmp_path)

    with pytest.raises(ValueError):
        score(review, [])
    with pytest.raises(ValueError):
        score(review, [real, replace(real, language="es")])


# The report on the real handouts


@pytest.fixture(scope="module")
def reported() -> list[Scores]:
    """The scores of every handout as it is shipped."""
    return report(press(), press().library.topics, TODAY)


def test_every_handout_is_reported_and_none_is_passed(reported: list[Scores]) -> None:
    library = press().library
    shelf = [(topic, language) for topic in library.topics for language in library.languages(topic)]
    assert [(found.handout, found.language) for found in reported] == shelf
    assert len(shelf) >= 6
    for found in reported:
        assert found.problems == ()
        assert found.reviewer == ""
        assert not any(score.passes for score in found.scores)


def test_the_text_names_every_open_and_every_failed_item(reported: list[Scores]) -> None:
    for found in reported:
        shown = as_text([found])
        assert "no person has reviewed it" in shown
        for result in found.where(None) + found.where(Answer.NO):
            assert f"{result.item.name}: {result.item.text}" in shown


def test_the_data_can_be_written_as_json(reported: list[Scores]) -> None:
    found = json.loads(json.dumps(as_data(reported)))

    assert len(found[0]["items"]) == 44
    assert {item["answer"] for item in found[0]["items"]} <= {"yes", "no", "na", None}
    assert [one["items"] for one in found[0]["scores"]] == [17, 7, 20]


def test_a_handout_without_a_record_is_one_that_nobody_reviewed(tmp_path: Path) -> None:
    for path in (ROOT / "handouts").rglob("*.yaml"):
        if path.name != FILE:
            copy = tmp_path / "handouts" / path.relative_to(ROOT / "handouts")
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    (tmp_path / "templates").symlink_to(ROOT / "templates")
    bare = Press(tmp_path)
    vars(bare)["clinic"] = press().clinic

    found = report(bare, (TOPIC,), TODAY)

    assert [scores.language for scores in found] == ["en", "es"]
    assert {scores.reviewer for scores in found} == {""}
    assert all(result.by != "person" for scores in found for result in scores.results)


def test_words_for_every_answer() -> None:
    assert all(set(words.values()) == set(Answer) for words in WORDS.values())
    assert len({item.key for item in ITEMS}) == len(ITEMS) == 44
    assert all(0 < len(item.text) < 80 for item in ITEMS)
