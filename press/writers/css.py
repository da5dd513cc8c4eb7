"""Write the numbers of a stylesheet as CSS for the HTML page.

Sizes are in rem, so that the reader's own font size counts (12 points are 1 rem); on paper they
are the points of the stylesheet. Every width can shrink to a phone of 320 pixels (WCAG 2.2,
1.4.10), and no height clips words (1.4.12). Colors are the reader's own black and white, or white
and black: nothing depends on them.
"""

from __future__ import annotations

from collections.abc import Iterator

from press.writers.stylesheet import BLACK, BoxStyle, Stylesheet, TextStyle

_POINTS = 12.0  # of one rem
_USUAL = 14.0  # points, the words of the standard edition

_SCREEN = """:root { color-scheme: light dark; color: CanvasText; background: Canvas;
  -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { font-family: "Atkinson Hyperlegible Next", Verdana, sans-serif; line-height: 1.5; max-width: 40rem;
  margin: 0 auto; padding: 1rem; overflow-wrap: break-word; }
.hotline { margin: 0 0 .8em; }
.hotline a { display: block; padding: .5em; color: Canvas; background: CanvasText; font-weight: bold; font-size: 1.2em;
  white-space: normal; text-align: center; }
h1, h2, h3 { line-height: 1.2; margin: 1.2em 0 .4em; }
p, ul, ol { margin: 0 0 .8em; }
ul, ol { padding-inline-start: 1.5em; }
li { margin-bottom: .3em; }
ul.short, ol.short { columns: 2 12em; column-gap: 2em; }
ul.check { list-style-type: "☐  "; }
.lead, .clinic { margin-bottom: .2em; }
.logo { display: block; width: auto; height: auto; max-width: 100%; max-height: 4em; margin-bottom: .4em; }
.box { margin: 1em 0; }
.box > :first-child, .sign + * { margin-top: 0; }
.box > :last-child, .panel > :last-child { margin-bottom: 0; }
.pair { margin-bottom: .8em; }
.panel + .panel { margin-top: .8em; }
.sign { float: inline-start; width: 2em; height: 2em; margin-inline-end: .6em; }
.sign + * { display: flow-root; }
.sign + * + * { clear: inline-start; }
.picture { float: inline-start; margin: .1em .6em .3em 0; }
:is(p, li, h1, h2, h3):has(> .picture)::after { content: ""; display: block; clear: both; }
table { border-collapse: collapse; width: 100%; margin: 1em 0; }
caption, th, td { text-align: start; }
th, td { vertical-align: top; border-bottom: 1px solid; padding: .4em 0; padding-inline-end: .6em; }
td { overflow-wrap: anywhere; }
.bars { margin: 1em 0; }
.bars div { display: grid; grid-template-columns: 10em 1fr 3em; gap: .6em; align-items: center; margin-bottom: .3em; }
.bars span { overflow-wrap: anywhere; }
.bars svg { width: 100%; height: 1em; fill: currentColor; }
.rows td { overflow-wrap: normal; } /* a date is not broken: these tables are for a desk */
.rows bdi { white-space: nowrap; }
body:has(.rows) { max-width: 54rem; }
a { color: inherit; display: inline-block; white-space: nowrap; /* a number stays in one line */ }
.month { table-layout: fixed; break-inside: avoid; }
.month th, .month td { border: 1px solid; padding: .2em .3em; overflow-wrap: anywhere; }
.month td { height: 3em; }
.write-in { display: inline-block; width: 12em; max-width: 100%; border-bottom: 1px solid; }
p.write-in { display: block; width: auto; padding-bottom: 3em; }
.sides, .sides > span { display: block; }
.sides > span + span { margin-inline-start: 1em; }
footer { margin-top: 2em; border-top: 1px solid; padding-top: .5em; }
@media (min-width: 48em) {
  body:has(.sides) { max-width: 60rem; }
  .sides { display: grid; grid-template-columns: 1fr 1fr; gap: 2rem; }
  .sides > span + span { margin-inline-start: 0; }
  :is(th, td) > .sides { display: block; }
}
@media (max-width: 30em) {
  h1 { margin-top: .5em; }
  a:not(.hotline *) { font-size: min(1em, 5.4vw); /* the longest number fits in 320 pixels */ }
  .bars div { grid-template-columns: 6em 1fr 2em; }
  .contacts :is(tr, th, td) { display: block; }
  .contacts th { border: 0; padding-bottom: 0; }
  .month { display: none; /* the list before it names every day */ }
}
@media (max-width: 22em) {
  .sign { float: none; display: block; margin-bottom: .4em; }
}"""

_SIGNS = {
    "given": "●", "watch": "▽", "danger": "⚠\ufe0e", "offered": "□", "due": "◆", "appointment": "○", "planned": "◇",
    "closed": "✕",
}  # fmt: skip

_PRINT = """@media print {
  :root { color-scheme: light; }
  body { max-width: none; margin: 0; padding: 0; line-height: 1.25; }
  h1, h2, h3 { margin-top: .8em; }
  p, ul, ol { margin-bottom: .5em; }
  .box, li, tr, p, footer { break-inside: avoid; }
  h1, h2, h3, .lead, caption { break-after: avoid; }
  footer { break-before: avoid; margin-top: .5em; }
  a { text-decoration: none; }
  .hotline { display: none; }
}"""


def css(stylesheet: Stylesheet, running: str) -> str:
    """Write the CSS of a page; `running` is printed at the top of each page after the first.

    The one-side variant is for the PDF alone.
    """
    rules = (
        _SCREEN,
        *_types(stylesheet),
        *_boxes(stylesheet),
        _picture(stylesheet),
        *_telephone(stylesheet),
        *_marks(),
        _page(stylesheet, running),
        _PRINT,
    )
    return "\n".join(rules)


def _types(stylesheet: Stylesheet) -> Iterator[str]:
    for name, style in stylesheet.text.items():
        yield f"{_selector(name)} {{ {_type(style)} }}"


def _selector(name: str) -> str:
    """Write the name of a style as a CSS selector; the class of a cell is that of its table."""
    element, _, role = name.partition(".")
    if role and element in ("caption", "th", "td"):
        return f".{role} {element}"
    return {"p": "body", "mark": ".mark"}.get(name, name)


def _type(style: TextStyle) -> str:
    return f"font-size: {style.size / _POINTS:.3g}rem; font-weight: {'bold' if style.bold else 'normal'};"


def _boxes(stylesheet: Stylesheet) -> Iterator[str]:
    for role, box in stylesheet.boxes.items():
        yield f".{role} {{ {_box(box)} }}"
        if box.bar:
            no_ink = ":not(:has(.write-in, .picture))" if box.ground == BLACK else ""
            yield f".{role} > h2{no_ink} {{ {_bar(box)} }}"


def _box(box: BoxStyle) -> str:
    """Write a frame. A half-black gray of twice the strength is the tint on white, and as faint on black."""
    return (
        f"border: {box.border:g}pt solid; padding: {box.padding / _POINTS:.3g}rem; "
        f"background: rgb(128 128 128 / {2 * box.tint:g}%);"
    )


def _bar(box: BoxStyle) -> str:
    """Write the heading of a box across all of it: in reverse, or with a rule below it."""
    side = box.padding / _POINTS
    look = (
        "color: Canvas; background: CanvasText; print-color-adjust: exact;"
        if box.ground == BLACK
        else f"background: rgb(128 128 128 / {2 * box.ground:g}%); border-bottom: {box.border:g}pt solid;"
    )
    return (
        f"font-size: {box.bar / _POINTS:.3g}rem; {look} "
        f"margin: -{side:.3g}rem -{side:.3g}rem .5em; padding: .2em {side:.3g}rem;"
    )


def _picture(stylesheet: Stylesheet) -> str:
    size = stylesheet.picture.size / _POINTS
    code = ".picture.code { width: 30mm; height: 30mm; }"
    return f".picture {{ width: {size:.3g}rem; height: {size:.3g}rem; }} {code}"


def _telephone(stylesheet: Stylesheet) -> Iterator[str]:
    """Write the type for a small screen, held nearer than paper: 14 points are 16 pixels. Large print stays."""
    if stylesheet.style("p").size <= _USUAL:
        yield (
            "@media (max-width: 30em) { :root { font-size: 87.5%; } body { line-height: 1.4; padding: .75rem; } "
            "p, ul, ol { margin-bottom: .6em; } .box { margin: .7em 0; } }"
        )


def _marks() -> Iterator[str]:
    """Write the sign before each word that marks a day; a screen reader skips it if the browser lets it."""
    for role, sign in _SIGNS.items():
        yield f'.mark.{role}::before {{ content: "{sign} "; content: "{sign} " / ""; }}'


def _page(stylesheet: Stylesheet, running: str) -> str:
    """Write the page size. A margin of three quarters of an inch leaves room for the browser's own lines."""
    counter = '@bottom-center { content: counter(page) " / " counter(pages); }'
    head = f'@top-left {{ content: "{_escape(running)}"; font-weight: bold; white-space: nowrap; }}'
    first = "@page :first { @top-left { content: none; } }"
    return f"@page {{ size: {stylesheet.paper}; margin: 54pt; {counter} {head if running else ''} }}\n{first}"


def _escape(text: str) -> str:
    """Escape words for a CSS string: all but letters and digits by code point, so that nothing ends it."""
    return "".join(c if c.isalnum() else f"\\{ord(c):x} " for c in text)
