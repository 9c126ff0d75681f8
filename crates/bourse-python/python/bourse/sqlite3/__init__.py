"""CPython's ``sqlite3`` over a store of Bourse: ``import bourse.sqlite3 as sqlite3``."""

from bourse.sqlite3.dbapi2 import *
from bourse.sqlite3.dbapi2 import _to_date, _to_timestamp


def __getattr__(name):
    if name == "OptimizedUnicode":
        import warnings
        warnings.warn("OptimizedUnicode is deprecated and an alias of str", DeprecationWarning,
                      stacklevel=2)
        return str
    raise AttributeError(f"module 'sqlite3' has no attribute '{name}'")
