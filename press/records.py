"""Frozen dataclasses whose methods are compiled when they are first called.

Python's own decorator describes each field and compiles six methods for each class while its module is imported, which
was a third of the time of a command; most of it that command never asks for. What a class can do, and what it refuses,
is the same. The methods of the press's own classes are compiled ahead: `pytest --update-goldens tests/test_records.py`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from importlib.machinery import SourceFileLoader
from pathlib import Path
from threading import RLock
from types import CodeType, FunctionType, MemberDescriptorType
from typing import TYPE_CHECKING, NoReturn

__all__ = ["dataclass", "fields", "replace"]
_REPLACE = "_replace_lazily"  # the method behind `replace`
AHEAD = Path(__file__).parent / "data" / "methods.txt"
_OWN = "_fields_by_name"  # what `fields` lists
# What the library leaves on a class.
_DESCRIBED, _PARAMETERS, _MATCHED = "__dataclass_fields__", "__dataclass_params__", "__match_args__"

_SLOT, _DICT, _POST = "s", "d", "p"  # a field with a slot, one without; in capitals where a factory makes the default
_SIGNS = {"__eq__": "==", "__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}

if TYPE_CHECKING:
    from dataclasses import dataclass, fields, replace

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

    def fields(record: object) -> tuple[dataclasses.Field[object], ...]:
        """List the fields of a lazy class or of a record of it, in their order, as the library would."""
        return tuple(getattr(record, _OWN).values())


def _decorate(said: dict[str, bool]) -> Callable[[type], type]:
    if not said.get("frozen"):
        return dataclasses.dataclass(**said)
    has_slots, by_name = said.get("slots", False), said.get("kw_only", False)

    def lazy(cls: type) -> type:
        own = cls.__annotations__
        known = _read_fields(cls, own, by_name)
        made: type[DataclassInstance] = _with_slots(cls, own) if has_slots else cls
        setattr(made, _OWN, known)
        setattr(made, _DESCRIBED, _Description(made, cls, by_name))
        setattr(made, _MATCHED, tuple([name for name, field in known.items() if not field.kw_only]))
        _freeze(made, has_slots)
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


def _read_fields(cls: type, own: Iterable[str], by_name: bool) -> dict[str, dataclasses.Field[object]]:
    """Find the fields of a class: those of the classes that it is of, and its `own`. All annotations are fields."""
    found: dict[str, dataclasses.Field[object]] = {}
    for base in reversed(cls.__mro__[1:]):
        found |= base.__dict__.get(_OWN, {})
    for name in own:
        default = cls.__dict__.get(name, dataclasses.MISSING)
        field = default if isinstance(default, dataclasses.Field) else dataclasses.field(default=default)
        field.name = name
        if field.kw_only is dataclasses.MISSING:
            field.kw_only = by_name
        found[name] = field
    return found


def _with_slots(cls: type, own: Iterable[str]) -> type:
    """Make a class again with slots, since one that is there gets none."""
    left = {*own, "__dict__", "__weakref__"}
    body = {name: value for name, value in vars(cls).items() if name not in left}
    taken = {name for base in cls.__mro__[1:] for name in base.__dict__.get("__slots__", ())}
    body["__slots__"] = tuple([name for name in own if name not in taken])
    made = type(cls)(cls.__name__, cls.__bases__, body)
    made.__qualname__ = cls.__qualname__
    return made


_describing = RLock()


class _Description:
    """What the library says of the fields of a class, put into its place when somebody asks for it."""

    def __init__(self, made: type, written: type, by_name: bool) -> None:
        self._made = made
        self._written = written  # the same class before it had slots
        self._by_name = by_name

    def __get__(self, _: object, owner: type) -> object:
        with _describing:
            if vars(self._made)[_DESCRIBED] is self:
                described = dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=self._by_name)(
                    self._written
                )
                for name in (_PARAMETERS, _DESCRIBED):
                    setattr(self._made, name, vars(described)[name])
        return getattr(owner, _DESCRIBED)


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
    in_order = sorted(fields(made), key=lambda field: bool(field.kw_only))
    known: dict[str, object] = {"missing": dataclasses.MISSING, "put": object.__setattr__, **_setters(in_order, made)}
    shape = ""
    for field, name in zip(in_order, _stand_ins(len(in_order)), strict=True):
        kind = _SLOT if f"set{name}" in known else _DICT
        if field.default_factory is not dataclasses.MISSING:
            known[f"make{name}"] = field.default_factory
            kind = kind.upper()
        shape += kind
    shape += _POST * hasattr(made, "__post_init__")
    method = _compiled(made, "__init__", shape, [field.name for field in in_order], known)
    _set_defaults(method, in_order)
    return method


def _write_init(shape: str) -> tuple[str, list[str]]:
    body, names = [], _stand_ins(len(shape.removesuffix(_POST)))
    for kind, name in zip(shape, names, strict=False):
        value = f"make{name}() if {name} is missing else {name}" if kind.isupper() else name
        body.append(f"set{name}(self, {value})" if kind.lower() == _SLOT else f"put(self, {name!r}, {value})")
    if shape.endswith(_POST):
        body.append("self.__post_init__()")
    return ", ".join(["self", *names]), body or ["pass"]


def _set_defaults(method: FunctionType, described: Sequence[dataclasses.Field[object]]) -> None:
    """Say which parameters have a default (one that a factory makes: MISSING), and which are given by name alone."""
    in_order = [field for field in described if not field.kw_only]
    has_default = [_has_default(field) for field in in_order]
    if not all(field.init for field in described) or has_default != sorted(has_default):
        raise TypeError("every field of a lazy dataclass is a parameter, and those with a default come last")
    if by_name := described[len(in_order) :]:
        code = method.__code__
        method.__code__ = code.replace(co_argcount=1 + len(in_order), co_kwonlyargcount=len(by_name))
        method.__kwdefaults__ = {field.name: field.default for field in by_name if _has_default(field)}
    method.__defaults__ = tuple([field.default for field in in_order if _has_default(field)])


def _has_default(field: dataclasses.Field[object]) -> bool:
    return field.default_factory is not field.default  # one of them is MISSING, or both


def _replace(made: type[DataclassInstance]) -> Callable[..., object]:
    """Compile what `replace` calls: each field by name, those that are not given as they are."""
    names = [field.name for field in fields(made)]
    setters = _setters(fields(made), made)
    if len(setters) < len(names) or not names or hasattr(made, "__post_init__"):
        return _replace_by_init
    known: dict[str, object] = {"missing": dataclasses.MISSING, "new": object.__new__, **setters}
    method = _compiled(made, _REPLACE, _SLOT * len(names), names, known)
    method.__kwdefaults__ = dict.fromkeys(names, dataclasses.MISSING)
    return method


def _write_replace(shape: str) -> tuple[str, list[str]]:
    names = _stand_ins(len(shape))
    body = [f"set{name}(made, self.{name} if {name} is missing else {name})" for name in names]
    return ", ".join(["self", "*", *names]), ["made = new(self.__class__)", *body, "return made"]


def _replace_by_init(record: DataclassInstance, **changes: object) -> object:
    return type(record)(**{field.name: getattr(record, field.name) for field in fields(record)} | changes)


def _setters(
    described: Sequence[dataclasses.Field[object]], made: type[DataclassInstance]
) -> dict[str, Callable[[object, object], None]]:
    """Find how to set the fields that have a slot: directly, in two thirds of the time of `object.__setattr__`."""
    slots = zip(_stand_ins(len(described)), [getattr(made, field.name, None) for field in described], strict=True)
    return {f"set{name}": slot.__set__ for name, slot in slots if isinstance(slot, MemberDescriptorType)}


def _comparison(name: str, made: type[DataclassInstance]) -> Callable[..., object]:
    names = _compared(made)
    return _compiled(made, name, _SLOT * len(names), names, {})


def _write_comparison(name: str, shape: str) -> tuple[str, list[str]]:
    found = f"{_values(shape, 'self')} {_SIGNS[name]} {_values(shape, 'other')}"
    return "self, other", [f"return {found} if other.__class__ is self.__class__ else NotImplemented"]


def _hash(made: type[DataclassInstance]) -> Callable[..., object]:
    names = _compared(made)
    return _compiled(made, "__hash__", _SLOT * len(names), names, {})


def _write_hash(shape: str) -> tuple[str, list[str]]:
    return "self", [f"return hash({_values(shape, 'self')})"]


def _compared(made: type[DataclassInstance]) -> list[str]:
    return [field.name for field in fields(made) if field.compare]


def _values(shape: str, owner: str) -> str:
    """Write fields as a tuple."""
    return "(" + "".join(f"{owner}.{name}, " for name in _stand_ins(len(shape))) + ")"


@cache
def _stand_ins(count: int) -> tuple[str, ...]:
    """Give fields names that every class has, by their places: classes of one shape are then compiled once."""
    return tuple([f"_field_{place}" for place in range(count)])


def _compiled(
    made: type[DataclassInstance], name: str, shape: str, names: list[str], known: dict[str, object]
) -> FunctionType:
    """Make a method of a class from code in which the `names` of its fields stand for their stand-ins."""
    code = _shape(name, shape)
    own = dict(zip(_stand_ins(len(names)), names, strict=True))
    method = FunctionType(
        code.replace(
            co_name=name,
            co_varnames=tuple([own.get(each, each) for each in code.co_varnames]),
            co_names=tuple([own.get(each, each) for each in code.co_names]),
            co_consts=tuple([own.get(each, each) for each in code.co_consts]),
        ),
        known,
        name,
    )
    method.__qualname__ = f"{made.__qualname__}.{name}"
    return method


@cache
def _shape(name: str, shape: str) -> CodeType:
    """Compile a method for all classes of a shape, unless it was done ahead; nothing of it comes from outside."""
    found = ahead_name(name, shape)
    return _ahead().get(found) or _executed(compile(source(name, shape), "<string>", "exec"))[found]


def ahead_name(name: str, shape: str) -> str:
    """Give what this method is called in the file of those that are compiled ahead."""
    return f"{name}_{shape}"


def source(name: str, shape: str) -> str:
    """Write a method for all classes of a shape, which has a letter for each field."""
    if name in _SIGNS:
        parameters, body = _write_comparison(name, shape)
    else:
        parameters, body = {"__init__": _write_init, _REPLACE: _write_replace, "__hash__": _write_hash}[name](shape)
    return f"def {ahead_name(name, shape)}({parameters}):\n" + "".join(f" {line}\n" for line in body)


@cache
def _ahead() -> dict[str, CodeType]:
    """Load the methods of the press's own classes; Python caches their byte code as that of a module."""
    code = SourceFileLoader("methods", str(AHEAD)).get_code("methods") if AHEAD.is_file() else None
    return _executed(code) if code else {}


def _executed(code: CodeType) -> dict[str, CodeType]:
    """Define the functions of a file of the press."""
    known: dict[str, object] = {}
    exec(code, known)  # noqa: S102 - the way of Python's own dataclasses
    return {name: made.__code__ for name, made in known.items() if isinstance(made, FunctionType)}


def _repr(self: DataclassInstance) -> str:
    shown = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in fields(self) if field.repr)
    return f"{type(self).__qualname__}({shown})"


def _refuse_to_set(self: object, name: str, value: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: DataclassInstance) -> list[object]:
    return [getattr(self, field.name) for field in fields(self)]


def _set_state(self: DataclassInstance, state: list[object]) -> None:
    for field, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)
