"""Opens a clinic's list, CSV or XLSX, by what the file holds and not by its name."""

from __future__ import annotations

import re

from press.errors import Place, refuse
from press.patients import messages as faults
from press.patients.csv_file import read_delimited, top_of_csv
from press.patients.encoding import find_text
from press.patients.recipe import PLAIN, Recipe
from press.patients.table import Row, Table

MOST_BYTES = 50_000_000
_WORKBOOKS = (".xlsx", ".xlsm")

_OTHERS = (
    (re.compile(rb"(?s)(?:\xef\xbb\xbf)?\s*<.{,500}http://hl7\.org/fhir"), faults.XML_RECORDS),
    (re.compile(rb"\xd0\xcf\x11\xe0"), faults.OLD_WORKBOOK),
    (
        re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|table|meta|head|body)\b", re.IGNORECASE),
        faults.WEB_PAGE,
    ),
    (re.compile(rb"%PDF"), faults.PDF),
)


def read_table(data: bytes, file: str, encoding: str = "", recipe: Recipe = PLAIN) -> Table:
    """Read the bytes of a file as a table; `file` is the name that problems show.

    `encoding`, one of `ENCODINGS`, says how the letters of a CSV are written where the file itself
    does not; a recipe's is taken for what is not UTF-8. Raises HandoutError.
    """
    if not _is_workbook(data, file):
        return read_delimited(data, file, _encoding_of(data, file, encoding, recipe.encoding), recipe)
    if encoding:
        raise refuse(Place(file), *faults.NO_ENCODING_IN_WORKBOOKS, private=True)
    from press.patients.xlsx_file import read_workbook

    return read_workbook(data, file, recipe)


def _encoding_of(data: bytes, file: str, encoding: str, fallback: str) -> str:
    """The encoding to read a text by; `fallback` is for what is not UTF-8 and does not say itself how it is written.

    Raises HandoutError for what is no text in it, under the name of a workbook.
    """
    if not encoding and fallback and not find_text(data, file).is_sound:
        encoding = fallback
    if file.lower().endswith(_WORKBOOKS) and not find_text(data, file, encoding).is_sound:
        raise refuse(Place(file), *faults.NO_WORKBOOK, private=True)
    return encoding


def read_tops(data: bytes, file: str, encoding: str = "", fallback: str = "") -> list[list[Row]]:
    """The first rows of a list, of each sheet of a workbook, to look for headings. Raises HandoutError."""
    if not _is_workbook(data, file):
        return [top_of_csv(data, file, _encoding_of(data, file, encoding, fallback))]
    from press.patients.xlsx_file import tops_of_workbook

    return list(tops_of_workbook(data, file))


def _is_workbook(data: bytes, file: str) -> bool:
    """Whether it is a workbook and no CSV. Raises HandoutError for anything else that is known."""
    if len(data) > MOST_BYTES:
        raise refuse(Place(file), *faults.TOO_LARGE, private=True)
    for start, sentence in _OTHERS:
        if start.match(data):
            raise refuse(Place(file), *sentence, private=True)
    if not data.startswith(b"PK\x03\x04"):
        return False
    from press.patients.xlsx_guard import is_workbook

    if not is_workbook(data):
        raise refuse(Place(file), *faults.OTHER_ZIP, private=True)
    return True
