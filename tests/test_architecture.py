"""The shape of the press: who may import whom, who may write, and how long a module grows.

The rows are those of docs/architecture.md, which is the map; the packages' own lists say what is public.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median

import pytest

from tests.support import for_each

ROOT = Path(__file__).resolve().parent.parent
PRESS = ROOT / "press"
WRITING_CALLS = {"write_text", "write_bytes", "touch"}
WRITING_NAMES = {"os.open", "os.write", "os.replace", "os.rename", "os.remove", "os.unlink", "os.mkdir", "os.makedirs"}
LOOKS = re.compile(r"\bfont|\bcolou?r|\bstyle=|#[0-9a-fA-F]{3,8}\b|\b\d+(\.\d+)?(pt|px|em|mm|cm|in|%)", re.IGNORECASE)
CONDITIONS = re.compile(r"injection|tablet|opioid|alcohol", re.IGNORECASE)

Function = ast.FunctionDef | ast.AsyncFunctionDef


PATHS = {".".join(path.relative_to(PRESS).with_suffix("").parts): path for path in sorted(PRESS.rglob("*.py"))}


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the press by its dotted name without `press.`."""
    return {name: ast.parse(path.read_text("utf-8")) for name, path in PATHS.items()}


def package(module: str) -> str:
    """The package of a module, or the leaf itself."""
    return module.partition(".")[0]


@cache
def imports(module: str) -> tuple[str, ...]:
    """What a module imports anywhere in it; modules of the press without `press.`."""
    found: list[str] = []
    for node in ast.walk(modules()[module]):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += _from(node)
    return tuple(found)


def _from(node: ast.ImportFrom) -> Iterator[str]:
    assert node.level == 0 and node.module, "imports are written in full"
    if node.module.split(".")[0] != "press":
        yield node.module
        return
    base = node.module.removeprefix("press").removeprefix(".")
    for alias in node.names:
        whole = f"{base}.{alias.name}".strip(".")
        yield whole if whole in modules() or f"{whole}.__init__" in modules() else base or "__init__"


def ours(module: str) -> set[str]:
    return {name for name in imports(module) if name in modules() or f"{name}.__init__" in modules()}


def functions(tree: ast.Module) -> Iterator[Function]:
    yield from (node for node in ast.walk(tree) if isinstance(node, Function))


def public(tree: ast.Module | ast.ClassDef) -> Iterator[Function | ast.ClassDef]:
    """Functions and classes that others may use, with the methods of those classes."""
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node)


@cache
def rows() -> dict[str, int]:
    """The table of docs/architecture.md: each package or leaf with its row."""
    lines = (ROOT / "docs" / "architecture.md").read_text("utf-8").splitlines()
    found = [re.match(r"\| (\d+) \| `(\w+)(?:\.py)?` \| (.+) \|$", line) for line in lines]
    return {match[2]: int(match[1]) for match in found if match}


@cache
def charter(name: str) -> str:
    return ast.get_docstring(modules()[f"{name}.__init__"]) or ""


@cache
def public_modules(name: str) -> frozenset[str]:
    """What the `__init__.py` of a package lists; those of an inner package count too."""
    listed = charter(name).partition("\nPublic: ")[2].rstrip(".")
    return frozenset(f"{name}.{one}" for one in listed.replace("\n", " ").split(", ") if one)


FILES = [name for name in PATHS if not name.endswith("__init__")]
PACKAGES = sorted({package(name) for name in FILES if "." in name})
INNER = sorted(name.removesuffix(".__init__") for name in PATHS if name.count(".") > 1 and name.endswith("__init__"))


def test_the_packages_are_found_and_every_one_has_a_row() -> None:
    assert len(FILES) > 100 and len(PACKAGES) == 10 and len(INNER) > 5
    assert {package(name) for name in FILES} == set(rows())
    assert len({row for name, row in rows().items() if name in PACKAGES}) >= 7


def test_package_files_hold_a_charter_and_no_code() -> None:
    for name in ("", *PACKAGES, *INNER):
        tree = modules()[f"{name}.__init__".strip(".")]
        assert ast.get_docstring(tree) and not imports(f"{name}.__init__".strip(".")), name
        assert len(tree.body) == (1 if name else 2), name  # the version stands in press itself


@pytest.mark.parametrize("name", PACKAGES)
def test_the_map_shows_the_charter_of_a_package(name: str) -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")

    assert f"| {rows()[name]} | `{name}` | {charter(name).splitlines()[0]} |" in text


@for_each((module,) for module in FILES)
def test_the_map_names_every_module(module: str) -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    inside, _, last = module.rpartition(".")
    section = text.partition(f"### `press/{inside.replace('.', '/')}`\n")[2].partition("\n#")[0] if inside else text

    assert f"| `{last}` |" in section or f"`{last}.py`" in section


@for_each((module,) for module in FILES)
def test_imports_go_downwards_only(module: str) -> None:
    others = {name for name in ours(module) if package(name) != package(module) and not name.endswith("__init__")}

    assert {name for name in others if rows()[package(name)] >= rows()[package(module)]} == set()


@for_each((module,) for module in FILES)
def test_only_public_modules_are_imported_from_outside(module: str) -> None:
    """Out of an inner package, such as `writers.pdf.file`, too."""
    wrong = {
        (name, home)
        for name in ours(module)
        for home in (*PACKAGES, *INNER)
        if name.startswith(home + ".") and not module.startswith(home + ".") and name not in public_modules(home)
    }

    assert not wrong


@pytest.mark.parametrize("name", [*PACKAGES, *INNER])
def test_what_is_public_is_there(name: str) -> None:
    assert public_modules(name) <= set(FILES)


def test_no_file_imports_itself_in_a_circle() -> None:
    left = {name: ours(name) & set(FILES) for name in FILES}
    while free := {name for name, needed in left.items() if not needed & left.keys()}:
        left = {name: needed for name, needed in left.items() if name not in free}

    assert not left


ONLY = {
    "jinja2": {"compose", "desk"}, "markupsafe": {"compose"}, "yaml": {"content"}, "python_calamine": {"patients"}, "csv": {"patients", "reports"},
    "flask": {"desk"}, "pypdfium2": {"desk", "delivery"}, "waitress": {"desk"}, "reportlab": {"writers", "runs"}, "babel": {"content"}, "uharfbuzz": {"writers"}, "click": {"cli"},
    "sqlalchemy": {"delivery"}, "psycopg": {"delivery"}, "msgspec": {"records"},
}  # fmt: skip


@pytest.mark.parametrize("library", ONLY)
def test_a_library_is_known_in_one_place(library: str) -> None:
    users = {package(m) for m in modules() if any(name.split(".")[0] == library for name in imports(m))}

    assert users == ONLY[library]


def test_reportlab_never_parses_markup() -> None:
    names = {name for module in modules() for name in imports(module)}

    assert not {name for name in names if name.startswith(("reportlab.platypus", "reportlab.lib.para"))}
    assert not {name for name, path in PATHS.items() if "SimpleDocTemplate" in path.read_text("utf-8")}


def _writes(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    mode = next((ast.unparse(k.value) for k in call.keywords if k.arg == "mode"), "")
    if name == "open" and len(call.args) > 1:
        mode = ast.unparse(call.args[1])
    elif name.endswith(".open") and call.args:
        mode = ast.unparse(call.args[0])
    last = name.rsplit(".", 1)[-1]
    return last in WRITING_CALLS or name in WRITING_NAMES or (last == "open" and bool(set(mode) & set("wax+")))


@pytest.mark.parametrize(
    "code", ["open(p, 'w')", "p.open('ab')", "open(p, mode='x')", "p.write_text('')", "os.open(p, 1)"]
)
def test_the_search_for_writing_finds_it(code: str) -> None:
    assert _writes(ast.parse(code, mode="eval").body)


def test_only_one_module_opens_files_for_writing() -> None:
    writers = {
        module
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _writes(node) and not ast.unparse(node.func).startswith("files.")
    }

    assert writers == {"delivery.files"}


def test_only_the_top_row_reads_the_clock() -> None:
    readers = {
        module
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in CLOCK_NAMES and ast.unparse(node) in CLOCKS
    }

    assert readers == {"cli.common"}


CLOCKS = {"date.today", "datetime.now", "datetime.today", "datetime.utcnow", "time.time", "time.localtime"}
CLOCK_NAMES = {name.split(".")[1] for name in CLOCKS}


def code_lines(path: Path) -> int:
    """Lines of code: without comments, blank lines and what docstrings say."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | Function) and ast.get_docstring(node):
            node.body[0] = ast.Pass()
    return sum(line.strip() not in ("", "pass") for line in ast.unparse(tree).splitlines())


def test_modules_and_functions_stay_short() -> None:
    paths = list(PRESS.rglob("*.py"))
    long = {f"{m}.{f.name}" for m, tree in modules().items() for f in functions(tree) if f.end_lineno - f.lineno >= 60}

    assert max(len(path.read_text("utf-8").splitlines()) for path in paths) <= 400
    assert median(map(code_lines, paths)) < 120
    assert not long


@for_each((module,) for module in PATHS)
def test_every_function_is_annotated(module: str) -> None:
    bare = set()
    for function in functions(modules()[module]):
        given = function.args
        named = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]
        if function.returns is None or any(a.annotation is None for a in named if a.arg not in ("self", "cls")):
            bare.add(f"{function.name}, line {function.lineno}")

    assert not bare


@for_each((module,) for module in PATHS)
def test_everything_public_says_what_it_is_for(module: str) -> None:
    tree = modules()[module]

    assert ast.get_docstring(tree)
    assert not {node.name for node in public(tree) if not ast.get_docstring(node)}


DOORLESS = ("runs", "reports")  # what commands and a desk in a browser both call
SCREEN_CALLS = {"print", "input", "exit", "quit", "sys.exit", "os._exit", "breakpoint"}


def _screen_calls(tree: ast.Module) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)} & SCREEN_CALLS


def test_runs_and_reports_know_no_command_line() -> None:
    """They take a request and give a result; a forked worker ends by itself."""
    found = [name for name in FILES if package(name) in DOORLESS]
    wrong = {name for name in found for used in imports(name) if used.split(".")[0] in ("click", "cli")}
    calls = {name: called for name in found if (called := _screen_calls(modules()[name]))}

    assert len(found) > 15 and {package(name) for name in found} == set(DOORLESS)
    assert not wrong and calls == {"runs.workers": {"os._exit"}}


def test_the_search_for_calls_of_the_screen_finds_them() -> None:
    assert _screen_calls(ast.parse("def f():\n    print(1)\n    sys.exit(2)")) == {"print", "sys.exit"}


MOST_PARAMETERS = 8


def parameters(function: Function) -> list[str]:
    """The names of a function's parameters, but for `self` and `cls`."""
    given = function.args
    all_ = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]
    return [one.arg for one in all_ if one.arg not in ("self", "cls")]


def test_no_function_has_many_parameters() -> None:
    """A command takes what was typed as one record."""
    found = {f"{m}.{f.name}": len(parameters(f)) for m, tree in modules().items() for f in functions(tree)}

    assert len(found) > 500 and not {name for name, count in found.items() if count > MOST_PARAMETERS}


TEMPLATES = sorted((ROOT / "templates").rglob("*.j2"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_know_neither_looks_nor_medicine(path: Path) -> None:
    text = path.read_text("utf-8")

    assert not LOOKS.search(text)
    assert not CONDITIONS.search(text)


def test_there_are_templates() -> None:
    assert len(TEMPLATES) >= 3
