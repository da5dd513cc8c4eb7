"""Modules that libraries import and a page does not need: they are imported when something of them is asked for."""

from __future__ import annotations

import sys
import urllib  # noqa: F401 - the package of one that is imported later, which is to be found in it
from collections.abc import Callable
from importlib import import_module
from threading import Lock
from types import ModuleType

_taking = Lock()  # a stand-in away: of two threads that ask for it, one; not while the module is imported


def import_later(name: str, *functions: str, **answers: Callable[..., str | None]) -> ModuleType:
    """Put a stand-in into the place of a module that is not imported yet, and return it.

    Who asks it for a name, or calls one of the `functions`, which others take from it while they are imported
    themselves, gets those of the module; so does who calls a function to whose arguments there is no answer here.
    Until then it has no `__spec__`; what is assigned to a name of it is not assigned in the module.
    """
    stand_in = ModuleType(name)
    package, _, last = name.rpartition(".")

    def imported() -> ModuleType:
        with _taking:
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]
        module = import_module(name)
        vars(stand_in).update(vars(module))
        return module

    def calling(function: str) -> Callable[..., object]:
        answer = answers.get(function, _no_answer)

        def call(*args: object, **kwargs: object) -> object:
            found = answer(*args, **kwargs)
            return getattr(imported(), function)(*args, **kwargs) if found is None else found

        return call

    def find(wanted: str) -> object:
        if wanted == "__path__":  # which Python asks for where something is imported from it
            raise AttributeError(wanted)
        return getattr(imported(), wanted)

    vars(stand_in)["__getattr__"] = find
    for function in (*functions, *answers):
        vars(stand_in)[function] = staticmethod(calling(function))  # also where a class of others has it as its own
    if sys.modules.setdefault(name, stand_in) is stand_in and package in sys.modules:
        setattr(sys.modules[package], last, stand_in)
    return stand_in


def import_without(name: str, spared: str) -> ModuleType:
    """Import a module as it is where another that it can do without is not installed."""
    if spared in sys.modules:
        return import_module(name)
    sys.modules[spared] = None  # type: ignore[assignment]  # so Python is told that there is none
    try:
        return import_module(name)
    finally:
        del sys.modules[spared]


def import_later_what_no_page_needs() -> None:
    """Spare each command what Click, Jinja and ReportLab import for other work: a tenth of the time of a page."""
    import_later("ast", "literal_eval")
    # Nobody translates Click, and to look for translations takes a hundredth of the time.
    import_later("gettext", gettext=lambda text: text, ngettext=lambda one, more, n: one if n == 1 else more)
    import_later("inspect", "getattr_static", cleandoc=_clean_line)
    import_later("locale")
    import_later("pickle")
    import_later("urllib.parse", "quote_from_bytes", "unquote", "urlparse")
    import_later("msgspec.inspect")
    import_later("msgspec.json")
    import_without("msgspec", "typing_extensions")  # for older Pythons; it takes longer than the rest
    # What compiles a template, which only an edited one needs.
    import_later("jinja2.lexer", "get_lexer", "Lexer", "TokenStream")
    import_later("jinja2.parser", "Parser")
    import_later("jinja2.compiler", "CodeGenerator", "generate")


def _no_answer(*_: object, **__: object) -> None:
    """Answer nothing."""


def _clean_line(text: str) -> str | None:
    """Clean the help of an option, if it is one line."""
    return None if "\n" in text else text.expandtabs().lstrip()
