"""Every word of a page comes from content: what a template adds, loses, doubles or exchanges is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from press.compose.provenance import check_provenance
from press.compose.tailor import Tailored
from press.compose.template import compose
from press.document.nodes import Bar, Document, Figure, Heading, Paragraph, Section, Text, Value, WriteIn, blocks
from press.errors import Problem
from tests.support import READERS, ROOT, TODAY, TOPICS, Shop, mode_options, press, tailored

DATED = {"last_dose": date(2026, 11, 21), "interval": "4 weeks"}
LIE = "It is safe to use opioids again"


@pytest.fixture
def words() -> Tailored:
    return tailored(press().handout("overdose-warning", "en"), name="Zerbinetta", **DATED)


@pytest.fixture
def page(words: Tailored) -> Document:
    return compose(words, press().templates)


def faults(document: Document, words: Tailored) -> list[Problem]:
    return list(check_provenance(document, words))


@pytest.mark.parametrize("topic", TOPICS)
def test_every_page_of_the_project_holds_what_was_chosen_and_nothing_else(topic: str) -> None:
    for language in press().library.languages(topic):
        handout = press().handout(topic, language)
        for form, reason, mode in READERS:
            chosen = tailored(handout, form=form, reason=reason, **mode_options(form, mode))
            assert faults(compose(chosen, press().templates), chosen) == []


def test_a_word_of_a_template_is_refused_with_its_line(shop: Shop) -> None:
    shop.edit("templates/handout.xhtml.j2", "{% endblock %}", f"  <p>{LIE}.</p>\n{{% endblock %}}")
    line = 1 + (shop.root / "templates/handout.xhtml.j2").read_text("utf-8").split(LIE)[0].count("\n")

    result = shop.run("make", "overdose-warning", "--json")

    found = json.loads(result.stdout)
    assert result.exit_code == 1 and shop.out() == set()
    assert [(problem["file"], problem["line"]) for problem in found] == [("templates/handout.xhtml.j2", line)]
    assert f"“{LIE}.”" in found[0]["message"]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("blocks", "<h2>{{ block.intro }}</h2>", "", "is not on the page"),
        ("blocks", "<h2>{{ block.intro }}</h2>", "<h2>{{ block.intro }}{{ block.intro }}</h2>", "twice"),
        ("blocks", "<li>{{ text }}</li>", "<li>never {{ text }}</li>", "“never”"),
        ("blocks", "<li>{{ text }}</li>", "<li>{{ text }} ✓</li>", "“✓”"),
        ("blocks", '<p class="main">', '<p class="main"><span class="write-in" label="none"/>', "a line to write on"),
        ("blocks", '<p class="main">', '<p class="main"><span class="page-number"/>', "a page number"),
        ("handout", "{{ show(item) }}", '{{ show(item) }}<figure label="Safe"><bar amount="1"/></figure>', "“Safe”"),
        ("handout", "{{ show(item) }}", "{% if not loop.first %}{{ show(item) }}{% endif %}", "is not on the page"),
        ("handout", "{{ show(item) }}", "{{ show(item) }}{{ show(item) }}", "twice"),
        ("handout", "{{ title }}", "{{ phrase.advice }}", "is not for the body"),
        ("base", "{% if draft %}\n    <section", "{% if no %}\n    <section", "there is nothing called"),
        ("base", '<p class="draft">{{ text }}</p>', "", "is not in the DRAFT banner"),
        ("base", '<p class="clinic">{{ phrase.clinic_phone }}</p>', "", "is not in the letterhead"),
        ("base", "{{ phrase.advice }}", "", "is not in the footer"),
        ("base", "({{ print }})", "", "is not in the footer"),
        ("base", "{{ phrase.of }}", "{{ phrase.of }} 1", "“1”"),
        ("base", "{{ version }}", "9.9.9", "“9.9.9”"),
    ],
)
def test_what_a_template_adds_or_loses_is_refused(shop: Shop, file: str, old: str, new: str, said: str) -> None:
    shop.edit(f"templates/{file}.xhtml.j2", old, new)

    result = shop.run("make", "overdose-warning")

    assert result.exit_code == 1 and shop.out() == set()
    assert said in result.output + result.stderr


def test_the_banner_of_a_draft_cannot_be_dropped(shop: Shop) -> None:
    text = (shop.root / "templates/base.xhtml.j2").read_text("utf-8")
    start, end = text.index("    {% if draft %}\n    <section"), text.index('    <p class="clinic">')
    shop.edit("templates/base.xhtml.j2", text[start:end], "")

    result = shop.run("make", "benefits")

    assert result.exit_code == 1 and shop.out() == set()
    assert "is not in the DRAFT banner" in result.output + result.stderr


def test_a_template_may_look_otherwise(shop: Shop) -> None:
    shop.edit(
        "templates/blocks.xhtml.j2", '<ol{% if block.look %} class="{{ block.look }}"{% endif %}>', '<ol class="short">'
    )
    shop.edit("templates/blocks.xhtml.j2", "{# One macro", "{# A note of the clinic. #}\n{# One macro")

    assert shop.run("make", "overdose-warning").exit_code == 0


def test_two_blocks_in_each_others_place_are_refused(page: Document, words: Tailored) -> None:
    first, second, *others = page.body[2:]

    (problem,) = faults(replace(page, body=(*page.body[:2], second, first, *others)), words)

    assert "not in the order" in problem.message and problem.place.file.startswith("templates/")


@pytest.mark.parametrize("topic", TOPICS)
def test_any_block_that_is_dropped_is_missed(topic: str) -> None:
    chosen = tailored(press().handout(topic, "en"), **DATED)
    page = compose(chosen, press().templates)
    assert len(page.body) > 2
    for block in page.body:
        assert faults(replace(page, body=tuple(other for other in page.body if other is not block)), chosen)


def test_a_text_that_is_not_whole_is_refused(page: Document, words: Tailored) -> None:
    title = page.body[0]
    assert isinstance(title, Heading)
    content = title.children[0]
    cut = replace(content, children=(Text("Overdose"),))

    found = faults(replace(page, body=(replace(title, children=(cut,)), *page.body[1:])), words)

    assert len(found) == 2 and any("is not on the page" in problem.message for problem in found)


def test_a_final_page_shows_no_banner_and_a_draft_one(page: Document, words: Tailored) -> None:
    assert words.draft and page.banner
    final = replace(words, draft=())

    assert any("not for the DRAFT banner" in problem.message for problem in faults(page, final))
    assert any("is not in the DRAFT banner" in problem.message for problem in faults(replace(page, banner=()), words))


@pytest.mark.parametrize(
    "stray",
    [
        Paragraph((Text(LIE),)),
        Paragraph((Value("name", "Zerbinetta"),)),
        Paragraph((WriteIn("anything"),)),
        Section((Paragraph((Text("safe"),)),), role="warning"),
        Figure((Bar("safe", 1),), "safe"),
    ],
)
def test_a_stray_piece_anywhere_is_refused_and_no_value_repeated(
    page: Document, words: Tailored, stray: object
) -> None:
    for part in ("banner", "letterhead", "body", "footer"):
        found = faults(replace(page, **{part: (*getattr(page, part), stray)}), words)
        assert found and not any("Zerbinetta" in problem.message + problem.hint for problem in found)


def test_the_days_of_a_calendar_are_all_there(shop: Shop) -> None:
    shop.edit("templates/blocks.xhtml.j2", "<td>{{ day.number }}{{ marks(day) }}</td>", "<td>{{ day.number }}</td>")
    who = shop.patient("last_dose: 2026-11-21\ninterval: 4 weeks\n")

    result = shop.run("make", "fridge-page", "--patient", who, "--today", TODAY.isoformat())

    assert result.exit_code == 1 and "is not on the page" in result.output + result.stderr
    assert list(blocks(compose(tailored(press().handout("fridge-page", "en"), **DATED), Path(ROOT / "templates")).body))
