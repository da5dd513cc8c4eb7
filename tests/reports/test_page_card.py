"""The card for the front desk is one page, and neither its commands nor its messages are made up."""

from __future__ import annotations

import ast
import io
import re

import click
import pikepdf
import pytest

from press.cli.main import main
from press.reports.page import read_words
from tests.support import ROOT, TODAY, Shop, folded, press

DAY = ("--today", TODAY.isoformat())
WORDS = {name: text for name, text in read_words(press()).items() if name.startswith("card-")}


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_it_is_one_page(shop: Shop, paper: str) -> None:
    result = shop.run("report", "card", "--paper", paper, *DAY)

    assert result.exit_code == 0 and result.stdout.strip().endswith("front-desk-card.pdf")
    with pikepdf.open(io.BytesIO((shop.root / "out" / "front-desk-card.pdf").read_bytes())) as file:
        assert len(file.pages) == 1


def test_every_word_of_it_is_on_it(shop: Shop) -> None:
    text = folded(shop.run("report", "card", "--format", "text", "-o", "-", *DAY).stdout)

    heads = {"card-you-want", "card-it-says"}  # of first columns, which plain text leaves out
    assert len(WORDS) > 30 and {name for name, words in WORDS.items() if folded(words) not in text} == heads
    assert "Holds codes of patients" not in text and "For staff." in text


def test_its_commands_are_understood() -> None:
    commands = [
        words for name, words in WORDS.items() if re.fullmatch(r"card-(list|one|other|jam|again|given|due)-\d", name)
    ]
    assert len(commands) == 9
    for typed in commands:
        name, *rest = typed.split()
        command = main.get_command(click.Context(main), name)
        while isinstance(command, click.Group):
            command = command.get_command(click.Context(command), rest.pop(0))
        assert command is not None, typed
        command.make_context(name, rest)  # raises for an option or a value that is not known


def test_its_messages_are_those_of_the_program() -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "press").rglob("*.py")]
    said = {n.value for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    messages = [WORDS[name.removesuffix("-do")] for name in WORDS if name.endswith("-do") and name != "card-you-do"]

    assert len(messages) == 6
    for message in messages:
        part = "needs you: " if message.startswith("needs you: ") else message
        assert any(part in text for text in said if isinstance(text, str)), message


def test_a_card_is_no_data(shop: Shop) -> None:
    assert shop.run("report", "card", "--json").exit_code == 2 and not shop.out()
