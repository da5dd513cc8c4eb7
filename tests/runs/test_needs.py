"""Nobody in danger goes without: what is printed for people whose rows or pages are wrong, and who comes first."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given as such
from hypothesis import settings
from hypothesis import strategies as st

import press.runs.batch
import press.runs.print_job
from press.content.localize import date_in_words
from press.patients.patient_list import parse_list
from press.runs.batch import Order, Packet, PersonPage, Refused, packets
from press.runs.handout import make
from press.runs.needs import DATE_FIELDS, Gets
from press.writers.pdf.file.single import write_single
from tests.helpers import press as made_up_press
from tests.rigs.read_back import Reading
from tests.runs.test_batch import DAY, given, words
from tests.runs.test_print_job import sides
from tests.support import TODAY, Shop, folded

HEADS = "Code,Name,Form,Reason,Started,Last dose,Interval,Appointment,Stopped,Language,Handouts,Prescriber"
GOOD = "P-1,Ana Zerbinetta,injection,opioid,,2026-11-20,4 weeks,2026-12-16 09:45,,,,Dr. Sarastro"
PRINTED = "Monday, November 23, 2026"  # the day of printing, in the footer
YEAR = re.compile(r"(?<![\d/])(?:19|20|21)\d\d\b")  # but for the month of a label, 12/2025
CELLS = {"started": 4, "last_dose": 5, "interval": 6, "appointment": 7, "stopped": 8, "language": 9, "handouts": 10}

BAD_DATES = {
    "two days": {"last_dose": "3/4/26"},
    "no such day": {"last_dose": "2026-02-30"},
    "the number of a day": {"last_dose": "45234"},
    "an error of the spreadsheet": {"last_dose": "#N/A"},
    "a dose in the future": {"last_dose": "2026-11-25"},
    "a stale dose": {"last_dose": "2026-08-01"},
    "a wrong interval": {"interval": "daily"},
    "no interval": {"interval": "fortnight"},
    "an appointment on a closed day": {"appointment": "2026-11-29 10:15"},
    "an appointment in the past": {"appointment": "2026-11-20"},
    "no appointment": {"appointment": "on Friday"},
    "a start in the future": {"started": "2027-01-04"},
    "all of them": {"started": "x", "last_dose": "x", "interval": "x", "appointment": "x"},
    "one unreadable, one refused": {"last_dose": "2026-11-31", "appointment": "2026-11-29"},
}


@pytest.fixture(autouse=True)
def at_one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that are compared begin in the same minute."""
    monkeypatch.setattr("press.cli.batch.now_of", lambda press: datetime(2026, 11, 23, 17, 2, tzinfo=UTC))


def row(code: str = "P-2", name: str = "Bo Papagena", form: str = "injection", **cells: str) -> str:
    """A row of the list; what is not said stands as in a good one."""
    interval = "4 weeks" if form == "injection" else "3 days"
    found = [code, name, form, "opioid", "", "2026-11-20", interval, "2026-12-16 09:45", "", "", "", "Dr. Sarastro"]
    for key, value in cells.items():
        found[CELLS[key]] = f'"{value}"'
    return ",".join(found)


def write(shop: Shop, *rows: str) -> None:
    (shop.root / "list.csv").write_text("\n".join([HEADS, *rows]) + "\n", "utf-8")


def batch(shop: Shop, *args: str) -> tuple[int, str, str]:
    result = shop.run("batch", "list.csv", *args, *DAY)
    return result.exit_code, result.stdout, result.stderr


def separate(shop: Shop, *args: str) -> tuple[int, str, str]:
    return batch(shop, "--separate", "run", *args)


def merged(shop: Shop, *args: str) -> tuple[int, str, str]:
    return batch(shop, "--merged", "job.pdf", *args)


def pages(shop: Shop) -> dict[str, str]:
    """The finished files of the run, as words."""
    return {path.name: folded(words(path.read_bytes())) for path in (shop.root / "run").glob("[!.]*")}


def state(shop: Shop) -> dict[str, bytes]:
    """Everything that a run left, the lock apart."""
    kept = (p for p in (shop.root / "run").rglob("*") if p.is_file() and p.name != "lock")
    return {p.name: p.read_bytes() for p in kept}


def told(line: str) -> str:
    """What the summary says about the people who need a clerk."""
    (found,) = re.findall("^needs you: (.*)$", line, re.MULTILINE)
    return found


def break_page(shop: Shop, topic: str, language: str = "en") -> None:
    (shop.root / "handouts" / topic / f"{language}.yaml").write_text(f"language: {language}\n", "utf-8")


def lengthen(shop: Shop, topic: str, text: str) -> None:
    """Words that are right by themselves, and too many for the sides of the page."""
    path = shop.root / "handouts" / topic / "en.yaml"
    lines = path.read_text("utf-8").splitlines()
    place = next(n for n, line in enumerate(lines) if line.strip().startswith(f"{text}:"))
    lines[place] = f'  {text}: "{"Call us if you feel sick. " * 400}"'
    path.write_text("\n".join(lines) + "\n", "utf-8")


# Refused only for a date


@pytest.mark.parametrize("cells", BAD_DATES.values(), ids=BAD_DATES)
def test_who_is_refused_only_for_dates_gets_the_undated_warning(shop: Shop, cells: dict[str, str]) -> None:
    write(shop, GOOD, row(**cells))
    code, line, errors = separate(shop)

    assert (code, told(line)) == (1, "1 (row 3: undated overdose warning only)")
    assert line.startswith("printed for 2 people, 4 handouts\nsheets: 4\n")
    found = pages(shop)
    assert set(found) == {"DRAFT-P-1-en.pdf", "DRAFT-P-2-overdose-warning-en.pdf"}
    text = found["DRAFT-P-2-overdose-warning-en.pdf"]
    assert (
        "Bo Papagena" in text
        and "naltrexone shot" in text
        and "My next shot is due:" in text
        and "shot is late" not in text
    )
    assert PRINTED in text and not YEAR.search(text.replace(PRINTED, ""))
    assert given(shop)[-1] == ("P-2", "overdose-warning") and len(given(shop)) == 4
    assert errors.startswith("list.csv, row 3: error: this person gets only the overdose warning, without dates")
    assert all(f"list.csv, row 3, column {key}: error" in errors for key in cells)
    assert not [value for value in cells.values() if len(value) > 1 and value in errors + line]
    assert shop.run("verify", "run").exit_code == 0


MERGED = [
    pytest.param(cells, id=name, marks=[] if number % 6 == 0 else [pytest.mark.sweep])
    for number, (name, cells) in enumerate(BAD_DATES.items())
]


@pytest.mark.parametrize("cells", MERGED)
def test_a_merged_job_has_the_undated_warning_too(shop: Shop, cells: dict[str, str]) -> None:
    write(shop, GOOD, row(**cells), GOOD.replace("P-1", "P-3").replace("Ana", "Eva"))
    code, line, _ = merged(shop, "--cover")

    assert (code, told(line)) == (1, "1 (row 3: undated overdose warning only)")
    own = [text for text in sides((shop.root / "job.pdf").read_bytes()) if "Papagena" in text]
    assert len(own) == 1 and re.search(r"Page 1 of 1 · \w{6}-4", folded(own[0]))
    assert not YEAR.search(folded(own[0]).replace(PRINTED, ""))
    with pikepdf.open(shop.root / "job.pdf") as file, file.open_outline() as outline:
        assert [item.title for item in outline.root][1:] == ["P-1", "P-2", "P-3"]
    assert [code for code, _ in given(shop)] == ["P-1"] * 3 + ["P-2"] + ["P-3"] * 3
    assert shop.run("verify", "job.pdf").exit_code == 0


def test_a_job_is_printed_again_from_the_sheet_of_an_undated_page(shop: Shop) -> None:
    write(shop, GOOD, row(last_dose="3/4/26"), GOOD.replace("P-1", "P-3"))
    merged(shop)
    whole = sides((shop.root / "job.pdf").read_bytes())

    code, line, errors = merged(shop, "--from-sheet", "4")
    assert code == 1 and "sheets 4 to 7 again" in line and "row 3" in errors
    assert sides((shop.root / "job-from-sheet-4.pdf").read_bytes()) == whole[6:] and len(given(shop)) == 7


@pytest.mark.parametrize("asked", [("benefits",), ("wallet-card", "side-effects"), ("overdose-warning",)])
def test_it_is_the_warning_whichever_handouts_were_asked_for(shop: Shop, asked: tuple[str, ...]) -> None:
    write(shop, row(last_dose="2026-02-30"), row("P-3", last_dose="2026-02-30", handouts="benefits, wallet-card"))
    separate(shop, *asked)
    assert set(pages(shop)) == {f"DRAFT-{code}-overdose-warning-en.pdf" for code in ("P-2", "P-3")}


def test_what_is_no_date_stays_on_the_undated_page(shop: Shop) -> None:
    heads = HEADS + ",Edition,Paper,Naloxone given"
    text = row(last_dose="3/4/26", stopped="yes", language="es") + ",large-print,a4,yes"
    (shop.root / "list.csv").write_text(f"{heads}\n{text}\n", "utf-8")
    assert separate(shop)[0] == 1

    ((name, found),) = pages(shop).items()
    assert name == "DRAFT-P-2-overdose-warning-es-large-print-a4.pdf"
    assert all(part in found for part in ("Bo Papagena", "Dr. Sarastro", "Usted dejó la naltrexona", "Ya se la dimos"))


MIXED = {
    "another field": row(form="pills", last_dose="3/4/26"),
    "a name with a sign that is none": row(name="Bo\u200ePapagena", last_dose="3/4/26"),
    "an unknown handout": row(last_dose="3/4/26", handouts="overdose-waring"),
    "a row whose cells have moved": row(last_dose="3/4/26") + ",x",
    "no code": row("", last_dose="3/4/26"),
    "no word for yes": row(last_dose="3/4/26", stopped="perhaps"),
}


@pytest.mark.parametrize("wrong", MIXED.values(), ids=MIXED)
def test_who_is_refused_for_more_gets_nothing(shop: Shop, wrong: str) -> None:
    """A page of the wrong form or reason, or of somebody else, would be worse than none."""
    write(shop, GOOD, wrong)
    code, line, errors = separate(shop)
    assert (code, told(line)) == (1, "1 (row 3: nothing printed)") and set(pages(shop)) == {"DRAFT-P-1-en.pdf"}
    assert "list.csv, row 3: error: this person gets nothing" in errors


def test_who_has_a_code_twice_gets_nothing(shop: Shop) -> None:
    write(shop, GOOD, row(last_dose="3/4/26"), row("p-2"))
    assert told(separate(shop)[1]) == "2 (rows 3-4: nothing printed)" and set(pages(shop)) == {"DRAFT-P-1-en.pdf"}


def test_a_clinic_without_an_overdose_warning_has_none_to_give(shop: Shop) -> None:
    shutil.rmtree(shop.root / "handouts" / "overdose-warning")
    write(shop, GOOD, row(last_dose="3/4/26"))
    assert told(separate(shop)[1]) == "1 (row 3: nothing printed)" and set(pages(shop)) == {"DRAFT-P-1-en.pdf"}


def test_warnings_alone_need_nobody(shop: Shop) -> None:
    write(shop, GOOD, row(last_dose="2026-10-21", appointment=""))
    code, line, errors = separate(shop)
    assert code == 0 and told(line) == "nobody" and "row 3, column last_dose: warning" in errors


def test_a_page_with_dates_in_place_of_the_undated_one_is_caught(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The seeded mutant: a cache that gives the undated person a neighbor's page."""
    known: dict[str, object] = {}
    monkeypatch.setattr(
        press.runs.batch, "make", lambda press_, topic, *more: known.setdefault(topic, make(press_, topic, *more))
    )
    write(shop, GOOD, row(name="Ana Zerbinetta", last_dose="3/4/26"))
    result = shop.run("batch", "list.csv", "--separate", "run", *DAY)
    assert result.exit_code == 3 and "WrongPatientError" in result.output
    result = shop.run("batch", "list.csv", "--merged", "job.pdf", *DAY)
    assert result.exit_code == 3 and "WrongPatientError" in result.output and not (shop.root / "job.pdf").exists()


# A language without the page


def test_an_unknown_language_gets_the_english_warning_named(shop: Shop) -> None:
    write(shop, GOOD, row(language="fr"), row("P-3", "Cy Despina", language="fr", last_dose="3/4/26"))
    code, line, errors = separate(shop)

    assert code == 1
    assert (
        told(line)
        == "2 (row 4: undated overdose warning only, in English; row 3: pages are missing, overdose warning in English)"
    )
    found = pages(shop)
    assert set(found) == {"DRAFT-P-1-en.pdf"} | {f"DRAFT-{code}-overdose-warning-en.pdf" for code in ("P-2", "P-3")}
    assert "Friday, December 18, 2026" in found["DRAFT-P-2-overdose-warning-en.pdf"], "the dates were right"
    for number in (3, 4):
        assert (
            f"list.csv, row {number}, column language: error: `language`: the overdose warning is not there in this language: the English page takes its place; use an interpreter"
            in errors
        )
    assert "gets only the overdose warning, without dates and in English" in errors and not re.search(
        r"\bfr\b", errors + line
    )
    assert languages(shop) == {("P-1", "en"), ("P-2", "en"), ("P-3", "en")}


def languages(shop: Shop) -> set[tuple[str, str]]:
    from press.delivery.ledger import open_ledger

    with open_ledger(shop.root / "ledger.sqlite") as ledger:
        return {(each.code, each.language) for each in ledger.of_handout("overdose-warning")}


@pytest.mark.parametrize("language", ["ru", "vi"])
def test_a_language_with_the_warning_alone_lacks_the_other_pages(shop: Shop, language: str) -> None:
    write(
        shop,
        row(language=language, last_dose="", appointment=""),
        row("P-3", language=language, last_dose="3/4/26"),
        row("P-4", language=language, handouts="benefits"),
    )
    code, line, errors = separate(shop)

    assert code == 1
    assert told(line) == "3 (row 3: undated overdose warning only; row 2: pages are missing; row 4: nothing printed)"
    assert set(pages(shop)) == {f"DRAFT-{code}-overdose-warning-{language}.pdf" for code in ("P-2", "P-3")}
    assert "row 2: error: this person gets the set without benefits, side-effects" in errors
    assert "interpreter" not in errors and languages(shop) == {("P-2", language), ("P-3", language)}


@pytest.fixture
def half_spanish(shop: Shop) -> Shop:
    """A press whose overdose warning was not translated into a language that has the other pages."""
    (shop.root / "handouts" / "overdose-warning" / "es.yaml").unlink()
    write(shop, row(language="es"), row("P-3", "Cy Despina", language="es", handouts="overdose-warning"), GOOD)
    return shop


def test_the_english_page_stands_among_the_pages_of_the_language(half_spanish: Shop) -> None:
    code, line, errors = separate(half_spanish)
    assert (code, told(line)) == (1, "2 (rows 2-3: overdose warning in English)")
    assert "rows 2-3: error: these people get the overdose warning in English" in errors

    text = pages(half_spanish)["DRAFT-P-2-es.pdf"]
    assert (
        "Overdose warning" in text
        and "Efectos secundarios" in text
        and "Page 3 of 5" in text
        and "Página 5 de 5" in text
    )
    data = (half_spanish.root / "run" / "DRAFT-P-2-es.pdf").read_bytes()
    assert [str(part.Lang) for part in Reading(data).elements() if part.S == "/Part"] == ["es", "en", "es"]


def test_in_a_job_the_english_page_says_its_language(half_spanish: Shop) -> None:
    assert merged(half_spanish)[0] == 1
    reading = Reading((half_spanish.root / "job.pdf").read_bytes())
    elements = list(reading.elements())
    assert [str(part.Lang) for part in elements if part.S == "/Part"] == ["es", "es", "en"]
    assert [str(art.get("/Lang", "")) for art in elements if art.S == "/Art"] == ["", "en", "", "en", "", "", ""]


def test_the_language_of_the_clinic_may_lack_it_as_well(half_spanish: Shop) -> None:
    half_spanish.edit("config.yaml", "language: en", "language: es")
    write(half_spanish, row(handouts="overdose-warning"))
    code, line, errors = separate(half_spanish)
    assert (code, told(line)) == (1, "1 (row 2: overdose warning in English)") and "config.yaml:" in errors


def test_english_is_no_way_out_where_it_is_refused(half_spanish: Shop) -> None:
    break_page(half_spanish, "overdose-warning")
    code, line, errors = separate(half_spanish)
    assert (code, told(line)) == (1, "3 (rows 2-4: nothing printed)") and "interpreter" not in errors
    assert "handouts/overdose-warning/en.yaml" in errors


# A page that is missing


def test_a_set_may_lack_any_page_but_the_warning(shop: Shop) -> None:
    break_page(shop, "benefits")
    write(shop, GOOD, row(last_dose="3/4/26"), row("P-3", handouts="benefits"), row("P-4", handouts="overdose-warning"))
    code, line, errors = separate(shop)

    assert (
        code == 1
        and told(line) == "3 (row 3: undated overdose warning only; row 2: a page is missing; row 4: nothing printed)"
    )
    found = pages(shop)
    assert set(found) == {"DRAFT-P-1-en.pdf", "DRAFT-P-2-overdose-warning-en.pdf", "DRAFT-P-4-overdose-warning-en.pdf"}
    assert "Page 3 of 3" in found["DRAFT-P-1-en.pdf"] and "How naltrexone can help" not in found["DRAFT-P-1-en.pdf"]
    assert "handouts/benefits/en.yaml" in errors and "row 2: error: this person gets the set without benefits" in errors
    assert [topic for code, topic in given(shop) if code == "P-1"] == ["overdose-warning", "side-effects"]


@pytest.mark.parametrize("asked", [(), ("overdose-warning", "side-effects")])
@pytest.mark.parametrize("way", ["--separate", "--merged"])
def test_a_page_that_is_too_long_is_left_out_wherever_that_is_seen(
    shop: Shop, way: str, asked: tuple[str, ...]
) -> None:
    """Pages with numbers are laid out later than others; the person must not lose the rest for it."""
    lengthen(shop, "side-effects", "site-worse")
    write(shop, GOOD, row())
    code, line, errors = batch(shop, *asked, way, "run" if way == "--separate" else "job.pdf")

    assert (code, told(line)) == (1, "2 (rows 2-3: a page is missing)")
    assert re.search("handouts/side-effects.*lines too long", errors)
    assert {topic for _, topic in given(shop)} == ({"overdose-warning"} if asked else {"benefits", "overdose-warning"})
    if way == "--separate":
        name = "DRAFT-P-1-overdose-warning-en.pdf" if asked else "DRAFT-P-1-en.pdf"
        assert set(pages(shop)) == {name, name.replace("P-1", "P-2")}
    else:
        text = folded(" ".join(sides((shop.root / "job.pdf").read_bytes())))
        assert "Zerbinetta" in text and "Papagena" in text and "Call us if you feel sick" not in text
    dry = batch(shop, *asked, "--dry-run")
    assert told(dry[1]) == told(line), "a check finds the same"


def test_a_warning_that_is_too_long_is_not_left_out(shop: Shop) -> None:
    lengthen(shop, "overdose-warning", "no-blame")
    write(shop, GOOD, row(handouts="benefits"))
    for way in (("--separate", "run"), ("--merged", "job.pdf"), ("--dry-run",)):
        assert told(batch(shop, *way)[1]) == "1 (row 2: nothing printed)"
    assert set(given(shop)) == {("P-2", "benefits")}


# Who comes first

WRONG = (
    row("P-2", form="pills"), row("P-3", "Cy Despina", language="vi"), GOOD, row("P-5", last_dose="3/4/26"),
    row("P-6", last_dose="2026-11-28"), row("P-7", stopped="perhaps"),
)  # fmt: skip
FIRST = "5 (rows 5-6: undated overdose warning only; row 3: pages are missing; rows 2 and 7: nothing printed)"


@pytest.mark.parametrize(
    "way", [("--separate", "run"), ("--merged", "job.pdf"), ("--dry-run",), ("--strict", "--separate", "run")]
)
def test_the_most_urgent_stand_first_everywhere(shop: Shop, way: tuple[str, ...]) -> None:
    write(shop, *WRONG)
    code, line, errors = batch(shop, *way, "--report", "told.txt")

    assert (code, told(line)) == (1, FIRST)
    seen = re.findall(r"^list\.csv, rows? ([^:]+): error: (?:this person gets|these people get)", errors, re.MULTILINE)
    assert seen == ["5-6", "3", "2 and 7"] and "row 7, column stopped" in errors.rpartition("warning:")[2]
    report = (shop.root / "told.txt").read_text("utf-8")
    assert [int(number) for number in re.findall(r"^(\d): ", report, re.MULTILINE)] == [5, 6, 3, 2, 7]
    assert "5: Code: P-5; Gets: undated overdose warning only; Why: last_dose" in folded(report)
    assert "Without: benefits, side-effects" in folded(report) and "2: Gets: nothing printed" in folded(report)
    found = json.loads(batch(shop, *way, "--json")[1].partition("\n]")[0] + "]")
    rows = [problem.get("row") for problem in found]
    assert [number for number in dict.fromkeys(rows) if number] == [5, 6, 3, 2, 7]


def test_a_page_of_the_report_shows_the_same_table(shop: Shop) -> None:
    write(shop, *WRONG)
    separate(shop, "--report", "told.pdf")
    text = folded(words((shop.root / "told.pdf").read_bytes()))
    order = [
        text.index(part)
        for part in (
            "These people need you: 5",
            "5 P-5 undated overdose warning only",
            "6 P-6 undated",
            "3 P-3 pages are missing",
            "2 nothing printed",
        )
    ]
    assert order == sorted(order) and "People: 4" in text and "Need you: 5" in text and "Refused: 2" in text


def test_many_rows_are_told_in_few_words(shop: Shop) -> None:
    write(shop, *(row(f"P-{n}", last_dose="2026-02-30" if n % 5 else "2026-11-20") for n in range(2, 127)))
    _, line, errors = batch(shop, "--dry-run")
    rows = ", ".join(f"{n + 1}-{n + 4}" for n in range(5, 100, 5))

    assert told(line) == f"100 (rows 2-4, {rows} and 21 more: undated overdose warning only)"
    assert errors.splitlines() == [
        f"list.csv, rows 2-4, {rows} and 21 more: error: these people get only the overdose warning, without dates",
        "    → see to these people first; then correct the rows, and print them with --rows",
        f"list.csv, rows 2-4, {rows} and 21 more, column last_dose: error: `last_dose`: expected a date as YYYY-MM-DD",
        "    → the calendar has no such day; check the month and the day",
    ]


def test_what_is_wrong_with_the_words_names_the_rows_that_lack_a_page(shop: Shop) -> None:
    (shop.root / "handouts" / "benefits" / "es.yaml").write_text("x", "utf-8")
    write(shop, row(), row("P-3", language="es"), row("P-4"), row("P-5", language="es"), row("P-6", language="es"))
    errors = batch(shop, "--dry-run")[2]

    assert "list.csv, rows 3 and 5-6: error: these people get the set without benefits" in errors
    assert re.search(r"^handouts/benefits/es\.yaml.* \(rows 3 and 5-6 of the list\): error: ", errors, re.MULTILINE)


def test_strict_prints_nothing_if_anybody_needs_a_clerk(shop: Shop) -> None:
    for wrong in (row(last_dose="3/4/26"), row(language="vi"), row(form="pills")):
        write(shop, GOOD, wrong)
        code, line, _ = separate(shop, "--strict")
        assert (
            code == 1
            and line.startswith("nothing was printed")
            and not (shop.root / "run").exists()
            and given(shop) == []
        )
    write(shop, GOOD)
    assert separate(shop, "--strict")[0] == 0 and len(pages(shop)) == 1


def test_a_late_appointment_is_a_warning_that_strict_refuses(shop: Shop) -> None:
    write(shop, GOOD, row(appointment="2026-12-23"))
    code, line, errors = separate(shop, "--strict")
    assert code == 1 and told(line) == "1 (row 3: appointment after the due day)" and not (shop.root / "run").exists()
    assert (
        errors.startswith("list.csv, row 3: error: with --strict")
        and "column appointment: error" in errors
        and "column appointment: warning" not in errors
    )
    assert batch(shop, "--dry-run", "--strict")[0] == 1

    assert batch(shop, "--dry-run")[0] == 0
    code, line, errors = separate(shop)
    assert code == 0 and told(line) == "nobody" and "column appointment: warning" in errors and len(pages(shop)) == 2


def test_who_is_due_is_told_as_before(shop: Shop) -> None:
    write(shop, GOOD, row(last_dose="3/4/26"), row("P-3", last_dose="2026-11-28"))
    result = shop.run("report", "due", "list.csv", "--json", *DAY)
    assert result.exit_code == 1 and [each["row"] for each in json.loads(result.stdout)["refused"]] == [3, 4]


# The same, whoever makes it and however often


MANY = [
    row(f"P-{n}", f"Bo Papagena{n}", **more)
    for n, more in enumerate(
        [{}, {"last_dose": "3/4/26"}, {"language": "vi"}, {"language": "fr", "interval": "daily"}] * 4
    )
]


def test_any_number_of_workers_makes_the_same_run(shop: Shop) -> None:
    write(shop, *MANY)
    runs = []
    for number in ("1", "2", "3"):
        found = separate(shop, "--workers", number, "--report", "told.txt")
        runs.append((found, state(shop), given(shop), (shop.root / "told.txt").read_bytes()))
        shutil.rmtree(shop.root / "run")
        (shop.root / "ledger.sqlite").unlink()
    assert runs[0] == runs[1] == runs[2]
    (code, line, _), left, rows, _ = runs[0]
    assert code == 1 and told(line).startswith("12 (rows 3, 7, 11 and 15: undated overdose warning only; ")
    assert sum(name.endswith(".pdf") for name in left) == 16 and len(rows) == 4 * (3 + 1 + 1 + 1)


def test_a_run_that_was_stopped_ends_with_the_same_files(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    write(shop, *MANY)
    calm = separate(shop), state(shop), given(shop)
    shutil.rmtree(shop.root / "run")
    (shop.root / "ledger.sqlite").unlink()
    real, count = press.runs.print_job.lay_out_one, 0

    def stop(*args: object) -> object:
        nonlocal count
        count += 1
        if count == 10:
            raise KeyboardInterrupt
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(press.runs.print_job, "lay_out_one", stop)
        code, _, errors = separate(shop)
    assert code == 130 and "needs you: " in errors and 0 < len(list((shop.root / "run").glob("*.pdf"))) < 16
    assert (separate(shop, "--resume"), state(shop), given(shop)) == calm


def test_a_merged_job_is_the_same_every_time(shop: Shop) -> None:
    write(shop, *MANY)
    first = merged(shop), (shop.root / "job.pdf").read_bytes(), given(shop)
    assert (merged(shop), (shop.root / "job.pdf").read_bytes(), given(shop)) == first


def test_an_undated_page_is_the_one_that_make_prints_without_dates(shop: Shop) -> None:
    write(shop, GOOD, row(last_dose="3/4/26", interval="daily"))
    separate(shop)
    patient = shop.patient("code: P-2\nname: Bo Papagena\nform: injection\nreason: opioid\nprescriber: Dr. Sarastro\n")
    assert shop.run("make", "overdose-warning", "--patient", patient, *DAY).exit_code == 0
    name = "DRAFT-overdose-warning-P-2-en.pdf"
    alone = next(path for path in (shop.root / "out").glob("*P-2*"))
    assert alone.read_bytes() == (shop.root / "run" / alone.name).read_bytes(), name


def test_no_value_of_a_row_is_in_a_message_or_on_the_report(shop: Shop) -> None:
    canaries = ("Papagena", "Sarastro", "2026-11-29", "11:35", "2026-08-01", "3/4/26", "2027-01-04", "P-2")
    write(
        shop, row(last_dose="2026-08-01", appointment="2026-11-29 11:35", language="fr"), row("P-21", last_dose="3/4/26", started="2027-01-04"),
        row("P-22", language="fr"), row("P-23", form="pills", language="vi"),
    )  # fmt: skip
    for way in (
        ("--separate", "run"),
        ("--merged", "job.pdf"),
        ("--dry-run",),
        ("--strict", "--separate", "other"),
        ("--dry-run", "--json"),
    ):
        output = "".join(batch(shop, *way)[1:])
        assert "row 2" in output or '"row": 2' in output
        assert not [value for value in (*canaries, "pills") if value in output] and not re.search(
            r"\b(fr|vi)\b", output.replace("languages here: en, es", "")
        )
    batch(shop, "--dry-run", "--report", "told.txt")
    report = (shop.root / "told.txt").read_text("utf-8")
    assert "P-21" in report and not [value for value in canaries[:-1] if value in report]


# At the desk


def hinted(shop: Shop, *args: str) -> str:
    result = shop.run("make", *args, *DAY)
    assert result.exit_code == 1 and shop.out() == set()
    return result.stderr.rstrip().splitlines()[-1]


def test_make_says_what_to_do_meanwhile(shop: Shop) -> None:
    typed = ["--set", "name=Bo Papagena", "--language", "es"]
    line = hinted(shop, *typed, "--set", "last_dose=3/4/26", "--set", "interval=daily")
    assert line.strip() == (
        "→ meanwhile print `make overdose-warning` with the same options, but `--set interval= --set last_dose=` for the dates: "
        "a person without a page is in danger too"
    )
    switches = re.search(r"but `(.*?)`", line)[1].split()
    assert shop.run("make", "overdose-warning", *typed, *switches, *DAY).exit_code == 0
    text = folded(words(next((shop.root / "out").glob("*.pdf")).read_bytes()))
    assert "Bo Papagena" in text and not YEAR.search(text.replace("lunes, 23 de noviembre de 2026", ""))


def test_the_file_of_a_patient_is_advised_as_well(shop: Shop) -> None:
    patient = shop.patient("code: P-2\nlast_dose: 2026-11-20\nappointment: 2026-11-29 11:35\n")
    line = hinted(shop, "--patient", patient)
    assert "`--set appointment= --set last_dose=`" in line and "2026" not in line
    assert (
        shop.run(
            "make", "overdose-warning", "--patient", patient, "--set", "appointment=", "--set", "last_dose=", *DAY
        ).exit_code
        == 0
    )


@pytest.mark.parametrize("more", [("--form", "pills"), ("--set", "colour=red"), ("side-efects",)])
def test_where_more_is_wrong_there_is_no_such_advice(shop: Shop, more: tuple[str, ...]) -> None:
    assert "meanwhile" not in shop.run("make", *more, "--set", "last_dose=3/4/26", *DAY).output


def test_a_press_without_the_warning_does_not_advise_it(shop: Shop) -> None:
    shutil.rmtree(shop.root / "handouts" / "overdose-warning")
    assert "meanwhile" not in hinted(shop, "--set", "last_dose=3/4/26")


# For any row


DOSES = {
    "": False,
    "2026-11-20": False,
    "2026-10-30": False,
    "2026-11-25": True,
    "2026-02-30": True,
    "3/4/26": True,
    "2026-08-01": True,
}
VISITS = {
    "": False,
    "2026-12-16": False,
    "2026-12-16 14:30": False,
    "2026-11-29": True,
    "2026-11-20 08:00": True,
    "soon": True,
}
STARTS = {"": False, "2026-10-02": False, "2026-12-02": True, "x": True}
INTERVALS = {"": False, "4 weeks": False, "month": False, "daily": True, "weekly": True}
FORMS = {"injection": False, "pills": True}
LANGUAGES = {"": False, "en": False, "es": False, "vi": False, "fr": False, "FRENCH": True}
NAMES = {"": False, "Bo Papagena": False, "Łucja": False, "Bo\u200eB": True}


@cache
def counted_days() -> dict[str, str]:
    """The day of printing as each language writes it."""
    return {language: folded(date_in_words(TODAY, language).replace("\u202f", " ")) for language in ("en", "es", "vi")}


@settings(max_examples=60, deadline=None)
@such(
    dates=st.tuples(*map(st.sampled_from, map(sorted, (STARTS, DOSES, INTERVALS, VISITS)))),
    others=st.tuples(*map(st.sampled_from, map(sorted, (FORMS, LANGUAGES, NAMES)))),
    asked=st.sampled_from(["", "benefits", "overdose-warning", "benefits, overdose-warning"]),
)
def test_for_any_row_dates_alone_never_leave_anybody_without(
    dates: tuple[str, ...], others: tuple[str, ...], asked: str
) -> None:
    started, dose, interval, visit = dates
    form, language, name = others
    text = "\n".join(
        [
            HEADS,
            row(
                name=name,
                form=form,
                started=started,
                last_dose=dose,
                interval=interval,
                appointment=visit,
                language=language,
                handouts=asked,
            ),
        ]
    )
    (one,) = packets(made_up_press(), parse_list(text.encode(), "list.csv"), Order(TODAY))
    if FORMS[form] or LANGUAGES[language] or NAMES[name]:
        assert isinstance(one, Refused) and one.need.gets is Gets.NOTHING
    elif STARTS[started] or DOSES[dose] or INTERVALS[interval] or VISITS[visit] or (dose and not interval):
        assert isinstance(one, Packet) and one.need and one.need.gets is Gets.UNDATED and len(one.pages) == 1
        assert one.need.in_english == (language == "fr")
        check_undated(one.pages[0])
    elif asked == "benefits" and language in ("vi", "fr"):
        assert isinstance(one, Refused)
    else:
        assert isinstance(one, Packet) and (one.need.gets if one.need else None) == (
            Gets.PART if (language in ("vi", "fr") and asked != "overdose-warning") or language == "fr" else None
        )


def check_undated(page: PersonPage) -> None:
    language = page.made.options.language
    text = folded(words(write_single(page.printed)))
    assert page.made.topic == "overdose-warning"
    assert counted_days()[language] in text and not YEAR.search(text.replace(counted_days()[language], ""))


def test_the_fields_of_dates_are_named_in_one_place() -> None:
    """What is dropped from an undated page, and nothing else, decides who gets one."""
    assert {"last_dose", "interval", "appointment", "started", "late_confirmed"} == DATE_FIELDS
    users = [path.name for path in sorted(Path("press").rglob("*.py")) if "late_confirmed" in path.read_text("utf-8")]
    assert "needs.py" in users


def test_who_is_confirmed_to_be_late_stays_late_without_dates(shop: Shop) -> None:
    """The day of the dose cannot be read; that the dose is late was said."""
    (shop.root / "list.csv").write_text(
        "Code,Form,Reason,Last dose,late_confirmed\nL-1,injection,opioid,2026-02-30,yes\n", "utf-8"
    )
    code, _, _ = separate(shop)
    (text,) = pages(shop).values()

    assert code == 1 and "Your shot is late." in text
