"""Who on a list needs a clerk, in which order, and what each of them gets meanwhile.

A person without a page is in danger too. So whoever is refused only for a date or an interval still
gets the overdose warning without dates, and comes first; a set may lack any page but that one.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from types import MappingProxyType

from press.content.required import OVERDOSE_WARNING
from press.errors import Place, Problem, Rows, sort_by_place
from press.patients.options import Options
from press.patients.person_rules import place_in_row
from press.records import dataclass, replace
from press.runs.problem_groups import ProblemGroups

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

    def headline(self, rows: Rows) -> Problem:
        """Say what the people of these rows get, who all get what this one gets."""
        return Problem(self.place, *self._sentences(many=rows.count > 1), private=True, rows=rows)

    def _sentences(self, *, many: bool) -> tuple[str, str]:
        they_get = "these people get" if many else "this person gets"
        match self.gets:
            case Gets.UNDATED:
                what = "the overdose warning, without dates" + " and in English" * self.in_english
                first, again = (
                    ("these people", "rows, and print them") if many else ("this person", "row, and print it")
                )
                return f"{they_get} only {what}", f"see to {first} first; then correct the {again} with --rows"
            case Gets.PART:
                lacking = (f"the set without {', '.join(self.missing)}",) if self.missing else ()
                english = ("the overdose warning in English",) if self.in_english else ()
                return f"{they_get} " + " and ".join((*lacking, *english)), ""
            case Gets.NOTHING:
                return f"{they_get} nothing", ""
            case Gets.ALL:
                changed = "these rows are changed" if many else "this row is changed"
                return f"with --strict nobody is printed before {changed}", "without --strict it is only a warning"


def has_only_date_errors(problems: Iterable[Problem], options: Options) -> bool:
    """Whether there are errors, and each of them is in a date or an interval, or about one that is missing."""
    wrong = {problem.place for problem in problems if problem.is_error}
    return bool(wrong) and wrong <= {place_in_row(options, name) for name in DATE_FIELDS}


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
    found = sort_by_place(problems)
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


@dataclass(frozen=True, slots=True)
class NeedGroup:
    """People who need a clerk and get the same: the first of them, their rows, and their problems by kind."""

    first: Need
    rows: Rows
    problems: tuple[Problem, ...] = ()

    @property
    def lines(self) -> tuple[Problem, ...]:
        """Say what these people get, then their problems; one of the clinic's own files names their rows."""
        alone = self.rows.count == 1
        problems = (replace(problem, rows=None) for problem in self.problems) if alone else self.problems
        return self.first.headline(self.rows), *problems


class NeedGroups:
    """Everybody who needs a clerk, added in the order of the list; no person is held, so that memory stays flat."""

    def __init__(self) -> None:
        self._groups: dict[tuple[Gets, tuple[str, ...], bool], NeedGroup] = {}
        self._problems = ProblemGroups()
        self._summaries: dict[tuple[Gets, str], Rows] = {}

    def add(self, need: Need) -> None:
        """Add one more person."""
        key = need.gets, need.missing, need.in_english
        group = self._groups.get(key) or NeedGroup(need, Rows())
        self._groups[key] = replace(group, rows=group.rows.and_row(need.row))
        summary = need.gets, need.summary
        self._summaries[summary] = self._summaries.get(summary, Rows()).and_row(need.row)
        for problem in dict.fromkeys(need.problems):
            self._problems.add(problem, need.row, key)

    def sorted(self) -> tuple[NeedGroup, ...]:
        """Everybody in the order in which a clerk attends to them: by what they get, then by row."""
        found = [replace(group, problems=tuple(self._problems.problems(key))) for key, group in self._groups.items()]
        return tuple(sorted(found, key=lambda group: group.first.urgency))

    @property
    def in_words(self) -> str:
        """Name the rows of these people by what they get, the most urgent first."""
        ordered = sorted(self._summaries.items(), key=lambda item: (item[0][0], item[1].ranges))
        return "; ".join(f"{rows.named}: {summary}" for (_, summary), rows in ordered)

    def count(self, gets: Gets) -> int:
        """How many people get this."""
        return sum(group.rows.count for group in self._groups.values() if group.first.gets is gets)
