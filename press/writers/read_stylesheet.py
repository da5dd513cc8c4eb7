"""Read a stylesheet file, fill in what its styles inherit, and refuse looks that could not be seen."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from press.content.pictures import Pictures
from press.content.schema import fields_of, read_whole
from press.content.yaml.reader import read_file
from press.errors import Problems, did_you_mean, refuse
from press.records import replace
from press.writers.legibility import legibility_faults
from press.writers.stylesheet import FaceFiles, GivenStyle, Stylesheet, TextStyle
from press.writers.variants import card, dense

_Styles = Mapping[str, TextStyle]
_GivenStyles = Mapping[str, GivenStyle]
S = TypeVar("S", GivenStyle, TextStyle)


def read_stylesheet(path: Path, shown: str) -> Stylesheet:
    """Read a stylesheet and fill in what styles inherit. Raises HandoutError."""
    stylesheet = read_whole(Stylesheet, read_file(path, shown))
    if "p" not in stylesheet.text_:
        raise refuse(stylesheet.place, "a stylesheet needs a style for `p`")
    problems = Problems()
    for faces in filter(None, (stylesheet.faces, stylesheet.other_faces)):
        _check_faces(faces, path.parent.parent / "fonts", problems)
    problems.raise_if_errors()
    tight = replace(stylesheet.dense, text=_inherit(_merge(stylesheet.text_, stylesheet.dense.text_)))
    small = replace(stylesheet.card, text=_inherit(_merge(stylesheet.text_, stylesheet.card.text_)))
    folder = path.parent.parent
    whole = replace(
        stylesheet,
        text=_inherit(stylesheet.text_),
        dense=tight,
        card=small,
        folder=folder,
        pictures=Pictures(folder / "pictures"),
    )
    variants = (whole, dense(whole), card(whole))
    problems.extend(dict.fromkeys(fault for variant in variants for fault in legibility_faults(variant)))
    problems.raise_if_errors()
    return whole


def _check_faces(faces: FaceFiles, folder: Path, problems: Problems) -> None:
    for name in ("regular", "bold"):
        file = getattr(faces, name)
        if Path(file).name != file or not (folder / file).is_file():
            there = [path.name for path in folder.glob("*.ttf")]
            problems.add(
                faces.place_of(name), "there is no such type face in templates/fonts", did_you_mean(file, there)
            )


def _merge(base: _GivenStyles, over: _GivenStyles) -> _GivenStyles:
    """Merge two sets of styles, the numbers of `over` before those of `base`."""
    both = {name: _fill_in(style, base[name]) if name in base else style for name, style in over.items()}
    return {**base, **both}


def _inherit(styles: _GivenStyles) -> _Styles:
    """Fill every style from its base; `p` is the base of all bases."""
    root = _fill_in(styles["p"], TextStyle())
    found = dict.fromkeys(("p", "h1", "h2", "h3", "li", "th", "td", "caption", "footer", "mark"), root)
    for name in sorted(styles, key=lambda name: "." in name):
        found[name] = _fill_in(styles[name], found[name.split(".")[0]])
    return MappingProxyType(found)


def _fill_in(style: GivenStyle, base: S) -> S:
    """Fill in each number that `style` leaves out from `base`."""
    given = {name: number for name in fields_of(GivenStyle) if (number := getattr(style, name)) is not None}
    return replace(base, **given, place=style.place, places=MappingProxyType({**base.places, **style.places}))
