"""Made-up people: one list for the product and for every peer, and what stands on a person's page."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random

TODAY = date(2026, 11, 23)
INTERVAL = timedelta(weeks=4)
PERSONAL = ("name", "prescriber", "due")  # what the page shows of a person

_COLUMNS = ("code", "name", "form", "reason", "last_dose", "interval", "prescriber")
_FIRST = "Ada Bo Cleo Dev Emi Finn Gwen Hal Ines Jo Kai Lena Max Nia Olaf Pia Quin Rosa Sven Tess".split()
_SYLLABLES = "ba do fe gi ka lo me ni pa ro sa te va wo yu zi chu dra sto len".split()
_DOCTORS = tuple(
    f"Dr. {first} {last}" for first in ("Ana", "Ben", "Carl") for last in ("Sample", "Placeholder", "Mock")
)
# Last doses of the past two weeks, on days on which the clinic is open: nobody is late, and nobody
# is due on a closed day, so every page has the same blocks and no row a warning.
_DAYS = tuple(day for day in (TODAY - timedelta(days=number) for number in range(1, 15)) if day.weekday() < 5)
_VISITS = tuple(day for day in (TODAY + timedelta(days=number) for number in range(1, 22)) if day.weekday() < 5)


def write_list(path: Path, count: int) -> None:
    """A clinic's list of `count` people. The same number gives the same people, row by row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows(_row(number) for number in range(count))


def write_mixed(path: Path, count: int) -> None:
    """A list as varied as a clinic's, of `count` people. The same number gives the same people.

    Two languages, two sizes of print, both forms, every reason, early and late doses, nine prescribers.
    """
    pick = Random(6)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((*_COLUMNS, "language", "edition", "appointment", "naloxone_given"))
        for number in range(count):
            code, name, _, _, _, _, doctor = _row(number)
            shot = pick.random() < 0.8
            dose = f"{TODAY - timedelta(days=pick.randrange(1, 35))}" if shot else ""
            visit = f"{pick.choice(_VISITS)} 14:30" if pick.random() < 0.6 else ""
            kind = (
                "injection" if shot else "tablet",
                pick.choice(("opioid", "alcohol", "both")),
                dose,
                "4 weeks" if shot else "",
            )
            edition = "large-print" if pick.random() < 0.2 else "standard"
            writer.writerow(
                (code, name, *kind, doctor, pick.choice(("en", "es")), edition, visit, pick.choice(("yes", "")))
            )


def _row(number: int) -> tuple[str, ...]:
    name = f"{_FIRST[number % len(_FIRST)]} {_surname(number // len(_FIRST))}"
    return (
        f"B-{number + 1:06}",
        name,
        "injection",
        "opioid",
        f"{_DAYS[number % len(_DAYS)]}",
        "4 weeks",
        _DOCTORS[number % len(_DOCTORS)],
    )


def _surname(number: int) -> str:
    """A made-up surname of three syllables: 160,000 people have names that are all different."""
    many = len(_SYLLABLES)
    return "".join(_SYLLABLES[number // many**place % many] for place in (2, 1, 0)).capitalize()


def read_list(path: Path, count: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Code and page values of the first `count` people, as a peer reads them."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in islice(csv.DictReader(file), count):
            due = date.fromisoformat(row["last_dose"]) + INTERVAL
            yield row["code"], {"name": row["name"], "prescriber": row["prescriber"], "due": in_words(due)}


def in_words(day: date) -> str:
    """A day as the product writes it in English."""
    return f"{day:%A, %B} {day.day}, {day.year}"
