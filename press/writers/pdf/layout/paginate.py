"""Divide fragments into pages: what is held together moves together, and no page is too empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from press.records import dataclass, replace
from press.writers.pdf.model import Box, Fragment, as_artifact, height_of

_SAME = 0.01  # points
_ROUNDED = 1e-6  # points: what the same lengths may differ by when they are added in another order
_HALF = 0.52  # of a page: half, and what is white below a last line
_MOST_MOVES = 60  # from one page to the next, so that none is too empty
Holds = tuple[Callable[[Fragment], bool], ...]
Fill = Callable[..., list[list[Fragment]]]


@dataclass(frozen=True, slots=True)
class Rooms:
    """The height of each page for fragments that flow, in points: less where a fragment is at its foot."""

    whole: float
    above_feet: tuple[float, ...] = ()

    def of(self, number: int) -> float:
        """Give the room on page `number`, from 1."""
        return self.above_feet[number - 1] if number <= len(self.above_feet) else self.whole

    @property
    def least(self) -> float:
        """The room that every page has."""
        return min((self.whole, *self.above_feet))


def paginate(
    fragments: list[Fragment], rooms: Rooms, last: float = 0.0, opening: int = 0, holds: Holds | None = None
) -> list[list[Fragment]]:
    """Fill pages with as many fragments as they have room for; those that are held together move together.

    What holds them is `HOLDS`, or the rest of it: then a box may be divided for less. A box that no page can hold
    is divided before a head, then between its blocks, a block between its lines. Where the last page would be filled
    to less than the share `last`, the pages before it give it what they can and stay half full themselves; the first
    `opening` fragments never leave page 1 for that. A list leaves its head, all but its beginning, where pages are
    fewer or fuller for it.
    """
    first, *rest = holds or HOLDS
    fill = partial(_fill, rooms=rooms, opening=opening)
    pages = _balance(fragments, rooms, last, partial(fill, holds=(first, *rest)))
    are_best = overfill(fragments, rooms, len(pages) - 1) and _fullness(pages, rooms.whole, last) == 1
    if are_best or first is not HOLDS[0]:
        return pages
    loose = _balance(fragments, rooms, last, partial(fill, holds=(_without_lists, *rest)))
    return max((pages, loose), key=lambda each: (-len(each), _fullness(each, rooms.whole, last)))


def overfill(fragments: list[Fragment], rooms: Rooms, count: int) -> bool:
    """Tell whether fragments are too tall for the first `count` pages wherever one ends, which saves a gap."""
    over = height_of(fragments) - sum([rooms.of(number) + _SAME for number in range(1, count + 1)])
    return over > 0 and over > (count - 1) * max([max(each.before, each.after) for each in fragments], default=0.0)


def _balance(fragments: list[Fragment], rooms: Rooms, last: float, fill: Fill) -> list[list[Fragment]]:
    """Fill pages; where one is too empty, the page before it gives it its end, again and again."""
    limits: dict[int, float] = {}
    pages = best = fill(fragments, limits=limits)
    for _ in range(_MOST_MOVES):
        shares = _shares(pages, rooms.whole, last)
        emptiest = shares.index(min(shares))
        if shares[emptiest] >= 1 or not emptiest:
            break
        limits[emptiest] = height_of(pages[emptiest - 1]) - _SAME
        limits.pop(emptiest + 1, None)
        found = fill(fragments, limits=limits)
        if len(found) != len(best) or found == pages:
            break
        pages = found
        best = max((best, pages), key=lambda each: _fullness(each, rooms.whole, last))
    return best


def _shares(pages: list[list[Fragment]], room: float, last: float) -> list[float]:
    """Measure each page against how full it should be: half full, the last one of several by its own share."""
    wanted = [_HALF * room] * (len(pages) - 1) + [last * room if len(pages) > 1 else 0.0]
    return [height_of(page) / least if least else 1.0 for page, least in zip(pages, wanted, strict=True)]


def _fullness(pages: list[list[Fragment]], room: float, last: float) -> float:
    """Measure how full the emptiest page is: 1 if it is full enough, else less."""
    return min(1.0, *_shares(pages, room, last))


def _fill(
    fragments: list[Fragment], *, rooms: Rooms, limits: Mapping[int, float], opening: int, holds: Holds
) -> list[list[Fragment]]:
    """Fill pages, some by their number to `limits` only; what leads up to a text of page 1 may take all its room."""
    pages: list[list[Fragment]] = [[]]
    placed, end, after = 0, 0.0, 0.0
    for group, tall in _divide(fragments, rooms.least, holds):
        room = rooms.of(len(pages))
        limit = room if len(pages) == 1 and placed < opening else min(room, limits.get(len(pages), room))
        edge = _edge(group[-1].boxes) if group[-1].boxed else 0.0
        below = end + max(group[0].before, after) + tall if pages[-1] else tall
        if pages[-1] and below + edge > limit + _ROUNDED:
            cut = tuple(box for box in pages[-1][-1].boxes if box in group[0].boxes)
            pages[-1] = _close(pages[-1], cut)
            pages.append(_begin_page(group, cut))
            below = height_of(pages[-1])
        else:
            pages[-1] += group
        end, after = below, group[-1].after
        placed += len(group)
    return pages + [[] for _ in rooms.above_feet[len(pages) :]]


HOLDS: Holds = (
    lambda fragment: _without_lists(fragment) or fragment.listed,
    lambda fragment: fragment.keep or fragment.whole or fragment.panel,
    lambda fragment: fragment.keep or fragment.whole,
    lambda fragment: fragment.keep,
    lambda fragment: False,
)  # what holds a fragment to the next one, the first to give way first


def _without_lists(fragment: Fragment) -> bool:
    """Hold a fragment as the first of `HOLDS` does, but no list to its head."""
    return fragment.keep or fragment.whole or fragment.panel or fragment.boxed


def _divide(fragments: list[Fragment], room: float, holds: Holds) -> Iterator[tuple[list[Fragment], float]]:
    """Divide fragments into the largest groups that are held together and that one page can hold; give each height."""
    whole = len(holds) == len(HOLDS)
    for group in _groups(fragments, holds[0]):
        edges = 0.0 if whole else 2 * _edge(group[0].boxes)
        tall = height_of(group)
        if len(holds) == 1 or tall + edges <= room:
            yield group, tall
        else:
            yield from _divide(group, room, holds[1:])


def _edge(boxes: tuple[Box, ...]) -> float:
    """Measure the room that frames need between their edge and the words, where a page divides them."""
    return sum(box.pad for box in boxes)


def _close(page: list[Fragment], cut: tuple[Box, ...]) -> list[Fragment]:
    """Close the frame of the last box of a page, which goes on overleaf."""
    return [*page[:-1], replace(page[-1], after=0.0), Fragment(_edge(cut), boxes=cut)] if cut else page


def _begin_page(group: list[Fragment], cut: tuple[Box, ...]) -> list[Fragment]:
    """Begin a page: the frame of a box that goes on, a table's header row again, then the group."""
    again = [
        Fragment(s.height, tuple(as_artifact(item) for item in s.items), boxes=group[0].boxes) for s in group[0].header
    ]
    top = [Fragment(_edge(cut), boxes=cut)] if cut else []
    first = replace(group[0], before=0.0) if cut else group[0]
    return [*top, *again, first, *group[1:]]


def _groups(fragments: list[Fragment], held: Callable[[Fragment], bool]) -> list[list[Fragment]]:
    groups: list[list[Fragment]] = [[]]
    for fragment in fragments:
        groups[-1].append(fragment)
        if not held(fragment):
            groups.append([])
    return [group for group in groups if group]
