"""The server of many desks (PostgreSQL): its address, its tables, and rows to and from it.

Public: address, connection, rows.
"""
