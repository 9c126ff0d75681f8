"""Connection.backup: a store copied into another one."""

from bourse.sqlite3 import _constants as codes
from bourse.sqlite3._errors import OperationalError, coded


def copy(source, target, pages, progress, name, sleep):
    """Copy all that ``source`` has into ``target``, whose own tables go."""
    from bourse.sqlite3._connection import Connection
    source._check()
    if not isinstance(target, Connection):
        raise TypeError(f"backup() argument 1 must be sqlite3.Connection, not {_kind(target)}")
    if not isinstance(pages, int):
        raise TypeError(f"'{_kind(pages)}' object cannot be interpreted as an integer")
    if not isinstance(sleep, (int, float)):
        raise TypeError("must be real number, not " + _kind(sleep))
    if progress is not None and not callable(progress):
        raise TypeError("progress argument must be a callable")
    if sleep < 0:
        raise ValueError("sleep must be greater-than or equal to zero")
    if target is source:
        raise ValueError("target cannot be the same connection instance")
    target._check()
    if target.in_transaction:
        raise coded(OperationalError, "target is in transaction", "SQLITE_ERROR")
    if name not in ("main", "temp"):
        raise coded(OperationalError, f"unknown database {name}", "SQLITE_ERROR")
    script = list(source.iterdump())
    cursor = target.cursor()
    cursor.row_factory = None
    views = cursor.execute("SELECT type, name FROM sqlite_master "
                           "WHERE type IN ('view', 'table')").fetchall()
    for kind, name in sorted(views, reverse=True):
        if not name.startswith("sqlite_"):
            quoted = name.replace('"', '""')
            cursor.execute(f'DROP {kind} "{quoted}"')
    total = max(len(script) - 2, 1)
    step = total if pages <= 0 else pages
    for done, statement in enumerate(script[1:-1], 1):
        cursor.execute(statement)
        if progress is not None and done % step == 0 and done < total:
            progress(codes_ok, total - done, total)
    target.commit()
    if progress is not None:
        progress(codes_done, 0, total)


codes_ok = 0
codes_done = 101


def _kind(value):
    return type(value).__name__
