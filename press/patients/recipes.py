"""The recipes of a clinic, a folder of files, and which of them a list is read by: the one whose headings it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import field
from pathlib import Path

from press.errors import HandoutError, Place, Problem, Severity, did_you_mean, refuse
from press.patients.headings import fold
from press.patients.read_list import read_tops
from press.patients.recipe import PLAIN, Recipe, read_recipe
from press.records import dataclass, replace

FOLDER = "recipes"  # beside config.yaml


@dataclass(frozen=True)
class Recipes:
    """The recipes by name, and what is wrong with those that cannot be read: they stop no list of another kind."""

    found: Mapping[str, Recipe] = field(default_factory=dict)
    broken: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)


NO_RECIPES = Recipes()


@dataclass(frozen=True)
class ChosenRecipe:
    """What a list is read by, and what staff should know of it; `near` is to be told if it cannot be read.

    `name` is that of the recipe, "" if there is none.
    """

    recipe: Recipe = PLAIN
    name: str = ""
    notes: tuple[Problem, ...] = ()
    near: tuple[Problem, ...] = ()


def read_recipes(root: Path) -> Recipes:
    """Read every recipe of a clinic, once for a run."""
    found: dict[str, Recipe] = {}
    broken: dict[str, tuple[Problem, ...]] = {}
    for path in sorted((root / FOLDER).glob("*.yaml")):
        try:
            found[path.stem] = read_recipe(path, f"{FOLDER}/{path.name}")
        except HandoutError as error:
            broken[path.stem] = error.problems
    return Recipes(found, broken)


def choose_recipe(recipes: Recipes, name: str, data: bytes, file: str) -> ChosenRecipe:
    """Choose the recipe of this name, or the one whose headings the list has, the one with most of them.

    Raises HandoutError where the named one cannot be read, or two fit equally.
    """
    if name:
        return ChosenRecipe(_named(recipes, name), name, _notes(recipes, name, file))
    warnings = tuple(
        replace(problem, severity=Severity.WARNING) for problems in recipes.broken.values() for problem in problems
    )
    if not recipes.found:
        return ChosenRecipe(notes=warnings)
    missing = _missing_headings(recipes.found, data, file)
    fitting = [one for one in recipes.found if not missing[one]]
    most = max((len(recipes.found[one].headings) for one in fitting), default=0)
    best = [one for one in fitting if len(recipes.found[one].headings) == most]
    if len(best) > 1:
        hint = "name one of them: " + " or ".join(f"`--recipe {one}`" for one in best)
        raise refuse(Place(file), f"{len(best)} recipes fit the headings of this list", hint, private=True)
    if not best:
        return ChosenRecipe(notes=warnings, near=(*warnings, *_near_misses(recipes.found, missing, file)))
    return ChosenRecipe(recipes.found[best[0]], best[0], (*warnings, *_notes(recipes, best[0], file)))


def _named(recipes: Recipes, name: str) -> Recipe:
    if name in recipes.broken:
        raise HandoutError(recipes.broken[name])
    if name not in recipes.found:
        raise refuse(Place("--recipe"), "there is no such recipe", did_you_mean(name, recipes.found))
    return recipes.found[name]


def _notes(recipes: Recipes, name: str, file: str) -> tuple[Problem, ...]:
    """Say what a recipe fills in: it is on the pages, and not in the list."""
    filled = [f"{option} is {value}" for option, value in sorted(recipes.found[name].defaults.items())]
    message = f"read by the recipe {name}" + ("; where a row says nothing, " + ", ".join(filled) if filled else "")
    return (Problem(Place(file), message, severity=Severity.WARNING, private=True),)


def _near_misses(found: Mapping[str, Recipe], every: Mapping[str, Set[str]], file: str) -> Iterator[Problem]:
    """Name the recipes most of whose headings stand in the list: a program may have renamed a column since."""
    for name, recipe in found.items():
        missing = every[name]
        if 2 * len(missing) < len(recipe.headings):
            options = " and ".join(f"`{recipe.headings[heading]}`" for heading in recipe.headings if heading in missing)
            message = f"the recipe {name} would fit this list, but the heading for {options} is another one now"
            hint = f"name the column as before, or write its new heading into {FOLDER}/{name}.yaml"
            yield Problem(Place(file), message, hint, Severity.WARNING, private=True)


def _missing_headings(found: Mapping[str, Recipe], data: bytes, file: str) -> dict[str, Set[str]]:
    """The headings of each recipe that are missing in the row that has most of them, read in its encoding."""
    encodings = {recipe.encoding for recipe in found.values()}
    rows = {encoding: _heading_rows(data, file, encoding) for encoding in encodings}
    headings = {name: recipe.headings.keys() for name, recipe in found.items()}
    return {
        name: min((every - row for row in rows[found[name].encoding]), key=len, default=every)
        for name, every in headings.items()
    }


def _heading_rows(data: bytes, file: str, encoding: str) -> list[frozenset[str]]:
    try:
        tops = read_tops(data, file, fallback=encoding)
    except HandoutError:  # told when the list itself is read
        return []
    return [frozenset(map(fold, row.cells)) for top in tops for row in top]
