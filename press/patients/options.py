"""What staff typed for one patient, and what of it the date rules work on."""

from __future__ import annotations

from datetime import date

from press.content import fields
from press.content.fields import Appointment
from press.content.raw import Mapping as SourceMapping
from press.content.schema import (
    Context,
    Record,
    fields_of,
    key,
    list_of,
    read_record,
)
from press.errors import Problems
from press.records import dataclass
from press.treatment import Interval, Regimen


@dataclass(frozen=True, kw_only=True)
class Options(Record):
    """What staff typed for one patient. Everything may be left out."""

    code: str = key(fields.code, "")
    name: str = key(fields.name, "")
    language: str = key(fields.language, "")
    edition: str = key(fields.edition, "")
    paper: str = key(fields.paper, "")
    form: str = key(fields.form, "")
    reason: str = key(fields.reason, "")
    started: date | None = key(fields.date_, None)
    last_dose: date | None = key(fields.date_, None)
    interval: str = key(fields.interval, "")
    appointment: Appointment | None = key(fields.appointment, None)
    late_confirmed: bool = key(fields.flag, False)
    stopped: bool = key(fields.flag, False)
    prescriber: str = key(fields.name, "")
    naloxone_given: bool = key(fields.flag, False)
    handouts: tuple[str, ...] = key(list_of(fields.identifier), ())

    @property
    def dates(self) -> TypedDates:
        """All of it that the date rules work on."""
        return TypedDates(
            self.form, self.started, self.last_dose, self.interval, self.appointment, self.stopped, self.late_confirmed
        )


KEYS = tuple(fields_of(Options))


@dataclass(frozen=True, slots=True)
class TypedDates:
    """What of a patient's options the date rules work on; hashable, unlike the options."""

    form: str
    started: date | None
    last_dose: date | None
    interval: str
    appointment: Appointment | None
    stopped: bool
    late_confirmed: bool

    def regimen(self) -> Regimen:
        """The regimen that follows; without an interval it is the usual one of the form, marked as not given."""
        usual = Interval.FOUR_WEEKS if self.form == "injection" else Interval.DAILY
        return Regimen(
            form="injection" if self.form == "injection" else "tablet",
            last_dose=self.last_dose,
            interval=Interval(self.interval) if self.interval else usual,
            appointment=self.appointment.day if self.appointment else None,
            stopped=self.stopped,
            late_confirmed=self.late_confirmed,
            interval_given=bool(self.interval),
        )


def read_options(node: SourceMapping, problems: Problems | None = None) -> Options:
    """A patient's options; the problems never show a value.

    Raises HandoutError, or adds to `problems` and leaves out what is wrong.
    """
    found = Problems() if problems is None else problems
    options = read_record(Options, node, Context(found, private=True))
    if problems is None:
        found.raise_if_errors()
    return options
