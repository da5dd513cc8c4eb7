"""`python -m benchmarks.browser`: how fast the desk is in a browser, on a copy of the project.

From a start to the first screen; from a key to the new image of the page; and one person printed in a second tab. What
counts as shown is what the browser has decoded and put into the page. Needs Chromium and Playwright; nothing else should be
at work meanwhile.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import machine

ROOT = Path(__file__).resolve().parent.parent
TODAY = "2026-11-23"
STARTS = 5
WARM = 20  # keys before it counts
KEYS = "Zoe Example, made up " * 10
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run")

# Types one key, waits until the pages beside the form are new and a frame was drawn, and so on.
_TYPE = """async (keys) => {
  const field = document.activeElement, pane = document.getElementById("preview"), times = [];
  const shown = () => new Promise((resolve) => {
    const watcher = new MutationObserver(() => { watcher.disconnect(); requestAnimationFrame(() => resolve()); });
    watcher.observe(pane, {attributes: true, attributeFilter: ["data-shown"]});
  });
  for (const key of keys) {
    const began = performance.now(), wait = shown();
    field.setRangeText(key, field.value.length, field.value.length, "end");
    field.dispatchEvent(new InputEvent("input", {bubbles: true, data: key}));
    await wait;
    times.push(performance.now() - began);
  }
  return times;
}"""


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """A desk on a copy of the project, as a user starts it; gives its one-time address."""
    command = [sys.executable, str(ROOT / "generate.py"), "--folder", str(folder), "desk", "--no-browser"]
    process = subprocess.Popen([*command, "--today", TODAY], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.communicate()


def copied(folder: Path) -> Path:
    """A copy of what a clinic has."""
    for name in ("handouts", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "config.yaml", folder)
    return folder


def start_to_first_screen(folder: Path, browser: Browser) -> float:
    """Seconds from the command to Home in the browser, which is open already."""
    page = browser.new_page()
    began = perf_counter()
    with running(folder) as address:
        page.goto(address)
        page.wait_for_url(address.partition("/enter")[0] + "/")
        took = perf_counter() - began
    page.context.close()
    return took


def open_person(page: Page, address: str) -> None:
    """Let a browser in, and type a person for whom everything can be printed."""
    page.goto(address)
    origin = address.partition("/enter")[0]
    page.wait_for_url(origin + "/")
    page.goto(origin + "/person")
    page.wait_for_selector("#preview img")
    page.get_by_label("Day of the last dose").fill("2026-11-16")
    page.wait_for_timeout(1000)


def key_to_image(page: Page) -> list[float]:
    """Milliseconds from each key to the new image."""
    page.get_by_label("Name on the page").focus()
    times: list[float] = page.evaluate(_TYPE, KEYS)
    return times[WARM:]


def print_in_second_tab(page: Page) -> float:
    """Seconds from Print to the screen that says what was printed."""
    page.get_by_label("Your code").fill("K-0417")
    began = perf_counter()
    page.get_by_role("button", name="Print", exact=True).click()
    page.wait_for_url("**/person/printed/*")
    return perf_counter() - began


def percentile(values: list[float], part: float) -> float:
    """The value below which a part of all lies."""
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def main() -> None:
    """Measure, and print a table."""
    folder = copied(Path(tempfile.mkdtemp(prefix="desk")))
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            starts = [start_to_first_screen(folder, browser) for _ in range(STARTS)]
            with running(folder) as address:
                page = browser.new_page(viewport={"width": 1280, "height": 900})
                open_person(page, address)
                keys = key_to_image(page)
                printed = print_in_second_tab(page)
            browser.close()
    finally:
        shutil.rmtree(folder)
    load = os.getloadavg()[0]
    print(f"{machine.described(ROOT)['processor']}; load of the last minute {load:.1f}")
    print("| from | to | median | 95 of 100 | worst |")
    print("|---|---|--:|--:|--:|")
    print(f"| start | first screen | {median(starts):.2f} s | | {max(starts):.2f} s |")
    print(f"| a key | new image | {median(keys):.0f} ms | {percentile(keys, 0.95):.0f} ms | {max(keys):.0f} ms |")
    print(f"| Print | printed, with no printer | {printed:.2f} s | | |")


if __name__ == "__main__":
    main()
