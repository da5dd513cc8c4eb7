"""The fridge page: what is marked in its months is what its list says, on paper, on screen, aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from press.compose.check import check_calendar
from press.compose.tailor import tailor, with_defaults
from press.compose.template import compose
from press.content.clinic import DATES, Clinic, Closed, Dates
from press.content.fields import EDITIONS, FORMS, MODES, PAPERS, REASONS, WEEKDAYS, Appointment
from press.content.localize import date_in_words
from press.document.nodes import MARKS, Cell, Document, List, Paragraph, Section, Strong, Table, blocks, plain
from press.patients.options import Options
from press.runs.handout import Made, Site, print_one
from press.writers.pdf.model import BoxItem, IconItem, TextItem
from press.writers.text import write_text
from tests.rigs import verapdf_rig
from tests.rigs.read_back import Reading, is_element
from tests.support import (
    FORM_MODES,
    READERS,
    TODAY,
    Shop,
    check,
    clinic_with,
    folded,
    made,
    mode_options,
    press,
    text_of,
    told,
)

TOPIC = "fridge-page"
A_DATE = re.compile(r"\w+day, (\w+ \d{1,2}, \d{4})")
Marked = set[tuple[str, date]]


def fridge(clinic: Site | None = None, today: date = TODAY, **given: object) -> Made:
    return made(TOPIC, clinic, today, **given)


def printing(*names: str, closed: Closed = Closed(), upcoming: int = 1) -> Site:
    return clinic_with(dates=Dates(print=names, upcoming=upcoming), closed=closed)


def grids(document: Document) -> list[Table]:
    return [block for block in blocks(document.body) if isinstance(block, Table) and block.role == "month"]


def kinds(cell: Cell) -> list[str]:
    return [node.role for node in cell.children if isinstance(node, Strong) and node.role]


def days(grid: Table) -> Iterator[tuple[date, Cell]]:
    """Every day of a grid, by its caption and its number."""
    first = datetime.strptime(plain(grid.caption), "%B %Y").date()
    for cell in (cell for row in grid.rows for cell in row.cells):
        if cell.children:
            yield first.replace(day=int(plain(cell.children).split("\n")[0])), cell


def in_grids(document: Document) -> Marked:
    return {(kind, day) for grid in grids(document) for day, cell in days(grid) for kind in kinds(cell)}


def shut(document: Document) -> set[str]:
    """The columns that are headed as closed, by the weekday of the days below."""
    found = set()
    for grid in grids(document):
        for column, head in enumerate(grid.head[0].cells):
            below = [day for day, cell in days(grid) if any(row.cells[column] is cell for row in grid.rows)]
            found |= {WEEKDAYS[below[0].weekday()]} if kinds(head) == ["closed"] else set()
    return found


def lines(document: Document) -> dict[str, str]:
    """The words of each line of the list by the kind of day that it is about."""
    items = [item for block in blocks(document.body) if isinstance(block, List) for item in block.items]
    signed = [item for item in items if isinstance(item.children[0], Strong) and item.children[0].role]
    found = {item.children[0].role: plain(item.children) for item in signed}
    assert len(found) == len(signed), "a kind of day has two lines"
    return found


def in_list(document: Document) -> Marked:
    """Every date of the list, by the line that it stands in, but for the danger that a late visit is told with."""
    return {
        (kind, datetime.strptime(text, "%B %d, %Y").date())
        for kind, words in lines(document).items()
        for text in A_DATE.findall(re.sub(r"Your danger is higher from [^.]*\.", "", words))
    }


# What is marked is what is said


@st.composite
def situations(draw: st.DrawFn) -> tuple[Options, Clinic, date]:
    """A patient, a clinic and a day, as the date rules take them."""
    dose = draw(st.dates(date(2026, 1, 1), date(2032, 12, 31)))
    form = draw(st.sampled_from(FORMS))
    today = dose + timedelta(days=draw(st.integers(0, 40)))
    interval = draw(st.sampled_from(["4 weeks", "month"] if form == "injection" else ["daily", "2 days", "3 days"]))
    visit = draw(st.none() | st.integers(0, 120))
    options = Options(
        form=form,
        reason=draw(st.sampled_from(REASONS)),
        last_dose=draw(st.sampled_from([dose, None])),
        interval=interval,
        appointment=None
        if visit is None
        else Appointment(today + timedelta(days=visit), draw(st.sampled_from([None, time(14, 30)]))),
        stopped=draw(st.sampled_from([False, False, False, True])),
    )
    closed = Closed(
        weekdays=tuple(draw(st.sets(st.sampled_from(WEEKDAYS), max_size=4))),
        dates=tuple(today + timedelta(days=n) for n in draw(st.sets(st.integers(-40, 90), max_size=4))),
    )
    chosen = Dates(print=tuple(draw(st.sets(st.sampled_from(DATES)))), upcoming=draw(st.integers(1, 6)))
    return with_defaults(options, press().clinic), clinic_with(dates=chosen, closed=closed).clinic, today


@settings(max_examples=150, deadline=None)
@given(situations())
def test_the_months_mark_what_the_list_says(situation: tuple[Options, Clinic, date]) -> None:
    options, clinic, today = situation
    found = tailor(press().handout(TOPIC, "en"), options, clinic, today)
    document = compose(found, press().templates)
    marked, said = in_grids(document), in_list(document)
    last = max((day for grid in grids(document) for day, _ in days(grid)), default=None)

    assert marked == {(kind, day) for kind, day in said if last and day <= last}
    assert bool(grids(document)) == (found.mode not in ("overdue", "stopped"))
    if grids(document):
        said_shut = A_DATE.sub("", lines(document).get("closed", ""))
        assert shut(document) == set(clinic.closed.weekdays) == {day for day in WEEKDAYS if day in said_shut}
        assert {day for kind, day in marked if kind == "closed"} == {
            day
            for day in clinic.closed.dates
            if WEEKDAYS[day.weekday()] not in clinic.closed.weekdays and day in all_days(document)
        }
    assert not [problem for problem in check(document, found) if problem.is_error]
    say_all(marked, document)
    keep_to_the_rules(marked, options, clinic, document, found.mode)


def all_days(document: Document) -> set[date]:
    return {day for grid in grids(document) for day, _ in days(grid)}


def say_all(marked: Marked, document: Document) -> None:
    """The text, read aloud, names every marked day and has no grid."""
    text = " ".join(write_text(document).data.decode("utf-8").split())

    assert all(date_in_words(day, "en") in text for _, day in marked)
    assert not re.search(r"\bTue\b|\b12 13 14\b", text)


def keep_to_the_rules(marked: Marked, options: Options, clinic: Clinic, document: Document, mode: str) -> None:
    """Nothing that the clinic does not print, and no dose after day 28 without the danger: its day, or "now"."""
    doses = {day for kind, day in marked if kind in ("due", "offered", "planned")}
    danger = {day for kind, day in marked if kind == "danger"}
    late = {day for day in doses if options.last_dose and day > options.last_dose + timedelta(days=28)}
    first = min((day for kind, day in marked if kind == "due"), default=None)

    assert {kind for kind, _ in marked} <= {"given", "closed", "danger", *clinic.dates.print}
    if late and options.form == "injection" and mode in ("past-danger", "due-today"):
        assert re.search("in more danger now|danger is higher now", folded(write_text(document).data.decode("utf-8")))
    elif late and options.form == "injection":
        assert danger | {first} & {options.last_dose + timedelta(days=28)}
        assert min(danger or {first}) <= options.last_dose + timedelta(days=28)
    if options.stopped:
        assert not marked


def test_every_kind_of_day_can_be_marked() -> None:
    """The property above would hold of empty months too."""
    closed = Closed(weekdays=("Sunday",), dates=(date(2026, 12, 31),))
    page = fridge(
        printing(*DATES, closed=closed, upcoming=2), date(2026, 12, 1), form="injection", last_dose=date(2026, 11, 30),
        interval="month", appointment=Appointment(date(2026, 12, 28), time(9, 0)),
    )  # fmt: skip
    more = fridge(
        printing(*DATES, closed=Closed(dates=(date(2026, 12, 30),))), date(2026, 12, 1), form="injection",
        last_dose=date(2026, 11, 30), interval="month",
    )  # fmt: skip

    assert {kind for kind, _ in in_grids(page.document) | in_grids(more.document)} == set(MARKS)
    assert in_grids(page.document) >= {
        ("given", date(2026, 11, 30)), ("watch", date(2026, 12, 21)), ("danger", date(2026, 12, 28)), ("due", date(2026, 12, 30)),
        ("appointment", date(2026, 12, 28)), ("planned", date(2027, 1, 30)), ("closed", date(2026, 12, 31)),
    }  # fmt: skip
    assert ("offered", date(2026, 12, 29)) in in_grids(more.document)
    assert shut(page.document) == {"Sunday"}


def test_a_list_with_every_kind_of_day_is_divided() -> None:
    clinic = printing(*DATES, closed=Closed(weekdays=("Sunday",), dates=(date(2026, 12, 30),)), upcoming=2)
    page = fridge(
        clinic,
        date(2026, 12, 1),
        last_dose=date(2026, 11, 30),
        interval="month",
        appointment=Appointment(date(2026, 12, 28)),
    )

    assert set(lines(page.document)) == set(MARKS)


# The modes


@pytest.mark.parametrize(("form", "mode"), FORM_MODES)
def test_each_mode_has_its_own_page(form: str, mode: str) -> None:
    page = fridge(form=form, **mode_options(form, mode))
    text = text_of(page)

    assert bool(grids(page.document)) == (mode not in ("overdue", "stopped"))
    assert ("is late. " in text and "Call us today" in text) == (mode == "overdue")
    assert ("extra danger now and for a long time" in text) == (mode == "stopped")
    assert ("check mark on each day" in text) == (form == "tablet" and mode not in ("overdue", "stopped"))


def test_without_a_dose_there_are_two_months_and_lines_to_write_on() -> None:
    page = fridge(form="injection")
    text = text_of(page)

    assert [plain(grid.caption) for grid in grids(page.document)] == ["November 2026", "December 2026"]
    assert in_grids(page.document) == set()
    assert all(
        line in text
        for line in ("I got my shot on: [date]", "My next shot is due: [date]", "My next visit: [date and time]")
    )


@pytest.mark.parametrize("mode", ["overdue", "stopped"])
def test_a_late_or_stopped_course_names_its_appointment_and_no_other_day(mode: str) -> None:
    page = fridge(
        printing(*DATES, upcoming=6), appointment=Appointment(date(2026, 12, 1)), **mode_options("injection", mode)
    )
    body = text_of(page).partition("fridge-page 1.")[0]

    assert A_DATE.findall(body) == ["December 1, 2026"]


@pytest.mark.parametrize(("form", "reason", "mode"), READERS)
def test_it_names_no_illness(form: str, reason: str, mode: str) -> None:
    """It hangs where guests see it."""
    text = text_of(fridge(form=form, reason=reason, **mode_options(form, mode)))

    assert not re.search(
        r"disorder|addict|recover|treatment|alcohol|detox|diagnos|program|counsel", text, re.IGNORECASE
    )
    assert "For:" not in text


def test_the_name_stands_there_only_if_it_was_typed() -> None:
    assert "For: Jo E." in text_of(fridge(name="Jo E."))


@pytest.mark.parametrize("mode", MODES)
def test_the_danger_comes_first_in_every_mode(mode: str) -> None:
    box = next(block for block in fridge(**mode_options("injection", mode)).document.body if isinstance(block, Section))

    assert box.role == "warning"
    assert "There is no safe day to use opioids." in " ".join(
        plain(b.children) for b in blocks(box.children) if isinstance(b, Paragraph)
    )


def test_it_is_printed_only_when_asked_for(shop: Shop) -> None:
    assert shop.run("make", "--today", "2026-11-23").exit_code == 0
    assert len(shop.out()) > 2 and not [name for name in shop.out() if TOPIC in name]
    assert shop.run("make", TOPIC, "--today", "2026-11-23").exit_code == 0
    assert [name for name in shop.out() if TOPIC in name]


# On paper


WORST = {
    "form": "injection", "last_dose": date(2026, 11, 30), "interval": "month", "name": "Ana Lucía Muñoz-Strömberg",
    "appointment": Appointment(date(2026, 12, 28), time(12, 30)),
}  # fmt: skip


@cache
def worst(edition: str, paper: str) -> tuple[Made, bytes]:
    """Every mark, three on one day, in three months, from a clinic with long data."""
    clinic = printing(
        *DATES,
        closed=Closed(weekdays=("Saturday", "Sunday"), dates=(date(2026, 12, 30), date(2026, 12, 25))),
        upcoming=2,
    )
    page = fridge(clinic, date(2026, 11, 30), edition=edition, paper=paper, **WORST)
    return page, print_one(press(), page, "pdf").data


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("paper", PAPERS)
def test_the_fullest_page_is_printed_whole(edition: str, paper: str) -> None:
    page, data = worst(edition, paper)
    reading = Reading(data)
    tables = [
        e
        for e in reading.elements()
        if e.S == "/Table" and any(len(r.K) == 7 for part in e.K for r in part.K if is_element(r))
    ]

    assert len(tables) == len(grids(page.document)) == 3
    for table, grid in zip(tables, grids(page.document), strict=True):
        caption, head, body = table.K
        assert (caption.S, head.S, body.S) == ("/Caption", "/THead", "/TBody")
        assert reading.spoken(caption) == plain(grid.caption)
        assert [(cell.S, cell.A.Scope) for cell in head.K[0].K] == [("/TH", "/Column")] * 7
        spoken = [[reading.spoken(cell) for cell in row.K] for row in body.K]
        assert spoken == [[" ".join(plain(cell.children).split()) for cell in row.cells] for row in grid.rows]


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("paper", PAPERS)
def test_the_list_is_read_before_the_months(edition: str, paper: str) -> None:
    reading = Reading(worst(edition, paper)[1])
    spoken = [reading.spoken(e) for e in reading.elements()]
    first = next(n for n, words in enumerate(spoken) if words == "November 2026")

    assert all(
        any(date_in_words(day, "en") in words for words in spoken[:first])
        for _, day in in_grids(worst(edition, paper)[0].document)
    )


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("paper", PAPERS)
def test_each_word_stands_in_its_own_cell_with_a_sign_for_each_mark(edition: str, paper: str) -> None:
    page = worst(edition, paper)[0]
    layout = print_one(press(), page, "pdf").layout
    signs = numbers = 0
    for sheet in layout.pages:
        boxes = [i for i in sheet.items if isinstance(i, BoxItem) and 50 < i.width < 90]
        for item in sheet.items:
            if isinstance(item, IconItem) and any(holds(box, item.x, item.y, item.size) for box in boxes):
                signs += 1
            if isinstance(item, TextItem) and re.fullmatch(r"\d{1,2} ?", item.line.text):
                numbers += 1
                (box,) = [
                    box for box in boxes if box.x < item.x < box.x + box.width and box.y < item.y < box.y + box.height
                ]
                assert item.x + item.line.width < box.x + box.width
    heads = sum(bool(kinds(head)) for grid in grids(page.document) for head in grid.head[0].cells)

    assert numbers == len(all_days(page.document)) == 30 + 31 + 31
    assert signs == len(in_grids(page.document)) + heads


def holds(box: BoxItem, x: float, y: float, size: float) -> bool:
    return box.x < x and x + size < box.x + box.width and box.y < y and y + size < box.y + box.height


def test_a_usual_page_fills_one_side() -> None:
    """A shot every four weeks, printed on the day it was given: what hangs on the fridge has no back."""
    for paper in PAPERS:
        page = fridge(
            last_dose=TODAY, interval="4 weeks", appointment=Appointment(date(2026, 12, 18), time(14, 30)), paper=paper
        )

        assert len(print_one(press(), page, "pdf").layout.pages) == 1


@pytest.mark.usefixtures("rig")
def test_the_fullest_page_complies_with_pdf_ua_1_and_pdf_a_2a(tmp_path: Path) -> None:
    for edition in EDITIONS:
        for paper in PAPERS:
            (tmp_path / f"{edition}-{paper}.pdf").write_bytes(worst(edition, paper)[1])
    verdicts = verapdf_rig.validate(sorted(tmp_path.iterdir()), ("ua1", "2a"))

    assert len(verdicts) == 8
    assert not [str(verdict) for verdict in verdicts if not verdict.compliant]


# On screen


def test_the_months_are_tables_on_the_screen_with_a_sign_before_each_mark() -> None:
    page = worst("standard", "letter")[0]
    html = print_one(press(), page, "html").data.decode("utf-8")
    tables = re.findall(r'<table class="month">.*?</table>', html, re.DOTALL)

    assert len(tables) == 3 and all(table.count('<th scope="col">') == 7 for table in tables)
    assert [table.count("<td>") for table in tables] == [7 * len(grid.rows) for grid in grids(page.document)]
    assert '<strong class="mark appointment">Visit</strong><br><bdi>12:30' in tables[1]
    assert all(f".mark.{kind}::before" in html for kind in MARKS)


# What staff may do to it


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("handout.yaml", "      - date: planned\n        cells:", "      - cells:", "needs a `date`"),
        ("handout.yaml", "cells: [mark-planned, planned]", "cells: [mark-planned]", "and a sentence"),
        ("handout.yaml", "cells: [mark-watch,", "cells: [{text: mark-watch, needs: [due]},", "for everybody"),
        ("handout.yaml", "- date: watch", "- date: planned", "is taken by another line"),
        (
            "handout.yaml",
            "  - [label-clinic, number-clinic]",
            "  - {cells: [label-clinic, number-clinic], date: due}",
            "no other row may have one",
        ),
        ("handout.yaml", "- date: watch", "- date: yesterday", "one of"),
        ("en.yaml", "Your next shot, **{due}**.", "Your next shot is near.", "marks a day that its line does not name"),
        ("en.yaml", 'mark-due: "Due"', 'mark-due: "Appointment-like"', "a word is wider than a day of the calendar"),
    ],
)
def test_a_calendar_that_could_mislead_is_refused(shop: Shop, file: str, old: str, new: str, message: str) -> None:
    shop.edit(f"handouts/{TOPIC}/{file}", old, new)
    with told() as problems:
        used = Site(shop.root)
        print_one(used, fridge(used, form="injection", last_dose=TODAY, interval="month"), "pdf")

    assert any(message in problem.message for problem in problems), [problem.message for problem in problems]
    assert problems[0].place.file == f"handouts/{TOPIC}/{file}" or "does not name" in message


def test_a_dose_without_the_line_of_danger_is_refused() -> None:
    found = fridge(form="injection", last_dose=TODAY, interval="month").tailored
    kept = tuple(replace(block, rows=tuple(r for r in block.rows if r.date != "danger")) for block in found.blocks)

    assert not list(check_calendar(found))
    assert [problem.message for problem in check_calendar(replace(found, blocks=kept))] == [
        "the calendar marks a dose, and not the day of more danger"
    ]


@pytest.mark.parametrize("language", list(press().library.languages(TOPIC)))
@pytest.mark.parametrize("form", FORMS)
def test_every_mark_fits_into_a_day_in_every_language(language: str, form: str) -> None:
    """Also those that the clinic does not print today."""
    clinic = printing(
        *DATES,
        closed=Closed(weekdays=("Saturday", "Sunday"), dates=(date(2026, 12, 30), date(2026, 12, 25))),
        upcoming=2,
    )
    interval = "month" if form == "injection" else "3 days"
    given = {**WORST, "form": form, "interval": interval}
    for edition in EDITIONS:
        for paper in PAPERS:
            page = fridge(clinic, date(2026, 11, 30), edition=edition, paper=paper, language=language, **given)
            assert print_one(press(), page, "pdf").pages


def test_a_patients_value_in_the_word_of_a_mark_is_refused(shop: Shop) -> None:
    """Months are no place for what differs from person to person: it would be printed open, for all of them."""
    shop.edit("handouts/fridge-page/en.yaml", 'mark-due: "Due"', 'mark-due: "Due, {name}"')
    result = shop.run(
        "make", "fridge-page", "--set", "name=Ana Zerbinetta", "--set", "last_dose=2026-11-20", "--today", "2026-11-23"
    )
    assert result.exit_code == 1 and "{name} cannot stand on a card or in a month of days" in result.output
    assert "Zerbinetta" not in result.output and not shop.out()


def test_a_person_on_a_list_gets_the_hour_of_the_appointment(shop: Shop) -> None:
    """The hour stands in the day's cell by itself: that is the person's own value too."""
    row = "P-1,Ana Zerbinetta,injection,opioid,4 weeks,2026-11-20,2026-12-07 10:00"
    (shop.root / "list.csv").write_text(f"code,name,form,reason,interval,last dose,appointment\n{row}\n", "utf-8")
    result = shop.run("batch", "list.csv", "fridge-page", "--separate", "run", "--today", "2026-11-23")
    assert result.exit_code == 0 and "printed for 1 person" in result.output
