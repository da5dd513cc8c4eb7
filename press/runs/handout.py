"""One handout for one reader, from files to finished bytes: read, tailor, compose, check, print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from press.compose.tailor import Tailored, check_dates, resolve_values, with_defaults
from press.content.approvals import (
    Approval,
    State,
    Status,
    Wish,
    missing_phones,
    read_approvals,
    sign_off_problems,
    status,
)
from press.content.changes import Change, files_of_page, find_changes, overdue_problems
from press.content.clinic import Clinic
from press.content.fields import EDITIONS
from press.content.handout import Handout
from press.content.library import BLANK_SIDE, Library, read_clinic
from press.content.logo import clinic_logo
from press.content.shipped import is_managed
from press.delivery.installed import templates_of
from press.document.logo import Logo
from press.document.nodes import Document, Numbering, Paragraph, SheetNumber, Text, Value, inlines
from press.document.slots import PERSONAL, fill_slots
from press.errors import HandoutError, Place, Problem, Problems, Severity, did_you_mean, refuse
from press.patients.options import Options
from press.records import dataclass, replace
from press.runs.masters import Master, Masters, OpenPage
from press.runs.signed_pages import are_as_signed
from press.runs.value_places import locating_values
from press.writers.formats import FORMATS
from press.writers.read_stylesheet import read_stylesheet
from press.writers.result import Printed
from press.writers.stylesheet import Stylesheet

if TYPE_CHECKING:
    from press.writers.pdf.reuse.forme import Copy, Forme

BESIDE = {edition: f"{edition}-beside" for edition in EDITIONS}  # the stylesheets of pages in two languages


@dataclass(frozen=True)
class Site:
    """The site of one clinic: its root folder with config.yaml and handouts/, and the templates, each read once."""

    root: Path
    unsaved: Mapping[str, bytes] = field(default_factory=dict, compare=False)  # to be checked before it is

    @cached_property
    def clinic(self) -> Clinic:
        """config.yaml. Raises HandoutError."""
        name = "config.yaml"
        return read_clinic(self.root / name, name, self.unsaved.get(name))

    @cached_property
    def library(self) -> Library:
        """The library of handouts."""
        folder = self.root / "handouts"
        try:
            return Library(folder, self.clinic.left_out, self.clinic.switches, self.unsaved)
        except HandoutError:  # a config.yaml that cannot be read is told by itself
            return Library(folder, unsaved=self.unsaved)

    @cached_property
    def sets(self) -> Mapping[str, tuple[str, ...]]:
        """The sets of config.yaml. Raises HandoutError for one that cannot be."""
        clinic, known, problems = self.clinic, self.library.topics, Problems()
        place = clinic.place_of("sets")
        for name, members in clinic.sets.items():
            if name in known:
                problems.add(place, f"`sets`: `{name}` is a handout; give the set another name")
            if not members:
                problems.add(place, f"`sets`: there is no handout in `{name}`")
            for topic in members:
                if topic not in known:
                    problems.add(place, f"`sets`: there is no handout `{topic}`", did_you_mean(topic, known))
        problems.raise_if_errors()
        return clinic.sets

    def changes(self, topic: str, language: str) -> tuple[Change, ...]:
        """List what of a page waits for `update`, once. Raises HandoutError."""
        if (topic, language) not in self._changes:
            names, is_ours = files_of_page(topic, language), is_managed(self.root)
            self._changes[topic, language] = find_changes(self.root, names, self.library.record) if is_ours else ()
        return self._changes[topic, language]

    @cached_property
    def _changes(self) -> dict[tuple[str, str], tuple[Change, ...]]:
        return {}

    def approvals(self, today: date) -> tuple[Approval, ...]:
        """Read approvals.yaml, once a day. Raises HandoutError."""
        if today not in self._approvals:
            self._approvals[today] = read_approvals(self.root, self.library.topics, today)
        return self._approvals[today]

    @cached_property
    def _approvals(self) -> dict[date, tuple[Approval, ...]]:
        return {}

    @cached_property
    def logo(self) -> Logo | None:
        """The logo that config.yaml names. Raises HandoutError."""
        return clinic_logo(self.clinic, self.templates)

    @property
    def templates(self) -> Path:
        """The folder of the templates: the clinic's own, or those of the program."""
        return templates_of(self.root)

    def sheet(self, edition: str, paper: str) -> Stylesheet:
        """Read the stylesheet of an edition, once, for a paper. Raises HandoutError."""
        name = f"{edition}.yaml"
        if (name, "") not in self._sheets:
            path = self.templates / "styles" / name
            self._sheets[name, ""] = read_stylesheet(path, f"templates/styles/{name}")
        if (name, paper) not in self._sheets:
            self._sheets[name, paper] = replace(self._sheets[name, ""], paper=paper)
        return self._sheets[name, paper]

    @cached_property
    def _sheets(self) -> dict[tuple[str, str], Stylesheet]:
        """Stylesheets by name and paper; without a paper as they were read."""
        return {}

    @cached_property
    def masters(self) -> Masters:
        """The masters of all handouts, composed when they are asked for. Raises HandoutError."""
        return Masters(self.clinic, self.templates, self.logo)

    def status(self, handout: Handout, today: date) -> Status:
        """Judge the approval of a handout today, once. Raises HandoutError."""
        if (handout, today) not in self._states:
            are_alike = partial(are_as_signed, handout, self.clinic, self.templates)
            self._states[handout, today] = status(handout, self.approvals(today), today, are_alike)
        return self._states[handout, today]

    @cached_property
    def _states(self) -> dict[tuple[Handout, date], Status]:
        return {}

    @cached_property
    def _loaded(self) -> dict[tuple[str, str], Handout]:
        return {}

    def is_loaded(self, topic: str, language: str) -> bool:
        """Whether a handout was read already, so that its language is there."""
        return (topic, language) in self._loaded

    def handout(self, topic: str, language: str) -> Handout:
        """Read a handout in a language, once. Raises HandoutError."""
        if (topic, language) not in self._loaded:
            self._loaded[topic, language] = self.library.load(topic, language)
        return self._loaded[topic, language]


@dataclass(frozen=True, eq=False, repr=False)
class Made:
    """A composed and checked handout: a master, and the texts of one person for its slots.

    `beside` is the language of the helper's side, where the page has two; `warnings` are for staff.
    """

    status: Status
    master: Master
    options: Options
    texts: tuple[str, ...]
    warnings: tuple[Problem, ...]
    beside: str = ""

    @property
    def handout(self) -> Handout:
        """The handout that was made into a page."""
        return self.master.tailored.handout

    @property
    def topic(self) -> str:
        """Its id."""
        return self.handout.structure.topic

    @cached_property
    def document(self) -> Document:
        """The page as a tree."""
        return fill_slots(self.master.page.document, self.texts)

    @property
    def tailored(self) -> Tailored:
        """The choice of blocks and texts that the page was composed of, with its slots open."""
        return replace(self.master.tailored, options=self.options)


def complete(
    site: Site, options: Options, today: date, known: Iterable[Problem] = ()
) -> tuple[Options, tuple[Problem, ...]]:
    """Fill in the clinic's defaults and check the dates; warnings come back.

    Raises HandoutError if a date is wrong. Where `known` says that the form or the interval
    could not be read, no date is judged by them.
    """
    full = with_defaults(options, site.clinic)
    wrong = {problem.place for problem in known if problem.is_error}
    if any(options.places.get(name) in wrong for name in ("form", "interval", "stopped")):
        return full, ()
    problems = check_dates(full, site.clinic, today)
    problems.raise_if_errors()
    return full, tuple(problems)


def topics(site: Site, asked: tuple[str, ...], options: Options | None = None) -> tuple[str, ...]:
    """Choose the handouts that are asked for, by name or by the name of a set, all of them by default.

    Raises HandoutError. With `options` it is for a patient, whose file may have asked: the default is then every
    handout that is not marked `opt_in`. What was typed is never repeated: a
    name with a space in it, without quotes, ends up among the handouts too.
    """
    known = _known(site)
    problems, sets = Problems(), site.sets if asked else {}
    chosen: list[str] = []
    for number, name in enumerate(asked, 1):
        if name not in known and name not in sets:
            place = Place(f"handout {number}") if options is None else options.place_of("handouts")
            problems.add(place, "there is no such handout", did_you_mean(name, (*known, *sets)), private=True)
        chosen += sets.get(name, (name,))
    problems.raise_if_errors()
    if asked:
        return tuple(dict.fromkeys(chosen))
    return known if options is None else tuple(topic for topic in known if not _is_opt_in(site, topic))


def one_topic(site: Site, topic: str) -> str:
    """The name of one handout, which is no set. Raises HandoutError."""
    known = _known(site)
    if topic not in known:
        raise refuse(Place("handout 1"), "there is no such handout", did_you_mean(topic, known), private=True)
    return topic


def _known(site: Site) -> tuple[str, ...]:
    if known := site.library.topics:
        return known
    raise refuse(Place("handouts"), "there is no handout here", "each one is a folder with a handout.yaml")


def _is_opt_in(site: Site, topic: str) -> bool:
    """Whether a handout prints only when somebody asks for it; a broken one is refused when it is made."""
    try:
        return site.library.structure(topic).opt_in
    except HandoutError:
        return False


def check_language(site: Site, topic: str, options: Options) -> None:
    """Refuse a language that a handout lacks, at the place that asks for it and without its value."""
    languages = site.library.languages(topic)
    if options.language in languages:
        return
    is_typed = "language" in options.places
    place = options.place_of("language") if is_typed else site.clinic.defaults.place_of("language")
    hint = "languages here: " + (", ".join(languages) or "none")
    raise refuse(place, f"`language`: the handout {topic} is not there in this language", hint, private=is_typed)


def make(
    site: Site, topic: str, options: Options, today: date, wish: Wish = Wish.AS_IT_MAY_BE, sign: Status | None = None
) -> Made:
    """Compose and check one handout. Raises HandoutError with every reason to refuse.

    `sign` replaces the state of approval: `check` tries both a draft and a final page, and alone is
    told the warnings about words, which only editors can act on.
    """
    if not site.is_loaded(topic, options.language):
        check_language(site, topic, options)
    handout = site.handout(topic, options.language)
    state = sign or site.status(handout, today)
    problems = Problems()
    if sign is None:
        problems.extend(sign_off_problems(handout, state, site.clinic, options.form, wish))
        severity = Severity.ERROR if state.is_final and wish is not Wish.DRAFT else Severity.WARNING
        waiting = site.changes(topic, options.language)
        problems.extend(overdue_problems(waiting, severity, handout.structure, options.language))
        problems.raise_if_errors()
    if wish is Wish.DRAFT or (sign is None and missing_phones(site.clinic)):
        state = Status(State.DRAFT)
    wanted = resolve_values(handout, options, site.clinic, today, state)
    master = site.masters.of(handout, wanted, state)
    problems.extend(master.problems if sign else (problem for problem in master.problems if problem.is_error))
    problems.raise_if_errors()
    return Made(state, master, options, tuple([wanted.values[name] for name in master.page.slots]), tuple(problems))


def check_reader(made: Made) -> None:
    """Refuse a page that would be wrong for its reader: what comes before a first dose, for who has had one.

    `make` itself does not ask, so that `check` and a signature cover every page that can be composed.
    Raises HandoutError.
    """
    modes, mode = made.handout.structure.modes, made.master.tailored.mode
    if modes and mode not in modes:
        name = "stopped" if mode == "stopped" else "last_dose"
        message = f"`{name}`: with it, the page {made.topic} would be wrong for this person"
        hint = "it is for who has had no dose yet; leave this handout out" if modes == ("none",) else ""
        raise refuse(made.options.place_of(name), message, hint or "leave this handout out", private=True)


def make_beside(
    site: Site, topic: str, options: Options, language: str, today: date, wish: Wish = Wish.AS_IT_MAY_BE
) -> Made:
    """Compose the handout in the patient's language with the helper's beside it.

    Each is made as it would be printed alone. The page is final only if both are; a draft of
    one is a draft of both. Raises HandoutError with the reasons of both to refuse.
    """
    from press.document.bilingual import join

    if language not in site.library.languages(topic):
        hint = "languages here: " + (", ".join(site.library.languages(topic)) or "none")
        raise refuse(Place("--beside"), f"the handout {topic} is not there in this language", hint)
    wishes = (wish,) if wish is Wish.DRAFT else (wish, Wish.DRAFT)
    for wanted in wishes:
        sides: list[Made] = []
        problems = Problems()
        for one in (options, replace(options, language=language)):
            with problems.gathering():
                sides.append(make(site, topic, one, today, wanted))
        problems.raise_if_errors()
        left, right = sides
        if left.status.is_final == right.status.is_final:
            break
    warnings = tuple(dict.fromkeys((*left.warnings, *right.warnings)))
    skeleton = join(left.master.page.document, right.master.page.document)
    master = Master(left.master.tailored, OpenPage(skeleton), ())
    return Made(left.status, master, options, left.texts + right.texts, warnings, language)


def print_one(site: Site, made: Made, form: str) -> Printed:
    """Print a checked handout in one format. Raises HandoutError."""
    if form == "pdf":
        from press.writers.pdf.writer import print_copy

        return print_copy(lay_out_one(site, made))
    return FORMATS[form].write(made.document, _sheet(site, made))


def _sheet(site: Site, made: Made) -> Stylesheet:
    """Choose the stylesheet of a handout: that of its edition, or the one for two languages."""
    options = made.options
    return site.sheet(BESIDE[options.edition] if made.beside else options.edition, options.paper)


def lay_out_one(site: Site, made: Made, run: str = "", numbering: Numbering = Numbering()) -> Copy:
    """Lay out and prove a checked handout; in a job with its run's code and page numbers. Raises HandoutError."""
    with locating_values(made.options, site.clinic, made.status):
        return forme_of(site, made, run).copy(made.texts, numbering)


def forme_of(site: Site, made: Made, run: str = "") -> Forme:
    """Prepare the page of a checked handout, by itself or in a job; once for everybody with its profile."""
    return _forme(site, made, run, lambda skeleton: stamped(skeleton, run) if run else skeleton)


def blank_side(site: Site, made: Made) -> Copy:
    """Lay out a blank side with the clinic's words for that, the same for everybody. Raises HandoutError."""
    words = made.master.tailored.phrases[BLANK_SIDE]

    def bare(skeleton: Document) -> Document:
        body = (Paragraph((words,)),)
        return replace(skeleton, banner=(), letterhead=(), body=body, footer=(), first_page=(), sides=0, logo=None)

    for node in inlines((words,)):
        if isinstance(node, Value) and node.field in PERSONAL:
            raise refuse(words.place, f"{{{node.field}}} cannot stand on a blank side", "it is the same for everybody")
    return _forme(site, made, BLANK_SIDE, bare).copy(())


def _forme(site: Site, made: Made, use: str, change: Callable[[Document], Document]) -> Forme:
    """Prepare a page as it is changed for this use, once for everybody with its profile."""
    from press.writers.pdf.reuse.forme import Forme

    key = made.options.paper, made.beside, use
    page = made.master.page
    return page.formes.get(key, lambda: Forme(change(page.document), _sheet(site, made)))


def stamped(document: Document, run: str) -> Document:
    """Print the run's code and the number of the sheet in the first line of the footer."""
    first, *rest = document.footer
    assert isinstance(first, Paragraph), "a footer holds paragraphs"
    return replace(
        document, footer=(replace(first, children=(*first.children, Text(f" · {run}-"), SheetNumber())), *rest)
    )
