"""The events of libyaml, the parser in C that most wheels of PyYAML hold, for texts that both parsers read alike.

It takes a fifth of the time of the parser in Python, and has none of our sentences: whatever it refuses, or may
read in another way, is left to `scanner`. Only its events are safe: composing and loading recurse in C, where deep
nesting ends the process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from yaml.error import YAMLError
from yaml.events import AliasEvent, CollectionStartEvent, DocumentStartEvent, Event, ScalarEvent

_LONGEST = 30_000  # characters; three times our longest file
_OTHER_ESCAPE = re.compile(r"""(?<!\\)(?:\\\\)*\\(?!["\\])""")
_COMPLEX_KEY = re.compile(r"""\?(?<![^\s,\[\]{}"':?-]\?)""")  # it leaves no trace in the events


class Unsure(Exception):
    """The parser in Python is to read this text."""


def scan_events(text: str) -> Iterator[Event]:
    r"""Parse a text without faulty characters and with `\n` for its line ends. Raises Unsure, also half way through."""
    try:
        from yaml._yaml import CParser
    except ImportError:  # PyYAML was built without libyaml
        raise Unsure from None
    if len(text) > _LONGEST or "\t" in text or _OTHER_ESCAPE.search(text) or _COMPLEX_KEY.search(text):
        raise Unsure
    parser = CParser(text)
    try:
        while event := parser.get_event():
            if _is_beyond(event):
                raise Unsure
            yield event
    except (YAMLError, ValueError):
        raise Unsure from None


def _is_beyond(event: Event) -> bool:
    """Whether there is an anchor, an alias, a tag, a line `---`, or a text that the parsers may read differently."""
    match event:
        case ScalarEvent():
            return event.anchor is not None or event.tag is not None or _is_unclear(event)
        case CollectionStartEvent():
            return event.anchor is not None or event.tag is not None
        case DocumentStartEvent():
            return bool(event.explicit)
        case _:
            return isinstance(event, AliasEvent)


def _is_unclear(event: ScalarEvent) -> bool:
    """Whether it is a block scalar, whose header we read more strictly, or left out, or has a `?` without quotes."""
    if event.style:
        return event.style in "|>"
    return not event.value or "?" in event.value
