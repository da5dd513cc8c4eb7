"""Each rule of a run's folder by itself: what is written, taken over, removed, and read back."""

from __future__ import annotations

import errno
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from press.delivery.files import Files
from press.delivery.run_folder import (
    INNER,
    JOURNAL,
    MANIFEST,
    held_folder,
    open_run,
    read_manifest,
    verify,
    write_manifest,
)
from press.errors import HandoutError
from tests.delivery.test_run_folder import PAGES, RUN, fill, finals, leftovers, put, sentence


def begin_and_die(folder: Path) -> None:
    """Begin a run and end as a kill does: its journal stays, which a run that leaves nothing takes away."""
    with open_run(folder, RUN):
        journal = (folder / INNER / JOURNAL).read_bytes()
    assert journal
    (folder / INNER).mkdir(exist_ok=True)
    (folder / INNER / JOURNAL).write_bytes(journal)


@pytest.mark.parametrize("broken", [b"", PAGES["P-1.pdf"][:-7], PAGES["P-1.pdf"][1:], b"only words"])
def test_bytes_that_are_no_whole_pdf_are_not_written(tmp_path: Path, broken: bytes) -> None:
    with pytest.raises(RuntimeError, match="the finished page"), open_run(tmp_path, RUN) as found:
        found.write("P-1.pdf", broken)
    assert not finals(tmp_path) and not leftovers(tmp_path)

    with open_run(tmp_path, RUN) as found:
        put(found, {"P-1.txt": broken})
    assert finals(tmp_path) == {"P-1.txt": broken}


def test_a_file_that_is_there_already_is_not_written_again(tmp_path: Path) -> None:
    with open_run(tmp_path, RUN) as found:
        put(found, {"P-1.pdf": PAGES["P-1.pdf"]})
    with open_run(tmp_path, RUN) as found:
        there, new = (found.write(name, PAGES[name]) for name in ("P-1.pdf", "P-2.pdf"))
        assert found.found == 1 and there.part == "" and new.part
        assert [found.stands(one) for one in (there, new, replace(there, digest=new.digest))] == [True, False, False]
        found.confirm()
        found.deliver([there, new])
        assert found.stands(new)
    journal = (tmp_path / INNER / JOURNAL).read_bytes()
    assert [journal.count(name.encode()) for name in ("P-1.pdf", "P-2.pdf")] == [1, 1]


def test_a_file_that_was_there_without_a_line_in_the_journal_gets_one(tmp_path: Path) -> None:
    """A kill between the names and the journal leaves such a file."""
    begin_and_die(tmp_path)
    (tmp_path / "P-1.pdf").write_bytes(PAGES["P-1.pdf"])
    with open_run(tmp_path, RUN) as found:
        assert found.found == 0
        put(found, {"P-1.pdf": PAGES["P-1.pdf"]})
    with open_run(tmp_path, RUN) as found:
        assert found.found == 1


def test_a_run_that_began_and_wrote_nothing_can_go_on(tmp_path: Path) -> None:
    begin_and_die(tmp_path)
    with open_run(tmp_path, RUN, resume=True) as found:
        assert found.found == 0


@pytest.mark.parametrize("began", [False, True], ids=["new folder", "begun run"])
def test_what_a_crash_left_is_gone_before_anything_is_written(tmp_path: Path, began: bool) -> None:
    """Half files hold a patient's words. They are no strangers in a folder, and never its pages."""
    if began:
        begin_and_die(tmp_path)
    (tmp_path / INNER).mkdir(exist_ok=True)
    halves = [tmp_path / ".P-1.pdf.0123456789abcdef.part", tmp_path / INNER / ".journal.0123456789abcdef.part"]
    for path in halves:
        path.write_bytes(b"half")
    with open_run(tmp_path, RUN):
        assert not any(path.exists() for path in halves)


# A folder with one file


def test_a_folder_is_held_for_one_file_and_what_a_crash_left_of_it_is_removed(tmp_path: Path) -> None:
    digits = "0123456789abcdef"
    inner = tmp_path / INNER
    inner.mkdir()
    gone = [tmp_path / f".job.pdf.{digits}.part", inner / f".job.pdf.json.{digits}.part"]
    kept = [
        tmp_path / f".other.pdf.{digits}.part", tmp_path / "job.pdf", tmp_path / ".job.pdf.part",
        tmp_path / f".job.pdf.{digits}.parts", inner / f".other.pdf.json.{digits}.part",
    ]  # fmt: skip
    for path in (*gone, *kept):
        path.write_bytes(b"page")
    with held_folder(tmp_path, RUN):
        assert all(path.exists() for path in (*gone, *kept)), "nothing is removed for a run that names no file"
    with held_folder(tmp_path, RUN, "job.pdf"):
        assert not any(path.exists() for path in gone) and all(path.exists() for path in kept)
        with pytest.raises(HandoutError), held_folder(tmp_path, RUN, "job.pdf"):
            pass
    with held_folder(tmp_path, RUN, "job.pdf"):
        pass


@pytest.mark.parametrize("call", ["open folder", "mkdir", "unlink"])
def test_a_folder_that_cannot_be_held_is_told(tmp_path: Path, call: str) -> None:
    class Stuck(Files):
        def mkdir(self, *_: object) -> None:
            raise OSError(errno.EIO, "LIBRARY TEXT")

        def unlink(self, *_: object) -> None:
            raise OSError(errno.EIO, "LIBRARY TEXT")

    if call == "unlink":
        (tmp_path / INNER).mkdir()
        (tmp_path / ".job.pdf.0123456789abcdef.part").write_bytes(b"page")
    with pytest.raises(HandoutError) as caught, held_folder(tmp_path, RUN, "job.pdf", files=Stuck()):
        pass
    assert "LIBRARY" not in sentence(caught)


def test_the_record_of_one_file_says_nothing_of_strangers(tmp_path: Path) -> None:
    """A folder may hold many print jobs, each with a record of its own."""
    (tmp_path / "job.pdf").write_bytes(PAGES["P-1.pdf"])
    (tmp_path / "letter.pdf").write_bytes(PAGES["P-2.pdf"])
    sheet = {"name": "job.pdf", "sha256": sha256(PAGES["P-1.pdf"]).hexdigest()}
    write_manifest(tmp_path, "job.pdf.json", RUN, {"people": [{"code": "P-1", "first": 1, "last": 2}]}, [sheet])

    assert verify(tmp_path, "job.pdf.json") == 1
    found = read_manifest(tmp_path, "job.pdf.json")
    assert (found["run"], found["plan"], found["started"]) == (RUN.code, RUN.plan, RUN.started)
    assert found["people"] == [{"code": "P-1", "first": 1, "last": 2}] and found["files"] == [sheet]


@pytest.mark.parametrize("text", ["", "[]", "7", "{}", "words", '{"files": []}'])
def test_a_record_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    fill(tmp_path)
    (tmp_path / INNER / MANIFEST).write_text(text, "utf-8")
    with pytest.raises(HandoutError) as caught:
        verify(tmp_path)
    assert "no record of a finished run" in sentence(caught)


def test_a_record_whose_words_were_changed_is_told(tmp_path: Path) -> None:
    fill(tmp_path)
    path = tmp_path / INNER / MANIFEST
    path.write_bytes(path.read_bytes().replace(b'"people":5', b'"people":4'))
    with pytest.raises(HandoutError) as caught:
        verify(tmp_path)
    assert "was changed since it was written" in sentence(caught)


def test_a_manifest_of_no_files_is_whole(tmp_path: Path) -> None:
    with open_run(tmp_path, RUN) as found:
        found.finish({}, [])
    assert verify(tmp_path) == 0 and read_manifest(tmp_path, MANIFEST)["files"] == []


@pytest.mark.parametrize("line", [b"", b"words\n", b"00000000 {}\n"])
def test_a_journal_that_is_none_of_ours_is_begun_again(tmp_path: Path, line: bytes) -> None:
    (tmp_path / INNER).mkdir()
    (tmp_path / INNER / JOURNAL).write_bytes(line)
    assert fill(tmp_path) == 0
    assert (tmp_path / INNER / JOURNAL).read_bytes().count(b"\n") == 1 + len(PAGES)


def test_verify_says_of_each_file_what_is_wrong_and_where(tmp_path: Path) -> None:
    """A name may hold a code, so such a problem is private."""
    fill(tmp_path)
    (tmp_path / "P-1.pdf").unlink()
    (tmp_path / "P-2.pdf").write_bytes(PAGES["P-1.pdf"])
    (tmp_path / "P-9.pdf").write_bytes(PAGES["P-1.pdf"])
    with pytest.raises(HandoutError) as caught:
        verify(tmp_path)
    found = {Path(problem.place.file).name: (problem.message, problem.hint) for problem in caught.value.problems}

    again = "print the list again into an empty folder"
    assert found == {
        "P-1.pdf": ("this file is missing", again),
        "P-2.pdf": ("this file was changed since it was printed", again),
        "P-9.pdf": ("no run put this file here", "hand out nothing that the run did not print"),
    }
    assert all(problem.private for problem in caught.value.problems)


def test_a_changed_page_is_a_private_problem(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "P-3.pdf").write_bytes(PAGES["P-1.pdf"])
    with pytest.raises(HandoutError) as caught:
        fill(tmp_path)
    (problem,) = caught.value.problems

    assert problem.private and Path(problem.place.file).name == "P-3.pdf"
    assert problem.hint == "choose an empty folder, or remove that run first"
