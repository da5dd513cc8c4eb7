"""Records of an electronic system (FHIR R4 and R5, as JSON) as a list of people.

Public: export, files, settings.
"""
