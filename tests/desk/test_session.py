"""The session: tokens of one use, the idle lock, and what memory forgets."""

from __future__ import annotations

import pytest

from press.desk.memory import LASTS, Memory
from press.desk.session import END_AFTER, LOCK_AFTER, WARN_BEFORE, Session
from tests.desk.support import Clock


def test_a_token_works_once_and_for_ten_minutes() -> None:
    clock = Clock()
    session = Session(lambda: None, clock)
    late, good = session.new_token(), session.new_token()

    assert session.enter(good) and not session.enter(good)
    clock.seconds += 601
    assert not session.enter(late) and not session.enter("") and not session.enter("guessed")


def test_a_token_is_good_to_the_last_second() -> None:
    clock = Clock()
    session = Session(lambda: None, clock)
    token = session.new_token()
    clock.seconds += 600

    assert session.enter(token)


@pytest.mark.parametrize("asked", ["knows", "enter"])
def test_the_lock_needs_no_tick_to_come_first(asked: str) -> None:
    clock, wiped = Clock(), []
    session = Session(lambda: wiped.append(True), clock)
    session.enter(session.new_token())
    cookie = session.cookie
    clock.seconds += 700
    assert session.seconds_left == 0
    if asked == "enter":
        session.enter(session.new_token())

    assert not session.knows(cookie) and wiped == [True]


def test_a_token_cannot_be_guessed_and_a_second_start_may_draw_its_own() -> None:
    session = Session(lambda: None, Clock())
    drawn = session.new_token()

    assert len(drawn) == 43 and drawn != session.new_token(), "32 random bytes"
    assert session.new_token("of-a-second-start") == "of-a-second-start" and session.enter("of-a-second-start")
    assert len(session.cookie) == len(session.form_token) == 43 and session.cookie != session.form_token


def test_the_minutes_are_those_that_the_manual_names() -> None:
    """docs/desk.md: it locks after ten, asks two before, and ends after thirty."""
    assert (LOCK_AFTER / 60, WARN_BEFORE / 60, END_AFTER / 60) == (10, 2, 30)


def test_a_form_is_ours_while_the_desk_is_open_alone() -> None:
    session = Session(lambda: None, Clock())
    assert not session.is_ended and not session.knows_form("")
    session.enter(session.new_token())
    assert session.knows_form(session.form_token) and not session.knows_form("") and not session.knows_form("guessed")
    session.lock()
    assert not session.knows_form("")


def test_the_lock_wipes_and_the_old_cookie_opens_nothing() -> None:
    clock, wiped = Clock(), []
    session = Session(lambda: wiped.append(True), clock)
    session.enter(session.new_token())
    cookie, form = session.cookie, session.form_token
    clock.seconds += LOCK_AFTER - 1
    assert session.knows(cookie) and session.knows_form(form) and session.seconds_left == 1
    clock.seconds += 1
    session.tick()

    assert wiped == [True] and not session.is_open
    assert not session.knows(cookie) and not session.knows("") and not session.knows_form(form)
    session.enter(session.new_token())
    assert session.cookie != cookie and session.form_token != form and not session.knows(cookie)


def test_who_comes_in_while_a_list_keeps_a_closed_desk_running_keeps_it_open() -> None:
    session = Session(lambda: None, Clock())
    session.enter(session.new_token())
    session.end()
    assert session.is_ended and not session.is_open
    session.enter(session.new_token())

    assert session.is_open and not session.is_ended


def test_a_second_browser_comes_into_the_same_session() -> None:
    session = Session(lambda: None, Clock())
    session.enter(session.new_token())
    cookie = session.cookie
    session.enter(session.new_token())

    assert session.cookie == cookie


def test_memory_forgets_after_a_quarter_of_an_hour_without_a_question() -> None:
    clock = Clock()
    memory = Memory(clock)
    one, two = memory.keep("typed"), memory.keep(b"page")
    clock.seconds += LASTS - 1
    assert memory.get(one, str) == "typed" and memory.get(one, bytes) is None
    clock.seconds += 2

    assert memory.get(one, str) == "typed" and memory.get(two, bytes) is None
    memory.wipe()
    assert memory.get(one, str) is None


def test_memory_keeps_the_newest_of_a_slot() -> None:
    memory = Memory(Clock())
    other = memory.keep("0", "another form")
    names = [memory.keep(str(number), "form", most=2) for number in range(4)]

    assert [memory.get(name, str) for name in (other, *names)] == ["0", None, None, "2", "3"]


def test_what_is_sent_twice_is_done_once_and_what_failed_may_be_sent_again() -> None:
    memory, done = Memory(Clock()), []

    def work() -> int:
        done.append(True)
        if len(done) == 1:
            raise ValueError
        return len(done)

    with pytest.raises(ValueError):
        memory.once("key", work)
    assert [memory.once("key", work), memory.once("key", work), memory.once("other", work)] == [2, 2, 3]
