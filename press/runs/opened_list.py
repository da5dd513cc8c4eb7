"""A list as a clerk hands it over: bytes without a path, read by its recipe, or with what must be said of it first."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from press.errors import HandoutError, Problem
from press.patients.fhir.files import holds_export
from press.patients.fhir.settings import FhirSettings
from press.patients.learn import Column, columns_of
from press.patients.patient_list import PatientList, Reading, parse_list
from press.patients.recipes import ChosenRecipe, Recipes, choose_recipe, read_recipes
from press.records import dataclass


@dataclass(frozen=True)
class OpenedList:
    """A list that can be read: its people, what each of its columns holds, and by which recipe ("" for none)."""

    people: PatientList
    columns: tuple[Column, ...]
    recipe: str


@dataclass(frozen=True)
class UnreadList:
    """A list that cannot be read, and why; its columns, if staff can mend that by saying what they hold."""

    problems: tuple[Problem, ...]
    columns: tuple[Column, ...]
    recipe: str


def open_list(
    root: Path, data: bytes, shown: str, fhir: Callable[[], FhirSettings] | None = None
) -> OpenedList | UnreadList:
    """Read a list by the recipes of a clinic, records as `fhir` says; problems call it `shown`."""
    recipes = read_recipes(root)
    chosen, columns = (ChosenRecipe(), ()) if holds_export(BytesIO(data)) else _headings(recipes, data, shown)
    try:
        people = parse_list(data, shown, reading=Reading(recipe=chosen.name, recipes=recipes, fhir=fhir))
    except HandoutError as error:
        return UnreadList(error.problems, columns, chosen.name)
    return OpenedList(people, columns, chosen.name)


def _headings(recipes: Recipes, data: bytes, shown: str) -> tuple[ChosenRecipe, tuple[Column, ...]]:
    """The recipe of a table and its columns; none where there are none, which is told when the list itself is read."""
    chosen = _choose(recipes, data, shown)
    with suppress(HandoutError):
        return chosen, columns_of(data, shown, chosen.recipe)
    return chosen, ()


def _choose(recipes: Recipes, data: bytes, shown: str) -> ChosenRecipe:
    try:
        return choose_recipe(recipes, "", data, shown)
    except HandoutError:  # two fit, which reading the list tells as well
        return ChosenRecipe()
