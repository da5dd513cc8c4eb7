"""YAML files as texts with places, and what is wrong with them in words.

Public: editor, messages, reader.
"""
