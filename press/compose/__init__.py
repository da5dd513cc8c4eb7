"""Choose, fill and check: a document, or problems.

Public: check, language_marks, sandbox, shown_dates, tailor, template.
"""
