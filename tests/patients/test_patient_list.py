"""A clinic's list: whatever a spreadsheet does to it, a person is read right or refused."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from itertools import product
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from press.cli.screen import as_json, show
from press.content.characters import clean
from press.content.yaml.reader import read as read_yaml
from press.errors import HandoutError, Problem
from press.patients.cells import DATES, LISTS, MOMENTS, slip, undo
from press.patients.encoding import ENCODINGS
from press.patients.headings import KEYS
from press.patients.options import Options, read_options
from press.patients.patient_list import Entry, parse_list
from press.patients.table import Row, Table
from press.runs.handout import complete
from tests.patients.list_cases import DATA, HEADER, check_list, errors, parsed, people, problems, rows
from tests.rigs.work import calls_within, held_by_us, traced
from tests.support import TODAY, for_each, press

# People


def test_all_problems_of_the_list_are_told_at_once() -> None:
    text = rows("K-1,Ann,3/4/26,weekly", "a b,Bo,2026-11-03,month", "K-3,Cy,2026-11-03,month", "K-3,,x,", ",Di,,")
    found = [(p.place.row, p.place.heading) for p in errors(text)]

    assert found == [(2, "last_dose"), (2, "interval"), (3, "code"), (4, ""), (5, "last_dose"), (5, ""), (6, "")]


def test_a_bad_row_refuses_that_person_only() -> None:
    text = rows(*(f"K-{n},Ann,{'3/4/26' if n == 500 else '2026-11-02'},month" for n in range(1000)))
    checked = check_list(parsed(text))

    assert (checked.people, checked.refused, checked.ready) == (1000, 1, 999)
    assert [p.place.row for p in checked.problems] == [502]


@pytest.mark.parametrize("other", ["K-1", "k-1", "Ｋ-1", " K-1 "])
def test_two_people_with_one_code_are_both_refused(other: str) -> None:
    text = rows("K-1,Ann,2026-11-02,4 weeks", "K-2,Bo,2026-11-03,month", f"{other},Cy,2026-11-03,month")
    told = {p.place.row: p.message for p in errors(text) if "same code" in p.message}

    assert told == {2: "`code`: row 4 has the same code", 4: "`code`: row 2 has the same code"}
    assert [bool(person) for person in people(text)] == [False, True, False]


def test_a_row_given_twice_is_told_as_that() -> None:
    text = rows(*["K-1,Ann,2026-11-02,4 weeks"] * 2, "K-1,Bo,2026-11-02,4 weeks")

    assert [p.message for p in errors(text)] == [
        "row 3 is the same as this row, cell for cell",
        "row 2 is the same as this row, cell for cell",
        "`code`: rows 2, 3 have the same code",
    ]


def test_a_code_that_everybody_has_is_told_quickly() -> None:
    wrong = calls_within(3_000_000, lambda: errors(rows(*(f"K-1,Ann {n},," for n in range(5000)))))

    assert len(wrong) == 5000
    assert wrong[0].message == "`code`: rows 3, 4, 5, 6, 7 and more have the same code"
    assert wrong[-1].message == "`code`: rows 2, 3, 4, 5, 6 and more have the same code"


def test_a_person_without_a_code_is_refused() -> None:
    [wrong] = errors(rows(",Ann,2026-11-02,4 weeks", "K-2,Bo,2026-11-03,month"))

    assert wrong.message == "this person has no code"
    assert wrong.place.row == 2


def test_the_date_rules_may_judge_each_person_at_the_same_time() -> None:
    """As the command does it: what is wrong by the dates is told together with what cannot be read."""
    text = rows(
        "K-1,Ann,2026-12-24,4 weeks",
        "K 2,Bo,2026-12-24,month",
        "K-3,Cy,2026-11-02,###",
        "K-4,Di,45234,month",
        '"K-5,Ed',
    )
    used = press()

    def judge(entry: Entry) -> tuple[Problem, ...]:
        try:
            return complete(used, entry.partial, TODAY, entry.problems)[1]
        except HandoutError as error:
            return error.problems

    checked = check_list(parsed(text), judge)
    told = [(p.place.row, p.place.heading) for p in checked.problems if p.is_error]

    assert told == [(2, "last_dose"), (3, "code"), (3, "last_dose"), (4, "interval"), (5, "last_dose"), (6, "")]
    assert (checked.people, checked.refused, checked.ready) == (5, 5, 0)


def test_the_screen_and_the_data_name_row_and_column(tmp_path: Path) -> None:
    found = problems(rows("K-1,Canary,3/4/26,month"))
    (tmp_path / "list.csv").write_text(rows("K-1,Canary,3/4/26,month"))
    [told] = json.loads(as_json(found))

    assert show(found, tmp_path, colour=False).startswith(
        "list.csv, row 2, column last_dose: error: `last_dose`: expected"
    )
    assert (told["line"], told["row"], told["column"], told["heading"]) == (2, 2, 3, "last_dose")
    assert "anary" not in show(found, tmp_path, colour=False)


# Any values, any bytes


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12)
NAME = st.text(st.sampled_from("aBéñŁ王Ω ,;|\t\"'=+-@#?.1\u0301\u00a0"), min_size=1, max_size=12).map("J".__add__)
DAY = st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(str)
MOMENT = st.datetimes(datetime(1900, 1, 1), datetime(2100, 12, 31)).map(
    lambda moment: moment.strftime("%Y-%m-%d %H:%M")
)


def _mostly(good: st.SearchStrategy[str], bad: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One value in twenty is odd, so that many people are read whole and some are not."""
    return st.integers(0, 19).flatmap(lambda n: bad if n == 10 else st.just("") if n == 11 else good)


VALUES = {
    "name": _mostly(NAME, TEXT),
    "prescriber": _mostly(NAME, TEXT),
    "form": _mostly(st.sampled_from(["injection", "tablet"]), st.sampled_from(["pill", "#N/A"])),
    "reason": _mostly(st.sampled_from(["opioid", "alcohol", "both"]), TEXT),
    "interval": _mostly(st.sampled_from(["4 weeks", "month", "3 days"]), st.just("28")),
    "last_dose": _mostly(DAY, st.sampled_from(["3/4/26", "45234", "2026-02-30", "0000-00-00"]) | TEXT),
    "appointment": _mostly(DAY | MOMENT, TEXT),
    "stopped": _mostly(st.sampled_from(["yes", "no"]), st.just("1")),
    "language": _mostly(st.sampled_from(["en", "es"]), st.just("xx yy")),
}
ROW = st.fixed_dictionaries(VALUES)
WHOLE = {
    "name": 'Ann "J" Lee, Jr; x', "prescriber": "=Dr. Ω\u00a0x", "form": "injection", "reason": "both", "interval": "month",
    "last_dose": "2026-11-02", "appointment": "2026-11-30 14:30", "stopped": "no", "language": "en",
}  # fmt: skip


def _usual(row: dict[str, str]) -> bool:
    """Whether no value is one that a spreadsheet makes of another."""
    return all(undo(text, key) == text and slip(text, key) is None for key, text in row.items())


def _from_yaml(row: dict[str, str]) -> Options | None:
    lines = [f"{key}: {json.dumps(text, ensure_ascii=False)}" for key, text in row.items() if text]
    try:
        return read_options(read_yaml("\n".join(lines).encode(), "x.yaml", private=True))
    except HandoutError:
        return None


@settings(deadline=None, max_examples=300)
@given(
    st.lists(ROW, min_size=1, max_size=4),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
@example([WHOLE], ";", "utf-16", "\r\n", csv.QUOTE_MINIMAL)
@example([WHOLE], ",", "utf-8-sig", "\n", csv.QUOTE_ALL)
def test_a_list_means_what_a_file_for_one_person_means(
    given_rows: list[dict[str, str]], delimiter: str, encoding: str, ending: str, quoting: int
) -> None:
    given_rows = [
        {key: clean(text.strip())[0].strip() for key, text in row.items()} | {"code": f"K-{number}"}
        for number, row in enumerate(given_rows)
    ]
    assume(all(map(_usual, given_rows)))
    assume(not any("\r" in text for row in given_rows for text in row.values()))  # csv writes it without quotes
    stream = io.StringIO()
    writer = csv.DictWriter(stream, ["code", *VALUES], delimiter=delimiter, lineterminator=ending, quoting=quoting)
    writer.writeheader()
    writer.writerows(given_rows)
    data = stream.getvalue().encode(encoding, "ignore" if encoding == "cp1252" else "strict")
    assume(data.decode(encoding) == stream.getvalue())
    named = encoding if encoding == "cp1252" else ""

    assume(sum(row["last_dose"] == "3/4/26" for row in given_rows) < 2)  # else the order of the column is asked for
    wanted = [_from_yaml(row) for row in given_rows]
    if given_rows[0]["prescriber"] == WHOLE["prescriber"]:
        assert wanted[0].appointment, "a person who is read whole is among those that are compared"
    assert [entry.options for entry in parse_list(data, "list.csv", named)] == wanted


PIECES = st.sampled_from(
    [b"code", b"last_dose", b"name", b",", b";", b"\t", b'"', b'""', b"\n", b"\r\n", b"\r", b"K-1", b"2026-11-02", b"\0", b"\x1a",
     b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9", b"sep=;", b" ", b"=1", b"'", b"\xc3\xa9", b"#N/A", b"C\0o\0d\0e\0"]
)  # fmt: skip


@settings(max_examples=500)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(PIECES, max_size=60).map(b"".join),
        st.lists(PIECES, max_size=60).map(lambda p: HEADER.encode() + b"\n" + b"".join(p)),
    ),
    st.sampled_from(["", "", *ENCODINGS]),
)
@example(HEADER.encode() + b'\n"', "")
@example(b"PK\x03\x04", "")
@example(HEADER.encode() + b'\nK-1,"\xe9\n"', "shift_jis")
def test_any_bytes_give_people_or_problems(data: bytes, encoding: str) -> None:
    try:
        found = parse_list(data, "list.csv", encoding)
    except HandoutError as error:
        assert all(problem.private for problem in error.problems)
        return
    entries = list(found)
    assert len(entries) == found.people
    assert all(entry.options or any(p.is_error for p in entry.problems) for entry in entries)
    assert [entry.place.line for entry in entries] == sorted(entry.place.line for entry in entries)


@settings(max_examples=300)
@given(st.lists(st.text(st.characters(codec="cp1250"), min_size=1, max_size=8), min_size=1, max_size=4))
def test_letters_without_a_mark_are_utf_8_or_refused(names: list[str]) -> None:
    data = rows(*(f"K-{n},{json.dumps(name)},," for n, name in enumerate(names))).encode("cp1250", "ignore")
    try:
        data.decode("utf-8")
    except UnicodeError:
        assert any("not UTF-8" in problem.message for problem in errors(data))


CANARY = "Canarybird"
SPOILT = ["{}", "{}\u202e", '"{}\n{}"', '{}"', '"{}"x', ' "{}', "#N/A{}", "{},{}", "\0{}", "=HYPERLINK({})", "{}" * 60]


@for_each(product([*KEYS, "notes"], SPOILT))
def test_no_value_gets_into_a_message(key: str, shape: str) -> None:
    typed = shape.replace("{}", CANARY)
    header = "code" if key == "code" else f"code,{key}"
    text = f"{header}\nK-1,{typed}\n{typed},{typed}\n{typed}\nK-1,x\n"
    found = problems(text) + problems(text.replace(header, typed, 1))

    assert found
    assert CANARY.lower() not in (show(found, DATA, colour=False) + as_json(found)).lower()


# Size


def _long(count: int) -> bytes:
    row = 'K-{},"Smith, Jo {}",injection,opioid,2026-11-02,4 weeks,2026-11-30 14:30,"a note that is long enough"\r\n'
    header = "code,name,form,reason,last_dose,interval,appointment,notes\r\n"
    return (header + "".join(row.format(n, n) for n in range(count))).encode()


@pytest.mark.parametrize("count", [1_000, 10_000])
def test_memory_does_not_grow_with_the_people(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data, held = _long(count), list[int]()
    rows_of = Table.rows

    def looked_at(table: Table) -> Iterator[Row]:
        for row in rows_of(table):
            if row.number % (count // 4) == 1 or row.number == 2:
                held.append(held_by_us())
            yield row

    monkeypatch.setattr(Table, "rows", looked_at)
    with traced():
        found = parse_list(data, "list.csv")
        kept, most = held_by_us(), max(held)
        held.clear()
        people_read = sum(entry.options is not None for entry in found)

    assert people_read == count and len(held) > 4
    assert kept < 200_000  # what the list itself holds, beside its bytes
    assert most < 100_000 + 150 * count  # while codes are compared
    assert max(held) - kept < 100_000  # while people are read, one by one


def test_a_hundred_thousand_people_are_counted_with_few_calls_for_each() -> None:
    data = _long(100_000)
    found = calls_within(90 * 100_000, lambda: parse_list(data, "list.csv"))

    assert (len(data) > 10_000_000, found.people) == (True, 100_000)


def test_the_kinds_of_field_are_known_to_the_reader() -> None:
    assert {"started", "last_dose"} == DATES
    assert {"appointment"} == MOMENTS
    assert {"handouts"} == LISTS
