"""The review record: hostile files, the arithmetic of the scores, and that people alone answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.content.library import Library
from press.errors import HandoutError, Severity
from press.reports.review import FILE, ReviewRecord, read_review, report, score
from press.reports.review_items import CCI, ITEMS, PEMAT, WORDS, Answer, items_of
from press.reports.review_scores import Result, Score, Scores, as_data, as_text
from press.runs.handout import Site
from tests.helpers import ROOT, press

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


def _review(tmp_path: Path, answers: dict[tuple[str, int], str] | None = None, **signed: str) -> ReviewRecord:
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


@pytest.mark.parametrize("number", [8, 22, 23])
def test_no_item_may_be_left_out(tmp_path: Path, number: int) -> None:
    text = _text({})
    second = text.index("    cci:")

    assert "`cci` lacks items 8 [" in _problems(tmp_path, text[:second] + text[second:].replace('      8: ""\n', ""))
    found = _problems(tmp_path, text[:second].replace(f'      {number}: ""\n', "") + text[second:])
    assert f"`pemat` lacks items {number} [leave the answer blank where there is none]" in found


@given(st.integers(0, 47), st.text(alphabet="agre no:\"'[]{}#&*!|>-\t\x00é1", max_size=12))
def test_any_line_gives_a_record_or_problems(tmp_path_factory: pytest.TempPathFactory, number: int, line: str) -> None:
    lines = _text({}, **SIGNED).splitlines()
    lines[number] = line
    path = _file(tmp_path_factory.mktemp("any"), "\n".join(lines))

    try:
        assert isinstance(read_review(path, SHOWN), ReviewRecord)
    except HandoutError as error:
        assert error.problems


@pytest.mark.parametrize("blank", sorted(SIGNED))
def test_answers_need_a_reviewer_a_day_and_a_version(tmp_path: Path, blank: str) -> None:
    text = _text({(PEMAT, 1): "agree"}, **(SIGNED | {blank: ""}))

    assert f"there are answers, but no `{blank}`" in _problems(tmp_path, text)


# Scores


def _domains(found: Scores) -> tuple[Score, Score, Score]:
    understand, act, index = found.scores
    return understand, act, index


def test_blank_answers_never_count(tmp_path: Path) -> None:
    found = score(_review(tmp_path), "en")

    assert all(one.percent is None and not one.passes for one in found.scores)
    assert found.answered == 0
    assert as_text([found]).splitlines() == [
        "benefits (en): reviewed by Ana Made-up on 2026-11-20, 0 of 44 items answered",
        "  open: every item",
    ]


_BEST = {item.key: {PEMAT: "agree", CCI: "yes"}[item.scale] for item in ITEMS}


def test_a_whole_review_has_scores(tmp_path: Path) -> None:
    found = score(_review(tmp_path, _BEST | {(CCI, 4): "no"}), "en")

    understand, act, index = _domains(found)
    assert (understand.percent, act.percent) == (100.0, 100.0)
    assert (index.earned, index.applicable, index.percent) == (19, 20, 95.0)
    assert index.passes
    assert found.answered == 44
    shown = as_text([found])
    assert "CDC Index: 95 (19 of 20 that apply)" in shown
    assert "reviewed by Ana Made-up on 2026-11-20" in shown
    assert "  not met:\n    CDC Index 4: a picture supports the main message\n  met:\n" in shown
    assert "does not apply:" not in shown and "open:" not in shown


def test_every_answer_is_the_one_that_a_person_gave(tmp_path: Path) -> None:
    answers = {(PEMAT, 1): "agree", (PEMAT, 19): "na", (PEMAT, 23): "disagree", (CCI, 4): "yes"}

    found = score(_review(tmp_path, answers), "en")

    told = {result.item.key: result.answer for result in found.results if result.answer}
    assert told == {key: WORDS[key[0]][answer] for key, answer in answers.items()}
    assert found.problems == ()
    lines = as_text([found]).splitlines()
    for title, name in (("not met", "PEMAT-P 23"), ("met", "PEMAT-P 1"), ("does not apply", "PEMAT-P 19")):
        assert lines[lines.index(f"  {title}:") + 1].startswith(f"    {name}: ")
    assert len(lines[lines.index("  open:") + 1 :]) == 40


def test_items_that_do_not_apply_leave_the_sum(tmp_path: Path) -> None:
    missing = {(PEMAT, n): "na" for n in (6, 16, 17, 18, 19)}
    answers = _BEST | missing | {(PEMAT, 1): "disagree", (PEMAT, 2): "disagree"}

    understand, _, _ = _domains(score(_review(tmp_path, answers), "en"))

    assert (understand.earned, understand.applicable, understand.answered) == (10, 12, 17)
    assert understand.percent == pytest.approx(1000 / 12)  # 83.3
    assert not understand.passes


def test_two_misses_of_twenty_just_pass_the_index(tmp_path: Path) -> None:
    two = _BEST | {(CCI, 4): "no", (CCI, 11): "no"}
    three = two | {(CCI, 10): "no"}

    _, _, passed = _domains(score(_review(tmp_path, two), "en"))
    _, _, failed = _domains(score(_review(tmp_path, three), "en"))

    assert (passed.percent, passed.passes) == (90.0, True)
    assert (failed.percent, failed.passes) == (85.0, False)


def test_the_index_leaves_out_what_does_not_apply(tmp_path: Path) -> None:
    answers = _BEST | {(CCI, 4): "no"} | {(CCI, n): "na" for n in (18, 19, 20)}

    _, _, index = _domains(score(_review(tmp_path, answers), "en"))

    assert (index.earned, index.applicable) == (16, 17)
    assert index.percent == pytest.approx(1600 / 17)


def test_one_blank_leaves_the_domain_without_a_score(tmp_path: Path) -> None:
    understand, act, _ = _domains(score(_review(tmp_path, _BEST | {(PEMAT, 10): ""}), "en"))

    assert understand.percent is None
    assert act.percent == 100.0


def test_a_domain_without_a_score_says_so(tmp_path: Path) -> None:
    shown = as_text([score(_review(tmp_path, {(PEMAT, 1): "agree", (PEMAT, 2): "disagree"}), "en")])

    assert "  PEMAT-P understandability: no score yet, 2 of 17 items answered (1 of 2 that apply)\n" in shown


def test_without_one_main_message_its_place_and_look_do_not_count(tmp_path: Path) -> None:
    _, _, index = _domains(score(_review(tmp_path, _BEST | {(CCI, 1): "no"}), "en"))

    assert [result.item.number for result in index.results if result.answer is Answer.NO] == [1, 2, 3, 4]
    assert {result.why for result in index.results if result.item.number in (2, 3, 4)} == {
        "there is no one main message (item 1)"
    }
    assert index.percent == 80.0


def test_a_domain_in_which_nothing_applies_has_no_score() -> None:
    item = items_of(PEMAT)[6]
    found = Score("made up", (Result(item, Answer.NA),))

    assert found.percent is None and not found.passes and found.answered == 1


def test_answers_about_another_version_do_not_count(tmp_path: Path) -> None:
    review = _review(tmp_path, _BEST)
    assert score(review, "en", "1.0.0").answered == 44

    found = score(review, "en", "1.1.0")

    assert found.answered == 0
    assert found.reviewer == ""
    (problem,) = found.problems
    assert (problem.severity, problem.place.file) == (Severity.WARNING, SHOWN)
    assert "1.0.0" in problem.message and "1.1.0" in problem.message


def test_a_translation_has_answers_of_its_own(tmp_path: Path) -> None:
    found = score(_review(tmp_path, _BEST), "es")

    assert (found.language, found.answered) == ("es", 0)


# The report on the real handouts


@pytest.fixture(scope="module")
def reported() -> list[Scores]:
    """The scores of every handout as it is shipped."""
    return report(press(), press().library.topics)


def test_every_handout_is_reported_and_none_is_passed(reported: list[Scores]) -> None:
    library = press().library
    shelf = [(topic, language) for topic in library.topics for language in library.languages(topic)]
    assert [(found.handout, found.language) for found in reported] == shelf
    assert len(shelf) >= 6
    for found in reported:
        assert found.problems == ()
        assert (found.reviewer, found.answered) == ("", 0)
        assert not any(score.passes for score in found.scores)
        assert "no person has reviewed it, 0 of 44 items answered" in as_text([found])


def test_the_data_can_be_written_as_json(reported: list[Scores]) -> None:
    found = json.loads(json.dumps(as_data(reported)))

    assert len(found[0]["items"]) == 44
    assert {item["answer"] for item in found[0]["items"]} == {None}
    assert [one["items"] for one in found[0]["scores"]] == [17, 7, 20]


def test_a_handout_without_a_record_is_one_that_nobody_reviewed(tmp_path: Path) -> None:
    for path in (ROOT / "handouts").rglob("*.yaml"):
        if path.name != FILE:
            copy = tmp_path / "handouts" / path.relative_to(ROOT / "handouts")
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    (tmp_path / "templates").symlink_to(ROOT / "templates")
    bare = Site(tmp_path)
    vars(bare)["clinic"] = press().clinic

    found = report(bare, (TOPIC,))

    assert [scores.language for scores in found] == ["en", "es"]
    assert {(scores.reviewer, scores.answered) for scores in found} == {("", 0)}


def test_words_for_every_answer() -> None:
    assert all(set(words.values()) == set(Answer) for words in WORDS.values())
    assert len({item.key for item in ITEMS}) == len(ITEMS) == 44
    assert all(0 < len(item.text) < 80 for item in ITEMS)
