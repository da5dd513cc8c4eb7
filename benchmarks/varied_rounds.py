"""Who is measured on lists as varied as a clinic's: Typst and the product, each as a function from people to seconds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.contestants import TYPST, Contestant, Measure, Stage, peer_command, press_contestant
from benchmarks.present import Peer, present
from benchmarks.proof import sides
from benchmarks.running import Failed, run, set_aside
from benchmarks.varied import Varied


@dataclass(frozen=True)
class VariedStage:
    """The stage of a run with the pages of its varied lists, by their number of people."""

    stage: Stage
    lists: dict[int, Varied] = field(default_factory=dict)

    def contestants(self) -> list[Contestant]:
        """Everybody who prints all handouts for each person; a document is one handout."""
        typst = [peer for peer in present() if peer.module == TYPST]
        found = [Contestant(peer.module, peer.label, peer.tagged, self._peer(peer)) for peer in typst]
        return found + [press_contestant(workers, self._product(workers)) for workers in self.stage.workers()]

    def _peer(self, peer: Peer) -> Callable[[int], Measure]:
        def measured(count: int) -> Measure:
            folder, list_ = self.stage.folder, self._list(count)
            place = folder / "peer"
            place.mkdir()
            out, file = place / "people", list_.write(folder)
            done = run(peer_command(peer, "varied", file, folder / "varied.csv", out, count), folder)
            size = _prove(list_, {code: sorted(out.glob(f"{code}-*.pdf")) for code in list_.jobs})
            set_aside(place, folder)
            set_aside(folder / "kinds", folder)
            return Measure(list_.handouts, json.loads(done.output)["seconds"], done.seconds, done.peak, size)

        return measured

    def _product(self, workers: int | None) -> Callable[[int], Measure]:
        def measured(count: int) -> Measure:
            list_, product = self._list(count), self.stage.product
            done, out = product.mixed(count, workers)
            size = _prove(list_, {code: sorted(out.glob(f"*{code}-*.pdf")) for code in list_.jobs})
            product.clear()
            return Measure(list_.handouts, done.seconds, done.seconds, done.peak, size)

        return measured

    def _list(self, count: int) -> Varied:
        """The pages of a list, read once for all who print it."""
        if count not in self.lists:
            self.lists[count] = Varied(self.stage.root, self.stage.folder, count)
        return self.lists[count]


def _prove(list_: Varied, files: dict[str, list[Path]]) -> int:
    """Compare the words of the first, the middle and the last person's files with what they should be.

    Gives the size of the largest file, in bytes.
    """
    codes = list(files)
    for code in {codes[0], codes[len(codes) // 2], codes[-1]}:
        wrong = list_.missing(code, [text for path in files[code] for text in sides(path)])
        if wrong or not files[code]:
            raise Failed(f"not the product's words for a person of a varied list: {', '.join(wrong[:8])}")
    return max(path.stat().st_size for paths in files.values() for path in paths)
