"""Text that a person typed outside of a file, on the command line or in a form: in one form, or refused."""

from __future__ import annotations

from press.content.characters import clean
from press.content.yaml.messages import CHARACTER_HINT
from press.errors import HandoutError, Place, Problem


def cleaned(value: str, place: Place, field: str = "") -> str:
    """Normalize a text to NFC. Raises HandoutError for characters that a text may not hold; `field` names the text."""
    text, faults = clean(value)
    if faults:
        found = (f"{field}{fault} is not allowed" for fault in faults)
        raise HandoutError(Problem(place, message, CHARACTER_HINT, private=True) for message in found)
    return text
