"""One handout for one reader, from files to finished bytes: read, tailor, compose, check, print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from press.approval import Approval, State, Status, read_approvals, status
from press.check import check
from press.compose import compose
from press.document import Document
from press.errors import HandoutError, Place, Problem, Problems, Severity, did_you_mean, refuse
from press.fields import EDITIONS
from press.library import Library, read_clinic
from press.model import Clinic, Handout, Options
from press.style import Stylesheet, read_stylesheet
from press.tailor import Tailored, check_dates, tailor, with_defaults
from press.writers.printed import Printed

if TYPE_CHECKING:
    from press.writers.pdf.volume import Laid


def _write_pdf(document: Document, sheet: Stylesheet) -> Printed:
    from press.writers.pdf import write_pdf

    return write_pdf(document, sheet)


def _write_html(document: Document, sheet: Stylesheet) -> Printed:
    from press.writers.html import write_html

    return write_html(document, sheet)


def _write_text(document: Document, sheet: Stylesheet) -> Printed:
    from press.writers.text import write_text as as_text

    return as_text(document, sheet)


WRITERS: Mapping[str, Callable[[Document, Stylesheet], Printed]] = {
    "pdf": _write_pdf,
    "html": _write_html,
    "text": _write_text,
}
ENDINGS = {"pdf": "pdf", "html": "html", "text": "txt"}
BESIDE = {edition: f"{edition}-beside" for edition in EDITIONS}  # the stylesheets of pages in two languages


@dataclass(frozen=True)
class Press:
    """One clinic's press: its folder with config.yaml, handouts/ and templates/."""

    root: Path

    @cached_property
    def clinic(self) -> Clinic:
        """config.yaml. Raises HandoutError."""
        return read_clinic(self.root / "config.yaml", "config.yaml")

    @cached_property
    def library(self) -> Library:
        """The shelf of handouts."""
        return Library(self.root / "handouts")

    def approvals(self, today: date) -> tuple[Approval, ...]:
        """approvals.yaml, read once. Raises HandoutError."""
        if today not in self._approvals:
            self._approvals[today] = read_approvals(self.root, self.library.topics, today)
        return self._approvals[today]

    @cached_property
    def _approvals(self) -> dict[date, tuple[Approval, ...]]:
        return {}

    @property
    def templates(self) -> Path:
        """Where the templates stand."""
        return self.root / "templates"

    def sheet(self, edition: str, paper: str) -> Stylesheet:
        """The stylesheet of an edition on a paper. Raises HandoutError."""
        name = f"{edition}.yaml"
        if name not in self._sheets:
            path = self.templates / "styles" / name
            self._sheets[name] = read_stylesheet(path, f"templates/styles/{name}")
        return replace(self._sheets[name], paper=paper)

    @cached_property
    def _sheets(self) -> dict[str, Stylesheet]:
        return {}

    @cached_property
    def _loaded(self) -> dict[tuple[str, str], Handout]:
        return {}

    def is_loaded(self, topic: str, language: str) -> bool:
        """Whether a handout was read already, so that its language is there."""
        return (topic, language) in self._loaded

    def handout(self, topic: str, language: str) -> Handout:
        """A handout in a language, read once. Raises HandoutError."""
        if (topic, language) not in self._loaded:
            self._loaded[topic, language] = self.library.load(topic, language)
        return self._loaded[topic, language]


@dataclass(frozen=True)
class Made:
    """A composed and checked handout; `warnings` are for staff.

    `beside` is the language of the helper's side, where the page has two; `tailored` is the
    patient's own.
    """

    status: Status
    tailored: Tailored
    document: Document
    warnings: tuple[Problem, ...]
    beside: str = ""


def complete(
    press: Press, options: Options, today: date, known: Iterable[Problem] = ()
) -> tuple[Options, tuple[Problem, ...]]:
    """Fill in the clinic's defaults and check the dates; warnings come back.

    Raises HandoutError if a date is wrong. Where `known` says that the form or the interval
    could not be read, no date is judged by them.
    """
    full = with_defaults(options, press.clinic)
    wrong = {problem.place for problem in known if problem.is_error}
    if any(options.places.get(name) in wrong for name in ("form", "interval", "stopped")):
        return full, ()
    problems = check_dates(full, press.clinic, today)
    problems.raise_if_errors()
    return full, tuple(problems)


def topics(press: Press, asked: tuple[str, ...], options: Options | None = None) -> tuple[str, ...]:
    """The handouts that are asked for, all of them by default. Raises HandoutError.

    With `options` it is for a patient, whose file may have asked: the default is then every
    handout that is not marked `opt_in`. What was typed is never repeated: a
    name with a space in it, without quotes, ends up among the handouts too.
    """
    known = press.library.topics
    if not known:
        raise refuse(Place("handouts"), "there is no handout here", "each one is a folder with a handout.yaml")
    problems = Problems()
    for number, topic in enumerate(asked, 1):
        if topic not in known:
            place = Place(f"handout {number}") if options is None else options.place_of("handouts")
            problems.add(place, "there is no such handout", did_you_mean(topic, known), private=True)
    problems.raise_if_errors()
    if asked:
        return tuple(dict.fromkeys(asked))
    return known if options is None else tuple(topic for topic in known if not _is_opt_in(press, topic))


def _is_opt_in(press: Press, topic: str) -> bool:
    """Whether a handout prints only when somebody asks for it; a broken one is told when it is made."""
    try:
        return press.library.bones(topic).opt_in
    except HandoutError:
        return False


def check_language(press: Press, topic: str, options: Options) -> None:
    """A language that a patient's file asks for is told there, without its value."""
    languages = press.library.languages(topic)
    if options.language in languages:
        return
    is_typed = "language" in options.places
    place = options.place_of("language") if is_typed else press.clinic.defaults.place_of("language")
    hint = "languages here: " + (", ".join(languages) or "none")
    raise refuse(place, f"`language`: the handout {topic} is not there in this language", hint, private=is_typed)


class Wish(Enum):
    """What staff want: the page as it may be, nothing but a final one, or a draft."""

    AS_IT_MAY_BE = "as it may be"
    FINAL = "final"
    DRAFT = "draft"


def make(
    press: Press, topic: str, options: Options, today: date, wish: Wish = Wish.AS_IT_MAY_BE, sign: Status | None = None
) -> Made:
    """Compose and check one handout. Raises HandoutError with every reason to refuse.

    `sign` stands in for the state of approval: `check` tries both a draft and a final page.
    """
    if not press.is_loaded(topic, options.language):
        check_language(press, topic, options)
    handout = press.handout(topic, options.language)
    state = sign or status(handout, press.approvals(today), today)
    problems = Problems()
    if sign is None:
        problems.extend(sign_off_problems(handout, state, press.clinic, options.form, wish))
        problems.raise_if_errors()
    if wish is Wish.DRAFT:
        state = Status(State.DRAFT)
    tailored = tailor(handout, options, press.clinic, today, state)
    document = compose(tailored, press.templates)
    problems.extend(check(document, tailored))
    problems.raise_if_errors()
    return Made(state, tailored, document, tuple(problems))


def make_beside(
    press: Press, topic: str, options: Options, language: str, today: date, wish: Wish = Wish.AS_IT_MAY_BE
) -> Made:
    """The handout in the patient's language with the helper's at its side.

    Each is made as it would be printed alone. The page is final only if both are; a draft of
    one is a draft of both. Raises HandoutError with the reasons of both to refuse.
    """
    from press.beside import join

    if language not in press.library.languages(topic):
        hint = "languages here: " + (", ".join(press.library.languages(topic)) or "none")
        raise refuse(Place("--beside"), f"the handout {topic} is not there in this language", hint)
    wishes = (wish,) if wish is Wish.DRAFT else (wish, Wish.DRAFT)
    for wanted in wishes:
        sides: list[Made] = []
        problems = Problems()
        for one in (options, replace(options, language=language)):
            with problems.gathering():
                sides.append(make(press, topic, one, today, wanted))
        problems.raise_if_errors()
        left, right = sides
        if left.status.is_final == right.status.is_final:
            break
    warnings = tuple(dict.fromkeys((*left.warnings, *right.warnings)))
    return replace(left, document=join(left.document, right.document), warnings=warnings, beside=language)


def print_one(press: Press, made: Made, form: str) -> Printed:
    """Print a checked handout in one format. Raises HandoutError."""
    return WRITERS[form](made.document, _sheet(press, made))


def _sheet(press: Press, made: Made) -> Stylesheet:
    """The stylesheet of a handout: that of its edition, or the one for two languages."""
    options = made.tailored.options
    return press.sheet(BESIDE[options.edition] if made.beside else options.edition, options.paper)


def lay_out_one(press: Press, made: Made) -> tuple[Laid, tuple[Problem, ...]]:
    """The pages of a checked handout for a print job, and warnings for staff. Raises HandoutError."""
    from press.writers.pdf import laid_out

    return laid_out(made.document, _sheet(press, made))


def file_name(made: Made, form: str) -> str:
    """The name of the finished file: never a person's name, and no reason for a person."""
    options, topic = made.tailored.options, made.tailored.handout.bones.topic
    parts = [topic, options.language] + [made.beside] * bool(made.beside)
    if made.tailored.personal or options.code:
        parts.insert(0, options.code or "personal")
    else:
        parts += [options.form, options.reason]
    if options.edition != "standard":
        parts.append(options.edition)
    if options.paper != "letter":
        parts.append(options.paper)
    draft = "" if made.status.is_final else "DRAFT-"
    return draft + "-".join(parts) + "." + ENDINGS[form]


# Sign-off

_HELP = {
    State.DRAFT: "ask the clinician who answers for these words to read them, then run `approve`",
    State.CHANGED: "run `diff` to see what changed, and ask for a new approval",
    State.STALE: "the English changed: bring this translation up to date first",
    State.UNREVIEWED: "name the translator and a qualified reviewer under `review`, then run `approve`",
    State.EXPIRED: "ask for a new approval; --as-draft prints it as a draft",
}


def sign_off_problems(handout: Handout, state: Status, clinic: Clinic, form: str, wish: Wish) -> Iterator[Problem]:
    """Why these words must not be printed today in the way that staff want."""
    where = Place(handout.words_file)
    draft = wish is Wish.DRAFT
    if state.state is State.EXPIRED and not draft:
        yield Problem(where, "the approval has run out", _asked(state) or _HELP[State.EXPIRED])
    elif wish is Wish.FINAL and not state.is_final:
        yield Problem(where, f"these words are not signed off: {state.state.value}", _HELP[state.state])
    if state.state is State.EXPIRING:
        yield Problem(where, "the approval runs out soon", _asked(state), severity=Severity.WARNING)
    if form in handout.bones.labels and handout.bones.label_basis[form] < clinic.products[form].label:
        mild = draft or handout.bones.old_label == "warn"
        yield Problem(
            handout.bones.place_of("label_basis"),
            f"the words follow an older {form} label than the one in config.yaml",
            "compare the words with the new label, then change `label_basis`",
            severity=Severity.WARNING if mild else Severity.ERROR,
        )


def _asked(state: Status) -> str:
    approval = state.approval
    return f"ask {approval.by}, {approval.role}, to look at them again" if approval else ""
