"""Clinic and handout files as checked records; the rules on words; approvals.

Public: approvals, card_privacy, changes, characters, clinic, code_pictures, dale_chall, fhir_rules, fields, handout,
library, localize, logo, picture_places, pictures, placeholders, raw, read_bytes, readability, required, scaffold,
schema, shipped, slips, teach_back, terms, translation, typed_text, units, yaml.editor, yaml.messages, yaml.reader.
"""
