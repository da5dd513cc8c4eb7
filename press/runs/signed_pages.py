"""Prove that pages are built as they were when their words were signed.

A signature covers the tree of every page that its handout can become, and the pictures on them. To
compose them all takes a second, so it also names the templates, all pictures and the code that composed them:
while those are the same bytes, so are the trees. A template that was edited keeps the signature if it gives equal
trees, and a picture that is not on its pages may change.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from pathlib import Path

from press.compose.tailor import tailor
from press.compose.template import compose
from press.content.approvals import Approval, PagesDigest
from press.content.clinic import Clinic, Closed
from press.content.handout import Handout
from press.content.picture_places import pictures_of
from press.delivery.installed import PROGRAM
from press.document.outline import outline
from press.errors import HandoutError
from press.records import replace
from press.runs.variants import draft_and_final, make_readers

_COMPOSING = ("compose/*.py", "document/*.py", "treatment.py", "runs/variants.py")
DAY = date(2026, 11, 23)  # any Monday after a month of 31 days, on which there are courses in every mode


def digest_pages(handout: Handout, clinic: Clinic, templates: Path) -> PagesDigest:
    """What a signature of today's words says of their pages. Raises HandoutError if one cannot be composed."""
    return PagesDigest(_digest_trees(handout, clinic, templates), digest_templates(templates))


def are_as_signed(handout: Handout, clinic: Clinic, templates: Path, approval: Approval) -> bool:
    """Whether the pages of these words are built as when they were signed.

    An approval of before signatures covered pages does not say how they were built, so they are not.
    """
    if not approval.pages:
        return False
    if approval.templates == digest_templates(templates):
        return True
    try:
        return approval.pages == _digest_trees(handout, clinic, templates)
    except HandoutError:
        return False


def digest_templates(templates: Path) -> str:
    """Hash the templates, the pictures, and the code that makes pages of them, with SHA-256."""
    program = (path for pattern in _COMPOSING for path in PROGRAM.glob(pattern))
    files = (path for pattern in ("*.j2", "pictures/*.svg") for path in templates.rglob(pattern))
    return _digest([*_named(files, templates), *_named(program, PROGRAM)])


def _named(paths: Iterable[Path], root: Path) -> list[bytes]:
    return [part for path in sorted(paths) for part in (path.relative_to(root).as_posix().encode(), path.read_bytes())]


def _digest_trees(handout: Handout, clinic: Clinic, templates: Path) -> str:
    """Hash the outline of each reader's page, as a draft and final, with and without a name; and its pictures."""
    clinic = _any_clinic(clinic)
    outlines: list[bytes] = []
    for reader in make_readers(clinic, handout.language, DAY):
        for options in (reader, replace(reader, name="A", prescriber="B")):
            for state in draft_and_final(DAY):
                page = compose(tailor(handout, options, clinic, DAY, state), templates)
                outlines.append(outline(page).encode())
    pictures = (templates / "pictures" / f"{name}.svg" for name in pictures_of(handout.structure))
    return _digest([*outlines, *_named(pictures, templates)])


def _any_clinic(clinic: Clinic) -> Clinic:
    """The clinic with its switches and without what is only its own: a new telephone number needs no new signature."""
    return replace(
        clinic, name="Clinic", address=("Street",), phone="555-0100", after_hours_phone="555-0101", closed=Closed()
    )


def _digest(parts: list[bytes]) -> str:
    found = sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()
