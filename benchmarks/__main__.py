"""`python -m benchmarks`: the whole run, a quick one, or a profile. docs/performance.md explains it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import cold, desk, machine, report
from benchmarks.contestants import PRODUCT, TWO, Stage
from benchmarks.present import PEERS
from benchmarks.profiling import profile
from benchmarks.results import DESK_PEOPLE, SIZES, VARIED, Results
from benchmarks.rounds import Measured, Tell, grown, interleaved
from benchmarks.varied_rounds import VariedStage

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is asked for on the command line."""
    asked = _parser().parse_args(arguments)
    if asked.what == "profile":
        print(profile(ROOT, asked.people))
        return
    found = measured(asked, lambda line: print(line, file=sys.stderr, flush=True))
    text = report.tables(found)
    print(text)
    if asked.json:
        found.save(asked.json)
    if asked.write:
        report.put(PAGE, text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("run", "profile"), default="run")
    parser.add_argument("--quick", action="store_true", help="two people and one round: does it all still work?")
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="rounds of each contestant (default 7)")
    parser.add_argument("--seconds", type=float, default=1.5, metavar="S", help="about how long one round may take")
    parser.add_argument(
        "--budget", type=float, default=120, metavar="S", help="the most that one length of list may take"
    )
    parser.add_argument("--people", type=int, default=200, metavar="N", help="people of the profile (default 200)")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep all that was measured")
    return parser


def measured(asked: argparse.Namespace, tell: Tell) -> Results:
    """Everything, in a folder of its own on the disk of the project."""
    for peer in PEERS:
        if peer.missing:
            tell(f"{peer.name} is left out: {peer.missing}")
    rounds, box = (1, 0.0) if asked.quick else (asked.rounds, asked.seconds)
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="benchmarks-", dir=build) as folder:
        where = machine.described(Path(folder))  # first: it tells what else is at work
        stage = Stage(ROOT, Path(folder))
        warm, merged = stage.warm(), stage.merged()
        several = VariedStage(stage)
        at_desk = desk.contestants(several)
        names = {one.key: one.label for one in (*warm, *merged, *at_desk)}
        product, two = (next((one for one in warm if one.key == key), None) for key in (PRODUCT, TWO))
        sizes = (5, 10) if asked.quick else SIZES
        return Results(
            where,
            {**names, **{one.key: one.label for one in cold.commands(stage, asked.quick)}},
            {one.key: one.tagged for one in (*warm, *merged)},
            interleaved(warm, rounds, box, tell),
            interleaved(merged, rounds, box, tell),
            cold.measured(stage, 1 if asked.quick else 3 * rounds, tell, quick=asked.quick),
            sizes,
            grown(product.run, sizes, asked.budget, tell),
            grown(two.run, sizes, asked.budget, tell) if two else (),
            varied(several, asked, tell),
            interleaved(at_desk, rounds, 0.0, tell, 2 if asked.quick else DESK_PEOPLE),
        )


def varied(several: VariedStage, asked: argparse.Namespace, tell: Tell) -> dict[int, Measured]:
    """Lists as varied as a clinic's: short ones in as many rounds as all else, the longest in fewer."""
    contestants = several.contestants()
    sizes = (2,) if asked.quick else VARIED
    rounds = {size: 1 if asked.quick else asked.rounds if size < VARIED[-1] else 2 for size in sizes}
    return {size: interleaved(contestants, rounds[size], 0.0, tell, size) for size in sizes}


if __name__ == "__main__":
    main()
