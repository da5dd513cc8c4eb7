"""Reports as a clerk gets them: commands, files, pages, and nobody's name. Made-up people only."""

from __future__ import annotations

import json
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pypdfium2
import pytest

from press.cli import common
from press.content.fields import FORMS, MODES, REASONS
from press.delivery.destination import Target
from press.delivery.ledger import LedgerRow, Mark, open_ledger
from press.document.nodes import Bar, Figure
from press.reports.data import KINDS
from press.reports.page import deliver_card, read_words
from press.reports.signing_packet import make_packet
from press.runs.signing import WordsToSign
from press.writers.html import write_html
from press.writers.pdf.model import BoxItem, TextItem
from press.writers.pdf.writer import write_pdf
from press.writers.text import write_text
from tests.helpers import bare_document, press
from tests.rigs import verapdf_rig, web_rig
from tests.rigs.browser import Browser
from tests.rigs.read_back import Reading
from tests.support import ROOT, TODAY, Shop, copied, folded

DAY = ("--today", "2026-11-23")
LIST = """Code,Name,Form,Reason,Last dose,Interval,Appointment,Prescriber
P-1,Ana Zerbinetta,injection,opioid,2026-10-31,4 weeks,,Dr. Sarastro
P-2,Bo Papagena,injection,opioid,2026-10-20,4 weeks,2026-11-20,Dr. Sarastro
P-3,Cy Despina,injection,alcohol,2026-10-24,month,,Dr. Sarastro
P-4,Di Marcellina,injection,alcohol,,,,Dr. Sarastro
P-5,Ed Figaro,injection,opioid,3/4/26,4 weeks,,Dr. Sarastro
P-6,Flo Barbarina,tablet,alcohol,2026-11-22,2 days,,Dr. Sarastro
"""
NAMES = ("Zerbinetta", "Papagena", "Despina", "Marcellina", "Figaro", "Barbarina", "Sarastro", "3/4/26")
REPORTS = {
    "due": ("due", "list.csv"),
    "given": ("given",),
    "recall": ("recall", "overdose-warning", "--before", "1.10.0"),
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    root = copied(tmp_path)
    monkeypatch.setattr(common, "ROOT", root)
    monkeypatch.chdir(root)
    (root / "list.csv").write_text(LIST, "utf-8")
    found = Shop(root)
    found.edit("config.yaml", 'name: ""', 'name: "Made-up Clinic"')
    return found


@pytest.fixture
def kept(shop: Shop) -> Shop:
    """A shop whose ledger holds what was printed for some made-up people, one page of it given and one void."""
    give(
        shop,
        given("P-1", "1.9.0", "2026-11-01"), given("P-1", "1.10.0", "2026-11-20"), given("P-2", "1.9.0", "2026-11-02"),
        given("P-3", "1.2.0", "2026-11-02", language="es", state="draft"), given("P-4", "1.2.0", "2026-11-03"), given("P-6", "1.0.0", "2025-01-01"),
        given("P-2", "1.0.0", "2026-11-02", handout="benefits", edition="large-print", sheets=2),
    )  # fmt: skip
    mark(shop, "2026-11-20", Mark.GIVEN)
    mark(shop, "2026-11-03", Mark.VOID)
    return shop


def given(code: str, version: str, day: str, **more: object) -> LedgerRow:
    usual = {
        "handout": "overdose-warning",
        "fingerprint": "abc1234",
        "language": "en",
        "edition": "standard",
        "state": "final",
    }
    return LedgerRow(
        **{"at": f"{day}T10:00:00-05:00", "code": code, "version": version, "run": day, "sheets": 1, **usual, **more}
    )


def give(shop: Shop, *rows: LedgerRow) -> None:
    with open_ledger(shop.root / "ledger.sqlite") as ledger, ledger.printing(rows):
        pass


def mark(shop: Shop, run: str, mark: Mark) -> None:
    with open_ledger(shop.root / "ledger.sqlite") as ledger, ledger.holding():
        for row in list(ledger.of_run(run)):
            ledger.mark(row, mark, "2026-11-21T10:00:00-05:00")


def run(shop: Shop, *args: str) -> tuple[int, str, str]:
    result = shop.run("report", *args, *DAY)
    return result.exit_code, result.stdout, result.stderr


def data_of(shop: Shop, *args: str) -> dict[str, object]:
    return json.loads(run(shop, *args, "--json")[1])


def words(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    try:
        return folded(" ".join(page.get_textpage().get_text_range() for page in document))
    finally:
        document.close()


# What a report says


def test_due_says_who_when_and_what_to_do(shop: Shop) -> None:
    code, path, told = run(shop, "due", "list.csv")
    text = words(Path(path.strip()).read_bytes())

    assert code == 1 and "not counted: 1 (row 6)" in told
    for said in (
        "Made-up Clinic", "From Mon, Nov 23, 2026 to Mon, Dec 7, 2026", "Overdue: 1", "P-2 Tue, Nov 17, 2026 6 shot",
        "The appointment lies before today.", "P-3 Tue, Nov 24, 2026 shot More danger from Sat, Nov 21, 2026.",
        "P-1 Sat, Nov 28, 2026 shot Closed on the due day. Earlier open day: Fri, Nov 27, 2026.", "P-4 5",
        "last_dose: expected a date as YYYY-MM-DD.", "For staff. Holds codes of patients: keep it as you keep records.",
        "Made-up Clinic · Mon, Nov 23, 2026 · Page 1 of 2",
    ):  # fmt: skip
        assert said in text, said
    assert "DRAFT" not in text


def test_a_report_is_a_table_for_a_spreadsheet(kept: Shop) -> None:
    found = {name: run(kept, *args, "--csv")[1].removeprefix("\ufeff").splitlines() for name, args in REPORTS.items()}

    assert found["due"][0].startswith("state,code,row") and found["due"][1].startswith("overdue,P-2,")
    assert "benefits,1.0.0,en,large-print,final,1,2,0,0,0" in found["given"]
    assert any(line.startswith("no,P-2,2026-11-02,1.9.0") for line in found["recall"])


def test_due_of_another_day_looks_ahead_from_that_day(shop: Shop) -> None:
    tomorrow, later = (
        data_of(shop, "due", "list.csv", "--day", "tomorrow"),
        data_of(shop, "due", "list.csv", "--day", "2026-11-25"),
    )

    assert (tomorrow["day"], tomorrow["first"], tomorrow["last"]) == ("2026-11-24", "2026-11-24", "2026-12-08")
    assert [(one["code"], one["late"]) for one in tomorrow["overdue"]] == [("P-2", 7)]
    assert {one["code"] for one in tomorrow["due"]} >= {"P-3"}
    assert [(one["code"], one["late"]) for one in later["overdue"]] == [("P-2", 8), ("P-3", 1), ("P-6", 1)]
    for wrong in ("2026-11-22", "2026-12-08", "soon"):
        assert run(shop, "due", "list.csv", "--day", wrong)[0] in (1, 2), wrong


def test_the_calendar_counts_the_doses_of_each_day(shop: Shop) -> None:
    data = Path(run(shop, "due", "list.csv", "-o", "due.pdf")[1].strip()).read_bytes()
    reading = Reading(data)
    tables = [[word for _, word in reading.tags(e)] for e in reading.elements() if e.S == "/Table"]
    (november, december) = (
        table for table in tables if any(" 2026" in word and len(word.split()) == 3 for word in table[:3])
    )

    cells = [word.partition(": ")[2] for word in november if ": " in word]
    assert cells[:8] == ["November 2026", "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    assert {"24 2 due", "28 1 due closed", "29 closed", "23", "22"} <= set(cells) and "15" not in cells
    assert "TH scope=Column" in november and "7" in " ".join(december) and "13" not in " ".join(december)


def test_given_counts_what_stands_in_these_days(kept: Shop) -> None:
    data = data_of(kept, "given")
    assert (data["first"], data["last"], data["people"], data["handouts"], data["sheets"]) == (
        "2026-10-27",
        "2026-11-23",
        4,
        6,
        7,
    )
    assert [data[name] for name in ("given", "not_collected", "void", "unmarked")] == [1, 0, 1, 4]
    assert data_of(kept, "given", "--from", "2025-01-01", "--to", "2025-01-01")["handouts"] == 1
    assert data_of(kept, "given", "--from", "2026-11-02", "--to", "2026-11-03")["handouts"] == 4

    text = words(Path(run(kept, "given")[1].strip()).read_bytes())
    for said in (
        "By handout overdose-warning 5 benefits 1 By language English 5 Spanish 1",
        "Printed: 6 • Given: 1 • Not collected: 0 • Void: 1 • Not marked: 4",
        "overdose-warning 1.10.0 English 1 1 0 0 0",
        "overdose-warning 1.2.0 English 1 0 0 1 0",
        "overdose-warning 1.10.0 English standard yes 1 1",
    ):
        assert said in text
    assert "P-" not in text.replace("PDF", "") and "Holds codes" not in text


def test_recall_says_whom_to_reach(kept: Shop) -> None:
    code, path, _ = run(kept, *REPORTS["recall"])
    text = words(Path(path.strip()).read_bytes())
    held, replaced = text.split("Were given a newer version since: 1 These")

    assert code == 0 and "Recall: overdose-warning before version 1.10.0" in held
    assert (
        "P-2 Mon, Nov 2, 2026 1.9.0 English yes not marked P-3 Mon, Nov 2, 2026 1.2.0 Spanish no: draft not marked P-6 Wed, Jan 1, 2025"
        in held
    )
    assert "P-1 Sun, Nov 1, 2026 1.9.0 English 1.10.0 Fri, Nov 20, 2026" in replaced and "P-1" not in held
    assert "P-4" not in text, "a void page is in nobody's hands"


def test_a_version_that_no_handout_has_reached_is_told(kept: Shop) -> None:
    assert "stands at version" in run(kept, *REPORTS["recall"])[2]
    assert run(kept, "recall", "overdose-warning", "--before", "1.0.0")[2] == ""


def test_a_handout_that_is_no_longer_here_can_still_be_recalled(kept: Shop) -> None:
    give(kept, given("P-9", "1.0.0", "2026-11-05", handout="old-page"))
    assert [held["code"] for held in data_of(kept, "recall", "old-page", "--before", "2.0.0")["held"]] == ["P-9"]


def test_the_batch_report_says_what_was_printed_and_who_was_refused(shop: Shop) -> None:
    result = shop.run("batch", "list.csv", "overdose-warning", "--separate", "run", "--report", "run.pdf", *DAY)
    text = words((shop.root / "run.pdf").read_bytes())

    assert result.exit_code == 1 and "needs you: 2 (rows 3 and 6: undated overdose warning only)" in result.output
    for said in (
        "What became of a list", "People: 6", "Handouts: 6", "Need you: 2", "Refused: 0",
        "3 P-2 undated overdose warning only appointment: the appointment lies before today.",
        "6 P-5 undated overdose warning only last_dose: expected a date as YYYY-MM-DD.",
        "overdose-warning 6 By language English 6", "no: draft 6 6",
    ):  # fmt: skip
        assert said in text, said
    assert not any(name in text for name in NAMES)


@pytest.mark.parametrize(("more", "sheets"), [((), 6), (("--simplex",), 10)])
def test_the_report_of_a_merged_job_counts_its_sheets(more: tuple[str, ...], sheets: int, shop: Shop) -> None:
    shop.run("batch", "list.csv", "side-effects", "--merged", "job.pdf", *more, "--report", "job.txt", *DAY)
    text = (shop.root / "job.txt").read_text("utf-8")
    assert "People: 6" in text and f"Sheets of paper: {sheets}" in text
    again = shop.run(
        "batch",
        "list.csv",
        "side-effects",
        "--merged",
        "job.pdf",
        *more,
        "--from-sheet",
        "2",
        "--report",
        "x.txt",
        *DAY,
    )
    assert again.exit_code == 2


def test_a_dry_run_reports_the_refusals_and_nothing_printed(shop: Shop) -> None:
    shop.run("batch", "list.csv", "overdose-warning", "--dry-run", "--report", "dry.txt", *DAY)
    text = (shop.root / "dry.txt").read_text("utf-8")
    assert "People: 0" in text and "Need you: 2" in text and "overdose-warning" not in text
    result = shop.run("batch", "list.csv", "--dry-run", "--report", "dry.doc", *DAY)
    assert result.exit_code == 2 and not (shop.root / "dry.doc").exists()
    inside = shop.run("batch", "list.csv", "--separate", "run", "--report", "run/report.pdf", *DAY)
    assert inside.exit_code == 2 and not (shop.root / "run").exists()


# Nobody's name


@pytest.mark.parametrize("form", ["pdf", "html", "text", "json"])
def test_no_name_is_in_any_report(form: str, kept: Shop) -> None:
    for name, args in REPORTS.items():
        more = ("--json",) if form == "json" else ("--format", form, "-o", "made")
        result = kept.run("report", *args, *more, *DAY)
        assert not [canary for canary in NAMES if canary in result.output], name
    made = list((kept.root / "made").glob("*"))
    assert len(made) == (0 if form == "json" else 3)
    for path in made:
        data = path.read_bytes()
        text = words(data) if form == "pdf" else data.decode("utf-8")
        assert text and not [
            canary for canary in NAMES if canary in text or canary.encode() in data or canary in path.name
        ]
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600 or os.name != "posix"


def test_the_title_of_the_file_names_nobody(kept: Shop) -> None:
    for args in REPORTS.values():
        pdf = Reading(Path(run(kept, *args)[1].strip()).read_bytes()).pdf
        assert "P-" not in str(pdf.docinfo) and "P-" not in str(pdf.Root.Metadata.read_bytes())


# Where it goes, and wrong use


def test_the_same_words_in_every_form(kept: Shop) -> None:
    text = folded(run(kept, "due", "list.csv", "--format", "text", "-o", "-")[1])
    html = run(kept, "due", "list.csv", "--format", "html", "-o", "-")[1]
    assert "P-3: Due: Tue, Nov 24, 2026; Takes: shot; Note: More danger from Sat, Nov 21, 2026." in text
    assert "Page" not in text and html.startswith("<!DOCTYPE html>") and "Nov\N{NO-BREAK SPACE}21" in html
    assert "<script" not in html and "November 2026" not in text, "a grid cannot be heard; the rows name each day"


def test_a_file_an_own_folder_and_the_usual_one(kept: Shop) -> None:
    assert run(kept, "given", "-o", "x.pdf")[1].strip() == str(kept.root / "x.pdf")
    assert Path(run(kept, "given", "-o", "there")[1].strip()) == kept.root / "there" / "report-given-2026-11-23.pdf"
    assert Path(run(kept, "given", "--format", "text")[1].strip()) == kept.root / "out" / "report-given-2026-11-23.txt"


@pytest.mark.parametrize(
    "args",
    [
        ("due",), ("due", "list.csv", "--to", "2026-11-22"), ("due", "list.csv", "--from", "2026-01-01", "--to", "2027-06-01"),
        ("due", "list.csv", "-o", "x.html"), ("due", "list.csv", "--json", "-o", "x.json"), ("given", "--csv", "--json"), ("given", "--csv", "-o", "x.csv"), ("card", "--csv"), ("given", "--from", "2026-12-01"),
        ("recall", "overdose-warning"), ("recall", "overdose-warning", "--before", "1.2"), ("recall", "--before", "1.2.0"), ("what",),
    ],
)  # fmt: skip
def test_wrong_use_ends_with_two(args: tuple[str, ...], kept: Shop) -> None:
    assert run(kept, *args)[0] == 2


@pytest.mark.parametrize("option", ["--from", "--to", "--today"])
def test_a_date_that_is_none_is_told_without_it(option: str, shop: Shop) -> None:
    result = shop.run("report", "due", "list.csv", option, "05/06/2027")
    assert (
        result.exit_code == 1 and "expected a date as YYYY-MM-DD" in result.output and "05/06/2027" not in result.output
    )


def test_without_a_ledger_nothing_is_claimed(shop: Shop) -> None:
    """A report of nothing, from a path that is wrong, would tell a nurse that nobody is to be reached."""
    for name in ("given", "recall"):
        code, made, told = run(shop, *REPORTS[name])
        assert code == 1 and not made and "there is no ledger" in told and "nothing was printed yet" in told
    assert not (shop.root / "ledger.sqlite").exists()


def test_a_ledger_with_no_rows_is_a_report_of_nothing(shop: Shop) -> None:
    give(shop)
    code, path, _ = run(shop, "given")
    assert code == 0 and "Nothing was printed." in words(Path(path.strip()).read_bytes())
    code, path, _ = run(shop, *REPORTS["recall"])
    assert code == 0 and "Nobody in the ledger holds an older version alone." in words(Path(path.strip()).read_bytes())


def test_a_handout_that_never_was_is_refused_without_its_name(kept: Shop) -> None:
    code, _, told = run(kept, "recall", "Zerbinetta", "--before", "1.0.0")
    assert code == 1 and "there is no such handout" in told and "Zerbinetta" not in told
    assert "did you mean `overdose-warning`" in run(kept, "recall", "overdose-warnings", "--before", "1.0.0")[2]


def test_a_list_with_nobody_due(shop: Shop) -> None:
    (shop.root / "list.csv").write_text("Code,Form,Last dose,Interval\nP-1,injection,2026-11-20,4 weeks\n", "utf-8")
    code, path, _ = run(shop, "due", "list.csv")
    text = words(Path(path.strip()).read_bytes())
    assert code == 0 and "Due in these days: 0 Nobody." in text and "Due after these days: 1" in text
    (shop.root / "list.csv").write_text("Code,Form,Last dose\n", "utf-8")
    assert run(shop, "due", "list.csv")[0] == 1


def test_a_report_without_its_words_names_the_file(kept: Shop) -> None:
    kept.edit("templates/report-words/en.yaml", "  held-note:", "  hold-note:")
    code, _, told = run(kept, *REPORTS["recall"])
    assert code == 1 and "templates/report.xhtml.j2" in told and "`held_note`" in told and "`hold_note`" in told


def test_every_word_is_used_and_every_one_that_is_used_is_there() -> None:
    template = (ROOT / "templates" / "report.xhtml.j2").read_text("utf-8")
    code = "".join(
        (ROOT / "press" / "reports" / f"{name}.py").read_text("utf-8")
        for name in ("page", "signing_packet", "teach_back")
    )
    texts = read_words(press())
    used = {name.replace("_", "-") for name in re.findall(r"word\.([a-z0-9_]+)", template)}

    assert len(used) > 30 and used <= set(texts)
    asked = {*KINDS.values(), *(f"{kind}-{name}" for kind, names in PARTS.items() for name in names)}
    assert asked <= set(texts)
    left = {name for name in set(texts) - used - asked if name not in code and name.replace("-", "_") not in code}
    assert left == set()


PARTS = {
    "form": FORMS, "reason": REASONS, "mode": MODES,
    "state": ("final", "draft"), "by": ("handout", "language"), "bars": ("handout", "language"), "mark": ("printed", "given"),
}  # fmt: skip


def test_the_same_report_has_the_same_bytes(kept: Shop) -> None:
    for form in ("pdf", "html"):
        one, other = (
            Path(run(kept, *REPORTS["recall"], "--format", form, "-o", name)[1].strip()) for name in ("a", "b")
        )
        assert one != other and one.read_bytes() == other.read_bytes()


# The pages


def long_list(count: int) -> str:
    days = (date(2026, 10, 28) + timedelta(days=number % 12) for number in range(count))
    rows = (f"P-{number:04},injection,{day},4 weeks" for number, day in enumerate(days))
    return "\n".join(("Code,Form,Last dose,Interval", *rows)) + "\n"


def test_five_hundred_rows_stand_on_many_pages_each_below_the_head(shop: Shop) -> None:
    (shop.root / "list.csv").write_text(long_list(500), "utf-8")
    code, path, _ = run(shop, "due", "list.csv", "--to", "2026-12-31")
    reading = Reading(Path(path.strip()).read_bytes())
    pages = [" ".join(" ".join(shown.text for shown in page.shown).split()) for page in reading.pages]

    assert code == 0 and len(pages) > 8
    assert all(f"Page {number} of {len(pages)}" in text for number, text in enumerate(pages, 1))
    assert all("Appointment" in text for text in pages)
    seen = Counter(word for text in pages for word in text.split() if word.startswith("P-"))
    assert len(seen) == 500 and set(seen.values()) == {1}
    roles = Counter(str(element.S) for element in reading.elements())
    assert roles["/TH"] < 600, "a head that is printed again is not read again"


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """Each report on each paper and as a web page, printed once."""
    folder = tmp_path_factory.mktemp("reports")
    with pytest.MonkeyPatch.context() as patch:
        root = copied(folder)
        patch.setattr(common, "ROOT", root)
        patch.chdir(root)
        (root / "list.csv").write_text(LIST, "utf-8")
        found = Shop(root)
        give(
            found,
            *(given(f"P-{n}", f"1.{n}.0", "2026-11-02", handout=f"page-{n % 15}") for n in range(40)),
            given("P-1", "1.0.0", "2026-11-03"),
        )
        paths = {}
        for name, args in REPORTS.items():
            for more in (("--paper", "letter"), ("--paper", "a4"), ("--format", "html")):
                path = root / f"{name}-{more[1]}.{'html' if 'html' in more else 'pdf'}"
                run(found, *args, *more, "-o", path.name)
                paths[path.name] = path
        found.run("batch", "list.csv", "overdose-warning", "--separate", "run", "--report", "batch.pdf", *DAY)
        yield paths | {"batch.pdf": root / "batch.pdf"}


def test_every_report_conforms(printed: dict[str, Path], tmp_path: Path, rig: None) -> None:
    files = [path for name, path in printed.items() if name.endswith(".pdf")]
    words = WordsToSign(press().handout("wallet-card", "en"), (), ())
    deliver_card(press(), TODAY, "pdf", Target(tmp_path, "card.pdf"))
    (tmp_path / "packet.pdf").write_bytes(make_packet(press(), words, TODAY).data)
    verdicts = verapdf_rig.validate([*files, *sorted(tmp_path.iterdir())], ("ua1", "2a"))
    assert len(verdicts) == 18 and [str(verdict) for verdict in verdicts if not verdict.compliant] == []


@pytest.mark.parametrize(("paper", "size"), [("a4", [595.28, 841.89]), ("letter", [612, 792])])
def test_the_paper_is_what_was_asked_for(paper: str, size: list[float], printed: dict[str, Path]) -> None:
    reading = Reading(printed[f"due-{paper}.pdf"].read_bytes())
    assert [float(side) for side in reading.pdf.pages[0].MediaBox][2:] == size


def test_drawings_have_words_and_a_frame_on_the_page(printed: dict[str, Path]) -> None:
    reading = Reading(printed["given-letter.pdf"].read_bytes())
    drawings = [element for element in reading.elements() if element.S == "/Figure"]
    assert len(drawings) == 2
    for drawing in drawings:
        left, bottom, right, top = (float(side) for side in drawing.A.BBox)
        assert 54 <= left < right <= 612 - 54 + 1 and 0 < bottom < top < 792 and str(drawing.A.O) == "/Layout"
        assert str(drawing.Alt).startswith("Bars: how many")
        (mark,) = reading.marks(drawing)
        drawn = [shown for shown in reading.pages[mark[0] - 1].shown if shown.mcid == mark[1]]
        assert {"S", "f", "Tj"} <= {shown.operator for shown in drawn}, (
            "the bars belong to the drawing, not only its words"
        )


def test_many_bars_end_in_one_for_the_rest(printed: dict[str, Path]) -> None:
    reading = Reading(printed["given-letter.pdf"].read_bytes())
    spoken = reading.spoken(next(element for element in reading.elements() if element.S == "/Figure"))
    assert "all others" in spoken and sum(word.isdigit() for word in spoken.split()) == 13


def test_web_pages_of_reports_are_valid_and_accessible(printed: dict[str, Path], chromium: Browser) -> None:
    pages = [path for name, path in printed.items() if name.endswith(".html")]
    assert len(pages) == 3 and set(web_rig.validate(pages).values()) == {()}
    for path in pages:
        for wide in (1280, 640):
            chromium.screen(wide)
            chromium.open(path)
            assert web_rig.inspect(chromium) == (), path.name
            assert chromium.run("document.documentElement.scrollWidth") <= wide


def test_a_code_as_long_as_can_be_breaks_no_date(shop: Shop) -> None:
    shop.edit("config.yaml", "codes: numbered", "codes: any")
    code, other = "ABCDEFGHIJ" * 6 + "ABCD", "abcdefghijklmnopqrstuvwxyz0123456789"
    (shop.root / "list.csv").write_text(
        f"Code,Form,Last dose,Interval,Appointment\n{code},injection,2026-10-31,4 weeks,2026-11-28\n{other},injection,2026-10-20,4 weeks,\n",
        "utf-8",
    )
    for paper in ("letter", "a4"):
        text = words(Path(run(shop, "due", "list.csv", "--paper", paper)[1].strip()).read_bytes())
        assert code in text.replace(" ", "") and other in text.replace(" ", "")
        assert "Sat, Nov 28, 2026 shot Sat, Nov 28, 2026" in text and "Tue, Nov 17, 2026 6 shot" in text


# Bars


def figure(*amounts: int, label: str = "page") -> Figure:
    return Figure(tuple(Bar(f"{label}-{number}", amount) for number, amount in enumerate(amounts)), "Bars: how many")


def test_bars_are_as_long_as_their_numbers() -> None:
    printed = write_pdf(bare_document(figure(10, 5, 0, 1)), press().sheet("report", "letter"))
    bars = [item for page in printed.layout.pages for item in page.items if isinstance(item, BoxItem) and item.element]
    lines = [
        item.line.text.split() for page in printed.layout.pages for item in page.items if isinstance(item, TextItem)
    ]

    assert [round(bar.width / bars[0].width, 2) for bar in bars] == [1.0, 0.5, 0.1]
    assert lines[1:] == [["page-0", "10"], ["page-1", "5"], ["page-2", "0"], ["page-3", "1"]]


@pytest.mark.parametrize("label", ["a" * 120, "a-handout with-a-very-long-name " * 4])
def test_long_words_before_bars_are_whole(label: str) -> None:
    """The writer proves that every letter stands inside the frame."""
    printed = write_pdf(bare_document(figure(3, 1234567, label=label)), press().sheet("report", "letter"))
    assert folded(label).replace(" ", "") in words(printed.data).replace(" ", "")


def test_the_same_bars_in_every_form() -> None:
    sheet = press().sheet("report", "letter")
    assert "0" in words(write_pdf(bare_document(figure(0)), sheet).data)
    html = write_html(bare_document(figure(4, 2)), sheet).data.decode("utf-8")
    assert 'role="img" aria-label="Bars: how many"' in html and 'width="100"' in html and 'width="50"' in html
    assert "page-1" not in write_text(bare_document(figure(4, 2))).data.decode("utf-8")
