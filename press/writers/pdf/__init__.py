"""A document, or a job of many, as tagged PDF: PDF/UA-1 and PDF/A-2a in one file.

Public: file.job, file.page_tree, file.single, file.stretch, fonts.faces, model, reuse.forme, ruler_page, writer.
"""
