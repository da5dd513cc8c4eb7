"""Fill a template with a tailored handout and read the result into the document tree.

Only this module and `ahead` import Jinja2. Templates see plain frozen fields, nothing callable;
the XHTML between Jinja and the parser never leaves this module.
"""

# ruff: noqa: ANN401 - Jinja's own signatures; a template can hand over anything, and each kind is asked for
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeGuard

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
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import BlockReference, Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from press.compose.ahead import AheadLoader
from press.compose.fact_ids import ids_with, ids_with_only
from press.compose.language_marks import mark_draft, mark_english
from press.compose.limits import Limits, TooMuch, any_length
from press.compose.nesting import Nesting
from press.compose.provenance import check_provenance, slashed
from press.compose.shown_dates import Day, Mark, Month
from press.compose.tailor import Tailored
from press.content.approvals import code_of
from press.content.handout import Block, TableRow
from press.content.library import HOTLINE
from press.document.markup import stamp_places, to_xhtml
from press.document.nodes import MOST_ITEMS, Content, Document, Section, Text, Value, plain
from press.document.nodes import Block as Node
from press.document.xhtml import parse_again, parse_xhtml
from press.errors import HandoutError, Place, Problems, did_you_mean, refuse
from press.records import replace

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}\Z")
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


class _Stamp(Extension):
    """Stamps the template's file and line on every start tag, so that nodes know their place."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """Refuse what would turn any value into text, or text into markup; stamp the rest."""
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

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Parse a template, and let each loop count its rounds."""
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, "_counted", [], [], None, None, lineno=loop.iter.lineno)
        return tree

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
        return context.call(called, *args, **kwargs)


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
    if isinstance(value, Content | Value | Text):
        return Markup(to_xhtml((value,)))  # noqa: S704 - to_xhtml escapes every word
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise SecurityError(f"a template cannot print {_KINDS.get(type(value), 'this kind of value')}")
    return value


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
        extensions=[_Stamp],
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


def compose(tailored: Tailored, folder: Path) -> Document:
    """Fill the template of handouts, and prove that no word on the page is the template's own.

    Raises HandoutError with the template's file and line.
    """
    document = fill(tailored, folder, "handout.xhtml.j2")
    problems = Problems()
    problems.extend(check_provenance(document, tailored))
    problems.raise_if_errors()
    return document


def fill(tailored: Tailored, folder: Path, template: str) -> Document:
    """Fill `template` of `folder`: a page whose words are not proved yet. Raises HandoutError like `compose`."""
    head, body, footer, role = parse_again(_render(folder, template, _context(tailored), Limits()))
    structure = tailored.handout.structure
    is_standard = tailored.options.edition == "standard"
    title = tailored.filled[structure.title.text]
    return Document(
        title=plain(title.children),
        language=tailored.handout.language,
        banner=tuple(mark_draft(block, tailored.draft) for block in head if _is_draft_mark(block)),
        letterhead=tuple(block for block in head if not _is_draft_mark(block)),
        body=mark_english(body, tailored.handout),
        footer=footer,
        role=role,
        sides=structure.sides if is_standard else 0,
        first_page=tuple(ids_with(tailored, set(structure.first_page) & tailored.facts)),
        spill=tuple(ids_with_only(tailored, frozenset(structure.spill))) if is_standard else (),
        hotline=tailored.phrases[HOTLINE],
        place=structure.place_of("sides"),
    )


def compose_page(fields: Mapping[str, Any], folder: Path, template: str, title: str, language: str) -> Document:
    """Fill `template` of `folder` with plain fields, for a page that is no handout and of any length.

    Raises HandoutError with the template's file and line.
    """
    head, body, footer, role = parse_xhtml(_render(folder, template, dict(fields), any_length()))
    return Document(title=title, language=language, letterhead=head, body=body, footer=footer, role=role)


def _is_draft_mark(block: Node) -> TypeGuard[Section]:
    return isinstance(block, Section) and block.role == "draft"


def _render(folder: Path, template: str, context: dict[str, Any], limits: Limits) -> str:
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


# What a template sees


def _context(tailored: Tailored) -> dict[str, Any]:
    structure, options = tailored.handout.structure, tailored.options
    return {
        "title": tailored.filled[structure.title.text],
        "audience": tuple(tailored.filled[ref.text] for ref in tailored.audience),
        "blocks": tuple(_block(block, tailored) for block in tailored.blocks),
        "phrase": Fields(**{name.replace("-", "_"): text for name, text in tailored.phrases.items()}),
        "topic": structure.topic,
        "version": structure.version,
        "language": tailored.handout.language,
        "edition": tailored.phrases[f"edition-{options.edition}"],
        "dense": "one-side" if structure.dense and options.edition == "standard" else "",
        "short_letterhead": "yes" if tailored.is_letterhead_short else "",
        "labels": tuple(
            Fields(name=tailored.phrases[f"label-{form}"], month=slashed(structure.label_basis[form]))
            for form in structure.labels
            if form == options.form or len(structure.labels) == 1
        ),
        "has_name": "yes" if "name" in tailored.asked else "",
        "has_clinic": "yes" if "clinic_name" in tailored.asked else "",
        "has_prescriber": "yes" if "prescriber" in tailored.asked else "",
        "address": tuple(Value("address", part) for part in tailored.address),
        "personal": "yes" if tailored.personal else "",
        "draft": tailored.draft,
        "print": code_of(tailored.handout),
    }


def _block(block: Block, tailored: Tailored) -> Fields:
    return Fields(
        id=block.id,
        kind=block.kind,
        intro=tailored.shown(block.intro, block) if block.intro else "",
        texts=tuple(tailored.shown(ref, block) for ref in block.texts),
        columns=tuple(tailored.filled[ref.text] for ref in block.columns),
        rows=tuple(_row(row, tailored) for row in block.rows),
        lists=tuple(_dates(rows, tailored) for rows in _sevens(block.rows)) if block.kind == "calendar" else (),
        months=tuple(_month(month) for month in tailored.months) if block.kind == "calendar" else (),
        blocks=tuple(_block(inner, tailored) for inner in block.blocks),
        look="check" if block.check else "short" if block.short else "",
        marks=tailored.handout.draft_marks if tailored.draft else (),
    )


def _row(row: TableRow, tailored: Tailored) -> tuple[Content, ...]:
    return tuple(tailored.filled[ref.text] for ref in row.cells)


# A calendar


def _sevens(rows: tuple[TableRow, ...]) -> Iterator[tuple[TableRow, ...]]:
    """Divide the lines of a calendar into lists of at most `MOST_ITEMS`."""
    for start in range(0, len(rows), MOST_ITEMS):
        yield rows[start : start + MOST_ITEMS]


def _dates(rows: tuple[TableRow, ...], tailored: Tailored) -> tuple[Fields, ...]:
    lines = ((row.date, *_row(row, tailored)) for row in rows)
    return tuple(Fields(kind=kind, label=label, texts=tuple(texts)) for kind, label, *texts in lines)


def _month(month: Month) -> Fields:
    heads = tuple(Fields(name=head.name, marks=tuple(map(_mark, head.marks))) for head in month.weekdays)
    return Fields(name=month.name, weekdays=heads, weeks=tuple(tuple(map(_day, week)) for week in month.weeks))


def _day(day: Day | None) -> Fields:
    """Build a cell; outside the month it has neither a number nor a mark."""
    if day is None:
        return Fields(number="", marks=())
    return Fields(number=day.number, marks=tuple(map(_mark, day.marks)))


def _mark(mark: Mark) -> Fields:
    return Fields(kind=mark.kind, label=mark.label, time=Value("appointment", mark.time) if mark.time else "")
