"""Lazy dataclasses do and refuse what those of Python's library do."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import pickle
import pkgutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import press
from press import records
from press.records import AHEAD, ahead_name, source

PRESS = Path(records.__file__).parent


def classes(library: ModuleType) -> dict[str, type[Any]]:
    """The same classes, by the decorator of `library`."""
    dataclass: Callable[..., Any] = library.dataclass

    @dataclass(frozen=True)
    class Plain:
        x: int
        note: str = dataclasses.field(default="-", compare=False, repr=False)
        more: tuple[int, ...] = ()
        held: dict[str, int] = dataclasses.field(default_factory=dict)

    @dataclass(frozen=True, slots=True)
    class Base:
        x: int

    @dataclass(frozen=True, slots=True)
    class Child(Base):
        y: int = 2

        def double(self) -> int:
            return 2 * self.y

    @dataclass(frozen=True, kw_only=True)
    class Named:
        x: int = 1
        y: int

    @dataclass(frozen=True, eq=False)
    class Single:
        x: int

    @dataclass(frozen=True)
    class Own:
        x: int

        def __post_init__(self) -> None:
            if self.x < 0:
                raise ValueError("below zero")

        def __eq__(self, other: object) -> bool:
            return True

        def __hash__(self) -> int:
            return 7

        def __repr__(self) -> str:
            return "own"

    @dataclass(frozen=True)
    class Empty:
        pass

    @dataclass(frozen=True, order=True)
    class Ordered:
        x: int

    @dataclass
    class Loose:
        x: int

    return {cls.__name__: cls for cls in (Plain, Base, Child, Named, Single, Own, Empty, Ordered, Loose)}


LAZY, USUAL = classes(records), classes(dataclasses)

MADE: dict[str, Callable[[type[Any]], Any]] = {
    "Plain": lambda cls: cls(1, more=(2,)),
    "Base": lambda cls: cls(3),
    "Child": lambda cls: cls(3, 4),
    "Named": lambda cls: cls(y=5),
    "Single": lambda cls: cls(1),
    "Own": lambda cls: cls(1),
    "Empty": lambda cls: cls(),
    "Ordered": lambda cls: cls(1),
    "Loose": lambda cls: cls(1),
}


def outcome(act: Callable[[], object]) -> tuple[str, str]:
    """What an act gives, or how it fails, as text without the module that the class is from."""
    try:
        return "gives", repr(act())
    except (TypeError, ValueError, AttributeError) as error:
        return type(error).__name__, str(error)


@pytest.mark.parametrize("name", MADE)
def test_a_record_is_replaced_as_the_library_does_it(name: str) -> None:
    one, bare = MADE[name](LAZY[name]), type("Bare", (LAZY[name],), {})
    changes: tuple[dict[str, int], ...] = ({}, {"x": 7}, {"y": 7}, {"x": 7, "y": 7}, {"unknown": 1})
    for change in changes:
        found = outcome(partial(records.replace, one, **change))
        usual = outcome(partial(dataclasses.replace, one, **change))
        assert found[0] == usual[0] and (found == usual or found[0] == "TypeError"), change
    assert type(records.replace(MADE[name](bare))) is bare


@pytest.mark.parametrize("name", LAZY)
@pytest.mark.parametrize(
    "act",
    [
        lambda cls, one: one,
        lambda cls, one: one == MADE[cls.__name__](cls),
        lambda cls, one: one == object(),
        lambda cls, one: len({one, MADE[cls.__name__](cls)}),
        lambda cls, one: dataclasses.replace(one, x=-1),
        lambda cls, one: dataclasses.replace(one, x=9) == one,
        lambda cls, one: setattr(one, "x", 2),
        lambda cls, one: delattr(one, "x"),
        lambda cls, one: cls(1, 2, 3, 4, 5, 6),
        lambda cls, one: cls(unknown=1),
        lambda cls, one: [field.name for field in dataclasses.fields(one)],
        lambda cls, one: cls.__match_args__,
        lambda cls, one: one.held is MADE[cls.__name__](cls).held,
        lambda cls, one: one.double(),
        lambda cls, one: one < one,
    ],
)
def test_a_lazy_class_does_what_the_usual_one_does(name: str, act: Callable[[type[Any], Any], object]) -> None:
    found, usual = (outcome(lambda cls=cls: act(cls, MADE[name](cls))) for cls in (LAZY[name], USUAL[name]))

    assert found == usual


def test_equal_means_of_the_same_class() -> None:
    assert LAZY["Child"](3) != LAZY["Base"](3) and LAZY["Plain"](1, "a") == LAZY["Plain"](1, "b")
    assert hash(LAZY["Base"](3)) == hash(LAZY["Base"](3)) != hash(LAZY["Base"](4))


def test_a_name_that_is_no_field_is_refused_too() -> None:
    """Python's own decorator fails of itself here, where a class has slots."""
    for name in ("Plain", "Base"):
        with pytest.raises(dataclasses.FrozenInstanceError, match="other"):
            MADE[name](LAZY[name]).other = 1


@records.dataclass(frozen=True, slots=True)
class Sent:
    """What goes to another process."""

    x: int
    y: str = "y"


def test_a_class_with_slots_goes_to_another_process_and_comes_back() -> None:
    back = pickle.loads(pickle.dumps(Sent(1)))

    assert back == Sent(1) and not hasattr(back, "__dict__")
    with pytest.raises(dataclasses.FrozenInstanceError):
        back.x = 2


def test_nothing_is_compiled_before_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason why these classes are there."""
    compiled: list[str] = []
    before = records._compiled
    monkeypatch.setattr(
        records, "_compiled", lambda made, name, *rest: compiled.append(name) or before(made, name, *rest)
    )

    made = classes(records)["Plain"]
    assert compiled == []
    assert made(1) == made(1) and made(2) != made(1)

    assert compiled == ["__init__", "__eq__"]


def records_of_the_press() -> list[type[Any]]:
    """All its lazy classes."""
    names = [each.name for each in pkgutil.walk_packages(press.__path__, "press.") if "__main__" not in each.name]
    found = (value for name in names for value in vars(importlib.import_module(name)).values())
    return list(dict.fromkeys(it for it in found if isinstance(it, type) and records._OWN in vars(it)))


def test_the_methods_of_the_press_are_compiled_ahead(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources: dict[str, str] = {}
    shape = records._shape
    monkeypatch.setattr(records, "_shape", lambda *of: sources.update({ahead_name(*of): source(*of)}) or shape(*of))
    classes = records_of_the_press()
    for cls in classes:
        for compile_it in (records._init, records._replace, records._hash, partial(records._comparison, "__eq__")):
            compile_it(cls)
    if request.config.getoption("update_goldens"):
        AHEAD.write_text("".join(sources[name] for name in sorted(sources)), "ascii")

    assert len(classes) > 300 and len(sources) > 100
    assert AHEAD.read_text("ascii") == "".join(sources[name] for name in sorted(sources))


def test_a_method_that_was_not_compiled_ahead_is_compiled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Also where the file is not there at all."""
    monkeypatch.setattr(records, "AHEAD", tmp_path / "methods.txt")
    monkeypatch.setattr(records, "_ahead", records._ahead.__wrapped__)
    monkeypatch.setattr(records, "_shape", records._shape.__wrapped__)
    made = classes(records)["Child"]

    assert MADE["Child"](made) == MADE["Child"](made) and MADE["Child"](made).double() == 8


def test_the_library_describes_each_record_of_the_press_as_it_is_here() -> None:
    asked = ("name", "default", "default_factory", "init", "repr", "compare", "metadata", "kw_only")
    for cls in records_of_the_press():
        ours, theirs = (
            [[getattr(field, name) for name in asked] for field in found(cls)]
            for found in (records.fields, dataclasses.fields)
        )
        assert ours == theirs, cls


def test_a_field_that_is_no_parameter_is_refused() -> None:
    @records.dataclass(frozen=True)
    class Odd:
        x: int = dataclasses.field(default=1, init=False)

    with pytest.raises(TypeError, match="is a parameter"):
        Odd()


def test_the_press_makes_its_classes_here_alone() -> None:
    """A class from the library costs each command its compiling, and cannot inherit from a lazy one."""
    users, others = 0, []
    for path in PRESS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and {"dataclass", "replace"} & {alias.name for alias in node.names}:
                users += node.module == "press.records"
                if node.module == "dataclasses" and path.name != "records.py":
                    others.append(path.name)

    assert users > 50 and others == []
