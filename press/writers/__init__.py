"""A document in one format; a writer sees no patient.

Public: calendar, formats, html, pdf.file.job, pdf.file.page_tree, pdf.file.single, pdf.file.stretch, pdf.fonts.faces,
pdf.model, pdf.reuse.forme, pdf.ruler_page, pdf.writer, read_stylesheet, result, stylesheet, text.
"""
