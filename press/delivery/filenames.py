"""Checks which codes and file names are safe on every system a handout may be carried to.

Implements rule 15: an allow-list of characters, and the device rule shared by both.
"""

from __future__ import annotations

import re

PERSONAL = "personal"  # in the name of a file, in place of the code that a person lacks
LONGEST_CODE = 64
LONGEST_FILE_NAME = 121

_STRANGE = re.compile(r"[^A-Za-z0-9._-]")
_ALLOWED = "use only the letters A to Z, digits, dots, hyphens and underscores"
_DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"]
    + [port + digit for port in ("COM", "LPT") for digit in "123456789¹²³"]
)


def check_code(text: str) -> str | None:
    """Find what is wrong with a patient's code, or give None.

    The sentence never holds the code: it says which kind of character stands where.
    Two codes that differ only in case are one file on Windows: the caller compares them.
    """
    return _trouble(text, "the code", LONGEST_CODE)


def check_file_name(name: str) -> str | None:
    """Find what is wrong with the name of a finished file, or give None; the sentence never holds the name."""
    return _trouble(name, "the file name", LONGEST_FILE_NAME)


def is_device_name(name: str) -> bool:
    """Whether Windows would open a device: `NUL.tar.gz` is one, and so is `com1 .txt`."""
    return name.partition(".")[0].rstrip(" ").upper() in _DEVICES


def _trouble(text: str, what: str, longest: int) -> str | None:
    """Find the first thing that is wrong, in the order in which a person would mend it."""
    if not text:
        return f"{what} is empty"
    if len(text) > longest:
        return f"{what} has {len(text)} characters; at most {longest} are allowed"
    if found := _STRANGE.search(text):
        return f"{what} has {_describe(found[0])} at position {found.start() + 1}; {_ALLOWED}"
    if not text[0].isalnum():
        return f"{what} must begin with a letter or a digit"
    if text.endswith("."):
        return f"{what} must not end in a dot"
    if is_device_name(text):
        return f"{what} is a word that Windows keeps for itself, such as CON, NUL or COM1"
    return None


def _describe(character: str) -> str:
    """Name a character without showing it: it may steer the screen, or be a patient's."""
    return "a space" if character == " " else f"the character U+{ord(character):04X}"
