"""Nobody gets another's page: what a page shows of a person is compared with that person's options.

The values are computed here once more from the options as they were read, not taken from what
was composed: a page that some cache or shared object mixed up does not prove itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from press.document import Value, inlines
from press.tailor import Tailored


class StrayValue(RuntimeError):
    """A page carries a value that is not its reader's. Never the clerk's to mend."""


def prove_owner(layout: Any, expected: Tailored) -> None:
    """Raise StrayValue unless every value on paper is one that `expected` has for its field.

    `expected` is tailored anew from the person's own options. A value that is broken over
    lines is joined again before it is compared, without its spaces.
    """
    allowed = _allowed(expected)
    for field, text in _drawn(layout):
        if text not in allowed[field]:
            raise StrayValue(f"the value of `{field}` on a page is not this person's")


def _allowed(expected: Tailored) -> defaultdict[str, set[str]]:
    """Every value that this person's page may show, by its field."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for text in (*expected.filled.values(), *expected.phrases.values(), *expected.draft):
        for node in inlines(text.children):
            if isinstance(node, Value):
                found[node.field].add(_bare(node.text))
    found["address"].update(_bare(part) for part in expected.address)
    return found


def _drawn(layout: Any) -> Iterator[tuple[str, str]]:
    """Each value of the layout record: neighbouring runs of one field in one text are one value."""
    for page in layout.pages:
        lines = [item for item in (*page.items, *page.footer) if hasattr(item, "line")]
        for _, same in groupby(lines, key=lambda item: item.element):
            runs = [run for item in same for run in item.line.runs]
            for field, parts in groupby(runs, key=lambda run: run.field):
                if field:
                    yield field, _bare("".join(run.text for run in parts))


def _bare(text: str) -> str:
    return "".join(text.split())
