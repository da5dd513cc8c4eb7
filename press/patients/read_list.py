"""Opens a clinic's list, CSV or XLSX, by what the file holds and not by its name."""

from __future__ import annotations

import re

from press.errors import Place, refuse
from press.patients import messages as faults
from press.patients.csv_file import read_delimited
from press.patients.table import Table
from press.patients.xlsx_guard import is_workbook

MOST_BYTES = 50_000_000

_OTHERS = (
    (re.compile(rb"\xd0\xcf\x11\xe0"), faults.OLD_WORKBOOK),
    (
        re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|table|meta|head|body)\b", re.IGNORECASE),
        faults.WEB_PAGE,
    ),
    (re.compile(rb"%PDF"), faults.PDF),
)


def read_table(data: bytes, file: str, encoding: str = "") -> Table:
    """Read the bytes of a file as a table; `file` is the name that problems show.

    `encoding`, one of `ENCODINGS`, says how the letters of a CSV are written where the file itself
    does not. Raises HandoutError.
    """
    if len(data) > MOST_BYTES:
        raise refuse(Place(file), *faults.TOO_LARGE, private=True)
    for start, sentence in _OTHERS:
        if start.match(data):
            raise refuse(Place(file), *sentence, private=True)
    if not data.startswith(b"PK\x03\x04"):
        return read_delimited(data, file, encoding)
    if not is_workbook(data):
        raise refuse(Place(file), *faults.OTHER_ZIP, private=True)
    if encoding:
        raise refuse(Place(file), *faults.NO_ENCODING_IN_WORKBOOKS, private=True)
    from press.patients.xlsx_file import read_workbook

    return read_workbook(data, file)
