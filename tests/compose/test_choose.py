"""Choosing: each condition is obeyed wherever it stands, also by what was chosen for others before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from press.compose.choose import Given, choose, choose_refs, find_given
from press.compose.shown_dates import Shown
from press.content.handout import Block, TableRow, TextRef, When

REF = TextRef(text="words")
BLOCK = Block(id="plain", kind="note", texts=(REF,))
# Where a condition may stand: what is made of a text with the condition, and of the same without it.
TEXT_PLACES: dict[str, Callable[[TextRef], Block]] = {
    "text": lambda ref: replace(BLOCK, texts=(REF, ref)),
    "intro": lambda ref: replace(BLOCK, intro=ref),
    "cell": lambda ref: Block(id="table", kind="table", rows=(TableRow(cells=(REF, ref)),)),
    "inner text": lambda ref: Block(id="box", kind="note", blocks=(replace(BLOCK, texts=(REF, ref)),)),
}
CONDITIONS: dict[str, dict[str, object]] = {
    "form": {"when": When(form=("tablet",))},
    "reason": {"when": When(reason=("alcohol",))},
    "mode": {"when": When(mode=("stopped", "overdue"))},
    "needs": {"needs": ("due", "name")},
    "lacks": {"lacks": ("appointment",)},
}
HAS = {"form": "tablet", "reason": "alcohol", "mode": "overdue", "needs": "name", "lacks": ""}


def reader(**changes: str) -> Given:
    """Somebody for whom all conditions hold, but for what is changed."""
    has = {**HAS, **changes}
    when = When(form=(has["form"],), reason=(has["reason"],), mode=(has["mode"],))
    days = {} if "day" in changes else {"due": (date(2026, 12, 21),)}
    return find_given(when, filter(None, ("due", has["needs"], has["lacks"])), Shown(days, (), frozenset()))


OTHERS = {
    "form": reader(form="injection"),
    "reason": reader(reason="opioid"),
    "mode": reader(mode="normal"),
    "needs": reader(needs=""),
    "lacks": reader(lacks="appointment"),
}


@pytest.mark.parametrize("place", TEXT_PLACES)
@pytest.mark.parametrize("kind", CONDITIONS)
def test_a_text_is_for_whom_its_condition_names(place: str, kind: str) -> None:
    make, ref = TEXT_PLACES[place], TextRef(text="other", **CONDITIONS[kind])
    blocks = (make(ref),)

    for given in (reader(), *(other for name, other in OTHERS.items() if name != kind)):
        assert choose(blocks, given) == blocks
    assert "other" in str(blocks) and "other" not in str(choose(blocks, OTHERS[kind])) != "()"


@pytest.mark.parametrize("outer", [False, True])
@pytest.mark.parametrize("kind", CONDITIONS)
def test_a_block_is_for_whom_its_condition_names(kind: str, outer: bool) -> None:
    block = replace(BLOCK, **CONDITIONS[kind])
    blocks = (BLOCK, Block(id="box", kind="note", blocks=(block,)) if outer else block)

    assert choose(blocks, reader()) == blocks
    assert choose(blocks, OTHERS[kind]) == (BLOCK,)


@pytest.mark.parametrize("kind", ["form", "reason", "mode"])
def test_a_row_is_for_whom_its_condition_names(kind: str) -> None:
    row = TableRow(cells=(REF,), **CONDITIONS[kind])
    table = Block(id="table", kind="table", rows=(TableRow(cells=(REF,)), row))

    assert choose((table,), reader()) == (table,)
    assert choose((table,), OTHERS[kind]) == (replace(table, rows=table.rows[:1]),)


def test_a_line_of_a_calendar_stays_where_its_day_is_shown() -> None:
    days = Block(id="days", kind="calendar", rows=(TableRow(cells=(REF,)), TableRow(cells=(REF,), date="due")))

    assert choose((days,), reader()) == (days,)
    assert choose((days,), reader(day="")) == (replace(days, rows=days.rows[:1]),)
    other = replace(days, rows=(*days.rows, TableRow(cells=(REF,), date="danger")))
    assert choose((other,), reader()) == (days,)


def test_a_value_and_a_day_of_one_name_are_not_the_same() -> None:
    """The due day may be typed, and not printed."""
    days = Block(id="days", kind="calendar", rows=(TableRow(cells=(REF,), date="due"),))

    assert "due" in reader(day="") and choose((days,), reader(day="")) == ()


def test_a_picture_stands_beside_the_first_text_that_is_left() -> None:
    for_tablets = TextRef(text="tablets", when=When(form=("tablet",)))
    lead = replace(BLOCK, picture="phone", intro=for_tablets)
    item = replace(BLOCK, picture="phone", texts=(for_tablets, REF))

    for given, where in ((reader(), "intro"), (OTHERS["form"], "texts")):
        (found,) = choose((lead,), given)
        assert (found.intro and found.intro.picture, found.texts[0].picture) == (
            ("phone", "") if where == "intro" else (None, "phone")
        )
    assert [choose((item,), given)[0].texts for given in (reader(), OTHERS["form"])] == [
        (replace(for_tablets, picture="phone"), REF), (replace(REF, picture="phone"),),
    ]  # fmt: skip
    (box,) = choose((replace(item, texts=(for_tablets,), blocks=(BLOCK,)),), OTHERS["form"])
    assert box.texts == () and box.blocks == (BLOCK,)


def test_what_was_chosen_for_others_before_changes_nothing() -> None:
    every = [make(TextRef(text=kind, **CONDITIONS[kind])) for make in TEXT_PLACES.values() for kind in CONDITIONS]
    wanted = {}
    for order in permutations(OTHERS, 3):
        blocks = tuple(map(replace, every))  # not chosen for anybody yet
        for kind in order:
            found = choose(blocks, OTHERS[kind])
            assert wanted.setdefault(kind, found) == found
    assert len(set(map(str, wanted.values()))) == len(OTHERS)


def test_what_is_the_same_for_two_readers_is_one_object() -> None:
    both = When(form=("tablet",)), When(reason=("alcohol",))
    blocks = (replace(BLOCK, texts=tuple(TextRef(text=str(n), when=when) for n, when in enumerate((*both, When())))),)

    assert choose(blocks, reader())[0] is choose(blocks, reader(mode="none"))[0]
    plain = (replace(BLOCK, lacks=("started",)),)
    assert choose(plain, reader())[0] is choose(plain, reader(needs="", mode="none"))[0]
    either = (replace(BLOCK, texts=(REF, TextRef(text="a", when=When(form=("tablet",), reason=("alcohol",))))),)
    assert choose(either, OTHERS["form"])[0] is choose(either, OTHERS["reason"])[0] is not choose(either, reader())[0]


def test_texts_at_the_head_of_a_page_are_chosen_the_same_way() -> None:
    refs = (REF, TextRef(text="a", when=When(form=("tablet",))), TextRef(text="b", lacks=("appointment",)))

    assert choose_refs(refs, reader()) == refs
    assert choose_refs(refs, OTHERS["form"]) == (refs[0], refs[2])
    assert choose_refs(refs, OTHERS["lacks"]) == refs[:2]
