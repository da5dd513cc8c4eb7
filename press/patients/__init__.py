"""Patients' options and lists of them, from YAML, CSV and XLSX.

Public: course, encoding, options, patient_list, person_rules, table.
"""
