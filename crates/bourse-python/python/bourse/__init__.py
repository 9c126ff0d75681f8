"""Bourse, a trading store, for Python.

``import bourse.sqlite3 as sqlite3`` is the one line that a program on CPython's ``sqlite3`` changes.
"""

from bourse._engine import VERSION as __version__

__all__ = ["__version__"]
