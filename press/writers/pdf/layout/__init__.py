"""Blocks to lines, fragments and pages.

Public: bars, calls, fit, lines, reflow, words.
"""
