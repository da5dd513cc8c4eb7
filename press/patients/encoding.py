"""The encoding of a list: as its byte order mark says, as staff say, or else UTF-8; never guessed.

One byte is £ to one computer and Ł to another, so a guess prints a name that nobody has.
"""

from __future__ import annotations

import codecs
from io import BytesIO, TextIOWrapper

from press.errors import Place, did_you_mean, refuse
from press.patients import messages as faults
from press.records import dataclass, replace

LOST = "\ufffd"  # replaces bytes that are no letter, in a text that is read to find them
ENCODINGS = (
    "utf-8", "utf-16",
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874",
    "latin-1", "iso-8859-2", "iso-8859-15", "koi8-r", "koi8-u",
    "mac-roman", "mac-latin2", "mac-cyrillic", "mac-greek", "mac-turkish",
    "cp437", "cp850", "cp852", "cp866",
    "shift_jis", "cp932", "euc-jp", "gb18030", "big5", "cp949", "euc-kr",
)  # fmt: skip
_PIECE = 1 << 16


@dataclass(frozen=True)
class EncodedText:
    """The bytes of a list with their encoding, which the file does not show where `is_named`.

    With `is_lenient` what is no letter is read as `LOST`.
    """

    data: bytes
    encoding: str
    is_named: bool = False
    is_lenient: bool = False

    def opened(self) -> TextIOWrapper:
        """Open the text at its beginning; line ends are left as they are."""
        errors = "replace" if self.is_lenient else "strict"
        return TextIOWrapper(BytesIO(self.data), encoding=self.encoding, errors=errors, newline="")

    @property
    def is_sound(self) -> bool:
        """Whether every byte belongs to a letter; the whole text is never held."""
        decoder = codecs.getincrementaldecoder(self.encoding)()
        try:
            for start in range(0, len(self.data), _PIECE):
                decoder.decode(self.data[start : start + _PIECE], final=start + _PIECE >= len(self.data))
        except UnicodeError:
            return False
        return True

    @property
    def lenient(self) -> EncodedText:
        """The same text, to find the bytes that are no letters."""
        return replace(self, is_lenient=True)

    @property
    def name(self) -> str:
        """The encoding as people call it."""
        return next(name for name in ("UTF-8", "UTF-16", self.encoding) if self.encoding.startswith(name.lower()))


def find_text(data: bytes, file: str, named: str = "") -> EncodedText:
    """Choose the encoding: that of the byte order mark, or the one `named` in `ENCODINGS`, or UTF-8.

    Raises HandoutError where the file says something else than `named`.
    """
    own = _own_encoding(data)
    if named and (own or named == "utf-16") and not own.startswith(named):
        raise refuse(Place(file), *faults.OTHER_ENCODING, private=True)
    if own or named in ("", "utf-8"):
        return EncodedText(data, own or "utf-8-sig")
    return EncodedText(data, named, is_named=True)


def near_encoding(typed: str) -> str:
    """Hint at the name in `ENCODINGS` that is meant by another name of it, or by a slip of the key."""
    try:
        meant = codecs.lookup(typed).name
    except (LookupError, ValueError):
        return did_you_mean(typed, ENCODINGS) or "known: " + ", ".join(ENCODINGS)
    same = next((name for name in ENCODINGS if codecs.lookup(name).name == meant), "")
    return f"did you mean `{same}`?" if same else "known: " + ", ".join(ENCODINGS)


def _own_encoding(data: bytes) -> str:
    """What the file itself says, or nothing."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    return _utf_16_by_zeros(data[:64])


def _utf_16_by_zeros(head: bytes) -> str:
    """Headings are Latin, so that every second byte of UTF-16 is zero and none of the others."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if min(even, odd) or max(even, odd) * 3 < len(head) or len(head) < 4:
        return ""
    return "utf-16-le" if odd else "utf-16-be"
