"""What can be wrong with an export of records (FHIR), in fixed sentences; none holds what stands in a record."""

from __future__ import annotations

from press.errors import Sentence

_ALONE = "look into the record, and print this person alone, with what it says"
_AGAIN = "export the records again, whole"

# The export as a whole

NO_FHIR = Sentence("this is JSON, and no record (FHIR) stands in it", "is it the right file?")
BROKEN = Sentence("this export (FHIR) cannot be read: it is damaged or cut off", _AGAIN)
TOO_LARGE = Sentence(
    "this export is too large: 2 GB in all, or 20 MB for one record", "export fewer people, or fewer kinds of records"
)
UNREADABLE = Sentence("this export cannot be read", "is it open in another program, or are you not allowed to read it?")
CHANGED = Sentence("this export changed while it was read", "wait until it is finished, and try again")
DELETED = Sentence(
    "this is a history: it says which records were deleted since", "export the records as they are today, not a history"
)
PAGE = Sentence(
    "this is one page of several, and the next one is missing: a later dose may stand on it",
    "put all pages of the export into one folder, and name the folder",
)
NOBODY = Sentence(
    "nobody in this export has a record of naltrexone that config.yaml knows", "`fhir` in config.yaml has the codes"
)
TOLD_OF_ERRORS = Sentence(
    "the system that made this export says in it that something went wrong", "records may be missing: export again"
)
CODE_TWICE = Sentence("`fhir`: one code stands under two of injection, tablet and never", "leave it where it belongs")

# A person

DIED = Sentence("the record says that this person has died", "nothing is printed")
INACTIVE = Sentence(
    "this record of the person is no more in use, or another one has taken its place", "print from the other record"
)
MODIFIED = Sentence(
    "this record of the person carries a modifier (modifierExtension) that the press does not know", _ALONE
)
SAME_ID = Sentence("another person in this export has the same id, so nobody knows whose records these are", _AGAIN)
NEVER = Sentence(
    "`form`: this person has a medicine of bupropion with naltrexone, which these pages are not about",
    "ask the prescriber what it is for; no page of naltrexone alone fits it",
)
NO_IDENTIFIER = Sentence(
    "`code`: this person has no identifier that a code could be made from",
    "`record_system` under `fhir` in config.yaml names the identifier",
)
SEVERAL_IDENTIFIERS = Sentence(
    "`code`: this person has several identifiers, and none is marked as the record number",
    "`record_system` under `fhir` in config.yaml names the identifier",
)
SEVERAL_NAMES = Sentence("`name`: this person has more than one official name", _ALONE)
NO_REASON = Sentence(
    "`reason`: no code in the record says why this person is treated",
    "`fhir` in config.yaml has the codes of reasons, and may name one `reason` for everybody without",
)
NO_INTERVAL = Sentence(
    "`interval`: no order in the record says how often the dose is given",
    "`intervals` under `fhir` in config.yaml may name one for each form",
)
SEVERAL_ORDERS = Sentence("`interval`: the orders of this medicine say different intervals", _ALONE)
OTHER_INTERVAL = Sentence("`interval`: the order says an interval that is none of the press's", "ask the prescriber")
APPOINTMENT = Sentence("`appointment`: a booked appointment has no day and time that can be read", _ALONE)

# A dose

_NO_DOSE = "`last_dose`: no dose was given that this export knows of; the latest record of naltrexone is "
_LATER = "`last_dose`: after the last dose that was given comes "
PARTIAL = "an administration whose date lacks its day"
NO_ZONE = "an administration with a time and no time zone"
NO_DATE = "an administration without a date"
BAD_DATE = "an administration whose date is none"
MIDNIGHT = "an administration at midnight of universal time, which may be the day before here"
SEVERAL_DAYS = "an administration that went on for several days"
BOTH_FORMS = "an administration of an injection and of tablets at once"
TWO_FORMS = Sentence("`last_dose`: an injection and a tablet were given on the same last day", _ALONE)
UNKNOWN_CODE = "one under a code that config.yaml does not know"
UNRESOLVED = "one of a medicine that is not in this export"
A_MODIFIER = "one with a modifier (modifierExtension) that the press does not know"
STOPPED = Sentence(
    "`last_dose`: the order of this medicine was stopped, and nobody knows whether the treatment has ended",
    "ask the prescriber; if it has ended, print this person alone with --set stopped=yes",
)


def no_dose(what: str) -> Sentence:
    """Say that the only records of naltrexone are no doses, naming the latest of them."""
    return Sentence(f"{_NO_DOSE}{what}", "ask who gives the doses; an order or a plan is no dose")


def later(what: str) -> Sentence:
    """Say that a later record may be a dose and may be none, so that the last dose is in doubt."""
    return Sentence(f"{_LATER}{what}", "ask whether it was given, and print this person alone")
