"""Each change since the last signature is ticked before it is signed, and nothing is signed unread."""

from __future__ import annotations

import pytest
from pypdfium2 import PdfDocument

from press.reports.signing_points import PAGE, TEXT, UNSEEN, WHOLE, SigningPoint, make_sheet, sign_points
from press.runs.handout import Site
from press.runs.signing import STRUCTURE, SignatureRequest
from tests.support import TODAY, Shop, check_few, told

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
