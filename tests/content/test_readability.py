"""Reading level: formulas against sums done by hand, syllables against dictionaries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.content import readability as reading
from press.content.readability import gate_faults, measure, sentences, spans, syllables, words
from tests.support import for_each

TAUGHT = frozenset(
    "naltrexone naloxone opioid overdose medicine alcohol buprenorphine methadone fentanyl"
    " withdrawal counseling medication hepatitis disorder".split()
)

ENGLISH = {
    1: "a aches all are beat block blocked blocks breathe bruise call called care chest"
    " clothes cough cramps dose drugs eat eyes faint feel friend friends goes guide health"
    " help high hives joints keep kill laws lips lived makes pain pills place rash rule"
    " shot shot's shout side signs skin sleep sores stools stopped take tell text they're"
    " through throat tongue use used we'll weeks wheeze whole won't worse wound year"
    " you're",
    2: "able acne anxious away baby before being belly better bleeding blisters bloating"
    " body belong breathing bruises buttock careful carry changes chewing children choking"
    " clinic codeine confused cravings danger dentist detox didn't dizzy doctor doses"
    " doing effects even every faces fainting fatigue gurgling handled happen haven't"
    " headache headaches hopeless hungry isn't itching kidney knuckles label liver lumpy"
    " maybe minutes morphine muscle muscles Narcan needed nervous never nurse's nurses"
    " dose's people person pregnant pupils quiet rashes rescue safely science sleepy"
    " snoring something sometimes stomach support swelling tablet today treatment trouble"
    " urine using vomit Wednesday wheezing Dr",
    3: "alcohol allergy anyone appetite area areas bracelet bracelet's counseling dangerous"
    " depression disorder dizziness easier employer everyone family fentanyl FDA heroin"
    " hospital hydrated idea injection itchiness medicine medicine's medicines methadone"
    " naloxone naltrexone naltrexone's nausea opioid opioids overdose pharmacist"
    " prescription reaction reactions remember serious sleepiness suicide surgery"
    " tolerance tramadol uneasy usual violent vomiting Vivitrol withdrawal",
    4: "anxiety available buprenorphine diabetes diarrhea emergency hepatitis hydrocodone"
    " immediate January medication opioid-free overdoses oxycodone recovery situation"
    " suicidal usually",
    5: "alcoholism immediately",
}  # fmt: skip

SPANISH = {
    1: "piel tos muy hoy ley dio bien sed y quién",
    2: "dolor día país dosis ojos labios guía sangre agua sueño riñón uñas herpes oír reír"
    " después ciudad cuidar muela heces ganas Narcan cuerpo siente rabia",
    3: "alcohol ahora ahogar bloquea bloqueo cuídese diarrea equipo hígado inyección línea"
    " náuseas opioide opioides pastilla prohibido ronquido tableta vómitos había mareos"
    " pingüino ampolla receta herida",
    4: "naltrexona naloxona heroína fentanilo metadona sobredosis medicina respiración"
    " abstinencia enfermera averigüe estreñido amarillos aerosol emergencias amamantar"
    " consumiendo mareados",
    5: "buprenorfina consejería embarazada samaritano desintoxica medicamento",
    6: "articulaciones desintoxicación",
    7: "antiinflamatorio",
}  # fmt: skip


def _cases(table: dict[int, str]) -> list[tuple[str, int]]:
    return [(word, count) for count, line in table.items() for word in line.split()]


@for_each(_cases(ENGLISH))
def test_english_syllables_are_those_of_the_dictionary(word: str, count: int) -> None:
    assert syllables(word) == count


@for_each(_cases(SPANISH))
def test_spanish_syllables_follow_the_academy(word: str, count: int) -> None:
    assert syllables(word, "es-US") == count


@pytest.mark.parametrize(("word", "count"), [("FDA", 4), ("TTY", 3), ("mg", 4), ("Dra", 3), ("y", 1), ("SE", 1)])
def test_spanish_initials_and_short_forms(word: str, count: int) -> None:
    assert syllables(word, "es") == count


def test_enough_words_are_known() -> None:
    assert len(_cases(ENGLISH)) >= 120
    assert len(_cases(SPANISH)) >= 60


def test_a_language_without_a_rule_has_no_syllables() -> None:
    with pytest.raises(KeyError):
        syllables("thuốc", "vi")


# The drug names decide the scores, so they are told apart from the long lists.
@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("NALTREXONE", 3), ("Naloxone", 3), ("ER", 2), ("TTY", 3), ("CPR", 3), ("VW", 4),
        ("WARNING", 2), ("MY", 1), ("a.m", 2), ("mg", 3), ("o'clock", 2), ("can’t", 1),
        ("doesn’t", 2), ("café", 2), ("hmm", 1),
    ],
)  # fmt: skip
def test_capitals_and_marks(word: str, count: int) -> None:
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Shout. Rub the chest! Awake?", ("Shout.", "Rub the chest!", "Awake?")),
        ("Ask Dr. Lopez. Then wait.", ("Ask Dr. Lopez.", "Then wait.")),
        ("Ask Dr. J. Lopez or Ana J. Lopez. Go.", ("Ask Dr. J. Lopez or Ana J. Lopez.", "Go.")),
        ("Call 1-800-662-4357. It is free.", ("Call 1-800-662-4357.", "It is free.")),
        ("Come at 8 a.m. on Monday. Eat first.", ("Come at 8 a.m. on Monday.", "Eat first.")),
        ("Come by 8 a.m. Eat first.", ("Come by 8 a.m.", "Eat first.")),
        ("Take 0.5 of it. Or 1.5.", ("Take 0.5 of it.", "Or 1.5.")),
        ("1. Shout. 2. Call 911.", ("1. Shout.", "2. Call 911.")),
        ("Do you have hepatitis C. Tell us.", ("Do you have hepatitis C.", "Tell us.")),
        ("Hepatitis C. Tell us.", ("Hepatitis C.", "Tell us.")),
        ("You and I. Then we.", ("You and I.", "Then we.")),
        ("They say no. Then ask.", ("They say no.", "Then ask.")),
        ("See No. 5 here. Go.", ("See No. 5 here.", "Go.")),
        ("**Stop.** Do not wait.", ("**Stop.**", "Do not wait.")),
        ('Say "I am ill." Then sit.', ('Say "I am ill."', "Then sit.")),
        ("Wait... then go. Now!", ("Wait... then go.", "Now!")),
        ("Heading\n\nA line\nthat goes on.", ("Heading", "A line\nthat goes on.")),
        ("¿Le duele? ¡Llame! Vaya.", ("¿Le duele?", "¡Llame!", "Vaya.")),
        ("Vea a la Dra. Paz a las 8 a. m. el lunes. Coma.",
         ("Vea a la Dra. Paz a las 8 a. m. el lunes.", "Coma.")),
        ("no end", ("no end",)),
        ("", ()),
        (" \n ", ()),
    ],
)  # fmt: skip
def test_sentences(text: str, expected: tuple[str, ...]) -> None:
    assert sentences(text) == expected


@given(st.text(alphabet="aB1 .!?\n\"'(*Dr"))
def test_no_letter_is_lost_between_sentences(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans(text))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Call 911 right away.", ("Call", "right", "away")),
        ("Call 1-800-662-HELP (4357).", ("Call",)),
        ("Call 1-800-FDA-1088, or (413) 772-0123 by day.", ("Call", "or", "by", "day")),
        ("Wait 7-14 days.", ("Wait", "days")),
        ("a 7-day plan on 12/21/2026", ("a", "day", "plan", "on")),
        ("**opioid-free** — don’t stop", ("opioid-free", "don’t", "stop")),
        ("tablet(s) at www.clinic.org or a@clinic.org", ("tablet", "at", "or")),
        ("nal\u00adoxone", ("naloxone",)),
        ("50mg, 4th", ()),
        ("opia\u0301ceo", ("opiáceo",)),
    ],
)
def test_words_leave_numbers_out(sentence: str, expected: tuple[str, ...]) -> None:
    assert words(sentence) == expected


@given(st.text(), st.sampled_from(["en", "es"]))
def test_every_word_of_any_text_has_a_syllable(text: str, language: str) -> None:
    assert all(syllables(word, language) >= 1 for word in words(text))


def test_flesch_kincaid_on_published_counts() -> None:
    # One word of one syllable: 0.39 x 1 + 11.8 x 1 - 15.59 = -3.40, the lowest grade there is.
    assert reading.fkgl(1, 1, 1) == pytest.approx(-3.40)
    # "Green Eggs and Ham", 5.7 words a sentence and 1.02 syllables a word:
    # 2.223 + 12.036 - 15.59 = -1.331, published as -1.3.
    assert reading.fkgl(5700, 1000, 5814) == pytest.approx(-1.331)
    # The platypus sentence, 13 words and 24 syllables: 5.07 + 21.785 - 15.59 = 11.265.
    assert reading.fkgl(13, 1, 24) == pytest.approx(11.265, abs=0.001)


def test_smog_on_squares() -> None:
    # 30 sentences, 16 long words: 1.0430 x 4 + 3.1291 = 7.3011; the short rule 3 + 4 says 7.
    assert reading.smog(16, 30) == pytest.approx(7.3011)
    # 10 sentences, 12 long words: sqrt(36) = 6, 6.258 + 3.1291 = 9.3871.
    assert reading.smog(12, 10) == pytest.approx(9.3871)
    assert reading.smog(0, 5) == pytest.approx(3.1291)


def test_inflesz_by_hand() -> None:
    # 100 words, 10 sentences, 200 syllables: 206.835 - 124.6 - 10 = 72.235 ("fairly easy").
    assert reading.inflesz(100, 10, 200) == pytest.approx(72.235)


def test_measure_of_an_english_page() -> None:
    # Tell us now. (3 words, 3 syllables)  Naloxone is not naltrexone. (4 words, 3+1+1+3 = 8)
    # Medicine can help opioid-free families. (5 words, 3+1+1+4+3 = 12)  911. (nothing)
    page = ["Tell us now.", "Naloxone is not naltrexone.", "Medicine can help opioid-free families."]

    found = measure([*page, "911."], "en", {"Naloxone", "naltrexone", "opioid"})

    assert (found.words, found.sentences, found.syllables, found.polysyllables) == (12, 3, 23, 5)
    assert (found.mean, found.longest) == (4.0, 5)
    # 0.39 x 4 + 11.8 x 23/12 - 15.59 = 1.56 + 22.616667 - 15.59 = 8.586667
    assert found.fkgl == pytest.approx(8.586667, abs=1e-6)
    # sqrt(5 x 30 / 3) = 7.071068; x 1.0430 + 3.1291 = 10.504224
    assert found.smog == pytest.approx(10.504224, abs=1e-6)
    # Left are medicine and families: sqrt(2 x 30 / 3) = 4.472136; 7.793538
    assert found.smog_exempt == pytest.approx(7.793538, abs=1e-6)
    assert found.inflesz is None


def test_measure_of_a_spanish_page() -> None:
    # Lla-me al nue-ve ya. (4 words, 6)  Ten-ga na-lo-xo-na. (2 words, 6)
    found = measure(["Llame al nueve ya.", "Tenga naloxona."], "es-US")

    assert (found.words, found.sentences, found.syllables) == (6, 2, 12)
    # 206.835 - 62.3 x 12/6 - 6/2 = 206.835 - 124.6 - 3 = 79.235
    assert found.inflesz == pytest.approx(79.235)
    assert found.fkgl is found.smog is found.smog_exempt is None


@pytest.mark.parametrize("language", ["vi", "fr-CA"])
def test_other_languages_have_no_scores_and_no_gates(language: str) -> None:
    found = measure(["mot " * 30], language)

    assert (found.words, found.longest) == (30, 30)
    assert found.fkgl is found.smog is found.inflesz is found.syllables is None
    assert gate_faults(["mot " * 30], language) == ()


@pytest.mark.parametrize("page", [[], ["911"], ["", "..."]])
def test_a_page_without_words_has_no_scores(page: list[str]) -> None:
    assert measure(page, "en") == reading.Measure(0, 0, *[None] * 6, 0.0, 0)
    assert gate_faults(page, "en") == gate_faults(page, "es") == ()


@pytest.mark.parametrize(
    ("word", "hard"),
    [("opioids", False), ("OPIOID’S", False), ("opioid-free", False), ("medicine", True),
     ("opioid-related", True)],
)  # fmt: skip
def test_taught_terms(word: str, hard: bool) -> None:
    found = measure([word], "en", {"opioid"})

    assert found.polysyllables == 1
    assert (found.smog_exempt == found.smog) is hard


def test_a_plain_page_passes() -> None:
    assert gate_faults(["Call us if you feel sick.", "We will help you."], "en") == ()
    assert gate_faults(["Llame si se siente mal.", "Pida ayuda ya."], "es") == ()


def test_a_hard_page_misses_every_gate() -> None:
    page = [" ".join(["Contraindicated medication administration"] * 7)]

    faults = gate_faults(page, "en")

    assert [fault.gate for fault in faults] == ["fkgl", "smog", "smog_exempt", "mean", "longest"]
    assert [fault.sentence for fault in faults] == [None, None, None, None, 0]
    assert "expected at most 20" in faults[-1].message


def test_a_hard_spanish_page() -> None:
    faults = gate_faults(["Ya.", " ".join(["desintoxicación"] * 21)], "es")

    assert [(fault.gate, fault.sentence) for fault in faults] == [("inflesz", None), ("longest", 1)]
    assert "expected at least 65" in faults[0].message


@pytest.mark.parametrize(("count", "faults"), [(20, 0), (21, 1)])
def test_the_longest_sentence_may_have_twenty_words(count: int, faults: int) -> None:
    page = ["Go."] * 20 + ["no " * count + "911 22 33."]

    found = [fault for fault in gate_faults(page, "en") if fault.gate == "longest"]

    assert [fault.sentence for fault in found] == [20] * faults


def test_a_score_on_the_gate_passes() -> None:
    # 12 words in each sentence is allowed: the mean may be 12, not more.
    assert [f.gate for f in gate_faults(["so " * 12], "en")] == []
    assert [f.gate for f in gate_faults(["so " * 12, "so " * 13], "en")] == ["mean"]


def test_limits_are_those_of_the_clinical_basis() -> None:
    limits = {gate: limit for gate, (_, limit) in reading.GATES.items()}

    assert limits == {
        "fkgl": 6.0, "smog": 9.0, "smog_exempt": 6.5, "inflesz": 65.0, "mean": 12, "longest": 20,
    }  # fmt: skip


# Sentences of our own in the manner of the draft statements of the clinical basis.
DRAFT = """
The shot keeps opioids from working. It does the same to heroin and pain pills.
It may help with cravings. That is not so for all people. Talk to us if it does not help.
Methadone and buprenorphine are other ways to treat opioid use disorder.
You may feel sick after the first shot. This gets better with time. You may get diarrhea.
Do not start too soon. Sudden withdrawal can put you in the hospital.
Tell us each opioid you took this month. Some cough medicine has opioids in it.
Let us know about any liver trouble. Your body is no longer used to opioids.
The dose you took in the past can kill you. No day is safe for it.
Carry naloxone. Your family should know how to use it. The two names sound the same.
Naloxone is for an overdose. Naltrexone is not. Call 911 if someone will not wake up.
Look for slow breathing. Look for blue lips. Lay the person on one side. Stay close.
An overdose can come back. Alcohol adds to the danger. So do sleeping pills.
Let each pharmacist and doctor know about your naltrexone. There is more than one way to treat pain.
Read the Medication Guide too. Keep tablets away from children. Do not double up.
Call if you miss a shot. Tell us if you plan to have a baby.
Use it along with counseling. We do not know who it will work for.
"""


def test_plain_drafts_land_near_the_table_of_4_8() -> None:
    """The whole set scores 2.7, 7.4 and 5.4 there, with its lists split."""
    page = sentences(DRAFT)

    found = measure(page, "en", TAUGHT)

    assert found.sentences > 30
    assert found.fkgl == pytest.approx(2.7, abs=0.7)
    assert found.smog == pytest.approx(7.4, abs=0.7)
    assert found.smog_exempt == pytest.approx(5.4, abs=0.7)
    assert gate_faults(page, "en", TAUGHT) == ()
