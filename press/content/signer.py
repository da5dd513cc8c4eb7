"""Checks who signs words off: a person who can be found, by a whole name and a profession or license."""

from __future__ import annotations

import re

from press.content import fields
from press.content.raw import Scalar
from press.content.schema import Context, Kind, Reject
from press.errors import Place, Problems

_TITLES = frozenset({"dr", "prof", "mr", "mrs", "ms", "miss", "nurse", "doctor", "md", "rn"})
_Kinds = tuple[tuple[str, str, Kind[str], bool, str], ...]


def check_signer(by: str, role: str, why: str, problems: Problems) -> None:
    """Note what is wrong with a signer's name, role or reason as it was typed; an empty reason is none.

    A title is no name, nor is one initial; a letter beyond ASCII may be a whole one, as in Chinese.
    """
    named = [word for word in re.findall(r"[^\W\d_]+", by.casefold()) if word not in _TITLES]
    is_whole = sum(len(word) > 1 or not word.isascii() for word in named) > 1 and named != ["first", "last"]
    is_role = len(re.findall(r"[^\W_]", role)) > 1
    kinds: _Kinds = (
        ("--by", by, fields.name, is_whole, "the first and the last name of the person who signs"),
        ("--role", role, fields.name, is_role, "a profession or a license, such as pharmacist or RN 123456"),
        *(("--why", why, fields.text, True, ""),) * bool(why),
    )
    for option, typed, kind, is_enough, wanted in kinds:
        try:
            kind.read(Scalar(typed, Place(option)), option, Context(problems))
            if not is_enough:
                raise Reject(wanted)
        except Reject as error:
            problems.add(Place(option), f"expected {error.expected}", error.hint)
