"""The comparison of languages: each kind of slip is planted in a copy of the Spanish and told there."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.cli import common
from press.content.handout import Handout, Lexicon
from press.content.translation import differences
from press.document.markup import parse_text
from press.document.nodes import Content
from press.errors import Problem, Severity
from press.runs import sweep
from press.runs.handout import Site
from press.runs.sweep import check_files
from tests.support import TOPICS, Shop, copied, press

TOPIC = "overdose-warning"
ENGLISH = press().handout(TOPIC, "en")
KNOWN = frozenset(("due", "clinic_phone", "emergency"))


def content(text: str, name: str = "main") -> Content:
    children, faults = parse_text(text, KNOWN)
    assert not faults
    return Content(f"{TOPIC}/{name}", children)


def worded(language: str, lexicon: Lexicon, text: str, **phrases: str) -> Handout:
    """A handout of one text, with the structure of a real one."""
    running = {name: content(words, name) for name, words in phrases.items()}
    return replace(ENGLISH, language=language, lexicon=lexicon, texts={"main": content(text)}, phrases=running)


def told(english: str, text: str, language: str = "es", lexicon: Lexicon | None = None) -> list[Problem]:
    """What is said about one text and its English."""
    known = lexicon or press().handout(TOPIC, language).lexicon
    return list(differences(worded("en", ENGLISH.lexicon, english), worded(language, known, text)))


def messages(english: str, text: str, language: str = "es", lexicon: Lexicon | None = None) -> list[str]:
    return [problem.message.partition(": ")[2] for problem in told(english, text, language, lexicon)]


@pytest.mark.parametrize("topic", TOPICS)
def test_the_spanish_says_what_the_english_says(topic: str) -> None:
    source, other = press().handout(topic, "en"), press().handout(topic, "es")

    assert len(source.texts) > 30 and source.texts.keys() == other.texts.keys()
    assert list(differences(source, other)) == []


SAME = [
    ("Call us: {clinic_phone}", "Llámenos: {clinic_phone}"),
    ("No change in 2 to 3 minutes?", "¿Sigue igual en 2 a 3 minutos?"),
    ("Do not take two at once.", "No tome 2 a la vez."),
    ("Wait 7 days.", "Espere siete días."),
    ("Take one.", "Tome 1."),
    ("Take 50 mg, or 0.5 mg.", "Tome 50 mg o 0.5 mg."),
    ("May 5, 2027 is a Wednesday.", "El miércoles es el 5 de mayo de 2027."),
    ("You may go. May I? March on.", "Puede ir. ¿Puedo? Siga."),
    ("Call 1-800-222-1222 or (212) 345-0142.", "Llame al 1-800-222-1222 o al 212-345-0142."),
    ("Naloxone is not naltrexone.", "La naloxona no es naltrexona."),
    ("Keep Narcan.", "Tenga Narcan."),
    ("**Stop.** Go {due}.", "**Pare.** Vaya el {due}."),
    ("Tell the FDA. Use a TTY.", "Avise a la FDA. Use un TTY."),
    ("{due}", "{due}"),
    ("Vivitrol", "Vivitrol"),
    ("911", "911"),
]


@pytest.mark.parametrize(("english", "spanish"), SAME)
def test_what_says_the_same_passes(english: str, spanish: str) -> None:
    assert told(english, spanish) == []


WRONG = [
    ("Call {clinic_phone}.", "Llame.", "placeholders: found none, expected {clinic_phone} as in English"),
    ("Due {due}.", "Toca {due}, {due}.", "placeholders: found {due}, {due}, expected {due} as in English"),
    ("In 2 to 3 minutes.", "En 2 a 5 minutos.", "numbers: found 2, 5, expected 2, 3 as in English"),
    ("In 30 to 90 minutes.", "En unos minutos.", "numbers: found none, expected 30, 90 as in English"),
    ("Wait a week.", "Espere 7 días.", "numbers: found 7, expected none as in English"),
    ("Wait 3 days.", "Espere siete días.", "numbers: found none, expected 3 as in English"),
    ("Call 911.", "Llame al 991.", "numbers: found 991, expected 911 as in English"),
    ("Take 50 mg.", "Tome 500 mg.", "doses: found 500 mg, expected 50 mg as in English"),
    ("Take 50 mg.", "Tome 50 mcg.", "doses: found 50 mcg, expected 50 mg as in English"),
    ("Take 0.5 mg.", "Tome 5 mg.", "doses: found 5 mg, expected 0.5 mg as in English"),
    ("Call 1-800-222-1222.", "Llame al 1-800-222-1212.",
     "phones: found 18002221212, expected 18002221222 as in English"),
    ("On May 5, 2027.", "El 5 de marzo de 2027.", "dates: found month 3, expected month 5 as in English"),
    ("On Monday.", "El martes.", "dates: found weekday 1, expected weekday 0 as in English"),
    ("Give naloxone.", "Dé naltrexona.", "names: found naltrexone, expected naloxone as in English"),
    ("Give naloxone.", "Dela.", "names: found none, expected naloxone as in English"),
    ("Give it.", "Dé naloxona.", "names: found naloxone, expected none as in English"),
    ("Keep Narcan.", "Tenga Vivitrol.", "names: found vivitrol, expected narcan as in English"),
    ("Naloxone is not naltrexone. Naltrexone blocks.", "La naloxona no es naltrexona. La naloxona bloquea.",
     "names: found naloxone, naloxone, naltrexone, expected naloxone, naltrexone, naltrexone as in English"),
    ("Give naloxone, not naltrexone.", "Dé naltrexona, no naloxona.",
     "names: found naltrexone, naloxone, in English naloxone, naltrexone"),
    ("**Stop** now.", "Pare ya.", "strong parts: found 0, expected 1 as in English"),
    ("Stop now.", "Stop now.", "left in en: Stop, now"),
    ("Go on.", "Go on.", "left in en: Go, on"),
    ("trouble breathing", "dificultad para respirar, trouble breathing", "left in en: trouble, breathing"),
]  # fmt: skip


@pytest.mark.parametrize(("english", "spanish", "message"), WRONG)
def test_a_slip_is_told_with_what_was_found_and_expected(english: str, spanish: str, message: str) -> None:
    assert messages(english, spanish) == [message]


def test_strong_words_and_the_order_of_names_only_warn() -> None:
    found = [told(*pair)[0] for pair in (("**Stop** now.", "Pare ya."), WRONG[18][:2], ("Call 911.", "Llame."))]

    assert [problem.severity for problem in found] == [Severity.WARNING, Severity.WARNING, Severity.ERROR]


def test_an_id_on_one_side_only_is_told() -> None:
    source = worded("en", ENGLISH.lexicon, "Go.", one="One", two="Two")
    other = worded("es", press().handout(TOPIC, "es").lexicon, "Vaya.", one="Uno", tow="Dos")

    assert [problem.message for problem in differences(source, other)] == [
        "text `two` is missing: the English has it", "text `tow` is not in the English",
    ]  # fmt: skip


# A third language brings a file of words and no code.

RUSSIAN = Lexicon(
    names={
        "naltrexone": ("налтрексон", "налтрексона", "налтрексоном"), "naloxone": ("налоксон", "налоксона"), "mg": ("мг",),
    },
    numbers=("один", "два", "три"),
)  # fmt: skip
JAPANESE = Lexicon(names={"naltrexone": ("ナルトレキソン",), "naloxone": ("ナロキソン",)})
VIETNAMESE = Lexicon(same=("an", "to"))


@pytest.mark.parametrize(
    ("language", "lexicon", "english", "text", "expected"),
    [
        ("ru", RUSSIAN, "Naltrexone, 50 mg.", "50 мг налтрексона.", []),
        ("ru", RUSSIAN, "Take 0.5 mg.", "Примите 0,5 мг.", []),
        ("ru", RUSSIAN, "Take 1,000 mg.", "Примите 1.000 мг.", []),
        ("ru", RUSSIAN, "Wait 2 days.", "Ждите два дня.", []),
        ("ru", RUSSIAN, "On Monday, May 4, 2026.", "В понедельник, 4 мая 2026 г.", []),
        ("ru", RUSSIAN, "Give naloxone.", "Дайте налтрексон.", ["names: found naltrexone, expected naloxone as in English"]),
        ("ru", RUSSIAN, "Keep Narcan. Tell the FDA.", "Держите Narcan. Сообщите FDA.", []),
        ("ru", RUSSIAN, "Wait here.", "Ждите hier.", ["left in en: hier"]),
        ("ja", JAPANESE, "Give naloxone 2 times.", "ナロキソンを２回。", []),
        ("ja", JAPANESE, "Give naloxone.", "ナルトレキソンを。", ["names: found naltrexone, expected naloxone as in English"]),
        ("ja", JAPANESE, "On December 21, 2026.", "2026年12月21日に。", []),
        ("ja", JAPANESE, "On December 21, 2026.", "2026年11月21日に。", ["dates: found month 11, expected month 12 as in English"]),
        ("vi", VIETNAMESE, "On Monday, December 21, 2026.", "Thứ Hai, 21 tháng 12, 2026.", []),
        ("vi", VIETNAMESE, "Call us today.", "Gọi us hôm nay today.", ["left in en: today"]),
        ("ht", Lexicon(), "Call us today.", "[Ĉȧŀŀ ŭš ŧōḓȧẏ]", []),
    ],
)  # fmt: skip
def test_any_language_is_compared(
    language: str, lexicon: Lexicon, english: str, text: str, expected: list[str]
) -> None:
    assert messages(english, text, language, lexicon) == expected


# In check, by file and line


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setattr(common, "ROOT", copied(tmp_path))
    return Shop(tmp_path)


def found(shop: Shop, *topics: str) -> list[Problem]:
    return list(check_files(Site(shop.root), topics or (TOPIC,)))


def line_of(shop: Shop, file: str, words: str) -> int:
    lines = (shop.root / file).read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_the_shipped_files_are_all_well(shop: Shop) -> None:
    assert found(shop, *TOPICS) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("handouts/overdose-warning/es.yaml", "30 a 90", "30 a 60", "numbers: found 30, 60"),
        ("handouts/overdose-warning/es.yaml", "Dé **naloxona**", "Dé **naltrexona**", "names: found naltrexone"),
        (
            "handouts/overdose-warning/es.yaml",
            '"pupilas muy pequeñas"',
            '"very small pupils"',
            "left in en: very, small, pupils",
        ),
        ("handouts/phrases/es.yaml", "Impreso el {today}", "Impreso hoy", "placeholders: found none"),
    ],
)
def test_check_names_the_line_of_the_translation(shop: Shop, file: str, old: str, new: str, message: str) -> None:
    shop.edit(file, old, new)

    (problem,) = found(shop)

    assert message in problem.message
    assert (problem.place.file, problem.place.line) == (file, line_of(shop, file, new))


def test_a_phrase_that_only_english_has_is_told(shop: Shop) -> None:
    shop.edit("handouts/phrases/es.yaml", '  page-of: "Página"\n', "")

    assert [problem.message for problem in found(shop)] == ["text `page-of` is missing: the English has it"]


def test_a_new_language_needs_no_code(shop: Shop) -> None:
    """A copy of the Spanish under another name: what is wrong with it is told in its own files."""
    for folder in ("phrases", TOPIC):
        file = shop.root / "handouts" / folder / "es.yaml"
        text = file.read_text("utf-8").replace("language: es", "language: pt")
        file.with_name("pt.yaml").write_text(text, "utf-8")
    assert found(shop) == []
    shop.edit(f"handouts/{TOPIC}/pt.yaml", "2 a 3 minutos", "2 a 9 minutos")

    (problem,) = found(shop)

    assert problem.place.file == f"handouts/{TOPIC}/pt.yaml"


def test_the_command_tells_it_and_fails(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one combination of the many, which take seconds."""
    every = sweep.combinations
    monkeypatch.setattr(sweep, "combinations", lambda press, today: islice(every(press, today), 1))
    shop.edit("handouts/benefits/es.yaml", "unas 4 semanas", "unas 5 semanas")

    result = shop.run("check", "benefits")

    assert result.exit_code == 1
    assert "es.yaml" in result.stderr and "numbers: found 5, expected 4 as in English" in result.stderr


@given(st.text(), st.text(), st.sampled_from(["es", "ru", "ja"]))
def test_any_two_texts_can_be_compared(english: str, text: str, language: str) -> None:
    for problem in told_freely(english, text, language):
        assert problem.message.startswith("text `main`: ")


def told_freely(english: str, text: str, language: str) -> list[Problem]:
    one, two = (Content("x/main", parse_text(words, KNOWN)[0]) for words in (english, text))
    source = replace(worded("en", ENGLISH.lexicon, "x"), texts={"main": one})
    return list(differences(source, replace(worded(language, RUSSIAN, "x"), texts={"main": two})))
