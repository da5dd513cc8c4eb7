"""The signature at the desk: everything is shown, every point is ticked, and a double click signs once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from press.runs.handout import Site
from tests.desk.support import DeskClient, said
from tests.support import TODAY, check_few, copied, edit

HERE = "/sign/wallet-card/en"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DeskClient:
    check_few(monkeypatch)
    monkeypatch.setattr("press.runs.signing.check_everything", lambda *_: (1, []))
    return DeskClient(copied(tmp_path))


def _sheet(desk: DeskClient) -> tuple[str, TestResponse]:
    answer = desk.post(HERE)
    return answer.location, desk.follow(answer)


def _points(page: TestResponse) -> list[str]:
    found = re.findall(r'type="checkbox" name="f1" value="([^"]+)"', page.text)
    assert found
    return found


def _typed(page: TestResponse, **changed: object) -> dict[str, object]:
    whole: dict[str, object] = {
        "f1": _points(page),
        "f2": "Pat Sample",
        "f3": "pharmacist",
        "f4": "2027-06-01",
        "f5": "a pilot",
    }
    return whole | changed


def test_what_is_signed_is_shown_first(desk: DeskClient) -> None:
    assert "Only a clinician" in said(desk.get(HERE))
    place, page = _sheet(desk)

    assert "never signed" in said(page) and "44 of 44 questions" in said(page)
    pictures = re.findall(r'<img src="([^"]+)"', page.text)
    assert len(pictures) >= 3 and desk.get(pictures[-1]).data.startswith(b"\x89PNG")
    leads = re.findall(r'href="#(side-\d+)"', page.text)
    assert leads and all(f'id="{lead}"' in page.text for lead in leads)
    packet = desk.get(re.search(r'href="(/sign/packet/[^"]+)"', page.text)[1])  # type: ignore[index]  # it is there
    assert packet.data.startswith(b"%PDF") and packet.mimetype == "application/pdf"
    assert desk.get(place + "x").status_code == 404


def test_what_staff_ask_is_a_point_of_its_own_with_what_the_page_says(desk: DeskClient) -> None:
    page = desk.follow(desk.post("/sign/how-to-use-naloxone/en"))

    assert _points(page)[-1] == "questions" and "I read the questions by which staff see" in said(page)
    assert "What do you do if someone will not wake up?" in said(page) and "The page says: Call 911." in said(page)


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"f1": []}, "f1", "points are not ticked"),
        ({"f2": ""}, "f2", "expected a name"),
        ({"f2": "Dr. Pat"}, "f2", "first and the last name"),
        ({"f3": "x"}, "f3", "a profession or a license"),
        ({"f4": ""}, "f4", "Type the day"),
        ({"f4": "2026-11-22"}, "f4", "must be from 2026-11-23 to 2027-11-23"),
        ({"f4": "2027-11-24"}, "f4", "must be from 2026-11-23 to 2027-11-23"),
        ({"f5": ""}, "f5", "Type why"),
    ],
)
def test_what_is_missing_is_told_at_its_field_and_nothing_is_signed(
    desk: DeskClient, changed: dict[str, object], field: str, words: str
) -> None:
    place, page = _sheet(desk)
    answer = desk.post(place, _typed(page, **changed))

    assert answer.status_code == 422 and f'href="#{field}"' in answer.text and words in said(answer)
    assert not (desk.desk.root / "approvals.yaml").exists()
    kept = 'value="pharmacist"' if field != "f3" else 'value="Pat Sample"'
    assert kept in answer.text


def test_a_double_click_signs_once_and_the_next_sheet_shows_the_change_alone(desk: DeskClient) -> None:
    place, page = _sheet(desk)
    first, second = (desk.post(place, _typed(page)) for _ in range(2))
    assert "was signed by Pat Sample, pharmacist. It holds until 2027-06-01." in said(desk.follow(first))
    assert second.status_code == 303
    assert len(Site(desk.desk.root).approvals(TODAY)) == 1
    assert "Signed Pat Sample, pharmacist, until 2027-06-01" in said(desk.get("/words"))

    edit(desk.desk.root / "handouts/wallet-card/en.yaml", "Cut along the solid lines.", "Cut here.")
    _, page = _sheet(desk)
    assert _points(page) == ["change-1", "whole"]
    assert "<del>Cut along the solid lines.</del>" in page.text and "<ins>Cut here.</ins>" in page.text
    assert "Signed last by Pat Sample" in said(page)


def test_words_that_changed_while_they_were_read_are_not_signed(desk: DeskClient) -> None:
    place, page = _sheet(desk)
    edit(desk.desk.root / "handouts/wallet-card/en.yaml", "Cut along the solid lines.", "Cut here.")
    answer = desk.post(place, _typed(page))
    assert answer.status_code == 422 and "changed while they were read" in said(answer)
    assert not (desk.desk.root / "approvals.yaml").exists()


def test_a_page_with_an_error_is_not_shown_for_a_signature(desk: DeskClient) -> None:
    edit(desk.desk.root / "handouts/wallet-card/en.yaml", '"Fold"', '"**Fold"')
    answer = desk.post(HERE)
    assert answer.status_code == 422 and "never closed" in said(answer)
