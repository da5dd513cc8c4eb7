"""Each change since the last signature is ticked before it is signed, and nothing is signed unread."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pypdfium2 import PdfDocument

from press.content.approvals import State, fingerprint, render, seal
from press.reports.signing_points import PAGE, QUESTIONS, TEXT, UNSEEN, WHOLE, SigningPoint, make_sheet, sign_points
from press.runs.handout import Site
from press.runs.signing import STRUCTURE, SignatureRequest
from tests.support import TODAY, Shop, check_few, folded, told

TOPIC = "wallet-card"
REQUEST = SignatureRequest(TOPIC, "en", "Pat Sample", "pharmacist", TODAY, why="a pilot")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks pass, and there is one kind of reader."""
    check_few(monkeypatch)
    monkeypatch.setattr("press.runs.signing.check_everything", lambda *_: (1, []))


def _ids(points: tuple[SigningPoint, ...]) -> list[str]:
    return [point.id for point in points]


def test_what_was_never_signed_is_ticked_page_by_page(shop: Shop, few: None) -> None:
    sheet = make_sheet(Site(shop.root), TOPIC, "en", TODAY)

    assert [point.kind for point in sheet.points] == [PAGE, UNSEEN]
    assert sheet.packet.spans == ("packet-1 to 2",) and sheet.packet.data.startswith(b"%PDF")
    sides = PdfDocument(sheet.packet.data)
    (place,) = sheet.packet.places
    assert "packet-1" in sides[place - 1].get_textpage().get_text_range() and len(sides) == place + 1
    assert len(sheet.points[1].sentences) > 3
    assert sheet.before is None and sheet.latest == TODAY.replace(year=TODAY.year + 1)
    assert ["no answer" in problem.message for problem in sheet.still_open] == [True]


def test_every_point_is_ticked_or_nothing_is_signed(shop: Shop, few: None) -> None:
    sheet = make_sheet(Site(shop.root), TOPIC, "en", TODAY)
    for ticked in ([], _ids(sheet.points)[:1], ["another"]):
        with told() as problems:
            sign_points(Site(shop.root), REQUEST, TODAY, sheet.digest, ticked)
        assert "points are not ticked" in problems[0].message
        assert not (shop.root / "approvals.yaml").exists()

    approval = sign_points(Site(shop.root), REQUEST, TODAY, sheet.digest, _ids(sheet.points))
    assert (approval.by, approval.why) == ("Pat Sample", "a pilot")
    assert Site(shop.root).approvals(TODAY) == (approval,)


def test_afterwards_only_changes_are_ticked_with_the_page_as_a_whole(shop: Shop, few: None) -> None:
    first = make_sheet(Site(shop.root), TOPIC, "en", TODAY)
    sign_points(Site(shop.root), REQUEST, TODAY, first.digest, _ids(first.points))
    again = make_sheet(Site(shop.root), TOPIC, "en", TODAY)
    assert [point.kind for point in again.points] == [PAGE, UNSEEN]  # to be read again when it runs out
    assert again.before == ("Pat Sample", "pharmacist", TODAY)

    shop.edit(f"handouts/{TOPIC}/en.yaml", "Cut along the solid lines.", "Cut here. Take care.")
    shop.edit(f"handouts/{TOPIC}/handout.yaml", "version: 1.1.0", "version: 1.1.1")
    sheet = make_sheet(Site(shop.root), TOPIC, "en", TODAY)
    assert [(point.kind, point.name, point.sentences) for point in sheet.points] == [
        (STRUCTURE, "handout.yaml", (("+", "version"),)),
        (TEXT, "step-cut", (("-", "Cut along the solid lines."), ("+", "Cut here."), ("+", "Take care."))),
        (WHOLE, "", ()),
    ]
    with told() as problems:
        sign_points(Site(shop.root), REQUEST, TODAY, sheet.digest, _ids(sheet.points)[:-1])
    assert "1 of 3 points" in problems[0].message


def test_what_staff_ask_is_read_and_signed_too(shop: Shop, few: None) -> None:
    topic, words = "how-to-use-naloxone", "handouts/how-to-use-naloxone/en.yaml"
    request = replace(REQUEST, topic=topic)
    first = make_sheet(Site(shop.root), topic, "en", TODAY)
    asked = first.points[-1]
    assert asked.kind == QUESTIONS and [mark for mark, _ in asked.sentences].count("+") == 3
    assert {("+", "What do you do if someone will not wake up?"), ("=", "Call 911.")} <= {*asked.sentences}
    spoken = folded(" ".join(page.get_textpage().get_text_range() for page in PdfDocument(first.packet.data)))
    assert "Questions for staff" in spoken and "What do you do if someone will not wake up?" in spoken
    sign_points(Site(shop.root), request, TODAY, first.digest, _ids(first.points))

    shop.edit(words, "What do you do if someone will not wake up?", "Someone will not wake up. What do you do?")
    assert _state(shop, topic) is State.CHANGED
    sheet = make_sheet(Site(shop.root), topic, "en", TODAY)
    assert [point.kind for point in sheet.points] == [QUESTIONS, WHOLE]
    gone, new, *_ = sheet.points[0].sentences
    assert gone == ("-", "What do you do if someone will not wake up?")
    assert new == ("+", "Someone will not wake up. What do you do?")
    sign_points(Site(shop.root), request, TODAY, sheet.digest, _ids(sheet.points))
    assert _state(shop, topic) is State.APPROVED


def test_a_signature_of_before_lacks_the_questions_alone(shop: Shop, few: None) -> None:
    """What clinics signed before questions were signed: asked anew where there are some, and valid where not."""
    for topic in ("how-to-use-naloxone", TOPIC):
        sheet = make_sheet(Site(shop.root), topic, "en", TODAY)
        sign_points(Site(shop.root), replace(REQUEST, topic=topic), TODAY, sheet.digest, _ids(sheet.points))
    before = []
    for given in Site(shop.root).approvals(TODAY):
        words = {name: text for name, text in given.words.items() if not name.startswith("teach-back/")}
        old = replace(given, words=words, fingerprint=fingerprint(words))
        before.append(replace(old, seal=seal(old)))
    (shop.root / "approvals.yaml").write_bytes(render(before))

    assert _state(shop, TOPIC) is State.APPROVED and _state(shop, "how-to-use-naloxone") is State.CHANGED
    points = make_sheet(Site(shop.root), "how-to-use-naloxone", "en", TODAY).points
    assert [point.kind for point in points] == [QUESTIONS, WHOLE]
    assert {mark for mark, _ in points[0].sentences} == {"+", "="}


def _state(shop: Shop, topic: str) -> State:
    site = Site(shop.root)
    return site.status(site.handout(topic, "en"), TODAY).state


def test_what_changed_while_it_was_read_is_not_signed(shop: Shop, few: None) -> None:
    sheet = make_sheet(Site(shop.root), TOPIC, "en", TODAY)
    shop.edit(f"handouts/{TOPIC}/en.yaml", "Cut along the solid lines.", "Cut here.")
    with told() as problems:
        sign_points(Site(shop.root), REQUEST, TODAY, sheet.digest, _ids(sheet.points))
    assert "changed while they were read" in problems[0].message

    fresh = make_sheet(Site(shop.root), TOPIC, "en", TODAY)
    sign_points(Site(shop.root), REQUEST, TODAY, fresh.digest, _ids(fresh.points))
    with told() as problems:  # somebody else signed meanwhile: the sheet compares with an older signature
        sign_points(Site(shop.root), REQUEST, TODAY, fresh.digest, _ids(fresh.points))
    assert "changed while they were read" in problems[0].message


def test_an_open_review_wants_a_reason(shop: Shop, few: None) -> None:
    sheet = make_sheet(Site(shop.root), TOPIC, "en", TODAY)
    request = SignatureRequest(TOPIC, "en", "Pat Sample", "pharmacist", TODAY)
    with told() as problems:
        sign_points(Site(shop.root), request, TODAY, sheet.digest, _ids(sheet.points))
    assert "no answer" in problems[0].message
    assert not (shop.root / "approvals.yaml").exists()


def test_a_translation_that_nobody_reviewed_is_not_read_in_vain(shop: Shop, few: None) -> None:
    with told() as problems:
        make_sheet(Site(shop.root), TOPIC, "es", TODAY)
    assert "a qualified reviewer" in problems[0].message
    shop.edit(f"handouts/{TOPIC}/es.yaml", 'translator: ""', "translator: Ana Example")
    shop.edit(f"handouts/{TOPIC}/es.yaml", 'reviewer: ""', "reviewer: Pat Example")
    assert make_sheet(Site(shop.root), TOPIC, "es", TODAY).points
    shop.edit(f"handouts/{TOPIC}/handout.yaml", "version: 1.1.0", "version: 1.1.1")
    with told() as problems:
        make_sheet(Site(shop.root), TOPIC, "es", TODAY)
    assert "the English has changed" in problems[0].message
