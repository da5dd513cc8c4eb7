"""The short way of reading a row: wherever it answers, its answer is that of the long way, places and all."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from press.errors import Place
from press.patients import fast_rows as plain
from press.patients.cells import NO_RULES
from press.patients.csv_file import DELIMITERS, read_delimited
from press.patients.headings import KEYS
from press.patients.patient_list import Entry, PatientList
from press.patients.table import Row
from tests.patients.list_cases import DATA, order_of, parsed, said

HEADER = ",".join(KEYS)
GOOD = {
    "code": "P-1", "name": "Ana Zerbinetta", "language": "en", "edition": "large-print", "paper": "a4", "form": "injection",
    "reason": "both", "started": "2026-11-02", "last_dose": "2026-11-23", "interval": "4 weeks",
    "appointment": "2026-12-21 09:30", "late_confirmed": "no", "stopped": "no", "prescriber": "Dr. Marschallin", "naloxone_given": "yes",
    "handouts": "benefits overdose-warning",
}  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(
        [
            *GOOD.values(),
            "",
            " ",
            "TRUE",
            "Tablet",
            "2026-02-30",
            "45234",
            "#N/A",
            "2026-11-23 00:00",
            "Jos?",
            "a b",
            "code",
        ]
    ),
    st.text("aZ9é\u0301\u202e\u200d;| \t-_.:/?#ﬁ王", max_size=8),
)


def row_of(**changes: str) -> str:
    return ",".join((GOOD | changes)[key] for key in KEYS)


def told_and_plain(found: PatientList) -> tuple[list[Entry], int]:
    """Every entry, having compared it with that of the long way; and how many took the short one."""
    entries, short = [], 0
    for row in found.rows():
        entry, told = found.entry(row), found._told(row)
        assert entry == told
        for mine, theirs in ((entry.options, told.options), (entry.partial, told.partial)):
            assert mine is None or (mine.place, dict(mine.places)) == (theirs.place, dict(theirs.places))
        short += found._plain.options(row) is not None
        entries.append(entry)
    return entries, short


def test_the_short_way_serves_an_ordinary_row() -> None:
    found = parsed(f"{HEADER}\n{row_of()}\n{row_of(code='P-2', name='Müller', appointment='', handouts='')}\n")
    entries, short = told_and_plain(found)
    assert short == 2 and entries[0].options is not None
    assert entries[0].options.place_of("last_dose") == Place("list.csv", 2, KEYS.index("last_dose") + 1, 2, "last_dose")
    assert entries[1].options is not None and "appointment" not in entries[1].options.places


@pytest.mark.parametrize("path", sorted(DATA.glob("*.csv")), ids=lambda path: path.name)
def test_real_files_are_read_alike(path: Path) -> None:
    told_and_plain(parsed(path.read_bytes(), said(path), order_of(path)))


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), TEXTS, max_size=4), min_size=1, max_size=4))
@example([{"name": "Ana?"}, {"code": ""}, {"code": "P-1"}, {"code": "Code"}])
def test_any_row_is_read_alike(changes: list[dict[str, str]]) -> None:
    lines = [row_of(**{"code": f"P-{number}"} | change) for number, change in enumerate(changes)]
    told_and_plain(parsed("\n".join([HEADER, *lines]) + "\n"))


def test_a_text_that_is_remembered_means_what_its_own_column_says() -> None:
    """The mutant: a memory that forgets the column. `2026-11-23` is a day here and an appointment there."""
    lines = [
        row_of(code=f"P-{n}", last_dose="2026-11-23", appointment="2026-11-23", name="Yes", stopped="yes")
        for n in range(3)
    ]
    entries, short = told_and_plain(parsed("\n".join([HEADER, *lines]) + "\n"))
    assert short == 3
    for entry in entries:
        assert entry.options is not None and entry.options.appointment is not None
        assert (
            entry.options.appointment.day == entry.options.last_dose
            and entry.options.name == "Yes"
            and entry.options.stopped
        )


def test_nothing_that_is_one_person_s_own_is_remembered() -> None:
    readers = {key: plain._reader(key, NO_RULES) for key in KEYS}
    kept = {key for key, read in readers.items() if hasattr(read, "cache_info")}
    assert kept == set(KEYS) - {"code", "name"}
    assert all(readers[key].cache_info().maxsize <= 4096 for key in kept)


@given(
    st.lists(st.text('ab é,;|\t\x00\x0b\x0c\x1a\x1c\u0085\u2028"', max_size=12), max_size=5),
    st.sampled_from(DELIMITERS),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_a_line_without_quotes_has_the_cells_that_the_parser_gives(
    lines: list[str], delimiter: str, ending: str
) -> None:
    body = [line.replace('"', "") for line in lines]
    head = delimiter.join(("code", "name"))
    data = (ending.join([head, *body]) + ending).encode()
    table = read_delimited(data, "list.csv")
    assert table.header.headings[:2] == ("code", "name")
    expected = [tuple(next(csv.reader([line + ending], delimiter=delimiter, strict=True))) for line in body]
    assert [row.cells for row in table.rows()] == expected


def test_rows_are_counted_without_being_read(monkeypatch: pytest.MonkeyPatch) -> None:
    found = parsed(f"{HEADER}\n{row_of()}\n,,,\n\n{row_of(code='P-2')}\n")
    monkeypatch.setattr(PatientList, "entry", lambda self, row: pytest.fail("a row was read"))
    assert list(found.numbers) == [2, 5] == [row.number for row in found.rows()] and found.people == 2
    assert all(isinstance(row, Row) for row in found.rows())
