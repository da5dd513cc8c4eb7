"""A clinic's list as one run: who gets what, who gets nothing, and what is left behind."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import pikepdf
import pypdfium2
import pytest

import press.runs.batch
import press.runs.merged_run
import press.runs.print_job
import press.runs.separate_run
import press.writers.pdf.file.single
from press.compose.tailor import PatientValues, resolve_values
from press.content.clinic import Clinic
from press.content.handout import Handout
from press.delivery.files import Files
from press.delivery.ledger import open_ledger
from press.runs.identity import WrongPatientError, prove_owner
from tests.helpers import TODAY, WARNING, print_case
from tests.helpers import press as made_up_press
from tests.rigs.faults import Deadly, Faulty
from tests.rigs.waiting import HANGS
from tests.support import ROOT, Shop

DAY = ("--today", "2026-11-23")
LIST = """Code,Name,Form,Reason,Interval,Last dose,Appointment
P-1,Ana Zerbinetta,injection,opioid,4 weeks,2026-11-23,2026-12-21 09:30
P-2,Bo Papagena,tablet,alcohol,,,2026-12-01
P-3,Cy Despina,injection,alcohol,4 weeks,2026-11-20,
"""
NAMES = {"P-1": "Zerbinetta", "P-2": "Papagena", "P-3": "Despina"}
posix_only = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")


@pytest.fixture(autouse=True)
def on_a_list(shop: Shop) -> None:
    """Three made-up people on a list."""
    (shop.root / "list.csv").write_text(LIST, "utf-8")


def batch(shop: Shop, *args: str) -> tuple[int, str, str]:
    result = shop.run("batch", "list.csv", *args, *DAY)
    return result.exit_code, result.stdout, result.stderr


def separate(shop: Shop, *args: str) -> tuple[int, str, str]:
    return batch(shop, "--separate", "run", *args)


def pages(shop: Shop) -> dict[str, bytes]:
    """The finished files of the run."""
    return {path.name: path.read_bytes() for path in (shop.root / "run").glob("[!.]*")}


def codes(names: Iterator[str] | set[str] | dict[str, bytes]) -> set[str]:
    return {f"P-{name.partition('P-')[2].partition('-')[0]}" for name in names}


def words(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    try:
        return " ".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def given(shop: Shop) -> list[tuple[str, str]]:
    """The ledger's rows as code and handout; none if there is no ledger."""
    path = shop.root / "ledger.sqlite"
    if not path.exists():
        return []
    connection = sqlite3.connect(path)
    try:
        return connection.execute("SELECT code, handout FROM printed ORDER BY id").fetchall()
    finally:
        connection.close()


# What is printed


def test_everybody_on_the_list_gets_one_file(shop: Shop) -> None:
    code, told, _ = separate(shop)

    found = pages(shop)
    assert code == 0 and set(found) == {f"DRAFT-{code}-en.pdf" for code in NAMES}
    assert told.splitlines() == [
        "printed for 3 people, 9 handouts",
        "sheets: 9",
        "needs you: nobody",
        f"folder: {shop.root / 'run'}",
        "next: print in actual size, on two sides, and delete the files; when the pages are handed out: given list.csv",
    ]
    for data in found.values():
        text = words(data)
        assert all(f"Page {page} of 5" in text for page in range(1, 6))
        assert (
            text.index("How naltrexone can help")
            < text.index("Overdose warning")
            < text.index("Side effects and when to call")
        )
        with pikepdf.open(io.BytesIO(data)) as file, file.open_outline() as outline:
            assert len(file.pages) == 6, "each handout begins on a new sheet"
            assert [item.title for item in outline.root] == [
                "How naltrexone can help",
                "Overdose warning",
                "Side effects and when to call",
            ]
    assert separate(shop, "--simplex")[0] == 1, "another run than the one in this folder"


def test_one_handout_is_the_file_that_make_prints(shop: Shop) -> None:
    assert separate(shop, "overdose-warning")[0] == 0
    found = pages(shop)
    patient = shop.patient(
        "code: P-1\nname: Ana Zerbinetta\nform: injection\nreason: opioid\nlast_dose: 2026-11-23\nappointment: 2026-12-21 09:30\n"
    )
    assert shop.run("make", "overdose-warning", "--patient", patient, *DAY).exit_code == 0
    alone = {path.name: path.read_bytes() for path in (shop.root / "out").glob("*P-1*")}
    assert len(alone) == 1 and alone == {name: data for name, data in found.items() if "P-1" in name}


def test_each_page_names_its_own_reader_and_nobody_else(shop: Shop) -> None:
    separate(shop)
    found = pages(shop)
    assert len(found) == 3
    for name, data in found.items():
        text = words(data)
        (own,) = codes({name})
        assert NAMES[own] in text and not [other for code, other in NAMES.items() if code != own and other in text]


def test_a_bad_row_refuses_that_person_and_prints_the_rest(shop: Shop) -> None:
    shop.edit("list.csv", "P-3,Cy Despina,injection", "P-3,Cy Despina,injektion")
    code, told, errors = separate(shop)

    assert code == 1 and "needs you: 1 (row 4: nothing printed)" in told
    assert codes(pages(shop)) == {"P-1", "P-2"}
    assert "list.csv, row 4, column form" in errors and "injektion" not in errors


def test_who_cannot_have_the_overdose_warning_gets_nothing(shop: Shop) -> None:
    """The rest of a set without it would look whole: nobody notices that the page that matters most is missing."""
    (shop.root / "handouts" / "overdose-warning" / "en.yaml").write_text("language: en\n", "utf-8")
    text = "Code,Form,Reason,Handouts\nP-1,injection,opioid,\nP-2,tablet,opioid,benefits\n"
    (shop.root / "list.csv").write_text(text, "utf-8")
    code, told, errors = separate(shop)

    assert code == 1 and codes(pages(shop)) == {"P-2"} and len(pages(shop)) == 1
    assert "handouts/overdose-warning/en.yaml" in errors and "(row 2: nothing printed)" in told


def test_strict_prints_nothing_if_anybody_is_refused(shop: Shop) -> None:
    shop.edit("list.csv", "2026-11-20", "3/4/26")
    code, told, _ = separate(shop, "--strict")
    assert code == 1 and told.startswith("nothing was printed") and not (shop.root / "run").exists()
    assert given(shop) == []

    (shop.root / "list.csv").write_text(LIST, "utf-8")
    assert separate(shop, "--strict")[0] == 0 and len(pages(shop)) == 3


def test_a_dry_run_checks_and_leaves_nothing(shop: Shop) -> None:
    before = {path.name for path in shop.root.iterdir()}
    assert batch(shop, "--dry-run")[0] == 0
    shop.edit("list.csv", "2026-11-20", "2026-02-30")
    code, told, errors = batch(shop, "--dry-run")
    assert code == 1 and "row 4" in told and "row 4, column last_dose" in errors
    assert {path.name for path in shop.root.iterdir()} == before


def test_rows_are_counted_as_a_spreadsheet_counts_them(shop: Shop) -> None:
    assert separate(shop, "--rows", "2,4-9")[0] == 0
    assert codes(pages(shop)) == {"P-1", "P-3"}


@pytest.mark.parametrize("rows", ["1", "5", "2,5", "2-4,7-9", "4-2"])
def test_a_row_in_which_nobody_stands_is_no_row(shop: Shop, rows: str) -> None:
    """Whoever types 5 for 4 must not go away with a person's pages missing."""
    code, told, errors = separate(shop, "--rows", rows)
    assert (code, told) == (2, "") and "rows 2 to 4" in errors and not (shop.root / "run").exists()


@pytest.mark.parametrize(("switches", "sheets"), [([], 9), (["--simplex"], 15)])
def test_a_dry_run_counts_the_sheets_that_would_be_printed(shop: Shop, switches: list[str], sheets: int) -> None:
    code, told, _ = batch(shop, "--dry-run", *switches)
    assert code == 0 and told.splitlines() == [
        f"nothing was printed; it would be for 3 people, 9 handouts, {sheets} sheets",
        "needs you: nobody",
        "next: print them: --merged FILE.pdf in place of --dry-run",
    ]
    assert f"\nsheets: {sheets}\n" in batch(shop, "--separate", "run", *switches)[1]


def test_handouts_that_are_named_are_the_only_ones(shop: Shop) -> None:
    assert separate(shop, "overdose-warning")[0] == 0
    assert len(pages(shop)) == 3 and all("overdose-warning" in name for name in pages(shop))


@pytest.mark.parametrize(
    "args",
    [
        [],
        ["--separate", "run", "--dry-run"],
        ["--separate", "run", "--rows", "x"],
        ["--separate", "run", "--rows", "1-"],
    ],
)
def test_wrong_use_ends_with_two(shop: Shop, args: list[str]) -> None:
    assert batch(shop, *args)[0] == 2 and not (shop.root / "run").exists()


def test_json_is_data_and_nothing_else(shop: Shop) -> None:
    shop.edit("list.csv", "2026-11-20", "3/4/26")
    _, told, errors = separate(shop, "--json")
    wrong = [(problem["row"], problem["heading"]) for problem in json.loads(told) if problem["severity"] == "error"]
    assert wrong == [(4, ""), (4, "last_dose")]
    assert "printed for 3 people" in errors


# The ledger


def test_the_ledger_holds_what_was_given(shop: Shop) -> None:
    separate(shop)
    assert len(given(shop)) == 9 and {code for code, _ in given(shop)} == set(NAMES)
    assert not [name for name in NAMES.values() if name.encode() in (shop.root / "ledger.sqlite").read_bytes()]


def test_the_same_run_twice_is_entered_once(shop: Shop) -> None:
    separate(shop)
    before = given(shop)
    assert separate(shop)[0] == 0 and given(shop) == before


def test_a_ledger_that_cannot_be_written_stops_the_run_before_it_prints(shop: Shop) -> None:
    (shop.root / "ledger.sqlite").write_text("not a ledger, only words " * 100, "utf-8")
    code, _, errors = separate(shop)
    assert code == 1 and "ledger" in errors and "--no-ledger" in errors
    assert not (shop.root / "run").exists() or not pages(shop)
    assert separate(shop, "--no-ledger")[0] == 0 and len(pages(shop)) == 3


def test_purge_removes_old_rows(shop: Shop) -> None:
    separate(shop)
    assert shop.run("ledger", "purge", "--before", "2000-01-01").output.strip() == "removed 0 rows"
    assert shop.run("ledger", "purge", "--before", "2100-01-01").output.strip() == "removed 9 rows"
    assert given(shop) == []
    assert shop.run("ledger", "purge", "--before", "1/1/27").exit_code == 1


# Going on, and proof


@pytest.fixture
def calm(shop: Shop) -> dict[str, bytes]:
    """The files of a small run without any fault; the folder and the ledger are gone again."""
    small = "\n".join(f"P-{n},{form},alcohol,benefits" for n, form in ((1, "tablet"), (2, "injection"), (3, "tablet")))
    (shop.root / "list.csv").write_text(f"Code,Form,Reason,Handouts\n{small}\n", "utf-8")
    assert separate(shop)[0] == 0
    found = pages(shop)
    forget(shop)
    return found


def forget(shop: Shop) -> None:
    shutil.rmtree(shop.root / "run", ignore_errors=True)
    (shop.root / "ledger.sqlite").unlink(missing_ok=True)


def with_files(monkeypatch: pytest.MonkeyPatch, files: Files) -> None:
    """Let the run use other file calls."""
    from press.delivery import run_folder
    from press.runs import separate_run

    monkeypatch.setattr(separate_run, "open_run", partial(run_folder.open_run, files=files))


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.sweep)])
def test_any_call_may_fail_and_resume_ends_with_the_same_set(
    step: int, shop: Shop, calm: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = 0
    for n in range(1, 200, step):
        with monkeypatch.context() as patch:
            with_files(patch, files := Faulty(n, 28))
            code, _, errors = separate(shop)
        if not files.failed:
            break
        stopped += code == 1
        assert code in (0, 1) and "LIBRARY" not in errors
        assert pages(shop).items() <= calm.items()
        assert len(given(shop)) <= len(pages(shop)) <= len(given(shop)) + 1, "a person more than the ledger knows"
        assert separate(shop)[0] == 0
        assert pages(shop) == calm and len(given(shop)) == 3
        forget(shop)
    assert stopped > 30 // step


@posix_only
@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.sweep)])
def test_killed_at_any_call_resume_ends_with_the_same_set(
    step: int, shop: Shop, calm: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = 0
    for n in range(1, 300, step):
        with monkeypatch.context() as patch:
            with_files(patch, Deadly(n))
            pid = os.fork()
            if pid == 0:
                try:
                    separate(shop)
                finally:
                    os._exit(0)
            _, status = os.waitpid(pid, 0)
        if not os.WIFSIGNALED(status):
            break
        killed += 1
        assert os.WTERMSIG(status) == signal.SIGKILL
        there = pages(shop) if (shop.root / "run").exists() else {}
        assert there.items() <= calm.items()
        assert separate(shop)[0] == 0
        assert pages(shop) == calm and len(given(shop)) == 3
        assert shop.run("verify", "run").output.strip() == "3 files as printed"
        forget(shop)
    assert killed > 30 // step


def test_resume_without_a_run_is_told(shop: Shop) -> None:
    code, _, errors = separate(shop, "--resume")
    assert code == 1 and "no run to go on with" in errors


def test_another_list_does_not_mix_with_what_is_there(shop: Shop) -> None:
    separate(shop)
    before = pages(shop)
    shop.edit("list.csv", "Ana", "Eva")
    code, _, errors = separate(shop)
    assert code == 1 and "another list" in errors and pages(shop) == before


def test_changed_words_do_not_mix_either(shop: Shop) -> None:
    separate(shop)
    shop.edit("handouts/overdose-warning/en.yaml", "very small pupils", "small pupils")
    assert separate(shop)[0] == 1


def test_ctrl_c_says_what_is_printed_and_how_to_go_on(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    real, count = press.runs.print_job.lay_out_one, 0

    def stop(*args: object) -> object:
        nonlocal count
        count += 1
        if count == 5:  # of the second person, who has three handouts, too
            raise KeyboardInterrupt
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(press.runs.print_job, "lay_out_one", stop)
        code, _, errors = separate(shop)
    assert code == 130 and "stopped; printed for 1 person, 3 handouts" in errors and "--resume" in errors
    assert codes(pages(shop)) == {"P-1"}
    assert separate(shop, "--resume")[0] == 0 and len(pages(shop)) == 3


def test_verify_finds_a_changed_file(shop: Shop) -> None:
    separate(shop)
    path = shop.root / "run" / next(iter(pages(shop)))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    result = shop.run("verify", "run")
    assert result.exit_code == 1 and "changed since it was printed" in result.output


# Nobody gets another's page


def test_a_page_of_somebody_else_is_caught() -> None:
    """The seeded mutants: a page from a cache with the wrong key, and one shared value."""
    press_, (one, other) = made_up_press(), people()
    page = print_case("one", WARNING, one)
    values = list(page.printed.copy.values())
    prove_owner(values, *own(page.options))
    with pytest.raises(WrongPatientError) as caught:
        prove_owner(values, *own(replace(page.options, name=other.name)))
    assert "name" in str(caught.value) and "Zerbinetta" not in str(caught.value)
    with pytest.raises(WrongPatientError):
        prove_owner(values, *own(replace(page.options, last_dose=other.last_dose)))
    assert press_.clinic.name


def people() -> tuple[press.runs.batch.Options, press.runs.batch.Options]:
    from press.content.yaml.reader import read
    from press.patients.options import read_options

    texts = (b"name: Ana Zerbinetta\nlast_dose: 2026-11-23\n", b"name: Bo Papagena\nlast_dose: 2026-11-20\n")
    one, other = (read_options(read(text, "patient.yaml", private=True)) for text in texts)
    return one, other


def own(options: press.runs.batch.Options) -> tuple[PatientValues, Handout, Clinic]:
    found = made_up_press()
    handout = found.handout(WARNING, "en")
    return resolve_values(handout, options, found.clinic, TODAY), handout, found.clinic


def test_a_run_that_mixes_people_up_delivers_nothing_of_it(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache that forgets whose page it holds: the first person's page for everybody."""
    real, kept = press.runs.print_job.lay_out_one, {}

    def forgetful(press_: object, made: object, *numbers: object) -> object:
        return kept.setdefault((made.topic, *numbers), real(press_, made, *numbers))

    monkeypatch.setattr(press.runs.print_job, "lay_out_one", forgetful)
    result = shop.run("batch", "list.csv", "--separate", "run", *DAY)
    assert result.exit_code == 3 and "WrongPatientError" in result.output
    assert codes(pages(shop)) == {"P-1"} and {code for code, _ in given(shop)} == {"P-1"}
    assert not [name for name in NAMES.values() if name in result.output]


# Nothing of a patient but on the page


def test_no_name_is_anywhere_but_on_the_page(shop: Shop) -> None:
    result = shop.run("batch", "list.csv", "--separate", "run", *DAY)
    left = [path for path in shop.root.rglob("*") if path.is_file() and path.name != "list.csv"]
    assert len(left) > 6
    for name in NAMES.values():
        assert name not in result.output
        assert not [path for path in left if name in path.name or name.encode() in path.read_bytes()]


def test_the_command_in_a_process_of_its_own(shop: Shop) -> None:
    shutil.copytree(ROOT / "press", shop.root / "press", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "generate.py", shop.root)
    command = [sys.executable, "generate.py", "batch", "list.csv", "--separate", "run", *DAY]
    done = subprocess.run(command, cwd=shop.root, capture_output=True, text=True, timeout=HANGS)
    assert done.returncode == 0, done.stderr
    assert "printed for 3 people" in done.stdout and len(pages(shop)) == 3
    with open_ledger(shop.root / "ledger.sqlite") as ledger:
        assert len(list(ledger.of_handout("benefits"))) == 3


# At the desk


def test_a_person_with_a_code_is_entered_at_the_desk_too(shop: Shop) -> None:
    patient = shop.patient("code: K-7\nname: Ana Zerbinetta\nform: injection\nlast_dose: 2026-11-20\n")
    assert shop.run("make", "overdose-warning", "benefits", "--patient", patient, *DAY).exit_code == 0
    assert given(shop) == [("K-7", "overdose-warning"), ("K-7", "benefits")]
    assert shop.run("make", "benefits", "--patient", patient, "--no-ledger", *DAY).exit_code == 0
    assert shop.run("make", "benefits", "--set", "form=tablet", *DAY).exit_code == 0
    assert len(given(shop)) == 2, "nobody without a code, and nothing that staff keep out"
    assert shop.run("make", "benefits", "--patient", patient, *DAY).exit_code == 0
    assert len(given(shop)) == 3, "given again is another row"
    assert b"Zerbinetta" not in (shop.root / "ledger.sqlite").read_bytes()


def test_at_the_desk_a_ledger_that_cannot_be_written_stops_the_page(shop: Shop) -> None:
    (shop.root / "ledger.sqlite").write_text("only words " * 500, "utf-8")
    result = shop.run("make", "benefits", "--set", "code=K-7", *DAY)
    assert result.exit_code == 1 and "--no-ledger" in result.stderr and shop.out() == set()
    assert shop.run("make", "benefits", "--set", "code=K-7", "--no-ledger", *DAY).exit_code == 0


def test_alone_among_many_and_after_a_stop_a_file_is_the_same(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cold, warm and resumed: one process for each page, one run for all, and a run that was stopped and went on."""
    shutil.copytree(ROOT / "press", shop.root / "press", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "generate.py", shop.root)
    people = {
        f"P-{n}": name
        for n, name in enumerate(("Ana Zerbinetta", "Łucja Papagena", "Bo", "محمد علي", "Cy Despina " * 9), 1)
    }
    rows = "".join(
        f"{code},{name.strip()},injection,opioid,4 weeks,2026-11-{9 + n:02}\n"
        for n, (code, name) in enumerate(people.items())
    )
    (shop.root / "list.csv").write_text("code,name,form,reason,interval,last dose\n" + rows, "utf-8")
    assert shop.run("batch", "list.csv", "overdose-warning", "--separate", "warm", *DAY).exit_code == 0
    real = press.writers.pdf.file.single.write_single

    def stopped(*args: object) -> object:
        if len(kept) == 3:
            raise KeyboardInterrupt
        kept.append(args)
        return real(*args)

    kept: list[object] = []
    with monkeypatch.context() as patch:
        patch.setattr(press.writers.pdf.file.single, "write_single", stopped)
        assert shop.run("batch", "list.csv", "overdose-warning", "--separate", "resumed", *DAY).exit_code == 130
    assert 0 < len(list((shop.root / "resumed").glob("*.pdf"))) < 5
    assert shop.run("batch", "list.csv", "overdose-warning", "--separate", "resumed", "--resume", *DAY).exit_code == 0
    for n, (code, name) in enumerate(people.items()):
        given = ("--set", f"code={code}", "--set", f"name={name.strip()}", "--set", f"last_dose=2026-11-{9 + n:02}")
        command = [sys.executable, "generate.py", "make", "overdose-warning", *given, "-o", "cold", *DAY]
        assert subprocess.run(command, cwd=shop.root, capture_output=True, timeout=HANGS).returncode == 0
    cold, warm, resumed = (
        {p.name: p.read_bytes() for p in (shop.root / f).glob("*.pdf")} for f in ("cold", "warm", "resumed")
    )
    assert len(cold) == 5 and cold == warm == resumed


# Bytes that are no whole PDF


BREAKS = {
    "cut off": lambda data: data[:-7],
    "without its beginning": lambda data: data[1:],
    "ended twice": lambda data: data + data[-20:],
    "its table moved": lambda data: data[:9] + b"\n" + data[9:],
}


@pytest.mark.parametrize("broken", BREAKS)
def test_a_broken_file_is_caught_before_it_has_its_name(
    broken: str, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is before it in the list has a page; nobody else has, and no row says so."""
    real = press.runs.separate_run.person_files

    def spoilt(*args: object) -> Iterator[object]:
        for number, (packet, name, data) in enumerate(real(*args)):
            yield packet, name, BREAKS[broken](bytes(data)) if number else data

    monkeypatch.setattr(press.runs.separate_run, "person_files", spoilt)
    code, _, errors = separate(shop)

    assert code == 3 and "RuntimeError in verify_pdf" in errors
    assert codes(pages(shop)) == codes(code for code, _ in given(shop)) == {"P-1"}


@pytest.mark.parametrize("broken", BREAKS)
def test_a_broken_print_job_is_caught_before_it_has_its_name(
    broken: str, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = press.runs.merged_run.growing

    @contextmanager
    def spoilt(*args: object) -> Iterator[object]:
        with real(*args) as file:
            written = bytearray()
            yield SimpleNamespace(
                write=written.extend, place=lambda: (file.write(BREAKS[broken](bytes(written))), file.place())
            )

    monkeypatch.setattr(press.runs.merged_run, "growing", spoilt)
    code, _, errors = batch(shop, "--merged", "run/job.pdf")

    assert code == 3 and "RuntimeError in verify_pdf" in errors
    assert not pages(shop) and not given(shop)
