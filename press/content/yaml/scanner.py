"""The YAML library's scanner and parser (YAML 1.1) without the parts that give text a meaning.

It has no resolver and no constructor, and where the notation has signs that we do not allow
(anchor, alias, tag, directive) it notes a problem and reads on, so that all are reported at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from yaml.error import MarkedYAMLError
from yaml.events import Event
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner, ScannerError
from yaml.tokens import AnchorToken

from press.content.yaml import messages as faults
from press.content.yaml.messages import Report
from press.errors import Sentence

_PROPERTY = re.compile(r"!<[^>\n]*>|[&!][^\s,\[\]{}\0]*")
_BLOCK_HEADER = re.compile(r"[|>](?:[+-]?[1-9]?|[1-9][+-]) *(?:(?<= )#.*)?[\n\0]")


class Events(Reader, Scanner, Parser):
    """Iterates the events of one text; a problem goes to the report, and an error ends the events.

    The methods that begin with `fetch_` are the scanner's own, called by the sign that stands next.
    """

    def __init__(self, text: str, report: Report) -> None:
        self._text, self._report = text, report
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)

    def __iter__(self) -> Iterator[Event]:
        while event := self._next():
            yield event

    def _next(self) -> Event | None:
        """Parse the next event, or give None at the end or at an error."""
        try:
            event: Event | None = self.get_event()  # type: ignore[no-untyped-call]  # its stubs leave it out
            return event
        except MarkedYAMLError as error:
            bracket = self.marks[-1] if self.marks and self.flow_level > 0 else None
            mark, sentence = faults.explain(error, self._text.split("\n"), bracket)
        except (ValueError, OverflowError):  # "\UFFFFFFFF": beyond the last character
            mark, sentence = self.get_mark(), faults.BACKSLASH
        self._report.stop(self._report.place(mark), sentence)
        return None

    def _note(self, sentence: Sentence) -> None:
        self._report.add(self._report.place(self.get_mark()), sentence)

    def fetch_directive(self) -> None:
        """Skip a line that begins with `%`."""
        self._note(faults.DIRECTIVE)
        while self.peek() not in "\0\n":
            self.forward()

    def fetch_anchor(self) -> None:
        """Pass over an anchor; what follows it is read as if it were not there."""
        self._note(faults.ANCHOR)
        self._fetch_property()

    def fetch_tag(self) -> None:
        """Pass over a tag in the same way."""
        self._note(faults.TAG)
        self._fetch_property()

    def _fetch_property(self) -> None:
        # The token stays, for a key may begin here; its text is dropped.
        self.save_possible_simple_key()
        self.allow_simple_key = False
        start = self.get_mark()
        found = _PROPERTY.match(self.buffer, self.pointer)
        assert found, "an anchor or a tag begins here"
        self.forward(found.end() - self.pointer)
        self.tokens.append(AnchorToken("", start, self.get_mark()))

    def fetch_alias(self) -> None:
        """Read an alias as text: `**strong**` at the beginning of a text is one, too."""
        self._note(faults.ALIAS)
        self.fetch_plain()

    def fetch_key(self) -> None:
        """Read on after a question mark, which would make all that follows a key."""
        self._note(faults.QUESTION)
        if self.flow_level or self.allow_simple_key:
            super().fetch_key()
        else:
            self.fetch_plain()

    def fetch_block_scalar(self, style: str) -> None:
        """Read `> 5 mg` as text."""
        if _BLOCK_HEADER.match(self.buffer, self.pointer):
            super().fetch_block_scalar(style)
        else:
            self._note(faults.BAR)
            self.fetch_plain()

    def fetch_flow_collection_start(self, token: type) -> None:
        """Stop at too many open brackets: looking ahead takes time in their square."""
        if self.flow_level >= faults.MOST_LEVELS:
            raise ScannerError(None, None, faults.TOO_DEEP.message, self.get_mark())
        super().fetch_flow_collection_start(token)

    def check_plain(self) -> bool:
        """Read the signs that YAML keeps for itself as text."""
        if super().check_plain():
            return True
        if self.peek() in "@`%|>":
            self._note(faults.RESERVED)
            return True
        return False
