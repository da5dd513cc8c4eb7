"""Print handouts: `python generate.py --help` tells how."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python reads this file, and is to say so
    sys.exit("This needs Python 3.11 or newer, and this is " + sys.version.split()[0] + ".")
try:
    from press.lru import look_for_cycles_seldom

    look_for_cycles_seldom()  # already while the rest is imported
    from press.cli.main import run
except ModuleNotFoundError:
    sys.exit("This Python lacks parts of the press. Run `make handouts` once, then use .venv/bin/python generate.py")

if __name__ == "__main__":
    run()
