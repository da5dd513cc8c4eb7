"""Every real file under handouts/, for every reader: read, tailor, compose, check.

A wording change by staff has these tests without anyone writing one.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import product

import pytest

from press.compose.check import check_naloxone, check_words
from press.compose.tailor import required_facts
from press.content.fields import EDITIONS
from press.content.handout import all_blocks
from press.document.nodes import Document, Paragraph, Placeholder, Text, inlines
from press.runs.handout import Made
from tests.support import (
    FORM_MODES,
    READERS,
    ROOT,
    TOPICS,
    check,
    for_each,
    made,
    mode_options,
    press,
    tailored,
    text_of,
    told,
    with_text,
    without_block,
)

SHELF = [(topic, language) for topic in press().library.topics for language in press().library.languages(topic)]
PAGES = [(topic, language, *reader) for (topic, language), reader in product(SHELF, READERS)]
EVERY = [(*page, edition) for page, edition in product(PAGES, EDITIONS)]
SWEPT = [page for page in EVERY if page[-1] != "standard" and page[3] != "opioid"]


@cache
def page(topic: str, language: str, form: str, reason: str, mode: str, edition: str = "standard") -> Made:
    options = mode_options(form, mode)
    return made(topic, language=language, form=form, reason=reason, edition=edition, **options)


@cache
def words(topic: str, language: str, form: str, reason: str, mode: str) -> str:
    return text_of(page(topic, language, form, reason, mode))


def blocks_with_facts() -> list[tuple[str, str]]:
    structure = {topic: press().handout(topic, "en").structure for topic in TOPICS}
    return [(topic, block.id) for topic in TOPICS for block in all_blocks(structure[topic].blocks) if block.facts]


def test_the_shelf_holds_what_the_project_ships() -> None:
    assert {topic for topic, _ in SHELF} >= {"benefits", "overdose-warning", "side-effects", "wallet-card"}
    assert len(blocks_with_facts()) > 40


def assert_right(topic: str, language: str, form: str, reason: str, mode: str, edition: str) -> None:
    found = page(topic, language, form, reason, mode, edition)

    assert found.tailored.mode == mode
    assert not [problem for problem in found.warnings if problem.is_error]


@for_each([page for page in EVERY if page not in SWEPT], by_first=True)
def test_every_page_is_made_and_nothing_is_wrong_with_it(*page: str) -> None:
    assert_right(*page)


@pytest.mark.sweep
@for_each(SWEPT, by_first=True)
def test_every_page_in_large_print_is_made_and_nothing_is_wrong_with_it(*page: str) -> None:
    assert_right(*page)


@for_each(PAGES, by_first=True)
def test_no_page_shows_a_hole(topic: str, language: str, form: str, reason: str, mode: str) -> None:
    text = words(topic, language, form, reason, mode)

    assert not re.search(r"\bNone\b|\bnull\b|\bnan\b|undefined|[{}]|\*\*|1970|\(\)|\bTrue\b|\bFalse\b", text)


OTHER_FORM = {"injection": r"\btablets?\b", "tablet": r"(?<!buprenorphine )\bshots?\b|\binjections?\b|\bbuttock"}


@for_each([page for page in PAGES if page[0] != "benefits" and page[1] == "en"])
def test_a_page_for_one_form_has_no_word_of_the_other(
    topic: str, language: str, form: str, reason: str, mode: str
) -> None:
    assert not re.search(OTHER_FORM[form], words(topic, language, form, reason, mode), re.IGNORECASE)


@pytest.mark.parametrize(("form", "mode"), FORM_MODES)
def test_the_benefits_page_compares_both_forms(form: str, mode: str) -> None:
    text = words("benefits", "en", form, "opioid", mode).casefold()

    assert "shot" in text and "tablet" in text


# What would say to a reader who was treated for alcohol alone that he or she uses opioids.
IMPLIES_OPIOIDS = re.compile(
    r"opioid use disorder|your (?:opioid|heroin|drug)|(?<!if )\byou (?:use|used|take|took) opioids|stay off opioids"
    r"|(?:urge|cravings?) (?:\(craving\) )?(?:to use|for) opioids|methadone and buprenorphine are others"
    r"|go(?:ing)? back to us(?:e|ing)|when you used|your last (?:opioid|use)",
    re.IGNORECASE,
)


@for_each((topic, *one) for topic, one in product(TOPICS, FORM_MODES))
def test_a_page_for_alcohol_alone_never_says_that_its_reader_uses_opioids(topic: str, form: str, mode: str) -> None:
    assert not IMPLIES_OPIOIDS.search(words(topic, "en", form, "alcohol", mode))


@pytest.mark.parametrize("text", ["If you use opioids,", "for opioid use disorder", "when you used heroin"])
def test_the_search_for_opioid_use_finds_only_that(text: str) -> None:
    assert bool(IMPLIES_OPIOIDS.search(text)) == (not text.startswith("If"))


@for_each((topic, *reader) for topic, reader in product(TOPICS, READERS))
def test_opioids_are_never_without_the_overdose_line(topic: str, form: str, reason: str, mode: str) -> None:
    text = words(topic, "en", form, reason, mode)

    assert re.search(r"overdose can kill you|overdose\. It can kill you", text)
    assert ("do not mix" in text.split("Way 1")[0]) == (reason == "alcohol")


# Facts


@pytest.mark.parametrize(("topic", "block"), blocks_with_facts())
def test_a_page_without_a_block_of_facts_is_refused_by_the_facts(topic: str, block: str) -> None:
    """Each such block carries a fact that no other block on some page does."""
    handout = press().handout(topic, "en")
    gone = next(b for b in all_blocks(handout.structure.blocks) if b.id == block)
    facts = [fact for inner in all_blocks((gone,)) for fact in inner.facts]
    bare = without_block(handout, block)
    for form, reason, mode in READERS:
        options = {"form": form, "reason": reason, **mode_options(form, mode)}
        left = {f for b in all_blocks(tailored(bare, **options).blocks) for f in b.facts}
        missing = required_facts(handout, form, reason, mode) - left
        if missing:
            break
    if (topic, block) in SHARED:
        assert not missing
        return
    base = page(topic, "en", form, reason, mode)
    found = check(base.document, tailored(bare, **options))

    assert missing <= set(facts)
    assert {f"the required fact {fact} is on no block of this page" for fact in missing} <= {p.message for p in found}


# Blocks whose facts all stand in another block too. The words of such a block are left over
# in en.yaml when it is removed, and that is refused: the test after this one.
SHARED = {("side-effects", "liver-pain"), ("overdose-warning", "stopped-now")}


@pytest.mark.parametrize(("topic", "block"), sorted(SHARED))
def test_a_block_that_shares_its_facts_leaves_words_behind(topic: str, block: str) -> None:
    handout = press().handout(topic, "en")
    refs = next(b for b in all_blocks(handout.structure.blocks) if b.id == block).texts
    others = {r.text for b in all_blocks(without_block(handout, block).structure.blocks) for r in b.texts}

    assert any(ref.text not in others for ref in refs)


# Words


def swapped(text: str) -> str:
    """The two drugs in each other's place."""
    names = {"naloxone": "naltrexone", "naltrexone": "naloxone"}

    def other(match: re.Match[str]) -> str:
        name = names[match.group().casefold()]
        return name.capitalize() if match.group()[0].isupper() else name

    return re.sub("naloxone|naltrexone", other, text, flags=re.IGNORECASE)


NAMED = [
    (topic, name)
    for topic in TOPICS
    for name, text in press().handout(topic, "en").texts.items()
    if re.search(
        "naloxone|naltrexone", "".join(n.text for n in inlines(text.children) if isinstance(n, Text)), re.IGNORECASE
    )
]


@pytest.mark.parametrize(("topic", "name"), NAMED)
def test_one_drug_in_the_place_of_the_other_is_refused(topic: str, name: str) -> None:
    handout = with_text(press().handout(topic, "en"), name, swapped)
    document = Document("x", "en", (), (Paragraph((handout.texts[name],)),), ())
    found = [*check_words(document), *check_naloxone(document, tailored(handout))]

    assert any(problem.is_error for problem in found)


def test_both_drugs_are_named_often_enough_to_test() -> None:
    assert len(NAMED) > 30


@pytest.mark.parametrize(("topic", "language"), [*SHELF, ("phrases", "en")])
def test_numbers_stand_in_one_file_only(topic: str, language: str) -> None:
    """A number in a text would be missed when it changes."""
    helplines = press().library.helplines.numbers.values()
    file = (ROOT / "handouts" / topic / f"{language}.yaml").read_text("utf-8")
    text = re.sub(r"(?m)^  [a-z0-9-]+: ", "", file)  # the name of a text may say which number its picture shows
    digits = [re.sub(r"\D", "", number.split("(")[0]) for number in helplines]

    assert len(digits) >= 5
    assert not [n for n in digits if n in re.sub(r"(?<=\d)[-. ](?=\d)", "", text)]
    assert not re.search(r"1-8\d\d|\b(?:911|988)\b|HELP\b", text)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_helpline_that_a_page_needs_is_a_placeholder(topic: str) -> None:
    texts = press().handout(topic, "en").texts.values()
    used = {n.name for text in texts for n in inlines(text.children) if isinstance(n, Placeholder)}

    assert used & {"emergency", "clinic_phone"}


def test_a_language_that_is_not_there_is_refused() -> None:
    with told() as problems:
        made(language="xx")

    assert problems[0].hint.startswith("languages here: en")
