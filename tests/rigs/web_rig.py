"""What the Nu Html Checker and axe-core say about finished web pages.

Both lie in ``tests/rigs/web`` once its ``build.sh`` has run. The checker takes all files in one
call of Java; axe-core runs inside the pages of one headless Chromium.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.rigs import browser

HOME = Path(__file__).resolve().parent / "web"
BUILT = HOME / "node_modules" / ".built"
SOURCES = (HOME / "package.json", HOME / "package-lock.json")
CHECKER = HOME / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
AXE = HOME / "node_modules" / "axe-core" / "axe.min.js"

RUN = """axe.run(document, {rules: {"target-size": {enabled: true}}}).then(found => ({
  passed: found.passes.length,
  faults: [...found.violations, ...found.incomplete].map(rule =>
    rule.id + ": " + rule.nodes.map(node => node.html.slice(0, 120) + " " + (node.failureSummary || "")).join("; ")),
}))"""


def missing() -> str:
    """What keeps the rig from running here; empty if nothing does."""
    if not all(
        (BUILT / source.name).is_file() and (BUILT / source.name).read_bytes() == source.read_bytes()
        for source in SOURCES
    ):
        return "the rig for web pages is not built or out of date: run tests/rigs/web/build.sh"
    if shutil.which("java") is None:
        return "the Nu Html Checker needs Java"
    return "" if browser.find() else "axe-core needs Chromium"


def validate(paths: Iterable[Path], timeout: float = 300) -> dict[Path, tuple[str, ...]]:
    """The errors and warnings of the Nu Html Checker, its style checks included, by file.

    Raises RuntimeError if there is nothing to check, or the checker gives no verdict.
    """
    files = [path.resolve() for path in paths]
    if not files or not all(path.is_file() for path in files):
        raise RuntimeError("nothing to validate, or a file is missing")
    # A quick start counts more than peak speed; the checker's grammar is deep and takes much stack.
    command = ["java", "-Xss8m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", str(CHECKER)]
    command += ["--format", "json", "--stdout", "--exit-zero-always", "--also-check-css", *map(str, files)]
    found: dict[str, list[str]] = {path.as_uri(): [] for path in files}
    for message in _messages(command, timeout):
        url = message.get("url", "").replace("file:/", "file:///", 1)
        if url not in found:
            raise RuntimeError(f"the Nu Html Checker complains about no page of ours: {message}")
        found[url].append(_told(message))
    return {path: tuple(found[path.as_uri()]) for path in files}


def _messages(command: list[str], timeout: float) -> list[dict[str, Any]]:
    # Java decodes file names by the locale; in the plain C locale, only ASCII ones work.
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", env=environment, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise RuntimeError(f"the Nu Html Checker did not finish within {timeout:g} seconds") from error
    try:
        return json.loads(done.stdout)["messages"]
    except (ValueError, KeyError) as error:
        raise RuntimeError(f"the Nu Html Checker gave no verdict: {done.stderr.strip()}") from error


def _told(message: dict[str, Any]) -> str:
    return f"{message.get('subType', message['type'])}, line {message.get('lastLine')}: {message['message']}"


def inspect(page: browser.Browser) -> tuple[str, ...]:
    """What axe-core finds wrong in the open page, and what it could not decide.

    Raises RuntimeError if it found nothing to judge.
    """
    page.run(AXE.read_text(encoding="utf-8"))
    answer = page.run(RUN)
    if answer["passed"] < 10:
        raise RuntimeError("axe-core judged next to nothing")
    return tuple(answer["faults"])
