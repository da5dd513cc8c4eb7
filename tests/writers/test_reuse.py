"""A page is the same whichever way it came about: alone, after thousands of others, or in any order.

The pages of some made-up people are made one by one, each by a press of its own: that is how they
must be. Then one press makes all of them, in several orders. Every cache between the two has a mutant
here: with a part of its key left out, the comparison must fail.
"""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest

from press.compose import choose, provenance, sandbox, tailor, template
from press.content import localize as words
from press.content.fields import Appointment
from press.document.nodes import Numbering
from press.errors import HandoutError
from press.lru import LRU, OfObjects
from press.patients.options import Options
from press.runs.handout import Site, complete, lay_out_one, make
from press.runs.identity import WrongPatientError
from press.runs.masters import Masters
from press.writers.pdf import draw as draw_module
from press.writers.pdf import objects as objects_module
from press.writers.pdf.file import catalog as catalog_module
from press.writers.pdf.file import single as file_module
from press.writers.pdf.file.job import JobFile
from press.writers.pdf.file.page_tree import Part
from press.writers.pdf.file.single import Binding, write_bound, write_single
from press.writers.pdf.fonts import faces as faces_module
from press.writers.pdf.fonts import subset as subset_module
from press.writers.pdf.fonts.faces import Face
from press.writers.pdf.fonts.font_set import Fonts
from press.writers.pdf.layout import blocks as blocks_module
from press.writers.pdf.layout import calls as call_module
from press.writers.pdf.layout import lines as lines_module
from press.writers.pdf.layout.blocks import Flow
from press.writers.pdf.layout.calls import Call, Reader, Shapes
from press.writers.pdf.layout.words import FIRST_SLOT
from press.writers.pdf.proof import proof as proof_module
from press.writers.pdf.reuse import pieces as pieces_module
from press.writers.pdf.reuse.forme import Copy
from press.writers.pdf.reuse.plan import Plan
from tests.support import ROOT, TODAY, copied, edit, swept


@dataclass(frozen=True)
class Case:
    """One page to be made: of which handout, for whom, on what day, as which pages of which job."""

    topic: str
    options: Options
    today: date = TODAY
    run: str = ""
    numbering: Numbering = Numbering()


WARNING, EFFECTS = "overdose-warning", "side-effects"
SHOT = TODAY - timedelta(days=13)
LONG = "Maximiliana Bartholomea Featherstonehaugh-Wolfeschlegelsteinhausen of Anytown"


def person(name: str = "", **more: Any) -> Options:
    return Options(name=name, form=more.pop("form", "injection"), reason=more.pop("reason", "opioid"), **more)


CASES = (
    Case(WARNING, person("Ana Zerbinetta", last_dose=SHOT)),
    Case(WARNING, person("Bo Papagena", last_dose=SHOT - timedelta(days=1))),
    Case(WARNING, person(LONG, last_dose=SHOT)),
    Case(WARNING, person("Łucja Źdźbło", last_dose=SHOT)),
    Case(WARNING, person("محمد علي", last_dose=SHOT)),
    Case(WARNING, person("שרה כהן", last_dose=SHOT)),
    Case(WARNING, person("Ana Zerbinetta", last_dose=SHOT, appointment=Appointment(TODAY + timedelta(days=9)))),
    Case(WARNING, person("Ana Zerbinetta", stopped=True)),
    Case(WARNING, person("Ana Zerbinetta", form="tablet")),
    Case(WARNING, person(last_dose=SHOT)),
    Case(WARNING, person()),
    Case(WARNING, person("Ana Zerbinetta", last_dose=SHOT, language="es")),
    Case(WARNING, person("Ana Zerbinetta", last_dose=SHOT, language="ru")),
    Case(WARNING, person("Ana Zerbinetta", last_dose=SHOT, paper="a4")),
    Case(WARNING, person("Ana Zerbinetta", last_dose=SHOT, edition="large-print")),
    Case(WARNING, person("Ana Zerbinetta", last_dose=SHOT), today=TODAY + timedelta(days=1)),
    Case(WARNING, person("Ana Zerbinetta", last_dose=SHOT), run="KP2F6C", numbering=Numbering(1, 3, 7)),
    Case(WARNING, person("Bo Papagena", last_dose=SHOT), run="KP2F6C", numbering=Numbering(1, 3, 9)),
    Case(WARNING, person("Ana Zerbinetta", last_dose=SHOT), run="ABCDEF", numbering=Numbering(1, 3, 7)),
    Case(EFFECTS, person("Ana Zerbinetta", last_dose=SHOT)),
    Case(EFFECTS, person("Bo Papagena", last_dose=SHOT, prescriber="Dr. Despina")),
    Case(EFFECTS, person("Bo Papagena", last_dose=SHOT, prescriber="Dr. Maximiliana Featherstonehaugh")),
    Case(EFFECTS, person(LONG, last_dose=SHOT), run="KP2F6C", numbering=Numbering(2, 3, 8)),
    Case("fridge-page", person("Ana Zerbinetta", last_dose=SHOT)),
    Case("fridge-page", person("Ana Zerbinetta", last_dose=SHOT - timedelta(days=1))),
    Case("wallet-card", person("Ana Zerbinetta", last_dose=SHOT)),
)  # fmt: skip
NUMBERS = list(range(len(CASES)))
TWO_SIDED = [number for number, case in enumerate(CASES) if case.topic == EFFECTS]


def test_what_is_no_longer_kept_is_gone_at_once() -> None:
    """A plan and what was drawn of it once held each other: a long list filled the memory with those that had left."""
    site = Site(ROOT)
    options, _ = complete(site, CASES[0].options, TODAY)
    copy = lay_out_one(site, make(site, WARNING, options, TODAY))
    write_single(copy)
    plan, pieces = weakref.ref(copy.plan), weakref.ref(pieces_module.drawn_together([copy])[0][0])
    assert plan() is not None and pieces() is not None
    gc.disable()
    try:
        del site, copy
        file_module._bindings._values.clear()
        assert plan() is None and pieces() is None
    finally:
        gc.enable()


def printed(press: Site, case: Case) -> bytes:
    """One page as a file."""
    options, _ = complete(press, case.options, case.today)
    return write_single(lay_out_one(press, make(press, case.topic, options, case.today), case.run, case.numbering))


@cache
def alone() -> dict[int, bytes]:
    """Each page by a press that made nothing before it."""
    return {number: printed(Site(ROOT), case) for number, case in enumerate(CASES)}


def together(order: list[int], press: Site) -> None:
    """All pages by one press, each compared with its like."""
    for number in order:
        is_same = printed(press, CASES[number]) == alone()[number]  # apart: to show how two files differ takes minutes
        assert is_same, CASES[number]


def orders() -> Iterator[list[int]]:
    yield NUMBERS
    yield NUMBERS[::-1]
    yield [*NUMBERS, *NUMBERS]
    shuffled = NUMBERS[:]
    Random(6).shuffle(shuffled)
    yield shuffled


def test_the_cases_are_all_different_pages() -> None:
    assert len(set(alone().values())) == len(CASES) > 20


@pytest.mark.parametrize(
    "order", swept(orders(), list(orders())[1:4:2]), ids=("forwards", "backwards", "twice", "shuffled")
)
def test_a_page_is_the_same_in_any_company(order: list[int]) -> None:
    together(order, Site(ROOT))


def job_of(press: Site, order: list[int], first: int = 0) -> bytes:
    """A print job of everybody, in this order, from a side on."""
    written: list[bytes] = []
    job_ = JobFile(written.append, "Handouts", "en", first)
    for number in order:
        case = CASES[number]
        options, _ = complete(press, case.options, case.today)
        copy = lay_out_one(press, make(press, case.topic, options, case.today), "KP2F6C", Numbering(1, 1, number + 1))
        job_.add(Part(f"P-{number}", options.language, (copy,)))
    job_.end()
    return b"".join(written)


def test_a_job_and_a_file_of_several_handouts_do_not_depend_on_what_was_printed_before() -> None:
    used = Site(ROOT)
    assert job_of(used, NUMBERS[::-1]) != whole_job()
    in_other_files(used)


@cache
def whole_job() -> bytes:
    """Everybody's job by a press that made nothing before it."""
    return job_of(Site(ROOT), NUMBERS)


@cache
def rest_of_a_job() -> bytes:
    """A job from the second side of a handout on, by a press that made nothing before it."""
    return job_of(Site(ROOT), TWO_SIDED, 1)


def in_other_files(used: Site) -> None:
    """Jobs and files of several handouts, by a press that made other files before, each compared with its like."""
    is_same = job_of(used, NUMBERS) == whole_job()
    assert is_same, "a job"
    is_same = job_of(used, TWO_SIDED, 1) == rest_of_a_job()
    assert is_same, "the rest of a job"
    is_same = several(used) == several(Site(ROOT))
    assert is_same, "a file of several handouts"


def several(press: Site) -> bytes:
    """Two handouts of one person as one file, after the same for others."""
    for name in ("Łucja Źdźbło", LONG, "Ana Zerbinetta"):
        options, _ = complete(press, person(name, last_dose=SHOT), TODAY)
        copies = [lay_out_one(press, make(press, topic, options, TODAY)) for topic in (WARNING, EFFECTS)]
        data = write_bound([Part(str(n), "en", (copy, None)) for n, copy in enumerate(copies)], "Handouts", "en")
    return data


def test_an_open_page_holds_nobodys_words() -> None:
    """What is kept of a page for the next reader: no text, no line, no drawn word of the first."""
    press = Site(ROOT)
    options, _ = complete(press, person("Zzyzx Qwrtpsd", last_dose=SHOT), TODAY)
    copy = lay_out_one(press, make(press, WARNING, options, TODAY))
    marks = [mark for _, asked in copy.forme._plans._made for _, mark in asked]
    kept = repr(copy.plan.layout) + repr(marks) + repr(copy.plan._rivals) + repr(copy.forme.skeleton)
    assert "Zzyzx" in repr(copy.layout) and "Zzyzx" not in kept and "naltrexone" in kept


def test_another_prescriber_is_no_other_layout() -> None:
    """A clinic has a dozen of them, and a page that is laid out again for each would cost more than all the rest."""
    used = Site(ROOT)
    names = [
        f"Dr. {first} {last}"
        for first in ("Ana", "Carl", "Wilhelmina")
        for last in ("Li", "Sample", "Placeholder", "Mock")
    ]
    copies = []
    for name in names:
        options, _ = complete(used, person("Ana Zerbinetta", prescriber=name, last_dose=SHOT), TODAY)
        copies.append(lay_out_one(used, make(used, "benefits", options, TODAY)))
    assert len({id(copy.plan) for copy in copies}) == 1 and all(copy.forme is copies[0].forme for copy in copies)
    assert len(copies[0].forme._plans._made) == 1  # too wide for one line, by however much
    assert len({write_single(copy) for copy in copies}) == len(names)


@pytest.mark.parametrize("before", [(), ("Bo Papagena",)], ids=["the first reader of a plan", "another one"])
def test_every_reader_of_a_plan_is_proved(before: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole page is proved once; of all readers after the first only the lines of their own."""
    monkeypatch.setattr(call_module, "_calls", LRU(512))
    monkeypatch.setattr(blocks_module, "_laid", LRU(512))
    used, measured = Site(ROOT), Call._measured

    def pages(*names: str) -> list[Copy]:
        given = [complete(used, person(name, last_dose=SHOT), TODAY)[0] for name in names]
        return [lay_out_one(used, make(used, WARNING, options, TODAY)) for options in given]

    def mistaken(self: Call, *given: Any) -> object:
        found = measured(self, *given)
        runs = [tuple(replace(run, text=run.text.replace("Cleo", "Ana")) for run in line.runs) for line in found.lines]
        return replace(found, lines=tuple(map(lambda line, own: replace(line, runs=own), found.lines, runs)))

    pages(*before)
    monkeypatch.setattr(Call, "_measured", mistaken)
    with pytest.raises(RuntimeError, match="the words on the page are not the words of the document"):
        pages("Cleo Papagena")
    monkeypatch.setattr(Call, "_measured", measured)
    assert len({id(copy.plan) for copy in pages("Dan Papagena", *before)}) == 1


def test_readers_of_two_kinds_with_the_same_page_share_it() -> None:
    """Whether naloxone was given stands on the overdose page, and on no other."""
    used = Site(ROOT)

    def pages(topic: str) -> set[int]:
        given = (person("Ana Zerbinetta", last_dose=SHOT, naloxone_given=given) for given in (False, True))
        return {id(make(used, topic, complete(used, options, TODAY)[0], TODAY).master.page) for options in given}

    assert len(pages(EFFECTS)) == 1 and len(pages(WARNING)) == 2


# Mutants: each cache with a part of its key left out

Patch = Callable[[pytest.MonkeyPatch], None]


def keyed(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[tuple[Any, ...]], object], name: str = "_profiles"
) -> None:
    """Change the keys of masters, or of the pages of a clinic."""
    real = Masters.__init__

    def init(self: Masters, *given: Any) -> None:
        real(self, *given)
        assert isinstance(getattr(self, name), LRU)
        setattr(self, name, _forgetful(change))

    monkeypatch.setattr(Masters, "__init__", init)


def tags_of(change: Callable[[tuple[Any, ...]], object]) -> Patch:
    """Change the keys of the tags of a plan."""
    cache_ = cached_property(lambda _: _forgetful(change))
    cache_.__set_name__(Plan, "tags")
    return lambda monkeypatch: monkeypatch.setattr(Plan, "tags", cache_)


def _forgetful(change: Callable[[tuple[Any, ...]], object]) -> LRU[Any]:
    class Forgetful(LRU[Any]):
        def get(self, key: Any, make_: Callable[[], Any]) -> Any:
            return super().get(change(key), make_)

    return Forgetful(64)


def without(*places: int, name: str = "_profiles") -> Patch:
    """A master's key without some of its parts."""
    return lambda monkeypatch: keyed(
        monkeypatch, lambda key: tuple(part for n, part in enumerate(key) if n not in places), name
    )


def values_without(wanted: Callable[[tuple[str, str]], bool]) -> Patch:
    """A master's key without some of the values, which come last in it."""
    return lambda monkeypatch: keyed(
        monkeypatch, lambda key: (*key[:-1], tuple(pair for pair in key[-1] if wanted(pair)))
    )


def outcome_by(key: Callable[[Call, Reader], object]) -> Patch:
    real = Call.outcome

    def outcome(self: Call, reader: Reader) -> object:
        return self._kept.get(key(self, reader), lambda: real(Call(*self._asked), reader))

    return lambda monkeypatch: monkeypatch.setattr(Call, "outcome", outcome)


def shape_of_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was made for the first reader, for all others too."""
    monkeypatch.setattr(Shapes, "find", lambda self, _: self._made[0] if self._made else None)


def fonts_of_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Fonts, "key", 0)


def binding_of_any_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[object, Binding] = {}

    def anybody(parts: tuple[Part, ...], title: str, language: str, *, is_bound: bool) -> bytes:
        copies = [copy for part in parts for copy in part.handouts if copy]
        return kept.setdefault((title, language), Binding(parts, title, language, is_bound=is_bound)).file(copies)

    monkeypatch.setattr(file_module, "_file", anybody)


def forme_of_any(part: int) -> Patch:
    """The key of a forme (paper, language at the side, run) without one of them."""

    class Forgetful(LRU[Any]):
        def get(self, key: Any, make_: Callable[[], Any]) -> Any:
            return super().get(key[:part] + key[part + 1 :], make_)

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        real = Masters._page

        def page(self: Masters, chosen: Any) -> object:
            return replace(real(self, chosen), formes=Forgetful(8))

        monkeypatch.setattr(Masters, "_page", page)

    return patch


def words_of_any(language: bool) -> Patch:
    """Days in words, kept without their language or without the day."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        from press.compose import shown_dates as dates

        real, kept = words.date_in_words, {}

        def forgetful(day: date, in_language: str) -> str:
            return kept.setdefault(day if language else in_language, real(day, in_language))

        monkeypatch.setattr(words, "date_in_words", forgetful)
        monkeypatch.setattr(dates, "date_in_words", forgetful)
        monkeypatch.setattr(tailor, "date_in_words", forgetful)

    return patch


def settled_for_any(part: int) -> Patch:
    """The clinic's values of today, kept without the handout or the day."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        real, kept = tailor._settled.__wrapped__, {}

        def forgetful(*key: Any) -> object:
            short = (key[0].language if part == 2 else key[0], key[1], key[2])
            return kept.setdefault(short[:part] + short[part + 1 :], real(*key))

        monkeypatch.setattr(tailor, "_settled", forgetful)

    return patch


def words_as_wide_in_any_face(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, int] = {}

    def width(self: Face, text: str, size: float) -> float:
        return kept.setdefault(text, sum(self._widths[letter] for letter in text)) * size / 1000

    monkeypatch.setattr(Face, "width", width)


def faces_of_any_language(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, object] = {}
    real = faces_module._faces
    monkeypatch.setattr(faces_module, "_faces", lambda *key: kept.setdefault("", real(*key)))


def glyphs_of_any_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    real, kept = subset_module._program.__wrapped__, {}
    monkeypatch.setattr(subset_module, "_program", lambda face, *more: kept.setdefault(face, real(face, *more)))


def objects_of_any_font(monkeypatch: pytest.MonkeyPatch) -> None:
    real, kept = catalog_module._font.__wrapped__, {}
    monkeypatch.setattr(catalog_module, "_font", lambda *key: kept.setdefault("", real(*key)))


def letters_of_any_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    real, kept = subset_module._to_unicode.__wrapped__, {}
    monkeypatch.setattr(subset_module, "_to_unicode", lambda texts: kept.setdefault(len(texts) > 0, real(texts)))


def lines_of_any(part: int) -> Patch:
    """Lines of words that are the same for everybody, kept without the words (1), their setting (2) or the width (3)."""

    def patch(monkeypatch: pytest.MonkeyPatch) -> None:
        real, kept = lines_module._cached.__wrapped__, {}

        def forgetful(*key: Any) -> object:
            return kept.setdefault(key[:part] + key[part + 1 :], real(*key))

        monkeypatch.setattr(lines_module, "_cached", forgetful)

    return patch


def cached_without(module: ModuleType, name: str, *parts: int) -> Patch:
    """What a module caches, by a key without some of its parts."""

    class Forgetful(LRU[Any]):
        def get(self, key: Any, make_: Callable[[], Any]) -> Any:
            return super().get(tuple(part for n, part in enumerate(key) if n not in parts), make_)

    return lambda monkeypatch: monkeypatch.setattr(module, name, Forgetful(1024))


def macros_of_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    class Forgetful(LRU[Any]):
        def get(self, key: Any, make_: Callable[[], Any]) -> Any:
            return super().get(key[0], make_)

    monkeypatch.setattr(sandbox._environment(ROOT / "templates"), "_made", Forgetful(9))


def footers_of_any_side(monkeypatch: pytest.MonkeyPatch) -> None:
    real = Flow.footer
    monkeypatch.setattr(Flow, "footer", lambda self, block, x, width, side, sides: real(self, block, x, width, 1, 1))


MUTANTS: dict[str, Patch] = {
    "blocks of any stylesheet": cached_without(blocks_module, "_laid", 0),
    "blocks with pictures of any size": cached_without(blocks_module, "_laid", 1),
    "blocks of any words": cached_without(blocks_module, "_laid", 3),
    "footers of any side": footers_of_any_side,
    "calls for any words": cached_without(call_module, "_calls", 1),
    "calls in any setting": cached_without(call_module, "_calls", 2),
    "calls at any width": cached_without(call_module, "_calls", 3),
    "lines of any words": lines_of_any(1),
    "lines in any setting": lines_of_any(2),
    "words of any text": cached_without(lines_module, "_divided", 0),
    "lines of any width": lines_of_any(3),
    "glyphs of any letters": glyphs_of_any_letters,
    "letters of any codes": letters_of_any_codes,
    "a master for any handout": without(0),
    "a master for any language": lambda patch: keyed(
        patch, lambda key: (key[0], *key[2:-1], tuple(name for name, _ in key[-1]))
    ),
    "a master for any form, mode or values": without(3, 4, 5, 6, 9, 11),
    "a master for any edition": without(5),
    "a master for any day": values_without(lambda pair: pair[0] != "today"),
    "a master whoever has a name": values_without(lambda pair: pair[0] != "name"),
    "a page for any edition": lambda patch: keyed(patch, lambda key: (*key[:2], *key[3:]), "_pages"),
    "a page for any words": lambda patch: keyed(patch, lambda key: (*key[:5], *key[7:]), "_pages"),
    "a block chosen for anybody": cached_without(choose, "_chosen", 1),
    "a text with any values": cached_without(tailor, "_filled", 2),
    "texts of any handout with any values": cached_without(tailor, "_filled_all", 2),
    "any block for templates": cached_without(template, "_fields", 1, 2),
    "a block with any words for templates": cached_without(template, "_fields", 2),
    "a calendar of any months for templates": cached_without(template, "_fields", 3),
    "any block wanted": cached_without(provenance, "_expected", 1),
    "a block wanted with any words": cached_without(provenance, "_expected", 2),
    "what a macro made of anything": macros_of_anything,
    "tags from any side": tags_of(lambda key: key[1:]),
    "tags for any place in a file": tags_of(lambda key: (key[0], key[2])),
    "objects of any font": objects_of_any_font,
    "lines drawn with any words": cached_without(draw_module, "_lines", 0),
    "lines drawn at any x": cached_without(draw_module, "_lines", 1),
    "lines drawn in any font": cached_without(draw_module, "_lines", 4),
    "a reader's lines drawn with any words": cached_without(draw_module, "_own_lines", 0),
    "packed streams of any content": cached_without(objects_module, "_packed", *range(32)),
    "an outcome for any texts": outcome_by(lambda call, reader: reader.numbering),
    "an outcome for any numbers": outcome_by(
        lambda call, reader: tuple(reader.texts[n - FIRST_SLOT] for n in call._words.places if n >= FIRST_SLOT)
    ),
    "a shape for anybody": shape_of_anybody,
    "a file template for any fonts": fonts_of_anybody,
    "a binding for any plan": binding_of_any_plan,
    "a forme for any paper": forme_of_any(0),
    "a forme for any run": forme_of_any(2),
    "days in words of any language": words_of_any(language=True),
    "any day in words": words_of_any(language=False),
    "the clinic's values of any day": settled_for_any(2),
    "the clinic's values in any language": settled_for_any(0),
    "words as wide in any face": words_as_wide_in_any_face,
    "faces of any language": faces_of_any_language,
}


ALWAYS = {"a master whoever has a name", "a shape for anybody", "an outcome for any texts"}


@pytest.mark.parametrize(
    "mutant", [pytest.param(name, marks=[] if name in ALWAYS else [pytest.mark.sweep]) for name in MUTANTS]
)
def test_a_cache_that_forgets_a_part_of_its_key_is_found(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert alone() and whole_job() and rest_of_a_job()
    for module, name in (
        (blocks_module, "_laid"),
        (call_module, "_calls"),
    ):
        monkeypatch.setattr(module, name, LRU(1024))
    monkeypatch.setattr(proof_module, "_proved", OfObjects(1024, lambda _: {}))
    lines_module._cached.cache_clear()
    MUTANTS[mutant](monkeypatch)
    with pytest.raises((AssertionError, RuntimeError, HandoutError, LookupError, WrongPatientError)):
        for order in orders():
            press = Site(ROOT)
            together(order, press)
            in_other_files(press)


@pytest.mark.parametrize("is_mutant", [False, True])
def test_operators_are_kept_for_the_fonts_that_they_were_drawn_with(
    is_mutant: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A letter of a name that one handout has among its words is in the file of both, not in that of the other."""
    root = copied(tmp_path)
    edit(root / "handouts/benefits/en.yaml", "How naltrexone can help", "How naltrexone helps in Łódź")
    if is_mutant:
        cached_without(draw_module, "_own_lines", 4)(monkeypatch)
        monkeypatch.setattr(draw_module, "_NAME", "")

    def copies(press: Site, *topics: str) -> list[Copy]:
        options, _ = complete(press, person("Łucja", last_dose=SHOT), TODAY)
        return [lay_out_one(press, make(press, topic, options, TODAY)) for topic in topics]

    used = Site(root)
    both = write_bound(
        [Part(str(n), "en", (copy,)) for n, copy in enumerate(copies(used, "benefits", WARNING))], "Handouts", "en"
    )
    alone = write_single(*copies(used, WARNING))
    monkeypatch.setattr(draw_module, "_own_lines", LRU(1024))
    is_same = alone == write_single(*copies(Site(root), WARNING))
    assert both and is_same != is_mutant
