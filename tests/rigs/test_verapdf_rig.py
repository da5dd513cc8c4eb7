"""Tests of the veraPDF rig itself: it must see what is wrong, and never stay silent."""

from pathlib import Path

import pytest
from reportlab.pdfgen import canvas

from tests.rigs import verapdf_rig


@pytest.fixture
def untagged(tmp_path: Path) -> Path:
    """Return a PDF without tags, title, language or embedded fonts."""
    path = tmp_path / "untagged é.pdf"
    page = canvas.Canvas(str(path))
    page.drawString(72, 720, "Hello")
    page.save()
    return path


def clauses(verdict: verapdf_rig.Verdict) -> set[str]:
    """Return the clause and test numbers that open the failures of a verdict."""
    return {failure.split(":")[0] for failure in verdict.failures}


@pytest.mark.usefixtures("rig")
def test_untagged_pdf_fails_both_standards(untagged: Path) -> None:
    ua, archive = verapdf_rig.validate([untagged], ("ua1", "2a"))
    assert (ua.file, ua.flavour, ua.compliant) == (str(untagged), "ua1", False)
    assert (archive.file, archive.flavour, archive.compliant) == (str(untagged), "2a", False)
    # Content neither tagged nor an artifact, no structure tree, font not embedded.
    assert {"clause 7.1, test 3", "clause 7.1, test 11", "clause 7.21.4.1, test 1"} <= clauses(ua)
    # No structure tree, font not embedded.
    assert {"clause 6.7.3.3, test 1", "clause 6.2.11.4.1, test 1"} <= clauses(archive)


@pytest.mark.usefixtures("rig")
def test_repeated_failures_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "three.pdf"
    pages = canvas.Canvas(str(path))
    for _ in range(3):
        pages.drawString(72, 720, "Hello")
        pages.showPage()
    pages.save()
    (verdict,) = verapdf_rig.validate([path])
    (failure,) = (text for text in verdict.failures if text.startswith("clause 7.1, test 3:"))
    assert "(3 times, first at root/" in failure


@pytest.mark.usefixtures("rig")
def test_verdicts_keep_the_order_of_the_files(untagged: Path, tmp_path: Path) -> None:
    other = tmp_path / "another.pdf"
    other.write_bytes(untagged.read_bytes())
    verdicts = verapdf_rig.validate([untagged, other, untagged])
    assert [verdict.file for verdict in verdicts] == [str(untagged), str(other), str(untagged)]


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


@pytest.mark.usefixtures("rig")
def test_slow_java_is_an_error(untagged: Path) -> None:
    with pytest.raises(RuntimeError, match="did not finish"):
        verapdf_rig.validate([untagged], timeout=0.001)


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
