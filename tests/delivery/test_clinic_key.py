"""The clinic's key: made once, for this user alone, and never made anew."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from press.delivery.clinic_key import KEY_FILE, clinic_key
from press.errors import HandoutError
from tests.delivery.test_ledger import posix_only
from tests.rigs.faults import Faulty, until_untouched


def refusal(root: Path) -> str:
    with pytest.raises(HandoutError) as raised:
        clinic_key(root)
    [problem] = raised.value.problems
    return f"{problem.message}; {problem.hint}"


def test_it_is_made_once_and_stays(tmp_path: Path) -> None:
    key = clinic_key(tmp_path)

    assert len(key) == 32 and clinic_key(tmp_path) == key
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


@posix_only
def test_it_is_for_this_user_alone(tmp_path: Path) -> None:
    clinic_key(tmp_path)
    path = tmp_path / KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    assert "others can read" in refusal(tmp_path)


def test_a_damaged_one_is_refused_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / KEY_FILE
    for text in (b"", b"short", b"g" * 64, b"0" * 65):
        path.write_bytes(text)
        path.chmod(0o600)
        assert "restore it from a backup" in refusal(tmp_path)
        assert path.read_bytes() == text


def test_after_any_failed_call_there_is_a_whole_key_or_none(tmp_path: Path) -> None:
    def attempt(files: Faulty) -> None:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        try:
            key = clinic_key(folder, files=files)
        except HandoutError as error:
            assert "LIBRARY TEXT" not in str(error.problems)
            key = clinic_key(folder)
        assert clinic_key(folder) == key

    failed = [files.failed for files in until_untouched(Faulty, attempt)]
    assert len(failed) > 5
