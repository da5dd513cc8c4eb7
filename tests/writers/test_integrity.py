"""A type face that is damaged is refused in words, or its pages are the same as without the damage."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from press.errors import HandoutError
from press.runs.handout import Site
from press.runs.sweep import check_files
from press.writers.pdf.fonts.faces import Faces, load_face
from press.writers.pdf.fonts.families import FAMILIES
from press.writers.pdf.fonts.integrity import SUMS, FaceError, read_whole_face
from press.writers.pdf.fonts.truetype import Sfnt, sum_words
from tests.support import Shop, check_few, swept
from tests.writers.scripts import FONTS, path_of

REGULAR = FONTS / "AtkinsonHyperlegibleNext-Regular.ttf"
WORDS = "Naloxone 0.4 mg"
DAMAGES = 300


def reason(data: bytes, folder: Path, *, listed: bool = False) -> str:
    """Why a face is refused; empty if it is taken."""
    path = folder / REGULAR.name
    path.write_bytes(data)
    if listed:
        (folder / SUMS).write_bytes((FONTS / SUMS).read_bytes())
    try:
        read_whole_face(path)
    except FaceError as error:
        return error.sentence.message
    return ""


def resealed(data: bytes) -> bytes:
    """The file with the checksums that its tables have now: only what the tables say can still be wrong."""
    whole = bytearray(data)
    for row in range(12, 12 + 16 * struct.unpack_from(">H", data, 4)[0], 16):
        tag, _, start, size = struct.unpack_from(">4sIII", data, row)
        table = data[start : start + size]
        bare = table[:8] + bytes(4) + table[12:] if tag == b"head" else table
        struct.pack_into(">I", whole, row + 4, sum_words(bare))
    return bytes(whole)


def table_at(name: bytes) -> tuple[int, int, int]:
    """Where a table of the face is listed, where it begins, and its length."""
    data = REGULAR.read_bytes()
    rows = range(12, 12 + 16 * data[5], 16)
    row = next(row for row in rows if data[row : row + 4] == name)
    return row, *struct.unpack_from(">II", data, row + 8)


def changed(start: int, new: bytes) -> bytes:
    """The face with other bytes from `start` on."""
    data = REGULAR.read_bytes()
    return data[:start] + new + data[start + len(new) :]


KINDS = {
    "empty": (b"", "is an empty file"),
    "junk": (b"junk " * 99, "does not begin as TrueType does"),
    "four bytes": (b"\0\1\0\0", "the list of its tables is not whole"),
    "no tables": (b"\0\1\0\0" + bytes(40), "the list of its tables is not whole"),
    "too many tables": (changed(4, b"\xff\xff"), "the list of its tables is not whole"),
    "CFF": (changed(0, b"OTTO"), "its outlines are of the kind CFF"),
    "a collection": (changed(0, b"ttcf"), "a collection of several faces"),
    "WOFF2": (changed(0, b"wOF2"), "packed for web pages"),
    "cut": (REGULAR.read_bytes()[:20_000], "is cut off: its table `"),
    "beyond the end": (changed(table_at(b"glyf")[0] + 8, b"\xff\xff\xff\xf0"), "its table `glyf` ends behind the end"),
    "noise": (changed(table_at(b"glyf")[1] + 4000, b"noise"), "its table `glyf` is not as its maker wrote it"),
    "without glyf": (changed(table_at(b"glyf")[0], b"glxx"), "it has no table `glyf`"),
    "another em": (resealed(changed(table_at(b"head")[1] + 18, b"\x08\0")), "it has 2048 units to the em"),
    "glyphs beyond the last": (resealed(changed(table_at(b"maxp")[1] + 4, b"\0\x09")), "its tables do not agree"),
    "outlines in disorder": (resealed(changed(table_at(b"loca")[1] + 8, b"\xff\xff")), "its tables do not agree"),
    "a short table": (resealed(changed(table_at(b"OS/2")[0] + 12, b"\0\0\0\x08")), "its tables do not agree"),
}


@pytest.mark.parametrize("listed", [True, False], ids=["listed", "by itself"])
@pytest.mark.parametrize("kind", KINDS)
def test_damaged_face_is_refused_by_name_of_its_fault(kind: str, listed: bool, tmp_path: Path) -> None:
    data, message = KINDS[kind]

    assert message in reason(data, tmp_path, listed=listed)


@pytest.mark.parametrize("name", [*sorted(path.stem for path in FONTS.glob("*.ttf")), "NotoSansSC-Regular"])
def test_whole_face_is_taken_with_a_list_and_without(name: str, tmp_path: Path) -> None:
    data = path_of(name).read_bytes()

    assert reason(data, tmp_path) == ""
    assert reason(resealed(data), tmp_path) == ""
    assert read_whole_face(path_of(name)).data == data


def test_list_names_every_face_of_the_project() -> None:
    listed = [line.split("  ")[1] for line in (FONTS / SUMS).read_text("utf-8").splitlines()]

    assert listed == sorted(path.name for path in FONTS.glob("*.ttf"))
    assert len(listed) > 7


@pytest.mark.parametrize("family", [family.name for family in FAMILIES if family.is_extra])
def test_heavy_faces_are_known_in_the_version_of_the_lock_file(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sfnt, "check", lambda _: pytest.fail("checked by itself, which takes long"))
    for weight in ("Regular", "Bold"):
        assert read_whole_face(path_of(f"{family}-{weight}")).count > 9_999


def test_words_that_change_places_are_seen_by_the_digest_alone(tmp_path: Path) -> None:
    """The sums of OpenType are the same in any order; so the faces of the project are listed."""
    data, (_, start, _) = REGULAR.read_bytes(), table_at(b"glyf")
    at = (start + 803) // 4 * 4
    swapped = changed(at, data[at + 4 : at + 8] + data[at : at + 4])

    assert swapped != data
    assert reason(swapped, tmp_path) == ""
    assert "not the type face whose SHA-256" in reason(swapped, tmp_path, listed=True)


def cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]


def flip(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1 :]


def noise(data: bytes, random: Random) -> bytes:
    at, size = random.randrange(len(data)), random.randrange(1, 200)
    return (data[:at] + random.randbytes(size) + data[at + size :])[: len(data)]


def swap(data: bytes, random: Random) -> bytes:
    one, other = sorted(random.sample(range(len(data) - 8), 2))
    if other < one + 8:
        return data
    return data[:one] + data[other : other + 8] + data[one + 8 : other] + data[one : one + 8] + data[other + 8 :]


def drop(data: bytes, random: Random) -> bytes:
    at = random.randrange(len(data))
    return data[:at] + data[at + random.randrange(1, 99) :]


@pytest.mark.parametrize("damage", [cut, flip, noise, swap, drop], ids=lambda damage: damage.__name__)
def test_listed_face_is_whole_or_refused(damage: Callable[[bytes, Random], bytes], tmp_path: Path) -> None:
    random, data = Random(13), REGULAR.read_bytes()
    taken = [each for each in (damage(data, random) for _ in range(DAMAGES)) if not reason(each, tmp_path, listed=True)]

    assert all(each == data for each in taken)
    assert len(taken) < DAMAGES / 10


@pytest.mark.parametrize("damage", [cut, flip, noise, drop], ids=lambda damage: damage.__name__)
def test_face_that_is_not_listed_draws_the_same_or_is_refused(
    damage: Callable[[bytes, Random], bytes], tmp_path: Path
) -> None:
    """Between its tables and in fields that nobody reads a file may differ."""
    random, data = Random(13), REGULAR.read_bytes()
    taken = [each for each in (damage(data, random) for _ in range(DAMAGES)) if not reason(each, tmp_path)]

    assert {drawn(each) for each in taken} <= {drawn(data)}
    assert len(taken) < DAMAGES / 10


@pytest.mark.parametrize("damage", swept([cut, flip, noise, swap, drop], [noise]), ids=lambda damage: damage.__name__)
def test_damage_under_right_checksums_is_refused_or_can_be_drawn(
    damage: Callable[[bytes, Random], bytes], tmp_path: Path
) -> None:
    """A maker's own mistakes: whatever is taken can be measured and subset without a fault of the program."""
    random, data = Random(13), REGULAR.read_bytes()
    rows = 12 + 16 * data[5]
    for _ in range(DAMAGES):
        each = data[:rows] + damage(data[rows:], random)
        if len(each) == len(data) and not reason(resealed(each), tmp_path):
            drawn(resealed(each))


def drawn(data: bytes) -> bytes:
    """All that a page could take from a face: every glyph, its measures and its width."""
    sfnt = Sfnt(data)
    glyphs = [sfnt.characters[ord(letter)] for letter in WORDS if ord(letter) in sfnt.characters]
    built = [(tuple((glyph, 3, 4) for glyph in glyphs), 500)]
    measures = [(sfnt.advance(glyph), sfnt.extent(glyph)) for glyph in range(sfnt.count)]
    return sfnt.subset(range(sfnt.count), built) + repr((measures, sorted(sfnt.characters.items()))).encode()


# Through the commands


@pytest.mark.parametrize("how", ["junk", "empty", "cut", "noise", "CFF"])
@pytest.mark.parametrize("command", ["make", "check"])
def test_broken_face_is_refused_where_the_stylesheet_names_it(
    command: str, how: str, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_few(monkeypatch)
    face = shop.root / "templates" / "fonts" / "AtkinsonHyperlegibleNext-Bold.ttf"
    face.write_bytes(KINDS[how][0])
    result = shop.run(command, "benefits")

    assert result.exit_code == 1
    assert "templates/styles/standard.yaml:5:" in result.stderr
    assert KINDS[how][1] in result.stderr
    assert "bold: AtkinsonHyperlegibleNext-Bold.ttf" in result.stderr
    assert shop.out() == set()


def test_unreadable_face_is_refused_where_the_stylesheet_names_it(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("press.writers.pdf.fonts.integrity.Path.read_bytes", unreadable)
    with pytest.raises(FaceError, match="cannot be read: Permission denied"):
        read_whole_face(shop.root / "templates" / "fonts" / REGULAR.name)


def test_broken_face_for_names_refuses_only_names_that_need_it(tmp_path: Path) -> None:
    for path in FONTS.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "NotoSansHebrew-Bold.ttf").write_bytes(b"junk")
    own = [load_face(FONTS / f"AtkinsonHyperlegibleNext-{weight}.ttf") for weight in ("Regular", "Bold")]
    faces = Faces(*own, tmp_path, "en")

    assert faces.whole("محمد") == "NotoSansArabic"
    with pytest.raises(HandoutError) as caught:
        faces.whole("שרה")
    (problem,) = caught.value.problems
    assert problem.place.file.endswith("NotoSansHebrew-Bold.ttf")
    assert "does not begin as TrueType does" in problem.message


def test_name_in_a_broken_face_is_refused_with_the_file(shop: Shop) -> None:
    (shop.root / "templates" / "fonts" / "NotoSansArabic-Regular.ttf").write_bytes(b"")
    given = shop.patient("name: محمد علي\nform: injection\nreason: opioid\n")
    result = shop.run("make", "benefits", "--patient", given)

    assert result.exit_code == 1
    assert "templates/fonts/NotoSansArabic-Regular.ttf: error: this type face is an empty file" in result.stderr
    assert "محمد" not in result.output


def test_check_finds_a_broken_face_before_a_name_needs_it(shop: Shop) -> None:
    (shop.root / "templates" / "fonts" / "NotoSansHebrew-Bold.ttf").write_bytes(KINDS["cut"][0])
    problems = check_files(Site(shop.root), ("benefits",))

    (problem,) = (problem for problem in problems if "type face" in problem.message)
    assert problem.is_error
    assert problem.place.file == "templates/fonts/NotoSansHebrew-Bold.ttf"
