"""What the tests of words, templates and commands share: copies of the project, and one page."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from press.cli import main as cli
from press.compose.check import check_choice, check_page
from press.compose.tailor import Tailored, tailor, with_defaults
from press.content.approvals import PagesDigest
from press.content.clinic import Clinic
from press.content.fields import FORMS, MODES, REASONS, Appointment
from press.content.handout import Block, Handout, all_blocks
from press.document.nodes import Content, Document, Inline, Text
from press.errors import HandoutError, Problem
from press.patients.options import Options
from press.runs.handout import Made, Site, complete, make, print_one
from press.runs.signed_pages import digest_templates

ROOT = Path(__file__).resolve().parent.parent
TODAY = date(2026, 11, 23)  # a Monday


@cache
def press() -> Site:
    """The project as it is shipped, read once."""
    return Site(ROOT)


TOPICS = press().library.topics
USUAL = tuple(
    topic for topic in TOPICS if not press().library.structure(topic).opt_in
)  # printed without being asked for


def check(document: Document, tailored: Tailored) -> list[Problem]:
    """Every problem of one composed handout, errors and warnings."""
    return [*check_choice(document, tailored), *check_page(document, tailored.handout.taught)]


def copied(folder: Path) -> Path:
    """A copy of everything that staff may edit."""
    folders, files = _originals()
    for name in folders:
        (folder / name).mkdir(parents=True)
    for name, data, times in files:
        path = f"{folder}/{name}"
        with open(path, "xb", buffering=0) as stream:
            stream.write(data)
        os.utime(path, ns=times)
    return folder


@cache
def _originals() -> tuple[list[str], list[tuple[str, bytes, tuple[int, int]]]]:
    """Folders, and files with their times, read once: `shutil` would take five times as long for each copy."""
    paths = [ROOT / "config.yaml"]
    for top in ("handouts", "templates"):
        paths += [ROOT / top, *sorted((ROOT / top).rglob("*"))]
    names = {path: path.relative_to(ROOT).as_posix() for path in paths}
    found = [(names[path], path.read_bytes(), path.stat()) for path in paths if path.is_file()]
    return [names[path] for path in paths if path.is_dir()], [
        (name, data, (state.st_atime_ns, state.st_mtime_ns)) for name, data, state in found
    ]


def has_our_looks(templates: Path) -> bool:
    """Whether stylesheets, faces and pictures in a folder are those of the project, byte for byte."""
    return all(_is_copy(f"{templates}/{name}", f"templates/{name}") for name in ("styles", "fonts", "pictures"))


def _is_copy(folder: str, original: str) -> bool:
    wanted = _bytes_of(original)
    try:
        with os.scandir(folder) as entries:
            found = {entry.name: entry.stat() for entry in entries}
    except (NotADirectoryError, FileNotFoundError):
        return False
    return found.keys() == wanted.keys() and all(
        _are_alike(f"{folder}/{name}", wanted[name], _state_of(state)) for name, state in found.items()
    )


@cache
def _bytes_of(folder: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (ROOT / folder).iterdir()}


def _state_of(found: os.stat_result) -> tuple[int, ...]:
    """What no write leaves as it was: a test may put size and time back."""
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


@lru_cache(maxsize=4096)
def _are_alike(path: str, original: bytes, state: tuple[int, ...]) -> bool:
    """Compare a file with the bytes of another, once for each state of the first."""
    return os.path.isfile(path) and Path(path).read_bytes() == original


def edit(path: Path, old: str, new: str) -> None:
    """Change a file in one place; the place must be there, or the test would test nothing."""
    text = path.read_text("utf-8")
    assert text.count(old) >= 1, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, 1), "utf-8")


@dataclass(frozen=True)
class Shop:
    """A copy of the project with the command line running on it."""

    root: Path

    def run(self, *args: str) -> Result:
        return CliRunner().invoke(cli.main, [*args], catch_exceptions=False)

    def edit(self, file: str, old: str, new: str) -> None:
        edit(self.root / file, old, new)

    def patient(self, text: str, name: str = "patient.yaml") -> str:
        """A patient's file; gives the path to type."""
        path = self.root / name
        path.write_text(text, "utf-8")
        return str(path)

    def out(self) -> set[str]:
        return {path.name for path in (self.root / "out").glob("*")}


def check_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `check` and `approve` try one kind of reader in place of all, where its answer is the same for all."""
    for name, few in (("FORMS", ("injection",)), ("REASONS", ("opioid",)), ("MODES", ("none",))):
        monkeypatch.setattr(f"press.runs.variants.{name}", few)


SIGNED = ("--by", "Ana Example", "--role", "pharmacist", "--why", "a pilot", "--yes")
"""What is typed after `approve HANDOUT` to sign without being asked."""


def pages_as_built(site: Site) -> PagesDigest:
    """Pages as they are built now, for who signs by hand: without composing them all."""
    return PagesDigest(pages="0" * 64, templates=digest_templates(site.templates))


def swept(every: Iterable[Any], usual: Collection[Any]) -> list[Any]:
    """Parameters of a test: those that are `usual` run with every change, the others in the sweep alone."""
    found = list(every)
    assert usual and all(one in found for one in usual), "a test that is swept runs with every change, too"
    return [one if one in usual else _param(one) for one in found]


def for_each(cases: Iterable[tuple[Any, ...]], *, by_first: bool = False) -> Callable[[Callable[..., None]], Any]:
    """Go through all cases in one test, or in one for each first value, and tell all that fail.

    For cases of a few milliseconds: a test of its own costs each of them more than that.
    """
    groups: dict[Any, list[tuple[Any, ...]]] = {}
    for case in cases:
        groups.setdefault(case[0] if by_first else "all", []).append(case)

    def decorate(test: Callable[..., None]) -> Any:
        def every_case(group: Any) -> None:
            failed = [(case, error) for case in groups[group] if (error := _failure(test, case))]
            if failed:
                told = "\n\n".join(f"{test.__name__}{case!a}: {error}" for case, error in failed[:5])
                raise AssertionError(f"{len(failed)} of {len(groups[group])} cases failed\n{told}") from failed[0][1]

        every_case.__name__, every_case.__doc__ = test.__name__, test.__doc__
        every_case.__module__ = test.__module__
        assert groups, "there are cases"
        return pytest.mark.parametrize("group", groups)(every_case)

    return decorate


def _failure(test: Callable[..., None], case: tuple[Any, ...]) -> BaseException | None:
    try:
        test(*case)
    except (AssertionError, pytest.fail.Exception) as error:
        return error
    except Exception as error:
        error.add_note(f"{test.__name__}{case!a}")
        raise
    return None


def _param(one: Any) -> Any:
    return pytest.param(*(one if isinstance(one, tuple) else (one,)), marks=pytest.mark.sweep)


@contextmanager
def told() -> Iterator[list[Problem]]:
    """The problems of the block, which must be refused."""
    found: list[Problem] = []
    with pytest.raises(HandoutError) as caught:
        yield found
    found += caught.value.problems


def made(topic: str = "overdose-warning", clinic: Site | None = None, today: date = TODAY, **given: object) -> Made:
    """One handout, composed and checked; `given` are options."""
    used = clinic or press()
    options, _ = complete(used, Options(**given), today)
    return make(used, topic, options, today)


def text_of(page: Made, used: Site | None = None) -> str:
    """What a page says, with every row of white space as one space."""
    return folded(print_one(used or press(), page, "text").data.decode("utf-8"))


def folded(text: str) -> str:
    return re.sub(r"[\s\u00a0]+", " ", text).strip()


def squeezed(text: str) -> str:
    """Without any white space: lines break where they must, also in a long name."""
    return re.sub(r"[\s\u00a0]+", "", text)


def tailored(handout: Handout, today: date = TODAY, clinic: Clinic | None = None, **given: object) -> Tailored:
    used = clinic or press().clinic
    return tailor(handout, with_defaults(Options(**given), used), used, today)


# No tablet is past its day of danger and not late yet.
FORM_MODES = [(form, mode) for form, mode in product(FORMS, MODES) if (form, mode) != ("tablet", "past-danger")]
READERS = [(form, reason, mode) for (form, mode), reason in product(FORM_MODES, REASONS)]


def mode_options(form: str, mode: str) -> dict[str, object]:
    """Options that put a course into a mode on `TODAY`."""
    interval = "4 weeks" if form == "injection" else "3 days"
    normal = {"last_dose": date(2026, 11, 21), "interval": interval, "appointment": Appointment(date(2026, 12, 1))}
    late = {"last_dose": date(2026, 10, 20) if form == "injection" else date(2026, 11, 16), "interval": interval}
    due = {"last_dose": date(2026, 10, 26) if form == "injection" else date(2026, 11, 20), "interval": interval}
    past = {"last_dose": date(2026, 10, 26), "interval": "month"}
    return {
        "none": {}, "normal": normal, "past-danger": past, "due-today": due, "overdue": late, "stopped": {"stopped": True}
    }[mode]  # fmt: skip


def with_text(handout: Handout, name: str, change: object) -> Handout:
    """The handout with the words of one text changed by a function."""
    old = handout.texts[name]
    new = Content(old.id, tuple(_changed(node, change) for node in old.children), old.place)
    return replace(handout, texts={**handout.texts, name: new})


def _changed(node: Inline, change: object) -> Inline:
    match node:
        case Text():
            return Text(change(node.text))
        case _ if hasattr(node, "children"):
            return replace(node, children=tuple(_changed(child, change) for child in node.children))
    return node


def without_block(handout: Handout, name: str) -> Handout:
    """The handout without one block, wherever it stands."""

    def kept(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(replace(block, blocks=kept(block.blocks)) for block in blocks if block.id != name)

    assert any(block.id == name for block in all_blocks(handout.structure.blocks))
    return replace(handout, structure=replace(handout.structure, blocks=kept(handout.structure.blocks)))


def clinic_with(**changes: object) -> Site:
    """The project with another clinic in its config."""
    found = Site(ROOT)
    vars(found)["clinic"] = replace(press().clinic, **changes)
    return found


@dataclass(frozen=True)
class Release:
    """A program with words of its own to ship, and a clinic's folder that was made from them."""

    shipped: Path
    clinic: Path

    def ship(self, file: str, old: str, new: str) -> None:
        """Change the words that the program ships, as a later release does."""
        edit(self.shipped / "handouts" / file, old, new)

    def edit(self, file: str, old: str, new: str) -> None:
        """Change the clinic's own words."""
        edit(self.clinic / "handouts" / file, old, new)

    def text(self, file: str) -> str:
        return (self.clinic / "handouts" / file).read_text("utf-8")

    def run(self, *args: str) -> Result:
        return CliRunner().invoke(cli.main, [*args], catch_exceptions=False)
