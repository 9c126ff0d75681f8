"""DB-API 2.0 in the manner of CPython's sqlite3, over a store of Bourse."""

import collections.abc
import datetime
import time

from bourse._engine import is_complete as _is_complete
from bourse.sqlite3._adapt import (PrepareProtocol, adapt, adapters, converters, register_adapter,
                                   register_converter)
from bourse.sqlite3._blob import Blob
from bourse.sqlite3._callbacks import enable_callback_tracebacks
from bourse.sqlite3._connection import PARSE_COLNAMES, PARSE_DECLTYPES, Connection, connect
from bourse.sqlite3._constants import *
from bourse.sqlite3._cursor import Cursor
from bourse.sqlite3._errors import (DatabaseError, DataError, Error, IntegrityError, InterfaceError,
                                    InternalError, NotSupportedError, OperationalError,
                                    ProgrammingError, Warning)
from bourse.sqlite3._row import Row

apilevel = "2.0"
paramstyle = "qmark"
#: Threads may share the module, connections and cursors.
threadsafety = 3

#: That of the module's interface, as CPython's tells it.
version = "2.6.0"
version_info = tuple(int(part) for part in version.split("."))
#: The SQLite whose SQL Bourse is compared with.
sqlite_version = "3.53.2"
sqlite_version_info = tuple(int(part) for part in sqlite_version.split("."))

Binary = memoryview
Date = datetime.date
Time = datetime.time
Timestamp = datetime.datetime

collections.abc.Sequence.register(Row)


def DateFromTicks(ticks):
    """The local date of a number of seconds since 1970."""
    return Date(*time.localtime(ticks)[:3])


def TimeFromTicks(ticks):
    """The local time of day of a number of seconds since 1970."""
    return Time(*time.localtime(ticks)[3:6])


def TimestampFromTicks(ticks):
    """The local date and time of a number of seconds since 1970."""
    return Timestamp(*time.localtime(ticks)[:6])


def complete_statement(statement):
    """Whether a text ends with a whole statement."""
    return _is_complete(statement)


def enable_shared_cache(enable):
    """Deprecated: connections of a process share a store's cache always."""
    import warnings
    warnings.warn("enable_shared_cache is deprecated: connections to a store share its cache",
                  DeprecationWarning, stacklevel=2)


def _to_date(value):
    return datetime.date(*map(int, value.split(b"-")))


def _to_timestamp(value):
    day, clock = value.split(b" ")
    clock, _, fraction = clock.partition(b".")
    year, month, day = map(int, day.split(b"-"))
    hours, minutes, seconds = map(int, clock.split(b":"))
    microseconds = int(fraction[:6].ljust(6, b"0")) if fraction else 0
    return datetime.datetime(year, month, day, hours, minutes, seconds, microseconds)


register_adapter(datetime.date, datetime.date.isoformat)
register_adapter(datetime.datetime, lambda value: value.isoformat(" "))
register_converter("date", _to_date)
register_converter("timestamp", _to_timestamp)
