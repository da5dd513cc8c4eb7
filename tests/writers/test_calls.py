"""Words of one reader are proved against the document and that reader's texts, whatever layout made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import pytest

from press.document.nodes import PageNumber, Text
from press.document.slots import OPEN, Slot
from press.writers.pdf.fonts.faces import Faces
from press.writers.pdf.layout import lines as lines_module
from press.writers.pdf.layout.calls import Call, Reader
from press.writers.pdf.layout.lines import measure_lines
from press.writers.pdf.layout.words import Piece, Setting
from press.writers.pdf.model import Line
from tests.writers.test_lines import FACES

LOSSES: dict[str, Callable[[tuple[Line, ...]], tuple[Line, ...]]] = {
    "the last line": lambda lines: lines[:-1],
    "a line twice": lambda lines: (*lines, lines[-1]),
    "the lines in another order": lambda lines: lines[::-1],
}


SOMEBODYS = (Text("For "), Slot("name", OPEN, 1), Text(" and nobody else, whoever that may be, page "), PageNumber())
LONG = Reader(("Bo Example", "Ana Example of the long street"))
SETTING = Setting(FACES, 10.0, bold=False, write_in=60.0, side=1, sides=1)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_reader_whose_words_were_set_wrong_gets_no_page(loss: str) -> None:
    """The proof of words is worth nothing unless it is asked for each reader's own lines."""
    outcome = Call(measure_lines, SOMEBODYS, SETTING, 90.0).outcome(LONG)
    assert len(outcome.lines) == len(outcome.reaches) > 2

    with pytest.raises(RuntimeError, match="the words on the page are not the words of the document"):
        assert Call(lambda *given: LOSSES[loss](measure_lines(*given)), SOMEBODYS, SETTING, 90.0).outcome(LONG).reaches


@pytest.mark.parametrize("is_plain", [True, False])
@pytest.mark.parametrize("wrong", [(3, 4), (0, 1), (0, 2)])
def test_what_layout_fills_in_for_a_reader_is_not_what_it_is_compared_with(
    wrong: tuple[int, int], is_plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another slot's text or another number in the open words, divided once or set whole: no page."""
    real, reader = lines_module.fill_pieces, LONG if is_plain else Reader(("Bo", "Ane\u0301"))

    def swapped(pieces: Iterable[Piece], texts: Sequence[str], faces: Faces) -> list[Piece]:
        one, other = (texts[place] for place in wrong)
        return real(pieces, [other if text == one else one if text == other else text for text in texts], faces)

    outcome = Call(measure_lines, SOMEBODYS, replace(SETTING, side=2, sides=3), 90.0).outcome(reader)
    assert outcome.reaches

    monkeypatch.setattr(lines_module, "fill_pieces", swapped)
    with pytest.raises(RuntimeError, match="the words on the page are not the words of the document"):
        assert Call(measure_lines, SOMEBODYS, replace(SETTING, side=2, sides=3), 90.0).outcome(reader).reaches
