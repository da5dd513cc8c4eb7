"""Where the product's time goes: cProfile over a batch, own time by module and by function."""

from __future__ import annotations

import pstats
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.product import Product

# As pstats has them: file, line, function; and calls, calls, own time, time, callers.
_Key = tuple[str, int, str]
_Row = tuple[int, int, float, float, dict[_Key, tuple[int, int, float, float]]]
_BUILT_IN = "~"


def profile(root: Path, people: int, top: int = 25) -> str:
    """A batch of `people` in one process under the profiler, as Markdown.

    What is built into Python counts for the module that calls it. cProfile makes small functions
    look dearer than they are: read the order, not the milliseconds.
    """
    with TemporaryDirectory() as folder:
        result = Path(folder, "profile")
        product = Product(root, Path(folder, "project"))
        product.make()  # whatever is kept between runs is there then
        product.profiled(people, result)
        stats: dict[_Key, _Row] = pstats.Stats(str(result)).stats
    functions = {f"{_module(key)}: {key[2]}:{key[1]}" if key[1] else key[2]: row[2] for key, row in stats.items()}
    whole = sum(functions.values())
    head = f"{people} people, {whole * 1000 / people:.2f} ms of own time a document under the profiler."
    return "\n\n".join((head, _table("module", _modules(stats), whole, top), _table("function", functions, whole, top)))


def _modules(stats: dict[_Key, _Row]) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for key, (_, _, own, _, callers) in stats.items():
        if key[0] != _BUILT_IN or not callers:
            found[_module(key)] += own
            continue
        for caller, row in callers.items():
            found[_module(caller)] += row[2]
    return found


def _table(what: str, times: dict[str, float], whole: float, top: int) -> str:
    rows = sorted(times.items(), key=lambda pair: -pair[1])[:top]
    return "\n".join(
        [f"| {what} | own time |", "|---|---|", *(f"| `{name}` | {own / whole:.1%} |" for name, own in rows)]
    )


def _module(key: _Key) -> str:
    """The module of a function, without the place of anything on this machine."""
    if key[0] == _BUILT_IN:
        return "built in"
    parts = Path(key[0]).parts
    for start, skipped in (("site-packages", 1), ("press", 0)):
        if start in parts:
            return "/".join(parts[parts.index(start) + skipped :])
    return "/".join(parts[-2:])
