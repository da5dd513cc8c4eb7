"""Frozen dataclasses whose methods are compiled when they are first called.

Python's own decorator compiles six methods for each class while its module is imported, which was a quarter of the
time of a command; most of them that command never calls. What a class can do, and what it refuses, is the same.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from types import FunctionType, MemberDescriptorType
from typing import TYPE_CHECKING, NoReturn

__all__ = ["dataclass", "replace"]
_REPLACE = "_replace_lazily"  # the method behind `replace`

if TYPE_CHECKING:
    from dataclasses import dataclass, replace

    from _typeshed import DataclassInstance
else:

    def dataclass(cls: type | None = None, /, **said: bool) -> object:
        """Make a class a dataclass, as the decorator of Python's library does, whose parameters it has.

        Only frozen classes without an order are lazy; the others are few, and left to the library.
        """
        return _decorate(said) if cls is None else _decorate(said)(cls)

    def replace(record: object, /, **changes: object) -> object:
        """Make a record with other values, as the function of Python's library does, in a third of its time."""
        method = getattr(record, _REPLACE, None)
        return method(**changes) if method else dataclasses.replace(record, **changes)


def _decorate(said: dict[str, bool]) -> Callable[[type], type]:
    if not said.get("frozen") or said.get("order"):
        return dataclasses.dataclass(**said)
    layout = {name: value for name, value in said.items() if name in ("slots", "kw_only")}

    def lazy(cls: type) -> type:
        made: type[DataclassInstance] = dataclasses.dataclass(init=False, repr=False, eq=False, **layout)(cls)
        _freeze(made, layout.get("slots", False))
        _add_lazily(made, "__init__", _init)
        _add_lazily(made, _REPLACE, _replace)
        if said.get("eq", True):
            _add_lazily(made, "__eq__", _eq)
            _add_lazily(made, "__hash__", _hash)
        if said.get("repr", True):
            _add(made, "__repr__", _repr)
        return made

    return lazy


def _freeze(made: type[DataclassInstance], slots: bool) -> None:
    """Refuse every change; the contents of slots are then pickled by hand, as Python sets them one by one."""
    _add(made, "__setattr__", _refuse_to_set)
    _add(made, "__delattr__", _refuse_to_delete)
    if slots:
        _add(made, "__getstate__", _state)
        _add(made, "__setstate__", _set_state)


def _add(made: type[DataclassInstance], name: str, method: Callable[..., object]) -> None:
    """Add a method, unless the class has its own; a hash of None is what Python puts beside an `__eq__`."""
    if made.__dict__.get(name) is None:
        setattr(made, name, method)


def _add_lazily(
    made: type[DataclassInstance], name: str, compile_it: Callable[[type[DataclassInstance]], Callable[..., object]]
) -> None:
    """Add a method that puts the compiled one into its place, and hands the first call on."""

    def first(self: object, *args: object, **kwargs: object) -> object:
        method = compile_it(made)
        setattr(made, name, method)
        return method(self, *args, **kwargs)

    _add(made, name, first)


def _init(made: type[DataclassInstance]) -> Callable[..., object]:
    """Compile `__init__`: parameters in the order of the fields, those by name alone last."""
    slots = _slots_of(made)
    known: dict[str, object] = {"missing": dataclasses.MISSING, "put": object.__setattr__}
    known |= {f"set_{name}": put for name, put in slots.items()}
    parameters: dict[bool, list[str]] = {False: [], True: []}
    body = []
    for field in dataclasses.fields(made):
        if not field.init:
            raise TypeError("every field of a lazy dataclass is a parameter")
        name, value, default = field.name, field.name, ""
        if field.default is not dataclasses.MISSING:
            known[f"default_{name}"] = field.default
            default = f"=default_{name}"
        elif field.default_factory is not dataclasses.MISSING:
            known[f"make_{name}"] = field.default_factory
            default, value = "=missing", f"make_{name}() if {name} is missing else {name}"
        parameters[bool(field.kw_only)].append(name + default)
        body.append(f"set_{name}(self, {value})" if name in slots else f"put(self, {name!r}, {value})")
    if hasattr(made, "__post_init__"):
        body.append("self.__post_init__()")
    by_name = ["*", *parameters[True]] if parameters[True] else []
    return _compiled(made, "__init__", ["self", *parameters[False], *by_name], body or ["pass"], known)


def _replace(made: type[DataclassInstance]) -> Callable[..., object]:
    """Compile what `replace` calls: each field by name, those that are not given as they are."""
    fields = sorted(dataclasses.fields(made), key=lambda field: bool(field.kw_only))
    values = {field.name: f"self.{field.name} if {field.name} is missing else {field.name}" for field in fields}
    known: dict[str, object] = {"missing": dataclasses.MISSING, "new": object.__new__}
    slots = _slots_of(made)
    if slots and len(slots) == len(fields) and not hasattr(made, "__post_init__"):
        known |= {f"set_{name}": put for name, put in slots.items()}
        body = ["made = new(self.__class__)", *(f"set_{name}(made, {value})" for name, value in values.items())]
        body.append("return made")
    else:
        given = [f"{field.name}={values[field.name]}" if field.kw_only else values[field.name] for field in fields]
        body = [f"return self.__class__({', '.join(given)})"]
    return _compiled(
        made, _REPLACE, ["self", *(["*"] if fields else []), *(f"{n}=missing" for n in values)], body, known
    )


def _slots_of(made: type[DataclassInstance]) -> dict[str, Callable[[object, object], None]]:
    """Find how to set each field that has a slot: directly, in two thirds of the time of `object.__setattr__`."""
    found = {field.name: getattr(made, field.name, None) for field in dataclasses.fields(made)}
    return {name: slot.__set__ for name, slot in found.items() if isinstance(slot, MemberDescriptorType)}


def _eq(made: type[DataclassInstance]) -> Callable[..., object]:
    same = f"{_values(made, 'self')} == {_values(made, 'other')}"
    body = [f"return {same} if other.__class__ is self.__class__ else NotImplemented"]
    return _compiled(made, "__eq__", ["self", "other"], body, {})


def _hash(made: type[DataclassInstance]) -> Callable[..., object]:
    return _compiled(made, "__hash__", ["self"], [f"return hash({_values(made, 'self')})"], {})


def _values(made: type[DataclassInstance], owner: str) -> str:
    """Write the compared fields as a tuple."""
    return "(" + "".join(f"{owner}.{field.name}, " for field in dataclasses.fields(made) if field.compare) + ")"


def _compiled(
    made: type[DataclassInstance], name: str, parameters: Iterable[str], body: Iterable[str], known: dict[str, object]
) -> Callable[..., object]:
    """Compile a method of a class from names of its fields alone: nothing of it comes from outside."""
    source = f"def {name}({', '.join(parameters)}):\n" + "".join(f" {line}\n" for line in body)
    exec(source, known)  # noqa: S102 - the way of Python's own dataclasses
    method = known[name]
    if not isinstance(method, FunctionType):
        raise TypeError("no method was compiled")
    method.__qualname__ = f"{made.__qualname__}.{name}"
    return method


def _repr(self: DataclassInstance) -> str:
    shown = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr)
    return f"{type(self).__qualname__}({shown})"


def _refuse_to_set(self: object, name: str, value: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: DataclassInstance) -> list[object]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _set_state(self: DataclassInstance, state: list[object]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)
