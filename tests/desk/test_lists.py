"""The screens of a list: who is ready, who needs a clerk at which cell, and who gets printed."""

from __future__ import annotations

import gc
import re
import shutil
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from press.desk import list_work, open_list
from press.desk.gate import MOST_FIELDS
from press.desk.open_list import Lists
from press.errors import HandoutError, Problem
from press.patients.patient_list import parse_list
from tests.desk.list_support import GOOD, LIST, NEVER, ListClient, start_thread, ticks
from tests.desk.support import said
from tests.patients.fhir_cases import bundle, order, patient
from tests.patients.list_cases import sheet_row, workbook_of
from tests.support import copied, folded, told


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project for tests that print nothing."""
    return copied(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(folder: Path) -> ListClient:
    """A desk that has learned of no list yet."""
    shutil.rmtree(folder / "recipes", ignore_errors=True)
    return ListClient(folder)


def test_everybody_is_ready_or_named_by_row_and_cell_and_never_by_a_value(desk: ListClient) -> None:
    address, page = desk.open(LIST)

    assert page.status_code == 200 and "2 ready, 2 need you" in said(page)
    assert "column F (last_dose): expected a date as YYYY-MM-DD" in said(page)
    assert "column C (form)" in said(page)
    assert not [word for word in NEVER if word in page.text + address]
    assert "--" not in said(page), "no switch of a command"
    assert ticks(page) == {2: True, 3: True, 4: True}, "who gets nothing cannot be ticked"
    rows = re.findall(r">(\d)</td>\n<td class=.code.[^>]*>(P-\d|)</td>", page.text)
    assert [row for row, _ in rows] == ["4", "5", "2", "3"], "who needs a clerk comes first"


def test_the_table_is_sorted_and_filtered_and_ticks_stay(desk: ListClient) -> None:
    address, _ = desk.open(LIST)
    page = desk.follow(desk.press(address, show="yes", sort="row", filter="needs", r=["4"]))
    assert re.findall(r">(\d)</td>\n<td class=.code.", page.text) == ["4", "5"]
    page = desk.follow(desk.press(address, show="yes", sort="code", filter="all", find="p-", r=[]))

    assert ticks(page) == {2: False, 3: False, 4: False}, "nobody of the page was ticked, and the others before"
    page = desk.follow(desk.press(address, all="yes"))
    assert ticks(page) == {2: True, 3: True, 4: True}
    page = desk.follow(desk.press(address, all="no"))
    assert not any(ticks(page).values())
    refused = desk.post(address, {"print": "job"})
    assert refused.status_code == 422 and "Nobody is ticked" in said(refused)


def test_one_persons_pages_are_shown_at_a_click(desk: ListClient) -> None:
    address, _ = desk.open(LIST)
    live = desk.post(address, {"look": "3"}, **{"HX-Request": "true"})
    plain = desk.follow(desk.press(address, look="2", r=["2"]))

    assert live.text.lstrip().startswith('<div id="look"') and "The pages of row 3" in said(live)
    assert "Bo Papagena" in live.text and "Zerbinetta" not in live.text
    assert "The pages of row 2" in said(plain) and ticks(plain) == {2: True, 3: False, 4: False}
    pictures = re.findall(r'src="(/looks/[^"]+\.png)"', plain.text)
    found = desk.get(pictures[0])
    assert len(pictures) > 2 and found.data.startswith(b"\x89PNG") and found.content_type == "image/png"
    assert desk.get(pictures[0].replace("/1.png", "/99.png")).status_code == 404
    none = desk.post(address, {"look": "5"}, **{"HX-Request": "true"})
    assert "Row 5, column C (form)" in said(none) and "spray" not in none.text
    assert desk.post(address, {"look": "77"}, **{"HX-Request": "true"}).status_code == 200


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7",
        b"\xd0\xcf\x11\xe0",
        b"<html><table>",
        b"PK\x03\x04rest",
        b"\x00" * 9,
        b"Code,Last does\nP-1,2026-11-20\n",
        b"Code,Last dose\nP-1,02/03/2026\nP-2,03/04/2026\n",
        b"Code,Last dose\nP-1,02/13/2026\nP-2,13/04/2026\n",
        b"Code,Code\nP-1,P-2\n",
        b"Code\n",
        "Code\nP-\xff\n".encode("latin-1"),
        b"P-1,Zerbinetta\n",
        b'Code,Name\n"P-1,Zerbinetta\n',
    ],
    ids=range(13),
)
def test_a_list_that_cannot_be_read_is_refused_in_the_words_of_the_command_line(desk: ListClient, data: bytes) -> None:
    _, page = desk.open(data)

    with told() as problems:
        for entry in parse_list(data, "the list"):
            if entry.options is None:  # what a row says is in the table, and no reason to refuse the list
                raise HandoutError(entry.problems)
    errors = [problem for problem in problems if problem.is_error]
    assert errors and all(words_of(problem) in said(page) for problem in errors)
    assert "--" not in said(page) and "Zerbinetta" not in page.text


def words_of(problem: Problem) -> str:
    """What a problem says, without the option that its cell names already."""
    return folded(problem.message.removeprefix(f"`{problem.place.heading}`: "))


def test_a_workbook_and_records_are_lists_too(desk: ListClient) -> None:
    head, *rows = (sheet_row(*line.split(",")) for line in LIST.splitlines())
    _, page = desk.open(workbook_of(("People", "visible", head + "".join(rows))))
    assert "2 ready, 2 need you" in said(page) and "column F (last_dose)" in said(page)
    _, page = desk.open(bundle(patient(), order()))

    assert "1 needs you" in said(page) and "an order or a plan is no dose" in said(page)
    assert "How this list is read" not in said(page), "records have no columns to be asked about"


def test_a_long_list_has_pages_that_keep_their_ticks(desk: ListClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_FIELDS > open_list.PAGE + 20, "every tick of a page fits into one form"
    monkeypatch.setattr(open_list, "PAGE", 2)
    address, page = desk.open(LIST)
    assert ticks(page) == {4: True}, "rows 4 and 5, of which 5 gets nothing"
    second = desk.follow(desk.press(address, page="2", r=[]))
    assert ticks(second) == {2: True, 3: True}
    desk.press(address, page="99", r=["3"])
    first = desk.follow(desk.press(address, page="1", r=["3"]))

    assert ticks(first) == {4: False}
    assert ticks(desk.follow(desk.press(address, page="2", r=[]))) == {2: False, 3: True}
    found = desk.follow(desk.press(address, show="yes", find="P-3", sort="row", filter="all", r=["3"]))
    assert ticks(found) == {4: False}


def test_a_list_of_too_many_people_is_refused(desk: ListClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_work, "MOST_PEOPLE", 3)
    _, page = desk.open(LIST)

    assert "this list has 4 people, and the desk shows 3 at most" in said(page)


def test_the_reading_of_a_list_that_takes_too_long_is_stopped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that never answers, as one that hangs in a file."""
    desk = ListClient(folder)
    monkeypatch.setattr("press.desk.lists._AT_ONCE", 0.01)
    ended: list[Connection] = []

    def start(root: Path, data: bytes, pipe: Connection) -> Callable[[], None]:
        return lambda: ended.append(pipe) or pipe.close()

    desk.desk.lists = Lists(start)
    address = desk.drop(LIST).location
    assert "The list is being read" in said(desk.get(address))
    assert "Look again" not in said(desk.get(f"{address}/reading"))
    desk.post(address, {"stop": "yes"})
    desk.settle()

    assert len(ended) == 1 and "was interrupted" in said(desk.get(address))
    desk.desk.lists._start = start_thread
    again = desk.post(address, {"again": "yes"})
    desk.settle()
    assert "2 ready, 2 need you" in said(desk.follow(again))


def test_two_tabs_untick_who_they_show(desk: ListClient) -> None:
    address, first = desk.open(LIST)
    shown = re.findall(r'name="on" value="([^"]*)"', first.text)
    desk.press(address, show="yes", filter="needs", sort="row", find="")
    page = desk.follow(desk.post(address, {"show": "yes", "filter": "all", "on": shown, "r": ["3"]}))

    assert ticks(page) == {2: False, 3: True, 4: False}, "who was unticked in the first tab stays so"


def test_no_file_and_an_empty_one_are_asked_for(desk: ListClient) -> None:
    for answer in (desk.post("/lists", {"f2": ""}), desk.drop(b"")):
        assert answer.status_code == 422 and "Choose the file of the list" in said(answer)


def test_a_body_above_the_limit_is_refused(desk: ListClient) -> None:
    kind = "multipart/form-data; boundary=x"
    answer = desk.client.post(
        "/lists",
        base_url=desk.desk.origin,
        data=b"x" * 51_000_000,
        content_type=kind,
        headers={"Origin": desk.desk.origin},
    )

    assert answer.status_code == 413 and "A list may have 50 MB" in said(answer)


def test_the_same_list_again_is_the_one_that_is_open(desk: ListClient) -> None:
    first, _ = desk.open(LIST)
    desk.press(first, all="no")
    again, page = desk.open(LIST, "2026-11-24")
    other, _ = desk.open(GOOD)

    assert first == again != other
    assert "Tuesday, November 24, 2026" in said(page) and not any(ticks(page).values())


def test_the_lock_forgets_a_list(desk: ListClient) -> None:
    address, _ = desk.open(LIST)
    picture = re.findall(r'src="(/looks/[^"]+)"', desk.post(address, {"look": "2"}, **{"HX-Request": "true"}).text)[0]
    desk.post("/lock")
    assert desk.get(address).status_code == 403
    desk.enter()

    assert desk.get(address).status_code == desk.get(picture).status_code == 404
    assert desk.post(address, {"print": "job"}).status_code == 404


def test_the_process_of_a_list_ends_with_the_list(folder: Path) -> None:
    desk, ended = ListClient(folder), []

    def start(root: Path, data: bytes, pipe: Connection) -> Callable[[], None]:
        start_thread(root, data, pipe)
        return lambda: ended.append(len(data))

    desk.desk.lists = Lists(start)
    for number in range(5):
        desk.open(GOOD + "\n" * number)
    gc.collect()  # Jinja holds in a circle what it rendered
    assert ended == [len(GOOD)], "only the four newest lists have a process"
    desk.post("/lock")

    assert sorted(ended) == [len(GOOD) + number for number in range(5)]


def test_a_list_in_spanish(desk: ListClient) -> None:
    desk.post("/language", {"language": "es"})
    _, page = desk.open(LIST)

    assert 'lang="es"' in page.text and "2 listos, 2 le necesitan" in said(page)
    assert "columna F (last_dose)" in said(page) and "lunes, 23 de noviembre de 2026" in said(page)


# What columns mean

EXPORT = """Client,Lang,Medication,Dx,Last Injection,How often,Phone
C-1,Spanish,Vivitrol,OUD,11/20/2026,q4w,555-0100
C-2,English,Vivitrol,AUD,11/13/2026,28 days,555-0101
C-3,English,Vivitrol,AUD,11/02/2026,28 days,555-0102
"""
MEANING = ("day", "sides", "cover", "name", "order", "form", "reason", "interval", "A", "B", "C", "D", "E", "F", "G")


def said_of_export(**more: str) -> dict[str, str]:
    values = {
        "name": "exports", "order": "mdy", "A": "code", "B": "language", "C": "form", "D": "reason", "E": "last_dose",
        "F": "interval", "G": "-", **more,
    }  # fmt: skip
    return {f"f{MEANING.index(key) + 1}": value for key, value in values.items()}


def test_what_columns_mean_is_said_once_and_the_next_list_is_read_by_it(folder: Path, desk: ListClient) -> None:
    address, page = desk.open(EXPORT)
    assert "This list cannot be read yet" in said(page)
    assert re.search(r'<option value="language" selected>', page.text), "what a heading may mean is proposed"

    unsaid = desk.post(address, {"save": "yes", **said_of_export(order="")})
    assert unsaid.status_code == 422 and "Day of the last dose: this column reads as month/day/year" in said(unsaid)
    assert 'value="exports"' in unsaid.text and 'href="#f5"' in unsaid.text, "every value is kept, and led to its field"
    assert "--" not in said(unsaid).replace("-- ", ""), "no switch of a command"
    asked = desk.post(address, {"save": "yes", **said_of_export(C="-")})
    assert asked.status_code == 422 and 'href="#f6"' in asked.text, "what no column says is asked for at its field"
    bad = desk.post(address, {"save": "yes", **said_of_export(name="../x")})
    assert bad.status_code == 422 and 'href="#f4"' in bad.text
    assert not (folder / "recipes").exists()

    saved = desk.post(address, {"save": "yes", **said_of_export()})
    desk.settle()
    page = desk.follow(saved)
    assert "3 ready" in said(page) and "under the name exports" in said(page)
    text = (folder / "recipes" / "exports.yaml").read_text("utf-8")
    assert "C-1" not in text and "555" not in text and "last_dose: mdy" in text
    _, other = desk.open(EXPORT.replace("C-1", "C-7"))
    assert "3 ready" in said(other)


def test_what_was_saved_can_be_said_anew(folder: Path, desk: ListClient) -> None:
    address, _ = desk.open(EXPORT)
    desk.post(address, {"save": "yes", **said_of_export()})
    desk.settle()
    answer = desk.post(address, {"save": "yes", **said_of_export(G="name")})
    desk.settle()

    assert desk.follow(answer).status_code == 200
    assert "G" not in [path.stem for path in (folder / "recipes").glob("*")]
    assert '"Phone": name' in (folder / "recipes" / "exports.yaml").read_text("utf-8")
    assert len(list((folder / "recipes").glob("*.yaml"))) == 1


def test_a_column_that_changes_pages_cannot_be_left_out(folder: Path, desk: ListClient) -> None:
    address, _ = desk.open(GOOD)
    columns = dict(zip("ABCDEFG", ("code", "name", "form", "reason", "interval", "-", "appointment"), strict=True))
    answer = desk.post(address, {"save": "yes", **said_of_export(order="", **columns)})

    assert answer.status_code == 422 and not list((folder / "recipes").glob("*.yaml"))


def test_an_unknown_button_and_a_foreign_id_are_nothing(desk: ListClient) -> None:
    address, _ = desk.open(GOOD)

    assert desk.post(address, {}).status_code == 404
    assert desk.post(address, {"earlier": "7"}).status_code == 404
    assert desk.get("/lists/nothing").status_code == desk.get("/runs/nothing").status_code == 404
    assert desk.post("/lists/nothing", {"print": "job"}).status_code == 404
    assert desk.get(f"{address}/reading").headers["HX-Refresh"] == "true"
