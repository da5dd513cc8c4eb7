"""The list of the last run, to print one person's pages once more: only its path and its digest are remembered."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from press.delivery.disk_cache import keep, recall
from press.errors import HandoutError, Place, Problem, refuse
from press.patients.patient_list import PatientList, Reading, read_list
from press.patients.recipes import read_recipes
from press.patients.table import Record
from press.runs.handout import Site
from press.runs.record_settings import record_settings

_NAME = "last-list"
_PLACE = Place("--code")
_NONE = "no list was printed here yet, so nobody knows what belongs to this code"
_MOVED = "the list of the last run was moved or removed, so nobody knows what belongs to this code"
_CHANGED = "the list of the last run was changed since, so it may say something else of this person"
_UNREAD = "the list of the last run cannot be read without the switches that were typed with it"
_HINT_SAME = "name the list, with the same switches: `batch LIST --code CODE`; a recipe needs none: `lists learn LIST`"
_HINT = "name the list that holds today: `batch LIST --code CODE`"


def remember_list(root: Path, path: Path, sha256: str) -> None:
    """Remember which list was printed last, for this user alone."""
    keep(root, _NAME, "", {"path": str(path.absolute()), "sha256": sha256})


def recall_person(site: Site, code: str, day: date) -> Record:
    """Find the row of a code in the list of the last run, if that list is still as it was; records as of a day.

    Raises HandoutError: there is none, it was moved or changed, or nobody, or more than one, has the code.
    """
    people = _recall_list(site, day)
    found = people.records(code)
    if not found:
        raise refuse(_PLACE, "nobody on the list of the last run has this code", _HINT, private=True)
    if len(found) > 1:
        raise refuse(_PLACE, "more than one row of the list of the last run has this code", _HINT, private=True)
    return found[0]


def _recall_list(site: Site, day: date) -> PatientList:
    """The list of the last run, by its recipe; what was said of it with switches is not remembered."""
    kept = recall(site.root, _NAME, "")
    if not isinstance(kept, dict):
        raise refuse(_PLACE, _NONE, _HINT)
    path = Path(kept["path"])
    if not path.exists():
        raise refuse(_PLACE, _MOVED, _HINT)
    reading = Reading(recipes=read_recipes(site.root), fhir=lambda: record_settings(site, day))
    try:
        people = read_list(path, path.name, reading=reading)
    except HandoutError as error:
        raise HandoutError([*error.problems, Problem(_PLACE, _UNREAD, _HINT_SAME)]) from None
    if people.sha256 != kept["sha256"]:
        raise refuse(_PLACE, _CHANGED, _HINT)
    return people
