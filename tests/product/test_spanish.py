"""Spanish, complete: every page of every reader holds, in words that a patient can read."""

from __future__ import annotations

import re
from datetime import date, time
from functools import cache
from io import BytesIO
from itertools import product

import pikepdf
import pytest

from press.compose.check import check_naloxone, check_words, read_measure
from press.content.approvals import State, status
from press.content.fields import PAPERS, Appointment
from press.content.localize import date_in_words, month_in_words, time_in_words
from press.content.readability import GATES
from press.content.terms import faults, swap_faults
from press.document.nodes import Document, Paragraph, Text, inlines
from press.errors import Severity
from press.patients.options import Options
from press.runs.handout import Made, Wish, complete, make, print_one
from press.writers.html import write_html
from press.writers.pdf.model import TextItem
from tests.helpers import press as clinic
from tests.helpers import print_case
from tests.rigs.read_back import Reading
from tests.support import (
    FORM_MODES,
    READERS,
    TODAY,
    TOPICS,
    for_each,
    made,
    mode_options,
    press,
    tailored,
    text_of,
    told,
    with_text,
)

# What stays English in every language is not looked at here.
SPANISH = [
    (topic, text)
    for topic in TOPICS
    for text in press().handout(topic, "es").texts.values()
    if text.place.file.endswith("es.yaml")
]
PAGES = [(topic, *reader) for topic, reader in product(TOPICS, READERS)]


@cache
def page(topic: str, form: str, reason: str, mode: str) -> Made:
    return made(topic, language="es", form=form, reason=reason, **mode_options(form, mode))


@cache
def words(topic: str, form: str, reason: str, mode: str) -> str:
    return text_of(page(topic, form, reason, mode))


def test_there_is_spanish_to_test() -> None:
    assert len(SPANISH) > 180
    assert len(PAGES) >= 72


# Dates and times, for readers in the United States


def test_dates_are_written_as_in_spanish() -> None:
    assert date_in_words(date(2026, 12, 21), "es") == "lunes, 21 de diciembre de 2026"
    assert month_in_words(date(2026, 12, 21), "es") == "diciembre de 2026"
    assert time_in_words(time(14, 30), "es") == "2:30\u00a0p.m."
    assert time_in_words(time(0, 5), "es") == "12:05\u00a0a.m."


def test_a_patients_page_has_its_dates_in_spanish() -> None:
    visit = Appointment(date(2026, 12, 18), time(14, 30))
    text = text_of(made(language="es", last_dose=TODAY, interval="4 weeks", appointment=visit))

    assert "Le toca la próxima inyección el lunes, 21 de diciembre de 2026" in text
    assert "Su cita: viernes, 18 de diciembre de 2026, 2:30 p.m." in text
    assert not re.search(r"Monday|Friday|December|PM", text)


# Never final without a qualified reviewer


@pytest.mark.parametrize("topic", TOPICS)
def test_a_translation_without_a_reviewer_is_a_draft_in_both_languages(topic: str) -> None:
    text = text_of(page(topic, "injection", "opioid", "none"))

    assert status(press().handout(topic, "es"), (), TODAY, bool).state is State.UNREVIEWED
    assert "BORRADOR. Sin aprobar." in text
    assert "DRAFT. Not signed off." in text
    with told() as problems:
        make(press(), topic, page(topic, "injection", "opioid", "none").tailored.options, TODAY, Wish.FINAL)
    assert "reviewer" in problems[0].hint


@pytest.mark.parametrize("topic", [*TOPICS, "phrases"])
def test_nobody_is_named_who_did_not_review(topic: str) -> None:
    found = press().library.words(topic, "es")

    assert (found.review.translator, found.review.reviewer, found.review.reviewed_on) == ("", "", None)
    assert found.follows == press().library.words(topic, "en").follows


# Reading level


@for_each(PAGES, by_first=True)
def test_every_page_is_easy_to_read(topic: str, form: str, reason: str, mode: str) -> None:
    found = page(topic, form, reason, mode)
    measured = read_measure(found.document, found.tailored.handout.taught)

    assert measured.inflesz is not None and measured.inflesz >= 70
    assert measured.longest <= GATES["longest"][1]
    assert measured.fkgl is None and measured.smog is None


# Words and terms: clinical basis 6.1


@for_each(SPANISH)
def test_no_text_holds_a_trap(topic: str, text: object) -> None:
    plain = "".join(node.text for node in inlines(text.children) if isinstance(node, Text))
    found = [fault for fault in (*faults(plain, "es"), *swap_faults(plain, "es")) if fault.severity is Severity.ERROR]

    assert not found


WHOLE = "\n".join("".join(n.text for n in inlines(text.children) if isinstance(n, Text)) for _, text in SPANISH)


@pytest.mark.parametrize(
    "trap",
    [
        r"\bonce\b", r"constipad", r"(?<!síntomas de )abstinencia", r"\btú\b|\btus?\b|\bte\b", r"opiáce|narcótic", r"adict[oa]",
        r"antojo", r"comprimido", r"proveedor", r"vacuna|disparo", r"tolerancia", r"urgencias", r"recaída", r"cada otro",
        r"\bmg\.|\d,\d", r"[A-ZÁÉÍÓÚ][a-z]+ de (?:Enero|Diciembre)",
    ],
)  # fmt: skip
def test_the_whole_shelf_is_free_of_a_trap(trap: str) -> None:
    assert not re.search(trap, WHOLE)


@pytest.mark.parametrize(
    "term",
    [
        "naltrexona", "naloxona", "opioides", "heroína", "fentanilo", "metadona", "buprenorfina", "desintoxicación",
        "trastorno por consumo de opioides", "trastorno por consumo de alcohol", "ganas muy fuertes de", "sobredosis",
        "síntomas de abstinencia", "acostumbrado", "vencer el bloqueo", "aerosol nasal", "sin receta", "Le toca", "sarpullido",
        "ronchas", "costra oscura", "ampolla", "bulto", "hinchazón", "calambres", "dolor de muelas", "resfriado", "hígado",
        "heces", "orina oscura", "análisis de sangre", "sala de emergencias", "equipo médico", "consejería", "pulsera",
        "Guía del medicamento", "embarazada", "da pecho", "no se puede despertar", "gorgoteo", "pupilas", "piel de gallina",
    ],
)  # fmt: skip
def test_the_terms_are_those_of_the_table(term: str) -> None:
    assert term in WHOLE


@for_each(SPANISH)
def test_marks_open_and_close(topic: str, text: object) -> None:
    plain = "".join(node.text for node in inlines(text.children) if isinstance(node, Text))

    assert plain.count("¿") == plain.count("?")
    assert plain.count("¡") == plain.count("!")
    assert plain.count("“") == plain.count("”")
    assert '"' not in plain


def swapped(text: str) -> str:
    """The two drugs in each other's place."""
    names = {"naloxona": "naltrexona", "naltrexona": "naloxona"}
    return re.sub("naloxona|naltrexona", lambda match: names[match.group()], text)


NAMED = [
    (topic, text.id.partition("/")[2])
    for topic, text in SPANISH
    if re.search("naloxona|naltrexona", str(text.children))
]


@pytest.mark.parametrize(("topic", "name"), NAMED)
def test_one_drug_in_the_place_of_the_other_is_refused(topic: str, name: str) -> None:
    handout = with_text(press().handout(topic, "es"), name, swapped)
    document = Document("x", "es", (), (Paragraph((handout.texts[name],)),), ())
    found = [*check_words(document), *check_naloxone(document, tailored(handout))]

    assert len(NAMED) > 30
    assert any(problem.is_error for problem in found)


# Whom a page is for

OTHER_FORM = {"injection": r"\btabletas?\b", "tablet": r"\binyecci(?!ón de buprenorfina)|\binyect|\bnalga"}


@for_each(page for page in PAGES if page[0] != "benefits")
def test_a_page_for_one_form_has_no_word_of_the_other(topic: str, form: str, reason: str, mode: str) -> None:
    assert not re.search(OTHER_FORM[form], words(topic, form, reason, mode), re.IGNORECASE)


IMPLIES_OPIOIDS = re.compile(
    r"trastorno por consumo de opioides|su consumo|(?<!si )\b(?:usted )?consum(?:e|ió|ía) (?:opioides|drogas|heroína)"
    r"|ganas muy fuertes de[^.]* opioides|a no consumir opioides|volver a consumir|la metadona y la buprenorfina",
    re.IGNORECASE,
)


@for_each((topic, *one) for topic, one in product(TOPICS, FORM_MODES))
def test_a_page_for_alcohol_alone_never_says_that_its_reader_uses_opioids(topic: str, form: str, mode: str) -> None:
    assert not IMPLIES_OPIOIDS.search(words(topic, form, "alcohol", mode))
    assert topic != "benefits" or IMPLIES_OPIOIDS.search(words(topic, form, "opioid", mode))


@for_each(PAGES, by_first=True)
def test_no_page_is_without_the_overdose_line(topic: str, form: str, reason: str, mode: str) -> None:
    text = words(topic, form, reason, mode)

    assert re.search(r"Una sobredosis puede causarle la muerte\.|[Pp]uede causarle la muerte\.", text)
    assert ("no deben mezclarse" in text.split("Forma 1")[0]) == (reason == "alcohol")


def test_the_crisis_line_says_how_to_get_spanish() -> None:
    assert "988 (español: oprima 2)" in words("overdose-warning", "injection", "opioid", "none")


def test_the_pdf_says_that_it_is_spanish() -> None:
    case = print_case("", "side-effects", Options(language="es", form="tablet", reason="both"))
    with pikepdf.open(BytesIO(case.printed.data)) as pdf:
        assert str(pdf.Root.Lang) == "es"
        assert str(pdf.docinfo.Title) == "Efectos secundarios: cuándo llamar"


# Length: one side for the overdose warning, two for the others


def full(mode: str, form: str) -> dict[str, object]:
    """Everything that staff can type, with a long name."""
    visit = (
        {"appointment": Appointment(date(2026, 12, 16), time(10, 30)), "started": date(2026, 9, 23)}
        if mode == "normal"
        else {}
    )
    return {
        **mode_options(form, mode),
        **visit,
        "name": "Ana Lucía Muñoz-Strömberg",
        "prescriber": "Dr. Maximiliana Example",
    }


def assert_holds(topic: str, form: str, reason: str, mode: str, paper: str) -> None:
    options = Options(language="es", form=form, reason=reason, paper=paper, **full(mode, form))
    case = print_case("", topic, options)

    assert case.document.sides == (1 if topic == "overdose-warning" else 2)
    assert len(case.layout.pages) <= case.document.sides + bool(case.document.spill)  # what may spill, and nothing else


PAPER = [(*page, paper) for page, paper in product(PAGES, PAPERS)]
SWEPT = [page for page in PAPER if page[-1] != "letter" and page[2] != "both"]


@for_each([page for page in PAPER if page not in SWEPT], by_first=True)
def test_every_page_holds_on_its_sides(*page: str) -> None:
    """With the longest name that is likely; test_pdf_text has every page without one, signed too."""
    assert_holds(*page)


@pytest.mark.sweep
@for_each(SWEPT, by_first=True)
def test_every_page_on_the_paper_of_elsewhere_holds_on_its_sides(*page: str) -> None:
    assert_holds(*page)


def test_the_month_with_everything_holds_too() -> None:
    """The fullest overdose page: an order by the month, a closed due day, a long name."""
    given = {**full("normal", "injection"), "last_dose": date(2026, 11, 12), "interval": "month"}
    options, _ = complete(clinic(), Options(language="es", form="injection", reason="alcohol", **given), TODAY)
    printed = print_one(clinic(), make(clinic(), "overdose-warning", options, TODAY), "pdf")

    shown = [
        {run.content for item in page.items if isinstance(item, TextItem) for run in item.line.runs}
        for page in printed.layout.pages
    ]
    assert len(shown) == 1 or {name for name in shown[1] if name.startswith("overdose")} == {
        "overdose-warning/other-drugs",
        "overdose-warning/law",
    }
    assert all(warning.severity is Severity.WARNING for warning in printed.warnings)


def test_the_english_words_of_the_draft_mark_are_english_for_a_voice() -> None:
    """In the PDF an element with /Lang, on the screen a lang attribute; the Spanish words have none of their own."""
    case = print_case("es", "overdose-warning", Options(language="es"))
    reading = Reading(case.printed.data)
    marks = [element for element in reading.elements() if element.S == "/P"][:2]
    assert [str(element.get("/Lang", "")) for element in marks] == ["", "en"]
    assert "DRAFT" in reading.spoken(marks[1]) and "BORRADOR" in reading.spoken(marks[0])
    page = write_html(case.document, press().sheet("standard", "letter")).data.decode("utf-8")
    assert '<span lang="en" dir="ltr">DRAFT' in page and page.count('lang="en"') == 1
