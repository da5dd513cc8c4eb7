"""Choose the font size: the first of the stylesheet's in which the page fits on its sides.

No page is squeezed to fit: the sizes are the designer's, all else keeps its proportion to
them, and staff are warned if it is not the usual one. In each size, pictures shrink before the words
do. A smaller size is also taken where it spares a side that a few words alone would need. Sizes in which
a page is surely too long before anybody's values stand on it are tried for no reader.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, cached_property, partial

from press.document.nodes import Document, Heading, Section, sides
from press.document.slots import OPEN, fill_slots
from press.errors import HandoutError, Problem, Severity
from press.lru import OfObjects
from press.records import dataclass
from press.writers.pdf.fonts.faces import Faces
from press.writers.pdf.layout.blocks import has_picture
from press.writers.pdf.layout.calls import Asked, Reader
from press.writers.pdf.layout.orders import Flaws, find_flaws, orders
from press.writers.pdf.layout.pages import Draft, Overflow, lay_out, sides_place
from press.writers.pdf.layout.pictures import picture_sizes
from press.writers.pdf.model import Layout
from press.writers.stylesheet import Stylesheet
from press.writers.variants import in_size

_MOST = 64  # stylesheets


@dataclass(frozen=True)
class Fitted:
    """Laid-out pages, and the document with its blocks in their order.

    `warnings` are for staff, where pages are not as usual; `asked` is what was asked in all sizes that were tried.
    """

    document: Document
    layout: Layout
    warnings: tuple[Problem, ...]
    asked: Asked


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


def _make_steps(sheet: Stylesheet) -> _Steps:
    usual, pictures = sheet.style("p").size, picture_sizes(sheet.picture)
    smaller = sorted({size for size in sheet.smaller if size < usual}, reverse=True)
    return tuple(tuple(in_size(sheet, size, each) for each in pictures) for size in (usual, *smaller))


_steps: OfObjects[Stylesheet, _Steps] = OfObjects(_MOST, _make_steps)


class Sizes:
    """The sizes of words and pictures that a page of a `skeleton`, whose slots are open, may have."""

    def __init__(self, skeleton: Document, stylesheet: Stylesheet, faces: Faces) -> None:
        self.stylesheet = stylesheet
        self.faces = faces
        self.skeleton = skeleton
        self._worth_trying: dict[bool, _Steps] = {}

    @cached_property
    def all(self) -> _Steps:
        """All of them."""
        steps = _steps.get(self.stylesheet)
        return steps if any(map(has_picture, self.skeleton.everything)) else tuple((first,) for first, *_ in steps)

    def worth_trying(self, reader: Reader, *, divides: bool) -> _Steps:
        """Leave out sizes in which the skeleton surely does not fit, a letter in each slot.

        The smallest is always tried. It is found once for all readers, for boxes and lists that may be divided or not.
        """
        if divides not in self._worth_trying:
            self._worth_trying[divides] = self.all[self._find_first(Reader((OPEN,) * len(reader.texts)), divides) :]
        return self._worth_trying[divides]

    def _find_first(self, nobody: Reader, divides: bool) -> int:
        """Find the first size in which the skeleton may fit; where it is surely too long, no larger one is tried."""

        @cache
        def tried(number: int) -> Draft | Overflow:
            return lay_out(self.skeleton, self.all[number][-1], self.faces, nobody, divides=divides)

        def may_fit(number: int) -> bool:
            found = tried(number)
            return isinstance(found, Draft) or not found.is_sure

        last = len(self.all) - 1
        first = bisect_left(range(last), 1, key=may_fit)
        return first + (first < last and isinstance(tried(first), Overflow))


def fit(sizes: Sizes, reader: Reader) -> Fitted:
    """Lay out pages with open slots for one reader.

    Boxes and lists are divided only where the page fits in no size without that.
    Raises HandoutError with what is wrong in the smallest size, by how many lines it is too long.
    """
    return _Fitting(sizes, reader).fit()


class _Fitting:
    """The search for the size in which a page fits one reader."""

    def __init__(self, sizes: Sizes, reader: Reader) -> None:
        self._asked: Asked = []
        self._sizes = sizes
        self._reader = reader

    def fit(self) -> Fitted:
        document, sizes = self._sizes.skeleton, self._sizes
        best, last = self._first_that_fits()
        if best is None and document.sides > 1:
            best, _ = self._first_that_fits(divides=True)
        if best is None:
            assert last, "a size was tried"
            raise HandoutError(last.problems(fill_slots(document, self._reader.texts)))
        best = self._in_order(best)
        warnings = _warnings(document, sizes.stylesheet, best)
        return Fitted(best.document, best.layout, warnings, self._asked)

    def _first_that_fits(self, *, divides: bool = False) -> tuple[_Trial | None, Overflow | None]:
        """Try the sizes, the largest first; the overflow is that of the smallest."""
        best: _Trial | None = None
        found: _Trial | Overflow | None = None
        for found in self._tries(divides=divides):
            if isinstance(found, Overflow) or (best and found.rank >= best.rank):
                continue
            is_second, best = best is not None, found
            if not found.flaws.divided and (is_second or not found.draft.is_spilt):
                break
        return best, found if isinstance(found, Overflow) else None

    def _tries(self, *, divides: bool) -> Iterator[_Trial | Overflow]:
        """Lay out in each size, the largest pictures first; of those that do not fit, where the least do not either."""
        for first, *smaller in self._sizes.worth_trying(self._reader, divides=divides):
            tried = partial(self._tried, self._sizes.skeleton, divides=divides)
            found = tried(first)
            if isinstance(found, Overflow) and smaller:
                *smaller, least = smaller
                found = tried(least)
                yield from map(tried, smaller) if isinstance(found, _Trial) else ()
                smaller = []
            yield found
            yield from map(tried, smaller)

    def _tried(self, document: Document, sheet: Stylesheet, *, divides: bool = False) -> _Trial | Overflow:
        found = lay_out(document, sheet, self._sizes.faces, self._reader, divides=divides)
        self._asked += found.asked
        return found if isinstance(found, Overflow) else _Trial(document, found, sheet)

    def _in_order(self, first: _Trial) -> _Trial:
        """Choose the order of blocks with the fewest flaws: the first of equals, which is that of the document."""
        best = first
        for ordered in orders(first.document, first.stylesheet) if any(first.flaws) else ():
            found = self._tried(ordered, first.stylesheet)
            if isinstance(found, _Trial):
                best = min(best, found, key=lambda each: each.flaws)
            if not any(best.flaws):
                break
        return best


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
