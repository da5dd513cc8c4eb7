"""The cache of finished pages: the same bytes, invalid as soon as an input changes, and never a patient's page.

Each part of the key has a test that changes this part alone; whether a page was made is seen by its being laid out.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from unittest.mock import Mock

import pytest
from click.testing import Result

from press.delivery import disk_cache as kept
from press.delivery.disk_cache import Cache
from press.delivery.fingerprints import read_inputs
from press.runs import desk_run
from press.runs import handout as job
from press.runs import hardening as guard
from press.runs import page_cache as stock
from press.runs.page_cache import PageCache
from tests.runs.test_check_cache import HEAVY, KINDS, run, turned
from tests.support import ROOT, SIGNED, TODAY, USUAL, Shop, check_few, copied, made

DAY = ("--today", "2026-11-23")
PAGE = ("make", "overdose-warning", *DAY)
NAME = "DRAFT-overdose-warning-en-injection-opioid.pdf"


@pytest.fixture
def composed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The handouts that were made, and not taken from what is kept."""
    found: list[str] = []
    real = job.make

    def noted(press: job.Site, topic: str, *rest: object, **more: object) -> job.Made:
        found.append(topic)
        return real(press, topic, *rest, **more)

    monkeypatch.setattr(job, "make", noted)  # for pages in two languages
    monkeypatch.setattr(desk_run, "make", noted)
    return found


def files(root: Path) -> list[Path]:
    return sorted((root / kept.FOLDER).glob("*"))


def of_kind(root: Path, kind: str) -> list[Path]:
    return [path for path in files(root) if path.name.startswith(kind)]


def told(found: Result) -> tuple[int, str, str]:
    return found.exit_code, found.stdout, found.stderr


def printed(root: Path) -> dict[str, bytes]:
    """What lies in the folder for pages, which is emptied."""
    found = {path.name: path.read_bytes() for path in (root / "out").glob("*")}
    shutil.rmtree(root / "out", ignore_errors=True)
    return found


# The same page


@pytest.mark.parametrize(
    "args",
    [
        (), ("--json",), ("--language", "es"), ("--beside", "es"), ("--edition", "large-print"), ("--paper", "a4", "--as-draft"),
        ("--form", "tablet", "--reason", "alcohol"), ("--format", "html"), ("--format", "text"), ("-o", "page.pdf"), ("-o", "away"),
        ("-o", "-"),
    ],
)  # fmt: skip
def test_a_kept_page_is_what_a_full_run_prints(args: tuple[str, ...], shop: Shop, composed: list[str]) -> None:
    shop.edit("handouts/overdose-warning/handout.yaml", "label_basis:", "old_label: warn\nlabel_basis:")
    shop.edit("config.yaml", "label: 2025-12", "label: 2026-11")
    first = shop.run(*PAGE, *args)
    before, there = len(composed), printed(shop.root) | _beside(shop.root)
    again = shop.run(*PAGE, *args)

    assert first.exit_code == 0 and before and len(composed) == before, "the second one is from what is kept"
    assert told(again) == told(first) and printed(shop.root) | _beside(shop.root) == there
    anew = shop.run(*PAGE, "--anew", *args)
    assert (
        len(composed) == 2 * before and told(anew) == told(first) and printed(shop.root) | _beside(shop.root) == there
    )


def _beside(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (root / "page.pdf", *(root / "away").glob("*")) if path.is_file()}


def test_what_staff_are_told_of_a_page_is_told_again(shop: Shop, composed: list[str]) -> None:
    shop.edit("handouts/overdose-warning/handout.yaml", "label_basis:", "old_label: warn\nlabel_basis:")
    shop.edit("config.yaml", "label: 2025-12", "label: 2026-11")
    first, again = shop.run(*PAGE), shop.run(*PAGE)

    assert "older injection label" in first.stderr and told(again) == told(first) and composed == ["overdose-warning"]


def test_all_handouts_are_kept_and_one_of_them_is_the_same_page(shop: Shop, composed: list[str]) -> None:
    first = shop.run("make", *DAY)
    there = printed(shop.root)
    again = shop.run("make", *DAY)

    assert composed == list(USUAL) and len(there) == len(USUAL)
    assert told(again) == told(first) and printed(shop.root) == there
    assert shop.run(*PAGE).exit_code == 0 and composed == list(USUAL)


def test_without_a_command_it_is_all_handouts_too(
    shop: Shop, composed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("press.cli.make.day_of", lambda today, press: TODAY)
    monkeypatch.setattr("press.cli.make.day_in", lambda zone: TODAY)
    first, again = shop.run(), shop.run()

    assert composed == list(USUAL) and told(first) == told(again) and first.exit_code == 0


def test_only_the_pages_that_are_not_kept_are_made(shop: Shop, composed: list[str]) -> None:
    shop.run("make", *DAY)
    there = printed(shop.root)
    composed.clear()
    of_kind(shop.root, "page")[0].unlink()

    assert shop.run("make", *DAY).exit_code == 0 and len(composed) == 1 and printed(shop.root) == there


def test_a_refused_page_is_refused_again_and_the_others_are_kept(shop: Shop, composed: list[str]) -> None:
    shop.edit("handouts/benefits/en.yaml", "naltrexone", "naloxone")
    first, again = shop.run("make", *DAY), shop.run("make", *DAY)

    assert first.exit_code == again.exit_code == 1 and told(first) == told(again)
    assert composed == [*USUAL, "benefits"] and len(of_kind(shop.root, "page")) == len(USUAL) - 1


def test_a_wrong_command_is_refused_in_the_same_words_where_pages_are_kept(shop: Shop) -> None:
    wrong = [
        ("make", *DAY, "-o", "one.pdf"),
        ("make", *DAY, "-o", "-"),
        (*PAGE, "-o", "page.html"),
        (*PAGE, "--beside", "en"),
    ]
    before = [told(shop.run(*args)) for args in wrong]
    assert shop.run("make", *DAY).exit_code == shop.run(*PAGE).exit_code == 0

    assert [told(shop.run(*args)) for args in wrong] == before and {code for code, *_ in before} == {2}


def test_settings_from_outside_are_refused_where_pages_are_kept(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.run(*PAGE)
    printed(shop.root)
    monkeypatch.setenv("RL_invariant", "0")

    assert shop.run(*PAGE).exit_code == 1 and printed(shop.root) == {}


def test_a_kept_page_is_delivered_under_the_tripwire_and_for_this_user_alone(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.run(*PAGE)
    printed(shop.root)
    seen: list[bool] = []
    monkeypatch.setattr("press.delivery.atomic.sync_folder", lambda *_: seen.append(guard._active is not None))
    assert shop.run(*PAGE).exit_code == 0 and seen == [True]

    path = shop.root / "out" / NAME
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700


# Nobody's page only

PERSONAL = [
    ("--set", "name=Ana Example"), ("--set", "prescriber=Dr Example"), ("--set", "last_dose=2026-11-20"),
    ("--set", "code=K-0417", "--no-ledger"),
    ("--set", "stopped=yes"), ("--set", "naloxone_given=yes"), ("--set", "started=2026-10-01"), ("--set", "appointment=2026-12-01 14:30"),
    ("--set", "interval=4 weeks"), ("--set", "form=tablet"), ("--patient", "FILE"),
]  # fmt: skip


@pytest.mark.parametrize("args", PERSONAL)
@pytest.mark.parametrize("is_warm", [False, True])
def test_of_a_patient_nothing_is_kept_or_looked_for(
    args: tuple[str, ...], is_warm: bool, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_warm:
        shop.run(*PAGE)
    before = [(path, path.read_bytes()) for path in files(shop.root)]
    assert bool(before) == is_warm
    asked = [args[0], shop.patient("form: injection\n") if args[1] == "FILE" else args[1], *args[2:]]
    for module, name in (
        (stock, "open_page_cache"),
        (stock, "open_cache"),
        (kept, "read_inputs"),
        (kept, "recall"),
        (kept, "keep"),
    ):
        monkeypatch.setattr(module, name, lambda *_: pytest.fail("asked for what is kept"))

    assert shop.run(*PAGE, *asked).exit_code == 0
    assert [(path, path.read_bytes()) for path in files(shop.root)] == before


def of_anybody(root: Path = ROOT, *said: str) -> PageCache:
    found = stock.open_page_cache(root, (), said, "2026-11-23", False)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "given",
    [
        {"code": "K-0417"}, {"name": "Ana Example"}, {"prescriber": "Dr Example"}, {"last_dose": date(2026, 11, 20)}, {"stopped": True},
        {"naloxone_given": True}, {"started": date(2026, 10, 1)}, {"interval": "4 weeks"}, {"handouts": ("overdose-warning",)},
    ],
)  # fmt: skip
def test_a_patients_page_that_came_here_all_the_same_is_passed_over(given: dict[str, object], tmp_path: Path) -> None:
    root = copied(tmp_path)
    one, other = of_anybody(root), of_anybody(root)
    one.add_page("overdose-warning", TODAY, made(**given), NAME, b"words", ())
    other.add_page("overdose-warning", TODAY, made(), "page.txt", b"words", ())
    one.keep()
    assert files(root) == []
    other.keep()
    assert len(files(root)) == 1


def test_every_option_of_a_patient_is_one_that_keeps_nothing() -> None:
    """A new option is somebody's until it is named among those that only say which page it is."""
    from dataclasses import fields

    from press.patients.options import Options

    which = {"language", "edition", "paper", "form", "reason", "places"}
    names = {one.name for one in fields(Options) if one.compare} | {"places"}
    assert which < names and len(names) > 12
    odd = Mock()
    for name in names:
        options = Options()
        object.__setattr__(options, name, odd)
        assert stock.is_for_anybody(options) == (name in which), name


def test_a_page_that_warns_of_a_patient_is_passed_over(tmp_path: Path) -> None:
    from press.errors import Place, Problem, Severity

    one = of_anybody(copied(tmp_path))
    one.add_page(
        "benefits", TODAY, made(), "a.txt", b"", [Problem(Place("x"), "m", severity=Severity.WARNING, private=True)]
    )
    one.keep()
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    "args",
    [("--set", "name=Ana Example"), ("--language", "Ana"), ("--form", "Ana"), ("Ana Example",), ("--today", "Ana")],
)
def test_what_was_typed_amiss_is_in_no_kept_file(args: tuple[str, ...], shop: Shop) -> None:
    shop.run("make", *args)

    assert not any(b"Ana" in path.read_bytes() or "Ana" in path.name for path in files(shop.root))
    if args[0] != "--set":
        assert files(shop.root) == []


# What makes it new


def key(root: Path, *said: str, topic: str = "benefits", day: date = TODAY) -> tuple[str, str]:
    return of_anybody(root, *said)._page_entry(topic, day)


@pytest.mark.parametrize(
    "name",
    [
        *KINDS,
        "approvals.yaml",
        "handouts/benefits/en.yaml",
        "handouts/benefits/handout.yaml",
        "handouts/side-effects/es.yaml",
    ],
)
def test_one_byte_of_any_file_makes_every_page_new(name: str, tmp_path: Path) -> None:
    root = copied(tmp_path)
    (root / "approvals.yaml").write_text("# nobody signed yet\n", "utf-8")
    before = key(root)[1], of_anybody(root)._command_entry()[1]
    turned(root / name)

    assert not {key(root)[1], of_anybody(root)._command_entry()[1]} & {*before}


def test_a_text_that_changed_is_on_the_next_page(shop: Shop, composed: list[str]) -> None:
    shop.run(*PAGE, "--format", "text", "-o", "-")
    shop.edit("config.yaml", 'name: ""', 'name: "The Example Clinic"')

    assert "The Example Clinic" in shop.run(*PAGE, "--format", "text", "-o", "-").stdout and len(composed) == 2


def test_what_was_signed_off_is_no_draft_any_more(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    check_few(monkeypatch)
    shop.edit("config.yaml", 'after_hours_phone: ""', "after_hours_phone: (212) 736-5001")
    shop.edit("config.yaml", '\nphone: ""', "\nphone: (212) 736-5000")
    assert shop.run("make", "benefits", *DAY).exit_code == 0
    assert shop.run("approve", "benefits", *SIGNED, "--until", "2026-11-25", *DAY).exit_code == 0
    final = shop.run("make", "benefits", *DAY)

    assert final.exit_code == 0 and {name[:5] for name in shop.out()} == {"DRAFT", "benef"}
    assert shop.run("make", "benefits", "--today", "2026-11-26").exit_code == 1, "the approval has run out"


def test_the_program_is_part_of_the_key(tmp_path: Path) -> None:
    program = tmp_path / "press"
    shutil.copytree(ROOT / "press", program, ignore=shutil.ignore_patterns("__pycache__"))
    keys = set()
    for name in (None, "runs/page_cache.py", "writers/pdf/draw.py"):
        if name:
            turned(program / name)
        inputs = read_inputs(ROOT, program)
        assert inputs is not None
        keys.add(PageCache(Cache(ROOT, inputs), (), (), None, False)._page_entry("benefits", TODAY)[1])

    assert len(keys) == 3


def test_each_part_of_the_question_has_its_own_page(tmp_path: Path) -> None:
    asked = [
        key(ROOT),
        key(ROOT, "pdf"),
        key(ROOT, "html"),
        key(ROOT, topic="side-effects"),
        key(ROOT, day=date(2026, 11, 24)),
    ]

    assert len({digits for _, digits in asked}) == len(asked)
    assert len({name for name, _ in asked}) == len(asked) - 1, "the page of a new day takes the place of the old one's"


def test_each_command_has_its_own_plan() -> None:
    asked = [
        ((), (), None),
        (("benefits",), (), None),
        ((), ("pdf",), None),
        ((), (), "2026-11-23"),
        ((), (), "2026-11-24"),
    ]
    inputs = read_inputs(ROOT)
    assert inputs is not None
    found = [PageCache(Cache(ROOT, inputs), *one, anew=False)._command_entry() for one in asked]

    assert len({name for name, _ in found}) == len({digits for _, digits in found}) == len(asked)


@pytest.mark.parametrize(
    "args",
    [
        ("--language", "es"), ("--edition", "large-print"), ("--paper", "a4"), ("--form", "tablet"), ("--reason", "alcohol"),
        ("--beside", "es"), ("--as-draft",), ("--format", "html"), ("--today", "2026-11-24"),
    ],
)  # fmt: skip
def test_each_option_asks_for_a_page_of_its_own(args: tuple[str, ...], shop: Shop, composed: list[str]) -> None:
    shop.run(*PAGE)
    composed.clear()

    assert shop.run(*PAGE, *args).exit_code == 0 and composed


def test_only_a_final_page_is_no_kept_draft(shop: Shop) -> None:
    shop.run(*PAGE)

    assert shop.run(*PAGE, "--final").exit_code == 1


def test_a_page_of_yesterday_is_not_todays(shop: Shop, composed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for day in (TODAY, TODAY, date(2026, 11, 24), date(2026, 11, 24), TODAY):
        monkeypatch.setattr("press.cli.make.day_of", lambda today, press, day=day: day)
        monkeypatch.setattr("press.cli.make.day_in", lambda zone, day=day: day)
        assert shop.run("make", "overdose-warning").exit_code == 0

    assert len(composed) == 3 and len(files(shop.root)) == 2


def test_a_page_is_not_kept_if_a_file_was_saved_meanwhile(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    words, real = shop.root / "handouts/benefits/en.yaml", PageCache.keep

    def saved(self: PageCache) -> None:
        data = words.read_bytes()
        words.write_bytes(b"")
        words.write_bytes(data)
        real(self)

    monkeypatch.setattr(PageCache, "keep", saved)

    assert shop.run(*PAGE).exit_code == 0 and files(shop.root) == []


# The kept file


def keeps_its_word(shop: Shop, composed: list[str], first: dict[str, bytes]) -> None:
    composed.clear()
    found = shop.run(*PAGE)
    assert found.exit_code == 0 and printed(shop.root) == first and composed == ["overdose-warning"]


def changed(part: str, value: Callable[[str], object], is_signed: bool = True) -> Callable[[dict[str, object]], None]:
    def change(whole: dict[str, object]) -> None:
        whole["data"][part] = value(whole["data"][part])
        if is_signed:
            whole["digest"] = kept._digest(whole["form"], whole["key"], whole["data"])

    return change


@pytest.mark.parametrize(
    "change",
    [
        changed("bytes", lambda text: text[:-8]), changed("bytes", lambda text: text[8:]), changed("bytes", lambda text: "*" + text),
        changed("bytes", lambda text: None), changed("name", lambda text: "../page.pdf"), changed("name", lambda text: 1),
        changed("warnings", lambda rows: [[]]), changed("warnings", lambda rows: None),
        changed("bytes", lambda text: text[:400] + "AAAA" + text[404:], is_signed=False),
        changed("name", lambda text: "DRAFT-benefits-en-injection-opioid.pdf", is_signed=False),
        lambda whole: whole["data"].pop("name"), lambda whole: whole.pop("digest"),
    ],
)  # fmt: skip
def test_a_page_that_is_not_as_it_was_kept_is_made(
    change: Callable[[dict[str, object]], None], shop: Shop, composed: list[str]
) -> None:
    shop.run(*PAGE)
    first = printed(shop.root)
    (path,) = of_kind(shop.root, "page")
    whole = json.loads(path.read_bytes())
    change(whole)
    path.write_text(json.dumps(whole), "utf-8")

    keeps_its_word(shop, composed, first)


@pytest.mark.parametrize("kind", ["page", "plan"])
def test_a_damaged_file_is_not_believed(kind: str, shop: Shop, composed: list[str]) -> None:
    shop.run(*PAGE)
    first = printed(shop.root)
    (path,) = of_kind(shop.root, kind)
    data = path.read_bytes()
    middle = len(data) // 2
    for damaged in (b"", data[:middle], data[: middle - 1] + bytes([data[middle] ^ 1]) + data[middle + 1 :]):
        path.write_bytes(damaged)
        composed.clear()
        assert shop.run(*PAGE).exit_code == 0 and printed(shop.root) == first
        assert composed == ["overdose-warning"] * (kind == "page"), "a plan that is lost costs no page"


def test_a_page_under_the_name_of_another_is_not_believed(shop: Shop, composed: list[str]) -> None:
    shop.run("make", *DAY)
    there, pages = printed(shop.root), of_kind(shop.root, "page")
    whole = [path.read_bytes() for path in pages]
    assert len(pages) == len(USUAL) == len(set(whole)) > 1
    for path, data in zip(pages, whole[1:] + whole[:1], strict=True):
        path.write_bytes(data)
    composed.clear()

    assert shop.run("make", *DAY).exit_code == 0
    assert printed(shop.root) == there and composed == list(USUAL)


def test_pages_of_many_days_and_kinds_do_not_pile_up(tmp_path: Path) -> None:
    root = copied(tmp_path)
    for number in range(kept._MOST_OF["page"] + 5):
        kept.keep(root, f"page-{number}", "key", number)
        os.utime(root / kept.FOLDER / f"page-{number}.json", ns=(number, number))
    kept.keep(root, "check-0", "key", 0)

    assert len(of_kind(root, "page")) == kept._MOST_OF["page"] and kept.recall(root, "page-0", "key") is None
    assert kept.recall(root, f"page-{number}", "key") == number and kept.recall(root, "check-0", "key") == 0


def test_what_a_second_run_removed_first_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(kept._MOST_OF["page"] + 2):
        kept.keep(tmp_path, f"page-{number}", "key", number)
        os.utime(tmp_path / kept.FOLDER / f"page-{number}.json", ns=(number, number))
    real = kept.FILES.unlink
    gone: list[Path] = []

    def too_late(path: Path) -> None:
        gone.append(path)
        real(path)
        raise FileNotFoundError

    monkeypatch.setattr(kept.FILES, "unlink", too_late, raising=False)
    for name in ("a", "b", "c"):
        (tmp_path / kept.FOLDER / f"page-{name}.json").write_text("{}", "utf-8")
    kept.keep(tmp_path, "page-last", "key", 1)

    assert len(gone) == 4 and len(of_kind(tmp_path, "page")) == kept._MOST_OF["page"]


# Whole processes


def test_two_at_once_print_the_same_page_and_leave_one_that_is_whole(tmp_path: Path) -> None:
    root = copied(tmp_path)
    code = "import sys; from pathlib import Path; from press.cli import common, main; common.ROOT = Path(sys.argv.pop(1)); main.run()"
    for _ in range(2):
        both = [
            subprocess.Popen(
                [sys.executable, "-c", code, str(root), *PAGE, "-o", str(tmp_path / name)],
                cwd=ROOT,
                stdout=subprocess.DEVNULL,
            )
            for name in "ab"
        ]
        assert [one.wait(60) for one in both] == [0, 0]
        first, second = ((tmp_path / name / NAME).read_bytes() for name in "ab")
        assert first == second

    assert [path.name[:4] for path in files(root)] == ["page", "plan"]
    again = run(root, *PAGE, "-o", str(tmp_path / "c"))
    assert "jinja2" not in again.stdout.split() and (tmp_path / "c" / NAME).read_bytes() == first


def test_a_patients_page_is_made_without_what_only_lists_and_kept_pages_need(tmp_path: Path) -> None:
    root = copied(tmp_path)
    done = run(root, *PAGE, "--set", "code=K-0417", "--set", "name=Ana Example")
    modules = set(done.stdout.splitlines()[-1].split())

    assert (
        done.returncode == 0
        and {"press.compose.template", "press.delivery.ledger", "press.runs.batch", "press.cli.make"} < modules
    )
    assert not modules & {
        "press.runs.page_cache", "press.delivery.fingerprints", "press.delivery.disk_cache", "press.patients.patient_list", "press.patients.table", "csv", "press.cli.batch",
        "press.cli.report", "press.cli.content",
    }  # fmt: skip


@pytest.mark.parametrize(
    "args", [("make", "overdose-warning"), ("make",), ("make", "benefits", "--format", "html", "--json")]
)
def test_a_kept_page_is_delivered_without_the_modules_that_make_one(args: tuple[str, ...], tmp_path: Path) -> None:
    root = copied(tmp_path)
    first = run(root, *args)
    *told, modules = run(root, *args).stdout.splitlines()
    heavy = HEAVY | {
        "press.content.yaml.reader",
        "press.compose.template",
        "press.cli.arguments",
        "press.delivery.ledger",
        "press.runs.batch",
        "press.cli.batch",
    }

    assert told == first.stdout.splitlines()[:-1] and {
        "click",
        "press.runs.page_cache",
        "press.delivery.atomic",
        "press.runs.hardening",
    } < set(modules.split())
    assert {"press.compose.template", "press.cli.arguments", "jinja2"} < set(first.stdout.splitlines()[-1].split()), (
        "the first one is to have something to make"
    )
    assert heavy & set(modules.split()) == set()
    assert {name for name in modules.split() if name.startswith("press.writers.")} == {"press.writers.formats"}
