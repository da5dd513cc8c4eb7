"""Declares kinds of field, and reads a mapping of texts as a record.

Each kind has the one converter that every door (YAML, CSV, a form) shares. All problems
of a file are gathered; a private file's problems never repeat what was found in it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from collections.abc import Mapping as AbstractMapping
from dataclasses import field
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from press.content.raw import Mapping, Scalar, Sequence, Value
from press.errors import Place, Problems, did_you_mean
from press.lru import OfObjects
from press.records import dataclass

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
R = TypeVar("R", bound="Record")


class Reject(Exception):
    """A converter's refusal: what was expected, and a hint. Holds no value.

    With `private` what was found is not repeated, and its line is not shown: it may hold a secret.
    """

    def __init__(self, expected: str, hint: str = "", *, private: bool = False) -> None:
        super().__init__(expected)
        self.expected = expected
        self.hint = hint
        self.private = private


class Incomplete(Reject):
    """A record lacks a required field. Each one is reported already, so there is nothing to add."""

    def __init__(self) -> None:
        super().__init__("every required field")


@dataclass(frozen=True, slots=True)
class Context:
    """What a converter needs besides the value: where problems go, and how they speak."""

    problems: Problems
    private: bool = False

    def reject(self, key: str, node: Value, error: Reject) -> None:
        """Note a refusal; the found text is repeated only where it is not a patient's."""
        if isinstance(error, Incomplete):
            return
        found, private = "", self.private or error.private
        if isinstance(node, Scalar) and not private:
            found = f"found `{_short(node.text)}`, " if node.text else "found nothing, "
        self.problems.add(node.place, f"`{key}`: {found}expected {error.expected}", error.hint, private=private)


def _short(text: str) -> str:
    line = text.split("\n", 1)[0]
    return line if len(line) <= 60 else line[:57] + "…"


@dataclass(frozen=True)
class Kind(Generic[T_co]):
    """How one field is read: `read(node, key, context)` gives the value or raises Reject.

    `schema` is the JSON Schema of what may be typed there.
    """

    read: Callable[[Value, str, Context], T_co]
    schema: AbstractMapping[str, Any]


def scalar(convert: Callable[[str], T], schema: AbstractMapping[str, Any] | None = None) -> Kind[T]:
    """Declare a kind whose value is one piece of text, converted by `convert`."""

    def read(node: Value, key: str, context: Context) -> T:
        if not isinstance(node, Scalar):
            raise Reject("one value", f"write it on the same line, as in `{key}: …`")
        return convert(node.text)

    return Kind(read, {"type": "string", **(schema or {})})


def choice(*known: str) -> Kind[str]:
    """Declare a kind that is one of a few known words."""

    def convert(text: str) -> str:
        if text not in known:
            raise Reject("one of " + ", ".join(known), did_you_mean(text, known))
        return text

    return scalar(convert, {"enum": list(known)})


def list_of(kind: Kind[T]) -> Kind[tuple[T, ...]]:
    """Declare a list; a single value means a list of one, nothing an empty list."""

    def read(node: Value, key: str, context: Context) -> tuple[T, ...]:
        if isinstance(node, Scalar) and not node.text:
            return ()
        found = []
        for item in node.items if isinstance(node, Sequence) else (node,):
            try:
                found.append(kind.read(item, key, context))
            except Reject as error:
                context.reject(key, item, error)
        return tuple(found)

    return Kind(read, {"anyOf": [{"type": "array", "items": kind.schema}, kind.schema]})


def map_of(kind: Kind[T], key_kind: Kind[str]) -> Kind[AbstractMapping[str, T]]:
    """Declare a mapping from ids to values of one kind."""

    def read(node: Value, key: str, context: Context) -> AbstractMapping[str, T]:
        found: dict[str, T] = {}
        for name, value in _entries(node):
            try:
                wanted = key_kind.read(name, key, context)
            except Reject as error:
                context.reject(key, name, error)
                continue
            try:
                found[wanted] = kind.read(value, name.text, context)
            except Reject as error:
                context.reject(name.text, value, error)
        return MappingProxyType(found)

    shape = {"type": "object", "propertyNames": key_kind.schema, "additionalProperties": kind.schema}
    return Kind(read, shape)


def record_of(cls: type[R]) -> Kind[R]:
    """Declare a nested record."""

    def read(node: Value, key: str, context: Context) -> R:
        return read_record(cls, node, context)

    return Kind(read, {"$ref": f"#/$defs/{cls.__name__}"})


def _entries(node: Value) -> tuple[tuple[Scalar, Value], ...]:
    if isinstance(node, Mapping):
        return node.entries
    if isinstance(node, Scalar) and not node.text:
        return ()
    raise Reject("a list of `key: value` lines")


_REQUIRED: Any = object()  # of any type, as it stands where a default of each type may stand


def key(kind: Kind[T], default: T = _REQUIRED) -> T:
    """Declare a record's field: its kind, and its default if it may be left out.

    With None as default the field has the type of its kind or None.
    """
    if default is _REQUIRED:
        found: T = field(metadata={"kind": kind, "required": True})
        return found
    return field(default_factory=lambda: default, metadata={"kind": kind, "required": False})


@dataclass(frozen=True, kw_only=True)
class Record:
    """A mapping that was read: its place, and the place of each field that was given."""

    place: Place = field(default=Place(""), compare=False, repr=False)
    places: AbstractMapping[str, Place] = field(default_factory=lambda: MappingProxyType({}), compare=False, repr=False)

    def place_of(self, name: str) -> Place:
        """Find where field `name` was given, or where the record begins."""
        return self.places.get(name, self.place)


def fields_of(cls: type[Record]) -> AbstractMapping[str, dataclasses.Field[Any]]:
    """List the fields that a file may give, by the key that is typed there."""
    return _fields.get(cls)


_fields: OfObjects[type[Record], AbstractMapping[str, dataclasses.Field[Any]]] = OfObjects(
    256, lambda cls: {f.name.rstrip("_"): f for f in dataclasses.fields(cls) if "kind" in f.metadata}
)


def read_record(cls: type[R], node: Value, context: Context) -> R:
    """Read a mapping as `cls`. Problems go to the context; a default fills what failed.

    Raises Reject where `node` is no mapping at all, and Incomplete where a required field failed.
    """
    known = fields_of(cls)
    values: dict[str, Any] = {}
    places: dict[str, Place] = {}
    for name, value in _entries(node):
        if name.text not in known:
            _unknown(name, known, context)
            continue
        places[known[name.text].name] = value.place
        _read_field(known[name.text], name.text, value, values, context)
    _missing(known, values, places, node, context)
    return cls(**values, place=node.place, places=MappingProxyType(places))


def read_whole(cls: type[R], node: Mapping) -> R:
    """Read a whole file as `cls`. Raises HandoutError with all its problems."""
    problems = Problems()
    try:
        found = read_record(cls, node, Context(problems))
    except Incomplete:
        problems.raise_if_errors()
        raise
    problems.raise_if_errors()
    return found


def _read_field(
    spec: dataclasses.Field[Any], name: str, value: Value, values: dict[str, Any], context: Context
) -> None:
    empty = isinstance(value, Scalar) and not value.text
    if empty and not spec.metadata["required"]:
        return
    try:
        values[spec.name] = spec.metadata["kind"].read(value, name, context)
    except Reject as error:
        context.reject(name, value, error)


def _unknown(name: Scalar, known: AbstractMapping[str, Any], context: Context) -> None:
    shown = "unknown key" if context.private else f"unknown key `{_short(name.text)}`"
    context.problems.add(name.place, shown, did_you_mean(name.text, known), private=context.private)


def _missing(
    known: AbstractMapping[str, dataclasses.Field[Any]],
    values: dict[str, Any],
    places: AbstractMapping[str, Place],
    node: Value,
    context: Context,
) -> None:
    """Report each required field that is absent. Raises Incomplete if one is, or was refused."""
    lacking = [name for name, spec in known.items() if spec.metadata["required"] and spec.name not in values]
    for name in lacking:
        if known[name].name not in places:
            context.problems.add(node.place, f"`{name}` is missing", private=context.private)
    if lacking:
        raise Incomplete
