"""What staff say became of printed pages, as functions: by run, by list, at the desk, and taken back. Made-up people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from press.delivery.all_desks import LedgerPlace
from press.delivery.destination import UsageError
from press.delivery.ledger import LedgerRow, Mark, Why, open_ledger
from press.errors import HandoutError
from press.runs.marking import (
    GivenRequest,
    Marked,
    MarkRequest,
    VoidRequest,
    digest_of_list,
    list_packets,
    mark_given,
    mark_packets,
    mark_void,
)

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=timezone(timedelta(hours=-5)))
DIGEST = sha256(b"list").hexdigest()
PAGE = LedgerRow(
    "2026-11-24T08:00:00-05:00", "P-1", "benefits", "1.0.0", "abc1234", "en", "standard", "final", "ABC234", 1
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three people of a list with two pages each, an older run, and two visits at the desk."""
    file = tmp_path / "ledger.sqlite"
    topics = ("benefits", "overdose-warning")
    enter(file, *(replace(PAGE, code=f"P-{n}", handout=topic) for n in (1, 2, 3) for topic in topics))
    old = replace(PAGE, at="2026-11-20T08:00:00-05:00", run="OLD234")
    enter(file, replace(old, code="P-2"), replace(old, code="P-8"))
    enter(
        file,
        replace(PAGE, code="K-7", run="desk 2026-11-23T09:00:00.000-05:00", at="2026-11-23T09:00:00-05:00"),
        digest="",
    )
    enter(
        file,
        replace(PAGE, code="K-7", run="desk 2026-11-24T09:00:00.000-05:00", at="2026-11-24T09:00:00-05:00"),
        digest="",
    )
    return file


def enter(path: Path, *rows: LedgerRow, digest: str = DIGEST) -> None:
    with open_ledger(path, digest) as ledger, ledger.printing(rows):
        pass


def given(path: Path, **asked: Any) -> Marked:
    return mark_given(GivenRequest(LedgerPlace(path), NOW, **asked))


def void(path: Path, code: str, run: str = "ABC234", why: Why = Why.MISPRINT) -> Marked:
    return mark_void(VoidRequest(LedgerPlace(path), NOW, code, run, why))


def marks(path: Path) -> dict[str, str]:
    """The marks of each person's pages, each once, of the newest run."""
    found: dict[str, set[str]] = {}
    with open_ledger(path) as ledger:
        for row in (*ledger.of_run("ABC234"), *ledger.of_code("K-7")):
            found.setdefault(f"{row.code} {row.at[8:10]}" if row.code == "K-7" else row.code, set()).add(row.mark.value)
    return {code: " ".join(sorted(marks)) for code, marks in found.items()}


def refused(path: Path, **asked: Any) -> list[str]:
    before = marks(path)
    with pytest.raises(HandoutError) as caught:
        given(path, **asked)
    assert marks(path) == before
    return [f"{problem.message} / {problem.hint}" for problem in caught.value.problems]


@pytest.mark.parametrize("asked", [{"run": "abc234"}, {"list_digest": DIGEST}])
def test_a_run_or_a_list_is_given_to_everybody_but_those_who_did_not_come(path: Path, asked: dict[str, str]) -> None:
    """Of a list that was printed on several days the last day counts."""
    found = given(path, **asked, not_collected=("p-2",))

    assert marks(path) == {
        "P-1": "given",
        "P-2": "not_collected",
        "P-3": "given",
        "K-7 23": "printed",
        "K-7 24": "printed",
    }
    assert found.summary == (
        "run ABC234: given: 2 people, not collected: 1 person\nnot marked yet: 2 of run OLD234, printed on 2026-11-20"
    )


def test_to_say_it_again_adds_nothing(path: Path) -> None:
    given(path, run="ABC234", not_collected=("P-2",))
    found = given(path, run="ABC234")

    assert (found.marked, found.before) == ((), 3) and marks(path)["P-2"] == "not_collected"
    assert found.summary.startswith("run ABC234: marked before: 3 people\n")


def test_some_are_given_first_and_the_rest_later(path: Path) -> None:
    assert given(path, run="ABC234", codes=("P-3",)).open_runs[0].unmarked == 2
    assert marks(path)["P-1"] == marks(path)["P-2"] == "printed"
    assert given(path, run="ABC234").summary.startswith("run ABC234: given: 2 people, marked before: 1 person")


def test_the_rest_of_a_run_leaves_a_void_page_void(path: Path) -> None:
    void(path, "P-2")
    given(path, run="ABC234")
    assert marks(path)["P-2"] == "void" and marks(path)["P-1"] == "given"


def test_a_wrong_mark_is_answered_by_another(path: Path) -> None:
    given(path, run="ABC234", codes=("P-1",))
    given(path, run="ABC234", codes=("P-1",), not_collected=("P-1",))
    assert marks(path)["P-1"] == "not_collected" and marks(path)["P-2"] == "printed"
    void(path, "P-1")
    assert marks(path)["P-1"] == "void"
    given(path, run="ABC234", codes=("P-1",))
    assert marks(path)["P-1"] == "given"
    with open_ledger(path) as ledger:
        assert ledger.connection.execute("SELECT count(*) FROM mark").fetchone() == (8,), "four for each of two pages"


def test_a_void_page_that_was_given_is_told(path: Path) -> None:
    assert void(path, "P-2").warnings == ()
    given(path, run="ABC234", codes=("P-3",))
    found = void(path, "p-3", "abc234", Why.WRONG_PERSON)
    [warning] = found.warnings
    assert not warning.is_error and "no recall counts them" in warning.message and "given RUN --code" in warning.hint
    assert void(path, "P-3").summary.startswith("run ABC234: marked before: 1 person")


def test_the_desk_is_what_a_person_was_printed_last(path: Path) -> None:
    assert given(path, run="desk", codes=("k-7",)).summary.startswith("desk 2026-11-24: given: 1 person")
    assert (marks(path)["K-7 23"], marks(path)["K-7 24"]) == ("printed", "given")
    void(path, "K-7", "desk")
    assert marks(path)["K-7 24"] == "void"
    assert len(refused(path, run="desk", codes=("P-1",))) == 1


@pytest.mark.parametrize(
    ("asked", "mark"),
    [
        ({"codes": ("K-7",), "not_collected": ("K-7",)}, "not_collected"),
        ({"codes": ("K-7", "k-7")}, "given"),
    ],
)
def test_a_code_that_is_typed_twice_at_the_desk_is_marked_once(path: Path, asked: dict[str, Any], mark: str) -> None:
    given(path, run="desk", **asked)
    assert marks(path)["K-7 24"] == mark
    with open_ledger(path) as ledger:
        assert ledger.connection.execute("SELECT count(*) FROM mark").fetchone() == (1,)


def test_who_is_on_none_of_the_pages_refuses_all_without_the_code(path: Path) -> None:
    told = refused(path, run="ABC234", codes=("P-1", "Zerbinetta"), not_collected=("P-1",))
    assert [line.partition(" / ")[0] for line in told] == ["none of these pages is for code 2 of 3"]
    assert "Zerbinetta" not in str(told) and "nothing was marked" in told[0]
    with pytest.raises(HandoutError):
        void(path, "P-8")


def test_pages_that_are_not_there_name_the_last_runs(path: Path) -> None:
    last = "the last ones: ABC234 of 2026-11-24 (3 people), OLD234 of 2026-11-20 (2 people)"
    assert refused(path, run="XYZ234") == [
        f"the ledger has no pages of this run / it stands at the foot of each page; {last}"
    ]
    assert refused(path, list_digest="other") == [
        f"nothing was printed from this list as it is now / was it changed since? name the run in its place; {last}"
    ]
    enter(path.with_name("new.sqlite"))
    assert refused(path.with_name("new.sqlite"), run="XYZ234")[0].endswith("in the last week there was none")


def test_without_a_ledger_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(HandoutError) as caught:
        given(tmp_path / "ledger.sqlite", run="ABC234")
    assert caught.value.problems[0].message == "there is no ledger" and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "asked", [{"run": "desk"}, {"run": "ABC234", "codes": ("P-1",), "not_collected": ("P-2",)}], ids=str
)
def test_wrong_use(path: Path, asked: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        given(path, **asked)


def test_the_digest_of_a_list_is_that_of_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(b"list")
    assert digest_of_list(tmp_path / "list.csv") == DIGEST
    with pytest.raises(HandoutError):
        digest_of_list(tmp_path / "no.csv")


# What is chosen from a table: some people's pages, of any runs

DESK_RUN = "desk 2026-11-24T09:00:00.000-05:00"


def mark_some(path: Path, mark: Mark, *packets: tuple[str, str], why: Why | None = None) -> Marked:
    return mark_packets(MarkRequest(LedgerPlace(path), NOW, packets, mark, why))


def listed(
    path: Path, first: date = date(2026, 11, 24), last: date = date(2026, 11, 24)
) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.run, one.code, one.marks) for one in list_packets(LedgerPlace(path), first, last)]


def test_each_persons_pages_of_a_run_are_one_packet_and_the_latest_comes_first(path: Path) -> None:
    packets = list_packets(LedgerPlace(path), date(2026, 11, 20), date(2026, 11, 24))

    assert [(one.run[:6], one.code) for one in packets[:1]] == [("desk 2", "K-7")]
    assert {(one.run, one.code) for one in packets if one.run == "ABC234"} == {("ABC234", f"P-{n}") for n in (1, 2, 3)}
    assert len(packets) == 7 and [one.at for one in packets] == sorted((one.at for one in packets), reverse=True)
    assert {one.handouts for one in packets if one.run == "ABC234"} == {("benefits", "overdose-warning")}
    assert {one.sheets for one in packets if one.run == "ABC234"} == {2}
    assert len(listed(path)) == 4


def test_pages_of_several_runs_are_marked_at_once_and_only_those(path: Path) -> None:
    marked = mark_some(path, Mark.GIVEN, ("ABC234", "P-1"), (DESK_RUN, "k-7"))

    assert marked.marked == ((Mark.GIVEN, 2),) and marked.before == 0
    assert set(listed(path)) == {
        ("ABC234", "P-1", ("given",)), (DESK_RUN, "K-7", ("given",)),
        ("ABC234", "P-2", ("printed",)), ("ABC234", "P-3", ("printed",)),
    }  # fmt: skip
    again = mark_some(path, Mark.GIVEN, ("ABC234", "P-1"))
    assert again.marked == () and again.before == 1


def test_a_wrong_mark_is_answered_by_another_and_void_says_why(path: Path) -> None:
    mark_some(path, Mark.GIVEN, ("ABC234", "P-1"))
    marked = mark_some(path, Mark.VOID, ("ABC234", "P-1"), ("ABC234", "P-2"), why=Why.MISPRINT)
    assert marked.marked == ((Mark.VOID, 2),)
    assert "no recall counts them" in marked.warnings[0].message
    mark_some(path, Mark.NOT_COLLECTED, ("ABC234", "P-2"))

    assert ("ABC234", "P-1", ("void",)) in listed(path) and ("ABC234", "P-2", ("not_collected",)) in listed(path)


def test_a_person_with_different_marks_has_all_of_them(path: Path) -> None:
    enter(path, replace(PAGE, handout="side-effects", code="P-1"))
    mark_some(path, Mark.GIVEN, ("ABC234", "P-1"))
    enter(path, replace(PAGE, handout="fridge-page", code="P-1"))

    assert ("ABC234", "P-1", ("printed", "given")) in listed(path)


def test_nothing_is_marked_if_some_pages_are_gone(path: Path) -> None:
    with pytest.raises(HandoutError) as caught:
        mark_some(path, Mark.GIVEN, ("ABC234", "P-1"), ("ABC234", "P-9"))
    assert "nothing was marked" in caught.value.problems[0].message and "P-9" not in str(caught.value.problems)

    assert {marks for _, _, marks in listed(path)} == {("printed",)}


@pytest.mark.parametrize(("mark", "why"), [(Mark.PRINTED, None), (Mark.VOID, None), (Mark.GIVEN, Why.MISPRINT)])
def test_a_mark_that_says_too_little_or_too_much_is_wrong_use(mark: Mark, why: Why | None, path: Path) -> None:
    with pytest.raises(UsageError):
        mark_some(path, mark, ("ABC234", "P-1"), why=why)


def test_without_a_ledger_there_is_nothing_to_list(tmp_path: Path) -> None:
    with pytest.raises(HandoutError):
        list_packets(LedgerPlace(tmp_path / "ledger.sqlite"), date(2026, 11, 1), date(2026, 11, 30))
