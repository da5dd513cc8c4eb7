"""Choose, fill and check: a document, or problems.

Public: check, shown_dates, tailor, template.
"""
