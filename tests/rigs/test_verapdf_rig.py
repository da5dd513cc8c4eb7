"""Tests of the veraPDF rig itself: it must see what is wrong, and never stay silent."""

import shlex
from pathlib import Path

import pytest
from reportlab.pdfgen import canvas

from tests.rigs import verapdf_rig


def write_untagged(path: Path, pages: int = 1) -> Path:
    """Write a PDF without tags, title, language or embedded fonts."""
    found = canvas.Canvas(str(path))
    for _ in range(pages):
        found.drawString(72, 720, "Hello")
        found.showPage()
    found.save()
    return path


@pytest.fixture
def untagged(tmp_path: Path) -> Path:
    """Return such a PDF of one page."""
    return write_untagged(tmp_path / "untagged é.pdf")


@pytest.fixture(scope="module")
def verdicts(rig: None, tmp_path_factory: pytest.TempPathFactory) -> list[verapdf_rig.Verdict]:
    """Return what veraPDF says, in one run, about one page, three pages, and the one page again."""
    folder = tmp_path_factory.mktemp("untagged")
    one, three = write_untagged(folder / "one é.pdf"), write_untagged(folder / "three.pdf", 3)
    return verapdf_rig.validate([one, three, one], ("ua1", "2a"))


def clauses(verdict: verapdf_rig.Verdict) -> set[str]:
    """Return the clause and test numbers that open the failures of a verdict."""
    return {failure.split(":")[0] for failure in verdict.failures}


def test_untagged_pdf_fails_both_standards(verdicts: list[verapdf_rig.Verdict]) -> None:
    ua, archive = verdicts[:2]
    assert (Path(ua.file).name, ua.flavour, ua.compliant) == ("one é.pdf", "ua1", False)
    assert (Path(archive.file).name, archive.flavour, archive.compliant) == ("one é.pdf", "2a", False)
    # Content neither tagged nor an artifact, no structure tree, font not embedded.
    assert {"clause 7.1, test 3", "clause 7.1, test 11", "clause 7.21.4.1, test 1"} <= clauses(ua)
    # No structure tree, font not embedded.
    assert {"clause 6.7.3.3, test 1", "clause 6.2.11.4.1, test 1"} <= clauses(archive)


def test_repeated_failures_are_counted(verdicts: list[verapdf_rig.Verdict]) -> None:
    (failure,) = (text for text in verdicts[2].failures if text.startswith("clause 7.1, test 3:"))
    assert "(3 times, first at root/" in failure


def test_verdicts_keep_the_order_of_the_files(verdicts: list[verapdf_rig.Verdict]) -> None:
    found = [(Path(verdict.file).stem, verdict.flavour) for verdict in verdicts]
    assert found == [(name, flavour) for name in ("one é", "three", "one é") for flavour in ("ua1", "2a")]


@pytest.mark.usefixtures("rig")
@pytest.mark.parametrize("content", [None, b"", b"no PDF at all"], ids=["missing", "empty", "text"])
def test_unreadable_file_is_an_error(untagged: Path, tmp_path: Path, content: bytes | None) -> None:
    broken = tmp_path / "broken.pdf"
    if content is not None:
        broken.write_bytes(content)
    with pytest.raises(RuntimeError, match=r"broken\.pdf \(ua1\) was not validated"):
        verapdf_rig.validate([untagged, broken])


@pytest.mark.usefixtures("rig")
def test_unknown_flavour_is_an_error(untagged: Path) -> None:
    with pytest.raises(RuntimeError, match="unknown flavour ua9"):
        verapdf_rig.validate([untagged], ["ua9"])


@pytest.mark.parametrize("says", ["exec sleep 600", "(sleep 1; echo '{}') & wait"], ids=["nothing", "too late"])
def test_slow_java_is_an_error(monkeypatch: pytest.MonkeyPatch, says: str) -> None:
    monkeypatch.setattr(verapdf_rig, "find", lambda: ["sh", "-c", says])
    with pytest.raises(RuntimeError, match="did not finish"):
        verapdf_rig.validate(["a.pdf"], timeout=0.001)


@pytest.mark.usefixtures("rig")
def test_after_slow_java_another_is_started(monkeypatch: pytest.MonkeyPatch, untagged: Path, tmp_path: Path) -> None:
    java, is_slow = shlex.join(verapdf_rig.find() or []), tmp_path / "slow"
    command = ["sh", "-c", f'if test -e "$0"; then exec sleep 600; else exec {java}; fi', str(is_slow)]
    monkeypatch.setattr(verapdf_rig, "find", lambda: command)
    is_slow.touch()
    with pytest.raises(RuntimeError, match="did not finish"):
        verapdf_rig.validate([untagged], timeout=0.001)
    is_slow.unlink()
    assert not verapdf_rig.validate([untagged])[0].compliant


def test_nothing_to_validate_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="nothing to validate"):
        verapdf_rig.validate([])
    with pytest.raises(RuntimeError, match="nothing to validate"):
        verapdf_rig.validate(["a.pdf"], [])


def test_file_name_of_two_lines_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="file names"):
        verapdf_rig.validate(["a\nb.pdf"])


def test_missing_verdict_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verapdf_rig, "find", lambda: ["true"])
    with pytest.raises(RuntimeError, match=r"no verdict on a\.pdf \(ua1\)"):
        verapdf_rig.validate(["a.pdf"])


def test_unbuilt_rig_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(verapdf_rig, "BUILT", tmp_path)
    assert verapdf_rig.find() is None
    with pytest.raises(RuntimeError, match=r"run tests/rigs/verapdf/build\.sh"):
        verapdf_rig.validate(["a.pdf"])
