"""The clinic as config.yaml describes it. Frozen records; an unknown key is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping as AbstractMapping
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from press.content import fields
from press.content.fhir_rules import FhirRules
from press.content.raw import Scalar, Value
from press.content.schema import (
    Context,
    Kind,
    Record,
    Reject,
    choice,
    key,
    list_of,
    map_of,
    record_of,
    scalar,
)
from press.records import dataclass
from press.treatment import ClosedDays, DatePolicy

if TYPE_CHECKING:
    from press.delivery.server.address import ServerAddress

STAFF_LANGUAGES = ("en", "es")  # of the desk's screens
DATES = ("due", "danger", "watch", "appointment", "planned", "offered", "card")


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Reject("a time zone such as America/New_York") from None
    return text


def _read_ledger(node: Value, name: str, context: Context) -> str | ServerAddress:
    """The name of a file, or the address of a server, which is never shown when it is refused."""
    from press.delivery.server.address import AddressError, is_address, read_address

    if not isinstance(node, Scalar) or not is_address(node.text):
        return fields.line.read(node, name, context)
    try:
        return read_address(node.text)
    except AddressError as error:
        raise Reject(error.expected, error.hint, private=True) from None


_LEDGER = "ledger.sqlite"  # the file of this computer, where config.yaml names a server or nothing

# The clinic: config.yaml


@dataclass(frozen=True, kw_only=True)
class Product(Record):
    """What the clinic dispenses, and the label that its handouts must follow."""

    brand: str = key(fields.line, "")
    label: str = key(fields.month)


def _file_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}\.png", text, re.ASCII | re.IGNORECASE):
        raise Reject("the name of a PNG file in templates/, such as logo.png")
    return text


@dataclass(frozen=True, kw_only=True)
class LogoFile(Record):
    """The clinic's logo: a PNG file in `templates/`, and what it shows, for who does not see it."""

    file: str = key(scalar(_file_name))
    alt: str = key(fields.alt)


@dataclass(frozen=True, kw_only=True)
class Closed(Record):
    """When the clinic is closed. No list of holidays is built in."""

    weekdays: tuple[str, ...] = key(list_of(fields.weekday), ())
    dates: tuple[date, ...] = key(list_of(fields.date_), ())

    @cached_property
    def days(self) -> ClosedDays:
        """The same, as the date rules take it."""
        return ClosedDays(frozenset(fields.WEEKDAYS.index(name) for name in self.weekdays), frozenset(self.dates))


@dataclass(frozen=True, kw_only=True)
class Dates(Record):
    """Which dates the clinic prints on a patient's page."""

    print: tuple[str, ...] = key(list_of(choice(*DATES)), ("due", "danger", "appointment", "offered"))
    upcoming: int = key(fields.whole(1, 6), 1)

    @cached_property
    def policy(self) -> DatePolicy:
        """The same, as the date rules take it."""
        return DatePolicy(watch="watch" in self.print, upcoming=self.upcoming)


@dataclass(frozen=True, kw_only=True)
class Defaults(Record):
    """What is printed when nothing else is asked for."""

    language: str = key(fields.language, "en")
    edition: str = key(fields.edition, "standard")
    paper: str = key(fields.paper, "letter")
    form: str = key(fields.form)
    reason: str = key(fields.reason)


@dataclass(frozen=True, kw_only=True)
class Clinic(Record):
    """config.yaml: who hands the pages out. Empty phones print as lines to write on."""

    name: str = key(fields.line, "")
    address: tuple[str, ...] = key(list_of(fields.line), ())
    logo: LogoFile | None = key(record_of(LogoFile), None)
    phone: str = key(fields.phone, "")
    after_hours_phone: str = key(fields.phone, "")
    time_zone: str = key(scalar(_zone))
    closed: Closed = key(record_of(Closed), Closed())
    dates: Dates = key(record_of(Dates), Dates())
    defaults: Defaults = key(record_of(Defaults))
    products: AbstractMapping[str, Product] = key(map_of(record_of(Product), fields.form))
    sets: AbstractMapping[str, tuple[str, ...]] = key(
        map_of(list_of(fields.identifier), fields.identifier), MappingProxyType({})
    )
    output: str = key(fields.line, "out")
    ledger_: str | ServerAddress = key(Kind(_read_ledger, fields.line.schema), _LEDGER)
    site: str = key(fields.identifier, "")
    blank_sides: bool = key(fields.flag, False)
    left_out: AbstractMapping[str, str] = key(map_of(fields.reason_given, fields.fact), MappingProxyType({}))
    tablets_while_drinking: str = key(choice("avoid", "may"), "avoid")
    printer: str = key(fields.line, "")
    codes: str = key(choice("numbered", "any"), "numbered")
    appointment_qr: bool = key(fields.flag, False)
    calendar: tuple[str, ...] = key(list_of(choice("appointment", "due")), ("appointment",))
    fhir: FhirRules = key(record_of(FhirRules), FhirRules())
    staff_language: str = key(choice(*STAFF_LANGUAGES), STAFF_LANGUAGES[0])

    @property
    def ledger(self) -> str:
        """The file of the ledger on this computer."""
        return self.ledger_ if isinstance(self.ledger_, str) else _LEDGER

    @property
    def ledger_server(self) -> ServerAddress | None:
        """The server that many desks share, where there is one."""
        return None if isinstance(self.ledger_, str) else self.ledger_

    @cached_property
    def switches(self) -> AbstractMapping[str, str]:
        """The settings that decide which texts a page has, as words: who signs a handout signs them with it."""
        brands = [form for form, product in self.products.items() if product.brand]
        return MappingProxyType(
            {
                "dates/print": ", ".join(sorted(self.dates.print)),
                "dates/upcoming": str(self.dates.upcoming),
                "products with a brand": ", ".join(sorted(brands)),
                "tablets_while_drinking": self.tablets_while_drinking,
                **({"appointment_qr": "yes"} if self.appointment_qr else {}),
            }
        )
