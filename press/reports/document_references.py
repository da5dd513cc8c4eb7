"""Tell the clinic's own system what was printed: a FHIR DocumentReference for each person, without the pages inside.

The elements are those that R4 and R5 share. A person is named by the code alone, and the receiver gives the id.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from press.delivery.atomic import deliver
from press.delivery.files import FILES, Files
from press.delivery.ledger import LedgerRow

_PDF = "application/pdf"


def deliver_references(
    rows: Iterable[LedgerRow], folder: Path, code_system: str = "", *, files: Files = FILES
) -> tuple[Path, ...]:
    """Write a file for each person of a run, named by run and code, for this user alone. Raises HandoutError.

    `code_system` is the system of the clinic's own codes, where it has one.
    """
    people = [tuple(printed) for _, printed in groupby(sorted(rows, key=_key), _key)]
    return tuple(
        deliver(_as_json(document_reference(printed, code_system)), folder, f"{_name(printed[0])}.json", files=files)
        for printed in people
    )


def document_reference(printed: tuple[LedgerRow, ...], code_system: str = "") -> dict[str, object]:
    """Describe the handouts that one person was printed in one run; a draft among them makes all preliminary."""
    first = printed[0]
    subject = {"value": first.code, **({"system": code_system} if code_system else {})}
    return {
        "resourceType": "DocumentReference",
        "identifier": [{"value": _name(first)}],
        "status": "current",
        "docStatus": "final" if all(row.state == "final" for row in printed) else "preliminary",
        "type": {"text": "Patient handouts on naltrexone"},
        "subject": {"type": "Patient", "identifier": subject},
        "date": first.at,
        "description": f"Printed, run {first.run}",
        "content": [{"attachment": _attachment(row)} for row in printed],
    }


def _attachment(row: LedgerRow) -> dict[str, str]:
    title = f"{row.handout} {row.version}, {row.edition}, fingerprint {row.fingerprint}"
    return {"contentType": _PDF, "language": row.language, "title": title, "creation": row.at}


def _as_json(resource: dict[str, object]) -> bytes:
    return json.dumps(resource, ensure_ascii=False, indent=2).encode() + b"\n"


def _name(row: LedgerRow) -> str:
    return f"{row.run}-{row.code}"


def _key(row: LedgerRow) -> tuple[str, str]:
    return row.run, row.code
