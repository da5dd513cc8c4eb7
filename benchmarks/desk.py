"""The desk's path: a process that stays open, and a person it has never seen before each time, beside Typst.

`python benchmarks/desk.py ROOT LIST OUT` is that process for the product. It prints as JSON the seconds of each
handout, from options as they are typed to a file; imports and one handout before the clock starts are not counted.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.contestants import TYPST, Contestant, Measure
from benchmarks.people import TODAY
from benchmarks.running import run, set_aside
from benchmarks.varied import read_people

if TYPE_CHECKING:
    from benchmarks.varied_rounds import VariedStage

DESK = "desk"


def contestants(varied: VariedStage) -> list[Contestant]:
    """Typst with one compiler, and the product's own functions, which a desk in a browser calls."""
    typst = [one for one in varied.contestants() if one.key == TYPST]
    return [*typst, Contestant(DESK, "**the press, one open process**", True, _product(varied))]


def _product(varied: VariedStage) -> Callable[[int], Measure]:
    def measured(count: int) -> Measure:
        people, folder = varied.people(count), varied.stage.folder
        out = folder / "desk"
        product = varied.stage.product.folder
        command = [sys.executable, __file__, str(product), str(folder / f"varied-{count}.csv"), str(out)]
        done = run(command, folder)
        each = tuple(json.loads(done.output)["each"])
        size = people.prove({code: sorted(out.glob(f"{code}-*.pdf")) for code in people.jobs})
        set_aside(out, folder)
        return Measure(people.handouts, sum(each), done.seconds, done.peak, size, each)

    return measured


def main(root: str, people: str, out: str) -> None:
    """Make the handouts of everybody on a list, one request after the other."""
    from press.delivery.destination import target_from
    from press.lru import look_for_cycles_seldom
    from press.runs.desk_run import DeskRequest, make_pages, prepare
    from press.runs.handout import Site
    from press.writers.formats import ENDINGS

    look_for_cycles_seldom()  # as the desk's maker does
    site, folder = Site(Path(root)), Path(out)
    folder.mkdir()
    target = target_from(None, folder, "pdf", 1, ENDINGS)
    each = []
    for code, options in read_people(Path(people)):
        request = DeskRequest(site, TODAY, options)
        for number, topic in enumerate(prepare(request).topics):
            file = folder / f"{code}-{number}.pdf"
            if not each and not file.exists():  # the one before the clock starts
                make_pages(prepare(replace(request, handouts=(topic,))), target)
            begun = time.perf_counter()
            file.write_bytes(make_pages(prepare(replace(request, handouts=(topic,))), target).pages[0].data)
            each.append(time.perf_counter() - begun)
    print(json.dumps({"each": each}))


if __name__ == "__main__":
    main(*sys.argv[1:])
