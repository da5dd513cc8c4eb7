"""A list as a table: who is ready, who needs a clerk, at which cell; and one person's pages to look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from press.content.approvals import Wish
from press.errors import HandoutError
from press.runs.handout import Site
from press.runs.list_request import ListRequest
from press.runs.list_table import make_table, print_person
from press.runs.needs import Gets
from press.runs.opened_list import OpenedList, UnreadList, open_list
from tests.runs.test_batch import words
from tests.support import ROOT, squeezed

LIST = b"""Code,Name,Form,Reason,Interval,Last dose,Appointment
P-1,Ana Zerbinetta,injection,opioid,4 weeks,2026-11-23,2026-12-21 09:30
P-2,Bo Papagena,tablet,alcohol,,,2026-12-01
P-3,Cy Despina,injection,opioid,4 weeks,2026-13-40,
P-4,Di Despina,spray,opioid,4 weeks,2026-11-20,
"""


@pytest.fixture(scope="module")
def site() -> Site:
    """The project as it is shipped."""
    return Site(ROOT)


def request(site: Site, data: bytes = LIST, rows: tuple[int, ...] = ()) -> ListRequest:
    opened = open_list(site.root, data, "the list")
    assert isinstance(opened, OpenedList)
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    people = opened.people
    return ListRequest(site, people, rows or people.numbers, now, date(2026, 11, 23), Wish.AS_IT_MAY_BE, None)


def test_each_person_is_ready_or_needs_a_clerk_for_a_cell(site: Site) -> None:
    table = make_table(request(site))

    assert [(one.row, one.code, one.need.gets if one.need else None) for one in table] == [
        (2, "P-1", None),
        (3, "P-2", None),
        (4, "P-3", Gets.UNDATED),
        (5, "", Gets.NOTHING),
    ]
    assert [one.row for one in sorted(table, key=lambda one: one.urgency)][:2] == [4, 5]
    assert [one.is_printable for one in table] == [True, True, True, False]
    assert all(one.sheets >= one.handouts for one in table[:2])
    cells = {(problem.place.row, problem.place.column) for one in table for problem in one.problems if one.need}
    assert cells == {(4, 6), (5, 3)}
    told = " ".join(problem.message + problem.hint for one in table for problem in one.problems)
    assert told and "Despina" not in told and "2026-13-40" not in told and "spray" not in told


def test_one_persons_pages_are_that_persons_alone(site: Site) -> None:
    text = squeezed(words(print_person(request(site, rows=(3,)))))

    assert "BoPapagena" in text and "Zerbinetta" not in text
    with pytest.raises(HandoutError) as caught:
        print_person(request(site, rows=(5,)))
    assert [problem.place.column for problem in caught.value.problems] == [3]
    with pytest.raises(HandoutError):
        print_person(replace(request(site), numbers=(99,)))


def test_a_list_that_cannot_be_read_says_what_its_columns_may_be(tmp_path: Path) -> None:
    found = open_list(tmp_path, LIST.replace(b"Interval,", b"How often,").replace(b"Name,", b"Phone,"), "the list")

    assert isinstance(found, UnreadList) and found.problems
    columns = {one.heading: (one.letter, one.option, one.is_sure) for one in found.columns}
    assert columns["How often"] == ("E", "interval", False) and columns["Code"] == ("A", "code", True)
    assert columns["Phone"] == ("B", "", True)


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"a,b\n1,2\n"])
def test_what_is_no_list_has_no_columns_to_be_asked_about(tmp_path: Path, data: bytes) -> None:
    found = open_list(tmp_path, data, "the list")

    assert isinstance(found, UnreadList) and found.problems and not found.columns
