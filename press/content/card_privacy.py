"""Finds what must not be on a card that other people see: an illness, a treatment program, a person.

Clinical basis 2.5 and 42 CFR 2.18: a card must not tell that its bearer has a use disorder.
Pure. The words of all languages are looked for at once: a card is short, and a slip is grave.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

CARD_VALUES = frozenset(
    {
        "clinic_phone",
        "after_hours_phone",
        "injection_brand",
        "tablet_brand",
        "card_last_dose",
        "by_hand",
        "helplines/emergency",
    }
)  # the placeholders that a card may hold; a clinic's name can tell what it treats
_TELLING = (  # compiled for the first card
    r"\b(?:disorders?|addict\w*|alcohol\w*|drink(?:s|ing|ers?)?|drunk|sober\w*|recovery|rehab\w*|detox\w*|cravings?"
    r"|substances?|heroin|programs?|(?:opioid|drug) (?:use|treatment)|treatment (?:cent(?:er|re)|clinic)s?"
    r"|trastornos?|adicci\w+|adict\w+|beber|bebidas?|recuperación|desintoxicación|abstinencia|heroína|programas?"
    r"|drogas?|consumo|consumir)\b"
)


def telling_words(text: str) -> Iterator[str]:
    """Find the words of a text that would tell a stranger what its bearer is treated for."""
    yield from (match.group() for match in re.finditer(_TELLING, text, re.IGNORECASE))
