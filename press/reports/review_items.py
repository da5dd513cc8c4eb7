"""The items of the two review scales of clinical basis 4.1 and 4.2, in short words of our own.

PEMAT-P (24 items for print, in two domains) and the CDC Clear Communication Index (20 items).
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from press.records import dataclass

TARGET = 90.0  # both scales, each domain: clinical basis 4.1 and 4.2


class Answer(Enum):
    """What was answered. PEMAT says agree and disagree, the Index yes and no."""

    NO = "no"
    NA = "na"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One item. `may_be_na` as on the published form."""

    scale: str
    number: int
    domain: str
    text: str
    may_be_na: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """What the item is called in a program."""
        return self.scale, self.number

    @property
    def name(self) -> str:
        """What the item is called on the screen."""
        return f"{TITLES[self.scale]} {self.number}"


PEMAT, CCI = "pemat", "cci"
TITLES = {PEMAT: "PEMAT-P", CCI: "CDC Index"}
WORDS: dict[str, dict[str, Answer]] = {  # what may be typed in review.yaml
    PEMAT: {"agree": Answer.YES, "disagree": Answer.NO, "na": Answer.NA},
    CCI: {"yes": Answer.YES, "no": Answer.NO, "na": Answer.NA},
}

# One line an item: number, mark, text. `n`: the published form lets a reviewer leave it out as not applicable.
_UNDERSTAND = """
1 - the purpose is clear at once
2 - nothing leads away from the purpose
3 - everyday words
4 - medical terms only to make them known, and explained
5 - active voice, in four of five sentences
6 n numbers are clear: whole numbers, no fractions
7 - nothing to calculate
8 n short chunks: paragraphs of 5 lines, lists of 7 items at most
9 n headings that say what follows
10 - the order makes sense
11 n a summary: a box with the main message before the first heading
12 - boxes or strong words lead the eye to the key points
15 - pictures wherever they would help to understand
16 n pictures support the words
17 n pictures have a title or caption
18 n pictures are clear and uncluttered
19 n tables are simple, with short headings
"""
_ACT = """
20 - at least one clear action
21 - speaks to the reader directly
22 - actions are broken into steps
23 - a tool to use: lines to write on, numbers to call
24 n calculations are explained
25 n charts and tables are explained
26 - pictures wherever they would help to act
"""
_INDEX = """
1 - one main message
2 - the main message is at the top
3 - the main message stands out
4 - a picture supports the main message
5 - a call to action
6 - main message and call to action in the active voice
7 - words of the audience; terms and initials explained
8 - lists, of 7 items at most
9 - chunks with headings
10 - the most important information comes first, in short
11 - says what is known and what is not
12 n a behavior is recommended
13 n says why it matters
14 n says how to do it, and when to call
15 n numbers that the audience knows
16 n says what the numbers mean
17 n nothing to calculate
18 n the nature of the risk: who, how, why
19 n risks and benefits of what is recommended
20 n chances in words or pictures, not only in numbers
"""


def _items(scale: str, domain: str, table: str) -> Iterator[ReviewItem]:
    for line in table.strip().splitlines():
        number, mark, text = line.split(" ", 2)
        yield ReviewItem(scale, int(number), domain, text, mark == "n")


ITEMS: tuple[ReviewItem, ...] = (
    *_items(PEMAT, "understandability", _UNDERSTAND),
    *_items(PEMAT, "actionability", _ACT),
    *_items(CCI, "", _INDEX),
)


def items_of(scale: str) -> dict[int, ReviewItem]:
    """Index the items of one scale by their numbers."""
    return {item.number: item for item in ITEMS if item.scale == scale}
