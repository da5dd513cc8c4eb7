"""Outlines of pictures: path data as absolute curves, and the shapes that SVG has names for."""

from __future__ import annotations

from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.document.path_data import PathError, parse_path
from press.document.pictures import Segment, ellipse, points_of, polyline, rectangle


def rounded(segments: tuple[Segment, ...]) -> list[tuple]:
    return [(s[0], *(round(number, 2) + 0.0 for number in s[1:])) for s in segments]


def ends(segments: tuple[Segment, ...]) -> list[tuple[float, float]]:
    """Where each line and curve ends."""
    return [(round(s[-2], 2) + 0.0, round(s[-1], 2) + 0.0) for s in segments if s[0] != "Z"]


@pytest.mark.parametrize(
    ("data", "drawn"),
    [
        ("M1 2L3 4", [("M", 1, 2), ("L", 3, 4)]),
        ("m1 2l3 4", [("M", 1, 2), ("L", 4, 6)]),
        ("M1,2,3,4 5,6", [("M", 1, 2), ("L", 3, 4), ("L", 5, 6)]),
        ("m1 2 3 4", [("M", 1, 2), ("L", 4, 6)]),
        ("M1 2H5V6h-1v-2", [("M", 1, 2), ("L", 5, 2), ("L", 5, 6), ("L", 4, 6), ("L", 4, 4)]),
        ("M.5.5l-1-.5", [("M", 0.5, 0.5), ("L", -0.5, 0)]),
        ("M1 1h2v2zm5 5h1", [("M", 1, 1), ("L", 3, 1), ("L", 3, 3), ("Z",), ("M", 6, 6), ("L", 7, 6)]),
        ("M0 0C1 2 3 4 5 6", [("M", 0, 0), ("C", 1, 2, 3, 4, 5, 6)]),
        ("M1 1c1 2 3 4 5 6", [("M", 1, 1), ("C", 2, 3, 4, 5, 6, 7)]),
        ("M0 0C0 1 2 3 4 4S8 6 8 8", [("M", 0, 0), ("C", 0, 1, 2, 3, 4, 4), ("C", 6, 5, 8, 6, 8, 8)]),
        ("M1 1S3 3 4 4", [("M", 1, 1), ("C", 1, 1, 3, 3, 4, 4)]),
        ("M0 0Q3 3 6 0", [("M", 0, 0), ("C", 2, 2, 4, 2, 6, 0)]),
        ("M0 0Q3 3 6 0T12 0", [("M", 0, 0), ("C", 2, 2, 4, 2, 6, 0), ("C", 8, -2, 10, -2, 12, 0)]),
    ],
)  # fmt: skip
def test_path_data_becomes_absolute_lines_and_cubic_curves(data: str, drawn: list[tuple]) -> None:
    assert rounded(parse_path(data)) == drawn


@pytest.mark.parametrize(
    ("flags", "waypoints"),
    [
        ("0 1", [(0, 0), (1, 1)]),
        ("0 0", [(0, 0), (1, 1)]),
        ("1 1", [(0, 0), (1, -1), (2, 0), (1, 1)]),
        ("1 0", [(0, 0), (-1, 1), (0, 2), (1, 1)]),
    ],
)
def test_an_arc_takes_the_side_and_the_length_of_its_flags(flags: str, waypoints: list[tuple]) -> None:
    assert ends(parse_path(f"M0 0A1 1 0 {flags} 1 1")) == waypoints


def test_half_a_circle_passes_above_when_it_is_drawn_clockwise() -> None:
    assert ends(parse_path("M0 0a1 1 0 0 1 2 0")) == [(0, 0), (1, -1), (2, 0)]
    assert ends(parse_path("M0 0a1 1 0 002 0")) == [(0, 0), (1, 1), (2, 0)]


def test_radii_that_do_not_reach_are_made_longer() -> None:
    assert ends(parse_path("M0 0A1 1 0 0 1 4 0")) == [(0, 0), (2, -2), (4, 0)]


def test_a_tilted_arc_keeps_its_longer_side() -> None:
    assert ends(parse_path("M0 0A4 2 90 0 1 0 8")) == [(0, 0), (2, 4), (0, 8)]


def test_an_arc_to_where_it_begins_is_none() -> None:
    assert rounded(parse_path("M1 1A1 1 0 0 1 1 1L2 2")) == [("M", 1, 1), ("L", 2, 2)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "draws nothing"),
        ("M1 1", "draws nothing"),
        ("M1 1Z", "draws nothing"),
        ("L1 1", "must begin with `M`"),
        ("M1 1L2 2ZL3 3", "must begin with `M`"),
        ("M1 1B2 2", "unknown command `B`"),
        ("M1", "lacks a number"),
        ("M1 1L2", "lacks a number"),
        ("M1 1L2 NaN", "lacks a number"),
        ("M1 1L2 2 Infinity", "unknown command `I`"),
        ("M1 1L2 2e3", "unknown command `e`"),
        ("M1 1L2 2,;", "lacks a number"),
        ("M1 1L2 1" + "0" * 400, "beyond 1000"),
        ("M1 1L-1001 1", "beyond 1000"),
        ("M1 1A1 1 0 2 1 3 3", "lacks a flag"),
        ("M1 1A0 1 0 0 1 3 3", "radii above 0"),
        ("M1 1A-1 1 0 0 1 3 3", "radii above 0"),
        ("M1 1L\u0662 2", "lacks a number"),
        ("M1 1L2 2;", "lacks a number"),
    ],
)
def test_broken_path_data_is_refused(data: str, message: str) -> None:
    with pytest.raises(PathError, match=message):
        parse_path(data)


@given(st.text("MLHVCSQTAZmlhvcsqtaz0123456789.,-+ ", max_size=60))
def test_any_text_gives_finite_segments_or_a_refusal(data: str) -> None:
    try:
        segments = parse_path("M0 0" + data)
    except PathError:
        return

    assert all(abs(number) < 1e9 for segment in segments for point in points_of(segment) for number in point)


def test_an_ellipse_is_four_quarters() -> None:
    outline = ellipse(10, 20, 4, 2)

    assert ends(outline) == [(14, 20), (10, 22), (6, 20), (10, 18), (14, 20)] and outline[-1] == ("Z",)


def test_a_circle_is_round() -> None:
    outline = ellipse(0, 0, 1, 1)
    (x1, y1), (x2, y2), (x3, y3) = points_of(outline[1])
    middle = ((1 + 3 * x1 + 3 * x2 + x3) / 8, (0 + 3 * y1 + 3 * y2 + y3) / 8)

    assert hypot(*middle) == pytest.approx(1, abs=0.0003)


def test_a_rectangle_has_corners_sharp_or_round() -> None:
    assert ends(rectangle(1, 2, 3, 4)) == [(1, 2), (4, 2), (4, 6), (1, 6)]
    assert len(rectangle(1, 2, 3, 4, 1, 1)) == 10
    assert ends(rectangle(0, 0, 4, 2, 9, 9))[:3] == [(2, 0), (2, 0), (4, 1)]


def test_points_are_joined_and_closed() -> None:
    assert polyline([(0, 0), (1, 1)], is_closed=False) == (("M", 0, 0), ("L", 1, 1))
    assert polyline([(0, 0), (1, 1)], is_closed=True)[-1] == ("Z",)
