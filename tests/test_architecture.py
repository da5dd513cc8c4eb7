"""The shape of the press: who may import whom, who may write, and how long a module grows.

`ROWS` is the table of docs/architecture.md, from the bottom up; the two are compared.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRESS = ROOT / "press"
ROWS: tuple[frozenset[str], ...] = tuple(
    frozenset(row.split())
    for row in (
        "errors",
        "source document characters contrast names reading treatment files review_items starter watch dialing columns inputs target remember placeholders writers.printed",
        "markup schema lint lock review_scores writers.unpaged privacy slots dale_chall",
        "xhtml fields words",
        "model",
        "readers required",
        "library style approval parallel dates language_marks",
        "tailor patient_list writers.html_style beside sign_off needs",
        "compose",
        "check",
        "writers.pdf writers.html writers.text review_layout",
        "output printer guard screen dump review_seen masters",
        "job arguments editor_schemas scaffold run_folder ledger owner workers kept",
        "sweep batch stock",
        "reading_report signing reports delivery verdict",
        "review report_page",
        "print_job",
        "console",
        "list_runs merged_run report_cover",
        "content_commands list_commands printing_commands report_commands",
        "cli",
    )
)
PACKAGES = ("readers", "writers.pdf")  # one unit each: inside, they may import each other
ROW_OF = {unit: number for number, row in enumerate(ROWS) for unit in row}
WRITING_CALLS = {"write_text", "write_bytes", "touch"}
WRITING_NAMES = {"os.open", "os.write", "os.replace", "os.rename", "os.remove", "os.unlink", "os.mkdir", "os.makedirs"}
LOOKS = re.compile(r"\bfont|\bcolou?r|\bstyle=|#[0-9a-fA-F]{3,8}\b|\b\d+(\.\d+)?(pt|px|em|mm|cm|in|%)", re.IGNORECASE)
CONDITIONS = re.compile(r"injection|tablet|opioid|alcohol", re.IGNORECASE)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the press by its dotted name without `press.`."""
    found = {}
    for path in sorted(PRESS.rglob("*.py")):
        parts = path.relative_to(PRESS).with_suffix("").parts
        found[".".join(parts)] = ast.parse(path.read_text("utf-8"))
    return found


def unit(module: str) -> str:
    return next((p for p in PACKAGES if module == p or module.startswith(p + ".")), module)


def imports(module: str) -> Iterator[str]:
    """What a module imports anywhere in it; modules of the press without `press.`."""
    for node in ast.walk(modules()[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from _from(node)


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


def test_the_modules_are_found_and_every_one_has_a_row() -> None:
    found = {unit(name) for name in modules() if not name.endswith("__init__")}

    assert len(modules()) > 10
    assert found == set(ROW_OF)


def test_package_files_hold_no_code() -> None:
    for name in ("__init__", "readers.__init__", "writers.__init__"):
        assert not list(imports(name)), name


@pytest.mark.parametrize("module", [name for name in modules() if not name.endswith("__init__")])
def test_imports_go_downwards_only(module: str) -> None:
    above = {name for name in ours(module) if unit(name) in ROW_OF and unit(name) != unit(module)}

    assert {name for name in above if ROW_OF[unit(name)] >= ROW_OF[unit(module)]} == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_inside_a_package_nothing_imports_in_a_circle(package: str) -> None:
    left = {name: {n for n in ours(name) if unit(n) == package} for name in modules() if unit(name) == package}
    left = {name: {n if n in left else f"{n}.__init__" for n in needed} for name, needed in left.items()}
    while free := {name for name, needed in left.items() if not needed & left.keys()}:
        left = {name: needed for name, needed in left.items() if name not in free}

    assert not left


def documented_rows() -> list[set[str]]:
    """The table of docs/architecture.md: `| row | module | responsibility |`, lowest row first."""
    lines = (ROOT / "docs" / "architecture.md").read_text("utf-8").splitlines()
    rows: dict[int, set[str]] = {}
    for line in lines:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and cells[0].isdigit():
            rows.setdefault(int(cells[0]), set()).update(_named(cells[1]))
    return [rows[number] for number in sorted(rows)]


def _named(cell: str) -> Iterator[str]:
    for name in re.findall(r"[\w./{},*]+", cell.replace("`", " ").replace(", ", " ")):
        before, brace, choices = name.strip(",").partition("{")
        for choice in choices.partition("}")[0].split(",") if brace else ("",):
            whole = (before + choice).removeprefix("press/").removesuffix(".py").rstrip("/*")
            yield whole.replace("/", ".")


def test_the_manual_shows_the_same_table() -> None:
    assert documented_rows() == [set(row) for row in ROWS]


ONLY = {
    "jinja2": {"compose"}, "markupsafe": {"compose"}, "yaml": {"readers"}, "python_calamine": {"readers"}, "csv": {"readers"},
    "reportlab": {"writers.pdf", "guard"}, "babel": {"words"}, "uharfbuzz": {"writers.pdf"},
    "click": {"cli", "console", "content_commands", "list_commands", "printing_commands", "report_commands"},
}  # fmt: skip


@pytest.mark.parametrize("library", ONLY)
def test_a_library_is_known_in_one_place(library: str) -> None:
    users = {unit(m) for m in modules() if any(name.split(".")[0] == library for name in imports(m))}

    assert users == ONLY[library]


def test_reportlab_never_parses_markup() -> None:
    names = {name for module in modules() for name in imports(module)}

    assert not {name for name in names if name.startswith(("reportlab.platypus", "reportlab.lib.para"))}
    assert not {m for m, tree in modules().items() if "SimpleDocTemplate" in ast.dump(tree)}


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

    assert writers == {"files"}


def test_only_the_top_row_reads_the_clock() -> None:
    readers = {
        module
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in CLOCKS
    }

    assert readers == {"console"}


CLOCKS = {"date.today", "datetime.now", "datetime.today", "datetime.utcnow", "time.time", "time.localtime"}


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


@pytest.mark.parametrize("module", modules())
def test_every_function_is_annotated(module: str) -> None:
    bare = set()
    for function in functions(modules()[module]):
        given = function.args
        named = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]
        if function.returns is None or any(a.annotation is None for a in named if a.arg not in ("self", "cls")):
            bare.add(f"{function.name}, line {function.lineno}")

    assert not bare


@pytest.mark.parametrize("module", modules())
def test_everything_public_says_what_it_is_for(module: str) -> None:
    tree = modules()[module]

    assert ast.get_docstring(tree)
    assert not {node.name for node in public(tree) if not ast.get_docstring(node)}


TEMPLATES = sorted((ROOT / "templates").rglob("*.j2"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_know_neither_looks_nor_medicine(path: Path) -> None:
    text = path.read_text("utf-8")

    assert not LOOKS.search(text)
    assert not CONDITIONS.search(text)


def test_there_are_templates() -> None:
    assert len(TEMPLATES) >= 3
