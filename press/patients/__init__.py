"""Patients' options and lists of them, from YAML, CSV, XLSX and records (FHIR).

Public: course, encoding, fhir.export, fhir.files, fhir.settings, learn, options, patient_list, person_rules,
read_list, recipe, recipes, table, typed_date.
"""
