"""Runs one peer in a process of its own: `python benchmarks/peer.py PEER MODE PAGE LIST OUT COUNT`.

MODE is `separate` (OUT is a folder), `merged` (OUT is a file), `one` (OUT is a file, LIST is not
read: a page for nobody in particular) or `varied` (PAGE has the pages of all kinds, and everybody's
values: a file for each handout). What it prints is the time in seconds from opening the list
to the last file written; imports, fonts and one document before it are not in that time.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).resolve().parent.parent)


def main(module: str, mode: str, page_file: str, list_file: str, out: str, count: str) -> None:
    """Make the files."""
    peer = import_module(f"benchmarks.peers.{module}")
    page = json.loads(Path(page_file).read_text("utf-8"))
    if mode == "varied":
        times = _varied(peer.open_pages(page["pages"]), page["people"], Path(out))
        print(json.dumps({"seconds": sum(times), "each": times}))
        return
    writer = peer.open_page(page)
    if mode == "one":
        writer.one({}, out)
        return
    work = {"separate": _separate, "merged": _merged}[mode]
    print(json.dumps({"seconds": _timed(work, writer, Path(list_file), Path(out), int(count))}))


def _timed(work: Callable[..., None], writer: Any, list_file: Path, out: Path, count: int) -> float:
    from benchmarks.people import read_list

    warm = out.with_name("warm.pdf")
    writer.one(next(read_list(list_file, 1))[1], str(warm))
    warm.unlink()
    begun = time.perf_counter()
    work(writer, list_file, out, count)
    return time.perf_counter() - begun


def _varied(writer: Any, people: dict[str, list[tuple[int, dict[str, str]]]], out: Path) -> list[float]:
    number, values = next(iter(people.values()))[0]
    warm = out.with_name("warm.pdf")
    writer.one(number, values, str(warm))
    warm.unlink()
    out.mkdir()
    times = []
    for code, jobs in people.items():
        for place, (number, values) in enumerate(jobs):
            begun = time.perf_counter()
            writer.one(number, values, f"{out}/{code}-{place}.pdf")
            times.append(time.perf_counter() - begun)
    return times


def _separate(writer: Any, list_file: Path, out: Path, count: int) -> None:
    from benchmarks.people import read_list

    out.mkdir()
    for code, values in read_list(list_file, count):
        writer.one(values, f"{out}/{code}.pdf")


def _merged(writer: Any, list_file: Path, out: Path, count: int) -> None:
    from benchmarks.people import read_list

    writer.merged([values for _, values in read_list(list_file, count)], str(out))


if __name__ == "__main__":
    main(*sys.argv[1:])
