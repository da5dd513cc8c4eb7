"""A print service of the tests' own: CUPS in a folder, on a socket, with printers that are files.

Needs cupsd, the filters of CUPS and the PPD of its PDF printer (Debian: cups, cups-client,
printer-driver-cups-pdf). Nothing of the computer's own print service is touched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.rigs.waiting import HANGS, wait_for

CUPS = Path("/usr/lib/cups")
PDF_DRIVER = Path("/usr/share/ppd/cups-pdf/CUPS-PDF_opt.ppd")
PDF_BACKEND = CUPS / "backend" / "cups-pdf"
PDF_SETTINGS = Path("/etc/cups/cups-pdf-handout-press-test.conf")  # it looks for settings nowhere else
_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))

# Says how it was called, beside the pages that it got.
_KEEPER = """#!/bin/sh
printf '%s\\n' "$@" > "${DEVICE_URI#keep:}.called"
cat $6 > "${DEVICE_URI#keep:}.part" && mv "${DEVICE_URI#keep:}.part" "${DEVICE_URI#keep:}"
"""
# Switched off: what the backends of CUPS tell while they wait for a printer.
_SLEEPER = """#!/bin/sh
echo 'STATE: +offline-report' >&2
exec sleep 60
"""
_FILES = """ServerRoot {0}/root
StateDir {0}/state
CacheDir {0}/cache
RequestRoot {0}/spool
TempDir {0}/spool/tmp
ServerBin {0}/bin
AccessLog {0}/log/access
ErrorLog {0}/log/error
PageLog {0}/log/page
"""
_SERVER = """Listen {0}/socket
Browsing No
WebInterface No
DefaultAuthType None
LogLevel debug
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
"""
# An office printer that takes PDF, with both papers and both sides. It cannot print the outer third
# of an inch, so anything that scales pages to what it can print shows.
_OFFICE = """*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "OFFICE.PPD"
*Manufacturer: "Test"
*Product: "(Test)"
*ModelName: "Test"
*ShortNickName: "Test"
*NickName: "Test"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*ColorDevice: False
*DefaultColorSpace: Gray
*cupsFilter: "application/vnd.cups-pdf 0 -"
*OpenUI *PageSize/Paper: PickOne
*DefaultPageSize: Letter
*PageSize Letter/Letter: ""
*PageSize A4/A4: ""
*CloseUI: *PageSize
*OpenUI *PageRegion/Paper: PickOne
*DefaultPageRegion: Letter
*PageRegion Letter/Letter: ""
*PageRegion A4/A4: ""
*CloseUI: *PageRegion
*DefaultImageableArea: Letter
*ImageableArea Letter/Letter: "24 24 588 768"
*ImageableArea A4/A4: "24 24 571 818"
*DefaultPaperDimension: Letter
*PaperDimension Letter/Letter: "612 792"
*PaperDimension A4/A4: "595 842"
*OpenUI *Duplex/Sides: PickOne
*DefaultDuplex: None
*Duplex None/One: ""
*Duplex DuplexNoTumble/Long: ""
*Duplex DuplexTumble/Short: ""
*CloseUI: *Duplex
"""


def missing() -> str:
    """What CUPS lacks here for the tests, as a sentence; empty if nothing."""
    tools = [name for name in ("cupsd", "lp", "lpstat", "lpadmin") if not shutil.which(name, path=_PATH)]
    lacks = tools + [str(path) for path in (CUPS / "filter" / "pdftopdf", PDF_DRIVER) if not path.exists()]
    return f"no CUPS with a PDF printer here; missing: {', '.join(lacks)}" if lacks else ""


@dataclass(frozen=True)
class Service:
    """A running print service in `root`."""

    root: Path

    @property
    def settings(self) -> dict[str, str]:
        """The environment in which the tools of CUPS talk to this service, with no printer of the user's own."""
        return {"CUPS_SERVER": str(self.root / "socket"), "HOME": str(self.root), "LC_ALL": "C", "PATH": _PATH}

    def tool(self, *arguments: str, pages: Path | None = None) -> str:
        """Run one of the tools of CUPS, which must succeed; what it said."""
        data = pages.read_bytes() if pages else b""
        done = subprocess.run(arguments, input=data, capture_output=True, env=self.settings, timeout=HANGS, check=True)
        return done.stdout.decode()

    def add(self, name: str, device: str = "", driver: Path | None = None, *options: str) -> None:
        """A printer that keeps what it gets, unless it has a device; raw, unless it has a driver."""
        with_driver = ["-P", str(driver)] if driver else []
        device = device or f"keep:{self.root}/kept/{name}"
        self.tool("lpadmin", "-p", name, "-v", device, *with_driver, *options, "-E")

    def kept(self, name: str) -> Path:
        """The pages that a printer got, once they are all there."""
        path = self.root / "kept" / name
        wait_for(path.exists)
        return path

    def called(self, name: str) -> list[str]:
        """What the printer was told about its last job: number, user, title, copies, options."""
        self.kept(name)
        return (self.root / "kept" / f"{name}.called").read_text("utf-8").splitlines()

    def jobs(self) -> list[str]:
        """The jobs that wait or print."""
        return [line.split()[0] for line in self.tool("lpstat", "-o").splitlines()]


@contextmanager
def running(root: Path) -> Iterator[Service]:
    """A print service in an empty folder that its filters may enter, until the end of the `with`."""
    for name in ("root", "state", "cache", "spool/tmp", "bin/backend", "log", "kept"):
        (root / name).mkdir(parents=True)
    for name in ("cgi-bin", "daemon", "driver", "filter", "monitor", "notifier"):
        (root / "bin" / name).symlink_to(CUPS / name)
    for name, script in (("keep", _KEEPER), ("asleep", _SLEEPER)):
        (root / "bin" / "backend" / name).write_text(script, "utf-8")
        (root / "bin" / "backend" / name).chmod(0o700)  # so that it runs as the user of the tests, root too
    (root / "files.conf").write_text(_FILES.format(root), "utf-8")
    (root / "server.conf").write_text(_SERVER.format(root), "utf-8")
    (root / "office.ppd").write_text(_OFFICE, "utf-8")
    service = Service(root)
    command = ["cupsd", "-f", "-c", str(root / "server.conf"), "-s", str(root / "files.conf")]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=service.settings, stdin=quiet, stdout=quiet, stderr=quiet)
    try:
        wait_for((root / "socket").exists)
        yield service
    finally:
        process.terminate()
        process.wait(HANGS)
