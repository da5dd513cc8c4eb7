"""Make the pictures of the README: first sides of handouts of a made-up clinic.

python docs/make_pictures.py      writes docs/pictures/*.png; needs the program pdftoppm
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from press.content.yaml.reader import read_file
from press.patients.options import read_options
from press.runs.handout import Site, complete, make, print_one
from press.runs.hardening import harden_reportlab

TOPICS = ("overdose-warning", "side-effects")
TODAY = date(2026, 11, 23)  # fixed: the same words make the same pictures
PATIENT = ROOT / "docs" / "example-patient.yaml"
PICTURES = ROOT / "docs" / "pictures"


def made_up_press() -> Site:
    """The press with a clinic that does not exist; no telephone has the area code 555."""
    press = Site(ROOT)
    clinic = replace(
        press.clinic,
        name="Example Clinic",
        address=("1 Example Street",),
        phone="(555) 236-4100",
        after_hours_phone="(555) 236-4199",
    )
    press.__dict__["clinic"] = clinic  # where the cached property keeps what it has read
    return press


def picture(data: bytes, target: Path) -> None:
    """Draw the first side at 60 dots an inch in 16 greys: small, and still to be read."""
    with TemporaryDirectory() as folder:
        page = Path(folder, "page.pdf")
        page.write_bytes(data)
        drawn = page.with_suffix("")
        subprocess.run(["pdftoppm", "-r", "60", "-gray", "-png", "-f", "1", "-singlefile", page, drawn], check=True)
        with Image.open(drawn.with_suffix(".png")) as image:
            image.quantize(16).save(target, optimize=True)


def main() -> None:
    """Print and draw each handout for the made-up patient of docs/example-patient.yaml."""
    harden_reportlab()
    press = made_up_press()
    options, _ = complete(press, read_options(read_file(PATIENT, PATIENT.name, private=True)), TODAY)
    PICTURES.mkdir(exist_ok=True)
    for topic in TOPICS:
        printed = print_one(press, make(press, topic, options, TODAY), "pdf")
        picture(printed.data, PICTURES / f"{topic}.png")


if __name__ == "__main__":
    main()
