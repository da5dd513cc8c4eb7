"""Tests of the rig for web pages itself: it must see what is wrong, and never stay silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rigs import web_rig
from tests.rigs.browser import Browser

GOOD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A page</title></head>
<body><main><h1>A page</h1><p>Words.</p><ul><li>One</li></ul>
<table><caption>Days</caption><tr><th scope="row">Day</th><td>One</td></tr></table></main></body></html>
"""


def written(folder: Path, name: str, *changes: tuple[str, str]) -> Path:
    """The good page with something broken in it."""
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


PLANTED = [
    (("<p>Words.</p>", "<p><div>Words.</div></p>"), "No “p” element in scope"),
    (("<p>Words.</p>", '<p><img src="x.png"></p>'), "must have an “alt” attribute"),
    (('<html lang="en">', "<html>"), "“lang” attribute"),
    (("<p>Words.</p>", '<p id="a">Words.</p><p id="a">More.</p>'), "Duplicate ID"),
    (("</head>", "<style>p { colour: red }</style></head>"), "colour"),
]


@pytest.mark.usefixtures("web")
def test_the_validator_sees_what_is_planted(tmp_path: Path) -> None:
    good = written(tmp_path, "good é.html")
    bad = [written(tmp_path, f"bad-{number}.html", change) for number, (change, _) in enumerate(PLANTED)]
    found = web_rig.validate([good, *bad])

    assert found[good] == ()
    for path, (_, said) in zip(bad, PLANTED, strict=True):
        assert any(said in fault for fault in found[path]), (said, found[path])


@pytest.mark.usefixtures("web")
@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (('<html lang="en">', "<html>"), "html-has-lang"),
        (("<p>Words.</p>", '<p><img src="x.png"></p>'), "image-alt"),
        (("<p>Words.</p>", '<p style="color: #aaa; background: #fff">Words.</p>'), "color-contrast"),
        (("<h1>A page</h1>", "<h1>A page</h1><h3>Deep</h3>"), "heading-order"),
        (("</main>", "</main><p>Outside.</p>"), "region"),
    ],
)
def test_axe_sees_what_is_planted(change: tuple[str, str], rule: str, tmp_path: Path, chromium: Browser) -> None:
    chromium.open(written(tmp_path, "bad.html", change))

    assert [fault.partition(":")[0] for fault in web_rig.inspect(chromium)] == [rule]


@pytest.mark.usefixtures("web")
def test_axe_has_nothing_against_the_good_page(tmp_path: Path, chromium: Browser) -> None:
    chromium.open(written(tmp_path, "good.html"))

    assert web_rig.inspect(chromium) == ()


@pytest.mark.usefixtures("web")
def test_a_page_that_is_not_there_is_an_error(tmp_path: Path, chromium: Browser) -> None:
    with pytest.raises(RuntimeError, match="missing"):
        web_rig.validate([tmp_path / "none.html"])
    with pytest.raises(RuntimeError, match="could not open"):
        chromium.open(tmp_path / "none.html")


def test_nothing_to_validate_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="nothing to validate"):
        web_rig.validate([])


def test_an_unbuilt_rig_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(web_rig, "BUILT", tmp_path)

    assert "tests/rigs/web/build.sh" in web_rig.missing()


def test_the_lock_file_names_no_server() -> None:
    lock = (web_rig.HOME / "package-lock.json").read_text(encoding="utf-8")

    assert lock.count('"integrity": "sha512-') == 2
    assert "://" not in lock and "resolved" not in lock
