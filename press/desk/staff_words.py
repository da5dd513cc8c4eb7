"""The words of the screens, for staff: templates/desk/words/SCREEN.LANGUAGE.yaml, a flat mapping of keys to texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from press.content.raw import Scalar
from press.content.yaml.reader import read_file
from press.delivery.installed import SHIPPED

FOLDER: Final = SHIPPED / "templates" / "desk" / "words"
LANGUAGES: Final = ("en", "es")
Words = Callable[..., str]


def words(language: str) -> Words:
    """Give the function that says a key, such as `person.print`, in one of `LANGUAGES`."""
    texts = _texts(language)

    def say(key: str, **values: object) -> str:
        """Say a text with its values filled in; with `count=1` the text of `KEY_one`, if there is one."""
        name = f"{key}_one" if values.get("count") == 1 and f"{key}_one" in texts else key
        text = texts[name]
        for gap, value in values.items():
            text = text.replace("{" + gap + "}", str(value))
        return text

    return say


@cache
def _texts(language: str) -> Mapping[str, str]:
    """Read every file of a language; they are the program's own, so what is wrong in them is a fault."""
    found: dict[str, str] = {}
    for path in sorted(FOLDER.glob(f"*.{language}.yaml")):
        found.update(_file(path))
    return found


def _file(path: Path) -> dict[str, str]:
    screen = path.name.partition(".")[0]
    entries = read_file(path, f"templates/desk/words/{path.name}").entries
    return {f"{screen}.{key.text}": value.text for key, value in entries if isinstance(value, Scalar)}
