"""Make up readers: one for each kind of page that a handout can become."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

from press.compose.tailor import with_defaults
from press.content.approvals import Approval, State, Status
from press.content.clinic import Clinic
from press.content.fields import EDITIONS, FORMS, MODES, REASONS, Appointment
from press.patients.options import Options
from press.records import replace
from press.treatment import ClosedDays, DatePolicy, schedule

_AGES = {"normal": (1, 1), "past-danger": (28, 0), "due-today": (28, 3), "overdue": (35, 5)}  # days; shot, tablets


def make_readers(clinic: Clinic, language: str, today: date) -> Iterator[Options]:
    """A reader for each form, reason, treatment mode and edition."""
    for form, reason, mode, edition in product(FORMS, REASONS, MODES, EDITIONS):
        base = Options(language=language, form=form, reason=reason, edition=edition)
        if (options := in_mode(base, mode, today)) is not None:
            yield with_defaults(options, clinic)


def in_mode(options: Options, mode: str, today: date) -> Options | None:
    """Made-up dates that put a course into a treatment mode; None where nobody can be in it today.

    No tablet is past its day of danger and not late; nor is a shot in March, after a February of 28 days.
    """
    if mode in ("none", "stopped"):
        return replace(options, stopped=mode == "stopped")
    shot = options.form == "injection"
    dated = replace(
        options,
        last_dose=today - timedelta(days=_AGES[mode][not shot]),
        interval="month" if mode == "past-danger" else "4 weeks" if shot else "3 days",
        appointment=Appointment(today + timedelta(days=2)) if mode == "normal" else None,
    )
    found = schedule(dated.dates.regimen(), today, DatePolicy(), ClosedDays()).mode
    return dated if found.value == mode else None


def draft_and_final(today: date) -> tuple[Status, Status]:
    """The two states that a page is made in. The made-up signature is as long as real ones get."""
    until = today.replace(month=9, day=1)
    sample = Approval(
        handout="sample", language="en", version="1.0.0", by="Maximiliana Example", role="clinical pharmacist",
        on=until, until=until, fingerprint="", seal="", words={},
    )  # fmt: skip
    return Status(State.DRAFT), Status(State.APPROVED, sample)
