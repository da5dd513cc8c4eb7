"""Who is measured: the product, its peers and the floor, each as a function from people to seconds."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.page_files import write_page
from benchmarks.people import read_list, write_list
from benchmarks.present import Peer, present
from benchmarks.product import Product
from benchmarks.proof import count_sides, differences, sides
from benchmarks.running import Failed, Run, run, set_aside
from benchmarks.words import cold_page, reference_page

TYPST, REPORTLAB, PRODUCT, TWO, FLOOR = "typst_ua", "plain_reportlab", "product", "product-2", "floor"
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Measure:
    """One round of one contestant: what counts, and the whole process with its start, in seconds."""

    documents: int
    seconds: float
    whole: float
    peak: int
    size: int  # bytes: of one file, or of a merged file for each person
    times: tuple[float, ...] = ()  # seconds of each document, where they are made one by one

    @property
    def each(self) -> float:
        """Seconds for each document."""
        return self.seconds / self.documents


@dataclass(frozen=True)
class Contestant:
    """Somebody in an interleaved run. `most` people are the most that a round may have.

    `like` is the key of an earlier one, with whose number of people this one works, so that starting weighs the same.
    """

    key: str
    label: str
    tagged: bool | None
    run: Callable[[int], Measure]
    most: int = 20_000
    like: str = ""


def press_contestant(workers: int | None, measured: Callable[[int], Measure]) -> Contestant:
    """The press with one worker, with two, or, where the number cannot be told, with those that it takes by itself."""
    if workers == 2:
        return Contestant(TWO, "**the press, two workers**", True, measured, like=PRODUCT)
    return Contestant(PRODUCT, "**the press, one worker**" if workers else "**the press**", True, measured)


@dataclass(frozen=True)
class Stage:
    """The folder of a run: the copied project, the neutral pages, lists and what the peers make."""

    root: Path
    folder: Path
    product: Product = field(init=False)
    page: dict[str, Any] = field(init=False)
    cold: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "product", Product(self.root, self.folder / "project"))
        for name, taken in (("page", reference_page(self.root)), ("cold", cold_page(self.root))):
            object.__setattr__(self, name, taken)
            write_page(taken, self.file(name))

    def file(self, name: str) -> Path:
        """Where a neutral page stands."""
        return self.folder / f"{name}.json"

    def warm(self) -> list[Contestant]:
        """Many people, a file for each."""
        found = [self._peer(peer, "separate") for peer in present()]
        found += [self._product(workers, "separate") for workers in self.workers()]
        found.append(Contestant(FLOOR, "the floor: compress and write the same bytes", None, self._floor("deflate")))
        return [*found, Contestant("write", "writing the same bytes alone", None, self._floor("write"))]

    def merged(self) -> list[Contestant]:
        """Many people in one file."""
        found = [self._peer(peer, "merged") for peer in present() if peer.merges]
        return found + [self._product(workers, "merged") for workers in self.workers()]

    def workers(self) -> tuple[int | None, ...]:
        """How many processes the product is measured with; None if it cannot be told."""
        return (1, 2) if self.product.knows_workers else (None,)

    # Peers

    def _peer(self, peer: Peer, mode: str) -> Contestant:
        def measured(count: int) -> Measure:
            return self._peer_round(peer, mode, count)

        return Contestant(peer.module, peer.label, peer.tagged, measured, 1_000)

    def _peer_round(self, peer: Peer, mode: str, count: int) -> Measure:
        people, place = self.folder / "people.csv", self.folder / "peer"
        out = place / {"separate": "people", "merged": "job.pdf"}[mode]
        place.mkdir()
        write_list(people, count)
        done = run(peer_command(peer, mode, self.file("page"), people, out, count), self.folder)
        measure = self._measured(done, json.loads(done.output)["seconds"], mode, out, count)
        set_aside(place, self.folder)
        return measure

    # The product and the floor

    def _product(self, workers: int | None, mode: str) -> Contestant:
        def measured(count: int) -> Measure:
            done, out = getattr(self.product, mode)(count, workers)
            shutil.copy(self.product.folder / "list.csv", self.folder / "people.csv")
            measure = self._measured(done, done.seconds, mode, out, count)
            self._keep(out, workers, mode)
            self.product.clear()
            return measure

        return press_contestant(workers, measured)

    def _keep(self, out: Path, workers: int | None, mode: str) -> None:
        """A few hundred of the product's files, for the floor."""
        kept = self.folder / "kept"
        if mode == "separate" and workers != 2:
            set_aside(kept, self.folder)
            kept.mkdir()
            for path in sorted(out.glob("*.pdf"))[:300]:
                shutil.move(path, kept)

    def _floor(self, mode: str) -> Callable[[int], Measure]:
        def measured(count: int) -> Measure:
            kept, out = self.folder / "kept", self.folder / "floor"
            done = run([sys.executable, str(_HERE / "floor.py"), mode, str(kept), str(out), str(count)], self.folder)
            set_aside(out, self.folder)
            size = max(path.stat().st_size for path in kept.iterdir())
            return Measure(count, json.loads(done.output)["seconds"], done.seconds, done.peak, size)

        return measured

    # Proof

    def _measured(self, done: Run, seconds: float, mode: str, out: Path, count: int) -> Measure:
        rows = list(read_list(self.folder / "people.csv", count))
        if mode == "merged":
            self._prove_merged(out, [values for _, values in rows])
            return Measure(count, seconds, done.seconds, done.peak, out.stat().st_size // count)
        files = sorted(out.glob("*.pdf"))
        if len(files) != count:
            raise Failed(f"{len(files)} files for {count} people")
        for number in {0, count // 2, count - 1}:
            _prove(self.page, rows[number][1], sides(files[number]))
        return Measure(count, seconds, done.seconds, done.peak, max(file.stat().st_size for file in files))

    def _prove_merged(self, out: Path, people: list[dict[str, str]]) -> None:
        each = self.page["sides"]
        if count_sides(out) != each * len(people):
            raise Failed(f"{count_sides(out)} pages for {len(people)} people")
        for number in {0, len(people) // 2, len(people) - 1}:
            _prove(self.page, people[number], sides(out, slice(number * each, (number + 1) * each)))


def _prove(page: dict[str, Any], values: dict[str, str], found: list[str]) -> None:
    wrong = differences(page, values, found)
    if wrong or len(found) != page["sides"]:
        raise Failed(f"not the product's words on {page['sides']} pages: {len(found)} pages, {', '.join(wrong[:8])}")


def peer_command(peer: Peer, mode: str, page: Path, people: Path, out: Path, count: int) -> list[str]:
    """What starts a peer."""
    return [sys.executable, str(_HERE / "peer.py"), peer.module, mode, str(page), str(people), str(out), str(count)]
