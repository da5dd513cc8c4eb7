"""Frozen dataclasses do and refuse what those of Python's library do."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import pickle
import pkgutil
import weakref
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from types import ModuleType
from typing import Any, Generic, TypeVar

import msgspec
import pytest

import press
from press import records

PRESS = Path(records.__file__).parent
T = TypeVar("T")
NAN = float("nan")


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

    @dataclass(frozen=True)
    class Second(Plain):
        y: int = 3

        @cached_property
        def sum(self) -> int:
            return self.x + self.y

    @dataclass(frozen=True, kw_only=True)
    class Third(Second):
        z: int
        note: str = "+"

    @dataclass(frozen=True)
    class Alike:  # noqa: PLW1641 - the decorator gives it one
        x: int

        def __eq__(self, other: object) -> bool:
            return other.__class__ is self.__class__

    @dataclass(frozen=True)
    class BelowAlike(Alike):
        y: int = 0

    @dataclass(frozen=True, kw_only=True)
    class Compared(Plain):
        note: str = "now it is compared"

    @dataclass(frozen=True)
    class Said(Base):
        """A class with no field of its own."""

        def double(self) -> int:
            return 2 * self.x

    class Undecorated(Said):
        z: int = 5

        def half(self) -> float:
            return self.x / 2

    @dataclass(frozen=True)
    class Uneven:
        x: float
        note: str = dataclasses.field(default="-", compare=False)

    class Mixin:
        __slots__ = ()
        x: int

        def double(self) -> int:
            return 2 * self.x

    @dataclass(frozen=True, slots=True)
    class Mixed(Mixin):
        x: int

    @dataclass(frozen=True, repr=False)
    class Kind(Generic[T]):
        x: T

        def double(self) -> T:
            return self.x

        def __repr__(self) -> str:
            return "kind"

    @dataclass
    class Loose:
        x: int

    made = Plain, Base, Child, Named, Single, Own, Empty, Ordered, Second, Third, Alike, Mixed, Kind, Loose
    made += BelowAlike, Compared, Said, Undecorated, Uneven
    return {cls.__name__: cls for cls in made}


OURS, USUAL = classes(records), classes(dataclasses)

MADE: dict[str, Callable[[type[Any]], Any]] = {
    "Plain": lambda cls: cls(1, more=(2,)),
    "Base": lambda cls: cls(3),
    "Child": lambda cls: cls(3, 4),
    "Named": lambda cls: cls(y=5),
    "Single": lambda cls: cls(1),
    "Own": lambda cls: cls(1),
    "Empty": lambda cls: cls(),
    "Ordered": lambda cls: cls(1),
    "Second": lambda cls: cls(1, "a"),
    "Third": lambda cls: cls(1, z=4),
    "Alike": lambda cls: cls(1),
    "Mixed": lambda cls: cls(6),
    "Kind": lambda cls: cls(8),
    "Loose": lambda cls: cls(1),
    "BelowAlike": lambda cls: cls(1, 2),
    "Compared": lambda cls: cls(1),
    "Said": lambda cls: cls(3),
    "Undecorated": lambda cls: cls(3),
    "Uneven": lambda cls: cls(NAN),
}


def outcome(act: Callable[[], object]) -> tuple[type[Exception] | None, str]:
    """What an act gives, as text without the module that the class is from, or how it fails."""
    try:
        return None, repr(act())
    except (TypeError, ValueError) as error:
        return type(error), ""
    except AttributeError:
        return AttributeError, ""  # the library has one of its own, for a change


@pytest.mark.parametrize("name", MADE)
def test_a_record_is_replaced_as_the_library_does_it(name: str) -> None:
    one, bare = MADE[name](OURS[name]), type("Bare", (OURS[name],), {})
    changes: tuple[dict[str, int], ...] = ({}, {"x": 7}, {"y": 7}, {"x": 7, "y": 7}, {"unknown": 1})
    for change in changes:
        found = outcome(partial(records.replace, one, **change))
        usual = outcome(partial(dataclasses.replace, one, **change))
        assert found == usual, change
    assert type(records.replace(MADE[name](bare))) is bare


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize(
    "act",
    [
        lambda cls, one: one,
        lambda cls, one: one == MADE[cls.__name__](cls),
        lambda cls, one: one != MADE[cls.__name__](cls),
        lambda cls, one: one == object(),
        lambda cls, one: one != object(),
        lambda cls, one: (one.sum, one.sum),
        lambda cls, one: weakref.ref(one)() is one,
        lambda cls, one: (one == cls(1, "b"), one != cls(1, "b"), one == cls(1, "a", (5,))),
        lambda cls, one: [hash(one) == hash(cls(1, note)) for note in ("a", "b")],
        lambda cls, one: pickle.loads(pickle.dumps(one)),
        lambda cls, one: cls[int](3),
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
        lambda cls, one: one.half(),
        lambda cls, one: "field of its own" in (cls.__doc__ or "") and one.__doc__ is cls.__doc__,
        lambda cls, one: (cls.z, one.z) if cls.__name__ == "Undecorated" else 0,
        lambda cls, one: (one == cls(1, 3), one != cls(1, 3), one == cls(1, 2), one != cls(1, 2)),
        lambda cls, one: (cls(1, note="a") == cls(1, note="b"), cls(1, note="a") != cls(1, note="b")),
        lambda cls, one: (one == one, one != one, one == cls(NAN), one == dataclasses.replace(one)),
        lambda cls, one: one < one,
    ],
)
def test_a_class_does_what_the_usual_one_does(name: str, act: Callable[[type[Any], Any], object]) -> None:
    found, usual = (outcome(lambda cls=cls: act(cls, MADE[name](cls))) for cls in (OURS[name], USUAL[name]))

    assert found == usual


def test_equal_means_of_the_same_class() -> None:
    assert OURS["Child"](3) != OURS["Base"](3) and OURS["Plain"](1, "a") == OURS["Plain"](1, "b")
    assert hash(OURS["Base"](3)) == hash(OURS["Base"](3)) != hash(OURS["Base"](4))


def test_a_name_that_is_no_field_is_refused_too() -> None:
    """Python's own decorator fails of itself here, where a class has slots."""
    for name in ("Plain", "Base"):
        with pytest.raises(AttributeError):
            MADE[name](OURS[name]).other = 1


@records.dataclass(frozen=True, slots=True)
class Sent:
    """What goes to another process."""

    x: int
    y: str = "y"


def test_a_class_with_slots_goes_to_another_process_and_comes_back() -> None:
    back = pickle.loads(pickle.dumps(Sent(1)))

    assert back == Sent(1) and not hasattr(back, "__dict__")
    with pytest.raises(AttributeError):
        back.x = 2


def records_of_the_press() -> list[type[Any]]:
    """All its frozen classes."""
    names = [each.name for each in pkgutil.walk_packages(press.__path__, "press.") if "__main__" not in each.name]
    found = (value for name in names for value in vars(importlib.import_module(name)).values())
    return list(
        dict.fromkeys(
            it for it in found if isinstance(it, type) and it is not records.Frozen and issubclass(it, records.Frozen)
        )
    )


def test_what_is_not_compared_makes_no_difference_below_either() -> None:
    one = MADE["Second"](OURS["Second"])
    other = dataclasses.replace(one, note="b")

    assert one == other and not one != other  # noqa: SIM202 - each is a method of its own
    assert one != dataclasses.replace(one, y=7) and one != dataclasses.replace(one, x=7)


def test_the_library_describes_each_record_of_the_press_as_it_is_made() -> None:
    assert len(records_of_the_press()) > 300
    for cls in records_of_the_press():
        described = {field.name: field for field in dataclasses.fields(cls)}
        made = cls.__struct_fields__
        defaults = dict(zip(made[::-1], cls.__struct_defaults__[::-1], strict=False))

        assert sorted(described) == sorted(made), cls
        for name, field in described.items():
            found = defaults.get(name, msgspec.NODEFAULT)
            if field.default is not dataclasses.MISSING:
                assert found is field.default, (cls, name)
            elif field.default_factory is not dataclasses.MISSING:
                assert getattr(found, "factory", None) is field.default_factory, (cls, name)
            else:
                assert found is msgspec.NODEFAULT, (cls, name)
            assert field.init, f"{cls}: each field is a parameter"


@pytest.mark.parametrize("odd", [{"init": False}, {"kw_only": True}])
def test_what_msgspec_cannot_do_is_refused(odd: dict[str, bool]) -> None:
    with pytest.raises(TypeError, match="Odd: each field is a parameter"):

        @records.dataclass(frozen=True)
        class Odd:
            x: int = dataclasses.field(default=1, **odd)


def test_an_order_of_some_fields_is_refused() -> None:
    with pytest.raises(TypeError, match="an order is of all fields"):

        @records.dataclass(frozen=True, order=True)
        class Odd:
            x: int = dataclasses.field(default=1, compare=False)


def test_no_value_is_said_when_a_record_is_refused() -> None:
    for wrong in (lambda cls: cls("Zerbinetta", unknown="Papagena"), lambda cls: cls(*["Zerbinetta"] * 9)):
        with pytest.raises(TypeError) as told:
            wrong(OURS["Plain"])
        assert "Zerbinetta" not in str(told.value) and "Papagena" not in str(told.value)


def test_the_press_makes_its_classes_here_alone() -> None:
    """A class from the library costs each command its compiling, and cannot inherit from one of these."""
    users, others = 0, []
    for path in PRESS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and {"dataclass", "replace"} & {alias.name for alias in node.names}:
                users += node.module == "press.records"
                if node.module == "dataclasses" and path.name != "records.py":
                    others.append(path.name)

    assert users > 50 and others == []
