"""The exceptions of the DB-API, and which of them an error of the store is."""

from bourse.sqlite3 import _constants as codes


class Warning(Exception):
    pass


class Error(Exception):
    pass


class InterfaceError(Error):
    pass


class DatabaseError(Error):
    pass


class InternalError(DatabaseError):
    pass


class OperationalError(DatabaseError):
    pass


class ProgrammingError(DatabaseError):
    pass


class IntegrityError(DatabaseError):
    pass


class DataError(DatabaseError):
    pass


class NotSupportedError(DatabaseError):
    pass


class UnsupportedStatementError(NotSupportedError, OperationalError):
    """A statement that Bourse does not have.

    It is both: what the DB-API calls it, and what SQLite raises where it does not know a statement,
    which programs catch to find out what there is.
    """


for _class in (Warning, Error, InterfaceError, DatabaseError, InternalError, OperationalError,
               ProgrammingError, IntegrityError, DataError, NotSupportedError):
    _class.__module__ = "bourse.sqlite3"
del _class

_CONSTRAINTS = {
    "23502": "SQLITE_CONSTRAINT_NOTNULL",
    "23503": "SQLITE_CONSTRAINT_FOREIGNKEY",
    "23505": "SQLITE_CONSTRAINT_UNIQUE",
    "23514": "SQLITE_CONSTRAINT_CHECK",
}

# Errors of the caller, which SQLite itself never sees: they have no code.
_MISUSE = {"07001", "07005", "07006", "08003"}

_OPERATIONAL = {
    "40001": "SQLITE_BUSY",
    "40P01": "SQLITE_BUSY",
    "55P03": "SQLITE_BUSY",
    "55006": "SQLITE_BUSY",
    "55000": "SQLITE_LOCKED",
    "57014": "SQLITE_INTERRUPT",
    "53100": "SQLITE_FULL",
    "53200": "SQLITE_NOMEM",
    "53400": "SQLITE_FULL",
    "58030": "SQLITE_IOERR",
    "25006": "SQLITE_READONLY",
}


def coded(kind, message, name):
    """An exception with the code and the name that SQLite gives it."""
    error = kind(message)
    error.sqlite_errorcode = getattr(codes, name)
    error.sqlite_errorname = name
    return error


def unsupported(message):
    """What this module does not have."""
    return NotSupportedError(message)


def of_engine(error):
    """The exception of the DB-API that an error of the store is."""
    sqlstate, message, hint, constraint = error.args
    made = _of_state(sqlstate, message, constraint)
    made.sqlstate = sqlstate
    if hint:
        made.add_note(hint)
    return made


def _of_state(sqlstate, message, constraint):
    if sqlstate in _MISUSE:
        return ProgrammingError(message)
    if sqlstate == "42601" and message.startswith("cannot insert multiple commands"):
        return ProgrammingError("You can only execute one statement at a time.")
    if sqlstate.startswith("23"):
        name = _CONSTRAINTS.get(sqlstate, "SQLITE_CONSTRAINT")
        if sqlstate == "23505" and (constraint or "").endswith("_pkey"):
            name = "SQLITE_CONSTRAINT_PRIMARYKEY"
        return coded(IntegrityError, message, name)
    if sqlstate == "0A000":
        return coded(UnsupportedStatementError, message, "SQLITE_ERROR")
    if sqlstate == "54000":
        return coded(DataError, message, "SQLITE_TOOBIG")
    if sqlstate == "53200" and message.startswith("user-defined"):
        return MemoryError()
    if sqlstate == "57014":
        return coded(OperationalError, "interrupted", "SQLITE_INTERRUPT")
    if sqlstate in ("40001", "40P01", "55P03"):
        busy = coded(OperationalError, "database is locked", "SQLITE_BUSY")
        busy.add_note(message)
        return busy
    if message.startswith("file is not a database"):
        return coded(DatabaseError, message, "SQLITE_NOTADB")
    if sqlstate.startswith("XX"):
        return coded(DatabaseError, message, "SQLITE_CORRUPT")
    return coded(OperationalError, message, _OPERATIONAL.get(sqlstate, "SQLITE_ERROR"))
