"""Files in units: which lines are whose, and one unit replaced while every other line stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.content.units import ORDER, UnitFile, as_bytes, merge, read_units
from press.errors import Place
from tests.support import ROOT, told

FILES = sorted(path for path in (ROOT / "handouts").rglob("*.yaml") if path.name != "review.yaml")

YOURS = """\
# Ours, do not touch.
language: en

texts:
    # The name.
    title: "Ours"  # short

    # Why we say this.
    old: "Old
      words"
    last: 'Last'
# The end.
"""
NEW = """\
# The program's head.
language: en
follows: 1.1.0
texts:
  title: "Theirs"
  # About the new text.
  new: >
    New
    words
  old: "Newer words"
  more: "More"
"""
BLOCKS = """\
title: title
blocks:
  # one
  - id: a
    kind: list
    texts: [x, y]

  # two
  - id: b
    kind: list
    texts:
      - {text: z, when: {form: injection}}
"""


def units(text: str) -> UnitFile:
    return read_units(text.encode("utf-8"), "words.yaml")


def merged(yours: str, new: str, *taken: str) -> str:
    return as_bytes(merge(units(yours), units(new), frozenset(taken))).decode("utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_shipped_file_is_read_in_units_and_written_as_it_was(path: Path) -> None:
    file = read_units(path.read_bytes(), path.name)

    assert len(file.units) > 5
    assert as_bytes(file) == path.read_bytes()
    assert as_bytes(merge(file, file, frozenset(file.units))) == path.read_bytes()


def test_a_unit_is_replaced_in_its_lines_alone() -> None:
    before, after = YOURS.splitlines(), merged(YOURS, NEW, "old").splitlines()

    assert [line for line in before if line not in after] == ['    old: "Old', '      words"']
    assert [line for line in after if line not in before] == ['    old: "Newer words"']


def test_new_units_go_behind_the_one_before_them_with_their_comments_and_the_files_own_indent() -> None:
    found = merged(YOURS, NEW, "new", "more", ":follows")

    assert (
        '    title: "Ours"  # short\n    # About the new text.\n    new: >\n      New\n      words\n\n    # Why'
        in found
    )
    assert '      words"\n    more: "More"\n    last:' in found
    assert "language: en\nfollows: 1.1.0\n\ntexts:" in found
    assert found.startswith("# Ours, do not touch.\n") and found.endswith("# The end.\n")


def test_a_new_first_key_goes_below_the_head_of_the_file_and_a_new_first_text_above_the_comment_of_the_next() -> None:
    new = 'topic: t\nlanguage: en\ntexts:\n  first: "First"\n  title: "Theirs"\n'
    found = merged(YOURS, new, ":topic", "first")

    assert found.startswith("# Ours, do not touch.\ntopic: t\nlanguage: en\n")
    assert '    first: "First"\n    # The name.\n    title: "Ours"' in found
    assert merged("language: en\ntexts:\n  a: A\n", new, ":topic").startswith("topic: t\nlanguage: en\n")


def test_words_that_are_farther_from_the_left_are_moved_there() -> None:
    yours = "blocks:\n- id: a\n  kind: list\n  texts: [x]\n"
    new = "blocks:\n    - id: a\n      kind: list\n      texts:\n        - x\n\n        - y\n"

    assert merged(yours, new, "a") == "blocks:\n- id: a\n  kind: list\n  texts:\n    - x\n\n    - y\n"


def test_a_unit_that_is_gone_takes_no_comment_with_it() -> None:
    assert merged(YOURS, NEW, "last") == YOURS.replace("    last: 'Last'\n", "")


def test_what_is_not_taken_stays_as_it_is() -> None:
    assert merged(YOURS, NEW) == YOURS


def test_line_ends_of_windows_stay() -> None:
    found = as_bytes(merge(units(YOURS.replace("\n", "\r\n")), units(NEW), frozenset(["old", "new"])))

    assert found.count(b"\r\n") == found.count(b"\n") > 10


def test_blocks_are_units_with_all_that_they_hold() -> None:
    found = units(BLOCKS).values()

    assert found == {
        ":title": "title",
        "a": {"id": "a", "kind": "list", "texts": ["x", "y"]},
        "b": {"id": "b", "kind": "list", "texts": [{"text": "z", "when": {"form": "injection"}}]},
        ORDER: ["a", "b"],
    }


def test_the_order_of_blocks_is_taken_over_with_the_comments_above_them_and_own_blocks_stay_behind_theirs() -> None:
    ours = BLOCKS.replace("\n  # two", "  - id: ours\n    kind: list\n    texts: [o]\n\n  # two")
    theirs = "title: title\nblocks:\n  - id: b\n    kind: list\n  - id: a\n    kind: list\n"
    found = merged(ours, theirs, ORDER)

    assert units(found).values()[ORDER] == ["b", "a", "ours"]
    assert found.index("# two") < found.index("id: b") < found.index("# one") < found.index("id: a")
    assert {**units(found).values(), ORDER: ""} == {**units(ours).values(), ORDER: ""}


def test_a_unit_has_a_place_and_one_that_is_not_there_has_the_files() -> None:
    file = units(BLOCKS)

    assert [file.place(name) for name in ("b", ORDER, "none")] == [
        Place("words.yaml", 9),
        Place("words.yaml", 4),
        Place("words.yaml"),
    ]


def test_a_new_key_goes_behind_its_neighbor_and_not_behind_the_blocks() -> None:
    assert merged(BLOCKS, "title: title\nsides: 2\n", ":sides") == BLOCKS.replace("blocks:", "sides: 2\nblocks:", 1)


def test_texts_that_share_a_line_are_refused_with_the_way_out() -> None:
    with told() as problems:
        units('language: en\ntexts: {a: "A", b: "B"}\n')

    assert (problems[0].place.line, problems[0].message) == (2, "several entries stand on this line")
    assert problems[0].hint == "give each entry a line of its own"


def test_a_block_without_an_id_is_refused() -> None:
    with told() as problems:
        units("blocks:\n  - kind: list\n    texts: [x]\n")

    assert (problems[0].place.line, problems[0].message) == (2, "this block has no id")


def test_nothing_is_written_where_a_new_text_has_no_place() -> None:
    with told() as problems:
        merged("language: en\n", NEW, "title")

    assert problems[0].message == "there is no place for `title` in this file"


def test_what_could_not_be_written_whole_is_refused() -> None:
    """The last line of a text in lines looks like a comment, so it is not taken: that is seen, and told."""
    literal = "texts:\n  a: |\n    one\n    # two\n  b: B\n"
    with told() as problems:
        merged("texts:\n  a: A\n  b: B\n", literal, "a")

    assert problems[0].message == "the new words cannot be written into this file as it stands"


TEXTS = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["x", "y", "long\n      er", "z # z"]), min_size=1)


def written(texts: dict[str, str]) -> str:
    return "language: en\ntexts:\n" + "".join(f'  # {name}\n  {name}: "{text}"\n' for name, text in texts.items())


@given(TEXTS, TEXTS, st.data())
def test_any_choice_gives_exactly_what_was_taken_and_what_was_kept(
    yours: dict[str, str], new: dict[str, str], data: st.DataObject
) -> None:
    names = sorted({*yours, *new})
    taken = frozenset(data.draw(st.lists(st.sampled_from(names), unique=True)))
    gone = {name for name in yours if name in taken and name not in new}
    if gone == set(yours):
        return  # then there is no text left to stand beside
    found = merge(units(written(yours)), units(written(new)), taken).values()

    said = {name: text.replace("\n      ", " ") for name, text in yours.items() if name not in taken}
    said |= {name: text.replace("\n      ", " ") for name, text in new.items() if name in taken}
    assert {name: text for name, text in found.items() if name != ":language"} == said
