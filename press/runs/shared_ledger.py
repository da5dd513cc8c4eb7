"""Where a clinic's ledger is, and what is sent after each run where many desks share one."""

from __future__ import annotations

from press.delivery.all_desks import LedgerPlace, send_waiting
from press.errors import Problem
from press.runs.handout import Site


def ledger_place(site: Site) -> LedgerPlace:
    """Name the file of this computer, and the server of all desks where config.yaml does. Raises HandoutError."""
    clinic = site.clinic
    return LedgerPlace(site.root / clinic.ledger, clinic.ledger_server, clinic.site)


def send_entered(site: Site) -> tuple[Problem, ...]:
    """Send what this run entered, and what waits from before; a warning says what waits still. Stops nothing.

    Never inside of the tripwire: this is the one thing that the press does on a network.
    """
    return send_waiting(ledger_place(site))
