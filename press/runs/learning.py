"""Learn how a clinic's lists are written: a recipe beside config.yaml, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from press.content.fields import identifier
from press.content.raw import Scalar
from press.content.read_bytes import read_once
from press.content.schema import Context, Reject
from press.delivery.atomic import deliver
from press.delivery.files import FILES, SHARED_FILE, Files
from press.errors import Place, Problem, Problems, refuse
from press.patients.learn import Answers, Questions, learn, name_for
from press.patients.read_list import MOST_BYTES
from press.patients.recipe import Recipe, parse_recipe
from press.patients.recipes import FOLDER, choose_recipe, read_recipes
from press.records import dataclass, replace


@dataclass(frozen=True)
class LearnedList:
    """Where a recipe was written, the columns that it reads and leaves out, and what staff should look at."""

    path: Path
    read: tuple[str, ...]
    left_out: tuple[str, ...]
    problems: tuple[Problem, ...]


def learn_list(
    root: Path, path: Path, answers: Answers, name: str | None = None, *, files: Files = FILES
) -> LearnedList | Questions:
    """Make a recipe of a list and write it below `root`, or give everything that must be answered first.

    Raises HandoutError for what is no list, or if a recipe of this name, or for these headings, is there.
    """
    chosen = _checked(root, name or name_for(path.stem))
    data = read_once(path, path.name, MOST_BYTES, private=True)
    return _learn(root, data, path.name, answers, chosen, is_named=name is not None, files=files)


def learn_data(
    root: Path, data: bytes, shown: str, answers: Answers, name: str, replaced: str = "", *, files: Files = FILES
) -> LearnedList | Questions:
    """The same for the bytes of a list that problems call `shown`.

    The recipe `replaced` may be written anew under its own name; the words that it knows stay. Raises HandoutError.
    """
    if replaced:
        answers = replace(answers, words=_recipe_named(root, replaced).words)
    chosen = name if name == replaced else _checked(root, name)
    return _learn(root, data, shown, answers, chosen, is_named=False, replaced=replaced, files=files)


def _recipe_named(root: Path, name: str) -> Recipe:
    return choose_recipe(read_recipes(root), name, b"", "").recipe


def _learn(
    root: Path,
    data: bytes,
    file: str,
    answers: Answers,
    name: str,
    *,
    is_named: bool,
    files: Files,
    replaced: str = "",
) -> LearnedList | Questions:
    learned = learn(data, file, answers)
    if isinstance(learned, Questions):
        return learned
    shown = f"{FOLDER}/{name}.yaml"
    recipe = parse_recipe(learned.text, shown)  # a recipe cannot say what is not so, whoever answered
    if not is_named:
        _refuse_twin(root, recipe, replaced)
    written = deliver(learned.text.encode(), root / FOLDER, f"{name}.yaml", mode=SHARED_FILE, files=files)
    return LearnedList(written, learned.read, learned.left_out, learned.problems)


def _refuse_twin(root: Path, recipe: Recipe, replaced: str) -> None:
    """Refuse a second recipe for the same headings: no list would say by which of the two it is to be read."""
    for name, other in read_recipes(root).found.items():
        if name != replaced and other.headings.keys() == recipe.headings.keys():
            hint = "edit it, or remove it first; --name makes another one, which must then be named with --recipe"
            raise refuse(Place(f"{FOLDER}/{name}.yaml"), "this recipe reads such lists already", hint)


def _checked(root: Path, name: str) -> str:
    place = Place("--name")
    try:
        identifier.read(Scalar(name, place), "name", Context(Problems()))
    except Reject as error:
        raise refuse(place, f"the name of a recipe is {error.expected}") from None
    if (root / FOLDER / f"{name}.yaml").exists():
        hint = "edit it, remove it first, or choose another name with --name"
        raise refuse(Place(f"{FOLDER}/{name}.yaml"), "this recipe is there already", hint)
    return name
