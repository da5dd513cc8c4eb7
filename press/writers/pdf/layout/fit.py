"""Choose the font size: the first of the stylesheet's in which the page fits on its sides.

No page is squeezed to fit: the sizes are the designer's, all else keeps its proportion to
them, and staff are warned if it is not the usual one. In each size, pictures shrink before the words
do. A smaller size is also taken where it spares a side that a few words alone would need. A size in which
a page is too long before anybody's values stand on it is tried for no reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

from press.document.nodes import Document, Heading, Section, sides
from press.errors import HandoutError, Problem, Severity
from press.records import dataclass
from press.writers.pdf.fonts.faces import Faces
from press.writers.pdf.layout.element_keys import number_elements
from press.writers.pdf.layout.orders import Flaws, find_flaws, orders
from press.writers.pdf.layout.pages import Draft, lay_out, sides_place
from press.writers.pdf.layout.pictures import picture_sizes
from press.writers.pdf.layout.words import Note
from press.writers.pdf.model import ARTIFACT, Layout, TextItem
from press.writers.stylesheet import Stylesheet
from press.writers.variants import in_size

_SPILL = 0.15  # of a side: less than that is a spill


@dataclass(frozen=True)
class Fitted:
    """Laid-out pages, the document with its blocks in their order, the size of words and of pictures."""

    document: Document
    layout: Layout
    stylesheet: Stylesheet


@dataclass(frozen=True)
class _Trial:
    """Pages that are planned in one size of words and of pictures."""

    document: Document
    draft: Draft
    stylesheet: Stylesheet

    @property
    def layout(self) -> Layout:
        """Where everything is on the pages."""
        return self.draft.layout

    @cached_property
    def flaws(self) -> Flaws:
        """What is wrong with the place of the emergency box; nothing is where the stylesheet does not care."""
        is_asked = self.stylesheet.emergency_by
        return find_flaws(self.document, self.layout, self.stylesheet) if is_asked else Flaws()

    @property
    def rank(self) -> tuple[int, int]:
        """Rank it among other sizes, the best first: a box on fewest sides, then fewest sides."""
        return self.flaws.divided, len(self.draft.columns)


_Steps = tuple[tuple[Stylesheet, ...], ...]  # for each size of words the sizes of pictures, the largest first


class Sizes:
    """The sizes of words and pictures that a page of a `skeleton`, whose slots are open, may have."""

    def __init__(self, skeleton: Document, stylesheet: Stylesheet, faces: Faces) -> None:
        self.stylesheet = stylesheet
        self.faces = faces
        self._skeleton = skeleton

    @cached_property
    def _all(self) -> _Steps:
        """All of them."""
        sheet = self.stylesheet
        pictures = picture_sizes(self._skeleton, sheet.picture)
        words = (sheet.style("p").size, *sheet.smaller)
        return tuple(tuple(in_size(sheet, size, each) for each in pictures) for size in words)

    @cached_property
    def whole(self) -> _Steps:
        """Those to try where boxes and lists are not divided."""
        return self._worth_trying(divides=False)

    @cached_property
    def divided(self) -> _Steps:
        """Those to try where boxes and lists may be divided."""
        return self._worth_trying(divides=True)

    def _worth_trying(self, *, divides: bool) -> _Steps:
        """Begin with the size in which the skeleton fits, a letter in each slot; the smallest is always tried."""
        for number, (*_, least) in enumerate(self._all[:-1]):
            if lay_out(self._skeleton, least, self.faces, divides=divides)[0]:
                return self._all[number:]
        return self._all[-1:]


def fit(document: Document, sizes: Sizes, note: Note | None = None) -> tuple[Fitted, tuple[Problem, ...]]:
    """Lay out pages, with warnings if they are not as usual; `note` as in `lay_out`.

    Boxes and lists are divided only where the page fits in no size without that.
    Raises HandoutError with what is wrong in the smallest size, by how many lines it is too long.
    """
    best, problems = _first_that_fits(document, sizes.whole, sizes.faces, note)
    if best is None and document.sides > 1:
        best, _ = _first_that_fits(document, sizes.divided, sizes.faces, note, divides=True)
    if best is None:
        raise HandoutError(problems)
    best = _in_order(best, sizes.faces, note)
    fitted = Fitted(best.document, number_elements(best.layout), best.stylesheet)
    return fitted, _warnings(document, sizes.stylesheet, best)


def _first_that_fits(
    document: Document,
    sizes: _Steps,
    faces: Faces,
    note: Note | None,
    *,
    divides: bool = False,
) -> _Try:
    """Try the sizes, the largest first; the problems are those of the smallest."""
    best: _Trial | None = None
    problems: list[Problem] = []

    def tried(sheet: Stylesheet) -> _Try:
        draft, faults = lay_out(document, sheet, faces, note, divides=divides)
        return _Trial(document, draft, sheet) if draft else None, faults

    for found, faults in _tries(sizes, tried):
        problems = faults
        if found is None or (best and found.rank >= best.rank):
            continue
        is_second, best = best is not None, found
        if not found.flaws.divided and (is_second or not _spills(found)):
            break
    return best, problems


_Try = tuple[_Trial | None, list[Problem]]


def _tries(sizes: _Steps, tried: Callable[[Stylesheet], _Try]) -> Iterator[_Try]:
    """Lay out in each size, the largest pictures first; where the least do not fit, larger ones are not tried."""
    for *larger, least in sizes:
        last = tried(least)
        if last[0]:
            yield from map(tried, larger)
        yield last


def _in_order(first: _Trial, faces: Faces, note: Note | None) -> _Trial:
    """Choose the order of blocks with the fewest flaws: the first of equals, which is that of the document."""
    best = first
    for ordered in orders(first.document, first.stylesheet):
        if not any(best.flaws):
            break
        draft, _ = lay_out(ordered, first.stylesheet, faces, note)
        if draft:
            best = min(best, _Trial(ordered, draft, first.stylesheet), key=lambda each: each.flaws)
    return best


def _spills(trial: _Trial) -> bool:
    """Tell whether a few words alone fill the last side: such a side gets lost."""
    if len(trial.draft.columns) == 1:
        return False
    layout = trial.layout
    words = (i for i in layout.pages[-1].items if isinstance(i, TextItem) and i.element != ARTIFACT)
    return max((item.y for item in words), default=0.0) < layout.top + _SPILL * (layout.bottom - layout.top)


def _warnings(document: Document, stylesheet: Stylesheet, fitted: _Trial) -> tuple[Problem, ...]:
    """Warn staff of a smaller size, of a side that the page should not need, and of an emergency box out of place."""
    count, size = len(fitted.draft.columns), fitted.stylesheet.style("p").size
    usual, words = stylesheet.style("p").size, f"the words ({document.language}) are too long for"
    found = []
    if size != usual:
        found.append(f"{words} {usual:g} points: this page is set in {size:g} points")
    if 0 < document.sides < count:
        found.append(
            f"{words} {document.sides} side{'s' * (document.sides > 1)}: what matters least stands on one more"
        )
    hints = dict.fromkeys(found, "shorter words make larger letters")
    hints |= _misplaced(fitted)
    place = sides_place(document)
    return tuple(Problem(place, message, hint, severity=Severity.WARNING) for message, hint in hints.items())


def _misplaced(fitted: _Trial) -> dict[str, str]:
    """Say what is wrong with the place of the emergency box; a card to cut out leaves it no room on the first sides.

    None is called too long in two languages.
    """
    body = fitted.document.body
    if any(isinstance(block, Section) and block.role == "cut-out" for block in body):
        return {}
    is_alone = not any(sides(block.children) for block in body if isinstance(block, Heading))
    if fitted.flaws.divided and is_alone:
        return {"the emergency box is too long for one side: it goes on overleaf": "use fewer or shorter words in it"}
    if fitted.flaws.late:
        most = fitted.stylesheet.emergency_by
        return {f"the emergency box comes after side {most}": "shorten the letterhead, or what is on page 1"}
    return {}
