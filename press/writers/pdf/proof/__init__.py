"""Proof that the layout shows all words of the tree.

Public: proof.
"""
