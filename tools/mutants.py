"""Mutation testing: plant small faults in the code that safety hangs on, and count those that its tests miss.

Each mutant is one change of one module (DeMillo, Lipton, Sayward 1978), run with that module's own tests in a copy
of the tree. A mutant whose tests all pass has survived: a test is missing, or the change is equivalent.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
EQUIVALENT = Path(__file__).with_name("mutants-equivalent.txt")
SAMPLE, EACH, SEED = 525, 25, 13
_LIMIT = 300  # seconds for the tests of one mutant; one that hangs is killed

_RECORDS = ("tests/patients/test_fhir_rules.py", "tests/patients/test_fhir.py")
# Each module with its own tests, the quickest first.
TESTS: Mapping[str, tuple[str, ...]] = {
    "press/treatment.py": ("tests/test_treatment.py",),
    "press/compose/shown_dates.py": ("tests/compose/test_shown_dates.py", "tests/compose/test_tailor.py"),
    "press/compose/choose.py": ("tests/compose/test_choose.py", "tests/compose/test_tailor.py"),
    "press/compose/tailor.py": ("tests/compose/test_tailor.py", "tests/compose/test_shown_dates.py"),
    "press/compose/check.py": ("tests/compose/test_check.py",),
    "press/compose/provenance.py": ("tests/compose/test_provenance_rules.py", "tests/compose/test_provenance.py"),
    "press/content/approvals.py": ("tests/content/test_approvals_rules.py", "tests/content/test_approvals.py"),
    "press/runs/identity.py": ("tests/runs/test_identity.py",),
    "press/runs/signed_pages.py": ("tests/runs/test_signed_pages_rules.py", "tests/runs/test_signed_pages.py"),
    "press/writers/pdf/proof/proof.py": ("tests/writers/test_proof.py", "tests/writers/test_pdf_proof.py"),
    "press/delivery/run_folder.py": ("tests/delivery/test_run_folder_rules.py", "tests/delivery/test_run_folder.py"),
    "press/delivery/ledger.py": (
        "tests/delivery/test_ledger.py",
        "tests/delivery/test_ledger_marks.py",
        "tests/runs/test_marking_said_back.py",
    ),
    "press/patients/fhir/code.py": _RECORDS,
    "press/patients/fhir/collect.py": _RECORDS,
    "press/patients/fhir/elements.py": _RECORDS,
    "press/patients/fhir/medicine.py": _RECORDS,
    "press/patients/fhir/order.py": _RECORDS,
    "press/patients/fhir/person.py": _RECORDS,
    "press/patients/fhir/records.py": _RECORDS,
    "press/desk/gate.py": ("tests/desk/test_gate.py",),
    "press/desk/session.py": ("tests/desk/test_session.py",),
}


@dataclass(frozen=True)
class Change:
    """What one mutant changes, whatever line it is on: the name under which it can be called equivalent."""

    module: str
    function: str
    text: str
    change: str


@dataclass(frozen=True)
class Mutant:
    """One change, its line, and the whole module with it."""

    what: Change
    line: int
    source: str


# Mutations: each gives the source text to put in a node's place

_COMPARISONS: Mapping[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
_OPERATORS: Mapping[type, type] = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd}
_CALLS: Mapping[str, str] = {"min": "max", "max": "min", "any": "all", "all": "any"}
_OF_NUMBERS = frozenset({"date", "timedelta", "divmod", "range"})
_EMPTY: Mapping[str, tuple[str, ...]] = {  # by the beginning of what a function gives
    "bool": ("True", "False"), "str": ("''",), "bytes": ("b''",), "int": ("0",), "float": ("0.0",),
    "tuple": ("()",), "list": ("[]",), "dict": ("{}",), "Mapping": ("{}",), "frozenset": ("frozenset()",),
    "Iterator": ("iter(())",), "Iterable": ("()",),
}  # fmt: skip
_SKIPPED = frozenset({"annotation", "returns", "decorator_list", "pattern"})


def _mutations(node: ast.AST, gives: str) -> Iterator[str]:
    match node:
        case ast.Compare(ops=ops):
            for place, other in ((n, other) for n, op in enumerate(ops) for other in _COMPARISONS[type(op)]):
                found = [*ops[:place], other(), *ops[place + 1 :]]
                yield ast.unparse(ast.Compare(node.left, found, node.comparators))
        case ast.BoolOp():
            yield ast.unparse(ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values))
        case ast.UnaryOp(op=ast.Not()):
            yield ast.unparse(node.operand)
        case ast.BinOp(op=op) if type(op) in _OPERATORS and not (_is_text(node.left) or _is_text(node.right)):
            yield ast.unparse(ast.BinOp(node.left, _OPERATORS[type(op)](), node.right))
        case ast.Constant(value=bool()):
            yield str(not node.value)
        case ast.Constant(value=int()):
            yield from (str(node.value + 1), str(node.value - 1))
        case ast.Call():
            yield from _mutated_calls(node)
        case ast.Return(value=ast.Constant(value=bool())):
            pass  # the constant itself is changed
        case ast.Return(value=ast.expr() as value):
            empty = next((texts for start, texts in _EMPTY.items() if gives.startswith(start)), ("None",))
            yield from (f"return {text}" for text in empty if text != ast.unparse(value))
        case ast.Raise() | ast.AugAssign() | ast.Break() | ast.Continue():
            yield "pass"
        case ast.Expr(ast.Call() | ast.Yield() | ast.YieldFrom()):
            yield "pass"


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


def _mutated_calls(node: ast.Call) -> Iterator[str]:
    """Another function of a pair, and the first two arguments in the other order where both may fit."""
    called = ast.unparse(node.func)
    if called in _CALLS:
        yield ast.unparse(ast.Call(ast.Name(_CALLS[called]), node.args, node.keywords))
    elif called != "isinstance" and len(node.args) > 1:
        one, two, *rest = node.args
        if called in _OF_NUMBERS or (isinstance(one, ast.Name) and isinstance(two, ast.Name)):
            yield ast.unparse(ast.Call(node.func, [two, one, *rest], node.keywords))


def _conditions(node: ast.AST) -> list[ast.expr]:
    """Plain values that decide something by themselves, which are negated."""
    found = [node.test] if isinstance(node, ast.If | ast.IfExp | ast.While) else []
    found += node.ifs if isinstance(node, ast.comprehension) else []
    found += node.values if isinstance(node, ast.BoolOp) else []
    return [each for each in found if isinstance(each, ast.Name | ast.Attribute | ast.Call)]


def _places(node: ast.AST, function: str = "", gives: str = "") -> Iterator[tuple[ast.AST, str, str]]:
    """Each node that may be changed, with its function and what that gives. Hints and texts are passed over."""
    match node:
        case ast.FunctionDef(name="__repr__") | ast.JoinedStr() | ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return
        case ast.FunctionDef() | ast.ClassDef():
            function = f"{function}.{node.name}".removeprefix(".")
            gives = ast.unparse(node.returns) if isinstance(node, ast.FunctionDef) and node.returns else ""
        case ast.BinOp(op=ast.BitOr()) if not function:
            return  # a union of types
    yield node, function, gives
    for name, value in ast.iter_fields(node):
        if name not in _SKIPPED:
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, ast.AST):
                    yield from _places(each, function, gives)


def mutate(module: str, source: str) -> Iterator[Mutant]:
    """Give every mutant of a module, in the order of its lines."""
    data, lines = source.encode(), source.encode().splitlines(keepends=True)
    starts = [0, *accumulate(map(len, lines))]
    for node, function, gives in _places(ast.parse(source)):
        changes = [(node, text) for text in _mutations(node, gives)]
        changes += [(each, f"not {ast.unparse(each)}") for each in _conditions(node)]
        for each, text in changes:
            assert isinstance(each, ast.expr | ast.stmt) and each.end_lineno and each.end_col_offset is not None
            begin, end = starts[each.lineno - 1] + each.col_offset, starts[each.end_lineno - 1] + each.end_col_offset
            new = text if isinstance(each, ast.stmt) else f"({text})"
            what = Change(module, function, lines[each.lineno - 1].decode().strip(), f"{ast.unparse(each)} -> {text}")
            yield Mutant(what, each.lineno, (data[:begin] + new.encode() + data[end:]).decode())


def mutants(root: Path = ROOT) -> list[Mutant]:
    """Give every mutant of every module."""
    return [each for module in TESTS for each in mutate(module, (root / module).read_text("utf-8"))]


def sample(found: Sequence[Mutant], count: int, each: int, seed: int) -> list[Mutant]:
    """Choose `count` mutants by a seed, of every module at least `each`, or all that it has."""
    shuffled = random.Random(seed).sample(found, len(found))
    ranks: Counter[str] = Counter()
    first, rest = [], []
    for mutant in shuffled:
        (first if ranks[mutant.what.module] < each else rest).append(mutant)
        ranks[mutant.what.module] += 1
    first += rest[: max(0, count - len(first))]
    return sorted(first, key=lambda mutant: (mutant.what.module, mutant.line, mutant.what.change))


def equivalents(text: str) -> dict[Change, str]:
    """Read the mutants that change nothing that can be seen, each with the reason.

    Four lines a mutant, with a blank line between two: module and function, source line, change, reason.
    """
    found = {}
    words = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for block in filter(None, map(str.strip, words.split("\n\n"))):
        place, source, change, reason = map(str.strip, block.split("\n"))
        module, _, function = place.partition(" ")
        found[Change(module, function.strip(), source, change)] = reason
    return found


# Running


def copy_tree(folder: Path) -> Path:
    """Copy what the tests need; the working tree itself is never changed."""
    left = shutil.ignore_patterns(".*", "out", "build", "node_modules", "target", "__pycache__", "benchmarks")
    return Path(shutil.copytree(ROOT, folder, ignore=left))


def passes(tree: Path, tests: Iterable[str], *, compiling: bool = False) -> bool:
    """Run tests in a copy of the tree. Raises RuntimeError if there are none.

    The first run of a copy is for `compiling`, and as long as it takes; later ones write no compiled code,
    for that of a mutant would be taken for the next one, and end at a limit.
    """
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider", "--hypothesis-seed=0"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    clean["PYTHONDONTWRITEBYTECODE"] = "" if compiling else "1"
    quiet = dict.fromkeys(("stdout", "stderr"), subprocess.DEVNULL)
    with subprocess.Popen([*command, *tests], cwd=tree, env=clean, start_new_session=True, **quiet) as process:
        try:
            code = process.wait(_LIMIT if not compiling else None)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL)
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            print(f"hung: {' '.join(tests)}", file=sys.stderr)
            return False
    if code == 5:  # pytest found none
        raise RuntimeError(f"no tests were found: {' '.join(tests)}")
    return code == 0


def is_killed(mutant: Mutant, tree: Path) -> bool:
    """Whether the tests of its module fail with a mutant in place; the copy is as it was afterwards."""
    path = tree / mutant.what.module
    original, before = path.read_bytes(), path.stat()
    path.write_text(mutant.source, "utf-8")
    try:
        return not passes(tree, TESTS[mutant.what.module])
    finally:
        path.write_bytes(original)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # what was compiled of it holds again


def survivors(chosen: Sequence[Mutant], processes: int = 1) -> Iterator[tuple[Mutant, bool]]:
    """Give each mutant in order, and whether it survived. Raises RuntimeError if tests fail without any change."""
    with TemporaryDirectory() as folder:
        first = copy_tree(Path(folder) / "0")
        tests = dict.fromkeys(test for mutant in chosen for test in TESTS[mutant.what.module])
        if not passes(first, tests, compiling=True):
            raise RuntimeError("the tests fail without any mutant")
        trees: SimpleQueue[Path] = SimpleQueue()
        trees.put(first)
        for number in range(1, processes):
            trees.put(Path(shutil.copytree(first, Path(folder) / str(number))))

        def run(mutant: Mutant) -> tuple[Mutant, bool]:
            tree = trees.get()
            try:
                return mutant, not is_killed(mutant, tree)
            finally:
                trees.put(tree)

        with ThreadPoolExecutor(processes) as pool:
            yield from pool.map(run, chosen)


def main() -> None:
    """Run a sample and print what survived, with a table by module. Ends with 1 if fewer than 95 % were killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="only these, of the sample")
    for name, usual in {"sample": SAMPLE, "each": EACH, "seed": SEED, "processes": 1}.items():
        parser.add_argument(f"--{name}", type=int, default=usual, help=f"usually {usual}")
    asked = parser.parse_args()
    every = sample(mutants(), asked.sample, asked.each, asked.seed)
    chosen = [mutant for mutant in every if not asked.modules or mutant.what.module in asked.modules]
    named = equivalents(EQUIVALENT.read_text("utf-8"))
    equal = Counter(mutant.what.module for mutant in chosen if mutant.what in named)
    counts = {module: [0, 0, equal[module]] for module in TESTS}  # killed, survived, equivalent
    tried = [mutant for mutant in chosen if mutant.what not in named]
    for number, (mutant, survived) in enumerate(survivors(tried, asked.processes), 1):
        print(f"{number} of {len(tried)}", end="\r", file=sys.stderr)
        counts[mutant.what.module][survived] += 1
        if survived:
            print(*vars(mutant.what).values(), f"line {mutant.line}\n", sep="\n  ", flush=True)
    sys.exit(_show(counts))


def _show(counts: Mapping[str, Sequence[int]]) -> int:
    killed, survived, equivalent = map(sum, zip(*counts.values(), strict=True))
    print(f"{'module':36}{'killed':>8}{'survived':>10}{'equivalent':>12}")
    for module, numbers in [*counts.items(), ("all", (killed, survived, equivalent))]:
        print(f"{module:36}{numbers[0]:8}{numbers[1]:10}{numbers[2]:12}")
    print(f"{100 * killed / max(1, killed + survived):.1f} % killed")
    return int(killed * 100 < 95 * (killed + survived))


if __name__ == "__main__":
    main()
