"""An archive that proves itself: what was packed comes out, and whatever a stranger made is refused."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_BZIP2, ZipFile, ZipInfo

import pytest

from press.delivery import archive as module
from press.delivery.archive import TABLE, is_safe_name, open_archive, pack
from press.errors import HandoutError

FILES = {"config.yaml": b"name: x", "handouts/a/en.yaml": b"words " * 1000, "ledger.sqlite": bytes(range(256))}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "backup.zip"


def opened(path: Path) -> dict[str, bytes]:
    with open_archive(path) as archive:
        return {name: archive.read(name) for name in archive.digests}


def refused(path: Path) -> str:
    with pytest.raises(HandoutError) as caught:
        opened(path)
    [problem] = caught.value.problems
    assert problem.place.file == path.name
    return problem.message


def table(names: dict[str, bytes], **more: object) -> bytes:
    digests = {name: sha256(data).hexdigest() for name, data in names.items()}
    return json.dumps({"format": 1, "about": {}, "files": digests, **more}).encode()


def made(path: Path, *entries: tuple[ZipInfo | str, bytes], head: bytes | None = None) -> Path:
    """An archive as a stranger may make it, its table right unless `head` is another."""
    names = {(entry if isinstance(entry, str) else entry.filename): data for entry, data in entries}
    with ZipFile(path, "w") as packed:
        packed.writestr(TABLE, table(names) if head is None else head)
        for entry, data in entries:
            packed.writestr(entry, data)
    return path


def test_what_was_packed_comes_out(path: Path) -> None:
    path.write_bytes(pack(FILES, {"made": "2026-11-30"}))
    assert opened(path) == FILES
    with open_archive(path) as archive:
        assert archive.about == {"made": "2026-11-30"}
    assert pack(FILES, {}) == pack(FILES, {}), "no clock is in it"


def test_a_good_archive_of_a_strangers_tool_is_read(path: Path) -> None:
    assert opened(made(path, ("config.yaml", b"x"))) == {"config.yaml": b"x"}


BAD_NAMES = [
    "../config.yaml", "handouts/../../x", "/etc/passwd", "C:/x", "C:x", "handouts\\..\\x", "handouts//x", "handouts/./x",
    "handouts/", "", ".hidden", "handouts/.x", "handouts/NUL", "con.yaml", "a:b", "x\n", "é.yaml", "a" * 200, "/".join("a" * 9),
    "handouts/x.", "//host/share/x",
]  # fmt: skip


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_leads_elsewhere_is_refused(path: Path, name: str) -> None:
    assert not is_safe_name(name)
    made(path, (ZipInfo(name or "x"), b"x"))
    assert not name or "holds a file that the press never puts into one" in refused(path)


def entry(name: str = "config.yaml", **changes: object) -> ZipInfo:
    found = ZipInfo(name)
    for key, value in changes.items():
        setattr(found, key, value)
    return found


@pytest.mark.parametrize(
    "strange",
    [
        entry(external_attr=(stat.S_IFLNK | 0o777) << 16),
        entry(external_attr=(stat.S_IFIFO | 0o777) << 16),
        entry(external_attr=(stat.S_IFDIR | 0o777) << 16),
        entry(compress_type=ZIP_BZIP2),
    ],
    ids=["a link", "a pipe", "a folder", "another packing"],
)
def test_what_is_no_plain_file_is_refused(path: Path, strange: ZipInfo) -> None:
    assert "never puts into one" in refused(made(path, (strange, b"/etc/passwd")))


@pytest.mark.parametrize("names", [("config.yaml", "config.yaml"), ("config.yaml", "Config.yaml"), (TABLE,)])
def test_two_files_of_one_name_are_refused(path: Path, names: tuple[str, ...]) -> None:
    with pytest.warns(UserWarning, match="Duplicate") if len({TABLE, *names}) <= len(names) else nullcontext():
        made(path, *((name, b"x") for name in names))
    assert "never puts into one" in refused(path)


def test_an_encrypted_file_is_refused(path: Path) -> None:
    data = bytearray(made(path, ("config.yaml", b"x")).read_bytes())
    place = data.rindex(b"PK\x01\x02")
    data[place + 8] |= 1
    path.write_bytes(data)
    assert "never puts into one" in refused(path)


@pytest.mark.parametrize("limit", ["MOST_BYTES", "MOST_FILES"])
def test_more_than_a_clinic_has_is_refused_before_it_is_unpacked(
    path: Path, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(pack(FILES, {}))
    monkeypatch.setattr(module, limit, 2)
    monkeypatch.setattr(ZipFile, "open", lambda *_: pytest.fail("unpacked"))
    assert "more than any clinic" in refused(path)


@pytest.mark.parametrize("size", [b"\0" * 4, b"\x05\0\0\0"])
def test_a_size_that_lies_unpacks_no_more_than_it_says(path: Path, size: bytes) -> None:
    """A bomb says that it is small: the library reads no more than that, and its checksum or our digest fails."""
    path.write_bytes(pack({"config.yaml": b"\0" * 1_000_000}, {}))
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = data.rindex(mark) + offset
        data[place : place + 4] = size
    path.write_bytes(data)
    assert "is not the one that was put into it" in refused(path)


HEADS: dict[str, bytes] = {
    "no table": b"", "no JSON": b"{", "a list": b"[]", "no files": b'{"format": 1, "about": {}}',
    "a digest that is none": b'{"format": 1, "about": {}, "files": {"config.yaml": 7}}',
    "a file too many": b'{"format": 1, "about": {}, "files": {}}',
    "a file too few": b'{"format": 1, "about": {}, "files": {"config.yaml": "", "x": ""}}',
    "about is none": b'{"format": 1, "about": 7, "files": {"config.yaml": ""}}', "deep": b"[" * 100_000,
    "no format": b'{"format": "1", "about": {}, "files": {"config.yaml": ""}}',
}  # fmt: skip


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_a_table_that_is_none_is_refused(path: Path, head: bytes) -> None:
    assert "no backup that the press made" in refused(made(path, ("config.yaml", b"x"), head=head))


def test_a_newer_backup_says_so(path: Path) -> None:
    made(path, ("config.yaml", b"x"), head=table({"config.yaml": b"x"}, format=2))
    assert "newer version of the press" in refused(path)


def test_a_file_that_was_exchanged_is_refused(path: Path) -> None:
    assert "is not the one" in refused(made(path, ("config.yaml", b"x"), head=table({"config.yaml": b"y"})))


@pytest.mark.parametrize(
    "spoil",
    [lambda data: b"", lambda data: data[:-30], lambda data: data[: len(data) // 2], lambda data: b"words " * 900],
    ids=["empty", "without its end", "half", "no archive"],
)
def test_what_is_cut_off_or_none_is_refused(path: Path, spoil: Callable[[bytes], bytes]) -> None:
    path.write_bytes(spoil(pack(FILES, {})))
    assert "no backup that the press made" in refused(path)
    path.unlink()
    assert refused(path) == "there is no such file"


def test_every_flipped_bit_is_found_or_changes_nothing(path: Path) -> None:
    """Some bytes of a ZIP say nothing, such as a date; no flip gives other files."""
    good = pack({"config.yaml": b"name: x", "ledger.sqlite": b"rows"}, {})
    found = 0
    for place in range(len(good)):
        path.write_bytes(good[:place] + bytes([good[place] ^ 1 << place % 8]) + good[place + 1 :])
        try:
            assert opened(path) == {"config.yaml": b"name: x", "ledger.sqlite": b"rows"}
        except HandoutError:
            found += 1
    assert found > len(good) / 2
