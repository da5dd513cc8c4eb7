"""Which peers there are, and which of them can run here."""

from __future__ import annotations

from ctypes.util import find_library
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
    library: str = ""  # of the system, without which the package cannot be imported

    @property
    def missing(self) -> str:
        """Why this peer cannot run here, or nothing."""
        if not self.version:
            return f"the package {self.package} is not installed (extra `bench`)"
        if self.library and not find_library(self.library):
            return f"the system has no {self.library}"
        return ""

    @property
    def version(self) -> str:
        """The version that is installed, or nothing."""
        try:
            return version(self.package)
        except PackageNotFoundError:
            return ""

    @property
    def label(self) -> str:
        """The name with the version, as the tables show it."""
        return f"{self.name} {self.version}"


PEERS = (
    Peer("plain_reportlab", "plain ReportLab", "reportlab", tagged=False, merges=True),
    Peer("typst_ua", "Typst, PDF/UA", "typst", tagged=True, merges=True),
    Peer("weasyprint_ua", "WeasyPrint, PDF/UA", "weasyprint", tagged=True, library="pango-1.0"),
    Peer("fpdf2_plain", "fpdf2", "fpdf2", tagged=False),
)


def present() -> tuple[Peer, ...]:
    """The peers that can run here."""
    return tuple(peer for peer in PEERS if not peer.missing)
