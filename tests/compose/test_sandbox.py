"""What a macro made of a block is given again: exactly where a page that is filled anew would say the same."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

import pytest

from press.compose.limits import Limits
from press.compose.sandbox import Fields, _environment, render
from press.compose.template import compose_page
from tests.support import told

BLOCK = Fields(id="made-up", words="Rest and drink.")
SHOW = "{% macro show(block) %}\n<p>{{ block.words }}</p>{% endmacro %}\n"
PAGE = '{% from "m.j2" import show %}<article>{{ show(block) }}</article>'
_ticks = count(1_800_000_000)


def write(folder: Path, name: str, text: str) -> None:
    """Write a template; a file that is written again has another time."""
    (folder / name).write_text(text, "utf-8")
    os.utime(folder / name, (next(_ticks),) * 2)


def page(folder: Path, template: str = "t.j2", limits: Limits | None = None, **fields: object) -> str:
    return render(folder, template, {"block": BLOCK, **fields}, limits or Limits())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "m.j2", SHOW)
    write(tmp_path, "t.j2", PAGE)
    return tmp_path


def kept(folder: Path) -> int:
    """How much is kept of what macros made."""
    return sum(map(len, _environment(folder)._made._values.values()))


def test_a_macro_makes_the_same_of_the_same_block_once(folder: Path) -> None:
    first, second = page(folder), page(folder)

    assert first == second and "Rest and drink." in first
    assert kept(folder) == 1
    assert "Sleep." in page(folder, block=Fields(words="Sleep.")) and kept(folder) == 2


def test_a_loop_and_a_block_around_a_call_change_nothing(folder: Path) -> None:
    write(folder, "t.j2", PAGE.replace("{{ show(block) }}", "{% for x in (1, 2) %}{{ show(block) }}{% endfor %}"))

    assert page(folder).count("Rest") == page(folder).count("Rest") == 2 and kept(folder) == 1


@pytest.mark.parametrize(
    ("macros", "call"),
    [
        ("", "{% macro show(block) %}{{ block.words }} {{ topic }}{% endmacro %}{{ show(block) }}"),
        ("", "{% set x = topic %}{% macro show(block) %}{{ x }}{% endmacro %}{{ show(block) }}"),
        (
            "{% macro show(block) %}{{ topic }}{% endmacro %}",
            '{% from "m.j2" import show with context %}{{ show(block) }}',
        ),
        ("{% macro show(block, x) %}{{ x }}{% endmacro %}", '{% from "m.j2" import show %}{{ show(block, topic) }}'),
        (
            "{% macro show(block, x='') %}{{ x }}{% endmacro %}",
            '{% from "m.j2" import show %}{{ show(block, x=topic) }}',
        ),
        (
            "{% macro show(block) %}{{ caller() }}{% endmacro %}",
            '{% from "m.j2" import show %}{% call show(block) %}{{ topic }}{% endcall %}',
        ),
    ],
)
def test_what_sees_the_page_is_made_anew_for_each(folder: Path, macros: str, call: str) -> None:
    write(folder, "m.j2", macros or SHOW)
    write(folder, "t.j2", f"<article><p>{call}</p></article>")

    assert ["one" in page(folder, topic=topic) for topic in ("one", "two", "one")] == [True, False, True]


def test_a_macro_that_sees_another_name_later_is_made_anew(folder: Path) -> None:
    inner = "{% set x = 'one' %}{% macro show(b) %}{{ x }}{% endmacro %}{{ show(block) }}{% set x = 'two' %}{{ show(block) }}"
    write(folder, "t.j2", inner)

    assert page(folder) == page(folder)
    assert kept(folder) == 0


def test_a_template_that_was_edited_is_seen(folder: Path) -> None:
    assert "<p" in page(folder)
    write(folder, "m.j2", SHOW.replace("<p>", "<h2>").replace("</p>", "</h2>"))
    assert "<h2" in page(folder)


@pytest.mark.parametrize(
    "inner",
    ['{% include "in.j2" %}', '{% from "in.j2" import said %}{{ said() }}', '{% include "in.j2" ignore missing %}'],
)
def test_a_file_that_a_macro_asks_for_is_seen_when_it_was_edited(folder: Path, inner: str) -> None:
    write(folder, "m.j2", "{% macro show(block) %}" + inner + "{% endmacro %}")
    words = "{% macro said() %}WORDS{% endmacro %}" if "import" in inner else "WORDS"
    if "missing" in inner:
        assert "one" not in page(folder)
    for said in ("one", "two"):
        write(folder, "in.j2", words.replace("WORDS", said))
        assert said in page(folder) == page(folder)
    (folder / "in.j2").unlink()
    if "missing" in inner:
        assert "two" not in page(folder)
    else:
        with told() as problems:
            page(folder)
        assert problems[0].hint == "there is no such template"


@pytest.mark.parametrize("taken", ["steps", "characters"])
def test_what_was_made_before_takes_as_much_of_the_limits_of_a_page(folder: Path, taken: str) -> None:
    write(
        folder,
        "m.j2",
        "{% macro show(block) %}\n{% for x in (1, 2, 3, 4) %}{{ block.words }}{% endfor %}{% endmacro %}",
    )
    before, first, again = Limits(), Limits(), Limits()
    page(folder, limits=first)
    page(folder, limits=again)

    assert kept(folder) == 1 and (first.steps, first.characters) == (again.steps, again.characters)
    needed = getattr(before, taken) - getattr(first, taken)
    assert page(folder, limits=Limits(**{taken: needed}))
    for most in (needed - 1, 40 if taken == "characters" else 3):
        page(folder)
        found = []
        for _ in range(2):  # with what was made, and without it
            with told() as problems:
                page(folder, limits=Limits(**{taken: most}))
            found.append(problems)
            _environment.cache_clear()
        assert found[0] == found[1]


def test_nothing_of_a_report_is_kept(folder: Path) -> None:
    fields = {"block": Fields(words="of Ana Zerbinetta")}
    document = compose_page(fields, folder, "t.j2", "List", "en")

    assert document.body and kept(folder) == 0


def test_a_macro_may_see_where_a_loop_is(folder: Path) -> None:
    write(folder, "m.j2", "{% macro show(x) %}{{ x.index }}{% endmacro %}")
    write(folder, "t.j2", '{% from "m.j2" import show %}{% for x in (1, 2, 3) %}{{ show(loop) }}{% endfor %}')

    assert page(folder) == page(folder) == "123"


def test_only_what_stands_on_the_page_itself_is_kept(folder: Path) -> None:
    write(folder, "m.j2", SHOW + "{% macro box(block) %}<section>{{ show(block) }}</section>{% endmacro %}")
    calls = "{{ show(block) }}{{ box(block) }}"
    write(folder, "t.j2", f'{{% from "m.j2" import show, box %}}<article>{calls}</article>')

    assert page(folder).count("Rest") == kept(folder) == 2
    write(folder, "t.j2", '{% from "m.j2" import box %}<article>{{ box(block) }}</article>')
    _environment.cache_clear()
    assert page(folder).count("Rest") == kept(folder) == 1
