"""Other programs that make PDF files, each given the product's words and its best honest way.

A peer is a module with `open_page(page)`, which gives a writer: `one(values, path)` makes one
person's file, and `merged(people, path)`, where there is one, makes one file of many people.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version


@dataclass(frozen=True)
class Peer:
    """What is told about a peer. `package` is what the extra `bench` installs for it."""

    module: str
    name: str
    package: str
    tagged: bool
    merges: bool = False

    @property
    def installed(self) -> str:
        """The version that is here, or nothing."""
        try:
            return version(self.package)
        except PackageNotFoundError:
            return ""

    @property
    def label(self) -> str:
        """The name with the version, as the tables show it."""
        return f"{self.name} {self.installed}".strip()


PEERS = (
    Peer("plain_reportlab", "plain ReportLab", "reportlab", tagged=False, merges=True),
    Peer("typst_ua", "Typst, PDF/UA", "typst", tagged=True, merges=True),
    Peer("weasyprint_ua", "WeasyPrint, PDF/UA", "weasyprint", tagged=True),
    Peer("fpdf2_plain", "fpdf2", "fpdf2", tagged=False),
)
