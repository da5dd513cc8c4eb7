"""Patients' options and lists of them, from YAML, CSV and XLSX.

Public: course, encoding, learn, options, patient_list, person_rules, read_list, recipe,
recipes, table, typed_date.
"""
