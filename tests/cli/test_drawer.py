"""The drawer set: every page without dates ahead, in one file with its contents, and in no ledger."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest
from click.testing import Result

from press.content.fields import FORMS, REASONS
from press.content.library import Library
from tests.rigs import verapdf_rig
from tests.support import ROOT, Shop, folded

DAY = ("--today", "2026-11-23")
WARNING = "overdose-warning"


def pages_of(path: Path) -> list[str]:
    """The words of each side of paper, read back by a second library."""
    file = pypdfium2.PdfDocument(path)
    found = [folded(file[number].get_textpage().get_text_bounded()) for number in range(len(file))]
    file.close()
    return found


def filled(shop: Shop, *more: str) -> tuple[Result, Path]:
    path = shop.root / "drawer.pdf"
    return shop.run("drawer", *more, "-o", str(path), *DAY), path


@pytest.fixture
def warnings(shop: Shop) -> tuple[list[str], Result]:
    """The sides of a drawer with the overdose warning in two languages."""
    result, path = filled(shop, WARNING, "-l", "en", "-l", "es")
    assert result.exit_code == 0, result.stderr
    return pages_of(path), result


def test_there_is_a_page_for_each_form_reason_and_language(warnings: tuple[list[str], Result]) -> None:
    sides, result = warnings
    english = [side for side in sides if side.startswith("DRAFT") and "Overdose warning" in side]
    spanish = [side for side in sides if "Advertencia de sobredosis" in side]

    assert len(english) == len(spanish) == len(FORMS) * len(REASONS)
    assert sum("for people who take naltrexone tablets" in side.lower() for side in english) == len(REASONS)
    assert sum("Opioids and naltrexone do not mix." in side for side in english) == len(FORMS)
    assert "12 pages, 12 sheets and the contents, run " in result.stdout and "Throw away older sets." in result.stdout


def test_each_page_has_the_day_and_the_run_and_its_own_count(warnings: tuple[list[str], Result]) -> None:
    sides, result = warnings
    (run,) = re.findall(r"run ([A-Z2-9]{6})", result.stdout)
    pages = [side for side in sides if "Overdose warning" in side and "Contents" not in side]

    assert len(pages) == 6
    for number, page in enumerate(pages, 1):
        assert f"{run}-{number}" in page and "Page 1 of 1" in page and "Monday, November 23, 2026" in page


def test_the_contents_stand_on_top_and_name_sheets_and_versions(warnings: tuple[list[str], Result]) -> None:
    sides, _ = warnings
    version = Library(ROOT / "handouts").structure(WARNING).version

    assert "Contents of the drawer" in sides[0] and "codes of patients" not in sides[0]
    assert sides[0].count(f"{WARNING} {version}") == 12 and sides[0].count("Spanish") == 6
    assert "Throw all of it away" in sides[0] and "no: draft" in sides[0]


def test_nothing_is_entered_in_the_ledger(shop: Shop) -> None:
    result, path = filled(shop, WARNING, "-l", "en")

    assert result.exit_code == 0 and path.is_file()
    assert not list(shop.root.rglob("*.sqlite*"))


def test_a_page_with_months_is_left_out_and_refused_if_it_is_asked_for(shop: Shop) -> None:
    result, path = filled(shop, "fridge-page")

    assert result.exit_code == 1 and not path.exists()
    assert "fridge-page shows the months of the day" in result.stderr and "make fridge-page" in result.stderr


def test_a_language_that_no_page_has_is_refused(shop: Shop) -> None:
    result, path = filled(shop, "benefits", "-l", "ru")

    assert result.exit_code == 1 and "languages here: en, es" in result.stderr and not path.exists()


def test_a_page_that_is_refused_stops_no_other(shop: Shop) -> None:
    shop.edit("handouts/benefits/es.yaml", "texts:\n", 'texts:\n  odd: "x"\n')
    result, path = filled(shop, "benefits")

    assert result.exit_code == 1 and "text `odd` is used by no block" in result.stderr
    assert sum("How naltrexone can help" in side for side in pages_of(path)[1:]) == 6


def test_without_signatures_there_is_no_final_drawer(shop: Shop) -> None:
    result, path = filled(shop, WARNING, "-l", "en", "--final")

    assert result.exit_code == 1 and "not signed off" in result.stderr and not path.exists()


@pytest.mark.parametrize("wrong", [("-o", "a.txt"), ("--edition", "tiny")])
def test_wrong_use_is_told(shop: Shop, wrong: tuple[str, str]) -> None:
    assert shop.run("drawer", *wrong).exit_code == 2


@pytest.mark.usefixtures("rig")
def test_a_drawer_complies_with_pdf_ua_1_and_pdf_a_2a(shop: Shop) -> None:
    result, path = filled(shop, "benefits", WARNING, "how-to-use-naloxone", "-l", "es")
    verdicts = verapdf_rig.validate([path], ("ua1", "2a"))

    assert result.exit_code == 0 and len(verdicts) == 2 and all(verdict.compliant for verdict in verdicts)


def test_the_same_words_on_the_same_day_make_the_same_file(shop: Shop) -> None:
    _, path = filled(shop, WARNING, "-l", "en")
    first = path.read_bytes()
    filled(shop, WARNING, "-l", "en")

    assert path.read_bytes() == first
