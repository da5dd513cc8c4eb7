"""YAML files that must be refused, with what is told about them, for the tests of the reader."""

from __future__ import annotations

import pytest

from press.content.raw import Mapping, Scalar, Sequence, Value
from press.content.yaml.reader import read
from press.errors import HandoutError, Problem

Spot = tuple[int, int, str]


def plain(value: Value) -> object:
    """The tree as text, list and dict."""
    match value:
        case Scalar():
            return value.text
        case Sequence():
            return [plain(item) for item in value]
        case Mapping():
            return {key.text: plain(item) for key, item in value.entries}


def told(data: str | bytes, *, private: bool = False) -> tuple[Problem, ...]:
    """The problems of a file that must be refused."""
    data = data.encode() if isinstance(data, str) else data
    with pytest.raises(HandoutError) as caught:
        read(data, "f.yaml", private=private)
    return caught.value.problems


def spots(data: str | bytes) -> list[Spot]:
    return [(p.place.line, p.place.column, p.message) for p in told(data)]


# Each case: the file, and what is told where.

TRAPS: list[tuple[str, list[Spot]]] = [
    ("a: &x b", [(1, 4, "cannot begin with `&` (an anchor")]),
    ("a: & b", [(1, 4, "cannot begin with `&`")]),
    ("a: &x\n  b: c\nd: e", [(1, 4, "cannot begin with `&`")]),
    ("&x a: b\nc: d", [(1, 1, "cannot begin with `&`")]),
    ("a: *x", [(1, 4, "cannot begin with `*` (an alias")]),
    ("a: **b** c", [(1, 4, "cannot begin with `*`")]),
    ("a: &x [*x]", [(1, 4, "`&`"), (1, 8, "`*`")]),
    ("a: !x b", [(1, 4, "cannot begin with `!` (a tag")]),
    ("a: !!int 5", [(1, 4, "`!`")]),
    ("a: !!binary 5\nb: !<tag:x,1> c\nc: ! d", [(1, 4, "`!`"), (2, 4, "`!`"), (3, 4, "`!`")]),
    ("a: !!python/object/apply:os.system ['x']", [(1, 4, "`!`")]),
    ("a: !undefined!x b", [(1, 4, "`!`")]),
    ("%YAML 1.2\n---\na: b", [(1, 1, "begin with `%`")]),
    ("%TAG ! tag:x,1:\n---\na: b", [(1, 1, "begin with `%`")]),
    ("%YAML " + "9" * 5000 + "\n---\na: b", [(1, 1, "begin with `%`")]),
    ("a: b\n---\nc: d", [(2, 1, "second document")]),
    ("a: b\n...\nc: d", [(3, 1, "second document")]),
    ("a: b\n---\n", [(2, 1, "second document")]),
    ("<<: {a: b}", [(1, 1, "merge")]),
    ("a: 1\n<<: *x", [(2, 1, "merge"), (2, 5, "`*`")]),
    ("a: 1\nb: 2\na: 3", [(3, 1, "key `a` is given twice; first in line 1")]),
    ("Dose: 1\ndose: 2", [(2, 1, "key `dose` is given twice; first in line 1")]),
    ("straße: 1\nSTRASSE: 2", [(2, 1, "key `STRASSE` is given twice")]),
    ("é: 1\ne\u0301: 2", [(2, 1, "key `é` is given twice")]),
    ("a: {b: 1, b: 2}", [(1, 11, "key `b` is given twice; first in line 1")]),
    ("a: 1\na: 2\na: 3", [(2, 1, "first in line 1"), (3, 1, "first in line 1")]),
    ("'': a", [(1, 1, "no key before the colon")]),
    ("' ': a", [(1, 1, "no key before the colon")]),
    (": a", [(1, 1, "no key before the colon")]),
    ("a: {: b}", [(1, 5, "no key before the colon")]),
    ("? a\n: b", [(1, 1, "begin with `?`")]),
    ("a: ? b", [(1, 4, "begin with `?`")]),
    ("? [a]\n: b", [(1, 1, "begin with `?`"), (1, 3, "where a key is expected")]),
    ("{a: b}: c", [(1, 1, "where a key is expected")]),
    ("[a]: c", [(1, 1, "where a key is expected")]),
    ("a: {name}", [(1, 9, "no colon and no text")]),
    ("a: {b: c, d}", [(1, 12, "no colon and no text")]),
    ("a: Take # 2", [(1, 9, "begins a comment")]),
    ("a: Take\n  two # 3", [(2, 7, "begins a comment")]),
    ("a: # 2", [(1, 4, "begins a comment")]),
    ("a:\n  - # 2\n  - b # c", [(2, 5, "begins a comment"), (3, 7, "begins a comment")]),
    ("a: [b, c # d\n  ]", [(1, 10, "begins a comment")]),
    ("a: @b\nc: `d`\ne: %5", [(1, 4, "this sign"), (2, 4, "this sign"), (3, 4, "this sign")]),
    ("a: > 5 mg\nb: |c", [(1, 4, "`|` or `>`"), (2, 4, "`|` or `>`")]),
    ("a: |0\n  b", [(1, 4, "`|` or `>`")]),
    ('a: "x\ny"', [(1, 4, "not closed before a line")]),
    ("\u00a0a: b", [(1, 1, "indentation holds the character U+00A0 NO-BREAK SPACE")]),
    ("a:\n\u00a0\u00a0b: c", [(2, 1, "indentation holds the character U+00A0")]),
    ("a:\n  b: c\n \u00a0d: e", [(3, 2, "indentation holds the character U+00A0")]),
    ("a:\n\u3000b: c", [(2, 1, "indentation holds the character U+3000 IDEOGRAPHIC SPACE")]),
    ("a: b\n\u00a0\nc: d", [(2, 1, "indentation holds the character U+00A0")]),
    ("a\u00a0b: c", [(1, 1, "character U+00A0 NO-BREAK SPACE at position 2 of this")]),
    ("", [(0, 0, "empty")]),
    ("\ufeff", [(0, 0, "empty")]),
    ("\n \n# only a comment", [(0, 0, "empty")]),
    ("---\n", [(0, 0, "empty")]),
    ("a text", [(1, 1, "must begin with lines of the form")]),
    ("\n- a\n", [(2, 1, "must begin with lines of the form")]),
    ("[a]", [(1, 1, "must begin with lines of the form")]),
]

SLIPS: list[tuple[str, list[Spot]]] = [
    ("a: b\n\tc: d", [(2, 1, "a tab is used for indentation")]),
    ("a:\n  \tb: d", [(2, 3, "a tab is used for indentation")]),
    ("a:\tb", [(1, 3, "a tab stands where only a space")]),
    ("a: b\t# c", [(1, 5, "a tab stands where only a space")]),
    ("a: 12: 30", [(1, 6, "a colon and a space stand inside a text")]),
    ("- a: b: c", [(1, 7, "a colon and a space stand inside a text")]),
    ("a:b\nc: d", [(1, 1, "space is missing after the colon")]),
    ("a: b\nc:d\ne: f", [(2, 1, "space is missing after the colon")]),
    ("a: b\nc:d", [(2, 1, "space is missing after the colon")]),
    ("a:b", [(1, 1, "space is missing after the colon")]),
    ("a:\u00a0b", [(1, 1, "after the colon is not an ordinary space")]),
    ("a: b\nc:\u00a0d\ne: f", [(2, 1, "after the colon is not an ordinary space")]),
    ("a: b\nno colon\nc: d", [(2, 1, "a key and a colon are missing")]),
    ("no colon\nc: d", [(1, 1, "a key and a colon are missing")]),
    ("a: b\n  c: d", [(2, 3, "goes on with the text above")]),
    ("a:\n   b: c\n  d: e", [(3, 3, "indentation of this line fits none")]),
    ("a:\n  b: c\n d: e", [(3, 2, "indentation of this line fits none")]),
    (" a: b\nc: d", [(2, 1, "indentation of this line fits none")]),
    ("a: |\n  b\n c", [(3, 2, "indentation of this line fits none")]),
    ("a:\n  - b\n  c: d", [(3, 3, "stand on the same level")]),
    ("a: b\n- c", [(2, 1, "stand on the same level")]),
    ("a: - b", [(1, 4, "a list cannot begin with `-`")]),
    ('a: "b\nc: d', [(1, 4, "quote that opens here is never closed")]),
    ("a: b\nc: 'd", [(2, 4, "quote that opens here is never closed")]),
    ('a: "b\n---\n', [(1, 4, "quote that opens here is never closed")]),
    ('a: "b" and c', [(1, 8, "goes on after its closing quote")]),
    ("a: 'it's'", [(1, 8, "goes on after its closing quote")]),
    ('a: "C:\\path"', [(1, 8, "a backslash needs another one")]),
    ('a: "\\xg"', [(1, 7, "a backslash needs another one")]),
    ('a: "\\U00110000"', [(1, 7, "a backslash needs another one")]),
    ('a: "\\UFFFFFFFF"', [(1, 7, "a backslash needs another one")]),
    ("a: [b, c\nd: e", [(1, 4, "bracket that opens here is not closed")]),
    ("a: [b, c", [(1, 4, "bracket that opens here is not closed")]),
    ("a: {b: c", [(1, 4, "bracket that opens here is not closed")]),
    ('a: ["b" c]', [(1, 4, "a comma is missing")]),
    ("a: [b] c", [(1, 8, "goes on after its closing bracket")]),
    ("a: ]", [(1, 4, "this sign cannot stand here")]),
    ("a: , b", [(1, 4, "this sign cannot stand here")]),
    ("...", [(1, 1, "this line cannot be read")]),
]

CHARACTERS: list[tuple[str, list[Spot]]] = [
    ("a: b\nc: Ann\u202ey", [(2, 7, "`c`: character U+202E RIGHT-TO-LEFT OVERRIDE is not allowed")]),
    ("a\u200b: b", [(1, 2, "U+200B ZERO WIDTH SPACE")]),
    ("# \u202e\na: b", [(1, 3, "U+202E")]),
    ("a: |\n  b\n  c\u0007\n", [(3, 4, "U+0007")]),
    ("a: b\u0085c d", [(1, 5, "U+0085 NEXT LINE")]),
    ("a: b\u2028c\nd: e\u2029", [(1, 5, "U+2028"), (2, 5, "U+2029")]),
    ("a: b\x00c", [(1, 5, "U+0000 NULL")]),
    ("a: b\n\ufeffc: d", [(2, 1, "U+FEFF")]),
    ("a: x\u200dy", [(1, 5, "U+200D")]),
    ('a: "b\\0\\e[31m"', [(1, 4, "`a`: character U+0000 NULL at position 2"), (1, 4, "U+001B ESCAPE at pos")]),
    ('a: "\\ud83d\\ude00"', [(1, 4, "U+D83D"), (1, 4, "U+DE00")]),
    ('a: "\\r"', [(1, 4, "U+000D CARRIAGE RETURN at position 1")]),
    ('"a\\tb": c', [(1, 1, "U+0009 TAB at position 2")]),
    ('"a\\nb": c', [(1, 1, "U+000A LINE BREAK at position 2")]),
    ("a: x" + "\u0323" * 5, [(1, 4, "5 combining marks in a row (at most 4) at position 2")]),
]


ALL = TRAPS + SLIPS + CHARACTERS

MERGES = "a: &a {x: 1}\n" + "".join(f"b{n}: &b{n} {{<<: [*a, *a, *a, *a, *a, *a, *a, *a, *a]}}\n" for n in range(60))
LAUGHS = "l0: &l0 [ha, ha]\n" + "".join(f"l{n}: &l{n} [*l{n - 1}, *l{n - 1}]\n" for n in range(1, 99))


def bombs(share: int = 1) -> dict[str, str]:
    """Files that are made to take all the time or memory there is, or a share of their length."""
    return {
        "40 kB of [": "[" * (40_000 // share),
        "40 kB of {": "{" * (40_000 // share),
        "40 kB of [ under a key": "a: " + "[" * (40_000 // share),
        "1 MB of [": "[" * (1_000_000 // share),
        "900 brackets": "a: " + "[" * (900 // share) + "]" * (900 // share),
        "900 braces": "{a: " * (900 // share) + "}" * (900 // share),
        "deep indentation": "\n".join(" " * n + "a:" for n in range(900 // share)),
        "deep list": "- " * (20_000 // share),
        "question marks": "? " * (20_000 // share),
        "exclamation marks": "! " * (20_000 // share),
        "colons": ": " * (20_000 // share),
        "commas": "a: [" + "," * (40_000 // share),
        "aliases in brackets": "[*a," * (10_000 // share),
        "anchors": "- &a x\n" * (100_000 // share),
        "merges": MERGES,
        "billion laughs": LAUGHS,
        "a cycle": "a: &a [*a]",
        "1 MB of zeros": "\0" * (1_000_000 // share),
        "1 MB of controls": "\x01" * (1_000_000 // share),
        "escapes": 'a: "' + "\\x01" * (240_000 // share) + '"',
        "marks": "a: " + "\u0301\u0323" * (240_000 // share),
        "marks from escapes": 'a: "' + "\\u0301\\u0323" * (80_000 // share) + '"',
        "marks in a key": "? " + "\u0301\u0323" * (240_000 // share),
        "open quote": "a: '" + "x" * (900_000 // share),
        "tabs": "a: " + "\t" * (900_000 // share),
        "many texts": "- a\n" * (200_000 // share),
        "many in brackets": "a: [x" + ",x" * (400_000 // share),
        "equal keys": "a: 1\n" * (19_000 // share),
        "a long key": "k" * (900_000 // share) + ": 1",
        "digits": "%YAML 1." + "9" * (900_000 // share),
    }


BOMBS = bombs()
# How many calls may be made before one is refused that need not be read to its end.
SOON = {
    "40 kB of [": 700,
    "40 kB of {": 700,
    "40 kB of [ under a key": 1_200,
    "1 MB of [": 700,
    "900 brackets": 1_300,
    "900 braces": 2_000,
    "deep indentation": 8_000,
    "deep list": 2_400,
    "question marks": 3_300,
    "exclamation marks": 35_000,
    "colons": 400,
    "commas": 800,
    "aliases in brackets": 2_200,
    "merges": 30_000,
    "billion laughs": 35_000,
    "a cycle": 1_100,
    "1 MB of zeros": 4_600,
    "1 MB of controls": 4_800,
}
