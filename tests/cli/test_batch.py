"""`--encoding`: staff say how the letters of a list are written; the program never guesses."""

from __future__ import annotations

import json

import pytest

from tests.support import Shop

DAY = ("--today", "2026-11-23")
LIST = "code,name,form,reason\nK-1,Łukasz Żółć,tablet,alcohol\nK-2,Bo,tablet,alcohol\n"
COMMANDS = [("batch", "list.csv", "--dry-run"), ("report", "due", "list.csv", "--format", "text", "-o", "-")]


@pytest.mark.parametrize("command", COMMANDS)
def test_other_letters_than_utf_8_are_refused_with_their_place(shop: Shop, command: tuple[str, ...]) -> None:
    (shop.root / "list.csv").write_bytes(LIST.encode("cp1250"))
    result = shop.run(*command, *DAY)

    assert result.exit_code == 1
    assert result.stderr.startswith("list.csv, row 2, column name: error: some letters here are not UTF-8")
    assert "--encoding NAME" in result.stderr
    assert "ukasz" not in result.output


@pytest.mark.parametrize("command", COMMANDS)
def test_the_encoding_that_is_named_is_taken(shop: Shop, command: tuple[str, ...]) -> None:
    (shop.root / "list.csv").write_bytes(LIST.encode("cp1250"))
    result = shop.run(*command, "--encoding", "CP1250", *DAY)

    assert result.exit_code == 0
    assert "the letters of this list were read as cp1250, as you said" in result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_name_is_refused_with_the_one_that_is_meant(shop: Shop, command: tuple[str, ...]) -> None:
    (shop.root / "list.csv").write_bytes(LIST.encode("cp1250"))
    result = shop.run(*command, "--encoding", "windows-1250", *DAY)

    assert result.exit_code == 2
    assert "did you mean `cp1250`?" in result.stderr


@pytest.mark.parametrize("data", [LIST.encode("utf-8-sig"), LIST.encode("utf-16"), b"PK\x03\x04"])
def test_a_file_that_says_itself_how_it_is_written_is_not_overruled(shop: Shop, data: bytes) -> None:
    (shop.root / "list.csv").write_bytes(data)
    result = shop.run("batch", "list.csv", "--dry-run", "--encoding", "cp1250", *DAY)

    assert result.exit_code == 1
    assert "leave --encoding out" in result.stderr


def test_lost_letters_are_data_too(shop: Shop) -> None:
    (shop.root / "list.csv").write_bytes(LIST.replace("Bo", "Zoë").encode("cp1250"))
    [told] = json.loads(shop.run("batch", "list.csv", "--dry-run", "--json", *DAY).stdout)

    assert (told["row"], told["heading"]) == (2, "name")
    assert (told["rows"], told["count"]) == ([[2, 3]], 2)


def test_verify_names_what_was_typed_and_not_the_record_inside(shop: Shop) -> None:
    result = shop.run("verify", "out/none.pdf")
    assert result.exit_code == 1 and "none.pdf: error: there is no record of a finished run" in result.stderr
    assert ".press" not in result.stderr and ".json" not in result.stderr
