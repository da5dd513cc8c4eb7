"""Print handouts: `python generate.py --help` tells how."""

from press.cli import run

if __name__ == "__main__":
    run()
