"""Runs one command and notes its time and memory: `python -I -S measure.py RESULT FOLDER COMMAND...`.

A small process of its own starts the command, because the kernel counts the memory of whoever starts
a program as that program's. The command is timed from before it is started to after it has ended.
"""

from __future__ import annotations

import json
import os
import sys
import time


def main(result: str, folder: str, *command: str) -> int:
    """Write seconds, and the peak memory in bytes of the largest process, as JSON into `result`."""
    os.chdir(folder)
    begun = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - begun
    unit = 1 if sys.platform == "darwin" else 1024
    with open(result, "w", encoding="utf-8") as file:
        json.dump({"seconds": seconds, "peak": usage.ru_maxrss * unit}, file)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
