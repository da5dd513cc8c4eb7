"""Frozen dataclasses whose methods are compiled when they are first called.

Python's own decorator compiles six methods for each class while its module is imported, which was a quarter of the
time of a command; most of them that command never calls. What a class can do, and what it refuses, is the same.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence, Sized
from functools import cache, partial
from types import CodeType, FunctionType, MemberDescriptorType
from typing import TYPE_CHECKING, NoReturn

__all__ = ["dataclass", "replace"]
_REPLACE = "_replace_lazily"  # the method behind `replace`

_SIGNS = {"__eq__": "==", "__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}

if TYPE_CHECKING:
    from dataclasses import dataclass, replace

    from _typeshed import DataclassInstance
else:

    def dataclass(cls: type | None = None, /, **said: bool) -> object:
        """Make a class a dataclass, as the decorator of Python's library does, whose parameters it has.

        Only frozen classes are lazy; the others are few, and left to the library.
        """
        return _decorate(said) if cls is None else _decorate(said)(cls)

    def replace(record: object, /, **changes: object) -> object:
        """Make a record with other values, as the function of Python's library does, in half of its time."""
        return getattr(record, _REPLACE, partial(dataclasses.replace, record))(**changes)


def _decorate(said: dict[str, bool]) -> Callable[[type], type]:
    if not said.get("frozen"):
        return dataclasses.dataclass(**said)
    layout = {name: value for name, value in said.items() if name in ("slots", "kw_only")}

    def lazy(cls: type) -> type:
        made: type[DataclassInstance] = dataclasses.dataclass(init=False, repr=False, eq=False, **layout)(cls)
        _freeze(made, layout.get("slots", False))
        _add_lazily(made, "__init__", _init)
        _add_lazily(made, _REPLACE, _replace)
        if said.get("eq", True):
            _add_lazily(made, "__hash__", _hash)
            for name in _SIGNS if said.get("order") else ("__eq__",):
                _add_lazily(made, name, partial(_comparison, name))
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
    fields = sorted(dataclasses.fields(made), key=lambda field: bool(field.kw_only))
    setters = _setters(fields, made)
    known: dict[str, object] = {"missing": dataclasses.MISSING, "put": object.__setattr__, **setters}
    body = []
    for field, name in zip(fields, _stand_ins(fields), strict=True):
        value = name
        if field.default_factory is not dataclasses.MISSING:
            known[f"make_{name}"] = field.default_factory
            value = f"make_{name}() if {name} is missing else {name}"
        body.append(f"set{name}(self, {value})" if f"set{name}" in setters else f"put(self, {name!r}, {value})")
    if hasattr(made, "__post_init__"):
        body.append("self.__post_init__()")
    names = [field.name for field in fields]
    method = _compiled(made, "__init__", ["self", *_stand_ins(fields)], body or ["pass"], names, known)
    _set_defaults(method, fields)
    return method


def _set_defaults(method: FunctionType, fields: Sequence[dataclasses.Field[object]]) -> None:
    """Say which parameters have a default (one that a factory makes: MISSING), and which are given by name alone."""
    has_default = [field.default_factory is not field.default for field in fields]  # one of them is MISSING, or both
    by_name = [bool(field.kw_only) for field in fields]
    in_order = [has for has, alone in zip(has_default, by_name, strict=True) if not alone]
    if not all(field.init for field in fields) or in_order != sorted(in_order):
        raise TypeError("every field of a lazy dataclass is a parameter, and those with a default come last")
    method.__code__ = method.__code__.replace(
        co_argcount=1 + len(in_order), co_kwonlyargcount=len(fields) - len(in_order)
    )
    defaults = {field.name: field.default for field, has in zip(fields, has_default, strict=True) if has}
    method.__kwdefaults__ = {f.name: defaults.pop(f.name) for f in fields if f.kw_only and f.name in defaults}
    method.__defaults__ = tuple(defaults.values())


def _replace(made: type[DataclassInstance]) -> Callable[..., object]:
    """Compile what `replace` calls: each field by name, those that are not given as they are."""
    fields = dataclasses.fields(made)
    setters = _setters(fields, made)
    if len(setters) < len(fields) or not fields or hasattr(made, "__post_init__"):
        return dataclasses.replace
    known: dict[str, object] = {"missing": dataclasses.MISSING, "new": object.__new__, **setters}
    body = [f"set{name}(made, self.{name} if {name} is missing else {name})" for name in _stand_ins(fields)]
    body = ["made = new(self.__class__)", *body, "return made"]
    names = [field.name for field in fields]
    method = _compiled(made, _REPLACE, ["self", "*", *_stand_ins(fields)], body, names, known)
    method.__kwdefaults__ = dict.fromkeys(names, dataclasses.MISSING)
    return method


def _setters(
    fields: Sequence[dataclasses.Field[object]], made: type[DataclassInstance]
) -> dict[str, Callable[[object, object], None]]:
    """Find how to set the fields that have a slot: directly, in two thirds of the time of `object.__setattr__`."""
    slots = {name: getattr(made, field.name, None) for field, name in zip(fields, _stand_ins(fields), strict=True)}
    return {f"set{name}": slot.__set__ for name, slot in slots.items() if isinstance(slot, MemberDescriptorType)}


def _comparison(name: str, made: type[DataclassInstance]) -> Callable[..., object]:
    names = _compared(made)
    found = f"{_values(names, 'self')} {_SIGNS[name]} {_values(names, 'other')}"
    body = [f"return {found} if other.__class__ is self.__class__ else NotImplemented"]
    return _compiled(made, name, ["self", "other"], body, names, {})


def _hash(made: type[DataclassInstance]) -> Callable[..., object]:
    names = _compared(made)
    return _compiled(made, "__hash__", ["self"], [f"return hash({_values(names, 'self')})"], names, {})


def _compared(made: type[DataclassInstance]) -> list[str]:
    return [field.name for field in dataclasses.fields(made) if field.compare]


def _values(names: list[str], owner: str) -> str:
    """Write fields as a tuple."""
    return "(" + "".join(f"{owner}.{name}, " for name in _stand_ins(names)) + ")"


def _stand_ins(fields: Sized) -> list[str]:
    """Give fields names that every class has, by their places: classes of one shape are then compiled once."""
    return [f"_field_{place}" for place in range(len(fields))]


def _compiled(
    made: type[DataclassInstance],
    name: str,
    parameters: Iterable[str],
    body: Iterable[str],
    names: list[str],
    known: dict[str, object],
) -> FunctionType:
    """Make a method of a class from code in which the `names` of its fields stand for their stand-ins."""
    code = _shape(name, f"def {name}({', '.join(parameters)}):\n" + "".join(f" {line}\n" for line in body))
    own = dict(zip(_stand_ins(names), names, strict=True))
    method = FunctionType(
        code.replace(
            co_varnames=tuple(own.get(each, each) for each in code.co_varnames),
            co_names=tuple(own.get(each, each) for each in code.co_names),
            co_consts=tuple(own.get(each, each) for each in code.co_consts),
        ),
        known,
        name,
    )
    method.__qualname__ = f"{made.__qualname__}.{name}"
    return method


@cache
def _shape(name: str, source: str) -> CodeType:
    """Compile a method for all classes of a shape; nothing of it comes from outside."""
    known: dict[str, object] = {}
    exec(source, known)  # noqa: S102 - the way of Python's own dataclasses
    method = known[name]
    if not isinstance(method, FunctionType):
        raise TypeError("no method was compiled")
    return method.__code__


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
