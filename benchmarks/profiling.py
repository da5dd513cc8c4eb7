"""Where the product's time goes: cProfile over a batch, own time by module and by function."""

from __future__ import annotations

import pstats
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.product import Product

_Key = tuple[str, int, str]  # as pstats has it: file, line, function


def profile(root: Path, people: int, top: int = 25) -> str:
    """A batch of `people` in one process under the profiler, as Markdown.

    cProfile makes small functions look dearer than they are: read the order, not the milliseconds.
    """
    with TemporaryDirectory() as folder:
        result = Path(folder, "profile")
        product = Product(root, Path(folder, "project"))
        product.make()  # whatever is kept between runs is there then
        product.profiled(people, result)
        own = {_named(key): values[2] for key, values in pstats.Stats(str(result)).stats.items()}  # type: ignore[attr-defined]
    return _tables(own, people, top)


def _tables(own: dict[tuple[str, str], float], people: int, top: int) -> str:
    whole = sum(own.values())
    modules: dict[str, float] = defaultdict(float)
    for (module, _), seconds in own.items():
        modules[module] += seconds
    lines = [f"{people} people, {whole * 1000 / people:.2f} ms of own time a document under the profiler.", ""]
    lines += _table("module", sorted(modules.items(), key=lambda pair: -pair[1])[:top], whole)
    functions = sorted(own.items(), key=lambda pair: -pair[1])[:top]
    lines += ["", *_table("function", [(f"{module}: {name}", seconds) for (module, name), seconds in functions], whole)]
    return "\n".join(lines)


def _table(what: str, rows: list[tuple[str, float]], whole: float) -> list[str]:
    return [f"| {what} | own time |", "|---|---|", *(f"| `{name}` | {seconds / whole:.1%} |" for name, seconds in rows)]


def _named(key: _Key) -> tuple[str, str]:
    """A function without the place of anything on this machine."""
    file, line, name = key
    if file == "~":
        return "built in", name
    parts = Path(file).parts
    for start in ("press", "site-packages"):
        if start in parts:
            return "/".join(parts[parts.index(start) + (start != "press") :]), f"{name}:{line}"
    return f"Python's {Path(file).name}", f"{name}:{line}"
