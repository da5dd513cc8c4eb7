"""Words of the screens: the same in both languages, all of them used, and none anywhere else."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from press.desk.staff_words import FOLDER, LANGUAGES, _file, words
from tests.support import ROOT

TEMPLATES = sorted((ROOT / "templates" / "desk").glob("*.html"))
MODULES = sorted((ROOT / "press" / "desk").glob("*.py"))
GAPS = re.compile(r"\{[a-z]+\}")


def keys(language: str) -> dict[str, str]:
    return {key: text for path in FOLDER.glob(f"*.{language}.yaml") for key, text in _file(path).items()}


def test_both_languages_say_the_same_with_the_same_gaps() -> None:
    one, two = (keys(language) for language in LANGUAGES)

    assert len(one) > 20 and one.keys() == two.keys()
    assert {key: sorted(GAPS.findall(text)) for key, text in one.items()} == {
        key: sorted(GAPS.findall(text)) for key, text in two.items()
    }


SAID = re.compile(r"""\bw\(\s*["']([a-z_.0-9]+)(%[ds])?["']( \+)?""")  # in templates and modules alike


def test_every_text_is_used_and_every_text_that_is_used_is_there() -> None:
    """A key that is put together, such as `lock.refused_%d`, uses all that begin like it."""
    sources = "\n".join(path.read_text("utf-8") for path in (*TEMPLATES, *MODULES))
    there, named = set(keys("en")), SAID.findall(sources)
    exact = {key for key, end, more in named if not end and not more}
    begun = tuple(key for key, end, more in named if end or more)

    assert len(exact) > 10 and not exact - there
    assert not [key for key in there if key.removesuffix("_one") not in exact and not key.startswith(begun)]


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found += re.findall(r"[A-Za-zÀ-ÿ]{2,}", data)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_have_no_words_of_their_own(path: Path) -> None:
    bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", path.read_text("utf-8"), flags=re.DOTALL)
    reader = _Text()
    reader.feed(re.sub(r' aria-[a-z]+="[^"]*"', "", bare))  # of a macro that gives attributes alone

    assert TEMPLATES and reader.found == []


def test_one_is_said_as_one() -> None:
    assert words("en")("common.desk") == "Handouts"
    with pytest.raises(KeyError):
        words("en")("common.nothing")
