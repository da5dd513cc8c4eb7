"""Forms: what was typed, by key, and the problems at their fields. Their names say nothing: browsers guess by names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from hashlib import sha256
from typing import Final

from flask import request
from werkzeug.datastructures import MultiDict

from press.errors import Problem
from press.records import dataclass

ONCE_FIELD: Final = "once"  # the key of a form: sent twice, it does its work once


@dataclass
class Form:
    """The fields of one form by `keys`, in their order; what was typed in each, and what is wrong with it.

    In a template: `form.name(key)`, `form.value(key)`, `form.values(key)`, `form.problems(key)`.
    """

    keys: Sequence[str]
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    found: tuple[Problem, ...] = ()

    def name(self, key: str) -> str:
        """Give the name of a field, which is also its id: `f3`."""
        return f"f{self.keys.index(key) + 1}"

    def value(self, key: str) -> str:
        """Give what was typed in a field, without blanks around it."""
        return next(iter(self.typed.get(key, ())), "").strip()

    def values(self, key: str) -> tuple[str, ...]:
        """Give everything that was ticked under a key."""
        return tuple(self.typed.get(key, ()))

    def problems(self, key: str) -> list[Problem]:
        """List what is wrong with a field."""
        return [problem for problem in self.found if _key(problem) == key]

    @property
    def errors(self) -> list[tuple[str, Problem]]:
        """List what refuses the form, each with the key of its field, or "" where no field is to blame."""
        keyed = [(_key(problem), problem) for problem in self.found if problem.is_error]
        return [(key if key in self.keys else "", problem) for key, problem in keyed]

    @property
    def warnings(self) -> list[Problem]:
        """List what is told, and refuses nothing."""
        return [problem for problem in self.found if not problem.is_error]

    def refused(self, problems: Iterable[Problem]) -> Form:
        """Give the same form with problems; what was typed stays."""
        return Form(self.keys, self.typed, tuple(dict.fromkeys(problems)))


def once_key() -> str:
    """The key of the form that was sent, with all that was typed: sent twice it is the same, changed it is another.

    A browser that goes back offers the form of the last person with its old key. Empty for a form without one.
    """
    key = request.form.get(ONCE_FIELD, "")
    typed = repr(sorted(request.form.items(multi=True)))
    return f"{key} {request.path} {sha256(typed.encode()).hexdigest()}" if key else ""


def _key(problem: Problem) -> str:
    """The key of the field to blame: a place is named by it, or as the command line names it."""
    return problem.place.file.removeprefix("--").replace("-", "_")


def read_form(keys: Sequence[str], sent: MultiDict[str, str] | None = None) -> Form:
    """Read the form that was sent with this request; a field that is not ours is left unread."""
    fields = request.form if sent is None else sent
    blank = Form(keys)
    return Form(keys, {key: fields.getlist(blank.name(key)) for key in keys})


def filled_form(keys: Sequence[str], **values: str | Sequence[str]) -> Form:
    """Make a form to begin with."""
    return Form(keys, {key: (value,) if isinstance(value, str) else value for key, value in values.items()})
