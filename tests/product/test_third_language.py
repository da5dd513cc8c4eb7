"""A third language costs no code: a made-up one goes through every page in every combination."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
import yaml

from press.content.approvals import State, Status
from press.content.fields import EDITIONS, PAPERS
from press.document.nodes import contents
from press.errors import HandoutError
from press.runs.handout import Site, lay_out_one, make
from press.runs.sweep import check_files, combinations
from tests.product.pseudo import LANGUAGE, LONGER, pseudo, write_pseudo
from tests.support import READERS, ROOT, TODAY, copied

# What is full in English: words that are much longer are refused there with their place, never printed wrongly.
# In 18 points page 1 of the side effects; a wallet card, whose size and least size of type are fixed; and what must
# keep to its sides without getting under 11 points: the overdose warning nearly always. The naloxone page has a card.
FULL = {
    ("overdose-warning", "standard"): ("it may fill 1 side of paper",),
    ("benefits", "standard"): ("it may fill 2 sides of paper",),
    ("side-effects", "standard"): ("it may fill 2 sides of paper",),
    ("side-effects", "large-print"): ("must stand on page 1",),
    ("wallet-card", "standard"): ("too long",),
    ("how-to-use-naloxone", "standard"): ("the words on a panel of the card are 1 line too long",),
    ("wallet-card", "large-print"): ("must stand on page 1", "too long"),
}


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A copy of the project with the made-up language in it."""
    root = copied(tmp_path_factory.mktemp("pseudo"))
    assert len(write_pseudo(root)) >= 4
    return Site(root)


def test_made_up_words_are_accented_and_longer_and_keep_what_is_no_word() -> None:
    made = pseudo("Call **{clinic_phone}** or 1-800-662-4357 for the next 2 to 3 doses.")

    assert made.count("**") == 2
    assert "{clinic_phone}" in made
    assert "1-800-662-4357" in made
    assert "Çâll" in made
    texts = [
        text
        for path in ROOT.glob("handouts/*/en.yaml")
        for text in yaml.safe_load(path.read_text("utf-8"))["texts"].values()
    ]
    assert len(texts) > 200
    assert sum(map(len, map(pseudo, texts))) > (1 + LONGER) * sum(map(len, texts))


def test_made_up_files_are_whole(press: Site) -> None:
    assert not check_files(press, ()).errors
    assert all(LANGUAGE in press.library.languages(topic) for topic in press.library.topics)


@pytest.mark.sweep
def test_made_up_language_goes_through_every_page(press: Site) -> None:
    """No problem, nothing lost, nothing out of its frame: the writer proves each page itself."""
    printed: Counter[str] = Counter()
    refused = set()
    for topic, options in combinations(press, TODAY):
        if options.language != LANGUAGE:
            continue
        for paper in PAPERS:
            given = replace(options, paper=paper)
            try:
                made = make(press, topic, given, TODAY, sign=Status(State.DRAFT))
                assert any(
                    "é" in text.children[0].text
                    for text in contents(made.document)
                    if hasattr(text.children[0], "text")
                )
                assert lay_out_one(press, made).pages
                printed[topic] += 1
            except HandoutError as error:
                refused |= {
                    (topic, options.form, options.reason, options.edition, paper, str(p)) for p in error.problems
                }

    others = {case for case in refused if not any(known in case[-1] for known in FULL.get((case[0], case[3]), ()))}
    assert not others, "\n".join(map(str, sorted(others)))
    each = len(READERS) * len(EDITIONS) * len(PAPERS)
    full = {topic for topic, _ in FULL}
    assert {topic: count for topic, count in printed.items() if topic not in full} == {
        topic: each for topic in press.library.topics if topic not in full
    }
    assert each / 2 <= printed["overdose-warning"] <= each  # large print always
    assert each / 2 <= printed["benefits"] <= each
    assert each / 6 <= printed["side-effects"] <= each  # in both editions a few readers' pages only
