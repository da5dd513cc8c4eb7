"""The same jobs in a browser, on this computer alone.

Public: ruler_words, start.
"""
