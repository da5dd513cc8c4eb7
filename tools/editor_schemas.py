"""JSON Schemas of the files that staff edit, made from the records, so that an editor can help.

Implements JSON Schema 2020-12. They stand in schemas/; the press itself never reads them.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from press.content import fields
from press.content.clinic import Clinic
from press.content.handout import Helplines, Structure, Words
from press.content.placeholders import PLACEHOLDERS
from press.content.schema import Record, fields_of
from press.patients.options import Options

DIALECT = "https://json-schema.org/draft/2020-12/schema"
RECORDS: Mapping[str, type[Record]] = MappingProxyType(
    {
        "config.json": Clinic,
        "handout.json": Structure,
        "helplines.json": Helplines,
        "options.json": Options,
        "words.json": Words,
    }
)
HELP: Mapping[str, str] = MappingProxyType(
    {
        "Clinic.phone": "Empty: the page has a line to write on, and is a draft.",
        "Clinic.after_hours_phone": "The number when the clinic is closed. Empty: a line to write on, and a draft.",
        "Clinic.time_zone": "Region/City, such as America/New_York. Decides what day today is.",
        "Clinic.output": "The folder that the finished pages are put in.",
        "Clinic.printer": (
            "Where --print sends the pages when it names no printer. Empty: the computer's default printer."
        ),
        "Clinic.ledger": "A file, or the server of many desks, as postgresql://USER@HOST:5432/DATABASE.",
        "Clinic.site": "A short word for this clinic, where many share a server. The same on all its computers.",
        "Clinic.left_out": (
            "Facts that the handouts of this clinic do without, by id, each with the reason. No hard fact."
        ),
        "Clinic.tablets_while_drinking": "avoid: the page says not to drink at the start. may: it does not.",
        "Closed.dates": "Days on which the clinic is closed, as YYYY-MM-DD. No holidays are built in.",
        "Dates.print": "Which dates may be printed on a patient's page.",
        "Dates.upcoming": "How many due dates are printed, the next one included.",
        "Product.label": "The month of the current label, as YYYY-MM.",
        "Structure.topic": "The name of the folder.",
        "Structure.version": "Count it up when the handout changes, such as 1.0.1.",
        "Structure.sides": "How many sides of paper the standard edition may fill.",
        "Structure.dense": "yes: set more tightly, for a page that must keep to one side.",
        "Structure.opt_in": "yes: printed only when somebody asks for it by its name.",
        "Structure.old_label": "What happens when config.yaml names a newer label: refuse the page, or warn.",
        "Structure.review_months": "After how many months somebody must look at the words again.",
        "Structure.labels": "The forms of medicine whose label the words follow. [] for none.",
        "Structure.label_basis": "For each form under labels, the month of that label, as YYYY-MM.",
        "Structure.sources": "Where the claims come from. Not printed.",
        "Structure.audience": "The line under the title: whom the page is for.",
        "Structure.requires": "More facts that a page must carry: those of a shipped handout stand in the program.",
        "Structure.first_page": "The facts that must stand on the first page.",
        "Structure.spill": "Facts that may go to one more side if the page does not hold. No hard fact.",
        "Block.id": "The name of this block, once in a handout.",
        "Block.texts": "The ids of its texts in en.yaml, in the order of reading.",
        "Block.intro": "The text above it: the name of a box, or the line before a list.",
        "Block.picture": "The picture before its first text: the name of a file in templates/pictures.",
        "Block.columns": "The texts that head the columns of a table.",
        "Block.blocks": "The blocks inside a box.",
        "Block.facts": "The facts that this block tells.",
        "Block.short": "yes: the items are short and may stand side by side.",
        "Structure.modes": "the treatment modes that the page is for; for anybody else it is refused.",
        "Block.check": "yes: a box to check stands before each item.",
        "Block.in_english": "yes: its words stay English in every language, for staff who read the page.",
        "Block.needs": "Print it only where each of these has a value.",
        "Block.lacks": "Print it only where none of these has a value.",
        "TableRow.date": "Only in a calendar: which days this line is about. They are marked with its first text.",
        "TextRef.picture": "The picture before it: the name of a file in templates/pictures.",
        "TextRef.needs": "Print it only where each of these has a value.",
        "TextRef.lacks": "Print it only where none of these has a value.",
        "Words.follows": "The version of the English that these words follow.",
        "Words.taught": "Long words that the page explains.",
        "Words.lexicon": "What check needs to compare this language with the English. In phrases only.",
        "Lexicon.names": "How this language writes a drug, brand or unit, by its English name in small letters.",
        "Lexicon.numbers": "The words for 1, 2, 3 and so on; several words for one number with spaces between.",
        "Lexicon.same": "Words that are spelt as in English and are right.",
        "Words.texts": "The words by their id. **strong** and {placeholders} may stand in them.",
        "Helplines.checked": "The day on which somebody last called every number.",
        "Options.code": "The clinic's own code for this person, never a name.",
        "Options.interval": "How long one dose lasts.",
        "Options.last_dose": "The day the last dose was given, as YYYY-MM-DD.",
        "Options.appointment": "YYYY-MM-DD, or with a time YYYY-MM-DD HH:MM.",
        "Options.handouts": "Which handouts to print. Empty: all that need not be asked for by name.",
    }
)

_EMPTY = {"enum": ["", None]}
_NUMBERS = MappingProxyType({"number": ("1.5",), "integer": ("7", "42", "2025")})
_Schema = dict[str, Any]


def schemas() -> dict[str, dict[str, Any]]:
    """The schema of each kind of file, by the name of the schema's own file."""
    return {name: _whole(cls) for name, cls in RECORDS.items()}


def render(name: str) -> str:
    """The text of one schema file: sorted, so that a change shows as the lines that changed."""
    return json.dumps(_whole(RECORDS[name]), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _whole(cls: type[Record]) -> _Schema:
    """The schema of a file: its record, with every record below it under `$defs`."""
    known = vars(sys.modules[cls.__module__])  # the records below a record stand in its module
    root = _record(cls)
    definitions: dict[str, _Schema] = {}
    left = list(_references(root))
    while left:
        name = left.pop()
        if name not in definitions:
            definitions[name] = _placeholder() if name == "Placeholder" else _record(known[name])
            left += _references(definitions[name])
    return {"$schema": DIALECT, **root, **({"$defs": definitions} if definitions else {})}


def _references(schema: object) -> Iterator[str]:
    """The names of the definitions that a schema points to."""
    if isinstance(schema, Mapping):
        if "$ref" in schema:
            yield schema["$ref"].rpartition("/")[2]
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            yield from _references(part)


def _record(cls: type[Record]) -> _Schema:
    specs = fields_of(cls)
    return {
        "type": "object",
        "description": _description(cls),
        "properties": {name: _field(cls, name) for name in specs},
        "required": sorted(name for name, spec in specs.items() if spec.metadata["required"]),
        "additionalProperties": False,
    }


def _description(cls: type[Record]) -> str:
    return " ".join((cls.__doc__ or "").split())


def _field(cls: type[Record], name: str) -> _Schema:
    spec = fields_of(cls)[name]
    schema = _tolerant(spec.metadata["kind"].schema)
    # The reader takes nothing at all for an empty list too, also where one must be given.
    if not spec.metadata["required"] or _is_plural(schema):
        schema = _or_empty(schema)
    help_ = HELP.get(f"{cls.__name__}.{name}")
    return {**schema, **({"description": help_} if help_ else {})}


def _is_plural(schema: _Schema) -> bool:
    return "additionalProperties" in schema or any(part.get("type") == "array" for part in schema.get("anyOf", ()))


def _or_empty(schema: _Schema) -> _Schema:
    """The same, or nothing: a key with an empty value counts as left out."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [*schema["anyOf"], _EMPTY]}
    return {"anyOf": [schema, _EMPTY]}


def _tolerant(schema: Mapping[str, Any]) -> _Schema:
    """A kind's schema for a reader that turns `2` into a number and `yes` into true.

    Our own reader takes every value as text; an editor must not underline a right file.
    """
    if schema == fields.placeholder.schema:
        return {"$ref": "#/$defs/Placeholder"}
    found = {key: _part(key, value) for key, value in schema.items()}
    if found.get("type") != "string":
        return found
    if "enum" in found:
        words = found["enum"]
        return {"enum": [*words, True, False] if words == ["yes", "no"] else words}
    return {**found, "type": _types(found.get("pattern"))}


def _part(key: str, value: Any) -> Any:  # noqa: ANN401 - JSON of any kind
    """One value of a schema. The name of a key is always text, so its pattern stays."""
    if key == "propertyNames":
        return dict(value)
    if isinstance(value, Mapping):
        return _tolerant(value)
    if key == "anyOf":
        return [_tolerant(part) for part in value]
    return value


def _types(pattern: str | None) -> str | list[str]:
    """What an editor may take a right value for; a pattern binds texts only."""
    if pattern is None:
        return ["string", "number", "boolean"]
    for kind, samples in _NUMBERS.items():
        if any(re.search(pattern, sample) for sample in samples):
            return ["string", kind]
    return "string"


def _placeholder() -> _Schema:
    """The known placeholders with their meaning; helplines.yaml may add names of its own."""
    known = [{"const": name, "description": meaning} for name, meaning in PLACEHOLDERS.items()]
    return {"description": "Something that has a value or not.", "anyOf": [*known, dict(fields.placeholder.schema)]}
