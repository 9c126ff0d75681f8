"""Cursors: a statement, and the rows that it gave."""

from bourse._engine import EngineError, first_word, split
from bourse.sqlite3 import _adapt
from bourse.sqlite3._errors import DataError, ProgrammingError, of_engine

#: Statements that change rows, and so begin a transaction.
_CHANGES = frozenset(("INSERT", "UPDATE", "DELETE", "REPLACE"))

#: Statements that a connection which only reads may run.
_READS = frozenset(("SELECT", "VALUES", "EXPLAIN", "PRAGMA", "BEGIN", "COMMIT", "END", "ROLLBACK",
                    "SAVEPOINT", "RELEASE", "WITH", "ATTACH", "DETACH", ""))

#: Rows that are made objects of Python at a time.
_AT_A_TIME = 256

_NO_PARAMETERS = ()


def is_change(sql):
    """Whether a statement changes rows."""
    word = sql[:7].upper()
    if word[:6] in _CHANGES or word in _CHANGES:
        return not word[6:7].isalnum() or word in _CHANGES
    return first_word(sql) in _CHANGES


def _told(error, sql):
    """The exception of an error in a statement; more than one are refused before all else."""
    if error.args[0] == "42601" and len(split(sql)) > 1:
        return ProgrammingError("You can only execute one statement at a time.")
    return of_engine(error)


class Cursor:
    """A statement, and the rows that it gave."""

    _is_ready = False
    _is_locked = False

    def __init__(self, connection, /):
        from bourse.sqlite3._connection import Connection
        if self._is_locked:
            raise ProgrammingError("Recursive use of cursors not allowed.")
        if not isinstance(connection, Connection):
            kind = type(connection).__name__
            raise TypeError(f"Cursor() argument 1 must be sqlite3.Connection, not {kind}")
        self._connection = connection
        self._check_thread = connection._check_thread
        self._rows = None
        self._buffer = []
        self._converters = None
        self._map = None
        self._is_closed = False
        self._is_locked = False
        self._description = None
        self._rowcount = -1
        self._lastrowid = None
        self._arraysize = 1
        self.row_factory = None
        self._is_ready = True
        connection._note_cursor(self)

    connection = property(lambda self: self._connection)
    description = property(lambda self: self._description)
    rowcount = property(lambda self: self._rowcount)
    lastrowid = property(lambda self: self._lastrowid)

    @property
    def arraysize(self):
        """How many rows fetchmany gives unless told otherwise."""
        return self._arraysize

    @arraysize.setter
    def arraysize(self, size):
        if not isinstance(size, int):
            raise TypeError("an integer is required")
        self._arraysize = size

    def _check(self):
        if not self._is_ready:
            raise ProgrammingError("Base Cursor.__init__ not called.")
        if self._is_closed:
            raise ProgrammingError("Cannot operate on a closed cursor.")
        if self._is_locked:
            raise ProgrammingError("Recursive use of cursors not allowed.")
        self._check_thread()
        self._connection._check_open()

    def execute(self, sql, parameters=_NO_PARAMETERS, /):
        """Run a statement."""
        self._check()
        connection = self._connection
        self._prepare(sql, "execute")
        changes = is_change(sql)
        self._is_locked = True
        self._rows, self._buffer = None, []
        try:
            connection._trace(sql, parameters)
            begins = changes and connection._begins
            rows = connection._engine.execute(sql, parameters, _adapt.adapt_parameter,
                                              _adapt.adapts_basic, begins)
        except EngineError as error:
            self._rowcount = -1
            self._description = None
            raise _told(error, sql) from None
        finally:
            self._is_locked = False
        self._describe(rows)
        self._rowcount = rows.changed if changes else -1
        self._lastrowid = connection._engine.last_row_id
        return self

    def executemany(self, sql, seq_of_parameters, /):
        """Run a statement once for each element."""
        self._check()
        connection = self._connection
        self._prepare(sql, "executemany")
        if not is_change(sql):
            raise ProgrammingError("executemany() can only execute DML statements.")
        self._rows, self._buffer, self._description = None, [], None
        elements = iter(seq_of_parameters)
        if connection._tracer is not None:
            elements = self._traced(sql, elements)
        self._is_locked = True
        try:
            self._rowcount = connection._engine.execute_many(
                sql, elements, _adapt.adapt_parameter, _adapt.adapts_basic, connection._begins)
        except EngineError as error:
            self._rowcount = -1
            raise of_engine(error) from None
        finally:
            self._is_locked = False
        return self

    def _traced(self, sql, elements):
        begins = True
        for element in elements:
            self._connection._trace(sql, element, begins)
            begins = False
            yield element

    def executescript(self, sql_script, /):
        """Run the statements of a script, after a commit of what is open."""
        self._check()
        connection = self._connection
        if not isinstance(sql_script, str):
            kind = type(sql_script).__name__
            raise TypeError(f"executescript() argument must be str, not {kind}")
        if "\0" in sql_script:
            raise ValueError("embedded null character")
        sql_script.encode()
        if len(sql_script.encode()) > connection._limits.sql_length:
            raise DataError("query string is too large")
        self._is_locked = True
        try:
            if connection._engine.in_transaction:
                connection._trace("COMMIT", ())
                connection._run("COMMIT")
            connection._refuse_changes(sql_script)
            connection._engine.execute_script(sql_script)
        except EngineError as error:
            raise of_engine(error) from None
        finally:
            self._is_locked = False
        return self

    def _prepare(self, sql, method):
        """Refuses what is no statement."""
        if not isinstance(sql, str):
            raise TypeError(f"{method}() argument 1 must be str, not {type(sql).__name__}")
        if len(sql) > self._connection._limits.sql_length:
            raise DataError("query string is too large")
        if "\0" in sql:
            raise ProgrammingError("the query contains a null character")
        if self._connection._is_read_only:
            self._connection._refuse_changes(sql)

    def _describe(self, rows):
        """Takes the rows of a statement."""
        self._map = None
        columns = rows.columns()
        if not columns:
            self._description = None
            self._rows = None
            return
        detect = self._connection._detect_types
        if not detect:
            self._converters = None
            self._description = tuple(
                [(name, None, None, None, None, None, None) for name, _ in columns])
        else:
            self._describe_with_types(columns, detect)
        self._rows = rows

    def _describe_with_types(self, columns, detect):
        from bourse.sqlite3._connection import PARSE_COLNAMES, PARSE_DECLTYPES
        names, found = [], []
        for name, declared in columns:
            converter = None
            if detect & PARSE_COLNAMES:
                begin = name.find("[")
                end = name.find("]", begin)
                if begin >= 0 and end >= 0:
                    converter = _adapt.converters.get(name[begin + 1:end].upper())
                cut = name.find(" [")
                if cut >= 0:
                    name = name[:cut]
            if converter is None and detect & PARSE_DECLTYPES and declared:
                word = declared.split("(")[0].split(" ")[0]
                converter = _adapt.converters.get(word.upper())
            names.append((name, None, None, None, None, None, None))
            found.append(converter)
        self._description = tuple(names)
        self._converters = found if any(found) else None

    def _places(self):
        """Places of columns by name, the first of each; also by names in lower case."""
        if self._map is None:
            places = {}
            for place, column in enumerate(self._description or ()):
                places.setdefault(column[0].lower(), place)
            self._map = places
        return self._map

    def _fill(self, count):
        """Makes objects of the next rows. Returns whether there are any."""
        self._is_locked = True
        try:
            factory = self._connection.text_factory
            rows = self._rows.fetch(count, None if factory is str else factory, self._converters)
        except EngineError as error:
            raise of_engine(error) from None
        finally:
            self._is_locked = False
        rows.reverse()
        self._buffer = rows
        if not rows:
            self._rows = None
        return bool(rows)

    def __iter__(self):
        return self

    def __next__(self):
        self._check()
        buffer = self._buffer
        if not buffer:
            if self._rows is None or not self._fill(self._batch()):
                raise StopIteration
            buffer = self._buffer
        row = buffer.pop()
        make = self.row_factory
        if make is None:
            return row
        self._is_locked = True
        try:
            return make(self, row)
        finally:
            self._is_locked = False

    def _batch(self):
        """How many rows are made at a time: one where converters and the like may see it."""
        plain = self._converters is None and self._connection.text_factory is str
        return _AT_A_TIME if plain else 1

    def fetchone(self):
        """The next row, or None."""
        return next(self, None)

    def fetchmany(self, size=None):
        """The next rows, at most ``size``."""
        if size is None:
            self._check()
            size = self._arraysize
        rows = []
        if size < 0:
            return self.fetchall()
        while len(rows) < size:
            row = next(self, None)
            if row is None:
                break
            rows.append(row)
        return rows

    def fetchall(self):
        """All rows that are left."""
        self._check()
        if self.row_factory is None and self._rows is not None and self._batch() > 1:
            rows = self._buffer
            rows.reverse()
            self._fill(1 << 62)
            self._buffer.reverse()
            rows += self._buffer
            self._rows, self._buffer = None, []
            return rows
        return list(self)

    def close(self):
        """Lets go of the rows; the cursor cannot be used any more."""
        if not self._is_ready:
            raise ProgrammingError("Base Cursor.__init__ not called.")
        if self._is_locked:
            raise ProgrammingError("Recursive use of cursors not allowed.")
        self._check_thread()
        self._connection._check_open()
        self._rows, self._buffer = None, []
        self._is_closed = True

    def setinputsizes(self, sizes, /):
        """Required by DB-API. Does nothing."""

    def setoutputsize(self, size, column=None, /):
        """Required by DB-API. Does nothing."""
