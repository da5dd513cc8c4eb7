"""Opens the desk on Windows, where a double click has no window: what a terminal would show is shown in a box.

`tools/windows.py` puts it into the folder for Windows; `Open the desk.cmd` starts it.
"""

from __future__ import annotations

import io
import sys

TITLE = "Handout press"
_WARNING = 0x30  # MB_ICONWARNING


def show(text: str) -> None:
    """Show a text in a box, in front of all windows."""
    import ctypes

    ctypes.windll.user32.MessageBoxW(None, text, TITLE, _WARNING | 0x10000)  # MB_SETFOREGROUND


def main() -> int:
    """Run the command `desk`; the exit code of the program."""
    sys.argv[1:] = ["desk"]
    said = io.StringIO()
    if sys.stderr is None:  # pythonw has neither
        sys.stdout = sys.stderr = said
    code: object = 1
    try:
        from press.cli.main import run

        run()
    except SystemExit as end:
        code = end.code or 0
    except ImportError:
        said.write("Parts of the program are missing. Unpack the whole ZIP file again, into a new folder.")
    if code and said.getvalue():
        show(said.getvalue())
    return code if isinstance(code, int) else 1


if __name__ == "__main__":
    sys.exit(main())
