"""The closed vocabulary of templates: what becomes a tree, and where anything else is told."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from press.document import xhtml
from press.document.markup import to_xhtml
from press.document.nodes import (
    Bar,
    Block,
    Cell,
    Content,
    Document,
    Figure,
    Heading,
    Inline,
    List,
    ListItem,
    PageNumber,
    Paragraph,
    Row,
    Section,
    Strong,
    Table,
    Text,
    Value,
    blocks,
    inlines,
    strings,
)
from press.document.slots import OPEN, Slot, fill_slots, slots_of
from press.document.xhtml import BLOCKS, CHILDREN, CLASSES, PRIVATE, Article, parse_again
from press.errors import HandoutError, Place, Problem

AT = 'at="templates/t.j2:7:3"'


def parse_xhtml(text: str) -> Article:
    """Parse an article, which must give the same however often, and with what was kept of other pages."""
    found = [outcome(parse, text) for parse in (xhtml.parse_xhtml, parse_again, parse_again)]
    assert repr(found[0]) == repr(found[1]) == repr(found[2]), "nodes are equal wherever they are from: repr says it"
    if isinstance(found[0], HandoutError):
        raise found[0]
    return found[0]


def outcome(parse: Callable[[str], Article], text: str) -> Article | HandoutError:
    try:
        return parse(text)
    except HandoutError as error:
        return HandoutError(error.problems)


def body(inner: str) -> tuple:
    return parse_xhtml(f'<article at="templates/t.j2:1:1">{inner}</article>')[1]


def told(text: str) -> tuple[Problem, ...]:
    with pytest.raises(HandoutError) as caught:
        parse_xhtml(text)
    return caught.value.problems


def told_inside(inner: str) -> Problem:
    (problem,) = told(f'<article at="templates/t.j2:1:1">{inner}</article>')
    return problem


def test_an_article_has_a_header_a_body_and_a_footer() -> None:
    inner = "<header><p>a</p></header><h1>b</h1><aside><p>c</p></aside>"
    header, main, footer, role = parse_xhtml(f'<article class="one-side" at="templates/t.j2:1:1">{inner}</article>')

    assert (header, main, footer) == (
        (Paragraph((Text("a"),)),),
        (Heading(1, (Text("b"),)),),
        (Paragraph((Text("c"),)),),
    )
    assert role == "one-side"


@pytest.mark.parametrize("element", sorted(BLOCKS))
def test_every_block_element_becomes_a_block(element: str) -> None:
    inside = {
        "ul": "<li>a</li>",
        "ol": "<li>a</li>",
        "section": "<p>a</p>",
        "table": "<tbody><tr><td>a</td></tr></tbody>",
    }
    kinds = {"p": Paragraph, "ul": List, "ol": List, "section": Section, "table": Table}
    inside["figure"], kinds["figure"] = '<bar amount="3">a</bar>', Figure
    label = ' label="how many"' if element == "figure" else ""
    (block,) = body(f"<{element}{label}>{inside.get(element, 'a')}</{element}>")

    assert type(block) is kinds.get(element, Heading)


def test_a_drawing_is_its_bars_and_what_it_shows() -> None:
    (block,) = body('<figure label="how many"><bar amount="3">a &amp; b</bar><bar amount="0"> c </bar></figure>')
    assert block == Figure((Bar("a & b", 3), Bar("c", 0)), "how many")


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        ('<figure><bar amount="3">a</bar></figure>', "needs a label"), ('<figure label="x"><bar>a</bar></figure>', "needs an amount"),
        ('<figure label="x"><bar amount="-3">a</bar></figure>', "needs an amount"),
        ('<figure label="x"><bar amount="1.5">a</bar></figure>', "needs an amount"),
        ('<figure label="x"><bar amount="3"><strong>a</strong></bar></figure>', "must not stand inside <bar>"),
        ('<p><bar amount="3">a</bar></p>', "must not stand inside <p>"), ('<figure label="x">a</figure>', "words directly inside"),
    ],
)  # fmt: skip
def test_a_drawing_without_words_or_numbers_is_refused(inner: str, message: str) -> None:
    problems = told(f'<article at="templates/t.j2:1:1">{inner}</article>')
    assert any(message in problem.message for problem in problems)


@pytest.mark.parametrize(("element", "name"), [(e, c) for e, classes in CLASSES.items() for c in sorted(classes)])
def test_every_class_that_is_listed_is_taken(element: str, name: str) -> None:
    inside = {"article": "{}", **dict.fromkeys(("span", "strong"), "<article><p>{}</p></article>")}.get(
        element, "<article>{}</article>"
    )

    assert parse_xhtml(inside.format(f'<{element} class="{name}"/>'))


def test_white_space_of_a_template_is_folded() -> None:
    assert body("<p>\n   a\n  <strong> b</strong> \n</p>") == (Paragraph((Text("a "), Strong((Text(" b"),)))),)


def test_the_words_of_a_value_are_kept_to_the_letter() -> None:
    assert body('<p><value field="today"> a  b\tc </value></p>')[0].children == (Value("today", " a  b\tc "),)


def test_values_of_a_person_are_slots_numbered_in_the_order_of_reading() -> None:
    name, phone, due = (f'<p><value field="{field}">a</value></p>' for field in ("name", "clinic_phone", "due"))
    inner = f"<header>{name}</header><section>{phone}{due}</section><aside>{name}</aside>"
    header, (section,), footer, _ = parse_xhtml(f'<article at="templates/t.j2:1:1">{inner}</article>')

    assert header == (Paragraph((Slot("name", "a", 0),)),)
    assert [child.children for child in section.children] == [(Value("clinic_phone", "a"),), (Slot("due", "a", 1),)]
    assert footer == (Paragraph((Slot("name", "a", 2),)),)


def test_an_element_is_parsed_once_for_all_pages_that_have_it() -> None:
    name, box = '<p><value field="name">a</value></p>', f'<section class="note"><p {AT}>a</p></section>'
    first, second = (parse_again(f"<article>{inner} </article>").body for inner in (name + box, box + name + name))

    assert first[1] is second[0]
    assert [slot.number for slot in slots_of(page_of(*second))] == [0, 1]


def test_what_is_the_same_in_another_place_has_that_place() -> None:
    here, there = (body(f'<p at="templates/t.j2:{line}:3">a</p>')[0] for line in (7, 8))

    assert (here.place.line, there.place.line) == (7, 8)


PIECES = (
    "<article>", "<article/>", "</article>", "<p>", "<p/>", "</p>", '<p at="templates/t.j2:2:3">', "<section>", "</section>",
    '<section class="note">', "<section/>", "<header>", "</header>", "<aside>", "</aside>", "<ul>", "<li>", "</li>", "</ul>",
    "<br/>", "<strong>", "</strong>", '<value field="name">a</value>', '<content id="a">b</content>', "a", " ", "\n",
    "\N{NO-BREAK SPACE}", "\f", "&lt;", "&nbsp;", "<!-- </p> -->", "<!-- <p> -->", "<![CDATA[</p>]]>", "<![CDATA[<p>]]>",
    "<?pi </p>?>", '<?xml version="1.0"?>', "<!DOCTYPE a>", '<section id="a>b">', "<section id='</section>'>", '<p id="<p>">',
    "<picture>", "</picture>", "<pp>", "</pp>", "<sectionx/>", "</p >", "<p\n>", "<P>", "</P>", "<figure/>",
)  # fmt: skip
PLAIN = (
    "<p>a</p>",
    "<section><p>a</p></section>",
    "<header><p>a</p></header>",
    "<ul><li>a</li></ul>",
    "<section/>",
    "\n",
)


def test_a_page_that_is_parsed_in_parts_is_the_page_or_is_refused_in_the_same_words() -> None:
    """Whatever a template makes: pages that are nearly right, with a few pieces put in or taken out anywhere."""
    draw, refused = Random(7), 0
    for _ in range(4000):
        page = ["<article>", *draw.choices(PLAIN, k=draw.randrange(5)), "</article>"]
        for _ in range(draw.randrange(4)):
            page.insert(draw.randrange(len(page) + 1), draw.choice(PIECES))
        if draw.random() < 0.2:
            page.pop(draw.randrange(len(page)))
        try:
            parse_xhtml("".join(page))
        except HandoutError:
            refused += 1
    assert 1000 < refused < 3500


@pytest.mark.parametrize("inner", ["a<p/>", "<p/>a", "<p/>a<p/>", "<header/>a"])
def test_words_between_the_elements_of_a_page_are_told(inner: str) -> None:
    assert told_inside(inner).message == "found words directly inside <article>"


def test_a_card_and_a_month_hold_no_slots() -> None:
    value = '<value field="appointment">a</value>'
    month = f'<table class="month"><tbody><tr><td>{value}</td></tr></tbody></table>'
    found = body(f'<section class="cut-out"><section class="panel"><p>{value}</p></section></section>{month}')

    assert {type(node) for block in blocks(found) for run in strings(block) for node in inlines(run)} == {Value}


def test_a_template_gives_no_slot_its_number() -> None:
    assert told_inside('<p slot="1">a</p>').message == "unknown attribute `slot` on <p>"


def page_of(*body: Block) -> Document:
    return Document("a", "en", letterhead=(), body=body, footer=())


def test_slots_with_a_number_twice_or_left_out_are_refused() -> None:
    for numbers in ((0, 0), (1, 1), (0, 2), (1, 2)):
        page = page_of(Paragraph(tuple(Slot("name", "a", number) for number in numbers)))
        with pytest.raises(RuntimeError, match="one by one"):
            slots_of(page)


def test_a_page_is_opened_and_filled_again() -> None:
    page = page_of(Paragraph((Slot("name", "a", 0), Strong((Slot("due", "b", 1),)))))
    skeleton = fill_slots(page, (OPEN, OPEN))

    assert {slot.text for slot in slots_of(skeleton)} == {OPEN}
    assert fill_slots(skeleton, ("a", "b")) == page


def test_slots_are_listed_by_number_wherever_they_stand() -> None:
    """In a page of two languages those of the second stand between those of the first."""
    table = Table((), (Row((Cell((Slot("offered", "c", 1),)),)),), (Slot("planned", "d", 3),))
    page = page_of(Section((Paragraph((Slot("name", "a", 2),)), List((ListItem((Slot("due", "b", 0),)),)), table)))

    assert [slot.number for slot in slots_of(page)] == [0, 1, 2, 3]
    skeleton = fill_slots(page, (OPEN,) * 4)
    assert fill_slots(skeleton, ("b", "c", "a", "d")) == page != skeleton


def test_what_has_no_slot_stays_the_same_object_when_a_page_is_filled() -> None:
    """What follows from a text is kept by the object that it is."""
    same, other = (
        ListItem((Text("a"), Strong((Text("b"),)))),
        ListItem((Content("c", (Text("d"),)), Slot("name", "e", 0))),
    )
    page = page_of(List((same, other)), Paragraph((Text("f"),)))
    filled = fill_slots(page, ("z",))

    found = filled.body[0]
    assert isinstance(found, List) and found.items[1].children[1] == Slot("name", "z", 0)
    assert found.items[0] is same and found.items[1].children[0] is other.children[0]
    assert filled.body[1] is page.body[1]


def test_nodes_know_the_line_of_the_template() -> None:
    assert body(f"<p {AT}>a</p>")[0].place == Place("templates/t.j2", 7, 3)


def test_a_page_number_is_a_node() -> None:
    assert body('<p><span class="page-number"/></p>')[0].children == (PageNumber(),)


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        (f"<blink {AT}>a</blink>", "unknown element <blink>"),
        (f"<script {AT}/>", "unknown element <script>"),
        (f"<article {AT}/>", "unknown element <article>"),
        (f'<p onclick="x" {AT}>a</p>', "unknown attribute `onclick` on <p>"),
        (f'<p style="color: red" {AT}>a</p>', "unknown attribute `style` on <p>"),
        (f'<p class="leed" {AT}>a</p>', "unknown class `leed` on <p>"),
        (f'<ul class="lead" {AT}><li>a</li></ul>', "unknown class `lead` on <ul>"),
        (f"<p><h2 {AT}>a</h2></p>", "<h2> must not stand inside <p>"),
        (f"<ul><p {AT}>a</p></ul>", "<p> must not stand inside <ul>"),
        (f"<p><p {AT}>a</p></p>", "<p> must not stand inside <p>"),
        (f"<ul {AT}>a</ul>", "found words directly inside <ul>"),
        (f"<section {AT}>a<p>b</p></section>", "found words directly inside <section>"),
        (f"<section {AT}><p>b</p> a</section>", "found words directly inside <section>"),
        (f"<p><span {AT}/></p>", "a <span> needs a class"),
        (
            f'<table><tbody><tr><th scope="all" {AT}>a</th></tr></tbody></table>',
            "a header cell heads a `col` or a `row`",
        ),
        (f'<p><value field="name" {AT}>Ann</value></p>', "unknown element <value>"),
        (f'<p><content id="t/main" {AT}>words</content></p>', "unknown element <content>"),
    ],
)
def test_what_is_outside_the_vocabulary_is_told_with_its_line(inner: str, message: str) -> None:
    problem = told_inside(inner)

    assert (problem.message, problem.place) == (message, Place("templates/t.j2", 7, 3))


def test_the_nearest_known_name_is_a_hint() -> None:
    assert told_inside(f"<sektion {AT}/>").hint == "did you mean `section`?"
    assert told_inside(f'<p class="leed" {AT}>a</p>').hint == "did you mean `lead`?"


def test_the_private_elements_are_never_a_hint() -> None:
    assert not any(name in told_inside(f"<valu {AT}/>").hint for name in PRIVATE)


def test_all_faults_are_told_at_once() -> None:
    assert len(told(f'<article><blink {AT}/><p x="1"><h1/></p></article>')) == 3


def test_a_fault_without_a_line_takes_the_line_above_it() -> None:
    assert told_inside(f"<section {AT}><blink/></section>").place.line == 7


@pytest.mark.parametrize(
    "inner",
    [
        f"<p {AT}>a",
        f"<p {AT}><strong>a</p></strong>",
        f"<p {AT}>a & b",
        f"<p {AT}>a < b</p>",
        f'<p {AT} class="a" class="b"/>',
    ],
)
def test_a_broken_tag_is_told_at_the_last_tag_before_it(inner: str) -> None:
    problem = told_inside(inner)

    assert problem.message.startswith("the template does not make well-formed XHTML")
    assert problem.place == Place("templates/t.j2", 7, 3)


def test_an_entity_of_html_is_told() -> None:
    assert told_inside(f"<p {AT}>&nbsp;</p>").hint == "write the character itself"


@pytest.mark.parametrize("start", ["<!DOCTYPE a>", '<!DOCTYPE a [<!ENTITY b "c">]>'])
def test_entities_cannot_be_declared(start: str) -> None:
    assert told(f"{start}<article {AT}/>")[0].message == "a template must not declare entities"


@pytest.mark.parametrize("text", ["", "words", "<p/>", "<article/><article/>"])
def test_only_one_article_is_a_page(text: str) -> None:
    assert told(text)


def test_words_of_a_patient_cannot_pass_for_a_place() -> None:
    name = to_xhtml((Value("name", 'x at="templates/evil:1:1"'),))

    assert told_inside(f"<p {AT}>{name}").place.file == "templates/t.j2"


def test_a_stamp_that_was_forged_is_no_place() -> None:
    assert told('<article at="nonsense"><blink/></article>')[0].place == Place("")


@pytest.mark.parametrize("element", ["section", "strong"])
def test_a_thousand_levels_are_told_and_do_no_harm(element: str) -> None:
    inner = f"<{element}>" * 1000 + f"</{element}>" * 1000
    problem = told_inside(inner if element == "section" else f"<p>{inner}</p>")

    assert "levels deep" in problem.message


def test_content_strings_keep_their_id_and_their_place() -> None:
    text: Inline = Content("t/a", (Text("x"),), Place("handouts/t/en.yaml", 4, 9))
    (found,) = body(f"<p>{to_xhtml((text,))}</p>")[0].children

    assert found == text and found.place == text.place


def test_every_parent_in_the_table_is_known_as_a_child_too() -> None:
    children = frozenset().union(*CHILDREN.values())

    assert len(CHILDREN) > 10
    assert set(CHILDREN) == children | {"article"}
