"""Blocks to lines, strips and pages.

Public: bars, fit, lines, reflow, words.
"""
