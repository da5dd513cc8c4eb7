"""Pages as a PDF file: page tree, structure tree, fonts, metadata.

Public: job, page_tree, single, stretch.
"""
