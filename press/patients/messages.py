"""What can be wrong with a clinic's list, in fixed sentences for the people who made it.

No sentence holds anything that stands in the list: a heading may be a patient's name, when the
headings are missing.
"""

from __future__ import annotations

from press.errors import Sentence

AS_CSV = "save the list as CSV UTF-8 or as XLSX"

# The file as a whole

EMPTY = Sentence("this list is empty", "the first row must hold headings such as code and last_dose")
NO_PEOPLE = Sentence("there is nobody below the headings of this list", "is it the right file?")
TOO_LARGE = Sentence("this list is larger than 50 MB", "is it the right file?")
OLD_WORKBOOK = Sentence("this is a workbook of the old kind (XLS), or one with a password", AS_CSV)
OTHER_ZIP = Sentence("this is a packed file, such as ODS or DOCX, and not a list", AS_CSV)
WEB_PAGE = Sentence("this is a web page under the name of a list", "open it in a spreadsheet, then " + AS_CSV)
XML_RECORDS = Sentence("these are records (FHIR) as XML", "export them as JSON or NDJSON")
PDF = Sentence("this is a PDF file and not a list", "ask for the list as CSV or XLSX")
OTHER_ENCODING = Sentence(
    "the encoding that was named is not the one in which this file says that it is written", "leave --encoding out"
)
NO_ENCODING_IN_WORKBOOKS = Sentence(
    "a workbook says itself how its letters are written, and an encoding was named", "leave --encoding out"
)
NO_SWITCHES_FOR_RECORDS = Sentence(
    "records (FHIR) say themselves how they are written, and an encoding, an order of dates or a recipe was named",
    "leave --encoding, --dates and --recipe out",
)
NO_RECORDS = Sentence("this command reads no records (FHIR)", "name a list as CSV or XLSX")
TOO_MANY_FAULTS = Sentence("more than 1,000 rows of this list cannot be read", "is it the right file?")


def lost_letters(encoding: str) -> Sentence:
    """Say that bytes are no letters of an encoding, and the ways out."""
    return Sentence(
        f"some letters here are not {encoding}, so nobody can tell which ones are meant",
        "save the list as CSV UTF-8; or, if you know the encoding in which it was saved, name it: --encoding NAME",
    )


def read_as(encoding: str) -> Sentence:
    """Say that the letters of the file are what staff said they are."""
    return Sentence(
        f"the letters of this list were read as {encoding}, as you said",
        "look at the accents in the names on the first pages",
    )


# The workbook

BROKEN_WORKBOOK = Sentence(
    "this workbook cannot be read; it may be damaged", "open it in a spreadsheet, then " + AS_CSV
)
NO_WORKBOOK = Sentence(
    "this is named like an Excel workbook and is none, or is damaged", "open it in a spreadsheet, then " + AS_CSV
)
LARGE_WORKBOOK = Sentence(
    "this workbook is too large: more than 4 million cells from its first to its last, or 200 MB unpacked",
    "copy the rows of the list into a new workbook",
)
NO_SHEET = Sentence("this workbook has no visible sheet with anything in it", "show the sheet with the list")

# The headings

NO_HEADINGS = "the first row must hold headings, such as code and last_dose"
ABOVE_HEADINGS = "delete the rows above the headings"
LEARN = Sentence(
    "headings that are not ours need not be changed", "`lists learn` with this list asks once what they mean"
)
TWICE = Sentence("this column has the same meaning as one before it", "remove one of the two, or rename it")

# A row

OPEN_QUOTE = Sentence(
    "a quote that opens in this row is never closed", "close it, or remove it; a quote in a text is typed twice"
)
STRAY_QUOTE = Sentence(
    "a quote is missing in this row, or one is too many", "put the whole text in quotes; a quote in it is typed twice"
)
SPACE_BEFORE_QUOTE = Sentence(
    "a space stands before a quote", "remove the space, or the text falls apart at its commas"
)
SWALLOWED = Sentence(
    "a text in quotes seems to swallow the next row of the list", "look for a quote that is missing, or too many"
)
TOO_LONG_ROW = Sentence(
    "this row goes on for more than 30 lines or 100,000 characters", "look for a quote that is never closed"
)
UNREADABLE_ROW = Sentence("this row cannot be read", "look at its quotes")
UNREADABLE_CELL = Sentence("a cell of this row cannot be read", "is there a date that is no date?")
CUT_OFF = Sentence("the list ends in the middle of this row", "was it still being written? save it again")
HEADINGS_AGAIN = Sentence("the headings stand here again", "remove this row; was a second list added below?")
COMMA_TOO_MANY = Sentence(
    "this row has a comma too many: its cells do not stand under their own headings",
    'put the text with the comma in quotes, as in "Last, First", or take the comma out',
)
NO_HEADING = Sentence(
    "a value stands in a column without a heading",
    "give the column a heading; or put quotes around a text with a comma, which pushes all that follows one column on",
)

# A cell

ERROR_CELL = Sentence(
    "the spreadsheet shows an error here, or a formula without a result", "mend the formula, or type the value"
)
NARROW = Sentence(
    "number signs stand in place of a value: the column was too narrow", "make the column wider and save again"
)
SHORTENED = Sentence("the spreadsheet has shortened a long number here", "format the column as text, and type it again")
DATE_FOR_CODE = Sentence(
    "there is a date in place of a code: a spreadsheet makes 1-Mar of MAR1",
    "format the column as text, and type the code again",
)
LIKE_DATE_OR_NUMBER = Sentence(
    "a spreadsheet may turn this code into a date or a number, as MAR1 into 1-Mar and 1E5 into 100000",
    "format the column as text; codes such as K-0417 are safe",
)
DAY_NUMBER = Sentence(
    "found the number of a day, expected a date as YYYY-MM-DD", "format the column as a date, YYYY-MM-DD"
)
CLOCK = Sentence("found a time of day with the date, expected a date as YYYY-MM-DD", "type the date alone")
LOST_LETTER = Sentence(
    "a question mark stands in a name", "if a letter was lost when the list was saved, save it as CSV UTF-8"
)
