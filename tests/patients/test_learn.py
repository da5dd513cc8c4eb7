"""Learning how a program writes its lists: what is known is taken, what is not is asked, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.errors import HandoutError
from press.patients.learn import Answers, Learned, Questions, learn, name_for
from press.patients.patient_list import Reading, parse_list
from press.patients.recipe import parse_recipe
from press.patients.recipes import Recipes
from press.patients.vocabulary import meaning_of
from tests.patients.list_cases import DATE, number, sheet_row, workbook_of

EXPORTS = Path(__file__).resolve().parents[1] / "data" / "exports"
EXPORT = (EXPORTS / "export.csv").read_bytes()
COLUMNS = {"A": "code", "E": "language", "F": "form", "G": "reason", "I": "interval"}
YES = Answers(columns=COLUMNS, order="mdy")
OURS = b"code,form,reason,last_dose,interval\nK-1,injection,opioid,2026-11-20,4 weeks\n"


def asked(data: bytes, answers: Answers = Answers()) -> Questions:
    found = learn(data, "list.csv", answers)
    assert isinstance(found, Questions) and all(problem.private for problem in found.problems)
    return found


def learned(data: bytes, answers: Answers = Answers()) -> Learned:
    found = learn(data, "list.csv", answers)
    assert isinstance(found, Learned), [problem.message for problem in found.problems]
    parse_recipe(found.text, "recipes/x.yaml")
    return found


def test_all_questions_of_an_export_are_asked_at_once_each_with_its_answer() -> None:
    found = asked(EXPORT)
    errors = {problem.place.heading: problem for problem in found.problems if problem.is_error}

    assert set(errors) == {"", "E", "F", "G", "H", "I", "J"}
    assert errors["E"].message == "is the heading Lang the `language` of a person?"
    assert "`--column E=language`, or `--column E=-`" in errors["E"].hint
    assert (
        "23 of 24 dates can be nothing else" not in errors["H"].message
        and "reads as month/day/year" in errors["H"].message
    )
    assert "`--column A=code`" in errors[""].hint
    assert sorted(found.switches) == sorted(
        [*(f"--column {letter}={key}" for letter, key in COLUMNS.items()), "--dates mdy"]
    )


def test_what_is_learned_reads_the_whole_export_but_its_two_bad_rows() -> None:
    recipe = parse_recipe(learned(EXPORT, YES).text, "recipes/export.yaml")
    people = parse_list(EXPORT, "list.csv", "", Reading(recipes=Recipes({"export": recipe})))
    entries = {entry.row: entry for entry in people}

    assert [row for row, entry in entries.items() if entry.options is None] == [14, 22]
    assert "ask the prescriber" in entries[14].problems[0].hint
    assert [problem.message for problem in entries[22].problems] == [
        "this row has a comma too many: its cells do not stand under their own headings"
    ]
    first = entries[2].options
    assert (first.code, first.name, first.language) == ("R-101", 'Zerbinetta, Ana "Annie"', "es")
    assert (first.form, first.reason, first.interval) == ("injection", "opioid", "4 weeks")
    assert str(first.appointment.time) == "14:30:00"
    assert {entry.options.form for entry in entries.values() if entry.options} == {"injection", "tablet"}


def test_nothing_of_a_person_gets_into_a_recipe() -> None:
    text = learned(EXPORT, YES).text
    cells = {cell.strip('"') for line in EXPORT.decode().splitlines()[1:] for cell in line.split(",") if cell}
    names = {cell for cell in cells if cell[:1].isupper() and cell.isalpha()} - {"Spanish", "English", "Tablet"}

    assert len(names) > 20 and "736-50" in EXPORT.decode()
    held = {name for name in names if f'"{name.lower()}"' in text.lower()}
    assert held <= {"ESP", "Español", "ENG", "OUD", "AUD", "Vivitrol", "Injection"}
    assert "736" not in text and "R-1" not in text and "1960" not in text


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters=',"\r\n\0'), max_size=12), min_size=5, max_size=5)
)
def test_no_cell_of_a_row_is_ever_a_word_that_is_not_in_the_vocabulary(cells: list[str]) -> None:
    data = OURS + (",".join(["K-2", *cells[1:]]) + "\n").encode()
    try:
        found = learn(data, "list.csv", Answers())
    except HandoutError:
        return
    if isinstance(found, Learned):
        words = parse_recipe(found.text, "recipes/x.yaml").words
        assert all(
            meaning_of(option, word) == meant for option, known in words.items() for word, meant in known.items()
        )


def test_a_list_with_our_own_headings_asks_nothing() -> None:
    found = learned(OURS)

    assert found.read == ("code", "form", "reason", "last_dose", "interval") and found.left_out == ()


def test_days_that_can_be_both_are_asked_and_no_answer_is_likely() -> None:
    data = (
        OURS
        + b"K-2,tablet,opioid,11/2/2026,daily\nK-3,tablet,opioid,3/4/2026,daily\nK-4,tablet,opioid,5/6/2026,daily\n"
    )
    found = asked(data)

    assert found.switches == ()
    assert "`--dates mdy` or `--dates dmy`" in found.problems[-1].hint


def test_an_order_that_one_day_speaks_against_is_not_learned() -> None:
    wrong = asked(EXPORT, Answers(columns=COLUMNS, order="dmy"))

    assert [problem.place.heading for problem in wrong.problems if problem.is_error] == ["H", "J"]


def test_what_no_column_says_is_asked_and_may_be_the_same_for_everybody() -> None:
    data = b"code,last_dose\nK-1,2026-11-20\n"
    hints = [problem.hint for problem in asked(data).problems]
    found = learned(data, Answers(defaults={"form": "injection", "reason": "opioid", "interval": "4 weeks"}))

    assert ["--default form=injection|tablet" in hints[0], "--default reason=" in hints[1]] == [True, True]
    assert '`--default "interval=4 weeks|month' in hints[2]
    assert "defaults:\n  form: injection\n  reason: opioid\n  interval: 4 weeks\n" in found.text


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (Answers(columns={"B": "tongue"}), "there is no such option"),
        (Answers(defaults={"name": "Ana"}), "there is no such default"),
        (Answers(defaults={"form": "pill"}), "expected one of injection, tablet"),
        (Answers(defaults={"interval": "30 days"}), "expected one of 4 weeks"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(answers: Answers, why: str) -> None:
    with pytest.raises(HandoutError) as caught:
        learn(OURS, "list.csv", answers)

    assert why in caught.value.problems[0].message


def test_a_column_that_is_not_there_or_is_there_already_is_refused() -> None:
    assert "no heading in this column" in asked(OURS, Answers(columns={"Z": "name"})).problems[0].message
    assert "same meaning" in asked(OURS, Answers(columns={"E": "form"})).problems[0].message


@pytest.mark.parametrize(
    "data",
    [
        b"K-1,Ana Zerbinetta,2026-11-20,4 weeks\nK-2,Bo Papagena,2026-11-21,month\n",
        b"Clinic on Fig Street\ncode,form,reason\nK-1,tablet,alcohol\n",
        b"", b"%PDF-1.7", b"PK\x03\x04", b"\xd0\xcf\x11\xe0",
    ],
)  # fmt: skip
def test_what_has_no_headings_makes_no_recipe_and_is_not_shown(data: bytes) -> None:
    with pytest.raises(HandoutError) as caught:
        learn(data, "list.csv", Answers())

    assert not any(word in str(problem) for problem in caught.value.problems for word in ("Zerbinetta", "Fig Street"))


def test_a_heading_that_may_be_a_person_is_not_kept() -> None:
    data = OURS.replace(b"interval\n", b"interval,Zerbinetta 19800412\n").replace(b"4 weeks", b"4 weeks,x")

    assert "Zerbinetta" not in learned(data).text
    named = asked(data, Answers(columns={"F": "name"}))
    assert "looks like a person's data" in named.problems[0].message


def test_two_columns_of_one_heading_cannot_be_told_apart() -> None:
    data = OURS.replace(b"interval\n", b"interval,Date,Date\n").replace(
        b"4 weeks\n", b"4 weeks,2026-11-20,2026-12-01\n"
    )
    found = asked(data, Answers(columns={"F": "appointment", "G": "-"}))

    assert [problem.message for problem in found.problems] == ["`appointment`: another column has the same heading"]


@given(
    st.binary(max_size=80),
    st.sampled_from([b"", b"code,form,reason,Lang,Injection date\n", b"\xff\xfe", b"PK\x03\x04"]),
)
def test_any_bytes_are_learned_asked_about_or_refused(data: bytes, top: bytes) -> None:
    try:
        found = learn(top + data, "list.csv", Answers())
    except HandoutError as error:
        assert error.problems
        return
    assert found.problems if isinstance(found, Questions) else parse_recipe(found.text, "recipes/x.yaml").headings


def test_the_encoding_that_is_named_is_kept() -> None:
    data = OURS.replace(b"code,", b"code,name,").replace(b"K-1,", "K-1,Zoë,".encode("cp1252"))
    assert "encoding: cp1252" in learned(data, Answers(encoding="cp1252")).text
    assert "--encoding NAME" in asked(data).problems[0].hint


def test_a_workbook_is_learned_from_its_first_sheet_with_headings() -> None:
    head = sheet_row("Client ID", "Lang", "Medication", "Dx", "Last Injection", "How often")
    row = sheet_row("R-1", "Spanish", "Shot", "OUD", number(46_346, DATE), "28 days")
    data = workbook_of(
        ("Notes", "visible", sheet_row("for Ana")), ("People", "visible", head + row + sheet_row("", ""))
    )
    answers = Answers(columns=dict(zip("ABCDF", ("code", "language", "form", "reason", "interval"), strict=True)))
    found = learned(data, answers)
    recipe = parse_recipe(found.text, "recipes/x.yaml")
    [entry] = list(parse_list(data, "list.xlsx", "", Reading(recipes=Recipes({"x": recipe}))))

    assert "dates:" not in found.text, "a date cell needs no order"
    assert (entry.options.language, entry.options.interval, str(entry.options.last_dose)) == (
        "es",
        "4 weeks",
        "2026-11-20",
    )


@pytest.mark.parametrize(
    ("stem", "name"),
    [("Appts 11-24-2026", "appts"), ("export", "export"), ("2026", "list"), ("Été", "t"), ("", "list")],
)
def test_a_recipe_is_named_by_the_letters_of_its_list(stem: str, name: str) -> None:
    assert name_for(stem) == name


@pytest.mark.parametrize("heading", ["Chart #", "MRN #", "Patient No.", "Case Number"])
def test_a_number_of_a_record_may_be_the_code_and_is_asked_for_with_all_the_rest(heading: str) -> None:
    found = asked(
        f"{heading},Lang,Form,Reason,Every,Last Dose\nK-1,en,shot,OUD,q4w,11/20/2026\nK-2,en,shot,OUD,q4w,11/19/2026\n".encode()
    )

    assert found.switches == (
        "--column B=language", "--column E=interval", "--column A=code", "--dates mdy",
    )  # fmt: skip


def test_a_list_whose_codes_nobody_would_find_is_asked_about_all_the_rest_too() -> None:
    found = asked(
        b"Who,Lang,Form,Reason,Every,Last Dose\nK-1,en,shot,OUD,q4w,11/20/2026\nK-2,en,shot,OUD,q4w,11/19/2026\n"
    )

    assert found.switches[-2:] == ("--column LETTER=code", "--dates mdy")
    copied = asked(b"Who,Lang,Form,Last Dose\nK-1,en,shot,2026-11-20\n", Answers({"LETTER": "code"}))
    assert "--column LETTER" in {problem.place.file for problem in copied.problems if problem.is_error}


def test_a_comma_too_many_is_told_once_and_not_as_strange_words() -> None:
    rows = b'K-1,"Figaro, Ada",en,shot,OUD,q4w,2026-11-20\nK-2,Figaro, Bo,en,shot,OUD,q4w,2026-11-20\n'
    found = learned(b"Code,Name,Language,Form,Reason,Interval,Last Dose,Notes\n" + rows)

    assert [(problem.place.row, problem.message) for problem in found.problems if problem.place.row > 1] == [
        (3, "this row has a comma too many: its cells do not stand under their own headings")
    ]


def test_a_question_of_no_column_names_the_row_of_the_headings_and_no_line() -> None:
    found = asked(b"Code,Last Dose\nK-1,2026-11-20\n")
    assert {str(problem.place) for problem in found.problems if "no column says" in problem.message} == {
        "list.csv, row 1"
    }
