"""Find the digits to dial for a telephone number as people write it, where they are beyond doubt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from press.document.nodes import Block, Document, Value, nodes
from press.lru import once_each

_PHONES = frozenset({"clinic_phone", "after_hours_phone"})
_HELPLINES = "helplines/"
_KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_SPELLED = re.compile(r"(.*[A-Z].*?) *\(([0-9-]+)\)\Z")
_PLAIN = re.compile(r"\+?[0-9() .-]+\Z")
_LENGTHS = frozenset({3, 4, 5, 6, 7, 10})  # digits of short codes, local and national numbers


def is_telephone(value: Value) -> bool:
    """Tell whether a value is a telephone number, the clinic's or a helpline's."""
    return value.field in _PHONES or value.field.startswith(_HELPLINES)


def telephone_link(value: Value) -> str:
    """Give the URI (RFC 3966) that dials a telephone number; empty for another value, or if in doubt."""
    digits = dial_digits(value.text) if is_telephone(value) else ""
    return f"tel:{digits}" if digits else ""


def telephone_links(document: Document) -> Mapping[str, tuple[str, str]]:
    """Find the telephone numbers of a page that can be dialed, by field: the URI, and the whole text.

    A field with two texts is in doubt.
    """
    values = {value for root in document.everything for value in _telephones(root)}
    texts = Counter(value.field for value in values)
    found = ((value, telephone_link(value)) for value in values if texts[value.field] == 1)
    return {value.field: (link, value.text) for value, link in found if link}


@once_each
def _telephones(root: Block) -> Iterator[Value]:
    return (node for node in nodes((root,)) if isinstance(node, Value) and is_telephone(node))


def dial_digits(number: str) -> str:
    """Give the digits to dial, such as 18006624357 for "1-800-662-HELP (4357)"; empty if in doubt.

    Letters count only where the digits behind them are written out too and agree: an
    extension is no part of the number. Two numbers in one text are in doubt.
    """
    text = number.replace("\N{NO-BREAK SPACE}", " ")
    spelled = _SPELLED.match(text)
    main = spelled[1].translate(_KEYS) if spelled else text
    if not _PLAIN.match(main):
        return ""
    digits = re.sub(r"\D", "", main)
    if spelled and not digits.endswith(spelled[2].replace("-", "")):
        return ""
    if main.startswith("+"):
        return f"+{digits}" if 8 <= len(digits) <= 15 else ""
    return digits if len(digits) in _LENGTHS or (len(digits) == 11 and digits[0] == "1") else ""
