"""The tree of a page, and the notations that it is written in.

Public: bilingual, event, logo, markup, nodes, outline, path_data, pictures, slots, xhtml.
"""
