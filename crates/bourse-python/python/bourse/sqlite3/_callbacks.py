"""What becomes of errors in callbacks."""

import collections

from bourse._engine import Engine

#: Whether they are printed.
tracebacks = False

Unraisable = collections.namedtuple(
    "Unraisable", "exc_type exc_value exc_traceback err_msg object")


def enable_callback_tracebacks(enable, /):
    """Have errors in callbacks printed."""
    global tracebacks
    tracebacks = bool(enable)
    Engine.enable_tracebacks(tracebacks)
