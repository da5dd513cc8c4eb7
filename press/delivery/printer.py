"""Send a finished PDF to a printer: through CUPS on Linux and macOS, by GDI or the shell's verb on Windows.

A queue is seen by others (42 CFR Part 2): the job is called `TITLE` for everybody, and the pages go in
by standard input, so that no name of a file, which holds a code, reaches a queue, a log or a list of
programs. The file stays where it is, whatever happens. What `lp` says is mapped, never shown.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Final

from press.errors import HandoutError, Place, Problem, Severity, refuse
from press.records import dataclass

TITLE: Final = "handouts"
_MEDIA = {"letter": "Letter", "a4": "A4"}
# macOS takes the language of the desktop unless SOFTWARE is set, and GNU tools look at LANGUAGE first.
_PLAIN_ENGLISH = {"LC_ALL": "C", "LANG": "C", "LANGUAGE": "C", "SOFTWARE": ""}
_TIMEOUT = 20  # seconds for one answer of the print service
_PAUSE = 0.25  # seconds from one look after sending to the next
_LOOKS = 8
# Of the reasons of RFC 8011, 5.4.12, without `-report`, `-warning` or `-error`: it cannot be reached.
_AWAY = frozenset({"offline", "shutdown", "timed-out"})
_WINDOWS = sys.platform == "win32"
_BY_HAND = "print the file from a PDF viewer, in actual size (100%)"


@dataclass(frozen=True)
class Queue:
    """One printer, or class of printers, as the print service sees it."""

    name: str
    accepts: bool
    is_paused: bool = False
    is_away: bool = False

    @property
    def trouble(self) -> tuple[str, str] | None:
        """Why nothing can be printed on it now and what to do, or None."""
        if not self.accepts:
            return f"the printer {self.name} takes no jobs now", "ask whoever looks after it, or name another one"
        if self.is_paused:
            return (
                f"the printer {self.name} is paused",
                "let it go on in the settings of the printer, or name another one",
            )
        if self.is_away:
            return (
                f"the printer {self.name} is offline",
                "look whether it is switched on and connected, or name another one",
            )
        return None


@dataclass(frozen=True)
class Service:
    """What the print service said: its printers, the usual one, and the jobs that wait."""

    queues: tuple[Queue, ...]
    usual: str
    jobs: frozenset[str]

    def queue(self, name: str) -> Queue | None:
        """Find a printer by its name; `name/instance` is the printer with settings of this user."""
        by_name = {queue.name: queue for queue in self.queues}
        return by_name.get(name) or by_name.get(name.partition("/")[0])


@dataclass(frozen=True)
class Sent:
    """To which printer the pages went (empty: the default of Windows), and notes for staff."""

    printer: str
    notes: tuple[Problem, ...] = ()


def print_file(
    path: Path, printer: str, paper: str, *, two_sided: bool = True, place: Place = Place("--print")
) -> Sent:
    """Send a finished PDF in actual size to `printer`, or to the usual one if that is empty.

    `paper` is letter or a4, `place` where the printer was named. Raises HandoutError if the printer
    is missing, paused, offline, or takes no jobs; then nothing waits in its queue.
    """
    if _WINDOWS:
        return _on_windows(path, printer, paper, two_sided, place)
    queue, name = _ready(path, printer, place)
    job = _send(path, name, paper, two_sided, place)
    _look_after(path, queue, job, place)
    return Sent(queue.name)


@dataclass(frozen=True)
class PrinterState:
    """A printer by name ("" is the usual one, whose name is not known), and why nothing can be printed on it now."""

    name: str
    trouble: str = ""
    hint: str = ""


def look_at(printer: str) -> PrinterState:
    """Say how a printer is, or the usual one if that is empty; where the system tells nothing, only its name."""
    if _WINDOWS and not _can_draw():
        return PrinterState(printer)
    try:
        service = _service(Path(), Place("printer"))
    except HandoutError:
        return PrinterState(printer, "the print service of this computer is not running", _BY_HAND)
    queue = service.queue(printer or service.usual)
    if queue is None:
        nobody = "no printer is named, and this computer has no default printer"
        trouble = "this computer has no printer of that name" if printer else nobody
        return PrinterState(printer, trouble, _known(service.queues))
    return PrinterState(queue.name, *(queue.trouble or ()))


def list_printers() -> tuple[str, ...]:
    """List the printers that are set up here by name, the usual one first; none where the system tells nothing."""
    if _WINDOWS and not _can_draw():
        return ()
    try:
        service = _service(Path(), Place("printer"))
    except HandoutError:
        return ()
    names = (queue.name for queue in service.queues)
    return tuple(sorted(names, key=lambda name: (name != service.usual, name.casefold())))


def _kept(path: Path, place: Place, message: str, hint: str) -> HandoutError:
    return refuse(place, f"{message}; the file is kept: {path}", hint)


def _ready(path: Path, printer: str, place: Place) -> tuple[Queue, str]:
    """Give the printer if it can print now, with its name as `lp` takes it; a typed name is never repeated."""
    service = _service(path, place)
    name = printer or service.usual
    if not name:
        hint = "name one after --print, or under `printer` in config.yaml; " + _known(service.queues)
        raise _kept(path, place, "no printer is named, and this computer has no default printer", hint)
    queue = service.queue(name)
    if queue is None:
        raise _kept(path, place, "this computer has no printer of that name", _known(service.queues))
    if queue.trouble:
        reason, hint = queue.trouble
        others = [other for other in service.queues if other is not queue and not other.trouble]
        raise _kept(path, place, reason, f"{hint}; {_known(others)}" if others else hint)
    return queue, name


def _known(queues: Iterable[Queue]) -> str:
    return "printers here: " + (", ".join(sorted(queue.name for queue in queues)) or "none")


def _service(path: Path, place: Place) -> Service:
    """Ask the print service; only for the printers that are set up, never for those on the network."""
    if _WINDOWS:
        from press.delivery import windows_printer

        found, usual = windows_printer.printers(windows_printer.libraries())
        queues = tuple(Queue(printer.name, True, printer.is_paused, printer.is_away) for printer in found)
        return Service(queues, usual, frozenset())
    said = _run(path, place, ["lpstat", "-r", "-d", "-a", "-o", "-l", "-p"]).stdout
    if "scheduler is running" not in said:
        raise _kept(path, place, "the print service of this computer is not running", f"start CUPS, or {_BY_HAND}")
    return parse(said)


def parse(said: str) -> Service:
    """Parse what `lpstat -r -d -a -o -l -p` said in the C locale."""
    usual = re.search(r"^system default destination: (\S+)$", said, re.MULTILINE)
    accepting = dict(re.findall(r"^(\S+) (accepting|not accepting) requests since ", said, re.MULTILINE))
    jobs = re.findall(r"^(\S+-[0-9]+) +\S.*? +[0-9]+ {2,}", said, re.MULTILINE)  # job, user, size, date
    entries = re.findall(r"^printer (\S+) (.*(?:\n[ \t].*)*)", said, re.MULTILINE)
    paused = {name for name, text in entries if text.startswith("disabled since")}
    away = {name for name, text in entries if _reasons(text) & _AWAY}
    queues = [Queue(name, said == "accepting", name in paused, name in away) for name, said in accepting.items()]
    return Service(tuple(queues), usual[1] if usual else "", frozenset(jobs))


def _reasons(entry: str) -> set[str]:
    found = re.search(r"^\s+Alerts:(.*)$", entry, re.MULTILINE)
    words = re.split(r"[\s,]+", found[1]) if found else []
    return {re.sub("-(report|warning|error)$", "", word) for word in words}


def _send(path: Path, name: str, paper: str, two_sided: bool, place: Place) -> str:
    """Send the bytes, and give the name of the job. What a user or a site set as usual is overruled."""
    sides = "two-sided-long-edge" if two_sided else "one-sided"
    options = [f"media={_MEDIA[paper]}", f"sides={sides}", "print-scaling=none", "number-up=1"]
    arguments = ["lp", "-d", name, "-t", TITLE, "-n", "1"]
    arguments += [word for option in options for word in ("-o", option)]
    with path.open("rb") as file:
        done = _run(path, place, [*arguments, "-"], file)
    job = re.search(r"\b(\S+-[0-9]+) \(", done.stdout)
    if done.returncode or job is None:
        raise _kept(path, place, "the print service did not take the pages", _BY_HAND)
    return job[1]


def _look_after(path: Path, queue: Queue, job: str, place: Place) -> None:
    """Watch the first two seconds: that a printer is switched off shows only once it has a job.

    Such a job is taken back. Else a patient's pages would come out whenever somebody switches it on.
    """
    for _ in range(_LOOKS):
        service = _service(path, place)
        if job not in service.jobs:
            return
        found = service.queue(queue.name)
        if found and found.trouble:
            reason, hint = found.trouble
            if _run(path, place, ["cancel", job]).returncode:
                hint = "the pages wait in its queue: remove them there, or see that nobody else takes them"
            raise _kept(path, place, reason, hint)
        time.sleep(_PAUSE)


def _run(
    path: Path, place: Place, arguments: list[str], pages: IO[bytes] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one of the tools of CUPS in plain English, without a shell; returns its exit code and what it said."""
    try:
        return subprocess.run(  # noqa: S603 - a list without a shell, the names of our own tools first
            arguments,
            check=False,
            stdin=pages or subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=os.environ | _PLAIN_ENGLISH,
            timeout=_TIMEOUT,
        )
    except subprocess.TimeoutExpired:
        raise _kept(path, place, "the print service of this computer does not answer", _BY_HAND) from None
    except OSError:
        hint = f"install CUPS (on Debian: the package cups-client), or {_BY_HAND}"
        raise _kept(path, place, f"this computer cannot print: the program `{arguments[0]}` is missing", hint) from None


def _can_draw() -> bool:
    """Whether this Windows can print without a program for PDF files."""
    from press.delivery import windows_printer

    return windows_printer.can_draw()


def _on_windows(path: Path, printer: str, paper: str, two_sided: bool, place: Place) -> Sent:
    """Draw the pages on the printer, or without PDFium ask the program that Windows opens PDF files with."""
    from press.delivery import windows_printer

    if not _can_draw():
        return _by_shell(path, printer, place)
    queue, name = _ready(path, printer, place)
    try:
        has_sides = windows_printer.draw_file(
            path, name, paper, TITLE, windows_printer.libraries(), two_sided=two_sided
        )
    except windows_printer.WindowsPrintError as error:
        raise _kept(path, place, str(error), _BY_HAND) from None
    if has_sides:
        return Sent(queue.name)
    message = f"the printer {queue.name} prints on one side only"
    hint = "put each handout's pages together by hand, or name a printer that prints both sides"
    return Sent(queue.name, (Problem(place, message, hint, Severity.WARNING),))


def _by_shell(path: Path, printer: str, place: Place) -> Sent:
    """Ask the program that Windows opens PDF files with; it knows neither sides nor paper nor scale."""
    words = ("printto", f'"{printer}"') if printer else ("print",)
    if '"' in printer:
        raise _kept(path, place, "this computer has no printer of that name", "")
    try:
        os.startfile(path, *words)  # type: ignore[attr-defined]  # noqa: S606 - there is on Windows, and is no shell
    except OSError:
        message = "Windows could not print the file: the program for PDF files cannot do it"
        raise _kept(path, place, message, _BY_HAND) from None
    message = "on Windows the PDF program chooses sides, paper and scale"
    hint = "look whether it printed both sides in actual size (100%)"
    return Sent(printer, (Problem(place, message, hint, Severity.WARNING),))
