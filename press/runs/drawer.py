"""Print the drawer set: every page without dates ahead, for the day on which the computer is down.

One file: a sheet of contents, then each page on a sheet of its own, which names the run and the day. Nothing of
it is given to anybody yet, so nothing is entered in the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain, product
from pathlib import Path

from press.content.approvals import Wish
from press.content.fields import FORMS, REASONS
from press.content.handout import all_blocks
from press.delivery.atomic import growing
from press.errors import HandoutError, Place, Problem, Problems, refuse
from press.patients.options import Options
from press.records import dataclass
from press.runs.batch import Order, Packet, PersonPage, Refused, digest_plan, run_code
from press.runs.file_names import file_name
from press.runs.handout import Made, Site, check_reader, complete, make
from press.runs.hardening import assert_hardened, harden_reportlab, watching
from press.runs.list_request import LAST, Progress, show_nothing
from press.runs.print_job import bind, job_file
from press.writers.pdf.file.page_tree import Part


@dataclass(frozen=True)
class Filed:
    """One page of the drawer: for whom it is, which words it has, and the sheets from `first` to `last`."""

    made: Made
    first: int
    last: int


Contents = Callable[[list[Filed], str], Part]  # the sheet on top, from what is in the file and the run's code


@dataclass(frozen=True)
class DrawerRequest:
    """What a drawer is to hold, and in which file; `sides` are printed on one sheet.

    Without `languages` it has every language of a handout, without `handouts` every handout that is the same on any
    day: one with a calendar shows the months in which it was printed.
    """

    site: Site
    today: date
    path: Path
    contents: Contents
    languages: tuple[str, ...] = ()
    handouts: tuple[str, ...] = ()
    edition: str = ""
    wish: Wish = Wish.AS_IT_MAY_BE
    sides: int = 2
    show: Progress = show_nothing

    @property
    def topics(self) -> tuple[str, ...]:
        """The handouts that belong in it. Raises HandoutError for one that cannot be read, or is asked for in vain."""
        months = {topic for topic in self.handouts or self.site.library.topics if self._has_calendar(topic)}
        if found := sorted(months.intersection(self.handouts)):
            message = f"{found[0]} shows the months of the day on which it is printed, so it cannot wait in a drawer"
            raise refuse(Place("handouts"), message, f"print it when it is needed: make {found[0]}")
        return tuple(topic for topic in self.handouts or self.site.library.topics if topic not in months)

    def _has_calendar(self, topic: str) -> bool:
        return any(block.kind == "calendar" for block in all_blocks(self.site.library.structure(topic).blocks))

    @property
    def wanted_languages(self) -> tuple[str, ...]:
        """The languages of the pages, sorted unless they were asked for. Raises HandoutError for one without a page."""
        known = sorted({one for topic in self.topics for one in self.site.library.languages(topic)})
        if set(self.languages) - set(known):
            hint = "languages here: " + (", ".join(known) or "none")
            raise refuse(Place("--language"), "no page is there in this language", hint)
        return tuple(dict.fromkeys(self.languages)) or tuple(known)

    @property
    def plan(self) -> str:
        """The digest of everything that the pages depend on."""
        asked = (*self.languages, "", *self.handouts, "", self.edition, self.wish.value, str(self.sides))
        return digest_plan(self.site, ("drawer", self.today.isoformat(), *asked))


@dataclass(frozen=True)
class Drawer:
    """The finished file, None if no page could be made; what it holds, and the run's code on each page."""

    path: Path | None
    filed: tuple[Filed, ...]
    run: str
    problems: tuple[Problem, ...]

    @property
    def sheets(self) -> int:
        """How many sheets the pages fill, without the contents."""
        return self.filed[-1].last if self.filed else 0


def fill_drawer(request: DrawerRequest) -> Drawer:
    """Make every page, then the file: a page that is refused stops no other. Raises HandoutError."""
    harden_reportlab()
    problems, run = Problems(), run_code(request.plan)
    site, folder = request.site, request.path.parent
    wanted = tuple(_wanted(request))
    with watching([site.root], [folder, site.root]), growing(folder, request.path.name) as file:
        filed: list[Filed] = []
        with job_file(site, file.write, range(LAST)) as job:
            pages = bind(site, _packets(request, wanted, problems), _order(request), run, request.sides)
            for one in request.show(pages, len(wanted), "made"):
                assert_hardened()
                if isinstance(one, Refused):
                    problems.extend(one.problems)
                    continue
                made = one.packet.pages[0].made
                job.add(Part(_label(made), made.options.language, tuple(chain.from_iterable(one.handouts))))
                filed.append(Filed(made, one.first, one.last))
            if filed:
                job.add_first(request.contents(filed, run))
        path = file.place() if filed else None
    return Drawer(path, tuple(filed), run, tuple(dict.fromkeys(problems)))


def _order(request: DrawerRequest) -> Order:
    return Order(request.today, request.wish, paper=request.site.clinic.defaults.paper, bound=True)


def _wanted(request: DrawerRequest) -> Iterator[tuple[str, str, str, str]]:
    """List language, form, reason and handout of each page, in the order of the file."""
    library = request.site.library
    known = request.topics
    for language, form, reason in product(request.wanted_languages, FORMS, REASONS):
        topics = (topic for topic in known if language in library.languages(topic))
        yield from ((language, form, reason, topic) for topic in topics)


def _packets(
    request: DrawerRequest, wanted: tuple[tuple[str, str, str, str], ...], problems: Problems
) -> Iterator[Packet]:
    """Make each page by itself; what is wrong with one goes to `problems`."""
    site = request.site
    for row, (language, form, reason, topic) in enumerate(wanted, 1):
        asked = Options(
            language=language, form=form, reason=reason, edition=request.edition, paper=site.clinic.defaults.paper
        )
        try:
            options, _ = complete(site, asked, request.today)
            made = make(site, topic, options, request.today, request.wish)
            check_reader(made)
        except HandoutError as error:
            problems.extend(error.problems)
            continue
        problems.extend(made.warnings)
        yield Packet(row, options, (PersonPage(file_name(made, "pdf"), made),), ())


def _label(made: Made) -> str:
    """Name a part of the file in the list of its contents: no value of a person is in it."""
    options = made.options
    return f"{made.topic}, {options.language}, {options.form}, {options.reason}"
