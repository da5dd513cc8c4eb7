"""What can be wrong with the form of a YAML file, in fixed sentences for the people who edit it.

The YAML library's own words are dropped here: they quote the file, which may be a patient's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from press.content.characters import describe
from press.errors import HandoutError, Place, Problem, Sentence

if TYPE_CHECKING:
    from collections.abc import Collection

    from yaml import _yaml, error
    from yaml.error import MarkedYAMLError

    Mark = error.Mark | _yaml.Mark  # of the parser in Python, or of libyaml

MOST_PROBLEMS = 100
MOST_LEVELS = 12
_LONGEST_QUOTED_KEY = 40


IN_QUOTES = "put the whole text in quotes"
AS_UTF8 = "save it as UTF-8 in your editor"

EMPTY = Sentence("this file is empty", "it must hold lines of the form `key: text`")
TOO_LONG = Sentence("this file is larger than 1 MB", "is it the right file?")
UTF_16 = Sentence("this file is saved as UTF-16; only UTF-8 can be read", AS_UTF8)
NOT_UTF_8 = Sentence("from here on this file is not UTF-8", AS_UTF8)
TOO_MANY_PARTS = Sentence("this file has more than 20,000 texts and keys", "split the file")
TOO_DEEP = Sentence(
    f"lists and keys stand more than {MOST_LEVELS} levels deep in each other",
    "if the brackets belong to a text, " + IN_QUOTES,
)
NOT_A_MAPPING = Sentence(
    "the file must begin with lines of the form `key: text`",
    "write a key, a colon, a space and then the text",
)
SECOND_DOCUMENT = Sentence(
    "a second document begins here; a file can hold only one",
    "remove the line `---` or `...`, or make two files",
)
DIRECTIVE = Sentence("a line cannot begin with `%`", "remove it; if it is a text, " + IN_QUOTES)
ANCHOR = Sentence("a text cannot begin with `&` (an anchor is not allowed)", IN_QUOTES)
ALIAS = Sentence("a text cannot begin with `*` (an alias is not allowed)", IN_QUOTES)
TAG = Sentence("a text cannot begin with `!` (a tag is not allowed)", IN_QUOTES)
QUESTION = Sentence("a text cannot begin with `?`", IN_QUOTES)
BAR = Sentence("a text cannot begin with `|` or `>` and go on in the same line", IN_QUOTES)
RESERVED = Sentence("a text cannot begin with this sign", IN_QUOTES)
MERGE = Sentence("the key `<<` (merge) is not allowed", "write the lines out in full")
EMPTY_KEY = Sentence("there is no key before the colon", "write `key: text`")
COMPLEX_KEY = Sentence(
    "a list or a group of keys stands where a key is expected",
    "if the brackets belong to a text, " + IN_QUOTES,
)
NO_VALUE = Sentence(
    "a key inside `{ }` has no colon and no text",
    "if the curly brackets belong to a text, " + IN_QUOTES,
)
COMMENT = Sentence(
    "the `#` begins a comment here, so the rest of the line would be lost",
    "put the text in quotes, or move the comment to a line of its own",
)
CHARACTER_HINT = "delete it, and type the signs around it anew"
TWICE_HINT = "remove or rename one; capitals make no difference"
TAB_INDENT = Sentence("a tab is used for indentation", "use spaces in place of the tab")
TAB = Sentence(
    "a tab stands where only a space can stand",
    "use a space; if the tab belongs to a text, put the text in quotes",
)
COLON_IN_TEXT = Sentence("a colon and a space stand inside a text", IN_QUOTES)
COLON_BELOW = Sentence(
    "this line goes on with the text above, and there it cannot hold a colon and a space",
    "indent the line like the key above; if it is all one text, " + IN_QUOTES,
)
SPACE_AFTER_COLON = Sentence("a space is missing after the colon", "write `key: text`")
SPECIAL_COLON = Sentence("the space after the colon is not an ordinary space", "delete it and type a space")
NO_COLON = Sentence(
    "a key and a colon are missing in this line",
    "write `key: text`; if the line belongs to the text above, indent it further",
)
LIST_IN_LINE = Sentence(
    "a list cannot begin with `-` in the middle of a line",
    "begin it on a line of its own; if it is a text, " + IN_QUOTES,
)
OPEN_QUOTE = Sentence(
    "the quote that opens here is never closed",
    "close it; a quote inside a text needs the other kind around the text",
)
LONG_QUOTE = Sentence(
    "the quote that opens here is not closed before a line that is not indented",
    "close the quote with a straight one, or indent the other lines of the text",
)
BACKSLASH = Sentence(
    "in double quotes a backslash needs another one",
    "write `\\\\`, or put the text in single quotes",
)
OPEN_BRACKET = Sentence(
    "the bracket that opens here is not closed, or a comma is missing in it",
    "close it; if it belongs to a text, " + IN_QUOTES,
)
STRAY_SIGN = Sentence("this sign cannot stand here", "if it belongs to a text, " + IN_QUOTES)
AFTER_QUOTE = Sentence(
    "a text goes on after its closing quote",
    "put all of it in quotes, with the other kind of quote around it",
)
AFTER_BRACKET = Sentence("a text goes on after its closing bracket", "if the brackets belong to it, " + IN_QUOTES)
INDENT = Sentence(
    "the indentation of this line fits none of the lines above",
    "lines of the same level begin in the same column",
)
MIXED = Sentence(
    "list lines with `-` and lines of the form `key: text` stand on the same level",
    "indent the lines that belong to the key above",
)
AND_MORE = Sentence(f"there are more problems than the {MOST_PROBLEMS} listed", "mend these first")
UNREADABLE = Sentence("this line cannot be read", "look here and in the line above for a colon, quote or bracket")

_COLON_JOINED = re.compile(r" *(?:- +)*[^\W\d][\w-]*:(?!//)[^ \t\n]")
_SPECIAL_INDENT = re.compile(r"[ -]*([^\S \n\t])")


class Report:
    """The problems of one file, each once, and whether reading can go on."""

    def __init__(self, file: str, private: bool, keys: Collection[str] = ()) -> None:
        self.file, self.private, self._keys = file, private, keys
        self.stopped = False
        self._found: dict[Problem, None] = {}

    def __len__(self) -> int:
        return len(self._found)

    def place(self, mark: Mark) -> Place:
        """Convert the library's mark, which counts from 0, to a place."""
        return Place(self.file, mark.line + 1, mark.column + 1)

    def name(self, key: str) -> str:
        """How a message calls a key: never by its text if that may be a patient's."""
        shown = self._shown(key)
        return f"the key `{shown}`" if shown else "this key"

    def field(self, key: str) -> str:
        """How a message about a text begins: with its key, if that is known and may be shown."""
        shown = self._shown(key)
        return f"`{shown}`: " if shown else ""

    def _shown(self, key: str) -> str:
        if self.private and key not in self._keys:
            return ""
        shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in key)
        return shown if len(shown) <= _LONGEST_QUOTED_KEY else shown[: _LONGEST_QUOTED_KEY - 1] + "…"

    def add(self, place: Place, sentence: Sentence) -> None:
        """Note a problem; after `MOST_PROBLEMS` reading stops, for nobody mends more at once."""
        if len(self._found) >= MOST_PROBLEMS:
            place, sentence = Place(self.file), AND_MORE
            self.stopped = True
        self._found[Problem(place, *sentence, private=self.private)] = None

    def stop(self, place: Place, sentence: Sentence) -> None:
        """Note a problem after which the rest of the file makes no sense."""
        self.add(place, sentence)
        self.stopped = True

    def raise_if_stopped(self) -> None:
        """Refuse the file if it makes no sense to read on."""
        if self.stopped:
            raise HandoutError(self._found)

    def raise_if_any(self) -> None:
        """Refuse the file if anything was found."""
        if self._found:
            raise HandoutError(self._found)


def special_indent(line: str) -> Sentence | None:
    """Choose the sentence for a line that is indented with a no-break space or the like."""
    if match := _SPECIAL_INDENT.match(line):
        message = f"the indentation holds the character {describe(match.group(1))}"
        return Sentence(message, "delete it, and indent with ordinary spaces")
    return None


def missing_space(line: str) -> Sentence | None:
    """Choose the sentence for a line like `key:text`."""
    if match := _COLON_JOINED.match(line):
        return SPECIAL_COLON if match.group()[-1].isspace() else SPACE_AFTER_COLON
    return None


def explain(error: MarkedYAMLError, lines: list[str], bracket: Mark | None) -> tuple[Mark, Sentence]:
    """Choose the spot and our own sentence for an error of the library.

    `bracket` is where the innermost open bracket stands.
    """
    problem, mark = error.problem or "", error.problem_mark or error.context_mark
    start = error.context_mark or mark
    if mark is None or start is None:
        raise RuntimeError("an error of the library has no place")
    if problem == TOO_DEEP.message:
        return mark, TOO_DEEP
    if error.context == "while scanning a quoted scalar":
        return start, OPEN_QUOTE
    if error.context == "while scanning a double-quoted scalar":
        return mark, BACKSLASH
    if problem.startswith("expected ','"):
        return start, OPEN_BRACKET
    if bracket and "<stream end>" in problem:
        return bracket, OPEN_BRACKET
    if problem == "could not find expected ':'":
        line = lines[start.line]
        return start, special_indent(line) or missing_space(line) or NO_COLON
    if strange := special_indent(lines[mark.line]):
        return mark, strange
    if "cannot start any token" in problem:
        return mark, _explain_tab(lines, mark)
    if problem == "mapping values are not allowed here":
        return _explain_colon(lines, mark)
    if problem == "sequence entries are not allowed here":
        return mark, LIST_IN_LINE
    return mark, _explain_stray(lines, mark, problem)


def _explain_tab(lines: list[str], mark: Mark) -> Sentence:
    return TAB if lines[mark.line][: mark.column].strip(" ") else TAB_INDENT


def _explain_colon(lines: list[str], mark: Mark) -> tuple[Mark, Sentence]:
    """Explain a colon too many: in the text of its own line, or in a line that was read as text."""
    line = lines[mark.line]
    if ": " in line[: mark.column]:
        return mark, COLON_IN_TEXT
    above = mark.line - 1
    while above > 0 and not lines[above].strip():
        above -= 1
    missing = missing_space(lines[max(above, 0)])
    if missing or not line.startswith(" "):
        return _line_start(lines, above), missing or NO_COLON
    return _line_start(lines, mark.line), COLON_BELOW


def _explain_stray(lines: list[str], mark: Mark, problem: str) -> Sentence:
    """Explain what is found where a list or a group of keys must go on or end."""
    if "..." in lines[: mark.line] and problem.startswith("expected '<document start>'"):
        return SECOND_DOCUMENT
    before = lines[mark.line][: mark.column].rstrip()
    if before.endswith(('"', "'")):
        return AFTER_QUOTE
    if before.endswith(("]", "}")):
        return AFTER_BRACKET
    if problem.endswith(("<block mapping start>'", "<block sequence start>'", "'<scalar>'")):
        return INDENT
    if problem.endswith(("'-'", "'?'")):
        return MIXED
    if problem.endswith("':'"):
        return EMPTY_KEY
    return STRAY_SIGN if problem.endswith(("','", "']'", "'}'")) else UNREADABLE


def _line_start(lines: list[str], number: int) -> Mark:
    from yaml.error import Mark

    line = lines[max(number, 0)]
    return Mark("", 0, max(number, 0), len(line) - len(line.lstrip(" ")), None, 0)
