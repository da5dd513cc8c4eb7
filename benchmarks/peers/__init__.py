"""Other programs that make PDF files, each given the product's words and its best honest way.

A peer is a module with `open_page(page)`, which gives a writer: `one(values, path)` makes one
person's file, and `merged(people, path)`, where there is one, makes one file of many people.
This file is all that a peer imports of the benchmarks, so that a cold start is its own.
"""

from __future__ import annotations


def plain(runs: list[tuple[str, bool]]) -> str:
    """The words of a text without what is strong in it."""
    return "".join(words for words, _ in runs)
