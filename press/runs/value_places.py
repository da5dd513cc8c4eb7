"""The places of values: a writer that refuses a value knows its field alone, and not who typed it where."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from press.content.approvals import Status
from press.content.clinic import Clinic
from press.errors import HandoutError, Place, Problem
from press.patients.options import Options
from press.records import replace

_CLINIC = {"clinic_name": "name", "clinic_phone": "phone"}  # fields of a page that config.yaml calls otherwise


@contextmanager
def locating_values(options: Options, clinic: Clinic, status: Status) -> Iterator[None]:
    """Inside the `with`, a refused value is raised again with the place where it was typed."""
    try:
        yield
    except HandoutError as error:
        raise HandoutError(_located(problem, options, clinic, status) for problem in error.problems) from None


def _located(problem: Problem, options: Options, clinic: Clinic, status: Status) -> Problem:
    """The problem at its place; a place that names a field and no row is a writer's."""
    field = problem.place.heading
    if not field or problem.place.row:
        return problem
    place = options.place_of(field) if problem.private else _own_place(field, clinic, status)
    return replace(problem, place=place)


def _own_place(field: str, clinic: Clinic, status: Status) -> Place:
    """Where the clinic or whoever signed has written a value."""
    kind, _, part = field.partition("_")
    if kind == "approved" and status.approval:
        return status.approval.place_of(part)
    if kind in clinic.products:
        return clinic.products[kind].place_of(part)
    return clinic.place_of(_CLINIC.get(field, field))
