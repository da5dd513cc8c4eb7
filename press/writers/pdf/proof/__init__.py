"""What was meant is what stands on the page.

Public: proof.
"""
