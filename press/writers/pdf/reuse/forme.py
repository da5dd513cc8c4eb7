"""A page made ready once for many readers: what is the same for all is laid out, proved and drawn one time.

A forme, in letterpress, is the type of a page locked up for as many copies as are wanted. Here it is
a skeleton (see `press.document.slots`) with a stylesheet. Readers whose own words have the same marks (so many lines,
as high, the same widths where a width decides) share a plan, and only the lines of their slots are set anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from press.document.nodes import Document, Numbering
from press.document.slots import fill_slots
from press.errors import Problems
from press.records import dataclass, replace
from press.writers.pdf.fonts.coverage import letters, missing_glyphs
from press.writers.pdf.fonts.faces import load_faces
from press.writers.pdf.layout.calls import Made, Reader, Shapes
from press.writers.pdf.layout.fit import Sizes, fit
from press.writers.pdf.layout.reflow import reflow
from press.writers.pdf.model import Layout
from press.writers.pdf.proof.proof import prove
from press.writers.pdf.reuse.plan import Outcomes, Plan
from press.writers.phone import telephone_links
from press.writers.stylesheet import Stylesheet
from press.writers.variants import dense, for_language

_MOST = 8  # plans that are kept; the least recently used is forgotten first


class Forme:
    """A skeleton made ready for a stylesheet. Its copies are the same whichever of them was the first."""

    def __init__(self, skeleton: Document, sheet: Stylesheet) -> None:
        sheet = for_language(sheet, skeleton.language)
        sheet = dense(sheet) if skeleton.role == "one-side" else sheet
        self.skeleton = reflow(skeleton, sheet)
        self.faces = load_faces(sheet.folder / "fonts", sheet.faces, skeleton.language)
        self._sizes = Sizes(self.skeleton, sheet, self.faces)
        self._is_drawable = not missing_glyphs(self.skeleton, self.faces)
        self._plans: Shapes[Plan] = Shapes(_MOST)
        self.pages = max(1, self.skeleton.sides)  # of the plan used last, or as many as there should be

    def copy(self, texts: tuple[str, ...], numbering: Numbering = Numbering()) -> Copy:
        """The pages of one reader, proved. Raises HandoutError with every reason to refuse."""
        if not (self._is_drawable and all(map(self.faces.is_plain, texts))):
            problems = Problems()
            problems.extend(missing_glyphs(fill_slots(self.skeleton, texts), self.faces))
            problems.raise_if_errors()
        reader = Reader(texts, numbering)
        known = self._plans.find(reader)
        plan, _ = known or self._plans.add(self._planned(reader))
        self.pages = len(plan.layout.pages)
        outcomes = plan.outcomes(reader)
        if known:
            plan.prove(outcomes)
        return Copy(self, plan, outcomes, texts)

    def _planned(self, reader: Reader) -> Made[Plan]:
        """Lay one reader's pages out whole, and prove all of them."""
        fitted = fit(self._sizes, reader)
        plan = Plan(fitted.layout, self.faces, fitted.warnings, telephone_links(self.skeleton))
        document = replace(fitted.document, numbering=reader.numbering)
        prove(document, plan.filled(plan.outcomes(reader)), self.faces, reader.texts)
        return plan, list(dict.fromkeys(fitted.asked))

    @cached_property
    def letters(self) -> frozenset[str]:
        """Every letter of its words and of the clinic's values: they are in the fonts of each copy."""
        return frozenset().union(*map(letters, self.skeleton.everything))


@dataclass(frozen=True, eq=False, repr=False)
class Copy:
    """One reader's pages: a plan, and what its calls gave for that reader."""

    forme: Forme
    plan: Plan
    outcomes: Outcomes
    texts: tuple[str, ...]

    @property
    def pages(self) -> int:
        """How many sides of paper there are."""
        return len(self.plan.layout.pages)

    def values(self) -> Iterator[tuple[str, str]]:
        """Every value that stands on the pages: its field, and its text without spaces."""
        yield from self.plan.values
        for outcome in self.outcomes.values():
            yield from outcome.values

    @cached_property
    def layout(self) -> Layout:
        """Where everything stands."""
        return self.plan.filled(self.outcomes)
