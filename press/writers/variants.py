"""Vary a stylesheet: for a page of one side, in another size, for a language, for a card to cut out. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Concatenate, ParamSpec

from press.content.schema import fields_of
from press.lru import LRU, ById
from press.records import replace
from press.writers.stylesheet import BLACK, SMALLEST, BoxStyle, PageStyles, PictureStyle, Styles, Stylesheet, TextStyle

_MOST = 64  # stylesheets that are cached of each kind
How = ParamSpec("How")
_Vary = Callable[Concatenate[Stylesheet, How], Stylesheet]


def _cached(vary: _Vary[How]) -> _Vary[How]:
    """Make each variant once, so that what is laid out by it is found again by the stylesheet's identity."""
    made: LRU[Stylesheet] = LRU(_MOST)

    def vary_once(stylesheet: Stylesheet, /, *how: How.args, **named: How.kwargs) -> Stylesheet:
        key = ById(stylesheet), how, tuple(named.items())
        return made.get(key, lambda: vary(stylesheet, *how, **named))

    vary_once.__doc__ = vary.__doc__
    return vary_once


@_cached
def dense(stylesheet: Stylesheet) -> Stylesheet:
    """Give the stylesheet for a page that must fit on one side."""
    other = stylesheet.dense
    return replace(
        stylesheet,
        **{name: getattr(other, name) for name in fields_of(PageStyles) if name not in fields_of(Styles)},
        margins=other.margins or stylesheet.margins,
        text=other.text,
        boxes=MappingProxyType({**stylesheet.boxes, **other.boxes}),
    )


@_cached
def in_size(stylesheet: Stylesheet, size: float, picture: PictureStyle) -> Stylesheet:
    """Scale a stylesheet: `p` set in `size` points and all else in proportion, but the pictures as they are given.

    Two that differ in their pictures share all else, so that words are laid out once for both.
    """
    return replace(_scaled(stylesheet, size), picture=picture)


@_cached
def _scaled(stylesheet: Stylesheet, size: float) -> Stylesheet:
    """Scale all but the pictures.

    What is smaller than the words, such as the letterhead, gets no smaller than they; nothing gets under 10 points.
    """
    factor = size / stylesheet.style("p").size

    def text(style: TextStyle) -> TextStyle:
        small = max(SMALLEST, min(style.size, size), round(style.size * factor, 2))
        return replace(
            style, size=small, before=style.before * factor, after=style.after * factor, indent=style.indent * factor
        )

    def box(style: BoxStyle) -> BoxStyle:
        bar = style.bar if style.ground == BLACK else style.bar * factor  # a black one is seen from two meters
        return replace(
            style, bar=bar, padding=style.padding * factor, before=style.before * factor, after=style.after * factor
        )

    return replace(
        stylesheet,
        write_in=stylesheet.write_in * factor,
        text=MappingProxyType({name: text(style) for name, style in stylesheet.text.items()}),
        boxes=MappingProxyType({name: box(style) for name, style in stylesheet.boxes.items()}),
    )


@_cached
def for_language(stylesheet: Stylesheet, language: str) -> Stylesheet:
    """Adapt a stylesheet to a language: its faces, and room between the lines for its diacritics.

    A page that must fit on one side has no such room: there only a line with letters that are so
    high or deep is made taller.
    """
    other = stylesheet.other_faces
    if other is None or language.partition("-")[0] not in other.languages:
        return stylesheet

    def taller(styles: Mapping[str, TextStyle]) -> Mapping[str, TextStyle]:
        return MappingProxyType({name: replace(s, pitch=max(s.pitch, other.pitch)) for name, s in styles.items()})

    return replace(stylesheet, faces=other, text=taller(stylesheet.text))


@_cached
def card(stylesheet: Stylesheet) -> Stylesheet:
    """Give the stylesheet for a card to cut out; a line to write on is at least a third of a panel wide."""
    return replace(
        stylesheet,
        short_columns=1,
        pair=0.0,
        write_in=stylesheet.card.width / 3,
        text=stylesheet.card.text,
        boxes=MappingProxyType({**stylesheet.boxes, **stylesheet.card.boxes}),
    )


@_cached
def with_write_in(stylesheet: Stylesheet, write_in: float) -> Stylesheet:
    """Give the stylesheet with other lines to write on, `write_in` points long."""
    return replace(stylesheet, write_in=write_in)


@_cached
def with_gutter(stylesheet: Stylesheet, gutter: float) -> Stylesheet:
    """Give the stylesheet with another room between two languages, in points."""
    return replace(stylesheet, gutter=gutter)
