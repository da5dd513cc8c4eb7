"""Change values of a YAML file in place: every other character stays, comments and line ends included."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping

import yaml

from press.content.raw import Mapping as RawMapping
from press.content.raw import Scalar, Value
from press.content.yaml.reader import read
from press.errors import Place, refuse

NewValue = str | tuple[str, ...]  # a text, or a list of texts
Path = tuple[str, ...]  # the keys that lead to a value, such as ("defaults", "paper")
_HEADER_COMMENT = re.compile(r"[|>][-+0-9]*[ \t]+(#[^\n\r]*)")


def set_values(data: bytes, file: str, values: Mapping[Path, NewValue]) -> bytes:
    """Replace these values in the bytes of a file, or add them behind their neighbors; `file` is for problems.

    Raises HandoutError for bytes that are no YAML that we read, and where the file would then not say exactly that.
    """
    before = read(data, file)
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    text = data.decode("utf-8-sig")
    for path, value in values.items():
        text = _with_value(text, path, value)
    changed = mark + text.encode("utf-8")
    if not _says(read(changed, file), before, values):
        hint = "write each entry of this file on a line of its own, in a text editor"
        raise refuse(Place(file), "this cannot be written into the file as it stands", hint)
    return changed


def _says(after: Value, before: Value, values: Mapping[Path, NewValue], path: Path = ()) -> bool:
    """Whether a file says what it said before, except for these values."""
    if path in values:
        return _plain(after) == values[path]
    inside = {wanted[len(path)] for wanted in values if wanted[: len(path)] == path}
    if not inside:
        return _plain(after) == _plain(before)
    if not isinstance(after, RawMapping) or not (isinstance(before, RawMapping) or _plain(before) == ""):
        return False  # a text or a list would be lost
    old = dict(_items(before))
    new = dict(_items(after))
    return new.keys() == old.keys() | inside and all(
        _says(value, old.get(name, Scalar("", value.place)), values, (*path, name)) for name, value in new.items()
    )


def _items(value: Value) -> tuple[tuple[str, Value], ...]:
    return tuple((name.text, inner) for name, inner in value.entries) if isinstance(value, RawMapping) else ()


def _plain(value: Value) -> object:
    """Give a value without its places, in a form in which lists equal those of `NewValue`."""
    if isinstance(value, Scalar):
        return value.text
    if isinstance(value, RawMapping):
        return {name: _plain(inner) for name, inner in _items(value)}
    return tuple(_plain(item) for item in value.items)


def _with_value(text: str, path: Path, value: NewValue) -> str:
    """Set one value by the places that the parser gives; what cannot be placed leaves the text as it is."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    rest = path
    while rest and isinstance(node, yaml.MappingNode):
        inner = next((found for key, found in node.value if key.value == rest[0]), None)
        if inner is None:
            return _added(text, node, rest, value)
        node, rest = inner, rest[1:]
    if node is None:
        return text
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and value and isinstance(value, tuple):
        return _with_items(text, node, value)
    return _replaced(text, node, _written(rest, value))


def _written(path: Path, value: NewValue) -> str:
    """Write a value as JSON, which is YAML on one line, below the keys that are not there yet."""
    inner: object = list(value) if isinstance(value, tuple) else value
    for name in reversed(path):
        inner = {name: inner}
    return json.dumps(inner, ensure_ascii=False)


def _with_items(text: str, node: yaml.SequenceNode, items: tuple[str, ...]) -> str:
    """Set the items of a list of lines, from the last one on, so that the comments between them stay."""
    old, shared = node.value, min(len(node.value), len(items))
    end, kept = _end(text, node), _end(text, old[shared - 1])
    if len(items) > shared:
        at = text.find("\n", end)
        at = len(text) if at < 0 else at - (text[at - 1 : at] == "\r")
        lines = (f"{_newline(text)}{' ' * node.start_mark.column}- {_written((), item)}" for item in items[shared:])
        text = text[:at] + "".join(lines) + text[at:]
    text = text[:kept] + text[end:] if len(old) > shared else text
    for place in reversed(range(shared)):
        if getattr(old[place], "value", None) != items[place]:
            text = _replaced(text, old[place], _written((), items[place]))
    return text


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _replaced(text: str, node: yaml.Node, written: str) -> str:
    start, end = node.start_mark.index, _end(text, node)
    if comment := _HEADER_COMMENT.match(text, start, end):
        written = f"{written}  {comment[1]}"
    space = " " if text[start - 1 : start] == ":" else ""
    return text[:start] + space + written + text[end:]


def _end(text: str, node: yaml.Node) -> int:
    """Find where a value ends: the parser ends blocks where the next entry begins, behind comments."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    start = node.start_mark.index
    return start + len(text[start : node.end_mark.index].rstrip())


def _added(text: str, node: yaml.MappingNode, path: Path, value: NewValue) -> str:
    """Add a key behind the last one of a mapping."""
    line = f"{path[0]}: {_written(path[1:], value)}"
    if node.flow_style:
        at = node.end_mark.index - 1
        return text[:at].rstrip() + (", " if node.value else "") + line + text[at:]
    newline = _newline(text)
    column: int = node.value[0][0].start_mark.column
    at = text.find("\n", _end(text, node))
    at = len(text) if at < 0 else at + 1
    head = text[:at] if text[:at].endswith("\n") else text[:at] + newline
    return head + " " * column + line + newline + text[at:]
