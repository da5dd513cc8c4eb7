"""Printing on Windows by GDI, imitated: the structures are real, the libraries note what they were asked for."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from press.delivery import printer, windows_printer
from press.delivery.printer import Sent, look_at, print_file
from press.delivery.windows_printer import DevMode, Libraries
from press.errors import HandoutError, Problem

DPI = 600
LETTER, A4 = (612, 792), (595.28, 841.89)
OFFSET = (100, 150)  # pixels at the left and at the top on which the printer cannot print
PAPERS = {1: (5100, 6600), 9: (4961, 7016)}  # in pixels, by the number of the paper


@dataclass
class Windows:
    """A Windows with printers by name: attributes, status, and whether each prints both sides."""

    printers: dict[str, tuple[int, int, bool]]
    usual: str = ""
    loaded: int = 0  # the paper that lies in the printer, whatever is asked for; 0 is the one that is asked for
    failing: str = ""  # the function that fails
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    mode: DevMode | None = None
    open: int = 0
    _kept: list[Any] = field(default_factory=list)

    # winspool.drv

    def GetDefaultPrinterW(self, buffer: Any, length: Any) -> int:
        length._obj.value = len(self.usual) + 1 if self.usual else 0
        if buffer is None or not self.usual:
            return 0
        buffer.value = self.usual
        return 1

    def EnumPrintersW(
        self, _flags: int, _server: None, level: int, buffer: Any, _s: Any, needed: Any, count: Any
    ) -> int:
        assert level == 4
        info = windows_printer._PrinterInfo4
        needed._obj.value = ctypes.sizeof(info) * len(self.printers)
        if buffer is None:
            return 0
        found = (info * len(self.printers)).from_buffer(buffer) if self.printers else ()
        for entry, (name, (attributes, _, _)) in zip(found, self.printers.items(), strict=True):
            entry.name, entry.attributes = name, attributes
        self._kept.append(found)
        count._obj.value = len(self.printers)
        return 1

    def OpenPrinterW(self, name: str, handle: Any, _defaults: None) -> int:
        if name not in self.printers or self.failing == "OpenPrinterW":
            return 0
        handle._obj.value = 1 + list(self.printers).index(name)
        self.open += 1
        return 1

    def ClosePrinter(self, _handle: Any) -> int:
        self.open -= 1
        return 1

    def GetPrinterW(self, handle: Any, level: int, status: Any, size: int, _needed: Any) -> int:
        assert (level, size) == (6, 4)
        status._obj.value = list(self.printers.values())[handle.value - 1][1]
        return 1

    def DocumentPropertiesW(self, _window: None, _h: Any, name: str, out: Any, given: Any, flags: int) -> int:
        if flags == 0:
            return -1 if self.failing == "size" else ctypes.sizeof(DevMode) + 64  # with settings of the driver's own
        mode = DevMode.from_buffer(out)
        if flags & 8:
            assert given is out
            if not self.printers[name][2]:
                mode.duplex = 1
            return -1 if self.failing == "DocumentPropertiesW" else 1
        mode.fields, mode.paper_size, mode.scale, mode.copies, mode.duplex = 0x1 | 0x4 | 0x10000, 5, 50, 7, 3
        return 1

    # gdi32

    def CreateDCW(self, driver: str, name: str, _port: None, mode: Any) -> int | None:
        if self.failing == "CreateDCW":
            return None
        self.mode = DevMode.from_buffer(mode)
        self.calls.append(("CreateDCW", driver, name))
        return 77

    def GetDeviceCaps(self, context: Any, what: int) -> int:
        assert context.value == 77 and self.mode is not None
        wide, high = PAPERS[self.loaded or self.mode.paper_size]
        return {88: DPI, 90: DPI, 110: wide, 111: high, 112: OFFSET[0], 113: OFFSET[1]}[what]

    def StartDocW(self, _context: Any, info: Any) -> int:
        self.calls.append(("StartDocW", info._obj.title, info._obj.output))
        return 0 if self.failing == "StartDocW" else 1

    def __getattr__(self, name: str) -> Any:
        if name not in ("StartPage", "EndPage", "EndDoc", "AbortDoc", "DeleteDC"):
            raise AttributeError(name)

        def call(_context: Any) -> int:
            self.calls.append((name,))
            return -1 if self.failing == name else 1

        return call

    # PDFium

    def FPDF_RenderPage(self, _context: Any, page: Any, *numbers: int) -> int:
        self.calls.append(("FPDF_RenderPage", tuple(round(side) for side in page.get_size()), *numbers))
        return 0 if self.failing == "FPDF_RenderPage" else 1


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[Windows]:
    """Two printers, of which the usual one prints both sides."""
    found = Windows({"Front desk 4/4M": (0, 0, True), "Old one": (0, 0, False)}, "Front desk 4/4M")
    monkeypatch.setattr(printer, "_WINDOWS", True)
    monkeypatch.setattr(windows_printer, "libraries", lambda: Libraries(found, found, found))
    yield found
    assert found.open == 0  # each printer that was opened is closed


def pdf(folder: Path, *sizes: tuple[float, float]) -> Path:
    document = pypdfium2.PdfDocument.new()
    for size in sizes:
        document.new_page(*size)
    path = folder / "K-0417.pdf"
    document.save(path)
    document.close()
    return path


def refused(path: Path, name: str = "", paper: str = "letter") -> Problem:
    with pytest.raises(HandoutError) as caught:
        print_file(path, name, paper)
    [problem] = caught.value.problems
    assert "the file is kept" in problem.message
    return problem


def test_the_structure_is_that_of_windows() -> None:
    places = {name: getattr(DevMode, name).offset for name in ("fields", "paper_size", "duplex", "number_up", "rest")}

    assert ctypes.sizeof(DevMode) == 220
    assert places == {"fields": 72, "paper_size": 78, "duplex": 94, "number_up": 180, "rest": 188}


def test_each_page_is_drawn_on_its_own_side_in_actual_size(tmp_path: Path, windows: Windows) -> None:
    sent = print_file(pdf(tmp_path, LETTER, LETTER), "", "letter")

    page = ("FPDF_RenderPage", LETTER, -OFFSET[0], -OFFSET[1], 5100, 6600, 0, 0x801)
    side = [("StartPage",), page, ("EndPage",)]
    start = [("CreateDCW", "WINSPOOL", "Front desk 4/4M"), ("StartDocW", "handouts", None)]
    assert sent == Sent("Front desk 4/4M")
    assert windows.calls == [*start, *side, *side, ("EndDoc",), ("DeleteDC",)]


@pytest.mark.parametrize(("two_sided", "duplex"), [(True, 2), (False, 1)])
def test_the_settings_of_the_office_are_overruled(
    two_sided: bool, duplex: int, tmp_path: Path, windows: Windows
) -> None:
    print_file(pdf(tmp_path, A4), "", "a4", two_sided=two_sided)

    mode = windows.mode
    assert mode is not None
    assert (mode.paper_size, mode.scale, mode.copies, mode.number_up, mode.duplex) == (9, 100, 1, 2, duplex)
    assert mode.fields & 0x1153 == 0x1153 and not mode.fields & 0x1000C


def test_a_printer_for_one_side_prints_and_says_so(tmp_path: Path, windows: Windows) -> None:
    path = pdf(tmp_path, LETTER)
    [note] = print_file(path, "Old one", "letter").notes

    assert not note.is_error and "Old one prints on one side only" in note.message
    assert not print_file(path, "Old one", "letter", two_sided=False).notes


@pytest.mark.parametrize(
    ("name", "changed", "said"),
    [
        ("", {"usual": ""}, "no default printer"),
        ("Nobody", {}, "no printer of that name"),
        ("", {"printers": {}}, "no printer of that name"),
        ("Old one", {"printers": {"Old one": (0, 0x1, False)}}, "is paused"),
        ("Old one", {"printers": {"Old one": (0, 0x80, False)}}, "is offline"),
        ("Old one", {"printers": {"Old one": (0x400, 0, False)}}, "is offline"),
        ("", {"loaded": 9}, "does not have the paper"),
        ("", {"failing": "size"}, "does not say how it prints"),
        ("", {"failing": "DocumentPropertiesW"}, "does not take these settings"),
        ("", {"failing": "CreateDCW"}, "does not answer"),
        ("", {"failing": "OpenPrinterW"}, "no printer of that name"),
    ],
)  # fmt: skip
def test_what_cannot_print_is_told_before_anything_is_printed(
    name: str, changed: dict[str, Any], said: str, tmp_path: Path, windows: Windows
) -> None:
    for key, value in changed.items():
        setattr(windows, key, value)

    assert said in refused(pdf(tmp_path, LETTER), name).message
    assert not any(call[0] == "StartDocW" for call in windows.calls)


@pytest.mark.parametrize("failing", ["StartDocW", "StartPage", "FPDF_RenderPage", "EndPage", "EndDoc"])
def test_a_job_that_breaks_off_is_taken_back(failing: str, tmp_path: Path, windows: Windows) -> None:
    windows.failing = failing

    problem = refused(pdf(tmp_path, LETTER, LETTER))

    names = [call[0] for call in windows.calls]
    assert "did not take" in problem.message and "actual size" in problem.hint
    assert names[-1] == "DeleteDC" and names.count("DeleteDC") == 1
    assert ("AbortDoc" in names) is (failing != "StartDocW")


def test_other_printers_are_named_where_one_cannot_print(tmp_path: Path, windows: Windows) -> None:
    windows.printers = {"Old one": (0, 0x1, False), "Back office": (0, 0, True)}

    assert "printers here: Back office" in refused(pdf(tmp_path, LETTER), "Old one").hint


def test_the_printer_is_looked_at_before_anything_is_printed(windows: Windows) -> None:
    assert (look_at("").name, look_at("").trouble) == ("Front desk 4/4M", "")
    assert "no printer of that name" in look_at("Nobody").trouble
    windows.printers["Old one"] = (0, 0x80, False)
    assert "is offline" in look_at("Old one").trouble
