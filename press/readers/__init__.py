"""Readers: a file in, typed values with places out."""
