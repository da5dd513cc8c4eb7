"""What a clinician reads before signing is all that is signed; nothing open is signed without a reason."""

from __future__ import annotations

import re
from datetime import date

import pytest
import yaml
from click.testing import CliRunner

from press.cli import main as cli
from press.content.approvals import read_approvals
from press.document.markup import to_markup
from press.reports.review_items import items_of
from press.reports.signing_packet import SigningPacket, check_signature, find_open, make_packet, sign_words
from press.runs.handout import Site
from press.runs.sign_variants import list_unseen, list_variants
from press.runs.signing import SignatureRequest, WordsToSign, approve_words, words_to_sign
from press.runs.variants import make_readers
from tests.runs.test_batch import words as words_of
from tests.support import SIGNED, TODAY, TOPICS, Shop, check_few, folded, press, told

TOPIC = "wallet-card"
DAY = ("--today", TODAY.isoformat())
REQUEST = SignatureRequest(TOPIC, "en", "Pat Sample", "pharmacist", TODAY)
ALL_THE_SAME = SignatureRequest(TOPIC, "en", "Pat Sample", "pharmacist", TODAY, why="a pilot")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks pass, and there is one kind of reader."""
    check_few(monkeypatch)
    monkeypatch.setattr("press.runs.signing.check_everything", lambda *_: (1, []))


def packet(site: Site, topic: str = TOPIC, language: str = "en") -> tuple[SigningPacket, str]:
    """The packet of words that passed their checks, and what it says."""
    words = WordsToSign(site.handout(topic, language), ("leaves out S29: our own wording",), ())
    found = make_packet(site, words, TODAY)
    return found, folded(words_of(found.data))


def signed(shop: Shop) -> tuple[str, ...]:
    approvals = read_approvals(shop.root, TOPICS, TODAY)
    return tuple(f"{approval.by}: {approval.why}" for approval in approvals)


# What is shown


@pytest.mark.parametrize("topic", TOPICS)
def test_every_text_is_on_a_page_or_listed_with_its_conditions(topic: str) -> None:
    handout = press().handout(topic, "en")
    variants = list_variants(press(), handout)
    unseen = {text.name: text for text in list_unseen(handout, variants)}

    shown = {node.id for variant in variants for node in variant.made.tailored.filled.values()}
    assert {f"{topic}/{name}" for name in handout.texts} - shown <= {f"{topic}/{name}" for name in unseen}
    assert unseen and all(text.conditions for text in unseen.values()), "a text of no condition is on a page"
    readers = [reader for variant in variants for reader in variant.readers]
    assert len(readers) == len(set(readers)) == len(list(make_readers(press().clinic, "en", TODAY))) / 2


def test_the_packet_has_every_page_and_says_whose(few: None) -> None:
    found, text = packet(press())

    assert (found.name, found.kinds, found.pages) == ("to-sign-wallet-card-en.pdf", 1, 1)
    assert "packet-1 to 2 shot, opioids: no dates" in text and "· packet-1" in text and "· packet-2" in text
    assert "Page 2 of 2" in text and "DRAFT" in text
    assert "tablets_while_drinking: avoid" in text and "leaves out S29: our own wording" in text
    assert "the review in en is open: 44 of 44 questions have no answer" in text
    assert "Nothing of it was ever signed: all of it is new." in text
    assert all(source[:40] in text for source in press().handout(TOPIC, "en").structure.sources)


def test_words_on_no_page_are_in_the_packet(few: None) -> None:
    handout = press().handout(TOPIC, "en")
    unseen = list_unseen(handout, list_variants(press(), handout))
    text = packet(press())[1]

    assert len(unseen) > 3 and not any("**" in one.words for one in unseen)
    for one in unseen:
        assert folded(to_markup(handout.texts[one.name].children).replace("**", "")) in text, one.name


def test_a_translation_has_a_packet_of_its_own(few: None) -> None:
    found, text = packet(press(), "overdose-warning", "ru")
    assert found.name == "to-sign-overdose-warning-ru.pdf" and "overdose-warning, Russian" in text
    assert "Передозировка" in text


def test_what_changed_is_shown_sentence_by_sentence(shop: Shop, few: None) -> None:
    approve_words(Site(shop.root), REQUEST, TODAY)
    found, text = packet(Site(shop.root))
    assert not found.changes and "those that were signed by Pat Sample, pharmacist, 2026-11-23." in text

    old = to_markup(Site(shop.root).handout(TOPIC, "en").texts["alert"].children)
    shop.edit(f"handouts/{TOPIC}/en.yaml", f'alert: "{old}"', 'alert: "Medical warning"')
    found, text = packet(Site(shop.root))

    assert found.changes == ("alert:", f"  - {old}", "  + Medical warning")
    assert f"alert - {old} + Medical warning" in text and "what was signed by Pat Sample" in text


# What is asked


def test_an_open_review_and_no_source_want_a_reason(shop: Shop, few: None) -> None:
    path = shop.root / f"handouts/{TOPIC}/handout.yaml"
    path.write_text(re.sub(r"\nsources:\n(  .*\n)+", "\nsources: []\n", path.read_text("utf-8")), "utf-8")
    site = Site(shop.root)
    words = words_to_sign(site, TOPIC, "en", TODAY)
    with told() as found:
        sign_words(site, REQUEST, TODAY, words)

    assert [(problem.place.file, problem.message) for problem in found] == [
        (f"handouts/{TOPIC}/handout.yaml", "no source is named"),
        (f"handouts/{TOPIC}/review.yaml", "the review in en is open: 44 of 44 questions have no answer"),
    ]
    assert all("--why" in problem.hint for problem in found) and signed(shop) == ()
    assert sign_words(Site(shop.root), ALL_THE_SAME, TODAY, words).approval.why == "a pilot"
    assert signed(shop) == ("Pat Sample: a pilot",)


def test_a_finished_review_wants_no_reason(shop: Shop, few: None) -> None:
    path = shop.root / f"handouts/{TOPIC}/review.yaml"
    answers = {"pemat": "agree", "cci": "yes"}
    version = press().handout(TOPIC, "en").structure.version
    signed_by = {"version": version, "reviewer": "Pat Sample", "reviewed_on": date(2026, 11, 20)}
    sheet = {scale: {item.number: word for item in items_of(scale).values()} for scale, word in answers.items()}
    path.write_text(yaml.safe_dump({"handout": TOPIC, "languages": {"en": signed_by | sheet}}), "utf-8")
    site = Site(shop.root)
    assert find_open(site, words_to_sign(site, TOPIC, "en", TODAY).handout) == ()


def test_what_changed_while_it_was_read_is_not_signed(shop: Shop, few: None) -> None:
    words = words_to_sign(Site(shop.root), TOPIC, "en", TODAY)
    for file, old, new in (
        (f"handouts/{TOPIC}/en.yaml", "Medical alert", "Medical warning"),
        ("templates/blocks.xhtml.j2", "<h2>", "<h2 >"),
    ):
        before = (shop.root / file).read_bytes()
        shop.edit(file, old, new)
        with told() as found:
            sign_words(Site(shop.root), ALL_THE_SAME, TODAY, words)
        assert "changed while they were read" in found[0].message
        (shop.root / file).write_bytes(before)
    assert signed(shop) == ()
    sign_words(Site(shop.root), ALL_THE_SAME, TODAY, words)
    assert signed(shop) == ("Pat Sample: a pilot",)


def test_words_with_an_error_are_not_signed(shop: Shop) -> None:
    shop.edit(f"handouts/{TOPIC}/en.yaml", "Medical alert", "A miracle")
    site = Site(shop.root)
    words = words_to_sign(site, TOPIC, "en", TODAY)
    assert words.errors and words.built is None
    with told():
        check_signature(site, ALL_THE_SAME, TODAY, words)


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1), ("", 1)])
def test_the_command_shows_asks_and_signs(shop: Shop, few: None, answer: str, code: int) -> None:
    typed = ["approve", TOPIC, *SIGNED[:-1], *DAY]
    result = CliRunner().invoke(cli.main, typed, input=answer, catch_exceptions=False)

    assert result.exit_code == code and (shop.root / "out" / f"to-sign-{TOPIC}-en.pdf").exists()
    assert "open: the review in en is open" in result.stdout
    assert "1 different pages" not in result.stdout and "to be read: 1 page, for 1 kind of readers" in result.stdout
    assert "Did Ana Example, pharmacist, read every page, and sign? [y/N]:" in result.stderr
    assert signed(shop) == (("Ana Example: a pilot",) if code == 0 else ())
    assert ("nothing was signed" in result.stderr) == bool(code) and ("--yes" in result.stderr) == (answer == "")


def test_without_a_signer_there_is_only_what_is_to_be_read(shop: Shop, few: None) -> None:
    result = shop.run("approve", TOPIC, *DAY)

    assert result.exit_code == 0 and "--by" in result.stderr and signed(shop) == ()
    assert (shop.root / "out" / f"to-sign-{TOPIC}-en.pdf").read_bytes().startswith(b"%PDF")


def test_who_may_not_sign_is_told_before_anybody_is_asked(shop: Shop, few: None) -> None:
    result = shop.run("approve", TOPIC, "--by", "Pat", "--role", "x", *DAY)

    assert result.exit_code == 1 and "sign?" not in result.stderr
    assert [line.split(":")[0] for line in result.stderr.splitlines() if ": error: " in line] == [
        "--by", "--role", f"handouts/{TOPIC}/review.yaml",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "typed",
    [("--by", "Pat Sample"), ("--role", "nurse"), ("--yes",), ("--json", "--by", "Pat Sample", "--role", "nurse")],
)
def test_switches_that_do_not_go_together_are_wrong_use(shop: Shop, typed: tuple[str, ...]) -> None:
    result = shop.run("approve", TOPIC, *typed, *DAY)
    assert result.exit_code == 2 and not (shop.root / "out").exists()


def test_the_list_says_why_it_was_signed_all_the_same(shop: Shop, few: None) -> None:
    assert shop.run("approve", TOPIC, *SIGNED, *DAY).exit_code == 0
    assert "although something was open: a pilot" in shop.run("list", *DAY).stdout
