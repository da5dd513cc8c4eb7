"""Who on a list needs a clerk, in which order, and what each of them gets meanwhile.

A person without a page is in danger too. So whoever is refused only for a date or an interval still
gets the overdose warning without dates, and comes first; a set may lack any page but that one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum
from types import MappingProxyType

from press.content.required import OVERDOSE_WARNING
from press.errors import Place, Problem
from press.patients.options import Options

DATE_FIELDS = frozenset({"last_dose", "interval", "appointment", "started", "late_confirmed"})
STRICT_CODES = frozenset({"appointment-after-due"})  # warnings of the date rules that --strict treats as errors


class Gets(IntEnum):
    """What a person who needs a clerk gets, in the order in which a clerk attends to them."""

    UNDATED = 1  # the overdose warning without dates
    PART = 2  # not every page, or one in another language
    NOTHING = 3
    ALL = 4  # every page; only --strict objects


@dataclass(frozen=True, slots=True)
class Need:
    """One person who needs a clerk, and every reason. `missing` are the topics that the set lacks."""

    row: int
    code: str
    place: Place
    gets: Gets
    problems: tuple[Problem, ...]
    missing: tuple[str, ...] = ()
    in_english: bool = False

    @property
    def urgency(self) -> tuple[Gets, int]:
        """The sort key: what the person gets, then the row."""
        return self.gets, self.row

    @property
    def summary(self) -> str:
        """What is printed for this person, in a few words for a list of rows."""
        match self.gets:
            case Gets.UNDATED:
                return "undated overdose warning only" + ", in English" * self.in_english
            case Gets.PART:
                lacks = ("a page is missing" if len(self.missing) == 1 else "pages are missing") if self.missing else ""
                return ", ".join(filter(None, (lacks, "overdose warning in English" * self.in_english)))
            case Gets.NOTHING:
                return "nothing printed"
            case Gets.ALL:
                return "appointment after the due day"

    def headline(self) -> Problem:
        """The first line about this person on the screen."""
        return Problem(self.place, *self._sentences(), private=True)

    def _sentences(self) -> tuple[str, str]:
        again = "then correct the row, and print it with --rows"
        match self.gets:
            case Gets.UNDATED:
                what = "the overdose warning, without dates" + " and in English" * self.in_english
                return f"this person gets only {what}", f"see to this person first; {again}"
            case Gets.PART:
                lacking = (f"the set without {', '.join(self.missing)}",) if self.missing else ()
                return "this person gets " + " and ".join(
                    (*lacking, *("the overdose warning in English",) * self.in_english)
                ), ""
            case Gets.NOTHING:
                return "this person gets nothing", ""
            case Gets.ALL:
                return (
                    "with --strict nobody is printed before this row is changed",
                    "without --strict it is only a warning",
                )


def has_only_date_errors(problems: Iterable[Problem], options: Options) -> bool:
    """Whether there are errors, and each of them is in a date or an interval that was typed."""
    wrong = {problem.place for problem in problems if problem.is_error}
    return bool(wrong) and wrong <= {options.places[name] for name in DATE_FIELDS & options.places.keys()}


def drop_dates(options: Options, problems: Iterable[Problem]) -> Options:
    """The same options as if no date and no interval had been typed.

    Who is confirmed to be late stays late, unless that is what is wrong.
    """
    bare = Options()
    dropped = {name: getattr(bare, name) for name in DATE_FIELDS}
    wrong = {problem.place for problem in problems if problem.is_error}
    if options.late_confirmed and options.places.get("late_confirmed") not in wrong:
        del dropped["late_confirmed"]
    places = {name: place for name, place in options.places.items() if name not in dropped}
    return replace(options, **dropped, places=MappingProxyType(places))


def advise_undated(problems: Iterable[Problem], options: Options) -> list[Problem]:
    """The problems of one patient at the desk; if all are about dates, the last one says how to print without them."""
    found = _by_place(problems)
    if not has_only_date_errors(found, options):
        return found
    last = max(number for number, problem in enumerate(found) if problem.is_error)
    switches = " ".join(f"--set {name}=" for name in sorted(DATE_FIELDS & options.places.keys()))
    advice = (
        f"meanwhile print `make {OVERDOSE_WARNING}` with the same options, but `{switches}` for the dates:"
        " a person without a page is in danger too"
    )
    hint = "; ".join(filter(None, (found[last].hint, advice)))
    return [*found[:last], replace(found[last], hint=hint), *found[last + 1 :]]


def sort_for_clerk(needs: Iterable[Need], others: Iterable[Problem]) -> list[Problem]:
    """All problems of a list: people who need a clerk first, the most urgent on top, then warnings by place."""
    found: list[Problem] = []
    for need in sorted(needs, key=lambda need: need.urgency):
        found += [need.headline(), *_by_place(need.problems)]
    return found + _by_place(others)


def _by_place(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.place, problem.message))
