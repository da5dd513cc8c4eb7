"""Choose, fill and check: a document, or problems.

Public: check, tailor, template.
"""
