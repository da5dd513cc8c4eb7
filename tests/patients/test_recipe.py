"""A recipe: what it says of a list, and what it may not say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from press.content.yaml.messages import MOST_LEVELS
from press.errors import HandoutError, Severity
from press.patients.options import Options
from press.patients.patient_list import PatientList, Reading, parse_list
from press.patients.recipe import parse_recipe
from press.patients.recipes import read_recipes

GOOD = """headings:
  "Client #": code
  Lang: language
  Last inj: last_dose
  Given as: form
  How often: interval
  For: reason
not_read: [DOB, Name]
dates: {last_dose: mdy}
defaults: {reason: opioid}
words:
  language: {Español: es, ESP: es}
  form: {Vivitrol: injection, shot: injection}
  interval: {cada 28 días: 4 weeks}
"""
LIST = """Client #,Name,DOB,Lang,Last inj,Given as,How often,For
R-1,Ana Zerbinetta,4/2/1980,esp,11/20/2026,VIVITROL,Cada  28 días,
R-2,Bo Papagena,5/2/1980,en,11/2/2026,Shot,month,alcohol
"""
ANA = Options(
    code="R-1", language="es", last_dose=date(2026, 11, 20), form="injection", interval="4 weeks", reason="opioid"
)


def site(tmp_path: Path, **recipes: str) -> Path:
    """A clinic's folder with these recipes."""
    (tmp_path / "recipes").mkdir()
    for name, text in recipes.items():
        (tmp_path / "recipes" / f"{name}.yaml").write_text(text, "utf-8")
    return tmp_path


def read(root: Path, text: str | bytes = LIST, name: str = "", encoding: str = "") -> PatientList:
    data = text.encode() if isinstance(text, str) else text
    return parse_list(data, "list.csv", encoding, Reading(recipe=name, recipes=read_recipes(root)))


def told(text: str) -> list[str]:
    """What is wrong with a recipe, with its places."""
    with pytest.raises(HandoutError) as caught:
        parse_recipe(text, "recipes/x.yaml")
    return [f"{problem.place}: {problem.message} {problem.hint}" for problem in caught.value.problems]


# What it says


def test_a_list_is_read_by_the_recipe_whose_headings_it_has(tmp_path: Path) -> None:
    found = read(site(tmp_path, export=GOOD))

    ana, bo = (entry.options for entry in found)
    assert ana == ANA
    assert (bo.form, bo.interval, bo.reason, bo.name) == ("injection", "month", "alcohol", "")
    [note] = found.notes
    assert note.message == "read by the recipe export; where a row says nothing, reason is opioid"
    assert not note.is_error


def test_words_with_one_meaning_are_known_to_every_recipe(tmp_path: Path) -> None:
    text = LIST.replace("esp,", "Castellano,").replace("Cada  28 días", "every 28 days").replace("VIVITROL", "Inj")

    assert next(iter(read(site(tmp_path, export=GOOD), text))).options == ANA


def test_columns_that_the_recipe_leaves_out_are_told_no_more_and_new_ones_are(tmp_path: Path) -> None:
    found = read(site(tmp_path, export=GOOD), LIST.replace("For\n", "For,Phone\n").replace(",alcohol", ",alcohol,5"))

    assert [note.message for note in found.notes if "not read" in note.message] == ["not read: column I (Phone)"]


def test_a_plain_list_is_read_as_ever_beside_recipes(tmp_path: Path) -> None:
    found = read(site(tmp_path, export=GOOD), "code,last_dose\nK-1,2026-11-20\n")

    assert found.notes == () and found.how == ""


def test_the_recipe_with_most_headings_wins_and_two_alike_must_be_named(tmp_path: Path) -> None:
    small = 'headings: {"Client #": code}\ndefaults: {reason: both}\n'
    root = site(tmp_path, export=GOOD, small=small)
    assert next(iter(read(root))).options == ANA
    (root / "recipes" / "twin.yaml").write_text(GOOD.replace("opioid", "both"), "utf-8")
    with pytest.raises(HandoutError) as caught:
        read(root)

    assert "name one of them: `--recipe export` or `--recipe twin`" in caught.value.problems[0].hint
    assert next(iter(read(root, name="twin"))).options.reason == "both"


def test_an_unknown_name_is_refused_with_the_one_that_is_meant(tmp_path: Path) -> None:
    with pytest.raises(HandoutError) as caught:
        read(site(tmp_path, export=GOOD), name="exprt")

    assert "did you mean `export`?" in caught.value.problems[0].hint


def test_a_broken_recipe_stops_no_other_list_but_its_own(tmp_path: Path) -> None:
    root = site(tmp_path, export=GOOD, broken="headings: {Lang: tongue}\n")
    found = read(root)

    assert next(iter(found)).options == ANA
    assert [note.severity for note in found.notes if note.place.file == "recipes/broken.yaml"] == [Severity.WARNING]
    with pytest.raises(HandoutError):
        read(root, name="broken")


def test_the_encoding_of_a_recipe_is_for_what_is_not_utf_8(tmp_path: Path) -> None:
    root = site(tmp_path, export=GOOD.replace("not_read:", "encoding: cp1252\nnot_read:").replace(", Name]", "]"))
    for encoding in ("cp1252", "utf-8", "utf-8-sig", "utf-16"):
        data = LIST.replace("Ana", "Zoë").encode(encoding)
        assert next(iter(read(root, data))).options.name == "Zoë Zerbinetta", encoding


def test_what_a_recipe_says_is_a_part_of_what_the_run_is(tmp_path: Path) -> None:
    root = site(tmp_path, export=GOOD)
    before = read(root).how
    (root / "recipes" / "export.yaml").write_text(GOOD.replace("reason: opioid", "reason: both"), "utf-8")

    assert before and read(root).how != before


def test_a_default_has_the_place_of_its_row_the_long_way_and_the_short(tmp_path: Path) -> None:
    people = read(site(tmp_path, export=GOOD))
    short, long = ([way(row) for row in people.rows()] for way in (people.entry, people._told))

    assert [entry.options for entry in short] == [entry.options for entry in long]
    places = [{name: entry.options.places[name] for name in entry.options.places} for entry in (*short, *long)]
    assert places[:2] == places[2:] and places[0]["reason"].row == 2


# What it may not say


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("Lang: language", "Lang: tongue", "expected one of"),
        ("Lang: language", "Next appointment: last_dose", "`appointment`, which this heading says by itself"),
        ("Lang: language", "Date of birth: started", "a date of birth is none of these dates"),
        ("Lang: language", "Language: last_dose", "`language`"),
        ("[DOB, Name]", "[DOB, Interval]", "this one is `interval`, which changes the pages"),
        ("{last_dose: mdy}", "{last_dose: us}", "expected one of mdy, dmy, ymd"),
        ("{last_dose: mdy}", "{name: mdy}", "expected one of appointment, last_dose, started"),
        ("{reason: opioid}", "{reason: any}", "expected one of opioid, alcohol, both"),
        ("{reason: opioid}", "{last_dose: 2026-11-20}", "expected one of form, reason, interval"),
        ("{reason: opioid}", "{code: K-1}", "expected one of"),
        ("{reason: opioid}", "{handouts: [benefits, side-effects]}", "expected one value"),
        ("{reason: opioid}", "{form: {a: injection}}", "expected one value"),
        ("shot: injection", "shot: [injection]", "expected one value"),
        ("ESP: es", "English: es", "`en`, which this word says by itself"),
        ("shot: injection", "shot: tablet", "`injection`, which this word says by itself"),
        ("shot: injection", "tablet: injection", "`tablet`, which this word says by itself"),
        ("cada 28 días: 4 weeks", "2 days: 4 weeks", "`2 days`, which this word says by itself"),
        ("cada 28 días: 4 weeks", "30 days: 4 weeks", "ask the prescriber"),
        ("cada 28 días: 4 weeks", "30 days: month", "ask the prescriber"),
        ("cada 28 días: 4 weeks", "weekly: 4 weeks", "ask the prescriber"),
        ("cada 28 días: 4 weeks", "2 weeks: 2 days", "ask the prescriber"),
        ("cada 28 días: 4 weeks", "monthly: 4 weeks", "`month`, which this word says by itself"),
        ("cada 28 días: 4 weeks", "4 days: 4 weeks", "ask the prescriber"),
        ("  language: {", '  handouts: {"all": [benefits, side-effects]}\n  language: {', "expected one value"),
        ("  language: {", "  name: {", "expected one of form, reason"),
        ("  language: {", "  last_dose: {", "expected one of form, reason"),
    ],
)
def test_a_recipe_that_lies_is_refused_at_its_line(old: str, new: str, why: str) -> None:
    above, _, rest = GOOD.partition(old)
    assert rest
    [found] = told(GOOD.replace(old, new))

    assert why in found
    assert found.startswith(f"recipes/x.yaml:{above.count(chr(10)) + 1}:")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("defaults: {reason: opioid}\n", "`headings` is missing"),
        ("headings: {}\n", "would fit every list"),
        ("headings: code\n", "a list of `key: value` lines"),
        ("headings: {A: code, B: code}\n", "two headings are `code`"),
        ("headings: {Client-no: code, client no: name}\n", "each key once"),
        ("headings: {Who: code}\nnot_read: [WHO]\n", "under `headings` as well"),
        ("headings: {Code: code}\nformat: mdy\n", "unknown key `format`"),
        ("headings: {Code: code}\nencoding: windows\n", "`encoding`"),
        ("headings: &a {Code: code}\ndates: *a\n", "anchor"),
        ("headings: {Code: " + "[" * (MOST_LEVELS + 2) + "]" * (MOST_LEVELS + 2) + "}\n", "levels deep"),
        ("", "empty"),
    ],
)  # fmt: skip
def test_what_is_no_recipe_is_refused_in_words(text: str, why: str) -> None:
    assert why in " ".join(told(text))


def test_all_that_is_wrong_is_told_at_once() -> None:
    text = GOOD.replace("Lang: language", "Lang: tongue").replace("mdy", "us").replace("ESP: es", "ESP: 7")

    assert len(told(text)) == 3


def test_a_heading_that_was_renamed_since_is_told_with_the_recipe_it_is_missed_in(tmp_path: Path) -> None:
    root = site(tmp_path, book='headings: {"Client": code, "Kind": form, "Why": reason, "Last": last_dose}\n')
    renamed = "Client,Kind,Why,Latest\nK-1,shot,OUD,2026-11-02\n"
    with pytest.raises(HandoutError) as caught:
        read(root, renamed)

    (near,) = [problem for problem in caught.value.problems if "book" in problem.message]
    assert near.message == "the recipe book would fit this list, but the heading for `last_dose` is another one now"
    assert near.hint.endswith("recipes/book.yaml") and near.severity is Severity.WARNING
    with pytest.raises(HandoutError) as caught:
        read(root, "Client,Art,Weil,Latest\nK-1,shot,OUD,2026-11-02\n")
    assert not any("book" in problem.message for problem in caught.value.problems)
