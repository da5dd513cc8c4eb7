"""The lint: every word of the list is caught, and the words that resemble one are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.content import terms as lint
from press.content.terms import faults, swap_faults
from press.errors import Severity
from tests.support import for_each


def _found(text: str, language: str = "en", page: str = "") -> list[tuple[str, str]]:
    return [(fault.kind, fault.found) for fault in faults(text, language, page)]


def _errors(text: str, language: str = "en") -> list[str]:
    every = faults(text, language) + swap_faults(text, language)
    return [fault.found for fault in every if fault.severity is Severity.ERROR]


NEVER = {
    "promise": [
        "cure", "cures", "cured", "curing", "guarantee", "Guaranteed", "no cravings",
        "no more cravings", "no **cravings**", "stops your cravings", "will not crave",
        "won’t crave",
        "completely safe", "100% safe", "totally\nsafe", "risk-free", "still covered", "miracle",
        "prevents overdose", "prevents an overdose", "can help prevent overdose", "restores",
        "restore", "brain chemistry", "brain’s chemistry", "neurochemistry", "heals",
        "heal your brain",
    ],
    "danger": [
        "cannot overdose", "can't overdose", "can’t overdose", "will not overdose",
        "cannot have an overdose", "cannot die from an overdose", "no risk of overdose",
        "safe after", "Safe until", "safe to use opioids", "wears off on", "wear off by",
        "the block ends on", "the block is gone after",
    ],
    "stigma": [
        "addict", "Addicts", "addicted", "junkie", "junkies", "abuse", "abuser", "abusers",
        "abused",
        "alcoholic", "get clean", "stay clean", "stayed clean", "clean and sober", "dirty urine",
        "clean urine test", "relapse", "relapsed", "relapsing", "narcotic", "narcotics", "opiate",
        "opiates", "user", "users", "user's", "abstinence", "commit suicide",
    ],
    "jargon": [
        "IM", "q4wk", "q 4 weeks", "QOD", "q.o.d.", "prn", "OUD", "AUD", "SUD", "antagonist",
        "agonists", "depot", "XR-NTX", "intramuscularly", "contraindicated",
    ],
    "typo": ["joint paint", "muscle paint", "effect support"],
    "style": ["not uncommon", "isn’t unusual", "in order to", "e.g.", "etc.", ";"],
    "date": [
        "12/21/2026", "01/02/27", "1/2/27", "12-21-2026", "2026-12-21", "21.12.2026", "12/21",
    ],
    "number": ["50.0 mg", "50.00mg", "380,0 mg", ".5 mg"],
    "placeholder": [
        "None", "NaN", "nan", "null", "undefined", "1970", "{", "}", "{{", "{{clinic_phone}}",
        "{due}", "TODO", "lorem", "Lorem ipsum", "TBD", "XXX", "555-0100", "555-0199",
        "413-555-0123",
        "(413) 555.0142", "4135550123",
    ],
}  # fmt: skip


@for_each((kind, word) for kind, words in NEVER.items() for word in words)
def test_a_word_that_must_not_be_printed_is_caught(kind: str, word: str) -> None:
    text = f"You see {word} here."

    found = [fault for fault in faults(text, "en") if fault.kind == kind]

    assert found
    assert all(fault.severity is Severity.ERROR and fault.hint for fault in found)
    assert all(fault.found == text[fault.start : fault.end] for fault in found)


NUNCA = {
    "promise": ["cura", "garantiza", "restaura", "completamente seguro", "100 % seguro",
                "sana el cerebro", "previene una sobredosis", "química cerebral", "quita las ganas",
               "no tendrá ganas", "todavía está protegido", "sigue cubierta"],
    "danger": ["no puede tener una sobredosis", "seguro después", "segura hasta", "seguro desde",
               "no hay riesgo de sobredosis", "no corre peligro de una sobredosis", "es seguro usar opioides",
               "el bloqueo se va en", "el efecto termina el", "el bloqueo desaparece a los"],
    "stigma": ["opiáceo", "opiáceos", "narcótico", "alcohólico", "alcohólica", "alcoholismo",
    "adicto",
               "adictas", "drogadicto", "drogadicción", "abuso", "usuarios", "limpio",
               "está limpia",
               "cometer suicidio", "cometió suicidio"],
    "term": ["abstinencia", "la abstinencia", "antojo", "antojos", "comprimido", "constipado",
             "constipada", "once", "sentirse alto", "se siente muy alta", "ampolleta", "taburetes",
             "alumnos", "proveedor", "proveedora", "disparo", "vacuna", "tolerancia", "nalmefina",
             "dosis perdida", "cada otro día", "sitio de la inyección", "grumo", "rash",
             "ictericia",
             "urgencias", "cartera", "retirada", "rellenar la receta"],
    "typo": ["sobre dosis", "sobre-dosis"],
    "address": ["tu médico", "Tus ojos", "tú", "te duele", "para ti", "contigo", "llama al 911",
                "llámanos", "puedes", "tienes", "debes", "no olvides", "cuando bebes", "dejaste"],
    "jargon": ["IM", "q4wk", "OUD", "antagonista", "depot"],
    "placeholder": ["None", "null", "TODO: falta", "{due}", "555-0100"],
    "date": ["21/12/2026", "21/12/26"],
    "style": [";", "con el fin de", "utilice", "etc."],
}  # fmt: skip


@for_each((kind, word) for kind, words in NUNCA.items() for word in words)
def test_a_spanish_word_that_must_not_be_printed_is_caught(kind: str, word: str) -> None:
    assert kind in [found for found, _ in _found(f"Vea {word} aquí.", "es-US")]


TRUE = [
    "Naloxone is not naltrexone. Naltrexone does not treat an overdose.",
    "**Naloxone** is not naltrexone. Naltrexone does not treat an overdose.",
    "Naltrexone is not addictive. Addiction is a health problem.",
    "You can overdose if you use opioids while you take naltrexone or after you stop.",
    "Keep naloxone (Narcan) with you at all times. You can buy the nose spray with no prescription.",
    "Call 911 and give naloxone. No change in 2 to 3 minutes? Give more naloxone.",
    "Naloxone can wear off in 30 to 90 minutes. The overdose can come back.",
    "Missing even 1 or 2 days of tablets can let the block wear off.",
    "There is no safe day to use opioids. Do not test the block.",
    "It is never safe to use opioids. It does not prevent an overdose.",
    "Naltrexone treats alcohol use disorder. It is not a detox medicine.",
    "Naltrexone may lower your cravings. It does not stop cravings for all people.",
    "It comes as a shot or as a tablet. We give you naltrexone every 4 weeks.",
    "A nurse will give you naltrexone in your buttock.",
    "Keep naltrexone tablets away from children. Take naltrexone each day.",
    "Take naloxone with you. Take your naloxone kit along.",
    "If you take naltrexone, ask us for a nose spray. Naltrexone cannot reverse an overdose.",
    "Naltrexone will not reverse an overdose. It is not a rescue medicine.",
    "Naloxone is a nose spray. It reverses an overdose.",
    "Naloxone is not naltrexone. It can reverse an opioid overdose.",
    "Do not give naltrexone for an overdose. Never take naloxone every day.",
    "Give naloxone, not naltrexone. Unlike naltrexone, naloxone stops an overdose.",
    "Keep naloxone near you and get your shot every 4 weeks.",
    "Vivitrol, Revia, Narcan and nalmefene are names of medicines.",
    "Tell us if the sore does not heal or will not heal.",
    "This secure page has a username. Keep the spot clean and dry. We are cleaning the room.",
    "Your health is in our care. A manicure is useful. The restroom is a disabuser of myths.",
    "Alcoholic drinks make it worse. Alcoholics Anonymous and Narcotics Anonymous can help.",
    "Call the Substance Abuse and Mental Health Services Administration at 1-800-662-4357.",
    "None of these is a full list. You are not under our care. Do not come until you are well.",
    "Take 50 mg. Take 0.5 mg. Take 1,000 mg. Version 1.2.10, 24/7, 1/2 tablet, label 12/2025.",
    "Your next shot is due Monday, December 21, 2026.",
    "We treat opioid use disorder (OUD) in our clinic.",
]  # fmt: skip


@pytest.mark.parametrize("text", TRUE)
def test_true_sentences_pass(text: str) -> None:
    assert _errors(text) == []


VERDAD = [
    "La naloxona no es la naltrexona. La naltrexona no sirve para tratar una sobredosis.",
    "La naltrexona no revierte una sobredosis. La naltrexona no trata una sobredosis.",
    "Lleve siempre naloxona (Narcan) con usted. Puede comprar el aerosol nasal sin receta.",
    "Llame al 911 y dele naloxona. ¿Sin cambios en 2 a 3 minutos? Dele más naloxona.",
    "La naloxona puede dejar de actuar en 30 a 90 minutos.",
    "Puede tener síntomas de abstinencia. Tiene una ampolla. Hay menos riesgo más alto.",
    "No es adictivo. Las bebidas alcohólicas son un peligro. Todo está bien. El té ayuda.",
    "Le toca la próxima dosis de naltrexona el lunes, 21 de diciembre de 2026.",
    "La naltrexona se pone cada 4 semanas. Si toma naltrexona, tenga naloxona cerca.",
    "Un enfermero limpia la mesa. El lugar está seguro. Mantenga limpia la herida.",
    "La ley puede proteger a quien llama al 911, o si llama a tiempo. No hay un día seguro para consumir opioides.",
    "No es seguro usar opioides. No les quita las ganas de consumir a todas las personas.",
    "El efecto disminuye cerca del final. Los bebés usan pañales. Le toca la dosis a las 11.",
]  # fmt: skip


@pytest.mark.parametrize("text", VERDAD)
def test_true_spanish_sentences_pass(text: str) -> None:
    assert _errors(text, "es") == []


SWAPPED = [
    "Naltrexone treats an overdose.",
    "**Naltrexone** can reverse an opioid overdose.",
    "Naltrexone is not an opioid and reverses an overdose.",
    "Naltrexone is a medicine. It reverses an overdose.",
    "Naltrexone and naloxone treat an overdose.",
    "Naltrexone is a rescue medicine.",
    "Naltrexone comes as a nose spray.",
    "To reverse an overdose, use naltrexone.",
    "Call 911 and give naltrexone.",
    "Do not wait, give naltrexone.",
    "Do not wait to give naltrexone.",
    "If they do not wake up give naltrexone.",
    "Give more naltrexone in 2 minutes.",
    "Call even if you gave naltrexone.",
    "Keep naltrexone (Narcan) with you at all times.",
    "Keep naltrexone close.",
    "Carry naltrexone.",
    "You can buy naltrexone at the store.",
    "You can get naltrexone with no prescription.",
    "Naltrexone can wear off in 30 to 90 minutes.",
    "Vivitrol reverses an overdose.",
    "Naloxone blocks opioids for 4 weeks.",
    "Naloxone is a shot every 4 weeks.",
    "You get the naloxone shot.",
    "Naloxone is a tablet.",
    "Take naloxone every day.",
    "I take naloxone.",
    "Your next naloxone is due.",
    "Your next dose of naloxone is late.",
    "The risk is higher after you stop naloxone.",
    "Naloxone may lower your cravings.",
    "Naloxone treats alcohol use disorder.",
    "Naloxone (Vivitrol) helps.",
    "Tell your doctor that you are on naloxone.",
    "Narcan is given once a month.",
]


@pytest.mark.parametrize("text", SWAPPED)
def test_a_swapped_drug_is_caught(text: str) -> None:
    found = [fault for fault in swap_faults(text, "en") if fault.kind == "swap"]

    assert found
    assert "is nal" in found[0].hint


CAMBIADAS = [
    "La naltrexona revierte una sobredosis.",
    "La naltrexona sirve para tratar una sobredosis.",
    "La naltrexona y la naloxona tratan una sobredosis.",
    "La naltrexona es un aerosol nasal.",
    "Llame al 911 y dele naltrexona.",
    "Compre naltrexona sin receta.",
    "Lleve la naltrexona con usted.",
    "La naltrexona (Narcan) ayuda.",
    "La naloxona se pone cada 4 semanas.",
    "La naloxona bloquea los opioides por 4 semanas.",
    "Tome la naloxona todos los días.",
    "Le toca la próxima dosis de naloxona.",
    "Las tabletas de naloxona ayudan.",
    "La naloxona quita las ganas muy fuertes de consumir.",
    "La naloxona es una medicina para el trastorno por consumo de opioides.",
    "Puede tener una sobredosis mientras usa naloxona o después de dejarla.",
    "Su riesgo aumenta al dejar la naloxona.",
]


@pytest.mark.parametrize("text", CAMBIADAS)
def test_a_swapped_drug_is_caught_in_spanish(text: str) -> None:
    assert "swap" in [fault.kind for fault in swap_faults(text, "es")]


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("en", "naltrexon"), ("en", "naltrexona"), ("en", "naloxona"), ("en", "naltroxone"),
        ("en", "Naloxene"), ("en", "NALOXON"), ("en", "naltrexones"), ("en", "nal-trexone"),
        ("en", "nal\u00adoxone"), ("en", "maltrexone"), ("es", "naltrexone"), ("es", "naloxone"),
        ("es", "naltrexóna"), ("es", "naloxonas"),
    ],
)  # fmt: skip
def test_a_misspelt_drug_is_caught(language: str, word: str) -> None:
    (fault,) = swap_faults(f"({word}'s)", language)

    assert (fault.kind, fault.found, fault.start) == ("spelling", word, 1)


@pytest.mark.parametrize("word", ["naltrexone", "NALOXONE", "Naltrexone's", "Narcan", "Vivitrol",
                                  "Revia", "nalmefene", "saxophone", "methadone"])  # fmt: skip
def test_a_drug_that_is_spelt_well_passes(word: str) -> None:
    assert swap_faults(word, "en") == ()


def test_the_swap_lint_is_silent_where_the_names_are_not_known() -> None:
    assert swap_faults("Naltrexon ist gut.", "de") == ()


def test_a_passive_is_only_a_warning() -> None:
    (fault,) = faults("The shot is given by a nurse.", "en")

    assert (fault.kind, fault.found) == ("passive", "is given")
    assert fault.severity is Severity.WARNING
    assert faults("You are tired. You were not used to it. You are used to it.", "en") == ()
    assert _found("La dosis fue recibida.", "es") == [("passive", "fue recibida")]


def test_an_acronym_may_stand_on_a_page_that_explains_it() -> None:
    page = "People with **opioid use\ndisorder** (OUD)"

    assert _found("Ask about OUD.") == [("jargon", "OUD")]
    assert _found("Ask about OUD.", page=page) == []
    assert _found("Ask about AUD.", page=page) == [("jargon", "AUD")]


def test_the_emergency_room_in_letters_is_only_a_warning() -> None:
    (fault,) = faults("Go to the ER.", "en")

    assert fault.severity is Severity.WARNING
    assert faults("Go to the emergency room (ER).", "en") == ()


def test_a_fault_names_its_sentence() -> None:
    (fault,) = faults("Ask Dr. Lopez. It is a cure! Go.", "en")

    assert fault == lint.TermFault(23, 27, "cure", "It is a cure!", "say `may`, `can help` or `treats`", "promise")


def test_marks_are_caught_in_every_language() -> None:
    assert [kind for kind, _ in _found("{due}; 12/21/2026 nan", "ht")] == [
        "placeholder", "style", "date",
    ]  # fmt: skip


@pytest.mark.parametrize("word", sorted(w for ws in NEVER.values() for w in ws if w.isalpha()))
def test_only_whole_words_are_caught(word: str) -> None:
    assert faults(f"xz{word}xz", "en") == ()


@given(st.text(), st.sampled_from(["en", "es", "ht"]))
def test_any_text_gives_faults_with_places_in_order(text: str, language: str) -> None:
    for found in (faults(text, language), swap_faults(text, language)):
        assert all(fault.found == text[fault.start : fault.end] != "" for fault in found)
        assert all(fault.found.split()[0] in fault.sentence for fault in found)
        assert [fault.start for fault in found] == sorted(fault.start for fault in found)


@given(st.lists(st.sampled_from(
    "naltrexone naloxone Naltrexone it not give overdose . ; , and is nose spray take { 1/2/27 heal"
    .split()
)))  # fmt: skip
def test_any_order_of_our_words_is_told_in_place(words: list[str]) -> None:
    text = " ".join(words)

    assert all(f.found == text[f.start : f.end] for f in faults(text, "en") + swap_faults(text, "en"))


def test_what_was_found_once_belongs_to_its_text_language_and_page() -> None:
    """What is found in a text is remembered: for the same text in another language, or on another page, it is not the same."""
    text = "It is once a day. Ask about MAT."
    english, spanish = faults(text, "en"), faults(text, "es")

    assert english != spanish and any("once" in fault.found for fault in spanish)
    assert (faults(text, "en"), faults(text, "es")) == (english, spanish)
    assert swap_faults("Give naltrexone for an overdose.", "en") and not swap_faults(
        "Give naloxone for an overdose.", "en"
    )
    assert not swap_faults("Give naltrexone for an overdose.", "ru")


def test_an_acronym_is_judged_by_each_page_anew() -> None:
    explained = "opioid use disorder (OUD)"
    for page, stands in (("", False), (explained, True), ("", False)):
        assert any(fault.found == "OUD" for fault in faults("You have OUD.", "en", page)) is not stands
