"""What was made of a list before: by the digest of the list, so that the same file finds its runs after a restart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from press.delivery.manifest import INNER, Manifest, PersonEntry, read_manifest
from press.delivery.run_folder import find_begun
from press.errors import HandoutError
from press.records import dataclass


@dataclass(frozen=True)
class EarlierRun:
    """A run of a list: a whole job, which is the file `path`, or a file for each person in the folder `path`.

    `rows` are those that were meant, such as `2-49,51`, and `started` is a moment in the clinic's time. A job names
    its `day` and its `people` with their sheets; of a folder `files` are done.
    """

    code: str
    plan: str
    started: str
    rows: str
    path: Path
    is_finished: bool = True
    day: str = ""
    people: tuple[PersonEntry, ...] = ()
    files: int = 0

    @property
    def is_job(self) -> bool:
        """Whether it is one file for everybody."""
        return bool(self.people)

    @property
    def sheets(self) -> int:
        """How many sheets the job has."""
        return max((person["last"] for person in self.people), default=0)


def find_runs(folder: Path, digest: str) -> tuple[EarlierRun, ...]:
    """Find the runs of a list in the folder of finished pages, latest first; `digest` is the SHA-256 of the list."""
    found = [*_jobs(folder, digest), *_folders(folder, digest)]
    return tuple(sorted(found, key=lambda run: run.started, reverse=True))


def _jobs(folder: Path, digest: str) -> Iterator[EarlierRun]:
    for record in sorted((folder / INNER).glob("*.pdf.json")):
        with suppress(HandoutError):  # a record that was changed proves nothing
            body = read_manifest(folder, record.name)
            if body.get("list") == digest:
                yield _job(body, folder / record.name.removesuffix(".json"))


def _job(body: Manifest, path: Path) -> EarlierRun:
    code, plan, started, rows = body["run"], body["plan"], body["started"], body.get("rows", "")
    return EarlierRun(code, plan, started, rows, path, day=body.get("day", ""), people=tuple(body.get("people", ())))


def _folders(folder: Path, digest: str) -> Iterator[EarlierRun]:
    for path in sorted(one for one in folder.glob("*") if (one / INNER).is_dir()):
        begun = find_begun(path)
        if begun and begun.run.list == digest:
            run = begun.run
            yield EarlierRun(
                run.code, run.plan, run.started, run.rows, path, is_finished=begun.is_finished, files=begun.done
            )
