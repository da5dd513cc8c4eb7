"""PDF objects are serialized with gaps for their numbers, and none is taken for another."""

from __future__ import annotations

from itertools import combinations

import pytest
from reportlab.pdfbase.pdfdoc import PDFString

from press.writers.pdf.objects import AnyObject, CrossReferenceTable, ObjectTemplate, Ref, with_gaps

ALIKE: dict[str, AnyObject] = {
    "a whole number": [1],
    "a number with a point": [1.5],
    "another": [2],
    "a string": [PDFString("1")],
    "another string": [PDFString("2")],
    "a string of another script": [PDFString("Ł")],
    "a string whose code has the byte that stands between objects": [PDFString("α")],
    "a name": ["/1"],
    "a reference": [Ref(0)],
    "two references": [Ref(0), Ref(1)],
    "an array in an array": [[1]],
    "an empty array": [],
    "an empty dictionary": {},
    "a dictionary": {"K": 1},
    "another key": {"S": 1},
    "two keys": {"K": 1, "S": 1},
    "a dictionary in a dictionary": {"K": {"S": 1}},
}


def written(*objects: AnyObject, numbers: tuple[int, ...] = (11, 12, 13, 14)) -> list[bytes]:
    return ObjectTemplate(list(map(with_gaps, objects))).fill(numbers)


def test_no_two_objects_are_taken_for_each_other() -> None:
    pairs = list(combinations(ALIKE, 2))
    assert pairs
    for one, other in pairs:
        assert written(ALIKE[one])[0] != written(ALIKE[other])[0], (one, other)
        assert written(ALIKE[one], ALIKE[other]) == [*written(ALIKE[one]), *written(ALIKE[other])]


def test_each_object_gets_its_own_numbers() -> None:
    def element(parent: int, page: int) -> AnyObject:
        return {"S": "/P", "P": Ref(parent), "Pg": Ref(page), "K": [3, Ref(page)]}

    assert written(element(0, 1), element(3, 2)) == [
        b"<</K[3 12 0 R]/P 11 0 R/Pg 12 0 R/S/P>>",
        b"<</K[3 13 0 R]/P 14 0 R/Pg 13 0 R/S/P>>",
    ]


def test_a_sign_of_the_template_in_a_string_is_none() -> None:
    shown = [PDFString("100 % (of) it \\ %d"), Ref(2)]

    assert written(shown) == written(shown) == [b"[(100 % \\(of\\) it \\\\ %d) 13 0 R]"]


def test_the_byte_that_stands_between_objects_is_refused() -> None:
    with pytest.raises(RuntimeError):
        written(["/P", "(\x03)"])


def test_a_table_in_parts_is_the_table_as_a_whole() -> None:
    """Offsets of a part are counted from its beginning; packed objects need not be neighbors."""
    whole, first, second = CrossReferenceTable(), CrossReferenceTable(), CrossReferenceTable(4)
    for table in (whole, first):
        table.reserve(3)
        table.put(1, 20)
        table.put_packed([2, 3], 1)
    for table in (whole, second):
        assert table.reserve(6) == 4
        table.put_packed([5, 6, 9, 7], 8)
    whole.put(8, 500)
    whole.put(4, 530)
    second.put(8, 0)
    second.put(4, 30)
    first.extend(second, 500)
    one, other = (table.written(table.reserve(), 900, b"", is_packed=False) for table in (whole, first))
    assert one == other
    rows = [one[one.index(b"stream\n") + 7 :][7 * number : 7 * number + 7] for number in range(10)]
    assert rows[9] == bytes((2, 0, 0, 0, 8, 0, 2)) and rows[7] == bytes((2, 0, 0, 0, 8, 0, 3))
    with pytest.raises(RuntimeError):
        first.extend(second, 900)
