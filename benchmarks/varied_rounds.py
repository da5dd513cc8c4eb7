"""Who is measured on lists as varied as a clinic's: Typst and the product, each as a function from people to seconds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.contestants import TYPST, Contestant, Measure, Stage, peer_command, press_contestant
from benchmarks.present import Peer, present
from benchmarks.running import run, set_aside
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
            folder, list_ = self.stage.folder, self.people(count)
            place = folder / "peer"
            place.mkdir()
            out, file = place / "people", list_.write(folder)
            done = run(peer_command(peer, "varied", file, folder / f"varied-{count}.csv", out, count), folder)
            size = list_.prove({code: sorted(out.glob(f"{code}-*.pdf")) for code in list_.jobs})
            told = json.loads(done.output)
            set_aside(place, folder)
            set_aside(folder / "kinds", folder)
            return Measure(list_.handouts, told["seconds"], done.seconds, done.peak, size, tuple(told["each"]))

        return measured

    def _product(self, workers: int | None) -> Callable[[int], Measure]:
        def measured(count: int) -> Measure:
            list_, product = self.people(count), self.stage.product
            done, out = product.mixed(count, workers)
            size = list_.prove({code: sorted(out.glob(f"*{code}-*.pdf")) for code in list_.jobs})
            product.clear()
            return Measure(list_.handouts, done.seconds, done.seconds, done.peak, size)

        return measured

    def people(self, count: int) -> Varied:
        """The pages of a list, read once for all who print it."""
        if count not in self.lists:
            self.lists[count] = Varied(self.stage.root, self.stage.folder, count)
        return self.lists[count]
