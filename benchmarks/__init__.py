"""How fast the press is beside others: the same words, the same people, one interleaved run.

No part of the press: nothing in `press/` imports it, and `docs/performance.md` tells how to read
what it measures.
"""
