"""Writes the files of a new handout, of any medicine: a structure that holds, and texts that wait for words.

Everything but the empty texts passes `check`, so its list of problems is what is left to write.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from press.content import fields
from press.content.characters import clean
from press.content.handout import SOURCE_LANGUAGE
from press.content.raw import Scalar
from press.content.schema import Context, Reject
from press.delivery.atomic import deliver
from press.delivery.filenames import is_device_name
from press.delivery.files import FILES, SHARED_FILE, SHARED_FOLDER, Files
from press.errors import HandoutError, Place, Problem, Problems, refuse

SHELF = "handouts"
LONGEST_TOPIC = 40  # the names of finished files begin with it


def scaffold(topic: str, title: str | None = None) -> dict[str, str]:
    """Fill in the texts of both files, by file name. Raises HandoutError for a name or title that cannot be."""
    _check_topic(topic)
    words = _WORDS.replace("TOPIC", topic).replace("TITLE", _quoted(title or ""))
    return {f"{SOURCE_LANGUAGE}.yaml": words, "handout.yaml": _STRUCTURE.replace("TOPIC", topic)}


def write_new(root: Path, topic: str, title: str | None = None, *, files: Files = FILES) -> list[Path]:
    """Write a new handout onto the shelf below `root`, and give the paths of its files.

    Raises HandoutError for a bad name, a topic that is there, or a disk that refuses; then
    nothing of the new handout is left behind.
    """
    texts = scaffold(topic, title)
    if not (root / "schemas").is_dir():  # they stand beside a clone alone
        texts = {name: text.partition("\n")[2] for name, text in texts.items()}
    folder = root / SHELF / topic
    _check_free(folder)
    with _new_folder(folder, files) as done:
        # The structure comes last: without it a folder is no handout yet.
        for name, text in texts.items():
            done.append(folder / name)
            deliver(text.encode("utf-8"), folder, name, mode=SHARED_FILE, files=files)
    return done


def _check_topic(topic: str) -> None:
    place = Place(SHELF)
    try:
        fields.identifier.read(Scalar(topic, place), "topic", Context(Problems()))
    except Reject:
        message = "the name of a handout is made of small letters, digits and hyphens, such as blood-pressure"
        raise refuse(place, message, _suggestion(topic)) from None
    if len(topic) > LONGEST_TOPIC:
        raise refuse(place, f"the name has {len(topic)} characters; at most {LONGEST_TOPIC} are allowed")
    if is_device_name(topic):
        raise refuse(place, "the name is a word that Windows keeps for itself, such as con, nul or com1")


def _suggestion(topic: str) -> str:
    """Suggest the nearest name that can be, if one is left when everything strange is taken out."""
    name = re.sub(r"[^a-z0-9]+", "-", topic.lower())[:LONGEST_TOPIC].lstrip("-0123456789").rstrip("-")
    return f"how about `{name}`?" if name else ""


def _quoted(title: str) -> str:
    """Quote the title as a double-quoted YAML scalar; JSON strings are ones."""
    text, faults = clean(title)
    if faults:
        raise HandoutError(Problem(Place("title"), str(fault)) for fault in faults)
    return json.dumps(text, ensure_ascii=False)


def _check_free(folder: Path) -> None:
    """Refuse a name that is taken; names that differ only in case are one folder on Windows."""
    if not folder.parent.is_dir():
        raise refuse(Place(SHELF), "there is no such folder", "start the press in its own folder")
    if folder.name in (path.name.lower() for path in folder.parent.iterdir()):
        hint = f"edit the files in {SHELF}/{folder.name}, or choose another name"
        raise refuse(Place(f"{SHELF}/{folder.name}"), "this is there already", hint)


@contextmanager
def _new_folder(folder: Path, files: Files) -> Iterator[list[Path]]:
    """Make the folder; after a failure, Ctrl-C included, remove it with the files listed."""
    done: list[Path] = []
    try:
        files.mkdir(folder, SHARED_FOLDER)
    except OSError:
        where = Place(f"{SHELF}/{folder.name}")
        raise refuse(where, "the folder cannot be made", "are you allowed to write there?") from None
    try:
        yield done
    except BaseException:
        for path in done:
            with suppress(OSError):
                files.unlink(path)
        with suppress(OSError):
            files.rmdir(folder)
        raise


# What a new handout begins with; TOPIC and TITLE are placeholders. The comments in it are the lesson: whoever fills
# them in needs no manual beside it.

_STRUCTURE = """\
# yaml-language-server: $schema=../../schemas/handout.json
# What stands here is the same for every language. The words stand in en.yaml.
# `check TOPIC` shows what is left to do.
topic: TOPIC
version: 1.0.0

# Printed only when somebody asks for it by name. Take this line out, and every patient gets the page.
opt_in: yes

# How many sides of paper the page may fill, and after how many months somebody must read it again.
sides: 1
review_months: 12

# Only for handouts that follow a naltrexone label: its forms, and the month of each label.
labels: []
label_basis: {}

# Where the claims come from, one line for each source, such as
#   - "MedlinePlus, amoxicillin, read on 2026-11-23"
sources: []

# The ids of the texts in en.yaml: the title, and whom the page is for.
title: title
audience: [for-whom]

# What the page must say. Give each such fact an id, and name it on the block that says it:
# a page without it is never printed. first_page lists the facts that must not slip to page 2.
requires:
  - facts: [M1]
first_page: [M1]

# The blocks in the order of reading. Each has an id, a kind, and the ids of its texts.
# Plain kinds: heading, paragraph, list, steps, table, contacts, write-in.
# Boxes: notice, warning, emergency, call, dates, panel; a pair puts two panels side by side.
# A block or a text can be left out for some readers:
#   needs: [appointment]     only if there is an appointment (lacks: only if there is none)
#   when: {mode: stopped}    only for people who stopped (also: none, normal, past-danger, due-today, overdue)
blocks:
  - id: main
    kind: notice
    texts: [main]
    facts: [M1]

  - id: what-name
    kind: heading
    texts: [what-name]
  - id: what
    kind: paragraph
    texts: [what-it-is, what-it-does]

  - id: how-name
    kind: heading
    texts: [how-name]
  - id: how
    kind: steps
    texts: [step-1, step-2, step-3]

  - id: effects-name
    kind: heading
    texts: [effects-name]
  - id: effects
    kind: list
    texts: [effect-1, effect-2, effect-3]

  # The text after `intro` is the name of the box.
  - id: call
    kind: call
    intro: call-name
    texts: [call-closed]
    blocks:
      - id: call-signs
        kind: list
        texts: [call-1, call-2]
"""

_WORDS = """\
# yaml-language-server: $schema=../../schemas/words.json
# The English words of TOPIC. Write between the quotes, in short sentences and plain words.
# **Two stars** make words bold. {clinic_phone} puts in the clinic's number; more such names:
#   {clinic_name}  {after_hours_phone}  {appointment}  {today}  {emergency}  {poison}
# A text that you do not need: delete its line here, and its id in handout.yaml.
language: en
follows: 1.0.0

# Only a real person's name goes in here, after that person has read the words.
review:
  translator: ""
  reviewer: ""
  reviewed_on: ""

texts:
  # What the page is called, such as: How to take your antibiotic
  title: TITLE
  # Such as: For people who take amoxicillin.
  for-whom: ""

  # The one thing that everybody must know, even if they read no further.
  main: ""

  # A heading, such as: What it is
  what-name: ""
  # One sentence each: what it is, and what it does for the reader.
  what-it-is: ""
  what-it-does: ""

  # A heading, such as: How to take it
  how-name: ""
  # One thing to do in each step.
  step-1: ""
  step-2: ""
  step-3: ""

  # A heading, such as: Common side effects
  effects-name: ""
  # A few words each. A list holds seven at most.
  effect-1: ""
  effect-2: ""
  effect-3: ""

  # Such as: Call us today for these: {clinic_phone}
  call-name: ""
  # Such as: When we are closed, call **{after_hours_phone}**.
  call-closed: ""
  # The signs to call for, a few words each.
  call-1: ""
  call-2: ""
"""
