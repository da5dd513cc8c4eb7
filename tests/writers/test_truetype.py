"""Type faces read and cut by the press, compared with HarfBuzz on the same files."""

from __future__ import annotations

import random
import struct

import pytest
import uharfbuzz

from press.writers.pdf.fonts.faces import load_face
from press.writers.pdf.fonts.truetype import Sfnt
from tests.rigs.read_back import Outlines
from tests.writers.scripts import FONTS, path_of

FACES = [*sorted(path.stem for path in FONTS.glob("*.ttf")), "NotoSansSC-Regular", "NotoSansJP-Bold"]


def pen_of(font: uharfbuzz.Font, glyph: int) -> list[tuple]:
    """The strokes of a glyph as a renderer gets them."""
    strokes: list[tuple] = []
    funcs = uharfbuzz.DrawFuncs()
    funcs.set_move_to_func(lambda x, y, _: strokes.append(("m", x, y)))
    funcs.set_line_to_func(lambda x, y, _: strokes.append(("l", x, y)))
    funcs.set_quadratic_to_func(lambda *to: strokes.append(("q", *to[:4])))
    funcs.set_close_path_func(lambda _: strokes.append(("z",)))
    font.draw_glyph(glyph, funcs, None)
    return strokes


@pytest.fixture(params=FACES)
def name(request: pytest.FixtureRequest) -> str:
    """Each face in the tree and two of the extra."""
    return request.param


@pytest.fixture
def sfnt(name: str) -> Sfnt:
    """The face as the press reads it."""
    return load_face(path_of(name)).sfnt


@pytest.fixture
def font(sfnt: Sfnt) -> uharfbuzz.Font:
    """The face as HarfBuzz reads it."""
    return uharfbuzz.Font(uharfbuzz.Face(sfnt.data))


def some_glyphs(sfnt: Sfnt) -> list[int]:
    """A hundred glyphs, the same ones at each run, composite ones among them."""
    return random.Random(7).sample(sorted(set(sfnt.characters.values())), 100)


def test_characters_lead_to_the_glyphs_of_the_face(sfnt: Sfnt, font: uharfbuzz.Font) -> None:
    assert len(sfnt.characters) > 300
    assert set(sfnt.characters) == {point for point in font.face.unicodes if font.get_nominal_glyph(point)}
    assert all(font.get_nominal_glyph(point) == glyph for point, glyph in sfnt.characters.items())


def test_measures_are_those_of_the_face(sfnt: Sfnt, font: uharfbuzz.Font) -> None:
    lines = font.get_font_extents("ltr")
    assert (sfnt.em, sfnt.count) == (font.face.upem, font.face.glyph_count)
    assert (sfnt.ascent, sfnt.descent) == (lines.ascender, lines.descender)
    for glyph in some_glyphs(sfnt):
        box = font.get_glyph_extents(glyph)
        assert sfnt.advance(glyph) == font.get_glyph_h_advance(glyph)
        assert sfnt.extent(glyph) == (box.y_bearing + box.height, box.y_bearing)


def test_subset_draws_the_same_glyphs_under_their_own_numbers(sfnt: Sfnt, font: uharfbuzz.Font) -> None:
    kept = some_glyphs(sfnt)
    cut = uharfbuzz.Font(uharfbuzz.Face(sfnt.subset(kept)))

    assert cut.face.upem == sfnt.em
    for glyph in kept:
        assert pen_of(cut, glyph) == pen_of(font, glyph)
        assert cut.get_glyph_h_advance(glyph) == font.get_glyph_h_advance(glyph)


def test_subset_holds_nothing_else(sfnt: Sfnt) -> None:
    cut = Sfnt(sfnt.subset(some_glyphs(sfnt)[:3]))

    assert len(cut.data) < 25_000 + 12 * sfnt.count
    assert sum(bool(cut.outline(glyph)) for glyph in range(cut.count)) < 20
    assert cut.outline(0) == Outlines(cut.data).data(0) != b""


def test_built_glyph_is_its_parts_in_their_places(sfnt: Sfnt, font: uharfbuzz.Font) -> None:
    first, second = (sfnt.characters[ord(letter)] for letter in "ae")
    cut = uharfbuzz.Font(uharfbuzz.Face(sfnt.subset([], [(((first, 0, 0), (second, 300, -40)), 777)])))
    moved = [(s[0], *(n + (300, -40)[i % 2] for i, n in enumerate(s[1:]))) for s in pen_of(font, second)]

    assert cut.get_glyph_h_advance(sfnt.count) == 777
    assert pen_of(cut, sfnt.count) == pen_of(font, first) + moved


def test_sums_of_the_file_are_right(sfnt: Sfnt) -> None:
    """OpenType, table directory: each table has its sum, and the whole file the one that is asked for."""
    data = sfnt.subset(some_glyphs(sfnt))
    words = struct.unpack(f">{len(data) // 4}I", data)
    assert sum(words) & 0xFFFFFFFF == 0xB1B0AFBA

    for tag, told, start, size in struct.iter_unpack(">4sIII", data[12 : 12 + 16 * data[5]]):
        table = bytearray(data[start : start + size + -size % 4])
        if tag == b"head":
            table[8:12] = b"\0\0\0\0"
        assert sum(struct.unpack(f">{len(table) // 4}I", table)) & 0xFFFFFFFF == told
