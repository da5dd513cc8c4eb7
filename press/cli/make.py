"""The commands that make pages for a reader: `make` and `show`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from press.cli import common
from press.cli.common import Screen, day_in, day_of, guarded, json_option, now_of, today_option
from press.errors import HandoutError, Problems
from press.writers.formats import ENDINGS, FORMATS

if TYPE_CHECKING:
    from press.delivery.destination import Target
    from press.patients.options import Options
    from press.runs.handout import Made, Press
    from press.runs.page_cache import Stock
    from press.writers.result import Printed

    _Done = tuple[Made, Printed] | None  # what the ledger needs; None if the page was kept ready
    _Ready = tuple[str, bytes, _Done]  # file name and bytes
    _Giving = Callable[[str, _Done], AbstractContextManager[object]]


@click.command()
@click.argument("handouts", nargs=-1)
@click.option("-l", "--language", help="Language of the page, such as en.")
@click.option("--beside", metavar="LANGUAGE", help="Put the same words in another language at their side.")
@click.option("--edition", help="standard or large-print.")
@click.option("--paper", help="letter or a4.")
@click.option("--form", help="injection or tablet.")
@click.option("--reason", help="opioid, alcohol or both.")
@click.option("--patient", type=click.Path(path_type=Path), help="A file with one patient's options.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="One option, as in a patient's file.")
@click.option("--format", "form_", type=click.Choice(tuple(FORMATS)), default="pdf", show_default=True)
@click.option("-o", "--output", help="A folder, a file for one handout, or - for standard output.")
@click.option("--final", "wish", flag_value="final", help="Refuse what is not signed off.")
@click.option("--as-draft", "wish", flag_value="draft", help="Mark every page as a draft.")
@click.option(
    "--print",
    "printer",
    metavar="[PRINTER]",
    is_flag=False,
    flag_value="",
    help="Send the finished PDF to a printer, too.",
)
@click.option("--simplex", is_flag=True, help="With --print: on one side of the paper only.")
@click.option("--no-ledger", is_flag=True, help="Do not enter what a person with a code is given.")
@click.option("--watch", is_flag=True, help="Print again each time that a file is saved, until Ctrl-C.")
@click.option("--anew", is_flag=True, help="Make every page again, also one that did not change since the last time.")
@today_option
@json_option
@guarded
def make(
    screen: Screen,
    handouts: tuple[str, ...] = (),
    patient: Path | None = None,
    settings: tuple[str, ...] = (),
    form_: str = "pdf",
    output: str | None = None,
    wish: str | None = None,
    beside: str | None = None,
    printer: str | None = None,
    simplex: bool = False,
    no_ledger: bool = False,
    watch: bool = False,
    anew: bool = False,
    today: str | None = None,
    **choices: str | None,
) -> None:
    """Print HANDOUTS (all by default) for one reader."""
    from press.delivery.destination import target_from

    _refuse_misuse(screen, output, form_, watch, printer, simplex)
    for_anybody = patient is None and not settings and not watch and printer is None
    said = (form_, wish, beside, repr(sorted(choices.items())))

    def once() -> Problems:
        problems = Problems()
        stock = _stock(handouts, said, today, anew) if for_anybody else None
        finished = None if stock is None else _from_stock(stock, output, form_, problems)
        sent: list[str] = []
        if finished is None:
            press, day, full, chosen = _asked(handouts, patient, settings, choices, today, problems)
            target = target_from(output, press.root / press.clinic.output, form_, len(chosen), ENDINGS)
            _refuse_itself(beside, full.language)
            if stock and not problems:
                stock.add_plan(chosen, day, press.clinic)
            ready = _make_all(press, chosen, full, beside, day, form_, target, wish, stock, problems)
            desk = _desk(press) if full.code and ready and not no_ledger and not watch else nullcontext(_not_entered)
            finished = _deliver(ready, target, desk, problems)
            sent = [] if printer is None else _on_paper(press, finished, printer, full.paper, not simplex, problems)
        screen.tell(problems)
        for path in finished:
            click.echo(path, err=screen.json)
        for line in sent:
            click.echo(line, err=True)
        if stock:
            stock.keep()
        return problems

    if watch:
        _watch(screen, patient, once)
    elif once().errors:
        sys.exit(1)


def _stock(handouts: tuple[str, ...], said: tuple[str | None, ...], today: str | None, anew: bool) -> Stock | None:
    """What is kept ready for a command that names no patient; None if that cannot be told."""
    from press.runs.page_cache import stock_for

    return stock_for(common.ROOT, handouts, said, today, anew)


def _from_stock(stock: Stock, output: str | None, form: str, problems: Problems) -> list[str] | None:
    """Deliver what is kept ready: the paths, or None if a page is not there; without the modules that make one."""
    from press.delivery.destination import target_from
    from press.runs.hardening import refuse_foreign_settings

    plan = stock.plan(day_in)
    if plan is None:
        return None
    sheets = [sheet for topic in plan.topics if (sheet := stock.sheet(topic, plan.day))]
    if len(sheets) < len(plan.topics):
        return None
    target = target_from(output, common.ROOT / plan.output, form, len(sheets), ENDINGS)
    refuse_foreign_settings()
    for sheet in sheets:
        problems.extend(sheet.warnings)
    return _deliver([(sheet.name, sheet.data, None) for sheet in sheets], target, nullcontext(_not_entered), problems)


def _asked(
    handouts: tuple[str, ...],
    patient: Path | None,
    settings: tuple[str, ...],
    choices: dict[str, str | None],
    today: str | None,
    problems: Problems,
) -> tuple[Press, date, Options, tuple[str, ...]]:
    """The press, the day, the options as they count, and the handouts. Raises HandoutError."""
    from press.cli.arguments import options_from
    from press.content.required import OVERDOSE_WARNING
    from press.runs.handout import Press, complete, topics
    from press.runs.needs import advise_undated

    press = Press(common.ROOT)
    day = day_of(today, press)
    options = options_from(patient, settings, choices, problems)
    full = options
    with problems.gathering():
        full, warnings = complete(press, options, day, problems)
        problems.extend(warnings)
    with problems.gathering():
        chosen = topics(press, handouts) if handouts else topics(press, options.handouts, options)
    if problems.errors:
        raise HandoutError(advise_undated(problems, options) if OVERDOSE_WARNING in press.library.topics else problems)
    return press, day, full, chosen


def _refuse_itself(beside: str | None, language: str) -> None:
    from press.delivery.destination import Misuse

    if beside is not None and beside == language:
        raise Misuse("--beside needs another language than the page's own")


def _refuse_misuse(
    screen: Screen, output: str | None, form: str, watch: bool, printer: str | None, simplex: bool
) -> None:
    """Raise Misuse for switches that do not go together."""
    from press.delivery.destination import STANDARD_OUTPUT, Misuse

    if screen.json and output == STANDARD_OUTPUT:
        raise Misuse("--json and -o - both want standard output")
    if watch and (screen.json or output == STANDARD_OUTPUT or printer is not None):
        raise Misuse("--watch prints files again and again; it goes with neither --json nor -o - nor --print")
    if simplex and printer is None:
        raise Misuse("--simplex says how to print on paper; it goes with --print")
    if printer is not None and (form != "pdf" or output == STANDARD_OUTPUT):
        raise Misuse("--print sends PDF files to a printer; it goes with neither another --format nor -o -")
    if printer and _is_handout(printer):
        raise Misuse("what follows --print is a handout; put the handouts first, or write --print=PRINTER")


def _is_handout(name: str) -> bool:
    from press.runs.handout import Press

    return name in Press(common.ROOT).library.topics


def _on_paper(
    press: Press, paths: list[str], printer: str, paper: str, two_sided: bool, problems: Problems
) -> list[str]:
    """Send the finished files in their order, up to the first that a printer does not take."""
    from press.cli.arguments import printer_from
    from press.delivery.printer import print_file

    name, place = printer_from(printer, press.clinic)
    sent = []
    with problems.gathering():
        for path in map(Path, paths):
            done = print_file(path, name, paper, two_sided=two_sided, place=place)
            problems.extend(done.notes)
            sent.append(f"sent to {done.printer or 'the default printer'}: {path.name}")
    return sent


def _watch(screen: Screen, patient: Path | None, once: Callable[[], Problems]) -> None:
    """Print again on each save, until Ctrl-C; a save with errors leaves the last good pages."""
    from press.cli.watch import files_below, watch

    more = [patient] if patient else []
    watch(lambda: [*files_below(common.ROOT), *more], once, lambda error: screen.tell(error.problems))


def _make_all(
    press: Press,
    chosen: tuple[str, ...],
    options: Options,
    beside: str | None,
    day: date,
    form: str,
    target: Target,
    wish: str | None,
    stock: Stock | None,
    problems: Problems,
) -> list[_Ready]:
    """Make every handout before any is delivered: one that is refused stops no other.

    Settings that could change ReportLab are refused; no network, program or strange file.
    """
    from press.content.sign_off import Wish
    from press.runs.handout import file_name, make, make_beside, print_one
    from press.runs.hardening import assert_hardened, harden_reportlab, watching

    harden_reportlab()
    wanted = Wish(wish) if wish else Wish.AS_IT_MAY_BE
    ready: list[_Ready] = []
    with watching([press.root], [target.writable]):
        for topic in chosen:
            with problems.gathering():
                if stock and (sheet := stock.sheet(topic, day)):
                    problems.extend(sheet.warnings)
                    ready.append((sheet.name, sheet.data, None))
                    continue
                if beside is None:
                    made = make(press, topic, options, day, wanted)
                else:
                    made = make_beside(press, topic, options, beside, day, wanted)
                problems.extend(made.warnings)
                assert_hardened()
                printed = print_one(press, made, form)
                name = file_name(made, form)
                ready.append((name, printed.data, (made, printed)))
                if stock:
                    stock.add_sheet(topic, day, made, name, printed.data, made.warnings)
    return ready


def _deliver(
    ready: list[_Ready], target: Target, desk: AbstractContextManager[_Giving], problems: Problems
) -> list[str]:
    """Put the pages where they were asked for, each in one transaction with its row of the ledger."""
    from press.delivery.atomic import deliver
    from press.runs.hardening import watching

    paths: list[str] = []
    with problems.gathering(), desk as giving, watching([common.ROOT], [target.writable]):
        for name, data, made in ready:
            with problems.gathering(), giving(name, made):
                if target.is_stream:
                    click.echo(data, nl=False)
                else:
                    paths.append(str(deliver(data, target.folder, target.name or name)))
    return paths


@contextmanager
def _desk(press: Press) -> Iterator[_Giving]:
    """What enters a page into the ledger; most pages are not entered, and need none of this."""
    from press.delivery.ledger import open_ledger
    from press.runs.batch import Page, given_row

    now = now_of(press)
    run = f"desk {now.isoformat(timespec='milliseconds')}"

    def giving(name: str, done: _Done) -> AbstractContextManager[object]:
        assert done, "what a person is given is made, and never kept ready"
        return ledger.giving([given_row(Page(name, *done), run, now)])

    with open_ledger(press.root / press.clinic.ledger) as ledger:
        yield giving


def _not_entered(name: str, done: _Done) -> AbstractContextManager[object]:
    return nullcontext()


@click.command()
@click.argument("handout")
@click.option("--tree", "view", flag_value="tree", help="The document tree.")
@click.option("--text", "view", flag_value="text", default=True, help="The words (the default).")
@click.option("--tags", "view", flag_value="tags", help="The tags of the PDF.")
@click.option("--layout", "view", flag_value="layout", help="Where everything stands on paper.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="One option, as in a patient's file.")
@today_option
@json_option
@guarded
def show(screen: Screen, handout: str, view: str, settings: tuple[str, ...], today: str | None) -> None:
    """Show what a HANDOUT says and how it is built."""
    from press.cli import dump
    from press.cli.arguments import options_from
    from press.runs.handout import Press, complete, lay_out_one, make, print_one, topics
    from press.runs.hardening import harden_reportlab

    harden_reportlab()
    press = Press(common.ROOT)
    day = day_of(today, press)
    problems = Problems()
    typed = options_from(None, settings, {}, problems)
    problems.raise_if_errors()
    options, _ = complete(press, typed, day)
    made = make(press, topics(press, (handout,))[0], options, day)
    if view == "tree":
        click.echo(dump.tree(made.document), nl=False)
    elif view == "text":
        click.echo(print_one(press, made, "text").data.decode("utf-8"), nl=False)
    else:
        layout = lay_out_one(press, made).layout
        click.echo(dump.tags(layout) if view == "tags" else dump.layout(layout), nl=False)
