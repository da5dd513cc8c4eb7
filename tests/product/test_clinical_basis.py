"""The clinical basis is whole, true to the handouts, and not stale."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from press.content.handout import all_blocks
from press.content.library import Library
from press.reports.review_items import ITEMS

ROOT = Path(__file__).resolve().parents[2]
# The ids that the three handouts answer to. A clinic may add claims of its own; none of these may go.
IDS = frozenset(
    [f"S{n}" for n in range(1, 33)]
    + [f"O{n}" for n in range(1, 21)]
    + ["L1"]
    + [f"A{n}" for n in range(1, 5)]
    + [f"SE-{n:02}" for n in range(1, 13)]
    + [f"P-{n:02}" for n in range(1, 13)]
    + [f"B{n}" for n in range(1, 9)]
)
# S30 has no support and is deleted; O18 is a clinic's own choice and is not shipped.
MAY_STAND_NOWHERE = {"S30": "delete", "O18": "opt-in"}


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """docs/make_clinical_basis.py as a module; docs/ is no package."""
    spec = importlib.util.spec_from_file_location("make_clinical_basis", ROOT / "docs" / "make_clinical_basis.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look there for the names in annotations
    spec.loader.exec_module(module)
    return module


def facts_of_handouts() -> dict[str, set[str]]:
    """Each fact that handouts/ names anywhere, with the handouts that require it."""
    library = Library(ROOT / "handouts")
    found: dict[str, set[str]] = {}
    for topic in library.topics:
        structure = library.structure(topic)
        named = [fact for block in all_blocks(structure.blocks) for fact in block.facts] + list(structure.first_page)
        for fact in named:
            found.setdefault(fact, set())
        for require in structure.requires:
            for fact in require.facts:
                found.setdefault(fact, set()).add(topic)
    return found


def test_the_page_is_not_stale(maker: ModuleType) -> None:
    made = maker.page(maker.read_basis(), maker.places(), maker.read_scores())
    assert maker.PAGE.read_text(encoding="utf-8") == made, "run `make docs`"


def test_every_claim_is_listed_once(maker: ModuleType) -> None:
    ids = [claim.id for claim in maker.read_basis().claims]
    assert len(IDS) == 89
    assert IDS - set(ids) == set()
    assert len(ids) == len(set(ids))


def test_every_claim_has_a_row(maker: ModuleType) -> None:
    table, _, _ = maker.PAGE.read_text(encoding="utf-8").partition("\n## Sources")
    rows = re.findall(r"^\| ([A-Z]+-?[0-9]+) \|", table, re.MULTILINE)
    ids = [claim.id for claim in maker.read_basis().claims]
    assert sorted(rows) == sorted(ids)
    assert rows[: len(IDS)] == [name for name in ids if name in IDS]


def test_every_fact_of_a_handout_is_a_known_claim(maker: ModuleType) -> None:
    facts = facts_of_handouts()
    assert len(facts) > 60
    assert set(facts) - {claim.id for claim in maker.read_basis().claims} == set()


def test_every_claim_stands_somewhere(maker: ModuleType) -> None:
    where, verdicts = maker.places(), {claim.id: claim.verdict for claim in maker.read_basis().claims}
    assert {name for name in verdicts if not where.get(name)} <= set(MAY_STAND_NOWHERE)
    assert {name: verdicts[name] for name in MAY_STAND_NOWHERE} == MAY_STAND_NOWHERE


def test_every_hard_claim_is_required_by_a_handout(maker: ModuleType) -> None:
    facts = facts_of_handouts()
    hard = [claim.id for claim in maker.read_basis().claims if claim.hard]
    assert len(hard) > 40
    assert [name for name in hard if not facts.get(name)] == []


def test_every_source_is_explained_and_used(maker: ModuleType) -> None:
    basis = maker.read_basis()
    used = {
        code.rstrip("*") for claim in basis.claims for code in re.findall(r"\[([^]]+)\]", claim.source + claim.note)
    }
    assert used == set(basis.sources)


def test_it_says_that_nobody_signed_it_off_and_what_is_open(maker: ModuleType) -> None:
    text = maker.PAGE.read_text(encoding="utf-8")
    assert "Nobody with a license has signed it off" in text
    assert text.count("- [ ] ") == len(maker.read_basis().open) > 5


# The engineers' own scores


def test_every_item_is_answered_for_every_page_in_its_present_version(maker: ModuleType) -> None:
    scores, library = maker.read_scores(), Library(ROOT / "handouts")
    asked = [(one.scale, int(one.item)) for one in scores.items]

    assert [page.handout for page in scores.pages] == ["overdose-warning", "side-effects", "benefits"]
    assert {page.handout: page.version for page in scores.pages} == {
        page.handout: library.structure(page.handout).version for page in scores.pages
    }
    assert asked == [item.key for item in ITEMS]
    for one in scores.items:
        assert len(one.answers) == len(scores.pages), one.item
        assert one.of_scale.may_be_na or "na" not in one.answers, one.item
        assert one.note or "no" not in one.answers, f"{one.scale} {one.item}: say why it is lost"


def test_nobody_takes_them_for_a_review(maker: ModuleType) -> None:
    words = maker.PAGE.read_text(encoding="utf-8")

    assert "## Scores: engineers' own, no review" in words and "No patient and nobody" in words
