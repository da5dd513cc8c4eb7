"""Print finished files on paper, up to the first that the printer does not take."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from press.delivery.atomic import refusal
from press.delivery.files import FILES, Files
from press.delivery.printer import print_file
from press.errors import Place, Problem, Problems
from press.records import dataclass


@dataclass(frozen=True)
class PrinterRequest:
    """A printer by name ("" is the usual one), where it was named, and how it prints."""

    name: str
    place: Place
    paper: str
    two_sided: bool


@dataclass(frozen=True)
class PrintedFile:
    """A file that a printer took; the usual printer of Windows has no name."""

    path: Path
    printer: str


@dataclass(frozen=True)
class SentFiles:
    """The files that were sent, and the problems of the first that was not."""

    files: tuple[PrintedFile, ...]
    problems: tuple[Problem, ...]


def remove_pages(path: Path, *, files: Files = FILES) -> None:
    """Remove a finished file when its pages are handed out; the record of its run stays. Raises HandoutError."""
    try:
        files.unlink(path)
    except FileNotFoundError:
        return
    except OSError as error:
        raise refusal(path, error) from None


def send_files(paths: Iterable[Path], request: PrinterRequest) -> SentFiles:
    """Send finished PDF files to a printer in their order. The files stay where they are, whatever happens."""
    problems = Problems()
    sent: list[PrintedFile] = []
    with problems.gathering():
        for path in paths:
            done = print_file(path, request.name, request.paper, two_sided=request.two_sided, place=request.place)
            problems.extend(done.notes)
            sent.append(PrintedFile(path, done.printer))
    return SentFiles(tuple(sent), tuple(problems))
