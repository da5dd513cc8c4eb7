"""A page that would be wrong for its reader is refused: what comes before a first dose, for who has had one."""

from __future__ import annotations

import pytest

from tests.support import Shop

DAY = ("--today", "2026-11-23")
PAGE = "before-first-dose"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (("last_dose=2026-11-20",), "last_dose"),
        (("last_dose=2026-11-01", "form=tablet", "interval=2 days"), "last_dose"),
        (("stopped=yes",), "stopped"),
    ],
)
def test_who_had_a_dose_gets_no_page_for_before_it(shop: Shop, given: tuple[str, ...], field: str) -> None:
    settings = [part for one in given for part in ("--set", one)]
    result = shop.run("make", PAGE, *settings, *DAY)

    assert result.exit_code == 1 and not shop.out()
    assert f"`{field}`: with it, the page {PAGE} would be wrong for this person" in result.stderr
    assert "it is for who has had no dose yet; leave this handout out" in result.stderr


def test_who_has_had_none_gets_it_with_the_appointment(shop: Shop) -> None:
    page = shop.run("make", PAGE, "--set", "appointment=2026-11-25", "--format", "text", "-o", "-", *DAY).output

    assert "[ ] My appointment: Wednesday, November 25, 2026" in page
    assert "Do not start with any opioid in your body" in page and "at least 7 to 10 days" in page


def test_in_a_list_the_other_pages_are_printed_and_somebody_is_told(shop: Shop) -> None:
    rows = (
        "code,form,reason,interval,last_dose,handouts\n"
        "P-1,injection,opioid,4 weeks,2026-11-20,overdose-warning before-first-dose\n"
        "P-2,injection,opioid,,,before-first-dose\n"
    )
    (shop.root / "list.csv").write_text(rows, "utf-8")
    result = shop.run("batch", "list.csv", "--separate", "pages", *DAY)
    files = sorted(path.name for path in (shop.root / "pages").glob("*.pdf"))

    assert result.exit_code == 1 and "would be wrong for this person" in result.stderr
    assert [name for name in files if "P-1" in name] == ["DRAFT-P-1-overdose-warning-en.pdf"]
    assert [name for name in files if "P-2" in name] == [f"DRAFT-P-2-{PAGE}-en.pdf"]


def test_naloxone_is_for_everybody(shop: Shop) -> None:
    for given in ("last_dose=2026-11-20", "stopped=yes", "reason=alcohol"):
        assert shop.run("make", "how-to-use-naloxone", "--set", given, *DAY).exit_code == 0
