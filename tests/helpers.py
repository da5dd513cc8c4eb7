"""What the PDF tests share: a made-up clinic, fixed days, and handouts printed for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from functools import cache
from itertools import count, product
from pathlib import Path
from typing import Any

from press.content.approvals import State, Status, sign
from press.content.fields import FORMS, REASONS
from press.content.yaml.reader import read_file
from press.document.nodes import Block, Document, Heading, Paragraph, Text, Value, blocks, contents, strings
from press.document.slots import FIXED, PERSONAL, Slot
from press.patients.options import Options, read_options
from press.runs.handout import Made, Site, complete, lay_out_one, make, print_one
from press.writers.pdf.layout.orders import orders
from press.writers.pdf.layout.reflow import reflow
from press.writers.pdf.model import BoxItem, CutItem, Layout, Page, RuleItem, TextItem
from press.writers.result import Printed
from tests.support import pages_as_built

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
TODAY = date(2026, 11, 23)
WARNING = "overdose-warning"
_AT_FOLD = 15  # points above a card, where the words at its fold stand
FRIDGE = "fridge-page"
FINGERPRINT = re.compile(r"\(([0-9a-f]{7})\)")  # of the words, as the footer of a page shows it


@cache
def press() -> Site:
    """The press of this project with a made-up clinic, so that nobody's words change a golden.

    The 555-01xx numbers are kept for stories; config.yaml refuses them, so none gets out.
    Nothing is signed off here, whatever approvals.yaml says.
    """
    found = Site(ROOT)
    vars(found)["clinic"] = replace(
        found.clinic,
        name="Made-up Clinic",
        address=("1 Example Street", "Anytown"),
        phone="(212) 555-0142",
        after_hours_phone="(212) 555-0143",
    )
    vars(found)["_approvals"] = {TODAY: ()}
    return found


@dataclass(frozen=True)
class Case:
    """One handout, from its tree to its bytes."""

    name: str
    made: Made
    printed: Printed

    @property
    def document(self) -> Document:
        """The tree that was printed."""
        return self.made.document

    @property
    def as_set(self) -> Document:
        """The tree as it was laid out, with narrow tables as lists and the emergency box in its place."""
        sheet = press().sheet(self.options.edition, self.options.paper)
        whole = reflow(self.document, sheet)
        lines = sorted((item for _, item in self.lines()), key=lambda item: item.element)
        read = list(dict.fromkeys(run.content for item in lines for run in item.line.runs if run.content))
        fitting = (tree for tree in (whole, *orders(whole, sheet)) if _ids(tree, read) == read)
        return next(fitting, whole)

    @property
    def layout(self) -> Layout:
        """Where everything stands."""
        return self.printed.layout

    @property
    def options(self) -> Options:
        """Whom it was made for."""
        return self.made.tailored.options

    def lines(self) -> Iterator[tuple[int, TextItem]]:
        """Every line of the letterhead and the body with its page; cards have tests of their own."""
        banner = sum(1 + bool(list(strings(block))) for block in blocks(self.document.banner))
        for page in self.layout.pages:
            read = (item for item in page.items if isinstance(item, TextItem) and item.element > banner)
            cards = [item for item in page.items if isinstance(item, CutItem)]
            yield from (
                (page.number, i) for i in read if not any(-_AT_FOLD < i.y - card.y < card.height for card in cards)
            )


def _ids(document: Document, among: list[str]) -> list[str]:
    """The ids of the texts of a tree in reading order, of those in a list."""
    body = replace(document, banner=(), footer=())
    return list(dict.fromkeys(text.id for text in contents(body) if text.id in set(among)))


def share_filled(page: Page, layout: Layout) -> float:
    """Which share of a side is filled, from the top of the frame to the rule above the footer."""
    foot = next(item.y for item in page.footer if isinstance(item, RuleItem))
    lows = [item.y + item.height for item in page.items if isinstance(item, BoxItem)]
    lows += [item.y for item in page.items if isinstance(item, TextItem)]
    return (max(lows) - layout.top) / (foot - layout.top)


def print_case(name: str, topic: str, options: Options, *, clinic: Site | None = None, signed: bool = False) -> Case:
    """Make and print one handout as PDF, as the command line does it; a draft unless `signed`."""
    used = clinic or press()
    full, _ = complete(used, options, TODAY)
    made = make(used, topic, full, TODAY, sign=approved(topic) if signed else Status(State.DRAFT))
    return Case(name, made, print_one(used, made, "pdf"))


def pages_of(topic: str, options: Options, *, clinic: Site | None = None, signed: bool = False) -> int:
    """How many sides the same handout fills, laid out and proved but not made into a file."""
    used = clinic or press()
    full, _ = complete(used, options, TODAY)
    return lay_out_one(
        used, make(used, topic, full, TODAY, sign=approved(topic) if signed else Status(State.DRAFT))
    ).pages


@cache
def approved(topic: str) -> Status:
    """A sign-off by somebody made up."""
    handout = press().handout(topic, "en")
    return Status(
        State.APPROVED, sign(handout, pages_as_built(press()), "Pat Example", "pharmacist", TODAY, None, TODAY)
    )


def general() -> dict[str, tuple[str, Options]]:
    """Each handout for each form and reason, for nobody in particular."""
    return {
        f"{topic}-{form}-{reason}": (topic, Options(form=form, reason=reason))
        for topic, form, reason in product(press().library.topics, FORMS, REASONS)
    }


def patients() -> dict[str, tuple[str, Options]]:
    """The overdose warning for each made-up patient."""
    return {
        f"patients/{path.parent.name}": (WARNING, patient(path))
        for path in sorted(GOLDEN.glob("patients/*/patient.yaml"))
    }


def fridge_pages() -> dict[str, tuple[str, Options]]:
    """The fridge page for each of the same patients."""
    return {name.replace("patients/", "fridge/"): (FRIDGE, options) for name, (_, options) in patients().items()}


def patient(path: Path) -> Options:
    """The options of one made-up patient."""
    return read_options(read_file(path, path.name, private=True))


def print_all() -> dict[str, Case]:
    """The sheaf: everything in the standard edition, in large print and on A4; some as final."""
    wanted = general() | patients() | fridge_pages()
    large = {f"{name} large": (topic, replace(o, edition="large-print")) for name, (topic, o) in wanted.items()}
    on_a4 = {f"{name} a4": (topic, replace(o, paper="a4")) for name, (topic, o) in general().items()}
    found = {name: print_case(name, *given) for name, given in (wanted | large | on_a4).items()}
    final = {name: given for name, given in wanted.items() if given[0] == WARNING}
    return found | {f"{name} final": print_case(name, *given, signed=True) for name, given in final.items()}


def mask_fingerprints(text: str) -> str:
    """Hide the fingerprints of a golden and the width of their lines, so that one changed word changes one golden.

    `test_footer_fingerprint.py` compares what is hidden here.
    """
    assert FINGERPRINT.search(text), "a page shows the fingerprint of its words"
    of_words = re.sub(rf"w\d+ (?=.*{FINGERPRINT.pattern})", "w# ", text)
    return FINGERPRINT.sub("(#######)", of_words)


def bare_document(*body: Block, **more: Any) -> Document:
    """A small document made by hand: a title, the given blocks and a footer of one line."""
    title = Heading(1, (Text("A made-up page"),))
    footer = (Paragraph((Text("made by hand"),)),)
    given = {"banner": (), "letterhead": (), **more}
    slotted = _Slotter().slotted(body)
    return Document(title="A made-up page", language="en", body=(title, *slotted), footer=footer, **given)


class _Slotter:
    """Blocks as they come from a template: values of one person are slots, numbered as they are read."""

    def __init__(self) -> None:
        self._numbers = count()

    def slotted(self, found: Any) -> Any:
        """The same blocks or nodes, alone or in tuples, with slots for values."""
        if isinstance(found, tuple):
            return tuple(map(self.slotted, found))
        if isinstance(found, Value) and found.field in PERSONAL:
            return Slot(found.field, found.text, next(self._numbers))
        if not is_dataclass(found) or getattr(found, "role", "") in FIXED:
            return found
        return replace(found, **{one.name: self.slotted(getattr(found, one.name)) for one in fields(found)})
