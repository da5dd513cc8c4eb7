"""The pictures of templates/pictures: drawn by one hand, and seen on a bad printer."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pypdfium2
import pytest

from press.content.code_pictures import APPOINTMENT_CODE
from press.content.pictures import FOLDER, Pictures
from press.content.yaml.reader import read_file
from press.document.pictures import GRID
from tools.contact_sheet import draw_pdf

ROOT = Path(__file__).resolve().parents[2]
PICTURES = Pictures(ROOT / FOLDER.file)
NAMES = sorted(PICTURES.names)
LANGUAGES = sorted(path.stem for path in (ROOT / "handouts" / "phrases").glob("*.yaml"))
DOTS = 6  # to a unit
WHITE = 2  # units around a picture
STROKES = {0, 2.5, 4}  # as the README of the folder says


@cache
def dots(name: str) -> tuple[tuple[int, int, int, int], float]:
    """Where the ink of a picture is, in dots (left, top, right, bottom), and how much of its square it takes."""
    page = pypdfium2.PdfDocument(draw_pdf(PICTURES.get(name), GRID))[0]
    image = page.render(scale=DOTS, grayscale=True).to_pil().point(lambda value: 255 * (value < 128))
    return image.getbbox(), image.histogram()[255] / (image.width * image.height)


def test_there_are_pictures() -> None:
    assert len(NAMES) >= 10 and len(list((ROOT / FOLDER.file).iterdir())) == len(NAMES) + 1


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_has_white_around_it(name: str) -> None:
    (left, top, right, bottom), _ = dots(name)

    assert min(left, top) >= WHITE * DOTS and max(right, bottom) <= (GRID - WHITE) * DOTS
    assert max(right - left, bottom - top) > 0.7 * GRID * DOTS


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_neither_pale_nor_a_blot(name: str) -> None:
    assert 0.03 < dots(name)[1] < 0.45


@pytest.mark.parametrize("name", NAMES)
def test_lines_have_the_widths_of_one_hand(name: str) -> None:
    assert {shape.stroke for shape in PICTURES.get(name).shapes} <= STROKES


def test_the_list_of_the_folder_names_every_picture() -> None:
    text = (ROOT / FOLDER.file / "README.md").read_text("utf-8")

    assert sorted(re.findall(r"^\| `([a-z0-9-]+)` \|", text, re.MULTILINE)) == NAMES


@cache
def worded(language: str) -> list[str]:
    """The pictures that have words in a language."""
    texts = read_file(ROOT / "handouts" / "phrases" / f"{language}.yaml", language).get("texts")
    return sorted(key.text.removeprefix("picture-") for key, _ in texts.entries if key.text.startswith("picture-"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_has_words_in_every_language(language: str) -> None:
    if not any(map(worded, LANGUAGES)):
        pytest.skip("no handout has a picture yet, so none has words")
    assert worded(language) == sorted([*NAMES, APPOINTMENT_CODE])  # the code to scan is drawn by the press
