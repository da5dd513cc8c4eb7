"""Pages as a bad printer gives them: in grey, in black and white, and with a quarter of the toner gone.

Each danger box must still be found: its border on all four sides, its sign by its shape, its words by
their ink. The places come from the layout record, the pixels from pdfium. Clinical basis, 4.5.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from io import BytesIO
from random import Random
from types import MappingProxyType

import pikepdf
import pypdfium2 as pdfium
import pytest

from press.writers.legibility import DANGER_BORDER
from press.writers.pdf.file.single import write_single
from press.writers.pdf.icons import ICONS
from press.writers.pdf.model import BoxItem, IconItem, Item, Layout, Links, TextItem
from press.writers.pdf.reuse.forme import Copy, Forme
from press.writers.pdf.reuse.plan import Plan
from tests.helpers import Case, bare_document, press

DPI = 200
SCALE = DPI / 72
HALF = 0.5 / SCALE  # a dot, in points
DARK, LIGHT = 0, 255
TONER_LEFT = 0.75
NAMES = (
    "overdose-warning-injection-opioid",
    "overdose-warning-injection-opioid a4",
    "overdose-warning-injection-opioid final",
    "overdose-warning-tablet-alcohol large",
    "patients/injection-normal",
    "patients/injection-normal large",
    "side-effects-injection-both",
    "side-effects-tablet-both large",
    "benefits-tablet-alcohol",
)  # fmt: skip


# Pictures: a byte for a dot, 0 black and 255 white


@dataclass(frozen=True)
class Picture:
    """A page as dots."""

    flat: bytes
    width: int

    def cut(self, left: float, top: float, right: float, bottom: float) -> list[bytes]:
        """The dots that lie wholly between these edges, in points from the top left corner."""
        columns = slice(math.ceil(left * SCALE), math.floor(right * SCALE))
        rows = range(math.ceil(top * SCALE), math.floor(bottom * SCALE))
        return [self.flat[row * self.width : (row + 1) * self.width][columns] for row in rows]

    def through(self, change: Callable[[int], int]) -> Picture:
        """Every dot changed in the same way."""
        return Picture(self.flat.translate(bytes(change(dot) for dot in range(256))), self.width)


@lru_cache(maxsize=16)
def rendered(data: bytes) -> list[Picture]:
    """The pages of a file in grey."""
    return [_picture(page) for page in pdfium.PdfDocument(data)]


def _picture(page: pdfium.PdfPage) -> Picture:
    found = page.render(scale=SCALE, grayscale=True)
    flat = bytes(found.buffer)
    rows = (flat[start : start + found.width] for start in range(0, found.stride * found.height, found.stride))
    return Picture(b"".join(rows), found.width)


def black_and_white(page: Picture) -> Picture:
    """What a fax or a copier makes of it: black from half grey on."""
    return page.through(lambda dot: DARK if dot < 128 else LIGHT)


def faded(page: Picture) -> Picture:
    """A quarter of every ink is missing."""
    return page.through(lambda dot: round(255 - (255 - dot) * TONER_LEFT))


def dropped(page: Picture) -> Picture:
    """A quarter of the black dots is missing, here and there, the same ones every time."""
    lost = Random(25).randbytes(len(page.flat)).translate(bytes(LIGHT if n < 64 else 0 for n in range(256)))
    mixed = int.from_bytes(page.flat, "big") | int.from_bytes(lost, "big")
    return Picture(mixed.to_bytes(len(page.flat), "big"), page.width)


WEAR: dict[str, Callable[[Picture], Picture]] = {
    "grey": lambda page: page,
    "black and white": black_and_white,
    "little toner": lambda page: black_and_white(faded(page)),
    "lost dots": lambda page: dropped(black_and_white(faded(page))),
}
STRAY = 4  # dots in a row of a thin border that may be lost by chance
KEPT = {"grey": 0.95, "black and white": 0.95, "little toner": 0.95, "lost dots": 0.70}  # of the dark dots


# What must be found


def share(rows: list[bytes]) -> float:
    """The share of dark dots."""
    flat = b"".join(rows).translate(bytes(DARK if n < 128 else LIGHT for n in range(256)))
    return flat.count(DARK) / len(flat) if flat else 0.0


def gap(rows: list[bytes], *, across: bool) -> int:
    """The longest stretch of a side, in dots, where no dot of its thickness is dark."""
    lines = list(zip(*rows, strict=True)) if across else rows
    longest = current = 0
    for line in lines:
        current = 0 if min(line) < 128 else current + 1
        longest = max(longest, current)
    return longest


def border_faults(page: Picture, box: BoxItem, bar: float, kept: float) -> Iterator[str]:
    """Four unbroken dark sides, with white (or a tint) within, below a `bar` so many points high if the box has one.

    The outermost half dot of a side is left out: pdfium may set a line half a dot off.
    """
    x, y, thick = box.x + HALF, box.y + HALF, box.border - 2 * HALF
    right, bottom = box.x + box.width - HALF, box.y + box.height - HALF
    sides = {
        "upper": ((x, y, right, y + thick), True),
        "lower": ((x, bottom - thick, right, bottom), True),
        "left": ((x, y, x + thick, bottom), False),
        "right": ((right - thick, y, right, bottom), False),
    }
    for name, (edges, across) in sides.items():
        rows = page.cut(*edges)
        if share(rows) < kept or gap(rows, across=across) > (STRAY if kept < 0.9 else 0):
            yield f"the {name} border is broken"
    inner = box.y + max(box.border, bar) + 1
    within = page.cut(x + box.border + 1, inner, right - box.border - 1, inner + 2)
    if share(within) > 0.02:
        yield "the border has no inner edge"


def sign_faults(page: Picture, sign: IconItem, size: tuple[float, float], kept: float) -> Iterator[str]:
    """The dark dots are those of the sign's own outline."""
    place = (sign.x, sign.y, sign.x + sign.size, sign.y + sign.size)
    wanted = b"".join(row.translate(_TWO) for row in outline(sign, size).cut(*place))
    found = b"".join(row.translate(_TWO) for row in page.cut(*place))
    common = (int.from_bytes(wanted, "big") | int.from_bytes(found, "big")).to_bytes(len(found), "big").count(DARK)
    if common < (kept - 0.05) * wanted.count(DARK) or common < 0.9 * found.count(DARK):
        yield "the sign has lost its shape"


_TWO = bytes(DARK if n < 128 else LIGHT for n in range(256))


@cache
def outline(sign: IconItem, size: tuple[float, float]) -> Picture:
    """The sign alone, in black, on an empty page."""
    pdf, scale = pikepdf.new(), sign.size / 100
    page = pdf.add_blank_page(page_size=size)
    at = f"{sign.x} {size[1] - sign.y - sign.size}"
    page.Contents = pdf.make_stream(f"q {scale} 0 0 {scale} {at} cm {ICONS[sign.kind]} Q".encode())
    out = BytesIO()
    pdf.save(out)
    return rendered(out.getvalue())[0]


def word_faults(page: Picture, grey: Picture, lines: list[TextItem], kept: float) -> Iterator[str]:
    """Every line has ink where it had ink, and neither none nor a bar of it."""
    for item in lines:
        place = (item.x, item.y - item.size * 0.75, item.x + item.line.width, item.y + item.size * 0.25)
        rows, meant = page.cut(*place), grey.cut(*place)
        if item.ink == 0:
            rows, meant = negative(rows), negative(meant)
        if not 0.04 < share(rows) < 0.5:
            yield "the words are not to be seen"
        elif alike(profile(rows), profile(meant)) < kept - 0.05:
            yield "the words are not the same"


def negative(rows: list[bytes]) -> list[bytes]:
    """White words on a bar as dark words on white."""
    return [bytes(255 - dot for dot in row) for row in rows]


def profile(rows: list[bytes]) -> list[int]:
    """The ink of every column of dots."""
    return [255 * len(column) - sum(column) for column in zip(*rows, strict=True)]


def alike(one: list[int], other: list[int]) -> float:
    """The normalised correlation of two profiles: 1 for the same, 0 for nothing in common."""
    mean, mean_ = sum(one) / len(one), sum(other) / len(other)
    pairs = [(a - mean, b - mean_) for a, b in zip(one, other, strict=True)]
    spread = math.sqrt(sum(a * a for a, _ in pairs) * sum(b * b for _, b in pairs))
    return sum(a * b for a, b in pairs) / spread if spread else 0.0


def faults(data: bytes, meant: Layout, wear: str, original: list[Picture]) -> list[str]:
    """What of the danger boxes of a page cannot be found in its worn picture."""
    found = []
    for page, grey, record in zip(rendered(data), original, meant.pages, strict=True):
        worn = WEAR[wear](page)
        for box in boxes(record.items):
            found += border_faults(worn, box, bar_height(record.items, box), KEPT[wear])
            found += word_faults(worn, grey, [item for item in record.items if is_within(item, box)], KEPT[wear])
        for sign in signs(record.items):
            found += sign_faults(worn, sign, (meant.width, meant.height), KEPT[wear])
        for sign in checks(record.items):
            if share(worn.cut(sign.x, sign.y, sign.x + sign.size, sign.y + sign.size)) < 0.1:
                found.append("a box to check cannot be seen")
    return found


def boxes(items: tuple[Item, ...]) -> list[BoxItem]:
    return [item for item in items if isinstance(item, BoxItem) and item.border >= DANGER_BORDER]


def bar_height(items: tuple[Item, ...], box: BoxItem) -> float:
    """How high the black bar is that a box begins with, in points; 0 without one."""
    bars = (item for item in items if isinstance(item, BoxItem) and item.tint == 100 and not item.border)
    return next((bar.height for bar in bars if (bar.x, bar.y) == (box.x, box.y)), 0.0)


def signs(items: tuple[Item, ...]) -> list[IconItem]:
    """The signs of danger and of days; a box to check is neither."""
    return [item for item in items if isinstance(item, IconItem) and not is_check(item)]


def checks(items: tuple[Item, ...]) -> list[IconItem]:
    """The boxes to check of a list: smaller than the sign of a day."""
    return [item for item in items if isinstance(item, IconItem) and is_check(item)]


def is_check(item: IconItem) -> bool:
    return item.kind == "square" and item.size < 15


def is_within(item: Item, box: BoxItem) -> bool:
    inside = isinstance(item, TextItem) and box.y < item.y < box.y + box.height and box.x < item.x < box.x + box.width
    return inside and bool(item.line.text.strip())


# Good pages


@pytest.fixture(params=NAMES)
def case(request: pytest.FixtureRequest, sheaf: dict[str, Case]) -> Case:
    """A page that is as it should be."""
    return sheaf[request.param]


def test_every_page_begins_with_a_box_and_a_sign_to_look_for(sheaf: dict[str, Case]) -> None:
    for case in sheaf.values():
        first = case.layout.pages[0].items
        framed = [box for box in boxes(first) if any(box.y < sign.y < box.y + box.height for sign in signs(first))]

        assert framed and {sign.kind for sign in signs(first)} >= {"warning"}
        assert len([item for item in first if is_within(item, framed[0])]) >= 2


def test_the_danger_is_found_on_every_worn_page(case: Case) -> None:
    original = rendered(case.printed.data)
    for wear in WEAR:
        assert not faults(case.printed.data, case.layout, wear, original), wear


def test_the_two_signs_differ_in_shape(case: Case) -> None:
    """A triangle widens downwards; the sign of an emergency is as wide above as below."""
    (sign, *_) = (item for item in signs(case.layout.pages[0].items) if item.kind == "warning")
    page = black_and_white(rendered(case.printed.data)[0])
    upper, lower = (spread(page, sign, at) for at in (0.25, 0.75))
    other = outline(replace(sign, kind="phone"), (case.layout.width, case.layout.height))

    assert upper < 0.6 * lower
    assert spread(other, sign, 0.25) > 0.9 * spread(other, sign, 0.75)


def spread(page: Picture, sign: IconItem, at: float) -> int:
    """How many dots wide a sign is at a share of its height."""
    y = sign.y + at * sign.size
    (row, *_) = page.cut(sign.x, y, sign.x + sign.size, y + 2)
    dark = [number for number, dot in enumerate(row) if dot < 128]
    return dark[-1] - dark[0] if dark else 0


def test_contrast_is_as_great_on_the_page_as_it_was_computed(case: Case) -> None:
    """Seven to one for words and three to one for frames, in grey and with a quarter of the toner gone."""
    for page, record in zip(rendered(case.printed.data), case.layout.pages, strict=True):
        for worn in (page, faded(page)):
            for item in (*record.items, *record.footer):
                if isinstance(item, TextItem) and item.line.text.strip():
                    place = (item.x, item.y - item.size * 0.75, item.x + item.line.width, item.y + item.size * 0.25)
                    assert ratio(worn.cut(*place)) >= 7
            for box in boxes(record.items):
                lower = box.y + box.height
                assert ratio(worn.cut(box.x, lower - box.border - 4, box.x + 20, lower)) >= 3


def ratio(rows: list[bytes]) -> float:
    """The contrast of the darkest and the lightest dot (WCAG 2.2)."""
    light, dark = (
        ((value / 255 + 0.055) / 1.055) ** 2.4 + 0.05 for value in (max(map(max, rows)), min(map(min, rows)))
    )
    return light / dark


# Planted faults: each is found in the pixels, against the record of the good page


def of(kind: type, change: Callable[[Item], Item | None]) -> Callable[[tuple[Item, ...]], tuple[Item, ...]]:
    """Change every item of a kind; None takes it away."""

    def changed(items: tuple[Item, ...]) -> tuple[Item, ...]:
        new = (change(item) if isinstance(item, kind) else item for item in items)
        return tuple(item for item in new if item)

    return changed


PLANTED = {
    "no border": (of(BoxItem, lambda box: replace(box, border=0)), "border is broken"),
    "no box": (of(BoxItem, lambda box: None), "border is broken"),
    "a box elsewhere": (of(BoxItem, lambda box: replace(box, x=box.x + 6)), "border is broken"),
    "a box with one side too low": (of(BoxItem, lambda box: replace(box, height=box.height + 6)), "lower border is broken"),
    "a hairline": (of(BoxItem, lambda box: replace(box, border=0.3)), "border is broken"),
    "a pale border": (of(BoxItem, lambda box: replace(box, ink=40)), "border is broken"),
    "a dark ground": (of(BoxItem, lambda box: replace(box, tint=80)), "the border has no inner edge"),
    "a dark ground behind words": (of(BoxItem, lambda box: replace(box, tint=80)), "the words are not to be seen"),
    "white words": (of(TextItem, lambda item: replace(item, ink=0)), "the words are not to be seen"),
    "pale words": (of(TextItem, lambda item: replace(item, ink=40)), "the words are not to be seen"),
    "other words": (of(TextItem, lambda item: replace(item, x=item.x + 3)), "the words are not the same"),
    "no sign": (of(IconItem, lambda sign: None), "the sign has lost its shape"),
    "a pale sign": (of(IconItem, lambda sign: replace(sign, ink=30)), "the sign has lost its shape"),
    "another sign": (of(IconItem, lambda sign: replace(sign, kind="phone")), "the sign has lost its shape"),
    "a smaller sign": (of(IconItem, lambda sign: replace(sign, size=sign.size * 0.8)), "the sign has lost its shape"),
}  # fmt: skip


@pytest.mark.parametrize("wear", list(WEAR))
@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault: str, wear: str, sheaf: dict[str, Case]) -> None:
    change, told = PLANTED[fault]

    assert any(told in one for one in found_after(change, sheaf["overdose-warning-injection-opioid"], wear))


def test_a_ground_that_only_a_full_cartridge_prints_dark_is_found(sheaf: dict[str, Case]) -> None:
    """60 percent is black to a fax; with a quarter of the toner gone it is white again."""
    case = sheaf["overdose-warning-injection-opioid"]
    tinted = of(BoxItem, lambda box: replace(box, tint=60) if box.border else box)

    assert "the words are not to be seen" in found_after(tinted, case, "black and white")
    assert "the words are not to be seen" not in found_after(tinted, case, "little toner")


def found_after(change: Callable[[tuple[Item, ...]], tuple[Item, ...]], case: Case, wear: str) -> list[str]:
    """The faults of a page whose layout was changed after the proof."""
    pages = tuple(replace(page, items=change(page.items)) for page in case.layout.pages)
    assert pages != case.layout.pages
    return faults(drawn(replace(case.layout, pages=pages)), case.layout, wear, rendered(case.printed.data))


def drawn(layout: Layout, links: Links = MappingProxyType({})) -> bytes:
    """A layout as a file, with no proof before it."""
    forme = Forme(bare_document(), press().sheet("standard", "letter"))
    return write_single(Copy(forme, Plan(layout, forme.faces, (), links), {}, ()))


def test_drawing_a_layout_again_gives_the_same_page(sheaf: dict[str, Case]) -> None:
    """Else the planted faults would be found in something else.

    The footer is left out: in a finished page its numbers are set apart, up to half a hundredth of a point away.
    """
    case = sheaf["overdose-warning-injection-opioid"]
    (again,), (first,) = rendered(drawn(case.layout, case.printed.copy.plan.links)), rendered(case.printed.data)
    above = round(case.layout.pages[0].footer[0].y * SCALE) * first.width

    assert above > 0.9 * len(first.flat) and again.flat[:above] == first.flat[:above]
