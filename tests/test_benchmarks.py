"""The benchmarks still run: the quick ones, with whatever peers are here (in the sweep). No time is judged."""

from __future__ import annotations

import ast
import json
import os
import sys
import zlib
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from benchmarks import __main__ as command
from benchmarks import floor, report
from benchmarks.contestants import Contestant, Measure
from benchmarks.machine import described
from benchmarks.people import in_words, read_list, write_list
from benchmarks.present import PEERS, present
from benchmarks.product import Product
from benchmarks.profiling import profile
from benchmarks.proof import differences, sides
from benchmarks.results import Results
from benchmarks.rounds import grown, interleaved
from benchmarks.running import Failed, Spread, ratio, run
from benchmarks.words import cold_page, reference_page
from tests.support import ROOT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the benchmarks need Linux or macOS")

PACKAGE = ROOT / "benchmarks"
MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All that a quick run measured. Every peer's words are proved in it, or it fails."""
    file = tmp_path_factory.mktemp("quick") / "results.json"
    command.main(["--quick", "--json", str(file)])
    return json.loads(file.read_text("utf-8"))


@pytest.mark.sweep
@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.module)
def test_every_peer_is_measured_or_says_why_not(peer: Any, found: dict[str, Any]) -> None:
    if peer.missing and peer.package != "reportlab" and os.environ.get("CI") != "true":
        pytest.skip(peer.missing)
    parts = ("warm", "cold", "merged") if peer.merges else ("warm", "cold")

    assert not peer.missing
    assert all(found[part][peer.module] for part in parts)


@pytest.mark.sweep
def test_the_product_and_the_floor_are_measured(found: dict[str, Any]) -> None:
    assert {"product", "floor", "write"} <= found["warm"].keys()
    assert "product" in found["merged"]
    assert {"make", "python", "help", "list"} <= found["cold"].keys()
    assert [one["documents"] for one in found["growth"]] == found["sizes"]


@pytest.mark.sweep
def test_typst_prints_the_same_varied_list(found: dict[str, Any]) -> None:
    assert {key: [one["documents"] for one in rounds] for key, rounds in found["varied"]["2"].items()} == {
        key: [6] for key in ("typst_ua", "product", "product-2")
    }


@pytest.mark.sweep
def test_each_handout_at_the_desk_is_measured(found: dict[str, Any]) -> None:
    times = {key: [len(one["times"]) for one in rounds] for key, rounds in found["desk"].items()}

    assert times == {"typst_ua": [6], "desk": [6]}
    assert all(seconds > 0 for rounds in found["desk"].values() for one in rounds for seconds in one["times"])


@pytest.mark.sweep
def test_every_measure_has_figures(found: dict[str, Any]) -> None:
    rounds = [one for part in ("warm", "merged") for rounds in found[part].values() for one in rounds]

    assert len(rounds) >= 4
    for one in rounds:
        assert one["documents"] == 2
        assert 0 < one["seconds"] <= one["whole"]
        assert one["peak"] > 1e6
        assert one["size"] > 1000


@pytest.mark.sweep
def test_the_floor_writes_as_many_bytes_as_the_product(found: dict[str, Any]) -> None:
    for mode in ("floor", "write"):
        assert found["warm"][mode][0]["size"] == found["warm"]["product"][0]["size"]


@pytest.mark.sweep
def test_nothing_of_this_machine_is_told(found: dict[str, Any]) -> None:
    told = json.dumps(found["machine"])

    assert found["machine"]["processor"]
    assert os.uname().nodename not in told
    assert str(ROOT) not in told and str(Path.home()) not in told
    assert described(ROOT).keys() == found["machine"].keys()


# Same words


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:
    """The neutral page of the reference handout."""
    return reference_page(ROOT)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], list[str]]:
    """One person's values, and the text of the pages that the product printed for this person."""
    product = Product(ROOT, tmp_path_factory.mktemp("product") / "project")
    _, out = product.separate(3)
    values = [values for _, values in read_list(product.folder / "list.csv", 3)]
    return values[2], sides(sorted(out.glob("*.pdf"))[2])


def test_the_neutral_page_says_what_the_product_prints(
    page: dict[str, Any], printed: tuple[dict[str, str], list[str]]
) -> None:
    values, text = printed

    assert len(text) == page["sides"] == 2
    assert differences(page, values, text) == []
    assert all(value in " ".join(text).replace("\r\n", " ") for value in values.values())


@pytest.mark.parametrize(
    ("old", "new"), [("kill you", "not kill you"), ("naloxone", ""), ("overdose", "overdoes"), ("911", "912")]
)
def test_other_words_are_found_out(
    old: str, new: str, page: dict[str, Any], printed: tuple[dict[str, str], list[str]]
) -> None:
    values, text = printed
    changed = [side.replace(old, new) for side in text]

    assert (differences(page, values, changed) != []) == any(old in side for side in text)


def test_another_persons_page_is_found_out(page: dict[str, Any], printed: tuple[dict[str, str], list[str]]) -> None:
    values, text = printed
    for field in values:
        assert differences(page, {**values, field: "Somebody Else"}, text)


def test_the_cold_page_has_a_table_and_two_columns() -> None:
    page = cold_page(ROOT)
    kinds = json.dumps(page)

    assert page["sides"] == 1 and page["pair"]
    assert '"table"' in kinds and '"pair"' in kinds and '"ordered": true' in kinds


def test_the_same_number_of_people_is_the_same_list(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_list(tmp_path / name, 50)
    people = list(read_list(tmp_path / "one", 50))

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert len({code for code, _ in people}) == 50
    assert len({values["name"] for _, values in people}) == 50
    assert in_words(date(2026, 12, 4)) == "Friday, December 4, 2026"


# Reckoning


def test_ratios_are_taken_round_by_round() -> None:
    slow_minute = ratio([1.0, 10.0, 1.0], [2.0, 20.0, 2.0])

    assert slow_minute == Spread(0.5, 0.5, 0.5)
    assert Spread.of([1.0, 2.0, 3.0, 4.0, 100.0]) == Spread(3.0, 2.0, 4.0)
    with pytest.raises(ValueError):
        ratio([1.0], [1.0, 2.0])


def test_a_desk_is_as_fast_as_its_median_and_as_slow_as_one_of_twenty() -> None:
    def measure(*milliseconds: float) -> Measure:
        times = tuple(one / 1000 for one in milliseconds)
        return Measure(len(times), sum(times), 1, 2_000_000, 1, times)

    rounds = {"typst_ua": [measure(*[9] * 20)], "desk": [measure(*[3] * 19, 30)]}
    found = Results({}, {"typst_ua": "Typst", "desk": "the press"}, {}, desk=rounds)

    assert report.desk(found)[2:] == [
        "| Typst | 20 | 9.00 | 9.00 | 1.00 (1.00 to 1.00) | 2 |",
        "| the press | 20 | 3.00 | 30.0 | 3.00 (3.00 to 3.00) | 2 |",
    ]
    assert "| at the desk, times as fast as Typst | ≥ 3 | 3.00 (3.00 to 3.00) |" in report.goals(found)


def test_a_list_that_would_take_too_long_is_not_run() -> None:
    measures = grown(lambda count: Measure(count, count * 0.1, 0, 0, 0), (10, 100, 1000), 20, lambda line: None)

    assert [isinstance(one, Measure) for one in measures] == [True, True, False]
    assert measures[2] == pytest.approx(100)


@pytest.mark.parametrize(("start", "each"), [(0.5, 0.05), (0, 0.01), (0.2, 0.0002), (3, 0.4)])
def test_a_round_takes_about_its_time_beside_starting(start: float, each: float) -> None:
    def run_of(count: int) -> Measure:
        return Measure(count, start + each * count, 0, 0, 0)

    both = [
        Contestant("one", "one", None, run_of),
        Contestant("two", "two", None, lambda count: Measure(count, 1, 1, 1, 1), like="one"),
    ]
    found = interleaved(both, 3, 1.5, lambda line: None)
    rounds = found["one"]

    assert len(rounds) == 3
    assert [one.documents for one in found["two"]] == [one.documents for one in rounds]
    assert rounds[0].documents * each == pytest.approx(1.5, rel=0.4)


def test_the_floor_deflates_each_page_and_keeps_the_length(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    pages = [b"0 0 m 1 1 l S " * 900, b"BT ET " * 700]
    with pikepdf.new() as document:
        for operators in pages:
            document.add_blank_page().Contents = document.make_stream(operators)
        document.save(tmp_path / "in" / "a.pdf", compress_streams=False)
    floor.main("deflate", str(tmp_path / "in"), str(tmp_path / "out"), "3")
    data = (tmp_path / "out" / "000002.pdf").read_bytes()

    assert json.loads(capsys.readouterr().out)["seconds"] > 0
    assert len(list((tmp_path / "out").iterdir())) == 3
    assert len(data) == (tmp_path / "in" / "a.pdf").stat().st_size
    assert data.startswith(b"".join(zlib.compress(page, 6) for page in pages))


def test_the_profile_names_modules_and_no_folders() -> None:
    told = profile(ROOT, 2)

    assert "| `press/writers/pdf/" in told and "own time" in told
    assert str(ROOT) not in told and str(Path.home()) not in told


def test_a_command_that_fails_ends_the_run(tmp_path: Path) -> None:
    product = Product(ROOT, tmp_path / "project")

    assert run(["/bin/echo", "words"], tmp_path).output == "words\n"
    with pytest.raises(Failed):
        product.run("make", "no-such-handout")


def test_what_is_measured_may_keep_byte_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")

    assert run([sys.executable, "-c", "import sys; print(sys.dont_write_bytecode)"], tmp_path).output == "False\n"


def test_the_tables_go_between_their_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n", "utf-8")
    machine = {"processor": "made up"}
    measure = Measure(10, 0.5, 0.6, 2_000_000, 30_000)
    results = Results(machine, {"product": "the press"}, {"product": True}, {"product": [measure, measure]})
    report.put(page, report.tables(results))
    text = page.read_text("utf-8")

    assert text.startswith("before\n") and text.endswith("after\n") and "old" not in text
    assert "| the press | yes | 50.0 | 50.0 to 50.0 | 20 |" in text
    assert "| a personal file | ≤ 45 kB | 30.0 kB |" in text
    page.write_text("no marks\n", "utf-8")
    with pytest.raises(ValueError):
        report.put(page, "")


def test_the_manual_has_the_place() -> None:
    text = command.PAGE.read_text("utf-8")

    assert text.count(report.BEGIN) == text.count(report.END) == 1


# Shape


def test_the_press_does_not_know_its_benchmarks() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "press").rglob("*.py")]

    assert len(sources) > 50
    assert not [text for text in sources if "benchmarks" in text]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_stay_short_and_say_what_they_are_for(path: Path) -> None:
    text = path.read_text("utf-8")
    tree = ast.parse(text)

    assert ast.get_docstring(tree)
    assert len(text.splitlines()) < 200
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 30, node.name
            assert node.returns is not None, node.name


def test_reportlab_is_always_among_the_peers() -> None:
    assert "plain_reportlab" in {peer.module for peer in present()}
