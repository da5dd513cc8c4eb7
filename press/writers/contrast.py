"""Compute the contrast of inks in gray, with fresh and with worn toner. Pure.

Inks are in percent of black, so that printing a page in gray changes nothing. The formulas are
those of WCAG 2.2 (relative luminance, contrast ratio); the limits are those of the clinical basis, 4.5.
"""

from __future__ import annotations

WORDS = 7.0  # to 1: the least for any words, WCAG 2.2, 1.4.6 (AAA)
SHAPES = 3.0  # to 1: the least for a border or a sign, WCAG 2.2, 1.4.11
TONER_LOSS = 25.0  # percent of every ink that a worn cartridge leaves out


def luminance(ink: float) -> float:
    """Compute the relative luminance of an ink on white paper: 1 for no ink, 0 for 100 percent of black."""
    gray = 1 - ink / 100
    return gray / 12.92 if gray <= 0.04045 else ((gray + 0.055) / 1.055) ** 2.4


def contrast(ink: float, ground: float) -> float:
    """Compute the contrast ratio of two inks in percent of black, from 1 (the same) to 21 (black on white)."""
    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def wear(ink: float, loss: float = TONER_LOSS) -> float:
    """Compute what is left of an ink when `loss` percent of the toner is missing."""
    return ink * (1 - loss / 100)


def least_contrast(ink: float, ground: float) -> float:
    """Compute the lowest contrast of two inks: as they are, with both worn, or with the ink alone worn."""
    return min(contrast(ink, ground), contrast(wear(ink), wear(ground)), contrast(wear(ink), ground))
