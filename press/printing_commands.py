"""The commands that make pages for a reader: `make` and `show`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from press import console
from press.console import Screen, day_of, guarded, json_option, today_option
from press.errors import Problems

FORMATS = ("pdf", "html", "text")


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
@click.option("--format", "form_", type=click.Choice(FORMATS), default="pdf", show_default=True)
@click.option("-o", "--output", help="A folder, a file for one handout, or - for standard output.")
@click.option("--final", "wish", flag_value="final", help="Refuse what is not signed off.")
@click.option("--as-draft", "wish", flag_value="draft", help="Mark every page as a draft.")
@click.option("--watch", is_flag=True, help="Print again each time that a file is saved, until Ctrl-C.")
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
    watch: bool = False,
    today: str | None = None,
    **choices: str | None,
) -> None:
    """Print HANDOUTS (all by default) for one reader."""
    from press.arguments import STANDARD_OUTPUT, Misuse, options_from, target_from
    from press.job import Press, Wish, complete, topics

    if screen.json and output == STANDARD_OUTPUT:
        raise Misuse("--json and -o - both want standard output")
    if watch and (screen.json or output == STANDARD_OUTPUT):
        raise Misuse("--watch prints files again and again; it goes with neither --json nor -o -")

    def once() -> Problems:
        problems = Problems()
        press = Press(console.ROOT)
        day = day_of(today, press)
        options = options_from(patient, settings, choices, problems)
        with problems.gathering():
            full, warnings = complete(press, options, day, problems)
            problems.extend(warnings)
        with problems.gathering():
            chosen = topics(press, handouts) if handouts else topics(press, options.handouts, options)
        problems.raise_if_errors()
        target = target_from(output, press.root / press.clinic.output, form_, len(chosen))
        wanted = Wish(wish) if wish else Wish.AS_IT_MAY_BE
        if beside is not None and beside == full.language:
            raise Misuse("--beside needs another language than the page's own")
        finished = _print_all(press, chosen, full, beside, day, form_, target, wanted, problems)
        screen.tell(problems)
        for path in finished:
            click.echo(path, err=screen.json)
        return problems

    if watch:
        _watch(screen, patient, once)
    elif once().errors:
        sys.exit(1)


def _watch(screen: Screen, patient: Path | None, once: Callable[[], Any]) -> None:
    """Print again on each save, until Ctrl-C; a save with errors leaves the last good pages."""
    from press.watch import files_below, watch

    more = [patient] if patient else []
    watch(lambda: [*files_below(console.ROOT), *more], once, lambda error: screen.tell(error.problems))


def _print_all(
    press: Any,
    chosen: tuple[str, ...],
    options: Any,
    beside: str | None,
    day: date,
    form: str,
    target: Any,
    wish: Any,
    problems: Problems,
) -> list[str]:
    """Make every handout first, then deliver: one that is refused stops no other.

    Settings that could change ReportLab are refused; no network, program or strange file.
    """
    from press.guard import assert_hardened, harden_reportlab, watching
    from press.job import file_name, make, make_beside, print_one

    harden_reportlab()
    ready = []
    with watching([press.root], [target.writable]):
        for topic in chosen:
            with problems.gathering():
                if beside is None:
                    made = make(press, topic, options, day, wish)
                else:
                    made = make_beside(press, topic, options, beside, day, wish)
                problems.extend(made.warnings)
                assert_hardened()
                printed = print_one(press, made, form)
                problems.extend(printed.warnings)
                ready.append((file_name(made, form), printed.data))
        return _deliver(ready, target, problems)


def _deliver(ready: list[tuple[str, bytes]], target: Any, problems: Problems) -> list[str]:
    from press.output import deliver

    paths = []
    for name, data in ready:
        if target.is_stream:
            click.echo(data, nl=False)
            continue
        with problems.gathering():
            paths.append(str(deliver(data, target.folder, target.name or name)))
    return paths


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
    from press import dump
    from press.arguments import options_from
    from press.guard import harden_reportlab
    from press.job import Press, complete, make, print_one, topics

    harden_reportlab()
    press = Press(console.ROOT)
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
        layout = print_one(press, made, "pdf").layout
        click.echo(getattr(dump, view)(layout), nl=False)
