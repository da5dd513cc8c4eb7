"""The screens of reports: who is due, what was given, who holds an older version; and what is done for those ticked."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from press.delivery.all_desks import LedgerPlace
from press.delivery.ledger import LedgerRow, open_ledger
from press.runs.marking import list_packets
from tests.desk.list_support import ListClient, ticks
from tests.desk.support import said
from tests.support import TODAY, copied

LIST = """code,name,form,reason,last_dose,interval,appointment
P-1,Ana Zerbinetta,injection,opioid,2026-10-31,4 weeks,
P-2,Bo Papagena,injection,opioid,2026-10-20,4 weeks,2026-11-20
P-3,Cy Despina,injection,alcohol,2026-10-24,month,
P-4,Di Fiordiligi,injection,alcohol,,,
P-5,Ed Figaro,injection,opioid,2026-13-45,4 weeks,
P-6,Flo Barbarina,tablet,alcohol,2026-11-22,2 days,
"""
NAMES = ("Zerbinetta", "Papagena", "Despina", "Fiordiligi", "Figaro", "Barbarina", "2026-13-45")
PAGE = LedgerRow(
    "2026-11-20T08:05:00-05:00", "P-1", "overdose-warning", "1.2.0", "abc1234", "en", "standard", "final", "ABC234", 1
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which nothing was printed."""
    return copied(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(folder: Path) -> ListClient:
    found = ListClient(folder)
    (folder / "ledger.sqlite").unlink(missing_ok=True)
    return found


@pytest.fixture
def kept(desk: ListClient) -> ListClient:
    """A desk whose ledger holds what was printed for some made-up people."""
    enter(
        desk, replace(PAGE, code="P-1"), replace(PAGE, code="P-2"), replace(PAGE, code="P-2", handout="benefits", sheets=2),
        replace(PAGE, code="P-3", language="es", version="1.1.0", run="XYZ789", at="2026-11-18T09:00:00-05:00"),
        replace(PAGE, code="K-9", version="9.0.0", run="desk 2026-11-23T09:00:00.000-05:00", at="2026-11-23T09:00:00-05:00"),
    )  # fmt: skip
    return desk


def enter(desk: ListClient, *rows: LedgerRow) -> None:
    with open_ledger(desk.desk.root / "ledger.sqlite") as ledger, ledger.printing(rows):
        pass


def show_due(desk: ListClient, text: str = LIST, day: str = "", weeks: str = "2") -> str:
    """Hand a list over, and give the address of its report."""
    answer = desk.post("/due", {"f1": (io.BytesIO(text.encode()), "Zerbinetta.csv"), "f2": day, "f3": weeks})
    assert answer.status_code == 303, answer.text
    return answer.location


def rows_of(answer) -> list[list[str]]:
    assert answer.mimetype == "text/csv" and answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


# Who is due


def test_calls_come_first_then_the_week_and_everybody_who_is_due(desk: ListClient) -> None:
    address = show_due(desk)
    page = desk.get(address)
    text = said(page)

    assert page.status_code == 200 and not [name for name in NAMES if name in page.text + address]
    assert text.index("Call these people first") < text.index("The week ahead") < text.index("Due in these days Tick")
    assert re.search(r"P-2 Tue, Nov 17, 2026 6 shot Fri, Nov 20, 2026 The appointment lies before today", text)
    assert (
        "P-1 Sat, Nov 28, 2026 shot Closed on the due day. Earlier open day, for you to confirm: Fri, Nov 27, 2026."
        in text
    )
    assert "P-3 Tue, Nov 24, 2026 shot More danger from Sat, Nov 21, 2026." in text
    assert "P-4, row 5" in text and "last_dose: expected a date as YYYY-MM-DD" in text
    week = re.search(r'<ol class="week">(.*?)</ol>', page.text, re.DOTALL)
    assert week and week[1].count("<li") == 7 and "Sat, Nov 28, 2026</span> <b>1 due</b>" in week[1]
    assert ticks(page) == {2: False, 3: False, 4: False, 7: False}


def test_the_calendar_says_how_many_are_due_on_each_day(desk: ListClient) -> None:
    months = re.findall(r'<table class="month">(.*?)</table>', desk.get(show_due(desk)).text, re.DOTALL)

    assert [re.search("<caption>(.*?)</caption>", month)[1] for month in months] == ["November 2026", "December 2026"]
    cells = [re.sub(r"\s*<[^>]*>\s*", " ", cell).strip() for cell in re.findall("<td.*?</td>", months[0], re.DOTALL)]
    assert any(re.fullmatch(r"24 +2 due", cell) for cell in cells), cells
    assert any(re.fullmatch(r"28 +1 due +closed", cell) for cell in cells), cells


def test_tomorrows_list_is_judged_as_of_tomorrow(desk: ListClient) -> None:
    text = said(desk.get(show_due(desk, day="2026-11-25", weeks="1")))

    assert "From Wed, Nov 25, 2026 to Wed, Dec 2, 2026, as of Wed, Nov 25, 2026." in text
    assert re.search(r"P-2 Tue, Nov 17, 2026 8 shot", text) and re.search(r"P-3 Tue, Nov 24, 2026 1 shot", text)


def test_due_is_a_table_and_a_page_that_name_nobody(desk: ListClient) -> None:
    address = show_due(desk)
    table, page = desk.get(f"{address}/due.csv"), desk.get(f"{address}/due.pdf")

    assert [row[:2] for row in rows_of(table)[1:]] == [
        ["overdue", "P-2"], ["due", "P-3"], ["due", "P-6"], ["due", "P-1"], ["undated", "P-4"], ["not counted", ""],
    ]  # fmt: skip
    assert table.headers["Content-Disposition"] == f"attachment; filename=due-{TODAY}.csv"
    with pypdfium2.PdfDocument(page.data) as document:
        assert "Who is due" in document[0].get_textpage().get_text_range()
    assert not [name for name in NAMES if name in table.text]


def test_the_list_opens_with_those_ticked_who_were_ticked(desk: ListClient) -> None:
    address = show_due(desk)
    answer = desk.post(address, {"r": ["3", "7", "6", "99", "x"]})
    assert answer.status_code == 303 and answer.location.startswith("/lists/")
    desk.settle()

    ticked = ticks(desk.get(answer.location))
    assert {row for row, is_ticked in ticked.items() if is_ticked} == {3, 7}, "who is not due there cannot be ticked"
    refused = desk.post(address, {})
    assert refused.status_code == 422 and "Tick somebody first" in said(refused)


def test_the_list_that_is_open_need_not_be_handed_over_twice(desk: ListClient) -> None:
    assert "the list that is open here" not in said(desk.get("/due"))
    nothing = desk.post("/due", {"f1": "", "f2": "", "f3": "2"})
    assert nothing.status_code == 422 and "Choose the file with the list first" in said(nothing)
    desk.open(LIST)

    assert "the list that is open here" in said(desk.get("/due"))
    page = desk.follow(desk.post("/due", {"f1": "", "f2": "", "f3": "2"}))
    assert "P-2 Tue, Nov 17, 2026 6 shot" in said(page)


@pytest.mark.parametrize("text", ["%PDF-1.7", "code,last_dose\nP-1,11/2/2026\nP-2,11/3/2026\n", "a\nb\n"])
def test_a_list_that_cannot_be_read_is_told_where_it_can_be_mended(text: str, desk: ListClient) -> None:
    answer = desk.post("/due", {"f1": (io.BytesIO(text.encode()), "x.csv"), "f2": "", "f3": "2"})
    assert answer.status_code == 303 and answer.location.startswith("/lists/")
    desk.settle()

    assert "11/2/2026" not in desk.get(answer.location).text


# What was given


def test_before_anything_was_printed_the_screens_say_so(desk: ListClient) -> None:
    assert "Nothing was printed for anybody yet" in said(desk.get("/given"))
    asked = desk.get("/recall?f1=overdose-warning")
    assert asked.status_code == 422 and "Nothing was printed for anybody yet" in said(asked)
    for path in ("/given/given.csv", "/given/given.pdf"):
        assert desk.get(path).status_code == 422


def test_given_counts_draws_and_lists_whose_pages_they_were(kept: ListClient) -> None:
    page = kept.get("/given?days=week")
    text = said(page)

    assert "From Tue, Nov 17, 2026 to Mon, Nov 23, 2026." in text and "Printed 5" in text and "Not marked 5" in text
    codes = re.findall(r'<th scope="row">([PK]-\d)</th>', page.text)
    assert codes == ["K-9", "P-2", "P-1", "P-3"], "the latest first"
    assert "Fri, Nov 20, 2026, 8:05 AM P-2 overdose-warning, benefits 3 ABC234 Not marked" in text.replace(
        "\u00a0", " "
    )
    assert "at the desk" in text and "desk 2026" not in text
    widths = [float(width) for width in re.findall(r'<rect class="part-one" x="0.000%" width="([0-9.]+)%"', page.text)]
    assert widths == [100.0, 25.0, 100.0, 25.0], "four warnings and one other page; four in English and one in Spanish"
    assert "style=" not in page.text


def test_those_ticked_are_marked_and_a_wrong_mark_is_mended(kept: ListClient) -> None:
    done = kept.follow(mark(kept, "given", "P-2", "K-9"))
    assert "Marked as given: 2 people." in said(done)
    assert marks(kept) == {"P-1": {"printed"}, "P-2": {"given"}, "P-3": {"printed"}, "K-9": {"given"}}
    again = kept.follow(mark(kept, "given", "P-2"))
    assert "1 person had this mark before." in said(again)
    kept.follow(mark(kept, "not_collected", "P-2"))
    void = kept.follow(mark(kept, "void", "K-9", why="wrong-person"))

    assert "Marked as void, and in no recall: 1 person." in said(void) and "no recall counts them" in said(void)
    assert marks(kept) == {"P-1": {"printed"}, "P-2": {"not_collected"}, "P-3": {"printed"}, "K-9": {"void"}}


def mark(desk: ListClient, name: str, *codes: str, why: str = "misprint"):
    page = desk.get("/given?days=week")
    there = re.findall(r'<th scope="row">([PK]-\d)</th>', page.text)
    held = re.search(r'name="list" value="([^"]+)"', page.text)[1]
    rows = [str(there.index(code)) for code in codes]
    return desk.post("/given?days=week", {"list": held, "r": rows, "mark": name, "f1": why})


def marks(desk: ListClient) -> dict[str, set[str]]:
    packets = list_packets(LedgerPlace(desk.desk.root / "ledger.sqlite"), TODAY.replace(day=1), TODAY)
    return {packet.code: set(packet.marks) for packet in packets}


def test_what_cannot_be_marked_is_told_and_nothing_is_marked(kept: ListClient) -> None:
    nobody = mark(kept, "given")
    assert nobody.status_code == 422 and "Tick somebody first" in said(nobody)
    old = kept.post("/given?days=week", {"list": "gone", "r": ["0"], "mark": "given", "f1": "misprint"})
    assert old.status_code == 422 and "please tick again" in said(old)
    assert mark(kept, "printed", "P-1").status_code == mark(kept, "void", "P-1", why="x").status_code == 400

    assert all(found == {"printed"} for found in marks(kept).values())


def test_given_is_a_table_for_a_spreadsheet(kept: ListClient) -> None:
    rows = rows_of(kept.get("/given/given.csv?days=week"))

    assert ["overdose-warning", "1.1.0", "es", "standard", "final", "1", "1", "0", "0", "0"] in rows
    with pypdfium2.PdfDocument(kept.get("/given/given.pdf?days=week").data) as document:
        assert "What was printed and given" in document[0].get_textpage().get_text_range()


# Who holds an older version


def test_recall_names_whom_to_call_and_draws_their_versions(kept: ListClient) -> None:
    page = kept.get("/recall?f1=overdose-warning&f2=1.3.0")

    assert "To call 3 They have a newer one 0" in said(page)
    assert re.findall(r'<th scope="row">(P-\d)</th>', page.text) == ["P-1", "P-2", "P-3"]
    assert re.findall(r'<th scope="row">(1\.\d\.0)</th><td class="number">(\d)</td>', page.text) == [
        ("1.2.0", "2"),
        ("1.1.0", "1"),
    ]
    usual = kept.get("/recall?f1=overdose-warning")
    assert "older than " + kept.desk.site.library.structure("overdose-warning").version in said(usual)
    assert len(rows_of(kept.get("/recall/recall.csv?f1=overdose-warning&f2=1.3.0"))) == 4


@pytest.mark.parametrize(
    ("query", "said_of_it"),
    [("f1=nothing&f2=1.2.0", "Choose a handout"), ("f1=overdose-warning&f2=twelve", "looks like 1.2.0"), ("f2=1.2.0", "Choose a handout")],
)  # fmt: skip
def test_a_question_that_is_none_is_told(query: str, said_of_it: str, kept: ListClient) -> None:
    page = kept.get(f"/recall?{query}")

    assert page.status_code == 422 and said_of_it in said(page)


def test_the_newer_version_is_printed_from_a_list_for_those_ticked(kept: ListClient) -> None:
    asked = {"f1": "overdose-warning", "f2": "1.3.0"}
    nobody = kept.post("/recall", {**asked, "f3": (io.BytesIO(LIST.encode()), "x.csv")})
    assert nobody.status_code == 422 and "Tick somebody first" in said(nobody)
    nowhere = kept.post("/recall", {**asked, "r": ["0"]})
    assert nowhere.status_code == 422 and "Choose the file" in said(nowhere)
    without = LIST.replace("P-2,", "Q-2,")
    missing = kept.post("/recall", {**asked, "r": ["0", "1"], "f3": (io.BytesIO(without.encode()), "x.csv")})
    assert missing.status_code == 422 and "One of those ticked is not on this list" in said(missing)
    assert [row for row, is_ticked in ticks(missing).items() if is_ticked] == [0, 1], "who was ticked stays ticked"

    answer = kept.post("/recall", {**asked, "r": ["0", "1"], "f3": (io.BytesIO(LIST.encode()), "x.csv")})
    assert answer.location.startswith("/lists/")
    kept.settle()
    assert {row for row, is_ticked in ticks(kept.get(answer.location)).items() if is_ticked} == {2, 3}
