"""The handout press: checked words and a patient's options in, a handout on paper out.

Data flows one way through the modules in the order of `docs/architecture.md`.
"""

__version__ = "0.1.0"
