"""Templates: what they can show, and that nothing hostile or broken in one gets any further."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from press.compose.sandbox import template_faults
from press.compose.tailor import Tailored
from press.compose.template import compose, compose_page, fill
from press.document.nodes import Content, Document, Heading, Paragraph, Strong, Text, plain
from press.document.slots import Slot
from press.errors import Problem
from tests.rigs.work import calls_within
from tests.support import ROOT, edit, press, tailored, told

NAME = "Zerbinetta"
PAGE = "<article>\n  <h1>x</h1>\n  {}\n</article>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "templates", tmp_path / "templates"))


@pytest.fixture
def words() -> Tailored:
    return tailored(press().handout("overdose-warning", "en"), name=NAME)


def composed(folder: Path, words: Tailored, inner: str, page: str = PAGE) -> Document:
    (folder / "t.xhtml.j2").write_text(page.replace("{}", inner), "utf-8")
    return fill(words, folder, "t.xhtml.j2")


def refused(folder: Path, words: Tailored, inner: str, page: str = PAGE) -> Problem:
    with told() as problems:
        composed(folder, words, inner, page)
    assert len(problems) == 1
    assert NAME not in f"{problems[0].message} {problems[0].hint}"
    return problems[0]


def test_a_template_shows_texts_phrases_and_numbers(folder: Path, words: Tailored) -> None:
    document = composed(folder, words, "<p>{{ title }} {{ topic }} {{ phrase.of }} {{ blocks|length }}</p>")

    assert plain(document.body[1].children) == f"Overdose warning overdose-warning of {len(words.blocks)}"


def test_a_node_knows_the_line_of_its_template(folder: Path, words: Tailored) -> None:
    assert [str(block.place) for block in composed(folder, words, "<p>a</p>").body] == [
        "templates/t.xhtml.j2:2:3", "templates/t.xhtml.j2:3:3",
    ]  # fmt: skip


def test_a_text_knows_the_line_of_its_content_file(folder: Path, words: Tailored) -> None:
    (content,) = composed(folder, words, "<p>{{ title }}</p>").body[1].children

    assert isinstance(content, Content) and content.place == words.filled["title"].place


def test_a_value_stays_a_value(folder: Path, words: Tailored) -> None:
    (content,) = composed(folder, words, "<p>{{ phrase.for_person }}</p>").body[1].children

    assert content.children == (Text("For: "), Strong((Slot("name", NAME),)))


def test_words_of_a_value_are_never_markup_and_never_a_template(folder: Path) -> None:
    for name in ("<b>a</b>", "{{ 7*7 }} a", "{% raw %}a", "&amp;a", "]]>a", '<p at="x">a'):
        words = tailored(press().handout("overdose-warning", "en"), name=name)
        (content,) = composed(folder, words, "<p>{{ phrase.for_person }}</p>").body[1].children

        assert plain(content.children) == f"For: {name}"


def test_the_title_keeps_strong_words(folder: Path, words: Tailored) -> None:
    title = replace(words.filled["title"], children=(Strong((Text("Over"),)), Text("dose")))
    words = replace(words, filled={**words.filled, "title": title})

    assert composed(folder, words, "").title == "Overdose"


HOSTILE = {
    "{{ none }}": "cannot print `none`",
    "{{ true }}": "cannot print true or false",
    "{{ 1.5 }}": "cannot print a number with a point",
    "{{ blocks }}": "cannot print a whole list",
    "{{ [1] }}": "cannot print a whole list",
    "{{ blocks|first }}": "cannot print a whole block",
    "{{ 3 == 3 }}": "cannot print true or false",
    "{{ nothing }}": "there is nothing called `nothing`",
    "{{ phrase.pageof }}": "did you mean `page_of`?",
    "{{ phrase[title] }}": "there is nothing under this key",
    "{{ phrase[phrase.for_person] }}": "there is nothing under this key",
    "{{ blocks[9999] }}": "there is nothing under this key",
    "{{ blocks.count(1) }}": "there is nothing called `count`",
    "{{ blocks.__class__ }}": "there is nothing called `__class__`",
    "{{ phrase.__init__ }}": "there is nothing called `__init__`",
    "{{ phrase.names() }}": "there is nothing called `names`",
    "{{ phrase._Fields__values }}": "there is nothing called `_Fields__values`",
    "{{ title.children }}": "there is nothing called `children`",
    "{{ phrase.for_person.children[1].children[0].text }}": "there is nothing called `children`",
    "{{ topic.upper() }}": "there is nothing called `upper`",
    "{{ '%1000000000d'.format(1) }}": "there is nothing called `format`",
    "{{ ''.__class__.__mro__ }}": "there is nothing called `__class__`",
    "{{ title() }}": "only a macro can be called",
    "{{ phrase.for_person() }}": "only a macro can be called",
    "{{ range(9) }}": "there is nothing called `range`",
    "{{ lipsum() }}": "there is nothing called `lipsum`",
    "{{ cycler.__init__.__globals__ }}": "there is nothing called `cycler`",
    "{{ self.x() }}": "there is nothing called `x`",
    "{{ 2 ** 9 }}": "the operator ** is not for templates",
    "{{ 'a' * 1000000000 }}": "the operator * is not for templates",
    "{{ '%s' % title }}": "the operator % is not for templates",
    "{{ topic + topic }}": "the operator + is not for templates",
    "{{ 1 / 0 }}": "the operator / is not for templates",
    "{{ title ~ '' }}": "the operator ~ is not for templates",
    "{{ none ~ '' }}": "the operator ~ is not for templates",
    "{% autoescape false %}{{ topic }}{% endautoescape %}": "cannot turn escaping off",
    "{{ topic|safe }}": "No filter named 'safe'",
    "{{ topic|upper }}": "No filter named 'upper'",
    "{{ topic|attr('x') }}": "No filter named 'attr'",
    "{% if x is defined %}a{% endif %}": "No test named 'defined'",
    "{% if nothing %}a{% endif %}": "there is nothing called `nothing`",
    "{% for x in phrase %}a{% endfor %}": "an expression here does not work",
    "{% for x in 5 %}a{% endfor %}": "an expression here does not work",
    "{% if 'a' in phrase %}a{% endif %}": "an expression here does not work",
    "{{ title[0:2] }}": "an expression here does not work",
    "{{ title < 3 }}": "an expression here does not work",
    "{% include 'missing.j2' %}": "there is no such template",
    "{% include '../config.yaml' %}": "there is no such template",
    "{% include title %}": "an expression here does not work",
    "{% include 'latin.j2' %}": "a template is not saved as UTF-8",
    "{% import 'blocks.xhtml.j2' as b %}{{ b.nothing() }}": "there is nothing called `nothing`",
    "{% from 'blocks.xhtml.j2' import nothing %}{{ nothing() }}": "does not export the requested name",
    "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}": "without end?",
    "{% endfor %}": "Encountered unknown tag 'endfor'",
    "{% do title.x() %}": "Encountered unknown tag 'do'",
    "{% block a %}{% endblock %}{% block a %}{% endblock %}": "block 'a' defined twice",
    "{{ " + "(" * 200 + "1" + ")" * 200 + " }}": "levels deep",
}


@pytest.mark.parametrize("inner", HOSTILE)
def test_what_a_template_must_not_do_is_told_with_its_line(inner: str, folder: Path, words: Tailored) -> None:
    (folder / "latin.j2").write_bytes(b"<p>caf\xe9</p>")
    problem = refused(folder, words, inner)

    assert HOSTILE[inner] in problem.hint
    assert (problem.place.file, problem.place.line) == ("templates/t.xhtml.j2", 3)


# A few lines that would run for years, or fill any memory.
TOO_LONG, TOO_LARGE = "go on for too long", "makes more words than a page can hold"
ENDLESS = {
    "{% for x in blocks %}" * 9 + "{% endfor %}" * 9: TOO_LONG,
    "{% for x in '" + "a" * 900 + "' %}{% for y in '" + "a" * 900 + "' %}{% endfor %}{% endfor %}": TOO_LONG,
    "".join(f"{{% macro m{n}() %}}{{% set x = m{n + 1}() %}}{{% set x = m{n + 1}() %}}{{% endmacro %}}" for n in range(40))
    + "{% macro m40() %}{% endmacro %}{% set x = m0() %}": TOO_LONG,
    "{% set x = topic %}" + "{% set x %}{{ x }}{{ x }}{% endset %}" * 40: TOO_LARGE,
    "{% macro m() %}{% for x in '" + "a" * 900 + "' %}" + "<p>a</p>" * 100 + "{% endfor %}{% endmacro %}{% set x = m() %}": TOO_LARGE,
    "{% for x in '" + "a" * 900 + "' %}" + "<p>a</p>" * 100 + "{% endfor %}": TOO_LARGE,
}  # fmt: skip


@pytest.mark.parametrize("inner", ENDLESS, ids=range(len(ENDLESS)))
def test_a_template_that_would_not_end_is_refused_at_its_line(inner: str, folder: Path, words: Tailored) -> None:
    problem = calls_within(500_000, lambda: refused(folder, words, inner))

    assert ENDLESS[inner] in problem.hint
    assert (problem.place.file, problem.place.line) == ("templates/t.xhtml.j2", 3)


def test_a_page_that_is_no_handout_may_be_of_any_length(folder: Path) -> None:
    (folder / "t.xhtml.j2").write_text("<article>{% for x in rows %}<p>{{ x }}</p>{% endfor %}</article>", "utf-8")
    page = compose_page({"rows": tuple(map(str, range(30_000)))}, folder, "t.xhtml.j2", "x", "en")

    assert len(page.body) == 30_000


@pytest.mark.parametrize("inner", ["{{ title", "{% if title %}<p>a</p>", "{% for a in blocks %}"])
def test_a_tag_without_end_is_told_where_its_end_is_missed(inner: str, folder: Path, words: Tailored) -> None:
    assert str(refused(folder, words, inner).place) in ("templates/t.xhtml.j2:3", "templates/t.xhtml.j2:4")


def test_broken_markup_is_told_with_its_line(folder: Path, words: Tailored) -> None:
    for inner in ("<p>{{ title }}", "<blink>a</blink>", '<p class="x">a</p>', "<li>a</li>", "<p {{ title }}>a</p>"):
        problem = refused(folder, words, inner)

        assert (problem.place.file, problem.place.line) == ("templates/t.xhtml.j2", 3)


@pytest.mark.parametrize("inner", ['<p class="{{ title }}">a</p>', "<p id={{ title }}>a</p>", "<{{ topic }}/>"])
def test_a_value_cannot_become_an_attribute_or_a_tag(inner: str, folder: Path, words: Tailored) -> None:
    assert refused(folder, words, inner).place.file == "templates/t.xhtml.j2"


def test_the_fault_of_an_included_template_is_told_there(folder: Path, words: Tailored) -> None:
    (folder / "parts").mkdir()
    for text, hint in (("\n\n{{ nothing }}", "`nothing`"), ("\n\n{% if %}", "Expected an expression")):
        (folder / "parts" / "in.j2").write_text(text, "utf-8")
        problem = refused(folder, words, "{% include 'parts/in.j2' %}")

        assert str(problem.place) == "templates/parts/in.j2:3"
        assert hint in problem.hint


def test_the_fault_of_an_imported_macro_is_told_there(folder: Path, words: Tailored) -> None:
    (folder / "m.j2").write_text("{% macro show() %}\n{{ phrase.x }}\n{% endmacro %}", "utf-8")
    problem = refused(folder, words, "{% from 'm.j2' import show with context %}{{ show() }}")

    assert str(problem.place) == "templates/m.j2:2"


def test_the_fault_of_a_template_that_is_extended_is_told_there(folder: Path, words: Tailored) -> None:
    (folder / "up.j2").write_text("<article>\n<blink/>\n{% block a %}{% endblock %}</article>", "utf-8")
    problem = refused(folder, words, "", '{% extends "up.j2" %}{% block a %}<p>a</p>{% endblock %}')

    assert str(problem.place) == "templates/up.j2:2:1"


def test_every_text_stands_where_the_shipped_templates_say(folder: Path, words: Tailored) -> None:
    edit(folder / "blocks.xhtml.j2", "<h2>{{ block.intro }}</h2>", "<h2>{{ block.intor }}</h2>")
    with told() as problems:
        compose(words, folder)

    assert problems[0].place.file == "templates/blocks.xhtml.j2"
    assert "did you mean `intro`?" in problems[0].hint


def test_a_template_cannot_change_what_the_next_reader_gets(folder: Path, words: Tailored) -> None:
    for inner in ("{% set title = 'x' %}", "{% set phrase = blocks %}", "{% for phrase in blocks %}{% endfor %}"):
        composed(folder, words, inner)
    for inner in ("{{ phrase.update(x=1) }}", "{% set phrase.of = 'x' %}", "{{ blocks.append(1) }}"):
        refused(folder, words, inner)
    document = composed(folder, words, "<p>{{ title }} {{ phrase.of }}</p>")

    assert plain(document.body[1].children) == "Overdose warning of"


def test_nested_elements_without_end_are_told(folder: Path, words: Tailored) -> None:
    assert "levels deep" in refused(folder, words, "<section>" * 500 + "</section>" * 500).message


DEEP = {
    "statements": "{% if blocks %}\n" * 400 + "{% endif %}" * 400,
    "loops": "{% for a in blocks %}\n" * 30 + "{% endfor %}" * 30,
    "blocks": "".join(f"{{% block b{n} %}}\n" for n in range(300)) + "{% endblock %}" * 300,
    "brackets": "\n{{ " + "(" * 3000 + "title" + ")" * 3000 + " }}",
    "lists": "\n{{ " + "[" * 150 + "]" * 150 + " }}",
    "negations": "\n{{ " + "not " * 3000 + "title }}",
    "conditions": "\n{% if " + "title and " * 3000 + "title %}{% endif %}",
    "filters": "\n{{ title" + "|first" * 2000 + " }}",
    "fields": "\n{{ title" + ".of" * 2000 + " }}",
    "a macro of itself": "{% macro f() %}\n{{ f() }}{% endmacro %}{{ f() }}",
    "a template in itself": "\n{% include 't.xhtml.j2' %}",
}


@pytest.mark.parametrize("inner", DEEP.values(), ids=DEEP)
def test_what_is_too_deep_is_told_with_its_line(folder: Path, words: Tailored, inner: str) -> None:
    place = refused(folder, words, inner).place

    assert place.file == "templates/t.xhtml.j2"
    assert place.line > 1


def test_the_form_of_every_template_is_checked(folder: Path) -> None:
    assert not list(template_faults(folder))

    (folder / "unused.j2").write_text("a\n{% if %}", "utf-8")
    (folder / "latin.j2").write_bytes(b"<p>\n</p>\n\xff")
    assert [str(problem.place) for problem in template_faults(folder)] == [
        "templates/latin.j2:3",
        "templates/unused.j2:2",
    ]


def test_the_page_of_the_project_has_a_title_and_a_footer(words: Tailored) -> None:
    document = compose(words, ROOT / "templates")

    assert isinstance(document.body[0], Heading) and document.title == "Overdose warning"
    assert document.footer and all(isinstance(block, Paragraph) for block in document.footer)
