"""What the shipped handouts must carry stands outside the files that it guards; what a clinic leaves out is told."""

from __future__ import annotations

import re

import pytest
import yaml

from press.content.approvals import added, render, sign
from press.content.fields import FORMS, REASONS
from press.content.handout import all_blocks
from press.content.library import Library
from press.content.required import BY_SWITCH, FIRST_PAGE, HARD, OVERDOSE_WARNING, REQUIRED
from press.runs.handout import Site, lay_out_one, print_one
from press.writers.pdf.model import TextItem
from tests.support import ROOT, SIGNED, TODAY, TOPICS, Shop, check_few, clinic_with, made, pages_as_built, text_of

OF_WARNING = sorted({fact for require in REQUIRED[OVERDOSE_WARNING] for fact in require.facts} & HARD)
DAY = ("--today", "2026-11-23")


def test_every_shipped_handout_has_its_facts_here() -> None:
    assert set(REQUIRED) == set(FIRST_PAGE) == set(TOPICS)
    assert len(OF_WARNING) == 18 and set(BY_SWITCH) <= HARD


def test_the_hard_facts_are_those_of_the_clinical_basis() -> None:
    claims = yaml.safe_load((ROOT / "docs" / "claims.yaml").read_text("utf-8"))["claims"]

    assert {claim["id"] for claim in claims if claim.get("hard")} == HARD


@pytest.mark.parametrize("fact", OF_WARNING)
def test_a_hard_fact_cannot_be_renamed_away(shop: Shop, fact: str) -> None:
    """In the block and in a `requires` of the file: neither is where it is asked for."""
    path = shop.root / "handouts" / OVERDOSE_WARNING / "handout.yaml"
    words = path.read_text("utf-8")
    named = re.sub(rf"\b{fact}\b(?=[,\]])", "Z9", words)
    assert named != words
    path.write_text(named.replace("blocks:\n", "requires:\n  - facts: [Z9]\nblocks:\n", 1), "utf-8")
    mode = ["--set", "last_dose=2026-10-20"] if fact == "L1" else []
    found = shop.run("make", OVERDOSE_WARNING, *mode, *DAY)

    assert found.exit_code == 1 and not shop.out()
    assert f"the required fact {fact} is on no block of this page" in found.stderr


def test_requires_of_the_file_only_adds(shop: Shop) -> None:
    shop.edit(f"handouts/{OVERDOSE_WARNING}/handout.yaml", "blocks:\n", "requires:\n  - facts: [Z9]\nblocks:\n")

    assert "the required fact Z9" in shop.run("make", OVERDOSE_WARNING, *DAY).stderr


# Facts that a clinic leaves out


def test_a_fact_that_is_not_hard_may_be_left_out_with_a_reason(shop: Shop) -> None:
    structure = f"handouts/{OVERDOSE_WARNING}/handout.yaml"
    shop.edit(structure, "facts: [O14, O15]", "facts: [O14]")
    assert "the required fact O15" in shop.run("make", OVERDOSE_WARNING, *DAY).stderr
    shop.edit("config.yaml", "left_out: {}", "left_out: {O15: our state has no such law}")

    assert shop.run("make", OVERDOSE_WARNING, *DAY).exit_code == 0
    listed = shop.run("list", *DAY).stdout.splitlines()
    (line,) = [number for number, text in enumerate(listed) if text.startswith(OVERDOSE_WARNING) and " en " in text]
    assert listed[line + 1].strip() == "leaves out O15: our state has no such law"
    assert not [text for text in listed if "leaves out" in text and "benefits" in text]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("{O5: too long}", "O5 is a hard fact and cannot be left out"),
        ("{O55: a slip}", "no handout must carry a fact O55"),
        ("{O15: ''}", "expected the reason, in words"),
        ("{O15: 1}", "expected the reason, in words"),
    ],
)
def test_nothing_else_may_be_left_out(shop: Shop, given: str, said: str) -> None:
    shop.edit("config.yaml", "left_out: {}", f"left_out: {given}")
    found = shop.run("make", OVERDOSE_WARNING, *DAY)

    assert found.exit_code == 1 and said in found.stderr and "config.yaml:" in found.stderr and not shop.out()


def test_what_is_left_out_is_signed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signature covers it: another choice is another page."""
    check_few(monkeypatch)
    signing = ("approve", "benefits", *SIGNED, *DAY)
    shop.edit("config.yaml", "left_out: {}", "left_out: {S29: our own wording}")
    assert "leaves out S29: our own wording" in shop.run(*signing).stdout
    assert "approved" in shop.run("list", *DAY).stdout
    shop.edit("config.yaml", "left_out: {S29: our own wording}", "left_out: {}")

    assert "changed since approval" in shop.run("list", *DAY).stdout
    assert "left-out/S29" in shop.run("diff", "benefits", *DAY).stdout


def test_no_hard_fact_may_spill(shop: Shop) -> None:
    shop.edit(f"handouts/{OVERDOSE_WARNING}/handout.yaml", "spill: [O14, O15]", "spill: [O14, O15, O16]")

    assert "O16 is a hard fact and must keep to the first sides" in shop.run("make", OVERDOSE_WARNING, *DAY).stderr


def test_only_what_may_spill_goes_to_a_second_side(shop: Shop) -> None:
    words = f"handouts/{OVERDOSE_WARNING}/en.yaml"
    shop.edit(words, "Do not test the block.**", "Do not test the block.** " + "Call us if you feel sick. " * 17)
    press = Site(shop.root)
    page = lay_out_one(press, made(OVERDOSE_WARNING, press))
    second = {
        run.content for item in page.layout.pages[1].items if isinstance(item, TextItem) for run in item.line.runs
    }

    assert {name for name in second if name.startswith(OVERDOSE_WARNING)} == {
        f"{OVERDOSE_WARNING}/other-drugs",
        f"{OVERDOSE_WARNING}/law",
    }
    assert any(
        "too long for 1 side: what matters least stands on one more" in said.message for said in page.plan.warnings
    )
    shop.edit(words, "Call us if you feel sick.", "Call us if you feel sick. " * 18)
    assert "too long: it may fill 1 side of paper" in shop.run("make", OVERDOSE_WARNING, *DAY).stderr


# The clinic's switch, and its telephones


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("reason", REASONS)
def test_tablets_while_drinking(form: str, reason: str) -> None:
    for switch in ("avoid", "may"):
        page = made("side-effects", clinic_with(tablets_while_drinking=switch), form=form, reason=reason)
        wanted = form == "tablet" and reason != "opioid" and switch == "avoid"

        assert ("Do not drink when you start." in text_of(page)) == wanted
        assert ("A4" in page.tailored.facts) == wanted


@pytest.mark.parametrize("missing", ["phone", "after_hours_phone"])
def test_without_a_telephone_number_a_signed_page_is_a_draft(shop: Shop, missing: str) -> None:
    shop.edit("config.yaml", 'after_hours_phone: ""', "after_hours_phone: (212) 736-5001")
    shop.edit("config.yaml", '\nphone: ""', "\nphone: (212) 736-5000")
    signed = sign(
        Site(shop.root).handout("benefits", "en"),
        pages_as_built(Site(shop.root)),
        "Ana Example",
        "pharmacist",
        TODAY,
        None,
        TODAY,
    )
    (shop.root / "approvals.yaml").write_bytes(render(added((), signed)))
    assert shop.run("make", "benefits", "--final", *DAY).exit_code == 0
    assert shop.out() == {"benefits-en-injection-opioid.pdf"}
    config = shop.root / "config.yaml"
    config.write_text(re.sub(rf"(?m)^{missing}: .*$", f'{missing}: ""', config.read_text("utf-8")), "utf-8")

    final = shop.run("make", "benefits", "--final", *DAY)
    assert final.exit_code == 1 and f"`{missing}` is empty: pages are drafts" in final.stderr
    assert shop.run("make", "benefits", *DAY).exit_code == 0
    assert "DRAFT-benefits-en-injection-opioid.pdf" in shop.out()


def test_the_english_side_of_the_card_cannot_be_translated(shop: Shop) -> None:
    shop.edit("handouts/wallet-card/es.yaml", "texts:\n", 'texts:\n  staff-relief: "Use otro remedio."\n')
    found = shop.run("make", "wallet-card", "-l", "es", *DAY)

    assert found.exit_code == 1 and "text `staff-relief` stays English in every language" in found.stderr


def test_the_english_side_of_the_card_says_that_it_is_english() -> None:
    page = made("wallet-card", Site(ROOT), language="es")
    html = print_one(Site(ROOT), page, "html").data.decode("utf-8")

    assert re.search(r'lang="en"[^>]*>[^<]*For medical staff', html)
    assert "naltrexone" in text_of(page) and "naltrexona" in text_of(page)


def test_the_structure_of_a_shipped_handout_carries_what_the_program_asks_for() -> None:
    for topic in TOPICS:
        structure = Library(ROOT / "handouts").structure(topic)
        carried = {fact for block in all_blocks(structure.blocks) for fact in block.facts}
        assert {fact for require in REQUIRED[topic] for fact in require.facts} <= carried
