"""The clinic's secret key beside config.yaml: made once, for this user alone, and never made anew.

With another key everybody would get another code, and what the ledger says of the old ones would be nobody's.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from press.delivery.atomic import begin_part, part_path, refusal, sync_folder
from press.delivery.files import FILES, Files
from press.errors import Place, refuse

KEY_FILE = "fhir.key"
_BYTES = 32
_FORM = re.compile(rb"[0-9a-f]{64}\s*\Z")
_RESTORE = "restore it from a backup: with another key everybody gets another code"


def clinic_key(root: Path, *, files: Files = FILES) -> bytes:
    """Read the key, or make one where there is none; two runs at once get the same.

    Raises HandoutError: it is damaged, others may read it, or it cannot be written.
    """
    path = root / KEY_FILE
    if not os.path.lexists(path):
        _make(path, files)
    try:
        with path.open("rb") as stream:
            mode, text = os.fstat(stream.fileno()).st_mode, stream.read(100)
    except OSError:
        raise refuse(Place(KEY_FILE), "the key for the codes of people cannot be read", _RESTORE) from None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise refuse(Place(KEY_FILE), "others can read the key for the codes of people", f"chmod 600 {KEY_FILE}")
    if not _FORM.match(text):
        raise refuse(Place(KEY_FILE), "this is no key for the codes of people, or it is damaged", _RESTORE)
    return bytes.fromhex(text.decode().strip())


def _make(path: Path, files: Files) -> None:
    """Write a new key under another name, and link it: whoever comes second finds the first one's."""
    part = part_path(path.parent, path.name)
    try:
        handle = begin_part(secrets.token_bytes(_BYTES).hex().encode() + b"\n", part, files)
        try:
            files.fsync(handle)
        finally:
            files.close(handle)
        with suppress(FileExistsError):
            files.link(part, path)
    except OSError as error:
        raise refusal(path, error) from None
    finally:
        with suppress(OSError):
            files.unlink(part)
    sync_folder(path.parent, path, files)
