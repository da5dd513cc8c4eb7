"""Commands, the screen, and the only clock.

Public: main.
"""
