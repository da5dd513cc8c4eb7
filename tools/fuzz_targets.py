"""Fuzz targets: what must hold for any bytes at all that come to a reader.

Each target takes one input and raises `Finding` where a promise of the reader is broken. Any other exception that
leaves a target is a finding as well. `tools/fuzz.py` looks for such inputs; the test suite replays those that it kept.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from press.compose.check import check_choice, check_page
from press.compose.tailor import Tailored, tailor, with_defaults
from press.compose.template import compose
from press.content.characters import find_faults
from press.content.clinic import Clinic
from press.content.fields import Appointment
from press.content.handout import Helplines, Structure, Words
from press.content.placeholders import PLACEHOLDERS
from press.content.raw import Mapping as Tree
from press.content.schema import read_whole
from press.content.yaml import messages as yaml_messages
from press.content.yaml.messages import Report
from press.content.yaml.reader import full_tree, quick_tree, read
from press.document.markup import parse_text
from press.document.nodes import Block, Document, Figure, blocks, plain, strings
from press.errors import HandoutError, Problem, Sentence
from press.patients import messages as list_messages
from press.patients.learn import Answers, Learned, learn
from press.patients.options import Options, read_options
from press.patients.patient_list import PatientList, parse_list
from press.patients.recipe import parse_recipe
from press.runs.handout import Site

ROOT = Path(__file__).resolve().parent.parent

CANARY = "Zerbinetta"  # stands for every value of a patient, and must not come back in a problem
NUMBERED_CANARY = "ZERBINETTA4417"  # with its digits it looks like data, also as a heading

_RECORDS = (Clinic, Structure, Words, Helplines)
_SEPARATORS = "·:()"
_PAGE = "handout.xhtml.j2"  # the template that is asked for
_TEMPLATES = (_PAGE, "base.xhtml.j2", "blocks.xhtml.j2")

# Messages about a file as a whole: the others must name a line, or a row.
_WHOLE_YAML = frozenset(
    sentence.message
    for sentence in (yaml_messages.EMPTY, yaml_messages.TOO_LONG, yaml_messages.UTF_16, yaml_messages.AND_MORE)
)
_WHOLE_LIST = frozenset(each.message for each in vars(list_messages).values() if isinstance(each, Sentence))
# Warnings may quote a heading or the name of a sheet, unless it looks like data.
_QUOTING = ("not read: ", "is the heading ", "the sheet ", "rows that are hidden", "letters ")


class Finding(Exception):
    """A promise of a reader that an input breaks."""


def check_yaml(data: bytes) -> None:
    """Read a file of content, and the same bytes as a patient's file."""
    lines = data.count(b"\n") + data.count(b"\r") + 1
    _compare_trees(data)
    public, problems = _read_yaml(data, private=False)
    _check_problems(problems, _WHOLE_YAML, lines)
    hidden, private_problems = _read_yaml(data, private=True)
    _check_problems(private_problems, _WHOLE_YAML, lines)
    _check_canary(private_problems)
    if public != hidden or [each.place for each in problems] != [each.place for each in private_problems]:
        raise Finding("a private file is read otherwise than the same file of content")
    if public is not None:
        _read_records(public, lines)


def check_list(data: bytes) -> None:
    """Read a list in any of its formats, and every person on it; and learn how it is written."""
    _check_learned(data)
    try:
        people = parse_list(data, "list")
    except HandoutError as error:
        _check_list_problems(error.problems)
        return
    _check_list_problems(people.notes)
    try:
        _check_people(people)
    except HandoutError as error:  # too many rows cannot be read
        _check_list_problems(error.problems)


def _check_learned(data: bytes) -> None:
    """A recipe of any list can be read, and what is asked shows no value."""
    try:
        made = learn(data, "list", Answers())
    except HandoutError as error:
        _check_list_problems(error.problems)
        return
    _check_list_problems(made.problems)
    if isinstance(made, Learned):
        parse_recipe(made.text, "recipe")


def check_template(data: bytes) -> None:
    """Compose one handout with a template whose name is the first line of the input, and its text all others."""
    name, _, text = data.partition(b"\n")
    page = _page()
    page.install(name.decode("ascii", "replace"), text)
    lines = text.count(b"\n") + text.count(b"\r") + 1
    try:
        document = compose(page.tailored, page.folder)
    except HandoutError as error:
        _check_template_problems(error.problems, lines)
        return
    if (found := _letters(document)) != page.letters:
        raise Finding(f"a page that passes has other words: {sorted((found - page.letters) + (page.letters - found))}")
    check_choice(document, page.tailored)
    list(check_page(document, page.tailored.handout.taught))


TARGETS: Mapping[str, Callable[[bytes], None]] = MappingProxyType(
    {"yaml": check_yaml, "csv": check_list, "xlsx": check_list, "template": check_template}
)


# Problems


def _check_problems(problems: Iterable[Problem], whole: frozenset[str], lines: int) -> None:
    """Each problem names a file, and a line in it, or else it concerns the whole file."""
    for problem in problems:
        if not problem.place.file or not problem.message:
            raise Finding(f"a problem without a file or a message: {problem}")
        if not (problem.place.line or problem.message in whole):
            raise Finding(f"a problem without a line: {problem}")
        if problem.place.line > lines:
            raise Finding(f"a problem beyond the last line: {problem}")


def _check_canary(problems: Iterable[Problem]) -> None:
    """No problem of a patient's file quotes the file, and each says that it is one."""
    for problem in problems:
        canary = NUMBERED_CANARY if problem.message.startswith(_QUOTING) else CANARY
        if canary.casefold() in repr(problem).casefold():
            raise Finding(f"a problem quotes a patient's value: {problem}")
        if not problem.private:
            raise Finding(f"a problem of a patient's file is not marked as private: {problem}")


def _check_list_problems(problems: Iterable[Problem]) -> None:
    """Each error of a whole list names a row, or it is one of the fixed sentences about the file."""
    for problem in problems:
        _check_canary((problem,))
        if problem.is_error and not (problem.place.row or problem.place.line or problem.message in _WHOLE_LIST):
            raise Finding(f"a problem without a row: {problem}")


def _check_template_problems(problems: Iterable[Problem], lines: int) -> None:
    for problem in problems:
        is_own = problem.place.file in {f"templates/{name}" for name in _TEMPLATES}
        is_lost = problem.hint == "a template lost it"
        if not problem.place.file or (is_own and not problem.place.line and not is_lost):
            raise Finding(f"a problem without a line: {problem}")
        if problem.place.file == f"templates/{_page().edited}" and problem.place.line > lines:
            raise Finding(f"a problem beyond the last line: {problem}")
        if CANARY.casefold() in repr(problem).casefold():
            raise Finding(f"a problem quotes a patient's value: {problem}")


# YAML


def _read_yaml(data: bytes, *, private: bool) -> tuple[Tree | None, tuple[Problem, ...]]:
    try:
        return read(data, "a.yaml", private=private), ()
    except HandoutError as error:
        return None, error.problems


def _compare_trees(data: bytes) -> None:
    """The quick reader gives the tree of the slow one, or none."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        return
    if any(fault.length == 1 for fault in find_faults(text, newlines=True)):
        return  # the quick reader never sees such a text
    quick = quick_tree(text, "a.yaml")
    report = Report("a.yaml", private=False)
    if quick is not None and (quick != full_tree(text, report) or len(report)):
        raise Finding("the quick reader and the slow one give different trees")


def _read_records(tree: Tree, lines: int) -> None:
    for record in _RECORDS:
        try:
            found = read_whole(record, tree)
        except HandoutError as error:
            _check_problems(error.problems, frozenset(), lines)
        else:
            _parse_texts(found)
    try:
        read_options(tree)
    except HandoutError as error:
        _check_problems(error.problems, frozenset(), lines)
        _check_canary(error.problems)


def _parse_texts(record: object) -> None:
    if isinstance(record, Words):
        for text, _ in record.texts.values():
            parse_text(text, frozenset(PLACEHOLDERS))


# Lists


def _check_people(people: PatientList) -> None:
    """The short way gives what the long way gives, and nobody is lost on a second reading."""
    count = 0
    for row in people.rows():
        entry = people.entry(row)
        count += 1
        if not entry.problems and entry != people._told(row):
            raise Finding(f"row {row.number} is read otherwise the short way")
        if (entry.options is None) != any(problem.is_error for problem in entry.problems):
            raise Finding(f"row {row.number} is refused without a problem, or read with one")
        _check_canary(entry.problems)
        if any(problem.place.row != row.number for problem in entry.problems):
            raise Finding(f"row {row.number} has a problem in another row, or in none")
    if count != people.people:
        raise Finding(f"{people.people} people were counted and {count} read")


# Templates


@dataclass
class _Page:
    """One handout with values of a patient, and a copy of the templates of which one is replaced at a time."""

    tailored: Tailored
    folder: Path
    letters: Counter[str]
    edited: str = ""
    clock: int = 10**9

    def install(self, name: str, text: bytes) -> None:
        """Replace a template, `handout.xhtml.j2` unless `name` is another one, and put the last one back."""
        if self.edited:
            self._write(self.edited, (ROOT / "templates" / self.edited).read_bytes())
        self.edited = name if name in _TEMPLATES else _PAGE
        self._write(self.edited, text)

    def _write(self, name: str, text: bytes) -> None:
        """Write a file with a time of its own: Jinja reads a template again where its time differs."""
        path = self.folder / name
        path.write_bytes(text)
        self.clock += 1
        os.utime(path, (self.clock, self.clock))


@cache
def _page() -> _Page:
    site = Site(ROOT)
    options = Options(
        name=CANARY,
        prescriber=CANARY,
        last_dose=date(2026, 11, 21),
        interval="4 weeks",
        appointment=Appointment(date(2026, 12, 1)),
    )
    handout = site.library.load("overdose-warning", "en")
    tailored = tailor(handout, with_defaults(options, site.clinic), site.clinic, date(2026, 11, 23))
    folder = Path(tempfile.mkdtemp(prefix="press-fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in _TEMPLATES:
        shutil.copy(ROOT / "templates" / name, folder)
    return _Page(tailored, folder, _letters(compose(tailored, folder)))


def _letters(document: Document) -> Counter[str]:
    """Count every sign of a page but spaces and separators: any word too much, or lost, changes a count."""
    words = "".join(_words(block) for block in blocks(document.everything)) + document.title
    return Counter(sign for sign in words if not sign.isspace() and sign not in _SEPARATORS)


def _words(block: Block) -> str:
    label = block.label if isinstance(block, Figure) else ""
    return label + "".join(plain(run) for run in strings(block))
