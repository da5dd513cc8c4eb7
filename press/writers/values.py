"""Problems of values: a writer knows the field of a value, and never who typed it where."""

from __future__ import annotations

from press.errors import Place, Problem

_CLINICS_OWN = ("address", "approved_", "clinic_", "after_hours_", "injection_", "tablet_")


def is_clinics_own(field: str) -> bool:
    """Whether a value is from the clinic's own files, and so may be shown."""
    return field.startswith(_CLINICS_OWN)


def value_problem(field: str, message: str, hint: str) -> Problem:
    """Refuse a value; its place names the field, and whoever knows the values puts the file there."""
    own = is_clinics_own(field)
    return Problem(Place("config.yaml" if own else "options", heading=field), message, hint, private=not own)
