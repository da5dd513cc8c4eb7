"""Nesting of statements and brackets in a template, counted token by token.

Jinja's parser would run out of stack, and then nobody knows the line.
"""

from __future__ import annotations

from types import MappingProxyType

MOST_LEVELS = 12  # of statements in each other, and of brackets
MOST_TOKENS = 200  # words and signs of one expression

_OPENING = frozenset({"block", "call", "filter", "for", "if", "macro", "with"})
_STARTS = frozenset({"data", "block_begin", "variable_begin"})
_BRACKETS = MappingProxyType({"lparen": 1, "lbracket": 1, "lbrace": 1, "rparen": -1, "rbracket": -1, "rbrace": -1})


class Nesting:
    """The statements and brackets of one template that are open."""

    def __init__(self) -> None:
        self._statements = self._brackets = self._length = 0

    def follow(self, kind: str, text: str, before: str) -> str:
        """Count one token of Jinja, and say what is too deep or too long; `before` is the kind of the last one."""
        if kind in _STARTS:
            self._length = self._brackets = 0
        if before == "block_begin":
            self._statements += (text in _OPENING) - text.startswith("end")
        self._brackets += _BRACKETS.get(kind, 0)
        self._length += 1
        if max(self._statements, self._brackets) > MOST_LEVELS:
            return f"statements or brackets are more than {MOST_LEVELS} levels deep in each other"
        return "this expression is too long" if self._length > MOST_TOKENS else ""
