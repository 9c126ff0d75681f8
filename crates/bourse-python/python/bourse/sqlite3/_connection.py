"""Connections, and how they are opened."""

import os
import sys
import threading
import urllib.parse
import weakref

from bourse._engine import Engine, EngineError, first_word
from bourse.sqlite3 import _constants as codes
from bourse.sqlite3 import _errors
from bourse.sqlite3._cursor import Cursor
from bourse.sqlite3._errors import (DataError, OperationalError, ProgrammingError, coded, of_engine,
                                    unsupported)
from bourse.sqlite3._made import Statement

PARSE_DECLTYPES = 1
PARSE_COLNAMES = 2

_BEGINNINGS = ("", "DEFERRED", "IMMEDIATE", "EXCLUSIVE")


class Limits:
    """What SQLite calls limits, as Bourse has them."""

    def __init__(self):
        self.sql_length = 1_000_000_000

    _FIXED = {
        codes.SQLITE_LIMIT_LENGTH: 64 << 20,
        codes.SQLITE_LIMIT_COLUMN: 1600,
        codes.SQLITE_LIMIT_EXPR_DEPTH: 1000,
        codes.SQLITE_LIMIT_COMPOUND_SELECT: 500,
        codes.SQLITE_LIMIT_VDBE_OP: 250_000_000,
        codes.SQLITE_LIMIT_FUNCTION_ARG: 127,
        codes.SQLITE_LIMIT_ATTACHED: 0,
        codes.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 50_000,
        codes.SQLITE_LIMIT_VARIABLE_NUMBER: 65_535,
        codes.SQLITE_LIMIT_TRIGGER_DEPTH: 0,
        codes.SQLITE_LIMIT_WORKER_THREADS: 0,
    }

    def get(self, category):
        if category == codes.SQLITE_LIMIT_SQL_LENGTH:
            return self.sql_length
        if category not in self._FIXED:
            raise ProgrammingError("'category' is out of bounds")
        return self._FIXED[category]

    def set(self, category, limit):
        former = self.get(category)
        if category == codes.SQLITE_LIMIT_SQL_LENGTH:
            if limit >= 0:
                self.sql_length = min(limit, 1_000_000_000)
        elif 0 <= limit < former:
            raise unsupported("Bourse has no way to lower this limit of a connection")
        return former


def _open(database, uri, dialect):
    """The session with what ``database`` names, and whether it may only read."""
    name = os.fsdecode(database)
    if "\0" in name:
        raise ValueError("embedded null character")
    create, read_only, memory, shared = True, False, name in (":memory:", ""), False
    if uri and name.startswith("file:"):
        parts = urllib.parse.urlsplit(name)
        if parts.netloc not in ("", "localhost"):
            raise OperationalError(f"invalid uri authority: {parts.netloc}")
        query = dict(urllib.parse.parse_qsl(parts.query))
        name = os.fsdecode(urllib.parse.unquote_to_bytes(os.fsencode(parts.path)))
        memory = name in (":memory:", "")
        mode = query.get("mode", "rwc")
        if mode not in ("ro", "rw", "rwc", "memory"):
            raise coded(OperationalError, f"no such access mode: {mode}", "SQLITE_ERROR")
        shared = query.get("cache") == "shared"
        create, read_only = mode not in ("ro", "rw"), mode == "ro"
        memory = memory or mode == "memory"
    try:
        if memory:
            return Engine.open(None, name if shared else None, True, dialect), read_only
        if not create and not os.path.isdir(name):
            raise coded(OperationalError, "unable to open database file", "SQLITE_CANTOPEN")
        return Engine.open(name, None, create, dialect), read_only
    except EngineError as error:
        raised = of_engine(error)
        if raised.sqlstate in ("58030", "58P01"):
            told = coded(OperationalError, "unable to open database file", "SQLITE_CANTOPEN")
            told.add_note(str(raised))
            raise told from None
        raise raised from None


class Connection:
    """A connection to a store."""

    Warning = _errors.Warning
    Error = _errors.Error
    InterfaceError = _errors.InterfaceError
    DatabaseError = _errors.DatabaseError
    InternalError = _errors.InternalError
    OperationalError = _errors.OperationalError
    ProgrammingError = _errors.ProgrammingError
    IntegrityError = _errors.IntegrityError
    DataError = _errors.DataError
    NotSupportedError = _errors.NotSupportedError

    _engine = None
    _is_ready = False

    def __init__(self, database, timeout=5.0, detect_types=0, isolation_level="",
                 check_same_thread=True, factory=None, cached_statements=128, uri=False, *,
                 dialect="sqlite"):
        beginning = _beginning(isolation_level)
        if not isinstance(timeout, (int, float)):
            raise TypeError("must be real number, not " + type(timeout).__name__)
        if not isinstance(detect_types, int):
            raise TypeError("detect_types must be int")
        if not isinstance(cached_statements, int):
            kind = type(cached_statements).__name__
            raise TypeError(f"'{kind}' object cannot be interpreted as an integer")
        if dialect not in ("sqlite", "postgresql"):
            raise ValueError("dialect must be 'sqlite' or 'postgresql'")
        database = os.fspath(database) if not isinstance(database, bytes) else database
        sys.audit("sqlite3.connect", database)
        former, self._engine, self._is_ready = self._engine, None, False
        if former is not None:
            former.close()
        self._engine, self._is_read_only = _open(database, uri, dialect)
        self._thread = threading.get_ident() if check_same_thread else None
        self._detect_types = detect_types
        self._isolation_level = isolation_level if isolation_level is None else beginning
        self._begins = isolation_level is not None
        self._limits = Limits()
        self._tracer = None
        self._is_closed = False
        self._cursors = weakref.WeakSet()
        self.row_factory = None
        self.text_factory = str
        self._engine.set_lock_timeout(max(int(timeout * 1000), 1))
        self._is_ready = True
        sys.audit("sqlite3.connect/handle", self)

    def __del__(self):
        engine = self._engine
        if engine is not None:
            self._engine = None
            engine.close()

    def _check_thread(self):
        if self._thread is not None and self._thread != threading.get_ident():
            raise ProgrammingError(
                "SQLite objects created in a thread can only be used in that same thread. The "
                f"object was created in thread id {self._thread} and this is thread id "
                f"{threading.get_ident()}.")

    def _check_open(self):
        if not self._is_ready:
            raise ProgrammingError("Base Connection.__init__ not called.")
        if self._is_closed:
            raise ProgrammingError("Cannot operate on a closed database.")

    def _check(self):
        if not self._is_ready:
            raise ProgrammingError("Base Connection.__init__ not called.")
        self._check_thread()
        self._check_open()

    def _note_cursor(self, cursor):
        self._check_open()

    def _run(self, sql, parameters=()):
        """A statement of the module's own; its rows."""
        try:
            rows = self._engine.execute(sql, parameters, _same, False, False)
            return rows.fetch(1 << 62, None, None)
        except EngineError as error:
            raise of_engine(error) from None

    def _trace(self, sql, parameters, is_first=True):
        """Shows a statement to the program's callback."""
        if self._tracer is None:
            return
        begins = is_first and self._begins and not self._engine.in_transaction
        if begins and _is_change(sql):
            self._show(f"BEGIN {self._isolation_level}")
        self._show(_expanded(sql, parameters))

    def _show(self, text):
        try:
            self._tracer(text)
        except BaseException:
            _print_callback_error(self._tracer)

    def _refuse_changes(self, sql):
        """Refuses what changes something where the connection may only read."""
        if not self._is_read_only:
            return
        from bourse._engine import split
        from bourse.sqlite3._cursor import _READS
        for statement in split(sql):
            word = first_word(statement)
            if word not in _READS or word == "WITH" and _may_change(statement):
                raise coded(OperationalError, "attempt to write a readonly database",
                            "SQLITE_READONLY")

    # The DB-API

    def cursor(self, factory=Cursor):
        """A cursor."""
        self._check()
        cursor = factory(self)
        if not issubclass(type(cursor), Cursor):
            kind = type(cursor).__name__
            raise TypeError(f"factory must return a cursor, not {kind}")
        if self.row_factory is not None:
            cursor.row_factory = self.row_factory
        return cursor

    def execute(self, *arguments):
        """Run a statement with a cursor of its own."""
        return self.cursor().execute(*arguments)

    def executemany(self, *arguments):
        """Run a statement many times with a cursor of its own."""
        return self.cursor().executemany(*arguments)

    def executescript(self, *arguments):
        """Run a script with a cursor of its own."""
        return self.cursor().executescript(*arguments)

    def commit(self):
        """Commit what is open, if anything is."""
        self._check()
        if self._engine.in_transaction:
            self._trace("COMMIT", ())
            self._run("COMMIT")

    def rollback(self):
        """Take back what is open, if anything is."""
        self._check()
        if self._engine.in_transaction:
            self._trace("ROLLBACK", ())
            self._run("ROLLBACK")

    def close(self):
        """Close the connection; what is open is rolled back."""
        if not self._is_ready:
            raise ProgrammingError("Base Connection.__init__ not called.")
        self._check_thread()
        if self._is_closed:
            return
        self._is_closed = True
        try:
            self._engine.close()
        except EngineError as error:
            raise of_engine(error) from None

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, kind, value, traceback, /):
        if kind is None and value is None and traceback is None:
            try:
                self.commit()
            except BaseException:
                self.rollback()
                raise
        else:
            self.rollback()
        return False

    def __call__(self, *arguments):
        self._check()
        (sql,) = arguments
        if not isinstance(sql, str):
            raise TypeError(f"argument 1 must be str, not {type(sql).__name__}")
        if len(sql.encode()) > self._limits.sql_length:
            raise DataError("query string is too large")
        return Statement._of(sql)

    # Properties

    @property
    def isolation_level(self):
        """How transactions are begun implicitly; None if they are not."""
        self._check()
        return self._isolation_level

    @isolation_level.setter
    def isolation_level(self, level):
        if level is None:
            self._begins, self._isolation_level = False, None
            # As CPython's module: what is open ends.
            self.commit()
            return
        self._isolation_level = _beginning(level)
        self._begins = True

    @isolation_level.deleter
    def isolation_level(self):
        raise AttributeError("cannot delete attribute")

    @property
    def in_transaction(self):
        """Whether a transaction is open."""
        self._check_open()
        return self._engine.in_transaction

    @property
    def total_changes(self):
        """Rows that were changed since the connection was opened."""
        self._check()
        return self._engine.total_changes

    # What SQL calls back

    def create_function(self, name, narg, func, /, *, deterministic=False):
        """Give SQL a function; None takes it away."""
        self._check()
        arguments = _arguments(narg)
        if func is not None and not callable(func):
            raise TypeError("parameter must be callable")
        self._give(self._engine.create_function, name, arguments, bool(deterministic), func)

    def create_aggregate(self, name, n_arg, aggregate_class, /):
        """Give SQL an aggregate; None takes it away."""
        self._check()
        self._give(self._engine.create_aggregate, name, _arguments(n_arg), False, aggregate_class)

    def create_window_function(self, name, num_params, aggregate_class, /):
        """Give SQL an aggregate that may be called with OVER; None takes it away.

        Bourse never calls its method ``inverse``: frames are computed anew where rows leave them.
        """
        self._check()
        arguments = _arguments(num_params, ProgrammingError)
        self._give(self._engine.create_aggregate, name, arguments, True, aggregate_class)

    def _give(self, give, *arguments):
        try:
            give(*arguments)
        except EngineError as error:
            raise of_engine(error) from None

    def create_collation(self, name, callback, /):
        """Bourse's indexes cannot call Python, so there are no collations of a program's."""
        self._check()
        if not isinstance(name, str):
            raise TypeError(f"create_collation() argument 1 must be str, not {_kind(name)}")
        name.encode()
        if callback is None:
            return
        if not callable(callback):
            raise TypeError("parameter must be callable")
        raise unsupported("Bourse orders texts by BINARY, NOCASE and RTRIM only: its indexes "
                          "cannot call Python")

    def set_authorizer(self, authorizer_callback):
        """Bourse asks nobody before it runs a statement."""
        self._check()
        if authorizer_callback is not None:
            raise unsupported("Bourse has no authorizer")

    def set_trace_callback(self, trace_callback):
        """Have the text of each statement shown before it runs."""
        self._check()
        self._tracer = trace_callback

    def set_progress_handler(self, progress_handler, n):
        """Have a function called now and then while statements run; a true answer ends them.

        ``n`` is not heeded: it is about every thousand rows of work.
        """
        self._check()
        if not isinstance(n, int):
            raise TypeError("n must be int")
        self._engine.set_progress_handler(progress_handler if n > 0 else None)

    def interrupt(self):
        """End the statement that runs, from any thread."""
        self._check_open()
        self._engine.cancel()

    # Whole stores

    def iterdump(self):
        """The store as SQL, statement by statement."""
        self._check()
        from bourse.sqlite3.dump import dump
        return dump(self)

    def backup(self, target, *, pages=-1, progress=None, name="main", sleep=0.25):
        """Copy the store into another one, whose tables go."""
        from bourse.sqlite3._backup import copy
        copy(self, target, pages, progress, name, sleep)

    def backup_to(self, folder):
        """Write a backup of the store into a new folder, as ``bourse backup`` does."""
        self._check()
        try:
            self._engine.backup_to(os.fspath(folder))
        except EngineError as error:
            raise of_engine(error) from None

    def blobopen(self, table, column, row, /, *, readonly=False, name="main"):
        """A blob of a row as a file."""
        self._check()
        from bourse.sqlite3._blob import Blob
        return Blob._open(self, table, column, row, readonly, name)

    def serialize(self, *, name="main"):
        """A store is a folder and no sequence of bytes."""
        self._check()
        raise unsupported("a store of Bourse is a folder: see backup_to")

    def deserialize(self, data, /, *, name="main"):
        """A store is a folder and no sequence of bytes."""
        self._check()
        raise unsupported("a store of Bourse is a folder: see backup_to")

    def enable_load_extension(self, enable, /):
        """Bourse loads no extensions of SQLite."""
        self._check()
        if enable:
            raise unsupported("Bourse loads no extensions of SQLite")

    def load_extension(self, name, /):
        """Bourse loads no extensions of SQLite."""
        self._check()
        raise unsupported("Bourse loads no extensions of SQLite")

    def getlimit(self, category, /):
        """A limit of the connection."""
        self._check()
        return self._limits.get(category)

    def setlimit(self, category, limit, /):
        """Set a limit of the connection; the former one."""
        self._check()
        return self._limits.set(category, limit)


def _beginning(level):
    if level is None:
        return None
    if not isinstance(level, str):
        raise TypeError("isolation_level must be str or None")
    if "\0" in level:
        raise ValueError("embedded null character")
    level.encode()
    name = str.upper(level)
    if name not in _BEGINNINGS:
        raise ValueError(
            "isolation_level string must be '', 'DEFERRED', 'IMMEDIATE', or 'EXCLUSIVE'")
    return name


def _arguments(count, error=OperationalError):
    if not isinstance(count, int):
        raise TypeError(f"'{_kind(count)}' object cannot be interpreted as an integer")
    if not -1 <= count <= 127:
        raise error("Error creating function")
    return None if count < 0 else count


def _kind(value):
    return type(value).__name__


def _same(value):
    return value


def _is_change(sql):
    from bourse.sqlite3._cursor import is_change
    return is_change(sql)


def _may_change(statement):
    words = statement.upper().split()
    return any(word.strip("(") in ("INSERT", "UPDATE", "DELETE", "REPLACE") for word in words)


def _expanded(sql, parameters):
    """A statement with its parameters written out, where they are unnamed."""
    if not parameters or isinstance(parameters, dict) or sql.count("?") != len(parameters):
        return sql
    parts = sql.split("?")
    text = parts[0]
    for value, part in zip(parameters, parts[1:]):
        text += _literal(value) + part
    return text


def _literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    try:
        return "x'" + bytes(value).hex() + "'"
    except TypeError:
        return "?"


def _print_callback_error(callback):
    from bourse.sqlite3 import _callbacks
    if _callbacks.tracebacks:
        kind, value, traceback = sys.exc_info()
        unraisable = _callbacks.Unraisable(kind, value, traceback, None, callback)
        sys.unraisablehook(unraisable)


def connect(*arguments, **named):
    """Open a connection to the store in a folder; ``:memory:`` opens one in memory.

    The arguments are those of ``Connection``, or of ``factory`` where one is given.
    """
    factory = arguments[5] if len(arguments) > 5 else named.get("factory", Connection)
    return factory(*arguments, **named)
