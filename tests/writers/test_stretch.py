"""Stretches of a job: written in any order with numbers that were given before, they make the same file."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pypdfium2
import pytest

from press.document.nodes import Numbering
from press.runs.handout import Site, complete, lay_out_one, make
from press.writers.pdf.file import stretch as stretch_module
from press.writers.pdf.file.job import JobFile
from press.writers.pdf.file.page_tree import Part
from press.writers.pdf.file.single import write_single
from press.writers.pdf.file.stretch import OutOfStepError, Start, Written
from tests.support import ROOT, TODAY
from tests.writers.test_reuse import EFFECTS, SHOT, WARNING, person

PEOPLE = (
    (WARNING, person("Ana Zerbinetta", last_dose=SHOT)),
    (WARNING, person("Bo Papagena", last_dose=SHOT)),
    (EFFECTS, person("Ana Despina", last_dose=SHOT, language="es")),
    (WARNING, person("Łucja Zerbinetta", last_dose=SHOT)),
    (EFFECTS, person("Łucja Despina", last_dose=SHOT, language="es")),
)


@cache
def parts() -> tuple[Part, ...]:
    return tuple(part_of(number, topic, options) for number, (topic, options) in enumerate(PEOPLE))


def part_of(number: int, topic: str, options: object) -> Part:
    site = Site(ROOT)
    full, _ = complete(site, options, TODAY)
    copy = lay_out_one(site, make(site, topic, full, TODAY), "KP2F6C", Numbering(1, 1, number + 1))
    return Part(f"P-{number}", full.language, (copy, None))


class Job:
    """A job, and its bytes."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.file = JobFile(self.written.append, "Handouts", "en")

    def end(self) -> bytes:
        self.file.end()
        return b"".join(self.written)


def numbered(job: JobFile) -> list[Start]:
    """Where each part starts, numbered in order."""
    starts, start = [], job.start
    for claim in [job.claim(part) for part in parts()]:
        assert claim is not None
        mine, start = job.assign(claim, start)
        starts.append(mine)
    return starts


def stretches(job: JobFile) -> list[Written]:
    """The stretch of each part, the last one written first."""
    both = list(zip(parts(), numbered(job), strict=True))
    return [job.write_stretch(part, start) for part, start in reversed(both)][::-1]


def test_a_file_is_the_same_in_whichever_order_its_stretches_are_written() -> None:
    one, other = Job(), Job()
    for part in parts():
        one.file.add(part)
    for stretch in stretches(other.file):
        other.file.take(stretch)
    assert one.end() == other.end()


def test_what_pages_share_is_in_a_file_once() -> None:
    job = Job()
    first, second, *_ = stretches(job.file)
    assert first.shared and not second.shared and len(second.data) < len(first.data) / 2


def words(data: bytes) -> list[str]:
    """The words of each side that has any."""
    pages = pypdfium2.PdfDocument(data)
    return [text for page in pages if (text := page.get_textpage().get_text_range())]


@pytest.mark.parametrize("is_mutant", [False, True])
def test_only_equal_streams_are_shared(is_mutant: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if is_mutant:
        monkeypatch.setattr(stretch_module, "_digest", lambda part: b"any" if isinstance(part, bytes) else b"")
    job = Job()
    for part in parts():
        job.file.add(part)
    alone = [text for part in parts() for copy in part.handouts if copy for text in words(write_single(copy))]
    assert len(alone) > len(parts()) and (words(job.end()) == alone) != is_mutant


def test_a_stretch_that_is_not_the_next_one_is_refused() -> None:
    job = Job()
    _, second, *_ = stretches(job.file)
    with pytest.raises(OutOfStepError):
        job.file.take(second)


def test_a_job_that_lacks_what_was_numbered_does_not_end() -> None:
    job = Job()
    job.file.take(stretches(job.file)[0])
    with pytest.raises(OutOfStepError):
        job.file.end()


def test_a_letter_with_another_code_is_refused() -> None:
    job = Job()
    *before, last = stretches(job.file)
    for stretch in before:
        job.file.take(stretch)
    [(name, ((sign, _), *more)), *rest] = last.letters
    with pytest.raises(OutOfStepError):
        job.file.take(replace(last, letters=((name, ((sign, "FFFF"), *more)), *rest)))


@pytest.mark.parametrize("name", ["محمد علي", "Nguyễn Thị", "Zoe\N{COMBINING DIAERESIS} Xi\N{COMBINING DOT BELOW}"])
def test_letters_whose_codes_depend_on_others_are_for_the_first_process(name: str) -> None:
    job = Job()
    job.file.add(parts()[0])
    job.file.keep_to_letters()
    assert job.file.claim(parts()[3]), "a letter with a glyph of its own"
    assert job.file.claim(part_of(9, WARNING, person(name, last_dose=SHOT))) is None
