"""The tree of a page, and the notations that it is written in.

Public: bilingual, logo, markup, nodes, outline, path_data, pictures, slots, xhtml.
"""
