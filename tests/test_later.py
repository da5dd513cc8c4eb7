"""Modules that are imported later: what asks for something of one gets what the module says."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from press.later import import_later, import_without
from tests.support import ROOT

NAME = "made_up_module"


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module that leaves a file when it is imported; the path of that file."""
    ran = tmp_path / "ran"
    code = f"open({str(ran)!r}, 'x').close()\nVALUE = 7\ndef double(n): return 2 * n\nclass Thing: pass\n"
    (tmp_path / f"{NAME}.py").write_text(code, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield ran
    sys.modules.pop(NAME, None)


def test_a_module_is_imported_when_something_of_it_is_asked_for(module: Path) -> None:
    import_later(NAME)
    import made_up_module  # type: ignore[import-not-found]  # the fixture writes it

    assert not module.exists()
    assert made_up_module.VALUE == 7 and module.exists()
    assert sys.modules[NAME].Thing is made_up_module.Thing


def test_a_function_that_was_taken_by_name_imports_it_when_it_is_called(module: Path) -> None:
    import_later(NAME, "double")
    from made_up_module import double

    class Other:
        doubled = double

    assert not module.exists()
    assert double(4) == 8 == Other().doubled(4) and module.exists()


def test_what_is_answered_imports_nothing_and_all_else_is_left_to_the_module(module: Path) -> None:
    import_later(NAME, double=lambda n: "four" if n == 2 else None)
    from made_up_module import double

    assert double(2) == "four" and not module.exists()
    assert double(3) == 6 and module.exists()


def test_a_module_of_a_package_is_found_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made_up_package").mkdir()
    (tmp_path / "made_up_package" / "__init__.py").write_text("", "utf-8")
    (tmp_path / "made_up_package" / "inner.py").write_text("VALUE = 8\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    import made_up_package  # type: ignore[import-not-found]  # made above

    import_later("made_up_package.inner")
    import made_up_package.inner  # type: ignore[import-not-found]  # the same

    assert not made_up_package.inner.__spec__ and made_up_package.inner.VALUE == 8
    assert made_up_package.inner.__spec__
    del sys.modules["made_up_package"], sys.modules["made_up_package.inner"]


def test_a_module_that_is_there_stays(module: Path) -> None:
    import made_up_module

    import_later(NAME)
    assert sys.modules[NAME] is made_up_module and module.exists()


def test_what_is_no_module_says_so_when_it_is_asked_for() -> None:
    import_later(NAME)
    with pytest.raises(ModuleNotFoundError):
        from made_up_module import anything  # noqa: F401 - it raises
    sys.modules.pop(NAME, None)


# A help of Click in one line and in several, and texts that are not translated.
SAID = r"""(
    [inspect.cleandoc(text) for text in ("", "  one line ", "a\tb", "one\n    two\n  three", "\n  a\n  b\n")],
    gettext.gettext("Usage"), [gettext.ngettext("a", "b", n) for n in range(3)],

)"""


def test_a_command_hears_from_a_stand_in_what_the_module_says() -> None:
    """In a process of its own, as this one has long imported them all."""
    names = ("inspect", "gettext")
    code = f"""
import sys
if {{}}:
    from press.later import import_later_what_no_page_needs
    import_later_what_no_page_needs()
import {", ".join(names)}
print([name for name in {names} if sys.modules[name].__spec__], {SAID})
"""
    said = [
        subprocess.run([sys.executable, "-c", code.format(later)], cwd=ROOT, capture_output=True, text=True, check=True)
        for later in (False, True)
    ]
    whole, answered = (done.stdout for done in said)

    assert whole.startswith(str([*names])) and answered.startswith("[]")
    assert whole.partition("]")[2] == answered.partition("]")[2]


SPARED = "made_up_other"
USES = f"try:\n    import {SPARED}\nexcept ImportError:\n    {SPARED} = None\n"


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A module that imports another if it is there, which it is."""
    (tmp_path / f"{NAME}.py").write_text(USES, "utf-8")
    (tmp_path / f"{SPARED}.py").write_text("", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in (NAME, SPARED):
        sys.modules.pop(name, None)


@pytest.mark.usefixtures("user")
def test_what_a_module_can_do_without_is_not_imported_for_it_and_is_there_for_others() -> None:
    assert import_without(NAME, SPARED).made_up_other is None
    import made_up_other  # type: ignore[import-not-found]  # the fixture writes it

    assert import_without(NAME, SPARED) is sys.modules[NAME] and made_up_other.__spec__


@pytest.mark.usefixtures("user")
def test_what_is_there_already_stays_there() -> None:
    import made_up_other

    assert import_without(NAME, SPARED).made_up_other is made_up_other


def test_a_module_that_is_not_there_leaves_the_other_as_it_was() -> None:
    with pytest.raises(ModuleNotFoundError):
        import_without("made_up_nothing", SPARED)
    assert SPARED not in sys.modules


def test_the_press_imports_no_types_for_older_pythons() -> None:
    code = "import press.cli.main, sys; print('msgspec' in sys.modules, 'typing_extensions' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["True", "False"]
