"""A list as varied as a clinic's, for a peer: the pages of all kinds of readers, and each person's values for them.

A page is taken from the skeleton that the product composed for a kind of reader, once; its open slots
are the places `{s0}`, `{s1}` and so on, and a job is the number of a page with one person's texts for them.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.page_files import write_fonts
from benchmarks.people import TODAY, write_mixed
from benchmarks.proof import sides, texts_of, words
from benchmarks.running import Failed
from benchmarks.words import read_page
from press.content.yaml.reader import read
from press.document.slots import slots_of
from press.patients.options import Options, read_options
from press.runs.handout import Made, Site, complete, make

Job = tuple[int, dict[str, str]]  # the number of a page, and texts by place


class Varied:
    """The first people of a varied list: `pages` of all their kinds, and `jobs` of each person by code, in order."""

    def __init__(self, root: Path, folder: Path, count: int) -> None:
        self.pages: list[dict[str, Any]] = []
        self.jobs: dict[str, list[Job]] = {}
        self._site = Site(root)
        self._numbers: dict[int, int] = {}  # of pages, by the identity of the product's own
        self._held: list[Made] = []  # so that no identity comes again
        people = folder / f"varied-{count}.csv"
        write_mixed(people, count)
        for code, options in read_people(people):
            self.jobs[code] = [self._job(made) for made in self._made(options)]

    @property
    def handouts(self) -> int:
        """How many handouts all people get."""
        return sum(map(len, self.jobs.values()))

    def write(self, folder: Path) -> Path:
        """Write pages and jobs as a file for the peers, with the faces beside it."""
        path = folder / "varied.json"
        pages = [{**page, "fonts": write_fonts(page, path)} for page in self.pages]
        path.write_text(json.dumps({"pages": pages, "people": self.jobs}, ensure_ascii=False), "utf-8")
        return path

    def _missing(self, code: str, found: list[str]) -> list[str]:
        """Name the words of one person's handouts that are not on the pages `found`; footers are not compared."""
        there = Counter(word for text in found for word in words(text))
        wanted = Counter(word for number, values in self.jobs[code] for word in _body(self.pages[number], values))
        return sorted(wanted - there)

    def prove(self, files: dict[str, list[Path]]) -> int:
        """Compare the words of the first, the middle and the last person's files with what they should be.

        Gives the size of the largest file, in bytes. Raises Failed.
        """
        codes = list(files)
        for code in {codes[0], codes[len(codes) // 2], codes[-1]}:
            wrong = self._missing(code, [text for path in files[code] for text in sides(path)])
            if wrong or not files[code]:
                raise Failed(f"not the product's words for a person of a varied list: {', '.join(wrong[:8])}")
        return max(path.stat().st_size for paths in files.values() for path in paths)

    def _made(self, given: Options) -> list[Made]:
        options, _ = complete(self._site, given, TODAY)
        return [make(self._site, topic, options, TODAY) for topic in self._usual(options)]

    def _usual(self, options: Options) -> list[str]:
        """List the handouts that are printed unasked."""
        topics = self._site.library.topics
        return [name for name in topics if not self._site.handout(name, options.language).structure.opt_in]

    def _job(self, made: Made) -> Job:
        skeleton = made.master.page.document
        number = self._numbers.get(id(made.master.page))
        if number is None:
            number = self._numbers[id(made.master.page)] = len(self.pages)
            self.pages.append(read_page(self._site, made, skeleton))
            self._held.append(made)
        return number, {f"s{slot.number}": made.texts[slot.number] for slot in slots_of(skeleton)}


def read_people(path: Path) -> Iterator[tuple[str, Options]]:
    """Read code and options of everybody on a varied list, as they are typed at a desk."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code = row.pop("code")
            lines = "".join(f"{key}: {value}\n" for key, value in row.items() if value)
            yield code, read_options(read(lines.encode(), "row"))


def _body(page: dict[str, Any], values: dict[str, str]) -> list[str]:
    return [word for text in texts_of(page["letterhead"] + page["body"]) for word in words(text.format_map(values))]
