"""Draw every picture as a reader sees it: large, at 36 and at 28 points, in 1-bit, and from a bad photocopier.

`python -m tools.contact_sheet FOLDER` writes sheet.png and one large NAME.png for each picture.
Needs pdftoppm (Debian: poppler-utils).
"""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter
from reportlab.pdfgen.canvas import Canvas

from press.content.pictures import Pictures
from press.document.pictures import GRID, Picture

ROOT = Path(__file__).resolve().parent.parent
LARGE = 288  # pixels
SMALL = ((36, 75, 4), (28, 75, 4), (36, 150, 2))  # points, dots an inch, zoom: in 1-bit, but for the last
CELL = (LARGE + 160 + 12, LARGE + 12)
ACROSS = 3  # pictures in a row


def draw_pdf(picture: Picture, size: float) -> bytes:
    """Draw one picture as a page of `size` points on each side."""
    out = BytesIO()
    canvas = Canvas(out, (size, size))
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    canvas.transform(size / GRID, 0, 0, -size / GRID, 0, size)
    for shape in picture.shapes:
        path = canvas.beginPath()
        for segment in shape.segments:
            match segment:
                case ("M", x, y):
                    path.moveTo(x, y)
                case ("L", x, y):
                    path.lineTo(x, y)
                case ("C", x1, y1, x2, y2, x, y):
                    path.curveTo(x1, y1, x2, y2, x, y)
                case _:
                    path.close()
        canvas.setFillGray(1 if shape.fill == "white" else 0)
        canvas.setLineWidth(shape.stroke)
        canvas.drawPath(path, stroke=int(shape.stroke > 0), fill=int(bool(shape.fill)), fillMode=1)
    canvas.save()
    return out.getvalue()


def render(picture: Picture, size: float, dpi: float, *, is_mono: bool = False) -> Image.Image:
    """Render a picture of `size` points on white."""
    program = ["pdftoppm", "-r", f"{dpi}", "-mono" if is_mono else "-gray", "-"]
    done = subprocess.run(program, input=draw_pdf(picture, size), capture_output=True, check=True)
    return Image.open(BytesIO(done.stdout)).convert("L")


def photocopy(image: Image.Image) -> Image.Image:
    """Blur, add grain, lose a third of the toner: what comes from an old machine."""
    grain = Image.effect_noise(image.size, 90)
    worn = ImageChops.blend(image.filter(ImageFilter.GaussianBlur(1.4)), grain, 0.25)
    return worn.point(lambda value: 255 if value > 110 else 0)


def draw_cell(picture: Picture) -> Image.Image:
    """Draw one picture large, and beside it small and copied."""
    cell = Image.new("L", CELL, 255)
    cell.paste(render(picture, LARGE, 72), (0, 12))
    top = 12
    small = [render(picture, size, dpi, is_mono=dpi < 100) for size, dpi, _ in SMALL]
    zooms = [zoom for _, _, zoom in SMALL]
    for image, zoom in zip([*small, photocopy(small[-1])], [*zooms, zooms[-1]], strict=True):
        image = image.resize((image.width * zoom // 2, image.height * zoom // 2), Image.Resampling.NEAREST)
        cell.paste(image, (LARGE + 8, top))
        top += 75
    ImageDraw.Draw(cell).text((0, 0), picture.name, fill=0)
    return cell


def draw_sheet(pictures: Pictures, names: list[str]) -> Image.Image:
    """Draw all pictures, some in each row."""
    rows = -(-len(names) // ACROSS)
    sheet = Image.new("L", (CELL[0] * ACROSS, CELL[1] * rows), 255)
    for index, name in enumerate(names):
        sheet.paste(draw_cell(pictures.get(name)), (index % ACROSS * CELL[0], index // ACROSS * CELL[1]))
    return sheet


def main() -> None:
    """Write the contact sheet of all pictures, or of those that are named behind the folder."""
    folder, *names = sys.argv[1:]
    pictures = Pictures(ROOT / "templates" / "pictures")
    chosen = names or sorted(pictures.names)
    Path(folder).mkdir(parents=True, exist_ok=True)
    draw_sheet(pictures, chosen).save(Path(folder) / "sheet.png")
    for name in chosen:
        render(pictures.get(name), LARGE, 72).save(Path(folder) / f"{name}.png")


if __name__ == "__main__":
    main()
