"""Limits of what a template may make: a few lines of it can ask for more steps and words than any computer has."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import NoReturn


class TooMuch(Exception):
    """A template makes more than a page can hold."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.message = what


class Limits:
    """What one page may still take: steps (rounds of its loops, and calls of macros) and characters.

    `may_reuse` says whether what a macro makes may be kept for other pages, or be of another one.
    """

    def __init__(self, steps: int = 5_000, characters: int = 1_000_000, may_reuse: bool = True) -> None:
        self.steps = steps
        self.characters = characters
        self.may_reuse = may_reuse

    def take_steps(self, count: int) -> None:
        """Count the rounds of a loop before the first one, or a call. Raises TooMuch."""
        self.steps -= count
        if self.steps < 0:
            raise TooMuch("the loops and macros of this template go on for too long")

    def join(self, pieces: Iterable[str]) -> str:
        """Join the pieces of a page, or of a macro on it. Raises TooMuch before they fill the memory."""
        taken = []
        for piece in pieces:
            self.characters -= len(piece)
            if self.characters < 0:
                _fail(pieces, TooMuch("this template makes more words than a page can hold"))
            taken.append(piece)
        return "".join(taken)


def _fail(pieces: Iterable[str], error: TooMuch) -> NoReturn:
    """Raise an error; inside the template where that still runs, so that the traceback has its line."""
    if isinstance(pieces, Generator):
        pieces.throw(error)
    raise error


def any_length() -> Limits:
    """Give limits that no list of people reaches, for pages of any length; nothing of people is kept."""
    return Limits(steps=10**9, characters=10**9, may_reuse=False)
