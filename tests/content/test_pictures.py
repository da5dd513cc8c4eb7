"""Reading pictures: what the closed subset of SVG becomes, and where anything else is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from press.content.pictures import DEEPEST, MOST_BYTES, MOST_SEGMENTS, MOST_SHAPES, Pictures, read_picture
from press.document.pictures import Picture, Shape
from press.errors import HandoutError, Place, Problem

SHOWN = "templates/pictures/p.svg"
ROUND = 'stroke="black" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
HEAD = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" fill="none" {ROUND}>'
DOT = '<circle cx="24" cy="24" r="4"/>'


def read(text: str | bytes, folder: Path) -> Picture:
    path = folder / "p.svg"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_picture(path, SHOWN)


def told(text: str | bytes, folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(HandoutError) as caught:
        read(text, folder)
    return caught.value.problems


def svg(*lines: str) -> str:
    """A picture with these lines from line 2 on."""
    return "\n".join((HEAD, *lines, "</svg>"))


def test_looks_are_inherited_and_a_shape_has_its_own(tmp_path: Path) -> None:
    text = svg(
        '<path d="M1 1L9 9"/>',
        '<g stroke="none" fill="white">',
        DOT,
        "</g>",
        '<line x1="2" y1="2" x2="4" y2="4" stroke-width="4"/>',
    )
    found = read(text, tmp_path)

    assert found.name == "p" and len(found.shapes) == 3
    assert found.shapes[0] == Shape((("M", 1, 1), ("L", 9, 9)), "", 2)
    assert (found.shapes[1].fill, found.shapes[1].stroke) == ("white", 0)
    assert found.shapes[2] == Shape((("M", 2, 2), ("L", 4, 4)), "", 4)


def test_without_looks_a_shape_is_filled_as_in_svg(tmp_path: Path) -> None:
    plain = HEAD.replace(f' fill="none" {ROUND}', "")

    (shape,) = read(f"{plain}{DOT}</svg>", tmp_path).shapes
    assert (shape.fill, shape.stroke) == ("black", 0)


@pytest.mark.parametrize(
    ("element", "segments"),
    [
        ('<ellipse cx="24" cy="24" rx="4" ry="2"/>', 6),
        ('<rect x="1" y="1" width="4" height="4"/>', 5),
        ('<rect x="1" y="1" width="4" height="4" rx="1"/>', 10),
        ('<polyline points="1,1 2,2 3,1"/>', 3),
        ('<polygon points="1 1 2 2 3 1" fill="currentColor"/>', 4),
        ('<path d="M1 1a2 2 0 0 1 4 0"/>', 3),
    ],
)
def test_every_shape_of_the_subset_is_drawn(element: str, segments: int, tmp_path: Path) -> None:
    (shape,) = read(svg(element), tmp_path).shapes

    assert len(shape.segments) == segments


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("<script>alert(1)</script>", "unknown element <script>"),
        ("<style>*{fill:red}</style>", "unknown element <style>"),
        ('<image href="http://example.org/a.png"/>', "unknown element <image>"),
        ('<use href="#a"/>', "unknown element <use>"),
        ("<text>911</text>", "unknown element <text>"),
        ("<foreignObject/>", "unknown element <foreignObject>"),
        ("<metadata/>", "unknown element <metadata>"),
        ('<x:circle xmlns:x="http://www.w3.org/2000/svg"/>', "unknown element <x:circle>"),
        (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"/>',
            "a picture is one <svg> with everything inside it",
        ),
        (
            '<circle cx="1" cy="1" r="1"><circle cx="1" cy="1" r="1"/></circle>',
            "<circle> must not stand inside <circle>",
        ),
        ('<g transform="scale(9)"/>', "unknown attribute `transform` on <g>"),
        ('<g style="fill:red"/>', "unknown attribute `style` on <g>"),
        ('<g onload="x()"/>', "unknown attribute `onload` on <g>"),
        ('<g opacity="0"/>', "unknown attribute `opacity` on <g>"),
        ('<g id="a"/>', "unknown attribute `id` on <g>"),
        ('<g fill="red"/>', "`fill` of <g> must be none, black, currentColor or white"),
        ('<g fill="url(#a)"/>', "`fill` of <g> must be none, black, currentColor or white"),
        ('<g stroke="white"/>', "`stroke` of <g> must be none, black or currentColor"),
        ('<g stroke-width="0"/>', "`stroke-width` of <g> must be a number above 0, at most 48"),
        ('<g stroke-width="1e9"/>', "`stroke-width` of <g> must be a number above 0, at most 48"),
        ('<g stroke-linecap="butt"/>', "`stroke-linecap` of <g> must be round"),
        ('<circle cx="NaN" cy="1" r="1"/>', "`cx` of <circle> must be a number"),
        ('<circle cx="1" cy="inf" r="1"/>', "`cy` of <circle> must be a number"),
        ('<circle cx="1" cy="1" r="50%"/>', "`r` of <circle> must be a number above 0"),
        ('<circle cx="1" cy="1" r="-1"/>', "`r` of <circle> must be a number above 0"),
        ('<circle cx="1" cy="1" r="1px"/>', "`r` of <circle> must be a number above 0"),
        ('<circle cx="\u0661" cy="1" r="1"/>', "`cx` of <circle> must be a number"),
        ('<circle cx="1" cy="1"/>', "<circle> lacks its `r`"),
        ("<path/>", "<path> lacks its `d`"),
        ('<path d="M1 1L2"/>', "path data lacks a number at character 7"),
        ('<path d="M1 1L2 9999999"/>', "a number beyond 1000 in path data"),
        ('<path d="M1 1L2 51"/>', "this shape leaves the grid"),
        ('<path d="M1 1h900h-900"/>', "this shape leaves the grid"),
        ('<circle cx="46" cy="24" r="5"/>', "this shape leaves the grid"),
        ('<circle cx="-999" cy="24" r="5"/>', "this shape leaves the grid"),
        ('<polygon points="1 1 2"/>', "`points` of <polygon> must be pairs of numbers, two pairs at least"),
        ('<polyline points=""/>', "`points` of <polyline> must be pairs of numbers, two pairs at least"),
        ('<g stroke="none"><path d="M1 1L2 2"/></g>', "this shape is not seen: it has neither fill nor stroke"),
        ("shout", "found words in a picture"),
        (
            "<?xml-stylesheet href='a.css'?>",
            "a picture must not hold processing instructions, such as a link to a stylesheet",
        ),
    ],
)
def test_what_is_not_in_the_subset_is_told_with_its_line(line: str, message: str, tmp_path: Path) -> None:
    (problem,) = told(svg(DOT, line), tmp_path)

    assert (problem.place.file, problem.place.line, problem.message) == (SHOWN, 3, message)


def test_a_slip_gets_a_hint(tmp_path: Path) -> None:
    (problem,) = told(svg('<elipse cx="1" cy="1" rx="1" ry="1"/>'), tmp_path)

    assert problem.hint == "did you mean `ellipse`?"


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    found = told(svg('<circle cx="a" cy="1" r="1"/>', "<use/>", '<path d="M1 1"/>'), tmp_path)

    assert [problem.place.line for problem in found] == [2, 3, 4]


def test_what_is_inside_a_refused_element_is_not_told_as_well(tmp_path: Path) -> None:
    assert len(told(svg("<defs>", '<mask><circle r="a"/></mask>', "</defs>"), tmp_path)) == 1


ENTITIES = '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("declared", [ENTITIES, "<!DOCTYPE svg>", '<!DOCTYPE svg SYSTEM "file:///etc/passwd">'])
def test_a_picture_declares_nothing(declared: str, tmp_path: Path) -> None:
    (problem,) = told(f"\n{declared}\n{svg(DOT)}", tmp_path)

    assert problem.place.line == 2 and "must not declare" in problem.message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEAD + "\n" + DOT, 2),
        (svg("<g>"), 3),
        (svg('<g fill="none" fill="black"/>'), 2),
        (svg('<path d="&lots;"/>'), 2),
        (svg(DOT) + "\n" + DOT, 4),
        ("", 1),
        ("{}", 1),
        (b"\x00" * 50, 1),
        (svg("<!-- \udcff -->").encode("utf-8", "surrogateescape"), 2),
    ],
)
def test_broken_xml_is_told_with_its_line(text: str | bytes, line: int, tmp_path: Path) -> None:
    (problem,) = told(text, tmp_path)

    assert (problem.place.file, problem.place.line) == (SHOWN, line) and "well-formed" in problem.message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (' viewBox="0 0 48 48"', "", "<svg> lacks its `viewBox`"),
        ("0 0 48 48", "0 0 24 24", "`viewBox` of <svg> must be `0 0 48 48`"),
        ("2000/svg", "2000/svgz", "`xmlns` of <svg> must be `http://www.w3.org/2000/svg`"),
        (' viewBox="0 0 48 48"', ' viewBox="0 0 48 48" width="9999"', "unknown attribute `width` on <svg>"),
        (' stroke-linecap="round"', "", "a line needs round ends and corners"),
        ("<svg", "<html", "unknown element <html>"),
    ],
)
def test_the_frame_is_always_the_same(old: str, new: str, message: str, tmp_path: Path) -> None:
    text = svg(DOT).replace(old, new).replace("</svg>", "</html>" if new == "<html" else "</svg>")

    assert [problem.message for problem in told(text, tmp_path)] == [message]


def test_a_picture_needs_a_shape(tmp_path: Path) -> None:
    (problem,) = told(svg(), tmp_path)

    assert problem.message == "this picture has no shapes"


def test_deep_nesting_ends_the_reading(tmp_path: Path) -> None:
    (problem,) = told(svg("<g>" * 4000), tmp_path)

    assert "levels deep" in problem.message and problem.place.line == 2
    assert read(svg("<g>" * (DEEPEST - 2), DOT, "</g>" * (DEEPEST - 2)), tmp_path).shapes


def test_too_many_shapes_end_the_reading(tmp_path: Path) -> None:
    (problem,) = told(svg(*[DOT] * (MOST_SHAPES + 1)), tmp_path)

    assert problem.place.line == MOST_SHAPES + 2 and "shapes" in problem.message
    assert len(read(svg(*[DOT] * MOST_SHAPES), tmp_path).shapes) == MOST_SHAPES


def test_too_many_lines_end_the_reading(tmp_path: Path) -> None:
    (problem,) = told(svg('<path d="M1 1' + "l1 1-1-1" * MOST_SEGMENTS + '"/>'), tmp_path)

    assert problem.place.line == 2 and "lines and curves" in problem.message


@pytest.mark.parametrize("filler", [b" ", b"<g/>", b"\x00"])
def test_a_large_file_is_not_parsed(filler: bytes, tmp_path: Path) -> None:
    (problem,) = told(svg(DOT).encode() + filler * 1024 * 1024, tmp_path)

    assert problem.place == Place(SHOWN) and problem.message == f"this picture has more than {MOST_BYTES // 1024} KB"


def test_a_folder_gives_its_pictures_by_name(tmp_path: Path) -> None:
    for name in ("phone-911.svg", "Wrong.svg", "README.md"):
        (tmp_path / name).write_text(svg(DOT))
    found = Pictures(tmp_path)

    assert found.names == {"phone-911"}
    assert found.get("phone-911") is found.get("phone-911") and found.get("phone-911").name == "phone-911"


@pytest.mark.parametrize("name", ["phone", "../p", "", "phone-911.svg"])
def test_an_unknown_picture_is_told_where_it_was_asked_for(name: str, tmp_path: Path) -> None:
    (tmp_path / "phone-911.svg").write_text(svg(DOT))
    with pytest.raises(HandoutError) as caught:
        Pictures(tmp_path).get(name, Place("handouts/a/handout.yaml", 7))
    (problem,) = caught.value.problems

    assert problem.place == Place("handouts/a/handout.yaml", 7) and problem.message == f"unknown picture `{name}`"
    assert "phone-911" in problem.hint


def test_a_broken_picture_of_a_folder_is_told_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "spray.svg").write_text(svg("<use/>"))
    with pytest.raises(HandoutError) as caught:
        Pictures(tmp_path).get("spray")

    assert str(caught.value.problems[0].place).startswith("templates/pictures/spray.svg:2")
