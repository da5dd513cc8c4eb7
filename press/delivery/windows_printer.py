"""Print on Windows: each page drawn by PDFium on the printer's own device context (GDI), in actual size.

No viewer stands between the file and the paper, so sides, paper and scale are what was asked for. Nothing here was
seen on a real Windows yet; docs/windows.md says what was tried how. The structures and numbers are those of
wingdi.h and winspool.h.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_int16, c_uint16, c_uint32, c_void_p, c_wchar_p
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from press.records import dataclass

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

_ONE_AT_A_TIME = threading.Lock()  # PDFium knows no threads
_POINTS = 72  # in an inch
_PAPERS = {"letter": 1, "a4": 9}  # DMPAPER_LETTER, DMPAPER_A4
_LOOSE = 6  # points by which the printer's idea of its paper may differ from the page
_SIMPLEX, _LONG_EDGE = 1, 2  # DMDUP_SIMPLEX, DMDUP_VERTICAL
_PORTRAIT, _ONE_PAGE_A_SIDE = 1, 2  # DMORIENT_PORTRAIT, DMNUP_ONEUP
# Fields of a DEVMODE that hold: orientation, paper size, scale, copies, number-up, duplex; and those that must not:
# paper length, paper width, form name.
_SET, _UNSET = 0x1 | 0x2 | 0x10 | 0x100 | 0x40 | 0x1000, 0x4 | 0x8 | 0x10000
_DUPLEX_FIELD = 0x1000
_OUT, _IN = 2, 8  # DM_OUT_BUFFER, DM_IN_BUFFER
_DPI_X, _DPI_Y, _PAPER_X, _PAPER_Y, _OFFSET_X, _OFFSET_Y = 88, 90, 110, 111, 112, 113  # for GetDeviceCaps
_PAUSED, _AWAY = 0x1, 0x80 | 0x1000  # PRINTER_STATUS_PAUSED; _OFFLINE, _NOT_AVAILABLE
_WORK_OFFLINE = 0x400  # PRINTER_ATTRIBUTE_WORK_OFFLINE
_LOCAL_AND_CONNECTED = 2 | 4  # PRINTER_ENUM_LOCAL, PRINTER_ENUM_CONNECTIONS
_FOR_PAPER = 0x1 | 0x800  # FPDF_ANNOT, FPDF_PRINTING


class DevMode(ctypes.Structure):
    """The public part of a DEVMODEW: how a printer is to print. A driver keeps settings of its own behind it."""

    _fields_: ClassVar = [
        ("device_name", c_uint16 * 32),
        *((name, c_uint16) for name in ("spec_version", "driver_version", "size", "driver_extra")),
        ("fields", c_uint32),
        *((name, c_int16) for name in ("orientation", "paper_size", "paper_length", "paper_width", "scale", "copies")),
        *((name, c_int16) for name in ("source", "quality", "color", "duplex", "y_resolution", "tt_option", "collate")),
        ("form_name", c_uint16 * 32),
        ("log_pixels", c_uint16),
        *((name, c_uint32) for name in ("bits_per_pel", "pels_width", "pels_height", "number_up", "frequency")),
        ("rest", c_uint32 * 8),
    ]
    fields: int
    orientation: int
    paper_size: int
    scale: int
    copies: int
    duplex: int
    number_up: int


class _DocInfo(ctypes.Structure):
    _fields_: ClassVar = [
        ("size", ctypes.c_int32),
        ("title", c_wchar_p),
        ("output", c_wchar_p),
        ("type", c_wchar_p),
        ("flags", c_uint32),
    ]


class _PrinterInfo4(ctypes.Structure):
    _fields_: ClassVar = [("name", c_wchar_p), ("server", c_wchar_p), ("attributes", c_uint32)]


@dataclass(frozen=True)
class WindowsPrinter:
    """A printer as Windows sees it."""

    name: str
    is_paused: bool
    is_away: bool


class WindowsPrintError(Exception):
    """Windows did not take the pages; the text says why, and repeats nothing of Windows."""


@dataclass(frozen=True)
class Libraries:
    """The libraries that print: gdi32.dll, winspool.drv and PDFium, in each the functions that are called here."""

    gdi: Any  # foreign functions have no types
    spool: Any
    pdfium: Any


@cache
def libraries() -> Libraries:
    """Load them. Handles are pointers, which ctypes would cut to 32 bits unless it is told."""
    import pypdfium2.raw

    load = ctypes.WinDLL  # type: ignore[attr-defined]  # there is on Windows
    found = Libraries(load("gdi32"), load("winspool.drv"), pypdfium2.raw)
    found.gdi.CreateDCW.restype = c_void_p
    found.gdi.CreateDCW.argtypes = [c_wchar_p, c_wchar_p, c_wchar_p, c_void_p]
    found.gdi.GetDeviceCaps.argtypes = [c_void_p, ctypes.c_int]
    found.gdi.StartDocW.argtypes = [c_void_p, c_void_p]
    for name in ("StartPage", "EndPage", "EndDoc", "AbortDoc", "DeleteDC"):
        getattr(found.gdi, name).argtypes = [c_void_p]
    found.spool.OpenPrinterW.argtypes = [c_wchar_p, c_void_p, c_void_p]
    found.spool.ClosePrinter.argtypes = [c_void_p]
    found.spool.GetPrinterW.argtypes = [c_void_p, c_uint32, c_void_p, c_uint32, c_void_p]
    found.spool.GetDefaultPrinterW.argtypes = [c_void_p, c_void_p]
    found.spool.EnumPrintersW.argtypes = [c_uint32, c_wchar_p, c_uint32, c_void_p, c_uint32, c_void_p, c_void_p]
    found.spool.DocumentPropertiesW.argtypes = [c_void_p, c_void_p, c_wchar_p, c_void_p, c_void_p, c_uint32]
    return found


def can_draw() -> bool:
    """Whether PDFium is installed, which comes with the desk."""
    return find_spec("pypdfium2") is not None


def printers(using: Libraries) -> tuple[tuple[WindowsPrinter, ...], str]:
    """List the printers that are set up for this user, and the name of the usual one, or "".

    One that vanishes meanwhile is left out.
    """
    found = (_printer(using, name, attributes) for name, attributes in _names(using))
    return tuple(printer for printer in found if printer), _usual(using)


def _names(using: Libraries) -> Iterator[tuple[str, int]]:
    needed, count = c_uint32(), c_uint32()
    ask = using.spool.EnumPrintersW
    ask(_LOCAL_AND_CONNECTED, None, 4, None, 0, ctypes.byref(needed), ctypes.byref(count))
    buffer = ctypes.create_string_buffer(needed.value or 1)
    if ask(_LOCAL_AND_CONNECTED, None, 4, buffer, needed, ctypes.byref(needed), ctypes.byref(count)):
        for entry in (_PrinterInfo4 * count.value).from_buffer(buffer) if count.value else ():
            yield entry.name, entry.attributes


def _usual(using: Libraries) -> str:
    length = c_uint32()
    using.spool.GetDefaultPrinterW(None, ctypes.byref(length))
    name = ctypes.create_unicode_buffer(length.value or 1)
    return name.value if using.spool.GetDefaultPrinterW(name, ctypes.byref(length)) else ""


def _printer(using: Libraries, name: str, attributes: int) -> WindowsPrinter | None:
    status, needed = c_uint32(), c_uint32()  # PRINTER_INFO_6 is the status alone
    try:
        with _opened(using, name) as handle:
            using.spool.GetPrinterW(handle, 6, ctypes.byref(status), 4, ctypes.byref(needed))
    except WindowsPrintError:
        return None
    is_away = bool(status.value & _AWAY or attributes & _WORK_OFFLINE)
    return WindowsPrinter(name, bool(status.value & _PAUSED), is_away)


@contextmanager
def _opened(using: Libraries, name: str) -> Iterator[c_void_p]:
    handle = c_void_p()
    if not using.spool.OpenPrinterW(name, ctypes.byref(handle), None):
        raise WindowsPrintError("the printer is not there any more")
    try:
        yield handle
    finally:
        using.spool.ClosePrinter(handle)


def draw_file(path: Path, name: str, paper: str, title: str, using: Libraries, *, two_sided: bool) -> bool:
    """Print a PDF file in actual size on the printer `name`, and say whether its sides are as asked for.

    Raises WindowsPrintError if not all of it was taken; then nothing is printed.
    """
    from pypdfium2 import PdfDocument

    settings, has_sides = _settings(using, name, paper, _LONG_EDGE if two_sided else _SIMPLEX)
    context = using.gdi.CreateDCW("WINSPOOL", name, None, settings)
    if not context:
        raise WindowsPrintError("the driver of the printer does not answer")
    try:
        with _ONE_AT_A_TIME, PdfDocument(path.read_bytes()) as document:
            _draw(document, c_void_p(context), title, using)
    finally:
        using.gdi.DeleteDC(c_void_p(context))
    return has_sides


def _settings(using: Libraries, name: str, paper: str, duplex: int) -> tuple[Any, bool]:
    """Give the printer's own settings with ours in them as its driver accepts them, and whether it took the sides."""
    with _opened(using, name) as handle:
        size = using.spool.DocumentPropertiesW(None, handle, name, None, None, 0)
        if size < ctypes.sizeof(DevMode):
            raise WindowsPrintError("the driver of the printer does not say how it prints")
        buffer = ctypes.create_string_buffer(size)
        done = using.spool.DocumentPropertiesW(None, handle, name, buffer, None, _OUT)
        mode = DevMode.from_buffer(buffer)
        mode.orientation, mode.paper_size, mode.scale, mode.copies = _PORTRAIT, _PAPERS[paper], 100, 1
        mode.number_up, mode.duplex = _ONE_PAGE_A_SIDE, duplex
        mode.fields = (mode.fields | _SET) & ~_UNSET
        done = min(done, using.spool.DocumentPropertiesW(None, handle, name, buffer, buffer, _IN | _OUT))
        if done < 0:
            raise WindowsPrintError("the driver of the printer does not take these settings")
    has_sides = duplex == _SIMPLEX or (mode.duplex == duplex and bool(mode.fields & _DUPLEX_FIELD))
    return buffer, has_sides


def _draw(document: PdfDocument, context: c_void_p, title: str, using: Libraries) -> None:
    """Draw each page on a side of its own; a job that did not get all of them is taken back."""
    gdi = using.gdi
    info = _DocInfo(ctypes.sizeof(_DocInfo), title, None, None, 0)
    pages = [document[number] for number in range(len(document))]
    for page in pages:
        _check_paper(page, context, using)
    if gdi.StartDocW(context, ctypes.byref(info)) <= 0:
        raise WindowsPrintError("the print service did not take the pages")
    try:
        for page in pages:
            if gdi.StartPage(context) <= 0 or not _draw_page(page, context, using) or gdi.EndPage(context) <= 0:
                raise WindowsPrintError("the print service did not take all pages, and the job was taken back")
        if gdi.EndDoc(context) <= 0:
            raise WindowsPrintError("the print service did not take all pages, and the job was taken back")
    except BaseException:
        gdi.AbortDoc(context)
        raise


def _check_paper(page: PdfPage, context: c_void_p, using: Libraries) -> None:
    """Refuse a page that the printer's paper would cut off, or set into a corner of a larger one."""
    caps = using.gdi.GetDeviceCaps
    for length, pixels, dpi in zip(page.get_size(), (_PAPER_X, _PAPER_Y), (_DPI_X, _DPI_Y), strict=True):
        there = caps(context, pixels) * _POINTS / max(1, caps(context, dpi))
        if abs(there - length) > _LOOSE:
            raise WindowsPrintError("the printer does not have the paper that the pages are made for")


def _draw_page(page: PdfPage, context: c_void_p, using: Libraries) -> bool:
    """Draw a page at the printer's resolution; GDI begins to count where the printer can print, not at the edge."""
    caps = using.gdi.GetDeviceCaps
    left, top = -caps(context, _OFFSET_X), -caps(context, _OFFSET_Y)
    width, height = page.get_size()
    wide, high = (round(length * caps(context, dpi) / _POINTS) for length, dpi in ((width, _DPI_X), (height, _DPI_Y)))
    return bool(using.pdfium.FPDF_RenderPage(context, page, left, top, wide, high, 0, _FOR_PAPER))
