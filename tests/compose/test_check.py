"""Rules on a finished tree: each one finds its own fault, at its place, and passes what is right beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from press.compose.check import (
    check_calendar,
    check_cards,
    check_choice,
    check_facts,
    check_naloxone,
    check_page,
    check_reading,
    check_structure,
    check_words,
    page_sentences,
    read_measure,
)
from press.compose.tailor import Tailored
from press.content.handout import Block as Chosen
from press.content.handout import TableRow, TextRef
from press.document.nodes import (
    MOST_ITEMS,
    Bar,
    Block,
    Break,
    Cell,
    Content,
    Document,
    Figure,
    Heading,
    List,
    ListItem,
    Paragraph,
    Placeholder,
    Row,
    Section,
    Side,
    Strong,
    Table,
    Text,
    Value,
    WriteIn,
)
from press.errors import Place, Problem
from tests.helpers import bare_document
from tests.support import press, tailored

HERE = Place("handouts/made-up/en.yaml", 12, 3)
HEAD = Row((Cell((Text("Day"),), "col"), Cell((Text("What"),), "col")))
PLAIN_ROW = Row((Cell((Text("one"),)), Cell((Text("two"),))))


def says(*words: str, place: Place = HERE, name: str = "a") -> Paragraph:
    """A paragraph with one text of the files."""
    return Paragraph((Content(name, (Text(" ".join(words)),), place),))


def found(*body: Block, **more: object) -> list[tuple[str, Place]]:
    """The faults in the structure of a page made by hand."""
    return [(problem.message, problem.place) for problem in check_structure(bare_document(*body, **more))]


def items(count: int, place: Place = HERE) -> tuple[ListItem, ...]:
    return tuple(
        ListItem((Content(f"item-{n}", (Text("Rest"),), replace(place, line=n)),)) for n in range(1, count + 1)
    )


# Structure


def test_a_page_that_is_right_has_no_fault() -> None:
    body = (
        Heading(2, (Text("What to do"),)),
        Heading(3, (Text("Today"),)),
        Heading(2, (Text("After that"),)),
        List(items(MOST_ITEMS)),
        List(items(1), ordered=True),
        Table((HEAD,), (PLAIN_ROW, PLAIN_ROW)),
        Figure((Bar("Day 1", 3),), "falls"),
        Section((says("Rest."),), "notice"),
    )

    assert found(*body) == []


@pytest.mark.parametrize("change", [{"title": ""}, {"title": " \t"}, {"language": ""}])
def test_a_page_without_title_or_language_is_refused(change: dict[str, str]) -> None:
    document = replace(bare_document(place=HERE), **change)

    assert [(p.message, p.place) for p in check_structure(document)] == [
        ("a handout needs a title and a language", HERE)
    ]


def test_two_titles_are_refused() -> None:
    assert found(Heading(1, (Text("Another"),)), place=HERE) == [("found 2 titles, expected one", HERE)]


def test_no_title_is_refused() -> None:
    document = replace(bare_document(place=HERE), body=(says("Rest."),))

    assert [(p.message, p.place) for p in check_structure(document)] == [("found 0 titles, expected one", HERE)]


def test_a_heading_may_not_skip_a_level() -> None:
    jump = Heading(3, (Text("Deep"),), HERE)

    assert found(jump) == [("a heading of level 3 follows one of level 1", HERE)]
    assert found(Heading(2, (Text("a"),)), Heading(4, (Text("Deep"),), HERE)) == [
        ("a heading of level 4 follows one of level 2", HERE)
    ]
    assert found(Heading(2, (Text("a"),)), jump) == []


def test_no_heading_stands_before_the_title() -> None:
    title = Heading(1, (Text("a"),))
    document = replace(bare_document(), body=(Heading(2, (Text("b"),), HERE), title))

    assert [(p.message, p.place) for p in check_structure(document)] == [
        ("a heading of level 2 follows one of level 0", HERE)
    ]


def test_a_heading_in_a_box_counts_too() -> None:
    words = Paragraph((Text("Rest"),))
    box = Section((Heading(3, (Text("Deep"),), HERE), words))

    assert found(box) == [("a heading of level 3 follows one of level 1", HERE)]
    assert found(Section((Heading(2, (Text("a"),)), words)), Heading(3, (Text("b"),))) == []


@pytest.mark.parametrize("children", [(), (Heading(2, (Text("a"),)),), (Heading(2, (Text("a"),)), Paragraph(()))])
def test_a_section_that_says_nothing_is_refused(children: tuple[Block, ...]) -> None:
    """In a frame there would be nothing to draw it around."""
    assert found(Section(children, "emergency", place=HERE)) == [
        ("found a section that says nothing below its heading", HERE)
    ]


@pytest.mark.parametrize("role", ["banner", "letterhead"])
def test_what_stands_around_the_page_is_looked_at_too(role: str) -> None:
    empty = Paragraph((), place=HERE)

    assert found(**{role: (List((), place=HERE), empty)}) == [("found a list with no items", HERE)]


def test_a_list_that_is_too_long_is_refused_at_its_first_item() -> None:
    (fault,) = check_structure(bare_document(List(items(MOST_ITEMS + 1), place=Place("templates/a.j2", 1))))

    assert fault.message == "found a list of 8 items, expected at most 7" and fault.hint == "divide the list"
    assert fault.place == replace(HERE, line=1)


def test_a_list_without_texts_of_the_files_is_refused_at_its_own_place() -> None:
    long = List(tuple(ListItem((Text("Rest"),)) for _ in range(9)), place=HERE)

    assert found(long) == [("found a list of 9 items, expected at most 7", HERE)]


def test_a_list_with_no_items_is_refused() -> None:
    assert found(List((), place=HERE)) == [("found a list with no items", HERE)]


def test_a_table_of_unequal_rows_is_refused() -> None:
    short = Row((Cell((Text("one"),)),))

    assert found(Table((HEAD,), (PLAIN_ROW, short), place=HERE)) == [
        ("the rows of the table are not equally long", HERE)
    ]
    assert found(Table((Row(HEAD.cells[:1]),), (PLAIN_ROW,), place=HERE)) == [
        ("the rows of the table are not equally long", HERE)
    ]
    assert found(Table((), (), place=HERE)) == [("the rows of the table are not equally long", HERE)]


def test_a_table_without_header_cells_is_refused() -> None:
    heads_row = Row((Cell((Text("one"),), "row"), Cell((Text("two"),))))

    assert found(Table((), (PLAIN_ROW,), place=HERE)) == [("the table has no header cells", HERE)]
    assert found(Table((PLAIN_ROW,), (PLAIN_ROW,), place=HERE)) == [("the table has no header cells", HERE)]
    assert found(Table((), (heads_row,))) == []


@pytest.mark.parametrize("run", [(Text(" "),), (Text(""), Break()), (Content("a", (Text("\n"),)),)])
def test_an_empty_text_is_refused(run: tuple[Text, ...]) -> None:
    assert found(Paragraph(run, place=HERE)) == [("found an empty text", HERE)]
    assert found(Section((Paragraph(run, place=HERE),))) == [("found an empty text", HERE)]


def test_an_empty_cell_and_a_lost_caption_are_told_apart() -> None:
    """A table without a caption has no words there; a cell of blanks was meant to say something."""
    blank = Row((Cell((Text(" "),)), Cell((Text("two"),))))

    assert found(Table((HEAD,), (blank,), place=HERE)) == [("found an empty text", HERE)]


@pytest.mark.parametrize("part", ["banner", "letterhead", "footer", "body"])
def test_a_placeholder_that_was_not_filled_is_refused_wherever_it_stands(part: str) -> None:
    deep = Paragraph((Content("a", (Text("On "), Strong((Placeholder("due"),)))),), place=HERE)
    document = bare_document()
    document = replace(document, **{part: (*getattr(document, part), deep)})

    assert [(p.message, p.place) for p in check_structure(document)] == [("the placeholder {due} was not filled", HERE)]


def test_faults_of_the_structure_refuse_the_page() -> None:
    faults = [*check_page(bare_document(List((), place=HERE)), frozenset())]

    assert [fault.message for fault in faults] == ["found a list with no items"] and faults[0].is_error


def test_a_page_is_judged_by_all_four_rules() -> None:
    hard = "Pharmacological antagonism necessitates individualized reconciliation."
    cured = says("It cures you.", place=Place(HERE.file, 90))
    page = bare_document(List(()), cured, card(says("For alcohol.")), *(says(hard, name=f"t{n}") for n in range(6)))
    told = " / ".join(fault.message for fault in check_page(page, frozenset()))

    for said in ("found a list with no items", "found “cures”", "“alcohol” on a card", "the page is too hard"):
        assert said in told


# Facts and calendar


def chosen(*blocks: Chosen, **more: object) -> Tailored:
    """The overdose warning with other blocks chosen."""
    return replace(tailored(press().handout("overdose-warning", "en")), blocks=blocks, **more)


def test_a_fact_on_no_block_is_named_with_its_reader() -> None:
    carried = Chosen(id="a", kind="text", facts=("O1", "O2"))
    (fault,) = check_facts(chosen(carried, facts=frozenset({"O1", "O9"})))

    assert fault.message == "the required fact O9 is on no block of this page"
    assert fault.hint == "for injection, opioid, none"
    assert not [*check_facts(chosen(carried, facts=frozenset({"O1", "O2"})))]


def test_a_fact_in_an_inner_block_is_carried() -> None:
    outer = Chosen(id="a", kind="notice", blocks=(Chosen(id="b", kind="text", facts=("O9",)),))

    assert not [*check_facts(chosen(outer, facts=frozenset({"O9"})))]


def test_for_a_patient_nothing_is_said_of_the_reader() -> None:
    found = chosen(facts=frozenset({"O9"}))
    options = replace(found.options, places={"form": HERE})

    assert [fault.hint for fault in check_facts(replace(found, options=options))] == [""]


def line(mark: str, *fields: str, place: Place = HERE) -> tuple[TableRow, dict[str, Content]]:
    """A line of a calendar: the word for the mark, then a sentence with these values."""
    texts = {
        f"{mark}-word": Content(f"{mark}-word", (Text(mark),)),
        f"{mark}-says": Content(f"{mark}-says", (Strong(tuple(Value(field, "Monday") for field in fields)),)),
    }
    return TableRow(cells=tuple(TextRef(text=name) for name in texts), date=mark, place=place), texts


def calendar(*lines: tuple[TableRow, dict[str, Content]], valued: set[str]) -> list[Problem]:
    block = Chosen(id="a", kind="calendar", rows=tuple(row for row, _ in lines))
    filled = {name: text for _, texts in lines for name, text in texts.items()}
    return [*check_calendar(chosen(block, filled=filled, valued=frozenset(valued)))]


def test_a_marked_day_is_named_in_its_line() -> None:
    (fault,) = calendar(line("due"), valued={"due"})

    assert fault.message == "the calendar marks a day that its line does not name"
    assert (fault.place, fault.hint) == (HERE, "write {due} into it")
    assert calendar(line("due", "due"), valued={"due"}) == [] == calendar(line("due"), valued=set())


def test_a_day_in_the_word_of_its_mark_is_not_named() -> None:
    """Only sentences count: the first cell is what stands in the grid."""
    row, texts = line("due", "due")
    texts = {"due-word": texts["due-says"], "due-says": texts["due-word"]}

    assert len(calendar((row, texts), valued={"due"})) == 1


def test_closed_days_need_both_of_their_names() -> None:
    faults = calendar(line("closed", "closed_dates"), valued={"closed_dates", "closed_weekdays"})

    assert [fault.hint for fault in faults] == ["write {closed_weekdays} into it"]


@pytest.mark.parametrize("mark", ["offered", "due", "planned"])
def test_a_dose_is_not_marked_without_the_day_of_danger(mark: str) -> None:
    other = Place(HERE.file, 99)
    given, dose = line("given", "last_dose"), line(mark, mark, place=other)
    (fault,) = calendar(given, dose, valued={mark, "danger_from"})

    assert fault.message == "the calendar marks a dose, and not the day of more danger"
    assert (fault.place, fault.hint) == (other, "add a row with `date: danger`")
    assert calendar(dose, line("danger", "danger_from"), valued={mark, "danger_from"}) == []
    assert calendar(dose, valued={mark}) == [] == calendar(given, valued={"danger_from"})


def test_a_choice_is_judged_by_all_three_rules() -> None:
    row, texts = line("due")
    block = Chosen(id="a", kind="calendar", rows=(row,))
    page = chosen(block, filled=texts, valued=frozenset({"due"}), facts=frozenset({"O9"}))
    faults = [*check_choice(bare_document(says("Carry naloxone.")), page)]

    assert [fault.message.split()[1] for fault in faults] == ["required", "calendar", "“naloxone”"]


# Words


def test_a_word_that_must_not_be_printed_is_told_at_its_text() -> None:
    (fault,) = check_words(bare_document(says("It cures you.")))

    assert fault.message.startswith("found “cures”: ") and fault.place == HERE and fault.hint and fault.is_error


def test_the_drugs_in_each_others_place_are_told() -> None:
    assert [fault.place for fault in check_words(bare_document(says("Use a naltrexone spray.")))] == [HERE]


@pytest.mark.parametrize("typed", [Value("name", "Cures"), WriteIn("what cures")])
def test_what_was_typed_is_not_judged(typed: Value | WriteIn) -> None:
    assert not [*check_words(bare_document(Paragraph((Content("a", (Text("For "), typed)),))))]


def test_words_are_read_through_bold_and_across_a_break() -> None:
    parts = (Text("It "), Strong((Text("cu"),)), Text("res you"), Break(), Text("today."))

    assert [f.message[:14] for f in check_words(bare_document(Paragraph((Content("a", parts),))))] == ["found “cures”:"]
    broken = Content("a", (Text("It cu"), Break(), Text("res you.")))
    assert not [*check_words(bare_document(Paragraph((broken,))))]


def test_each_side_is_judged_in_its_own_language() -> None:
    both = Paragraph(
        (Side("en", (Content("a", (Text("It cures you."),)),)), Side("xx", (Content("a", (Text("It cures you."),)),)))
    )

    assert len([*check_words(bare_document(both))]) == 1


# Naloxone


@pytest.mark.parametrize("name", ["naloxone", "Naloxona", "NARCAN", "налоксон", "Нарканом", "nalokson"])
def test_naloxone_in_a_text_without_a_fact_about_it_is_told(name: str) -> None:
    (fault,) = check_naloxone(bare_document(says(f"Your {name} wears off.")), chosen())

    assert fault.message == f"found “{name}” in a text that has no fact about it" and fault.place == HERE
    assert "is naltrexone meant?" in fault.hint


@pytest.mark.parametrize(("fact", "faults"), [("O6", 0), ("L1", 0), ("C8", 0), ("O1", 1)])
def test_naloxone_may_be_named_where_a_fact_is_about_it(fact: str, faults: int) -> None:
    carrier = Chosen(id="b", kind="text", texts=(TextRef(text="carry"),), facts=(fact,))
    filled = {"carry": Content("carry", (Text("Carry naloxone."),))}
    document = bare_document(says("Carry naloxone.", name="carry"))

    assert len([*check_naloxone(document, chosen(carrier, filled=filled))]) == faults


@pytest.mark.parametrize(
    ("title", "facts", "faults"),
    [
        ("How to use naloxone (Narcan)", {"O6"}, 0),
        ("How to use naloxone (Narcan)", {"O1"}, 1),
        ("How to use naloxone", {"O6"}, 1),
    ],
)
def test_a_title_may_name_naloxone_with_its_brand_where_a_fact_is_about_it(
    title: str, facts: set[str], faults: int
) -> None:
    page = chosen(facts=frozenset(facts))
    words = Content("title", (Text(title),))
    page = replace(page, filled={page.handout.structure.title.text: words})
    other = says("Use naloxone.", name="other")

    assert len([*check_naloxone(bare_document(Paragraph((words,)), other), page)]) == faults + 1


def test_naloxone_typed_as_a_value_is_not_ours_to_judge() -> None:
    typed = Paragraph((Content("a", (Text("For "), Value("name", "Narcan"))),))

    assert not [*check_naloxone(bare_document(typed, says("Take naltrexone.")), chosen())]


# Cards


def card(*panels: Block, place: Place = HERE) -> Section:
    front = (Section(panels or (says("Call us."),)), *(Section((says("Call us."),)) for _ in range(3)))
    return Section(front, "cut-out", place=place)


def told(*body: Block) -> list[tuple[str, Place]]:
    return [(problem.message, problem.place) for problem in check_cards(bare_document(*body))]


def test_a_card_that_is_right_has_no_fault() -> None:
    assert told(card(Paragraph((Value("clinic_phone", "555"), Value("helplines/emergency", "911"))))) == []


def test_a_card_has_four_panels() -> None:
    whole = card()
    short = replace(whole, children=whole.children[:3])
    (fault,) = check_cards(bare_document(short))

    assert (fault.message, fault.place) == ("found a card of 3 panels, expected 4", HERE)
    assert fault.hint == "front, back, and left and right inside"
    assert told(replace(whole, children=(*whole.children[:3], says("Call us.")))) == [(fault.message, HERE)]


def test_a_card_does_not_stand_in_another_block() -> None:
    assert told(Section((card(),), "notice")) == [("a card to cut out must not stand in another block", HERE)]


def test_a_card_names_no_illness() -> None:
    elsewhere = Place(HERE.file, 44)

    assert told(card(says("For alcohol and cravings.", place=elsewhere))) == [
        ("found “alcohol” on a card that other people see", elsewhere),
        ("found “cravings” on a card that other people see", elsewhere),
    ]
    assert told(says("For alcohol.")) == []
    assert told(card(Paragraph((Text("alcohol"),), place=HERE))) == [
        ("found “alcohol” on a card that other people see", HERE)
    ]


@pytest.mark.parametrize(
    ("value", "is_refused"),
    [
        (Value("name", "Ana"), True),
        (Value("clinic_name", "Clinic"), True),
        (Value("clinic_phone", "555"), False),
        (Value("tablet_brand", "Recovery program"), True),
    ],
)
def test_a_card_holds_no_name_and_no_value_that_tells(value: Value, is_refused: bool) -> None:
    block = Paragraph((Content("a", (Text("Call "), Strong((value,))), HERE),))
    expected = [(f"`{value.field}` must not stand on a card that other people see", HERE)] if is_refused else []

    assert told(card(block)) == expected and value.text not in str(expected)
    assert told(block) == []


# Reading level


def test_a_sentence_that_is_too_long_is_told_where_it_stands() -> None:
    there = Place(HERE.file, 50)
    long = " ".join(
        ["Rest and drink."] * 8
        + ["You can go to bed and sleep as long as you like to sleep if you feel that you are tired out today."]
    )
    faults = [
        f
        for f in check_reading(bare_document(says("Rest.", place=there), says(long, name="b")), frozenset())
        if "sentence" in f.message
    ]

    (fault,) = faults
    first = [
        f for f in check_reading(bare_document(says("so " * 24 + "on. Rest.")), frozenset()) if "sentence" in f.message
    ]
    assert [f.message for f in first if "long" in f.message] == ["the sentence is too long: “" + "so " * 24 + "on.”"]
    assert fault.place == HERE and fault.message.startswith("the sentence is too long: “You can go to bed and sleep as")
    assert fault.message.endswith("…”") and len(fault.message) == len("the sentence is too long: “”") + 88


@pytest.mark.parametrize(("length", "quoted"), [(90, 90), (91, 88)])
def test_a_long_sentence_is_quoted_up_to_a_limit(length: int, quoted: int) -> None:
    sentence = "go " * 28
    sentence += "a" * (length - len(sentence) - 1) + "."
    told = [f.message for f in check_reading(bare_document(says(sentence)), frozenset()) if "“" in f.message]

    assert len(sentence) == length and [len(message.split("“")[1].rstrip("”")) for message in told] == [quoted]


def test_a_page_that_is_too_hard_is_told_once_for_each_figure() -> None:
    hard = "Pharmacological antagonism necessitates continuous individualized medication reconciliation."
    faults = [*check_reading(bare_document(*(says(hard, name=f"t{n}") for n in range(6)), place=HERE), frozenset())]

    assert faults and {fault.place for fault in faults} == {HERE}
    assert all(f.message.startswith("the page is too hard: ") and f.hint == "see check --reading" for f in faults)


def test_words_that_the_page_teaches_are_not_counted() -> None:
    text = "Take naltrexone. " * 12
    figures = [read_measure(bare_document(says(text)), taught) for taught in (frozenset(), frozenset({"naltrexone"}))]

    assert figures[0] != figures[1]


def test_the_sentences_of_a_page_are_those_of_its_texts() -> None:
    document: Document = bare_document(
        says("Rest. Drink water.", place=HERE),
        Paragraph((Content("d", (Text("DRAFT."),)),), "draft"),
        Paragraph((Text("Of the template."),)),
        List((ListItem((Content("i", (Text("One item"),), HERE),)), ListItem((Content("j", (Text("And one"),), HERE),)))),
        Section((Paragraph((Content("k", (Text("Call "), Value("clinic_phone", "555"), Text("."))),), "main"),)),
        banner=(says("Banner."),),
    )  # fmt: skip

    assert page_sentences(document)[:4] == [(s, HERE) for s in ("Rest.", "Drink water.", "One item", "And one")]
    assert [sentence for sentence, _ in page_sentences(document)[4:]] == ["Call …."]
