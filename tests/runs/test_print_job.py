"""A clinic's list as one print job: order, sheets, footers, bookmarks, tags, and printing again from a sheet."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import cache, partial
from io import BytesIO

import pikepdf
import pypdfium2
import pytest

import press.runs.print_job
import press.writers.pdf.reuse.forme
from press.delivery import manifest, run_folder
from press.delivery.ledger import Mark, open_ledger
from press.document.nodes import Numbering
from press.runs import merged_run
from tests.rigs import verapdf_rig
from tests.rigs.faults import Deadly, Faulty
from tests.rigs.read_back import Reading
from tests.rigs.waiting import HANGS
from tests.runs.test_batch import LIST, NAMES, given
from tests.support import ROOT, Shop

DAY = ("--today", "2026-11-23")
MIXED = """Code,Name,Form,Reason,Interval,Last dose,Language,Edition,Handouts
P-1,Ana Zerbinetta,injection,opioid,4 weeks,2026-11-23,es,,"overdose-warning, benefits"
P-2,Владимир Papagena,tablet,alcohol,,,en,large-print,overdose-warning
P-3,محمد Despina,injection,alcohol,4 weeks,2026-11-20,,,overdose-warning
"""
posix_only = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")


@pytest.fixture(autouse=True)
def on_a_list(shop: Shop) -> None:
    """Three made-up people on a list."""
    (shop.root / "list.csv").write_text(LIST, "utf-8")


def merged(shop: Shop, *args: str) -> tuple[int, str, str]:
    result = shop.run("batch", "list.csv", "--merged", "jobs/today.pdf", *args, *DAY)
    return result.exit_code, result.stdout, result.stderr


def job(shop: Shop, name: str = "today.pdf") -> bytes:
    return (shop.root / "jobs" / name).read_bytes()


@cache
def sides(data: bytes) -> tuple[str, ...]:
    """The words of each side."""
    document = pypdfium2.PdfDocument(data)
    try:
        return tuple(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def counted(data: bytes) -> list[tuple[int, int, str, int] | None]:
    """What each footer says: page, pages, run, sheet; None for a side without a footer."""
    found = (
        re.search(r"(?:Page|Página) (\d+) (?:of|de) (\d+) · ([A-Z2-9]{6})-(\d+)", " ".join(text.split()))
        for text in sides(data)
    )
    return [(int(m[1]), int(m[2]), m[3], int(m[4])) if m else None for m in found]


# Order and sheets


def test_everybody_in_the_order_of_the_list_each_on_new_sheets(shop: Shop) -> None:
    code, told, _ = merged(shop)
    assert code == 0 and told.startswith("printed for 3 people, 9 handouts\nsheets: 9\n")
    found = counted(job(shop))
    assert len(found) == 18 and len({one[2] for one in found if one}) == 1
    whose = [next((code for code, name in NAMES.items() if name in text), None) for text in sides(job(shop))]
    firsts = {code: whose.index(code) for code in NAMES}
    assert list(firsts) == sorted(firsts, key=firsts.get) and all(first % 2 == 0 for first in firsts.values())


def test_pages_are_counted_for_each_person_and_sheets_for_the_job(shop: Shop) -> None:
    merged(shop)
    found = counted(job(shop))
    assert [one and one[:2] for one in found] == [(1, 5), (2, 5), (3, 5), None, (4, 5), (5, 5)] * 3
    assert [one[3] for one in found if one] == [
        sheet for person in range(3) for sheet in (1, 1, 2, 3, 3) for sheet in (sheet + 3 * person,)
    ]
    assert all(one[3] == side // 2 + 1 for side, one in enumerate(found) if one)


def test_one_side_on_a_sheet_has_no_blank_sides(shop: Shop) -> None:
    code, told, _ = merged(shop, "--simplex")
    found = counted(job(shop))
    assert code == 0 and "sheets: 15" in told and None not in found and len(found) == 15
    assert [one[3] for one in found if one] == list(range(1, 16))


def test_a_blank_side_says_so_only_if_the_clinic_wants_it(shop: Shop) -> None:
    merged(shop)
    assert sides(job(shop))[3].strip() == ""
    with (shop.root / "config.yaml").open("a", encoding="utf-8") as config:
        config.write("\nblank_sides: yes\n")
    merged(shop)
    assert sides(job(shop))[3].strip() == "This side is blank on purpose."


def test_who_is_refused_is_left_out_and_told(shop: Shop) -> None:
    shop.edit("list.csv", "P-2,Bo Papagena,tablet,alcohol,,,2026-12-01", "P-2,Bo Papagena,pills,alcohol,3 days,3/4/26,")
    code, told, errors = merged(shop)
    assert code == 1 and "printed for 2 people" in told and "row 3, column form" in errors
    assert not [text for text in sides(job(shop)) if "Papagena" in text] and len(sides(job(shop))) == 12


def test_the_words_of_blank_sides_are_laid_out_once_for_everybody(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    (shop.root / "config.yaml").write_text(
        (shop.root / "config.yaml").read_text("utf-8") + "\nblank_sides: yes\n", "utf-8"
    )
    people = [f"P-{n},injection,opioid,overdose-warning" for n in range(12)]
    (shop.root / "list.csv").write_text("\n".join(["Code,Form,Reason,Handouts", *people]), "utf-8")
    real, planned = press.writers.pdf.reuse.forme.fit, []
    monkeypatch.setattr(press.writers.pdf.reuse.forme, "fit", lambda *args: planned.append(args) or real(*args))
    assert merged(shop)[0] == 0
    with pikepdf.open(BytesIO(job(shop))) as pdf:
        assert len(pdf.pages) == 24 and len(planned) < 6


def test_words_for_blank_sides_that_would_be_one_persons_are_refused(shop: Shop) -> None:
    (shop.root / "config.yaml").write_text(
        (shop.root / "config.yaml").read_text("utf-8") + "\nblank_sides: yes\n", "utf-8"
    )
    words = shop.root / "handouts/phrases/en.yaml"
    old = next(line for line in words.read_text("utf-8").splitlines() if line.strip().startswith("blank-side:"))
    shop.edit("handouts/phrases/en.yaml", old, '  blank-side: "For {name}"')
    (shop.root / "list.csv").write_text(
        "Code,Name,Form,Reason,Handouts\nP-1,Ana Zerbinetta,tablet,alcohol,overdose-warning\n", "utf-8"
    )
    code, _, errors = merged(shop)
    assert code == 1 and "{name} cannot stand on a blank side" in errors and "Zerbinetta" not in errors


def test_nobody_left_makes_no_file(shop: Shop) -> None:
    (shop.root / "list.csv").write_text("Code,Form,Last dose\nP-1,pills,3/4/26\n", "utf-8")
    assert merged(shop)[0] == 1 and not (shop.root / "jobs" / "today.pdf").exists()


def test_the_same_command_makes_the_same_bytes(shop: Shop) -> None:
    merged(shop)
    before = job(shop), given(shop)
    assert merged(shop)[0] == 0 and (job(shop), given(shop)) == before


# Nobody gets another's page


def test_each_range_of_sides_names_its_own_reader_only(shop: Shop) -> None:
    merged(shop)
    for number, code in enumerate(NAMES):
        text = " ".join(sides(job(shop))[6 * number : 6 * number + 6])
        assert NAMES[code] in text
        assert not [other for other in NAMES if other != code and NAMES[other] in text]


def test_a_job_that_mixes_people_up_is_never_delivered(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache with a key that forgets the person: everybody gets the first one's pages."""
    real, kept = press.runs.print_job.lay_out_one, {}

    def forgetful(press_: object, made: object, run: str, numbering: Numbering) -> object:
        return kept.setdefault((made.topic, numbering.first), real(press_, made, run, numbering))

    monkeypatch.setattr(press.runs.print_job, "lay_out_one", forgetful)
    result = shop.run("batch", "list.csv", "--merged", "jobs/today.pdf", *DAY)
    assert result.exit_code == 3 and "WrongPatientError" in result.output
    assert not (shop.root / "jobs" / "today.pdf").exists() and given(shop) == []
    assert not [name for name in NAMES.values() if name in result.output]


# The file


@pytest.fixture
def mixed(shop: Shop) -> Shop:
    """Three people in two languages, two editions and three scripts."""
    (shop.root / "list.csv").write_text(MIXED, "utf-8")
    assert merged(shop)[0] == 0
    return shop


def test_bookmarks_lead_to_each_persons_first_side(mixed: Shop) -> None:
    with pikepdf.open(mixed.root / "jobs" / "today.pdf") as file, file.open_outline() as outline:
        pages = [page.obj.objgen for page in file.pages]
        found = {item.title: pages.index(item.destination[0].objgen) for item in outline.root}
    footers = counted(job(mixed))
    assert list(found) == ["P-1", "P-2", "P-3"]
    assert [footers[side][0] for side in found.values()] == [1, 1, 1]


def test_each_person_is_a_part_in_its_own_language(mixed: Shop) -> None:
    reading = Reading(job(mixed))
    parts = [element for element in reading.elements() if element.S == "/Part"]
    assert [str(part.Lang) for part in parts] == ["es", "en", "en"]
    assert all({str(kid.S) for kid in part.K} == {"/Art"} for part in parts)
    assert [len(list(part.K)) for part in parts] == [2, 1, 1]


@pytest.mark.usefixtures("rig")
def test_jobs_comply_with_pdf_ua_1_and_pdf_a_2a(mixed: Shop) -> None:
    sheet = max(one[3] for one in counted(job(mixed)) if one)
    assert merged(mixed, "--from-sheet", "2")[0] == 0 and merged(mixed, "--from-sheet", str(sheet))[0] == 0
    assert mixed.run("batch", "list.csv", "--merged", "jobs/cover.pdf", "--cover", *DAY).exit_code == 0
    files = sorted((mixed.root / "jobs").glob("*.pdf"))
    assert len(files) == 4
    verdicts = verapdf_rig.validate(files, ("ua1", "2a"))
    assert len(verdicts) == 8 and not [str(verdict) for verdict in verdicts if not verdict.compliant]


def test_no_name_is_in_the_title_the_bookmarks_or_the_record(shop: Shop) -> None:
    merged(shop)
    with pikepdf.open(shop.root / "jobs" / "today.pdf") as file:
        told = str(file.docinfo) + str(file.Root.Metadata.read_bytes())
        with file.open_outline() as outline:
            told += " ".join(item.title for item in outline.root)
    record = (shop.root / "jobs" / ".press" / "today.pdf.json").read_text("ascii")
    assert not [name for name in NAMES.values() if name in told + record]


def test_ctrl_c_leaves_no_job_and_says_so(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    real, seen = press.runs.print_job.lay_out_one, []

    def stop(*args: object) -> object:
        seen.append(args)
        if len(seen) == 7:
            raise KeyboardInterrupt
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(press.runs.print_job, "lay_out_one", stop)
        code, out, errors = merged(shop)
    assert (code, out) == (130, "") and "stopped; nothing was printed" in errors
    assert not (shop.root / "jobs" / "today.pdf").exists() and given(shop) == []
    assert merged(shop, "--resume")[0] == 0 and len(given(shop)) == 9


# From a sheet on


def test_from_a_sheet_on_the_same_pages_come_again(shop: Shop) -> None:
    merged(shop)
    whole = sides(job(shop))
    for sheet in (1, 2, 5, 9):
        code, told, _ = merged(shop, "--from-sheet", str(sheet))
        again = sides(job(shop, f"today-from-sheet-{sheet}.pdf"))
        assert code == 0 and again == whole[2 * (sheet - 1) :], sheet
        assert f"sheets {sheet} to 9" in told
    assert len(given(shop)) == 9, "what is printed again is not given twice"


def test_from_a_sheet_that_is_not_there_is_refused(shop: Shop) -> None:
    assert merged(shop, "--from-sheet", "2")[0] == 1
    merged(shop)
    code, _, errors = merged(shop, "--from-sheet", "10")
    assert code == 1 and "has 9 sheets" in errors


def test_from_a_sheet_of_another_list_is_refused(shop: Shop) -> None:
    merged(shop)
    shop.edit("list.csv", "Ana", "Eva")
    code, _, errors = merged(shop, "--from-sheet", "5")
    assert code == 1 and "not those of the job" in errors and len(list((shop.root / "jobs").glob("*.pdf"))) == 1


@pytest.mark.parametrize("args", [["--from-sheet", "0"], ["--from-sheet", "x"], ["--separate", "run"]])
def test_wrong_use_ends_with_two(shop: Shop, args: list[str]) -> None:
    assert merged(shop, *args)[0] == 2
    assert shop.run("batch", "list.csv", "--separate", "run", "--from-sheet", "2", *DAY).exit_code == 2
    assert shop.run("batch", "list.csv", "--merged", "jobs/today.txt", *DAY).exit_code == 2


# Faults


def with_files(monkeypatch: pytest.MonkeyPatch, files: object) -> None:
    monkeypatch.setattr(merged_run, "growing", partial(merged_run.growing, files=files))
    monkeypatch.setattr(manifest, "deliver", partial(manifest.deliver, files=files))
    monkeypatch.setattr(run_folder, "held_folder", partial(run_folder.held_folder, files=files))


SMALL = "Code,Form,Reason,Handouts\nP-1,tablet,alcohol,benefits\n"


def faults(shop: Shop, make: object) -> Iterator[tuple[object, int]]:
    """A small job with the n-th file call going wrong, for each n, over yesterday's file."""
    (shop.root / "list.csv").write_text(SMALL, "utf-8")
    for n in range(1, 60):
        (shop.root / "jobs").mkdir(exist_ok=True)
        (shop.root / "jobs" / "today.pdf").write_bytes(b"yesterday")
        (shop.root / "ledger.sqlite").unlink(missing_ok=True)
        yield make(n), n


def test_any_call_may_fail_and_yesterdays_file_or_todays_is_there_whole(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop.root / "list.csv").write_text(SMALL, "utf-8")
    merged(shop)
    today, refused = job(shop), 0
    for files, _ in faults(shop, lambda n: Faulty(n, 28)):
        with monkeypatch.context() as patch:
            with_files(patch, files)
            code, _, errors = merged(shop)
        if not files.failed:
            break
        refused += code == 1
        assert job(shop) in (b"yesterday", today) and "LIBRARY" not in errors
        assert merged(shop)[0] == 0 and job(shop) == today and len(given(shop)) == 1
    assert refused >= 8


@posix_only
def test_killed_at_any_call_yesterdays_file_or_todays_is_there_whole(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shop.root / "list.csv").write_text(SMALL, "utf-8")
    merged(shop)
    today, killed = job(shop), 0
    for files, _ in faults(shop, Deadly):
        with monkeypatch.context() as patch:
            with_files(patch, files)
            pid = os.fork()
            if pid == 0:
                try:
                    merged(shop)
                finally:
                    os._exit(0)
            _, status = os.waitpid(pid, 0)
        if not os.WIFSIGNALED(status):
            break
        killed += 1
        assert os.WTERMSIG(status) == signal.SIGKILL and job(shop) in (b"yesterday", today)
        assert merged(shop)[0] == 0 and job(shop) == today and len(given(shop)) == 1
        assert not [path for path in (shop.root / "jobs").rglob("*") if path.name.endswith(".part")]
    assert killed > 8


def test_a_ledger_that_cannot_be_written_makes_no_file(shop: Shop) -> None:
    (shop.root / "ledger.sqlite").write_text("only words " * 500, "utf-8")
    code, _, errors = merged(shop)
    assert code == 1 and "--no-ledger" in errors and not (shop.root / "jobs" / "today.pdf").exists()
    assert merged(shop, "--no-ledger")[0] == 0


def test_verify_reads_a_job_again(shop: Shop) -> None:
    merged(shop)
    assert shop.run("verify", "jobs/today.pdf").output.strip() == "1 file as printed"
    data = bytearray(job(shop))
    data[len(data) // 2] ^= 1
    (shop.root / "jobs" / "today.pdf").write_bytes(bytes(data))
    result = shop.run("verify", "--json", "jobs/today.pdf")
    assert result.exit_code == 1 and "changed since it was printed" in json.loads(result.stdout)[0]["message"]


# The cover


def test_a_cover_ticks_off_everybody_and_moves_no_sheet(shop: Shop) -> None:
    merged(shop)
    plain = sides(job(shop))
    assert merged(shop, "--cover")[0] == 0
    with_cover = sides(job(shop))
    first, rest = with_cover[:2], with_cover[2:]
    assert rest == plain
    words = " ".join(" ".join(first).split())
    assert "Tick list of this print job" in words and counted(job(shop))[2][2] in words
    assert all(f"{code} {span}" in words for code, span in (("P-1", "1 – 3"), ("P-2", "4 – 6"), ("P-3", "7 – 9")))
    assert not [name for name in NAMES.values() if name in words]
    assert "Handouts given Medication Guide given Naloxone given Said it back: yes or not yet" in words
    assert words.count("What are two ways you could overdose?") == 1, "once, for all who have the page"
    code, _, _ = merged(shop, "--cover", "--from-sheet", "5")
    assert code == 0 and sides(job(shop, "today-from-sheet-5.pdf")) == plain[8:]


# What became of it


def test_a_list_of_which_nothing_is_printed_leaves_no_ledger(shop: Shop) -> None:
    (shop.root / "list.csv").write_text("Code,Form\nP-1,pill\n", "utf-8")
    assert merged(shop)[0] == 1 and shop.run("batch", "list.csv", "--separate", "run", *DAY).exit_code == 1
    assert not (shop.root / "ledger.sqlite").exists()


@pytest.mark.parametrize("output", [("--merged", "job.pdf"), ("--separate", "run")], ids=" ".join)
def test_a_list_that_was_printed_is_given_by_its_name(shop: Shop, output: tuple[str, str]) -> None:
    shop.run("batch", "list.csv", "benefits", *output, *DAY)
    told = shop.run("given", "list.csv", "--not-collected", "P-2").stdout

    assert told.endswith("given: 2 people, not collected: 1 person\n")
    data = json.loads(shop.run("report", "given", "--json").stdout)
    assert (data["handouts"], data["given"], data["not_collected"], data["unmarked"]) == (3, 2, 1, 0)


def test_a_void_page_that_is_printed_again_counts_and_no_other(shop: Shop) -> None:
    """The rest of a job from sheet 5 on holds pages of the second person and the third."""
    merged(shop)
    run = counted(job(shop))[0][2]
    for code in ("P-1", "P-2", "P-3"):
        assert shop.run("void", code, run.lower(), "--why", "misprint").exit_code == 0
    assert merged(shop, "--from-sheet", "5")[0] == 0

    with open_ledger(shop.root / "ledger.sqlite") as ledger:
        assert {(row.code, row.mark) for row in ledger.of_run(run)} == {
            ("P-1", Mark.VOID), ("P-2", Mark.PRINTED), ("P-3", Mark.PRINTED)
        }  # fmt: skip
    assert len(given(shop)) == 9


# Many people


def test_a_hundred_people_and_no_word_on_anothers_page(shop: Shop) -> None:
    """Each field of each person holds a word of its own; each side is searched for everybody's."""
    letters = "BCDFGHKLMNPRSTVZ"
    marks = [f"Qx{letters[n // 16]}{letters[n % 16]}o" for n in range(100)]
    rows = [
        f"K-{n:03},{mark} Made-up,{mark} Prescriber,tablet,alcohol,overdose-warning" for n, mark in enumerate(marks)
    ]
    (shop.root / "list.csv").write_text("Code,Name,Prescriber,Form,Reason,Handouts\n" + "\n".join(rows) + "\n", "utf-8")
    assert merged(shop, "--simplex")[0] == 0
    found = [[mark for mark in marks if mark in text] for text in sides(job(shop))]
    assert found == [[mark] for mark in marks]
    assert len(given(shop)) == 100


@posix_only
def test_long_work_shows_itself_on_a_terminal_only(shop: Shop) -> None:
    shutil.copytree(ROOT / "press", shop.root / "press", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "generate.py", shop.root)
    command = [sys.executable, "generate.py", "batch", "list.csv", "--merged", "jobs/today.pdf", *DAY]
    screen, terminal = os.openpty()
    done = subprocess.run(command, cwd=shop.root, stdout=subprocess.PIPE, stderr=terminal, text=True, timeout=HANGS)
    os.close(terminal)
    shown = os.read(screen, 100_000).decode("utf-8")
    os.close(screen)
    assert done.returncode == 0 and "made" in shown and "3/3" in shown and "100%" not in done.stdout
    quiet = subprocess.run(command, cwd=shop.root, capture_output=True, text=True, timeout=HANGS)
    assert quiet.returncode == 0 and quiet.stderr == ""
