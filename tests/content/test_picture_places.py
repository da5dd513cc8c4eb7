"""Where pictures may stand: what a handout asks for in vain is told with its file and line."""

from __future__ import annotations

import pytest

from tests.support import Shop

RING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><circle cx="24" cy="24" r="9" fill="black"/></svg>'
FILE = "handouts/benefits/handout.yaml"
TITLE, AUDIENCE, BLOCKS = "title: title\n", "audience:\n", "blocks:\n"
PARAGRAPH = "  - {id: extra, kind: paragraph, texts: [{text: title, picture: ring}]}\n"


@pytest.fixture
def drawn(shop: Shop) -> Shop:
    """A shop with a picture of its own, whose words are in the English phrases."""
    folder = shop.root / "templates" / "pictures"
    folder.mkdir(exist_ok=True)
    (folder / "ring.svg").write_text(RING)
    shop.edit("handouts/phrases/en.yaml", "\ntexts:\n", '\ntexts:\n  picture-ring: "A black ring"\n')
    return shop


def text_of(shop: Shop, block: str) -> str:
    """What is said or printed of a page that begins with one more block."""
    shop.edit(FILE, BLOCKS, BLOCKS + block)
    return shop.run("make", "benefits", "--format", "text", "-o", "-").output


def test_the_words_of_a_picture_are_printed_before_a_paragraph(drawn: Shop) -> None:
    assert "A black ring" in text_of(drawn, PARAGRAPH)


@pytest.mark.parametrize("kind", ["list", "steps"])
def test_an_item_says_the_same_as_its_picture(drawn: Shop, kind: str) -> None:
    said = text_of(drawn, f"  - {{id: extra, kind: {kind}, texts: [{{text: title, picture: ring}}]}}\n")

    assert "A black ring" not in said and "Naltrexone" in said


def test_the_picture_of_a_box_stands_before_its_first_text(drawn: Shop) -> None:
    box = "  - {id: extra, kind: panel, picture: ring, intro: title, texts: [title]}\n"
    said = text_of(drawn, box)

    assert said.count("A black ring") == 1


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("{id: extra, kind: paragraph, texts: [{text: title, picture: rnig}]}", "there is no picture `rnig`"),
        ("{id: extra, kind: table, rows: [[{text: title, picture: ring}, title]]}", "cannot stand here"),
        ("{id: extra, kind: contacts, picture: ring, rows: [[title, title]]}", "cannot stand here"),
        ("{id: extra, kind: cut-out, blocks: [{id: in, kind: panel, picture: ring, texts: [title]}]}", "cannot stand"),
        (
            "{id: extra, kind: panel, picture: ring, blocks: [{id: in, kind: paragraph, texts: [title]}]}",
            "no text that its picture",
        ),
        ("{id: extra, kind: paragraph, texts: [{text: title, picture: ../x}]}", "`picture`"),
    ],
)
def test_a_picture_that_cannot_be_printed_is_refused_at_its_line(drawn: Shop, block: str, said: str) -> None:
    drawn.edit(FILE, BLOCKS, BLOCKS + f"  - {block}\n")
    result = drawn.run("make", "benefits")
    line = (drawn.root / FILE).read_text().split("\n").index(f"  - {block}") + 1

    assert result.exit_code == 1 and said in result.output and f"{FILE}:{line}:" in result.output


def test_the_likely_name_is_told(drawn: Shop) -> None:
    assert "did you mean `ring`?" in text_of(drawn, PARAGRAPH.replace("ring", "rnig"))


def test_a_title_has_no_picture(drawn: Shop) -> None:
    drawn.edit(FILE, TITLE, "title: {text: title, picture: ring}\n")

    assert "at the head of a page" in drawn.run("make", "benefits").output


def test_a_picture_without_words_in_a_language_is_refused(drawn: Shop) -> None:
    drawn.edit(FILE, BLOCKS, BLOCKS + PARAGRAPH)
    result = drawn.run("make", "benefits", "-l", "es")

    assert result.exit_code == 1 and "text `picture-ring` is not in handouts/phrases/es.yaml" in result.output


def test_the_words_of_a_picture_hold_no_value(drawn: Shop) -> None:
    drawn.edit("handouts/phrases/en.yaml", "A black ring", "A ring for {name}")

    assert "`picture-ring` must not hold a placeholder" in text_of(drawn, PARAGRAPH)


def test_a_template_cannot_write_a_picture(drawn: Shop) -> None:
    drawn.edit(FILE, BLOCKS, BLOCKS + PARAGRAPH)
    drawn.edit("templates/blocks.xhtml.j2", "<p>{% for", '<p><picture name="ring"/>{% for')

    assert "unknown element <picture>" in drawn.run("make", "benefits").output
