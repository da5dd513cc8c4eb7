"""Frozen dataclasses that msgspec makes, with methods in C.

Python's own decorator describes each field and compiles six methods for each class while its module is imported, which
was a third of the time of a command; to make its records and to compare them was an eighth of the time of a list. What
a class can do, and what it refuses, is the same, but: a change is refused by an AttributeError; a default is no
attribute of the class; `vars` of a record has its cached properties alone, and they are not pickled; its methods cannot
call `super()`; one of plain values alone, whose cached property leads back to it, is never collected.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, Field
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic

import msgspec
from msgspec import structs

__all__ = ["dataclass", "replace"]
_DESCRIBED = "__dataclass_fields__"  # where Python's library looks for the fields of a class
_WRITTEN = "_written"  # a class that the decorator has still to make, as its statement gave it
_OWN = "_own"  # the fields that a class adds: their types, what is said of them, whether they are given by name alone
_UNCOMPARED = "_uncompared"  # its fields that are not compared
_OF_PYTHON = frozenset({"__dict__", "__weakref__", "__parameters__"})  # what no statement says of a class

if TYPE_CHECKING:
    from dataclasses import dataclass, replace

    from _typeshed import DataclassInstance
else:

    def dataclass(cls: type | None = None, /, *, frozen: bool = False, **said: bool) -> object:
        """Make a class a dataclass, as the decorator of Python's library does, whose parameters it has.

        Those that are not frozen are few, and left to the library.
        """
        decorate = _frozen(**said) if frozen else dataclasses.dataclass(**said)
        return decorate if cls is None else decorate(cls)

    def replace(record: object, /, **changes: object) -> object:
        """Make a record with other values, as the function of Python's library does, in a tenth of its time."""
        return (structs.replace if isinstance(record, Frozen) else dataclasses.replace)(record, **changes)


class _FrozenClass(msgspec.StructMeta):
    """The class of frozen classes. A statement of one below another keeps what is written, for the decorator."""

    def __new__(
        cls,
        name: str,
        bases: tuple[type, ...],
        body: dict[str, Any],
        **config: Any,  # noqa: ANN401 - as msgspec has it
    ) -> _FrozenClass:
        if not config:
            bare = {key: value for key, value in body.items() if key != "__annotations__"}
            return super().__new__(cls, name, bases, {**bare, _WRITTEN: body})
        return super().__new__(cls, name, bases, body, **config)


class Frozen(msgspec.Struct, metaclass=_FrozenClass, frozen=True):
    """What all frozen classes are below."""


def _frozen(
    *,
    slots: bool = False,
    kw_only: bool = False,
    order: bool = False,
    eq: bool = True,
    repr: bool = True,  # noqa: A002 - the decorator's name for it
) -> Callable[[type], type]:
    """Give what makes a class frozen, as it was said to the decorator."""

    def make(cls: type) -> type:
        written = vars(cls)[_WRITTEN] if issubclass(cls, Frozen) else vars(cls)
        own = written.get("__annotations__", {})
        said = {name: written[name] for name in own if name in written}
        inherited: frozenset[str] = getattr(cls, _UNCOMPARED, frozenset())
        uncompared = inherited.difference(own) | {name for name, each in said.items() if not _is_compared(each)}
        _check(cls, said.values(), is_ordered_in_part=order and bool(uncompared))
        body = {name: value for name, value in written.items() if name not in _OF_PYTHON and name not in own}
        body |= {name: _default(each) for name, each in said.items() if _has_default(each)}
        body |= {_OWN: (own, said, kw_only), _UNCOMPARED: uncompared, _DESCRIBED: _Description()}
        body |= {"__annotations__": own, "__qualname__": written.get("__qualname__", cls.__qualname__)}
        body.setdefault("__repr__", _repr if repr else object.__repr__)
        if eq and (uncompared or _compares_itself(cls)):
            names = dict.fromkeys((*getattr(cls, "__struct_fields__", ()), *own))
            body |= _comparing([name for name in names if name not in uncompared], body)
        config = {"eq": eq and not uncompared, "order": order, "kw_only": kw_only}
        made: type = _FrozenClass(
            cls.__name__, _bases(cls), body, frozen=True, dict=not slots, weakref=not slots, **config
        )
        return made

    return make


def _check(cls: type, said: Iterable[object], *, is_ordered_in_part: bool) -> None:
    """Raise TypeError for what Python's library does and msgspec does not."""
    odd = [field for field in said if isinstance(field, Field) and (not field.init or field.kw_only is not MISSING)]
    if odd or is_ordered_in_part:
        raise TypeError(
            f"{cls.__name__}: each field is a parameter, in its place or all by name; an order is of all fields"
        )


def _bases(cls: type) -> tuple[type, ...]:
    """Put what all frozen classes are below among the bases of a class."""
    if issubclass(cls, Frozen):
        return cls.__bases__
    others = tuple([base for base in cls.__bases__ if base not in (object, Generic)])
    return (*others, Frozen, *([Generic] if Generic in cls.__bases__ else []))


def _compares_itself(cls: type) -> bool:
    """Whether a class, or one above it, has another `__eq__` than msgspec's: that would be inherited."""
    return any("__eq__" in vars(each) for each in cls.__mro__ if each is cls or issubclass(each, Frozen))


def _is_compared(said: object) -> bool:
    return not isinstance(said, Field) or bool(said.compare)


def _has_default(said: object) -> bool:
    return not isinstance(said, Field) or said.default is not MISSING or said.default_factory is not MISSING


def _default(said: object) -> object:
    """Say to msgspec what the library is told: a default, or what makes one."""
    if not isinstance(said, Field):
        return said
    make: Any = said.default_factory
    return msgspec.field(default_factory=make) if said.default is MISSING else said.default


def _comparing(names: list[str], body: Mapping[str, Any]) -> dict[str, Callable[..., object]]:
    """Compare by these fields, or as a class says itself: msgspec knows neither."""
    values: Callable[[object], object] = attrgetter(*names, *names[:1]) if names else lambda _: ()  # always a tuple

    def is_equal(self: object, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def hash_it(self: object) -> int:
        return hash(values(self))

    found = {"__eq__": body.get("__eq__", is_equal), "__hash__": body.get("__hash__") or hash_it}
    return {**found, "__ne__": object.__ne__}


class _Description:
    """The fields of a class as Python's library describes them, found when somebody asks."""

    def __get__(self, _: object, owner: type) -> Mapping[str, Field[object]]:
        found = {field.name: field for cls in reversed(owner.__mro__) for field in _describe(cls)}
        setattr(owner, _DESCRIBED, found)
        return found


def _describe(cls: type) -> Iterator[Field[object]]:
    """Describe the fields that a class adds, or has another default for. All annotations are fields."""
    own, said, by_name = vars(cls).get(_OWN, ({}, {}, False))
    for name, kind in own.items():
        default = said.get(name, MISSING)
        field: Any = default if isinstance(default, Field) else dataclasses.field(default=default)
        field.name, field.type, field.kw_only = name, kind, by_name
        field._field_type = dataclasses._FIELD  # type: ignore[attr-defined]  # by which the library knows its own
        yield field


def _repr(self: DataclassInstance) -> str:
    shown = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr)
    return f"{type(self).__qualname__}({shown})"
