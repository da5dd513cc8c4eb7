"""Finished pages on paper: a real CUPS with printers that keep what they get; Windows is imitated."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from press.delivery import printer, windows_printer
from press.delivery.printer import TITLE, PrinterState, Sent, list_printers, look_at, parse, print_file
from press.errors import HandoutError, Place, Problem
from press.runs import hardening as guard
from tests.conftest import left_out
from tests.rigs import cups_rig
from tests.rigs.cups_rig import PDF_BACKEND, PDF_DRIVER, PDF_SETTINGS, Service, running, wait_for
from tests.support import ROOT, Shop, told

DAY = ("--today", "2026-11-23")
CODE = "K-0417"
WARNING = ("overdose-warning", "--set", f"code={CODE}", "--form", "injection")
FILE = f"DRAFT-{CODE}-overdose-warning-en"


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """CUPS with printers in every state; skipped where there is none, in CI failed."""
    if reason := cups_rig.missing():
        left_out(reason)
    with tempfile.TemporaryDirectory(prefix="cups-", dir="/tmp") as folder:  # a socket has a short path
        Path(folder).chmod(0o755)  # the filters run as another user if the tests are root's
        with running(Path(folder)) as found:
            # As offices set their printers: two pages on a side, one side, scaled to fit.
            sparing = ("number-up-default=2", "sides-default=one-sided", "print-scaling-default=fit")
            found.add("office", "", found.root / "office.ppd", *(word for it in sparing for word in ("-o", it)))
            for name in ("plain", "paused", "closed"):
                found.add(name)
            for name in ("asleep", "busy"):
                found.add(name, "asleep:here")
            found.tool("cupsdisable", "-r", f"ask {CODE}", "paused")
            found.tool("cupsreject", "closed")
            yield found


@pytest.fixture
def cups(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """The same for one test, with nothing printed yet and no default printer."""
    for name, value in service.settings.items():
        monkeypatch.setenv(name, value)
    for name in ("LPDEST", "PRINTER"):
        monkeypatch.delenv(name, raising=False)
    yield service
    service.tool("cancel", "-a")
    if "usual" in service.tool("lpstat", "-a"):
        service.tool("lpadmin", "-x", "usual")
    wait_for(lambda: not service.jobs())
    for path in (service.root / "kept").iterdir():
        path.unlink()


def make(shop: Shop, *args: str) -> tuple[int, str, str]:
    result = shop.run("make", *args, *DAY)
    return result.exit_code, result.stdout, result.stderr


def letters(path: Path) -> list[tuple[int, str, tuple[float, ...]]]:
    """Every letter of a PDF: its side, itself, and where it stands, in points."""
    found = []
    with pypdfium2.PdfDocument(path) as document:
        for number, page in enumerate(document):
            text = page.get_textpage()
            for index in range(text.count_chars()):
                found.append((number, text.get_text_range(index, 1), text.get_charbox(index)))
    assert len(found) > 1000
    return found


def alike(one: Path, other: Path) -> bool:
    """Whether two PDFs have the same letters in the same places, to half a point: A4 is no whole number."""
    pairs = list(zip(letters(one), letters(other), strict=False))
    same = [a[:2] == b[:2] and all(abs(x - y) < 0.5 for x, y in zip(a[2], b[2], strict=True)) for a, b in pairs]
    return all(same) and len(letters(one)) == len(letters(other))


def paper(path: Path) -> list[tuple[int, int]]:
    """The size of each side, in whole points."""
    with pypdfium2.PdfDocument(path) as document:
        return [tuple(round(edge) for edge in page.get_size()) for page in document]


# What reaches the printer


@pytest.mark.parametrize(("size", "edges"), [("letter", (612, 792)), ("a4", (595, 842))])
def test_the_office_printer_gets_the_same_pages_in_actual_size(
    size: str, edges: tuple[int, int], shop: Shop, cups: Service
) -> None:
    code, out, err = make(shop, "wallet-card", "--paper", size, "--print", "office")
    file = Path(out.strip())
    kept = cups.kept("office")

    assert (code, err) == (0, f"sent to office: {file.name}\n")
    assert paper(file) == paper(kept) == [edges] * 2
    assert alike(kept, file)
    assert {"sides=two-sided-long-edge", "print-scaling=none", "number-up=1"} <= set(cups.called("office")[4].split())


def test_without_our_options_the_same_printer_scales_and_puts_two_pages_on_a_side(shop: Shop, cups: Service) -> None:
    """Otherwise the test above would prove nothing."""
    file = Path(make(shop, "wallet-card")[1].strip())

    cups.tool("lp", "-d", "office", "-", pages=file)
    assert len(paper(cups.kept("office"))) == 1
    cups.kept("office").unlink()
    cups.tool("lp", "-d", "office", "-o", "number-up=1", "-", pages=file)
    assert not alike(cups.kept("office"), file)


def test_a_plain_printer_gets_the_very_bytes(shop: Shop, cups: Service) -> None:
    out = make(shop, *WARNING, "--print", "plain", "--simplex")[1]

    assert cups.kept("plain").read_bytes() == Path(out.strip()).read_bytes()
    assert {"media=Letter", "sides=one-sided"} <= set(cups.called("plain")[4].split())


def test_no_code_reaches_the_queue_the_printer_or_a_log(shop: Shop, cups: Service) -> None:
    assert make(shop, *WARNING, "--set", "name=Zerbinetta", "--print", "plain")[0] == 0
    pages = cups.kept("plain")
    seen = [
        path for path in cups.root.rglob("*") if path.is_file() and path != pages and not path.name.startswith("d0")
    ]
    told = {path: path.read_bytes() for path in seen if not path.is_relative_to(cups.root / "bin")}

    assert cups.called("plain")[2] == TITLE
    assert {path.parent.name for path, said in told.items() if TITLE.encode() in said} >= {"log", "spool", "kept"}
    assert not [path for path, said in told.items() if FILE.encode() in said or b"overdose" in said or b"Zerb" in said]


def test_several_handouts_are_sent_in_their_order(shop: Shop, cups: Service) -> None:
    code, out, err = make(shop, "side-effects", "overdose-warning", "--print=plain")
    last = Path(out.splitlines()[1]).read_bytes()

    assert code == 0
    assert [line.split(": ")[1] for line in err.splitlines()] == [Path(path).name for path in out.splitlines()]
    assert "side-effects" in err.splitlines()[0]
    wait_for(lambda: cups.kept("plain").read_bytes() == last)


def test_a_handout_that_is_refused_is_not_sent_and_the_others_are(shop: Shop, cups: Service) -> None:
    shop.edit("handouts/benefits/en.yaml", "{clinic_phone}", "{clinic_phon}")
    code, out, err = make(shop, "benefits", "overdose-warning", "--print", "plain")

    assert code == 1 and len(out.splitlines()) == 1
    assert re.findall("sent to .*", err) == [f"sent to plain: {Path(out.strip()).name}"]


def batch(shop: Shop, *args: str) -> tuple[int, str, str]:
    (shop.root / "list.csv").write_text(
        f"Code,Form,Reason,Handouts\n{CODE},tablet,alcohol,benefits\nK-2,tablet,alcohol,benefits\n", "utf-8"
    )
    result = shop.run("batch", "list.csv", "--merged", "jobs/today.pdf", *args, *DAY)
    return result.exit_code, result.stdout, result.stderr


def test_a_list_is_one_job_for_the_printer(shop: Shop, cups: Service) -> None:
    code, out, err = batch(shop, "--print", "office")
    file = shop.root / "jobs" / "today.pdf"

    assert (code, err) == (0, "sent to office: today.pdf\n") and f"file: {file}\n" in out
    assert len(paper(cups.kept("office"))) == 4 and alike(cups.kept("office"), file)
    assert "sides=two-sided-long-edge" in cups.called("office")[4].split()


def test_a_list_whose_printer_cannot_keeps_its_file_and_its_rows(shop: Shop, cups: Service) -> None:
    code, out, err = batch(shop, "--simplex", "--print", "paused")
    file = shop.root / "jobs" / "today.pdf"

    assert code == 1 and file.read_bytes().startswith(b"%PDF-") and f"file: {file}\n" in out
    assert "the printer paused is paused" in err and f"the file is kept: {file}" in err
    assert not cups.jobs() and (shop.root / "ledger.sqlite").exists()
    assert shop.run("batch", "list.csv", "--separate", "run", "--print", *DAY).exit_code == 2


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="the PDF printer of Debian runs as root")
def test_the_pdf_printer_of_debian_prints_the_page_in_its_size(shop: Shop, cups: Service) -> None:
    """It prints by way of PostScript, so its letters are pictures: where the ink stands is compared."""
    folder = cups.root / "sheets"
    folder.mkdir()
    shutil.copy(PDF_BACKEND, cups.root / "bin" / "backend" / "cups-pdf")
    settings = [f"{key} {folder}" for key in ("Out", "Spool", "Log", "AnonDirName")]
    PDF_SETTINGS.write_text("\n".join(settings) + "\n", "utf-8")
    try:
        cups.add("sheets", "cups-pdf:/" + PDF_SETTINGS.stem.removeprefix("cups-pdf-"), PDF_DRIVER)
        file = Path(make(shop, *WARNING, "--paper", "a4", "--print", "sheets")[1].strip())
        wait_for(lambda: not cups.jobs() and list(folder.glob("*.pdf")))
    finally:
        PDF_SETTINGS.unlink()
        cups.tool("lpadmin", "-x", "sheets")
    (sheet,) = folder.glob("*.pdf")

    assert sheet.name.startswith(TITLE) and CODE not in sheet.name
    assert paper(sheet) == paper(file) == [(595, 842)]
    assert all(abs(a - b) <= 2 for a, b in zip(ink(sheet), ink(file), strict=True))


def ink(path: Path) -> tuple[int, ...]:
    """Left, top, right and bottom of what is printed on the first side, in points."""
    with pypdfium2.PdfDocument(path) as document:
        picture = document[0].render(scale=1, grayscale=True).to_pil()
    found = picture.point(lambda gray: 255 * (gray < 160)).getbbox()
    assert found and found[3] - found[1] > 400, "the page is not empty"
    return found


# Which printer


def test_the_default_printer_is_taken_if_none_is_named(shop: Shop, cups: Service) -> None:
    cups.add("usual")
    cups.tool("lpadmin", "-d", "usual")

    assert "sent to usual" in make(shop, *WARNING, "--print")[2]
    assert cups.kept("usual").exists()


def test_the_printer_of_the_config_goes_before_it_and_a_named_one_before_both(shop: Shop, cups: Service) -> None:
    cups.add("usual")
    cups.tool("lpadmin", "-d", "usual")
    shop.edit("config.yaml", 'printer: ""', "printer: plain")

    assert "sent to plain" in make(shop, *WARNING, "--print")[2]
    assert "sent to office" in make(shop, *WARNING, "--print", "office")[2]


def test_with_no_printer_named_anywhere_the_printers_are_told(shop: Shop, cups: Service) -> None:
    code, _, err = make(shop, *WARNING, "--print")

    assert (
        code == 1
        and "no default printer" in err
        and "printers here: asleep, busy, closed, office, paused, plain" in err
    )


def test_a_wrong_printer_in_the_config_is_shown_there(shop: Shop, cups: Service) -> None:
    shop.edit("config.yaml", 'printer: ""', "printer: ofice")

    assert re.search(
        r"^config\.yaml:\d+:\d+: error: this computer has no printer of that name", make(shop, *WARNING, "--print")[2]
    )


# What goes wrong


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Zerbinetta", "this computer has no printer of that name"),
        ("paused", "the printer paused is paused"),
        ("closed", "the printer closed takes no jobs now"),
        ("asleep", "the printer asleep is offline"),
    ],
)
def test_a_printer_that_cannot_is_told_plainly_and_the_file_is_kept(
    name: str, sentence: str, shop: Shop, cups: Service
) -> None:
    code, out, err = make(shop, *WARNING, f"--print={name}")
    file = shop.root / "out" / f"{FILE}.pdf"

    assert code == 1 and out == f"{file}\n" and file.read_bytes().startswith(b"%PDF-")
    assert err.startswith(f"--print: error: {sentence}; the file is kept: {file}\n    → ")
    assert "office" in err.splitlines()[1] or name == "asleep"
    assert "Zerbinetta" not in err and "ask " + CODE not in err and "sent to" not in err
    assert not cups.jobs(), "nothing waits, to come out when nobody stands there"


def test_a_printer_that_is_seen_to_be_offline_gets_nothing(shop: Shop, cups: Service) -> None:
    cups.tool("lp", "-d", "busy", "-", pages=shop.root / "config.yaml")
    wait_for(lambda: "offline" in cups.tool("lpstat", "-l", "-p", "busy"))
    before = cups.jobs()
    code, _, err = make(shop, *WARNING, "--print", "busy")

    assert code == 1 and "the printer busy is offline" in err and "plain" in err
    assert cups.jobs() == before and len(before) == 1


def test_after_the_first_failure_nothing_more_is_sent(shop: Shop, cups: Service) -> None:
    code, out, err = make(shop, "side-effects", "overdose-warning", "--print", "asleep")

    assert code == 1 and len(out.splitlines()) == 2 and err.count("offline") == 1


def test_without_a_print_service_the_file_is_kept(shop: Shop, cups: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUPS_SERVER", str(cups.root / "nobody"))
    code, out, err = make(shop, *WARNING, "--print", "plain")

    assert code == 1 and "the print service of this computer is not running; the file is kept" in err
    assert Path(out.strip()).exists()


def test_problems_are_data_too(shop: Shop, cups: Service) -> None:
    result = shop.run("make", *WARNING, "--print", "paused", "--json", *DAY)
    (problem,) = [row for row in json.loads(result.stdout) if row["file"] == "--print"]

    assert result.exit_code == 1
    assert problem["message"].startswith("the printer paused is paused; the file is kept: ")


@pytest.mark.parametrize(
    "args",
    [
        ("benefits", "--format", "html", "--print"),
        ("benefits", "--format", "text", "--print"),
        ("benefits", "-o", "-", "--print"),
        ("benefits", "--watch", "--print"),
        ("benefits", "--simplex"),
        ("--print", "benefits"),
    ],
)
def test_wrong_use_is_told_before_anything_is_made(args: tuple[str, ...], shop: Shop) -> None:
    code, out, err = make(shop, *args)

    assert (code, out) == (2, "") and "--print" in err
    assert shop.out() == set()


# Without CUPS


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / f"{FILE}.pdf"
    path.write_bytes(b"%PDF-")
    return path


def refused(page: Path, name: str = "office") -> Problem:
    with told() as problems:
        print_file(page, name, "letter")
    return problems[0]


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder with programs: tools of CUPS that a test imitates."""
    if os.name != "posix":
        pytest.skip("imitates the tools of CUPS by scripts")
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def imitate(tools: Path, name: str, script: str) -> None:
    (tools / name).write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    (tools / name).chmod(0o700)


READY = (
    "echo 'scheduler is running'; echo 'office accepting requests since today'; echo 'printer office is idle.  enabled'"
)


def test_a_computer_without_cups(page: Path, tools: Path) -> None:
    problem = refused(page)

    assert problem.message.startswith("this computer cannot print: the program `lpstat` is missing; the file is kept")
    assert "cups-client" in problem.hint


def test_how_a_printer_is_can_be_seen_before_anything_is_sent(tools: Path) -> None:
    assert look_at("office").trouble == "the print service of this computer is not running"
    imitate(tools, "lpstat", f"{READY}; echo 'system default destination: office'")

    assert look_at("office") == look_at("") == PrinterState("office")
    assert "no printer of that name" in look_at("attic").trouble and "office" in look_at("attic").hint
    imitate(tools, "lpstat", READY.replace("is idle.  enabled", "disabled since today"))
    assert "paused" in look_at("office").trouble and "no default printer" in look_at("").trouble


def test_the_printers_that_are_set_up_are_listed_the_usual_one_first(tools: Path) -> None:
    assert list_printers() == ()
    more = "; ".join(f"echo '{name} accepting requests since today'" for name in ("Upstairs", "attic"))
    imitate(tools, "lpstat", f"{READY}; {more}")
    assert list_printers() == ("attic", "office", "Upstairs")
    imitate(tools, "lpstat", f"{READY}; {more}; echo 'system default destination: office'")
    assert list_printers() == ("office", "attic", "Upstairs")


def test_a_print_service_that_hangs(page: Path, tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    imitate(tools, "lpstat", "exec /bin/sleep 20")
    monkeypatch.setattr(printer, "_TIMEOUT", 0.2)

    assert refused(page).message.startswith("the print service of this computer does not answer; the file is kept")


def test_the_words_of_lp_are_never_shown(page: Path, tools: Path) -> None:
    imitate(tools, "lpstat", READY)
    imitate(tools, "lp", "echo 'lp: Zerbinetta has no right' >&2; exit 1")
    problem = refused(page)

    assert problem.message.startswith("the print service did not take the pages; the file is kept")
    assert "Zerbinetta" not in problem.message + problem.hint


def test_a_job_that_cannot_be_taken_back_is_told(page: Path, tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tools / "gone"
    waiting = "echo 'office-7    ann   31744   Mon'; echo 'printer office disabled since'"
    imitate(
        tools,
        "lpstat",
        f"{READY.rpartition(';')[0]}; [ -e {gone} ] && {{ {waiting}; }} || echo 'printer office is idle'",
    )
    imitate(tools, "lp", f": > {gone}; echo 'request id is office-7 (0 file(s))'")
    imitate(tools, "cancel", "exit 1")
    monkeypatch.setattr(printer, "_PAUSE", 0)

    assert "the pages wait in its queue" in refused(page).hint


def test_the_tools_speak_english_and_get_no_name_of_a_file(
    page: Path, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    monkeypatch.setenv("LANGUAGE", "de")
    imitate(tools, "lpstat", READY)
    imitate(
        tools,
        "lp",
        f"echo \"$* $LC_ALL $LANG $LANGUAGE ${{SOFTWARE+set}}\" > {tools}/said; echo 'request id is office-7 (0 file(s))'",
    )

    assert print_file(page, "office", "a4") == Sent("office")
    assert (tools / "said").read_text("utf-8") == (
        f"-d office -t {TITLE} -n 1 -o media=A4 -o sides=two-sided-long-edge -o print-scaling=none -o number-up=1 - C C C set\n"
    )


SAID = """scheduler is running
system default destination: front-desk/card
front-desk accepting requests since Mon Nov 23 15:32:59 2026
team-2 accepting requests since Mon Nov 23 15:32:59 2026
back not accepting requests since Mon Nov 23 15:32:59 2026 -
\tRejecting Jobs
front-desk-12           DOMAIN\\ann b     31744   Mon Nov 23 15:33:17 2026
printer back disabled since Mon Nov 23 15:32:59 2026 -
\tReady to print.
\tDescription: back
\tAlerts: paused
printer front-desk now printing front-desk-12.  enabled since Mon Nov 23 15:32:59 2026
\tWaiting for the printer.
\tAlerts: media-low-warning offline-report
\tLocation: by the door
"""


def test_what_lpstat_says_is_read_as_it_is_meant() -> None:
    found = parse(SAID)

    assert (found.usual, found.jobs) == ("front-desk/card", {"front-desk-12"})
    assert [(q.name, q.accepts, q.is_paused, q.is_away) for q in found.queues] == [
        ("front-desk", True, False, True), ("team-2", True, False, False), ("back", False, True, False)
    ]  # fmt: skip
    assert found.queue(found.usual) == found.queues[0]
    assert [q.trouble is None for q in found.queues] == [False, True, False]


@pytest.mark.parametrize(
    ("reason", "is_away"),
    [("offline", True), ("shutdown", True), ("timed-out-error", True), ("toner-low-warning", False), ("none", False)],
)
def test_only_a_printer_that_cannot_be_reached_is_offline(reason: str, is_away: bool) -> None:
    assert parse(SAID.replace("offline-report", reason)).queues[0].is_away == is_away


def test_the_manual_explains_every_message() -> None:
    manual = (ROOT / "docs" / "printing.md").read_text("utf-8").partition("| message |")[2].partition("\n\n")[0]
    told = re.findall(r"^\| (this .*?|no .*?|the .*?) \|", manual, re.MULTILINE)
    source = (
        (ROOT / "press" / "delivery" / "printer.py")
        .read_text("utf-8")
        .replace("{self.name}", "NAME")
        .replace("{queue.name}", "NAME")
        .replace("{arguments[0]}", "lp")
    )
    said = re.findall(r'"((?:this computer|no printer|the print)[^"]*)"', source)

    assert len(told) == 10
    assert set(told) == set(said)


# Windows without PDFium, imitated; with it see test_windows_printer


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What Windows was asked to do."""
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(printer, "_WINDOWS", True)
    monkeypatch.setattr(windows_printer, "can_draw", lambda: False)
    monkeypatch.setattr(os, "startfile", lambda *words: asked.append(words), raising=False)
    return asked


def test_windows_prints_by_the_verb_of_its_shell(page: Path, shell: list[tuple[object, ...]]) -> None:
    sent = print_file(page, "", "letter")
    named = print_file(page, "Front desk", "letter", place=Place("config.yaml", 3))

    assert shell == [(page, "print"), (page, "printto", '"Front desk"')]
    assert (sent.printer, named.printer) == ("", "Front desk")
    assert not sent.notes[0].is_error and "actual size" in sent.notes[0].hint and named.notes[0].place.line == 3


def test_windows_says_which_printer_only_if_one_was_named(shop: Shop, shell: list[tuple[object, ...]]) -> None:
    code, out, err = make(shop, *WARNING, "--print")

    assert code == 0 and f"sent to the default printer: {FILE}.pdf" in err and "warning: on Windows" in err
    assert shell == [(Path(out.strip()), "print")]


def test_windows_without_a_program_for_pdf(page: Path, shell: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*words: object) -> None:
        raise OSError(22, f"no application for {words}")

    monkeypatch.setattr(os, "startfile", fails, raising=False)
    problem = refused(page)

    assert "the program for PDF files cannot do it; the file is kept" in problem.message
    assert "no application" not in problem.message


def test_a_quotation_mark_cannot_end_the_name_for_windows(page: Path, shell: list[object]) -> None:
    assert "no printer of that name" in refused(page, 'x" /evil "').message
    assert shell == []


def test_inside_the_tripwire_nothing_can_be_printed(page: Path) -> None:
    with pytest.raises(guard.Trespass), guard.watching([page.parent], []):
        try:
            print_file(page, "office", "letter")
        except HandoutError:
            pytest.fail("a tool was run")
