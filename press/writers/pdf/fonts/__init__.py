"""TrueType faces: which one has a letter, how wide it is, shaped, ordered and subset.

Public: bidi, coverage, faces, families, font_set, integrity, subset.
"""
