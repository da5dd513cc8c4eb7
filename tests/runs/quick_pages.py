"""Made-up pages for tests of what is done with pages: small, different for each person, and made at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from press.delivery.ledger import LedgerRow
from press.errors import Place, Problem, Severity
from press.patients.patient_list import Entry
from press.runs.batch import Refused


@dataclass(frozen=True)
class Quick:
    """What stands for somebody's finished pages."""

    row: int
    code: str
    warnings: tuple[Problem, ...]
    need: None = None


def quick_pdf(code: str, length: int = 500) -> bytes:
    """A whole PDF as far as the check of finished files looks."""
    body = b"%PDF-1.7\n" + code.encode() * length
    return body + b"\nxref\n0 1\nstartxref\n%d\n%%%%EOF\n" % (len(body) + 1)


def name_of(code: str) -> str:
    return f"DRAFT-{code}-en.pdf"


def make_quick(monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[str], None] = lambda code: None) -> None:
    """Let `batch --separate` make such pages; `meanwhile` is called with the code of each person before."""

    def packets(press: Any, people: Iterable[Entry], order: Any) -> Iterator[Quick | Refused]:
        for entry in people:
            if entry.options is None:
                yield Refused(entry.row, "", entry.problems, entry.place)
                continue
            told = Problem(Place("list.csv", entry.row), "a warning", severity=Severity.WARNING, private=True)
            yield Quick(entry.row, entry.options.code, (told,) if entry.row % 5 == 0 else ())

    def person_files(press: Any, people: Iterable[Quick | Refused], order: Any, sides: int) -> Iterator[Any]:
        for one in people:
            if isinstance(one, Refused):
                yield one
            else:
                meanwhile(one.code)
                yield one, name_of(one.code), quick_pdf(one.code)

    def rows(one: Quick, run: str, at: datetime, sides: int) -> tuple[LedgerRow, ...]:
        return tuple(
            LedgerRow(at.isoformat(), one.code, topic, "1.0.0", "abcdef0", "en", "standard", "draft", run, 1)
            for topic in ("a", "b")
        )

    monkeypatch.setattr("press.runs.batch.packets", packets)
    monkeypatch.setattr("press.runs.separate_run.person_files", person_files)
    monkeypatch.setattr("press.runs.groups.rows", rows)
