"""Blocks to lines, fragments and pages.

Public: bars, fit, lines, reflow, words.
"""
