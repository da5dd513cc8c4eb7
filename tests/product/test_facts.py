"""The shipped handouts against the clinical basis: which facts each must refuse to print without."""

from __future__ import annotations

import re
from itertools import product

import pytest

from press.compose.tailor import required_facts
from press.content.handout import Block, TextRef, all_blocks, block_refs
from press.document.nodes import plain
from tests.support import READERS, TOPICS, for_each, made, mode_options, press

# Clinical basis 2.1 to 2.4: the statements that are HARD, in their own order.
OVERDOSE = "O1 O2 O3 O4 O5 O6 O7 O8 O9 O10 O11 O12 O13 O16 O17 O19 O20".split()
SIDE_EFFECTS = "SE-01 SE-02 SE-05 SE-07 SE-08 SE-09 SE-11 P-01 P-03 P-04 P-05 P-06 P-07 P-11".split()
ONLY_SHOT = "SE-03 SE-04".split()
ONLY_SHOT_IN_TREATMENT = "P-02 P-09".split()
ONLY_TABLET_IN_TREATMENT = "SE-06 P-10".split()
ALCOHOL = {"benefits": "A1 A2 A3".split(), "side-effects": ["A3"]}  # section 9, 7; A4 has a switch
BENEFITS = "B1 B2 B3 B4 B5 B6 B7 B8".split()
# Section 1: every claim of the web page that the project began with, by its handout.
CLAIMS = {
    "benefits": "S1 S2 S3 S4 S5 S6 S7 S8 S9 S10 S11 S22 S23 S24 S25 S29 S30 S31 S32".split(),
    "side-effects": "S12 S13 S14 S15 S16 S17 S18 S19 S20 S21".split(),
    "overdose-warning": "S11 S26 S27 S28".split(),
}


def required(topic: str, form: str, reason: str, mode: str = "none") -> frozenset[str]:
    return required_facts(press().handout(topic, "en"), form, reason, mode)


def carried(topic: str, form: str, reason: str, mode: str) -> set[str]:
    page = made(topic, form=form, reason=reason, **mode_options(form, mode))
    return {fact for block in all_blocks(page.tailored.blocks) for fact in block.facts}


@for_each(READERS)
def test_the_overdose_warning_requires_every_hard_statement(form: str, reason: str, mode: str) -> None:
    """The label's warning is not limited to opioid use disorder, so no reader is left out."""
    assert set(OVERDOSE) <= required("overdose-warning", form, reason, mode)


@for_each(READERS)
def test_the_side_effects_require_every_hard_statement_of_their_form(form: str, reason: str, mode: str) -> None:
    facts = required("side-effects", form, reason, mode)
    mine = ONLY_SHOT if form == "injection" else []
    treated = {"injection": ONLY_SHOT_IN_TREATMENT, "tablet": ONLY_TABLET_IN_TREATMENT}
    other = {*treated["tablet"]} if form == "injection" else {*ONLY_SHOT, *treated["injection"]}

    assert {*SIDE_EFFECTS, *mine, *(treated[form] if mode != "stopped" else [])} <= facts
    assert not facts & other


@for_each((topic, *reader) for topic, reader in product(("overdose-warning", "benefits", "side-effects"), READERS))
def test_who_is_late_is_told_so_on_every_page(topic: str, form: str, reason: str, mode: str) -> None:
    assert ("L1" in required(topic, form, reason, mode)) == (mode == "overdue")


@for_each((topic, *reader) for topic, reader in product(ALCOHOL, READERS))
def test_what_those_who_drink_must_read(topic: str, form: str, reason: str, mode: str) -> None:
    facts = required(topic, form, reason, mode)

    assert (set(ALCOHOL[topic]) <= facts) == (reason != "opioid")
    wanted = topic == "side-effects" and form == "tablet" and reason != "opioid" and mode != "stopped"
    assert ("A4" in facts) == wanted


@for_each(READERS)
def test_the_benefits_require_their_eight_statements(form: str, reason: str, mode: str) -> None:
    """B7, "do not stop without calling", is for those who have not stopped."""
    wanted = set(BENEFITS) - ({"B7"} if mode == "stopped" else set())

    assert wanted <= required("benefits", form, reason, mode)


@pytest.mark.parametrize(("topic", "claims"), CLAIMS.items())
def test_every_claim_of_the_first_text_is_required_of_some_reader(topic: str, claims: list[str]) -> None:
    facts = frozenset().union(*(required(topic, *reader) for reader in READERS))

    assert set(claims) <= facts


def test_no_claim_is_forgotten() -> None:
    assert {claim for claims in CLAIMS.values() for claim in claims} == {f"S{n}" for n in range(1, 33)}


@for_each(product(TOPICS, READERS))
def test_every_required_fact_is_carried(topic: str, reader: tuple[str, str, str]) -> None:
    assert required(topic, *reader) <= carried(topic, *reader)


def test_the_first_words_of_the_overdose_page_are_the_main_message() -> None:
    structure = press().handout("overdose-warning", "en").structure

    assert structure.sides == 1 and structure.first_page == ("O1",)
    assert (structure.blocks[0].kind, structure.blocks[0].facts[0]) == ("warning", "O1")


@pytest.mark.parametrize("topic", TOPICS)
def test_every_page_begins_with_the_overdose_line(topic: str) -> None:
    structure = press().handout(topic, "en").structure

    assert "O1" in structure.first_page and "O1" in structure.blocks[0].facts


# What the words of a fact must hold, whatever else they say. A page that lost one of these
# would still have its fact id.
SAYS = {
    "O1": "overdose.*opioids.*naltrexone.*kill you", "O2": "Way 1.*stop breathing and die",
    "O3": "Way 2.*block.*amount you used before can kill you.*Even less can kill you",
    "O4": "after detox.*next dose is due.*miss a dose.*after you stop naltrexone", "O5": "no safe day to use opioids",
    "O6": "naloxone \\(Narcan\\).*with you at all times.*no prescription", "O7": "Naltrexone does not treat an overdose",
    "O8": "family and close friends", "O9": "will not wake up.*breathing.*lips or nails.*very small pupils",
    "O10": "Call.*even if you gave naloxone.*even if the person wakes up",
    "O11": "knuckles.*{emergency}.*naloxone.*head back.*one nostril.*breathe.*2 to 3 minutes"
    ".*Breathing on their own. Lay them on their side.*until help comes",
    "O12": "wear off in 30 to 90 minutes.*overdose can come back", "O13": "Call {emergency} if.*breathe.*sleepy, faint",
    "O19": "does not block other drugs.*not from a pharmacy.*fentanyl.*cocaine and meth",
    "O20": "Naltrexone blocks opioids. We call this the block",
    "L1": "is late.*block may be gone.*more danger now.*Call us today.*any opioid.*Do not wait.*naloxone with you",
    "A1": "not make you sick if you drink", "A2": "getting drunk.*Do not drink and drive",
    "A3": "drink every day, do not stop all at once.*{emergency}.*seizure.*not there.*shaking with confusion",
    "O16": "{emergency}.*{crisis}.*{helpline}.*{helpline_tty}.*{clinic_phone}.*{after_hours_phone}",
    "O17": "not a failure.*Call us",
    "SE-01": "{emergency}.*breathing or wheezing.*chest pain or passing out.*swelling of your face", "SE-02": "{crisis}.*killing yourself.*{emergency}",
    "SE-03": "very bad pain.*swelling.*hard area.*blister.*open wound.*dark scab", "SE-04": "not better in 2 weeks.*surgery",
    "SE-05": "dark urine.*yellow.*bleeding.*tired.*upper right belly", "SE-06": "no more tablets until you talk to us",
    "SE-07": "sad or hopeless.*family to watch", "SE-08": "cough that stays.*wheezing.*{emergency}",
    "SE-09": "withdrawal.*sweating.*emergency room", "SE-11": "not a full list.*{fda}",
    "P-01": "any opioid in the last 2 weeks.*not stop methadone or buprenorphine on your own.*at least 7 to 10 days"
    ".*up to 2 weeks, longer after a buprenorphine shot",
    "P-02": "Do not drink alcohol when you get your first shot.*do not stop all at once",
    "P-03": "pain .such as tramadol.*cough, cold, or diarrhea, and kratom, will not work well", "P-04": "every doctor, dentist, and ER.*surgery",
    "P-05": "If you choose to, carry a card", "P-06": "pregnant, plan to be, or breastfeed",
    "P-07": "kidney problems.*low mood", "P-09": "Missed a shot.*Call us", "P-10": "Missed a tablet. Take it the same day. Used any opioid since. Take none. Call us first. Do not take two.*more than one day",
    "P-11": "Medication Guide.*does not replace", "B4": "overdose.*Read the", "B5": "other treatments|others|other medicines",
    "B7": "Do not stop without calling us: {clinic_phone}",
}  # fmt: skip


def words_of(fact: str) -> str:
    """All words of the blocks that carry a fact."""
    topic = {"O": "overdose-warning", "L": "overdose-warning", "B": "benefits", "A": "benefits"}.get(
        fact[0], "side-effects"
    )
    handout = press().handout(topic, "en")
    refs = [ref for block in handout.structure.blocks for ref in carriers(block, fact)]
    return " ".join(plain(handout.texts[ref.text].children) for ref in refs)


def carriers(block: Block, fact: str) -> list[TextRef]:
    """The texts of the blocks with a fact, and the leading line of the box round them."""
    inner = [ref for child in block.blocks for ref in carriers(child, fact)]
    own = list(block_refs(block)) if fact in block.facts else [block.intro] if block.intro and inner else []
    return own + inner


@pytest.mark.parametrize("fact", SAYS)
def test_the_words_of_a_fact_say_it(fact: str) -> None:
    assert re.search(SAYS[fact], words_of(fact), re.DOTALL | re.IGNORECASE)


def test_every_hard_statement_has_its_words_here() -> None:
    hard = {
        *OVERDOSE,
        *SIDE_EFFECTS,
        *ONLY_SHOT,
        *ONLY_SHOT_IN_TREATMENT,
        *ONLY_TABLET_IN_TREATMENT,
        "L1",
        "B4",
        "B5",
        "B7",
    }
    hard |= set().union(*ALCOHOL.values())

    assert set(SAYS) == hard


def test_no_list_of_overdose_signs_is_longer_than_seven() -> None:
    handout = press().handout("overdose-warning", "en")
    signs = next(block for block in all_blocks(handout.structure.blocks) if "O9" in block.facts)

    assert len(signs.texts) <= 7


def test_what_to_do_is_numbered_and_each_step_has_a_picture() -> None:
    """The last of them, to stay, has no place in the order."""
    handout = press().handout("overdose-warning", "en")
    steps, stay = (block for block in all_blocks(handout.structure.blocks) if "O11" in block.facts)

    assert (steps.kind, stay.kind) == ("steps", "paragraph")
    assert len(steps.texts) == 6 and len({ref.picture for ref in steps.texts} - {""}) == 6
