"""Print handouts: `python generate.py --help` tells how."""

import sys

try:
    from press.cli.main import run
except ModuleNotFoundError:
    sys.exit("This Python lacks parts of the press. Run `make handouts` once, then use .venv/bin/python generate.py")

if __name__ == "__main__":
    run()
