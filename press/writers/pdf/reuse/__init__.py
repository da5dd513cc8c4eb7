"""What is the same for many readers, laid out, proved and drawn once.

Public: forme, pieces, plan.
"""
