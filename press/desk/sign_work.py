"""What the screen of a signature asks of the maker: the sheet with a picture of each of its sides, and to sign it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from press.desk.words_work import draw_sides
from press.records import dataclass
from press.reports.signing_points import SigningSheet, make_sheet, sign_points
from press.runs.handout import Site
from press.runs.signing import SignatureRequest


@dataclass(frozen=True)
class SheetPictures:
    """What would be signed, and the sides of its packet as PNG."""

    sheet: SigningSheet
    sides: tuple[bytes, ...]


def show_sheet(site: Site, topic: str, language: str, today: date) -> SheetPictures:
    """Check the handout in every combination, and draw what a clinician reads. Raises HandoutError."""
    sheet = make_sheet(site, topic, language, today)
    return SheetPictures(sheet, draw_sides(sheet.packet.data))


@dataclass(frozen=True)
class Signed:
    """A signature that was given, in short."""

    topic: str
    language: str
    version: str
    by: str
    role: str
    until: date


def sign_sheet(site: Site, request: SignatureRequest, today: date, digest: str, ticked: Collection[str]) -> Signed:
    """Sign what a sheet showed. Raises HandoutError as `sign_points`."""
    found = sign_points(site, request, today, digest, ticked)
    return Signed(found.handout, found.language, found.version, found.by, found.role, found.until)
