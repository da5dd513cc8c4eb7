"""Fill templates in a sandbox: they see plain frozen fields, nothing callable.

Only this module and `ahead` import Jinja2.
"""

# ruff: noqa: ANN401 - Jinja's own signatures; a template can hand over anything, and each kind is asked for
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import (
    StrictUndefined,
    Template,
    TemplateError,
    TemplateSyntaxError,
    Undefined,
    nodes,
    pass_context,
)
from jinja2.exceptions import SecurityError, TemplateNotFound, TemplateRuntimeError
from jinja2.runtime import BlockReference, Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from press.compose.ahead import AheadLoader
from press.compose.limits import Limits, TooMuch
from press.document.markup import stamp_places, to_xhtml
from press.document.nodes import Content, Text, Value
from press.errors import HandoutError, Place, Problems, did_you_mean, refuse
from press.lru import LRU, OfObjects
from press.records import replace

if TYPE_CHECKING:
    from jinja2.lexer import Token, TokenStream

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}\Z")
_MOST = 1024  # calls of macros whose words are kept
_OF_LOOPS = frozenset({"_loop_vars", "_block_vars"})  # what Jinja hands on for functions that see the page
_FILTERS = frozenset({"length", "first", "last"})
_LOOP = frozenset({"index", "first", "last", "length"})
# What an expression of a template can run into. A fault of the program is none of these.
_FAILURES = (
    TemplateError, TypeError, ValueError, AttributeError, LookupError, ArithmeticError,
    RecursionError, MemoryError, SyntaxError, OSError, TooMuch,
)  # fmt: skip


class Fields:
    """Named values for a template, which can do no more than read a field."""

    __slots__ = ("__values",)

    def __init__(self, **values: Any) -> None:
        self.__values = values

    def names(self) -> frozenset[str]:
        """List the names of the fields. Not for templates: they can call nothing."""
        return frozenset(self.__values)

    def value(self, name: str) -> Any:
        """Get one field."""
        return self.__values[name]


class _Missing(StrictUndefined):
    """An undefined name. Its message never shows an object: that may hold a value."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return self._undefined_hint
        name, of = self._undefined_name, self._undefined_obj
        if type(name) is not str or not _NAME.match(name):
            return "there is nothing under this key"
        hint = did_you_mean(name, of.names()) if isinstance(of, Fields) else ""
        return f"there is nothing called `{name}`" + (f"; {hint}" if hint else "")


class _Environment(ImmutableSandboxedEnvironment):
    """A sandbox with a handful of filters and without arithmetic, globals and methods."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})
    limits = Limits()  # of the page that is being filled
    loads = 0  # how often a template was asked for, by another one too

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._made: LRU[list[tuple[Any, int, int]]] = LRU(_MOST)
        self._settled: set[Macro] = set()
        self._counted = 0  # loads when macros were settled

    def _load_template(self, name: str, globals: Any) -> Template:  # noqa: A002 - Jinja's own name
        """Load a template, or get the one that is loaded, and count it."""
        self.loads += 1
        return super()._load_template(name, globals)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Parse a template, and let each loop count its rounds."""
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, "_counted", [], [], None, None, lineno=loop.iter.lineno)
        return tree

    def _tokenize(self, *args: Any) -> TokenStream:
        """Read a template, and stamp each start tag with its file and line, so that nodes know their place."""
        from jinja2.lexer import TokenStream

        stream = super()._tokenize(*args)
        return TokenStream(_stamped(stream), stream.name, stream.filename)

    def concat(self, pieces: Iterable[str]) -> str:
        """Join what a page, a macro or a set block made."""
        return self.limits.join(pieces)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Refuse arithmetic: a template shows what there is."""
        raise SecurityError(f"the operator {operator} is not for templates")

    def getattr(self, obj: Any, attribute: Any) -> Any:
        """Get a field, an item or a position in a loop, and nothing else of any object."""
        if isinstance(obj, Undefined):
            str(obj)  # raises, and names what is missing first
        if isinstance(obj, Fields) and type(attribute) is str and attribute in obj.names():
            return obj.value(attribute)
        if isinstance(obj, tuple) and type(attribute) is int and -len(obj) <= attribute < len(obj):
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in _LOOP:
            return super().getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Get the same by subscript."""
        return self.getattr(obj, argument)

    def call(self, context: Context, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a macro or the block of the template above; values have nothing to call."""
        if isinstance(called, Undefined):
            str(called)
        if not isinstance(called, Macro | BlockReference):
            raise SecurityError("only a macro can be called in a template")
        self.limits.take_steps(1)
        if isinstance(called, Macro) and kwargs.keys() <= _OF_LOOPS and self._is_settled(called, args):
            return self._once(context, called, args)
        return context.call(called, *args, **kwargs)

    def _is_settled(self, macro: Macro, args: tuple[Any, ...]) -> bool:
        """Tell whether a call sees nothing but fields: a macro of a file that was imported has no page around it."""
        if not self.limits.may_reuse or set(map(type, args)) != {Fields}:
            return False
        if self._counted != self.loads:
            modules = [vars(template._module) for template in (self.cache or {}).values() if template._module]
            self._settled = {each for module in modules for each in module.values() if isinstance(each, Macro)}
            self._counted = self.loads
        return macro in self._settled

    def _once(self, context: Context, macro: Macro, args: tuple[Any, ...]) -> Any:
        """Make what a settled call gives once, unless it asks for templates: their files may change meanwhile.

        It takes the same of the limits of each page.
        """
        limits, loads, made = self.limits, self.loads, self._made.get((macro, *args), list)
        for words, steps, characters in made:
            if limits.steps >= steps and limits.characters >= characters:
                limits.steps, limits.characters = limits.steps - steps, limits.characters - characters
                return words
        before = limits.steps, limits.characters
        limits.may_reuse = False
        words = context.call(macro, *args)
        limits.may_reuse = True
        if loads == self.loads:
            made[:] = [(words, before[0] - limits.steps, before[1] - limits.characters)]
        return words


def _stamped(stream: TokenStream) -> Iterator[Token]:
    """Refuse what would turn any value into text, or text into markup; stamp the rest."""
    from jinja2.lexer import Token

    from press.compose.nesting import Nesting

    before, nesting = "", Nesting()
    for token in stream:
        if fault := nesting.follow(token.type, token.value, before):
            raise TemplateSyntaxError(fault, token.lineno, stream.name)
        if token.type == "tilde":
            raise TemplateSyntaxError("the operator ~ is not for templates", token.lineno, stream.name)
        if before == "block_begin" and token.value == "autoescape":
            raise TemplateSyntaxError("a template cannot turn escaping off", token.lineno, stream.name)
        before = token.type
        if token.type == "data":
            file = f"templates/{stream.name or ''}"
            yield Token(token.lineno, "data", stamp_places(token.value, file, token.lineno))
        else:
            yield token


@pass_context  # so that Jinja does not call it while it compiles
def _counted(context: Context, items: Any) -> Any:
    """Count the rounds of a loop over `items` before it begins."""
    context.environment.limits.take_steps(len(items))  # type: ignore[attr-defined]  # it is an _Environment
    return items


@pass_context  # so that Jinja calls it line by line, and not while it compiles
def _finalize(_: Context, value: Any) -> str | int:
    """Check what `{{ … }}` prints: a content string, a text or a whole number."""
    if isinstance(value, Undefined):
        str(value)
    if isinstance(value, Content):
        return _written.get(value)
    if isinstance(value, Value | Text):
        return _write(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise SecurityError(f"a template cannot print {_KINDS.get(type(value), 'this kind of value')}")
    return value


def _write(value: Content | Value | Text) -> Markup:
    return Markup(to_xhtml((value,)))  # noqa: S704 - to_xhtml escapes every word


_written: OfObjects[Content, Markup] = OfObjects(_MOST, _write)
_KINDS = {
    type(None): "`none`", bool: "true or false", float: "a number with a point", tuple: "a whole list",
    dict: "a whole list", list: "a whole list", Fields: "a whole block; name one of its fields",
    Macro: "a macro; put () after it",
}  # fmt: skip


@lru_cache(maxsize=4)
def _environment(folder: Path) -> _Environment:
    environment = _Environment(
        loader=AheadLoader(str(folder), followlinks=False),
        autoescape=True,
        undefined=_Missing,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.clear()
    environment.tests.clear()
    environment.filters = {name: environment.filters[name] for name in _FILTERS} | {"_counted": _counted}
    return environment


def template_faults(folder: Path) -> Problems:
    """Find syntax errors in all templates, also in those that no handout uses."""
    problems = Problems()
    for path in sorted(folder.rglob("*.j2")):
        with problems.gathering():
            _load(folder, path.relative_to(folder).as_posix())
    return problems


def render(folder: Path, template: str, context: Mapping[str, Any], limits: Limits) -> str:
    """Fill a template of `folder` within limits. Raises HandoutError with the template's file and line."""
    loaded = _load(folder, template)
    _environment(folder).limits = limits
    try:
        return loaded.render(context)
    except _FAILURES as error:
        raise _refusal(error, folder, template) from None


def _load(folder: Path, template: str) -> Template:
    try:
        return _environment(folder).get_template(template)
    except _FAILURES as error:
        raise _refusal(error, folder, template) from None


def _refusal(error: Exception, folder: Path, template: str) -> HandoutError:
    """Turn Jinja's error into ours, at the place where the template is broken or could not be filled."""
    if isinstance(error, TemplateSyntaxError):
        place = Place(f"templates/{error.name or template}", error.lineno)
        return refuse(place, "the template is broken here", str(error.message or ""))
    return refuse(_innermost(error, folder, template), "the template cannot be filled here", _own_words(error))


def _innermost(error: Exception, folder: Path, template: str) -> Place:
    """Find the innermost template line in the traceback of a failed rendering."""
    place, trace = Place(f"templates/{template}"), error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(folder):
            place = Place(f"templates/{file.relative_to(folder).as_posix()}", trace.tb_lineno)
        trace = trace.tb_next
    if isinstance(error, UnicodeDecodeError) and not place.line:  # nothing was filled yet: it is this file's own
        return replace(place, line=error.object.count(b"\n", 0, error.start) + 1)
    return place


def _own_words(error: Exception) -> str:
    """Choose a sentence for an error. Only those of this module are known to quote no value."""
    match error:
        case TemplateRuntimeError() | TooMuch():
            return str(error.message or "")
        case TemplateNotFound():
            return "there is no such template"
        case UnicodeDecodeError():
            return "a template is not saved as UTF-8"
        case OSError():
            return "a template cannot be read"
        case RecursionError():
            return "does this call or include itself without end?"
        case _:
            return "an expression here does not work"
