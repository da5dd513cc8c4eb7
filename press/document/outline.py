"""Write what a page is built of as one text: its elements, roles, ids and words, with every value left open. Pure.

Two pages with equal outlines differ at most in whose they are: the names, days and telephone numbers on them.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from press.document.nodes import Document, Value


def outline(document: Document) -> str:
    """Write the outline of a page; places in files are no part of it."""
    return _text(document)


def _text(node: object) -> str:
    if isinstance(node, Value):
        return f"Value({node.field!r})"
    if isinstance(node, tuple):
        return "(" + ",".join(map(_text, node)) + ")"
    if is_dataclass(node) and not isinstance(node, type):
        inner = (f"{field.name}={_text(getattr(node, field.name))}" for field in fields(node) if field.compare)
        return f"{type(node).__name__}({','.join(inner)})"
    return repr(node)
