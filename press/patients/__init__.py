"""Patients' options and lists of them, from YAML, CSV and XLSX.

Public: options, patient_list, table.
"""
