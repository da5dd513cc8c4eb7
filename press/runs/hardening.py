"""Start-up safety: no settings from outside, no network, no other program, no stray file.

Implements rules 7 and 12, promise R12: a tripwire for slips of ours and of libraries, no sandbox.
"""

from __future__ import annotations

import os
import site
import sys
import zoneinfo
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Final, NoReturn

from press.delivery.installed import PROGRAM, SHIPPED
from press.errors import HandoutError, Place, Problem
from press.later import import_later

# ReportLab runs these as Python when it is imported, even under `python -I`. The `mods`
# are read by `reportlab/__init__.py`, the `settings` by `reportlab/rl_config.py`.
_HOME_FILES = (".reportlab_settings", ".reportlab_mods")
_MODULES = ("reportlab_settings", "reportlab_mods")
_INNER_MODULES = ("local_rl_settings", "local_rl_mods")

HARDENED: Final[dict[str, object]] = {
    "trustedHosts": None,  # no picture from the network,
    "trustedSchemes": [],  # nor by `file:` or `data:`
    "toColorCanUse": None,  # the default calls functions named in a color
    "invariant": 1,  # no clock: the same input gives the same bytes
    "T1SearchPath": [],  # fonts are ours, opened by their full path; the defaults
    "TTFSearchPath": [],  # look into the home folder and the current one
    "CMapSearchPath": [],
    "unShapedFontGlob": [],  # would print joined scripts as loose letters
    "hyphenationLang": "",  # no hyphen in the name of a medicine
    "defaultImageCaching": 0,  # writes a copy of each picture beside it
    "warnOnMissingFontGlyphs": 0,  # prints to the screen; the press checks glyphs itself
    "verbose": 0,  # these two print, and what they print holds the text of the page
    "debug": 0,
}


def refuse_foreign_settings() -> None:
    """Refuse settings from outside that would change pages. Raises HandoutError."""
    hint, end = "remove it, or ask who looks after this computer", " changes how pages are printed"
    found = [Problem(Place(place), it + end, hint) for place, it in _foreign_settings()]
    if found:
        raise HandoutError(found)


def harden_reportlab() -> None:
    """Refuse settings from outside, then import ReportLab and set every value that matters.

    Call it before anything else imports ReportLab, and before the tripwire is on: the import
    itself reaches for two files of the home folder.
    """
    refuse_foreign_settings()
    if "reportlab" not in sys.modules:
        _import_reportlab()
    from reportlab import rl_config

    for name, value in HARDENED.items():
        old = getattr(rl_config, name)
        if isinstance(old, list) and value == []:
            old.clear()  # in place: other modules hold this same list
        else:
            setattr(rl_config, name, copy(value))


def _import_reportlab() -> None:
    """Import what a text string of a PDF file needs, and leave the rest for later or out."""
    import PIL  # noqa: F401 - which is to have it

    import_later("PIL.Image")  # which ReportLab imports for pictures, and no page asks for
    # What writes to the temporary folder, and what evaluates expressions in texts: a third of the time to import it.
    _leave_out("reportlab.lib.rltempfile", "get_rl_tempfile", "get_rl_tempdir")
    _leave_out(
        "reportlab.lib.rl_safe_eval", "rl_safe_exec", "rl_safe_eval", "safer_globals", "rl_extended_literal_eval"
    )
    # Its own fonts, with 14 files of their widths; of these encodings a text string has the first (PDF 7.9.2).
    vars(import_later("reportlab.pdfbase.pdfmetrics"))["standardEncodings"] = ("PDFDocEncoding",)
    sys.modules.setdefault("_rl_accel", None)  # type: ignore[arg-type]  # its part in C, which is then not looked for
    from reportlab.pdfbase.rl_codecs import RL_Codecs

    RL_Codecs.register()  # as its fonts do when they are imported


def _leave_out(module: str, *names: str) -> None:
    """Put one that refuses into the place of a module that others import and no page asks for."""
    stand_in = ModuleType(module)
    vars(stand_in).update(dict.fromkeys(names, _refuse))
    sys.modules.setdefault(module, stand_in)


def _refuse(*_: object, **__: object) -> NoReturn:
    raise RuntimeError("this was left out: no page asks for it")


# Would load byte code of templates from a folder, and takes a fifth of the time to import Jinja.
_leave_out("jinja2.bccache", "BytecodeCache", "FileSystemBytecodeCache", "MemcachedBytecodeCache")


def assert_hardened() -> None:
    """Raise if a setting is not as `harden_reportlab` left it; cheap, for every document."""
    rl_config = sys.modules.get("reportlab.rl_config")
    if rl_config is None:
        raise RuntimeError("harden_reportlab() has not been called")
    changed = [name for name in HARDENED if getattr(rl_config, name, ...) != HARDENED[name]]
    if changed:
        raise RuntimeError("a ReportLab setting was changed: " + ", ".join(changed))


def _foreign_settings() -> Iterator[tuple[str, str]]:
    """Find what would change pages from outside, without running it; only its name is reported."""
    for name in sorted(os.environ):
        if name.startswith("RL_"):
            yield name, f"the environment variable `{name}`"
    for name in _HOME_FILES:
        if os.path.lexists(os.path.join(os.path.expanduser("~"), name)):
            yield f"~/{name}", f"the file `{name}` in the home folder"
    if "reportlab" in sys.modules:
        return  # which has read what there was
    for name in filter(find_spec, _MODULES):
        yield f"{name}.py", f"the Python file `{name}.py`"
    outer = find_spec("reportlab")
    for name in _INNER_MODULES:  # never by `find_spec`: it would import the outer one
        if outer and PathFinder.find_spec(f"reportlab.{name}", outer.submodule_search_locations):
            yield f"reportlab/{name}.py", f"the Python file `reportlab/{name}.py`"


class Trespass(RuntimeError):
    """A reach for the network, another program or a file elsewhere: a fault of the press.

    Its text names the kind of event only, because a path may come from a patient's words.
    """


_REFUSED = tuple("socket. subprocess. os.exec os.posix_spawn os.spawn os.system os.startfile pty.spawn".split())
_HARMLESS = frozenset({"socket.gethostname"})  # asks this computer only; a lock file needs it
_CHANGES = {"os.rename": 2, "os.link": 2, "os.symlink": 2} | dict.fromkeys(
    ("os.remove", "os.rmdir", "os.mkdir", "os.truncate", "os.chmod"), 1
)  # how many of the first arguments are paths
_FOLLOWING = ("os.truncate", "os.chmod")  # the others change a link itself, not what it leads to
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Tripwire:
    """The folders of one run; `tripped` lists what was refused, swallowed by a library or not."""

    def __init__(self, readable: Iterable[Path], writable: Iterable[Path]) -> None:
        cache = [Path(sys.pycache_prefix)] if sys.pycache_prefix else []
        self._writable = _roots([*writable, *cache])
        self._readable = self._writable + _roots(readable) + _library_roots()
        self._folders: dict[str, str] = {}
        self.tripped: list[str] = []

    def check(self, event: str, args: tuple[object, ...]) -> None:
        """Raise `Trespass` for an event that this run has no business with."""
        if event == "open":
            path, _, flags = args
            self._check_path(event, path, writing=not isinstance(flags, int) or bool(flags & _WRITING))
        elif event in _CHANGES:
            for path in args[: _CHANGES[event]]:
                self._check_path(event, path, writing=True, follows=event in _FOLLOWING)
        elif event.startswith(_REFUSED) and event not in _HARMLESS:
            self._trip(event)

    def _check_path(self, event: str, path: object, *, writing: bool, follows: bool = True) -> None:
        """Links are followed first, the last one only if the event does. Python's byte-code cache counts as reading."""
        if isinstance(path, int) or path == os.devnull:
            return  # a handle that was checked when it was opened
        if not isinstance(path, str | bytes | os.PathLike):
            self._trip(event)
        name = os.path.abspath(os.fsdecode(path))
        roots = self._writable if writing and "__pycache__" not in name else self._readable
        # Even to look at a path on a Windows share sends it the user's password hash.
        share = os.path.splitdrive(name)[0].startswith("\\\\")
        if (share and not _inside(name, roots)) or not _inside(self._real(name, follows), roots):
            self._trip(event)

    def _real(self, name: str, follows: bool) -> str:
        """A path with its links followed: those of its folder once in a run, its last part each time."""
        if follows and os.path.islink(name):
            return os.path.realpath(name)
        folder, last = os.path.split(name)
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        return os.path.join(self._folders[folder], last)

    def _trip(self, event: str) -> NoReturn:
        self.tripped.append(event)
        raise Trespass(f"refused by the tripwire: {event}")


_active: Tripwire | None = None  # the switch, as an audit hook can never be removed
_hooked = False
_installing = Lock()


def install_tripwire(readable: Iterable[Path], writable: Iterable[Path]) -> Tripwire:
    """Watch from here to the end of the process, or until the next call; one at a time."""
    global _active, _hooked  # noqa: PLW0603 - an audit hook is for the whole process
    tripwire = Tripwire(readable, writable)
    with _installing:
        if not _hooked:
            sys.addaudithook(_hook)
            _hooked = True
        _active = tripwire
    return tripwire


@contextmanager
def watching(readable: Iterable[Path], writable: Iterable[Path]) -> Iterator[Tripwire]:
    """Watch inside the `with`; at its end, raise for a trespass that a library swallowed."""
    global _active  # noqa: PLW0603 - the same
    before = _active
    tripwire = install_tripwire(readable, writable)
    try:
        yield tripwire
    finally:
        _active = before
    if tripwire.tripped:
        raise Trespass("refused by the tripwire and hidden: " + ", ".join(tripwire.tripped))


def library_folders() -> tuple[Path, ...]:
    """Where Python, its libraries and the press itself live: they are read while running."""
    names = [os.path.dirname(os.__file__)]
    if site.ENABLE_USER_SITE:  # `pip install` on Windows puts everything there
        names.append(site.getusersitepackages())
    names += site.getsitepackages() + [path for path in sys.path if path.endswith(".zip")]
    names += [*zoneinfo.TZPATH, "/usr/share/locale", os.path.join(sys.base_prefix, "share/locale")]
    return (PROGRAM, SHIPPED / "handouts", SHIPPED / "templates", *map(Path, filter(None, names)))


def _roots(folders: Iterable[Path]) -> tuple[str, ...]:
    """Folders as the hook compares them: links followed, ending in one separator."""
    return tuple(os.path.join(os.path.normcase(os.path.realpath(f)), "") for f in folders)


@cache
def _library_roots() -> tuple[str, ...]:
    """The folders of libraries, which stay where they are: to follow their links takes long."""
    return _roots(library_folders())


def _inside(name: str, roots: tuple[str, ...]) -> bool:
    """Whether a path is one of the roots or below one."""
    return os.path.join(os.path.normcase(name), "").startswith(roots)


def _hook(event: str, args: tuple[object, ...]) -> None:
    """The audit hook; at the very end of the process the module's names are already gone."""
    if _active is not None:
        _active.check(event, args)
