"""How a clinic's electronic records (FHIR) are read: what config.yaml says of them, and the clinic's own key."""

from __future__ import annotations

from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from press.delivery.clinic_key import clinic_key
from press.patients.fhir.settings import FhirSettings
from press.runs.handout import Site


def record_settings(site: Site, day: date) -> FhirSettings:
    """How records are read for pages of a day. Raises HandoutError for a config.yaml that cannot be read."""
    clinic = site.clinic
    return FhirSettings(clinic.fhir, ZoneInfo(clinic.time_zone), day, partial(clinic_key, site.root))
