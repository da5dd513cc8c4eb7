"""Fill a template with a tailored handout and read the result into the document tree.

The only module that imports Jinja2. Templates see plain frozen fields, nothing callable;
the XHTML between Jinja and the parser never leaves this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.exceptions import SecurityError, TemplateNotFound, UndefinedError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from press.document import NOWHERE, Content, Document, Text, Value
from press.errors import HandoutError, Place, refuse
from press.library import all_blocks
from press.markup import str_place, to_xhtml
from press.model import Block, TableRow, TextRef
from press.tailor import Tailored
from press.xhtml import parse_xhtml

_TAG = re.compile(r"<[a-zA-Z][\w-]*")
_FILTERS = frozenset({"length", "first", "last"})


class Fields:
    """A bag of named values for a template: reading a field is all that it can do."""

    __slots__ = ("__values",)

    def __init__(self, **values: Any) -> None:
        self.__values = values

    def __getitem__(self, name: str) -> Any:
        return self.__values[name]


class _Stamp(Extension):
    """Writes the template's file and line onto every start tag, so that nodes know them."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        for token in stream:
            if token.type == "data":
                yield Token(token.lineno, "data", _stamped(token.value, stream.name or "", token.lineno))
            else:
                yield token


def _stamped(text: str, name: str, line: int) -> str:
    def stamp(match: re.Match[str]) -> str:
        here = line + text.count("\n", 0, match.start())
        place = Place(f"templates/{name}", here, match.start() - text.rfind("\n", 0, match.start()))
        return f'{match.group()} at="{str_place(place)}"'

    return _TAG.sub(stamp, text)


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox with less in it: a handful of filters, no globals, no methods."""

    intercepted_binops = frozenset({"*", "**", "%", "//"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        raise SecurityError(f"the operator {operator} is not for templates")


def _finalize(value: Any) -> str:
    """What `{{ … }}` may print: a content string, a text or a whole number."""
    if isinstance(value, Content):
        return Markup(to_xhtml((value,)))
    if isinstance(value, Value | Text):
        return Markup(to_xhtml((value,)))
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise UndefinedError(f"a template printed a {type(value).__name__}")
    return value


@lru_cache(maxsize=4)
def _environment(folder: Path) -> _Environment:
    environment = _Environment(
        loader=FileSystemLoader(str(folder), followlinks=False),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        extensions=[_Stamp],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in _FILTERS}
    return environment


def compose(tailored: Tailored, folder: Path, template: str = "handout.xhtml.j2") -> Document:
    """Fill `template` of `folder`. Raises HandoutError with the template's file and line."""
    letterhead, body, footer, role = parse_xhtml(_render(folder, template, _context(tailored)))
    bones = tailored.handout.bones
    title = tailored.filled[bones.title.text]
    return Document(
        title="".join(c.text for c in title.children if isinstance(c, Text)),
        language=tailored.handout.language,
        letterhead=letterhead,
        body=body,
        footer=footer,
        role=role,
        sides=bones.sides if tailored.options.edition == "standard" else 0,
        first_page=tuple(_first_page(tailored)),
        place=bones.place_of("sides"),
    )


def _render(folder: Path, template: str, context: dict[str, Any]) -> str:
    try:
        return _environment(folder).get_template(template).render(context)
    except TemplateNotFound as error:
        raise refuse(Place(f"templates/{error.name}"), "there is no such template") from None
    except TemplateSyntaxError as error:
        place = Place(f"templates/{error.name or template}", error.lineno)
        raise refuse(place, "the template is broken here", _own_words(error)) from None
    except (TemplateError, TypeError, RecursionError, ZeroDivisionError) as error:
        raise _runtime(error, folder, template) from None


def _runtime(error: Exception, folder: Path, template: str) -> HandoutError:
    """The innermost template line that the traceback of a failed rendering names."""
    place, trace = Place(f"templates/{template}"), error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.parent == folder and file.suffix == ".j2":
            place = Place(f"templates/{file.name}", trace.tb_lineno)
        trace = trace.tb_next
    return refuse(place, "the template cannot be filled here", _own_words(error))


def _own_words(error: Exception) -> str:
    """Jinja's sentence about a template; it can quote template names, never a value."""
    if isinstance(error, UndefinedError | SecurityError | TemplateSyntaxError):
        return str(error.message or "")
    return "an expression here does not work"


def _first_page(tailored: Tailored) -> Iterator[str]:
    """The ids of the texts that carry the facts which must stand on page 1."""
    wanted = set(tailored.handout.bones.first_page) & tailored.facts
    for block in all_blocks(tailored.blocks):
        if wanted & set(block.facts):
            for ref in _all_refs(block):
                yield tailored.filled[ref.text].id


def _all_refs(block: Block) -> Iterator[TextRef]:
    yield from block.texts
    for row in block.rows:
        yield from row.cells


# What a template sees


def _context(tailored: Tailored) -> dict[str, Any]:
    bones, options = tailored.handout.bones, tailored.options
    return {
        "title": tailored.filled[bones.title.text],
        "audience": tuple(tailored.filled[ref.text] for ref in tailored.audience),
        "blocks": tuple(_block(block, tailored) for block in tailored.blocks),
        "phrase": Fields(**{name.replace("-", "_"): text for name, text in tailored.phrases.items()}),
        "topic": bones.topic,
        "version": bones.version,
        "language": tailored.handout.language,
        "edition": tailored.phrases[f"edition-{options.edition}"],
        "dense": "one-side" if bones.dense and options.edition == "standard" else "",
        "labels": tuple(
            Fields(name=tailored.phrases[f"label-{form}"], month=_slashed(bones.label_basis[form]))
            for form in bones.labels
            if form == options.form or len(bones.labels) == 1
        ),
        "has_name": "yes" if options.name else "",
        "has_prescriber": "yes" if options.prescriber else "",
        "address": tailored.address,
        "personal": "yes" if tailored.personal else "",
        "reviewer": tailored.handout.review.reviewer,
    }


def _slashed(month: str) -> str:
    return f"{month[5:]}/{month[:4]}"


def _block(block: Block, tailored: Tailored) -> Fields:
    return Fields(
        id=block.id,
        kind=block.kind,
        intro=tailored.filled[block.intro.text] if block.intro else "",
        texts=tuple(tailored.filled[ref.text] for ref in block.texts),
        columns=tuple(tailored.filled[ref.text] for ref in block.columns),
        rows=tuple(_row(row, tailored) for row in block.rows),
        blocks=tuple(_block(inner, tailored) for inner in block.blocks),
        look="short" if block.short else "",
    )


def _row(row: TableRow, tailored: Tailored) -> tuple[Content, ...]:
    return tuple(tailored.filled[ref.text] for ref in row.cells)
