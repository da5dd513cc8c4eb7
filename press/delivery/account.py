"""The name of the computer account that runs the press, as the system knows it."""

from __future__ import annotations

import os
import sys


def account_name() -> str:
    """Name the account, for the records of who printed what: never by USER and the like, which anybody can set."""
    if sys.platform == "win32":
        return os.getlogin()  # asks the system there; elsewhere it would ask the terminal
    from pwd import getpwuid

    try:
        return getpwuid(os.getuid()).pw_name
    except KeyError:  # an account without a name, as in some containers
        return f"account {os.getuid()}"
