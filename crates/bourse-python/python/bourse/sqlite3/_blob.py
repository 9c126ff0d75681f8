"""Blobs of rows as files.

A blob is read and written whole, by statements over its column: seeking in a large one is no
cheaper than reading it.
"""

import os

from bourse.sqlite3._errors import OperationalError, ProgrammingError, coded
from bourse.sqlite3._made import NotMade

_INT_MAX = 2**31 - 1


class Blob(metaclass=NotMade):
    """A blob of a row as a file."""

    __module__ = "sqlite3"

    @classmethod
    def _open(cls, connection, table, column, row, readonly, name):
        if name not in ("main", "temp"):
            raise coded(OperationalError, f"no such database: {name}", "SQLITE_ERROR")
        blob = object.__new__(cls)
        blob._connection = connection
        blob._readonly = bool(readonly)
        table, column = _quoted(table), _quoted(column)
        blob._query = f"SELECT {column} FROM {table} WHERE rowid = ?"
        blob._update = f"UPDATE {table} SET {column} = ? WHERE rowid = ?"
        blob._row = row
        blob._offset = 0
        blob._closed = False
        found = connection._run(blob._query, (row,))
        if not found:
            raise coded(OperationalError, f"no such rowid: {row}", "SQLITE_ERROR")
        blob._kind = type(found[0][0])
        if blob._kind not in (bytes, str):
            kind = {int: "integer", float: "real"}.get(blob._kind, "null")
            raise coded(OperationalError, f"cannot open value of type {kind}", "SQLITE_ERROR")
        blob._data = _bytes(found[0][0])
        return blob

    def _check(self):
        self._connection._check()
        if self._closed:
            raise ProgrammingError("Cannot operate on a closed blob.")

    def _read(self):
        """The bytes, which must be what they were: SQLite ends a blob whose row has changed."""
        found = self._connection._run(self._query, (self._row,))
        if not found or _bytes(found[0][0]) != self._data:
            raise coded(OperationalError, "query aborted", "SQLITE_ABORT")
        return self._data

    def _write(self, data):
        if self._readonly:
            raise coded(OperationalError, "attempt to write a readonly database",
                        "SQLITE_READONLY")
        self._read()
        value = data if self._kind is bytes else data.decode()
        self._connection._run(self._update, (value, self._row))
        self._data = data

    def read(self, length=-1, /):
        """The bytes from the position on, at most ``length`` where that is not negative."""
        self._check()
        data = self._read()
        end = len(data) if length < 0 else min(self._offset + length, len(data))
        part = data[self._offset:end]
        self._offset += len(part)
        return part

    def write(self, data, /):
        """Write bytes at the position. The blob cannot grow."""
        self._check()
        data = bytes(memoryview(data))
        end = self._offset + len(data)
        if end > len(self._data):
            raise ValueError("data longer than blob length")
        if data:
            self._write(self._data[:self._offset] + data + self._data[end:])
        self._offset = end

    def seek(self, offset, origin=os.SEEK_SET, /):
        """Move the position."""
        self._check()
        if origin == os.SEEK_SET:
            start = 0
        elif origin == os.SEEK_CUR:
            start = self._offset
        elif origin == os.SEEK_END:
            start = len(self._data)
        else:
            raise ValueError("'origin' should be os.SEEK_SET, os.SEEK_CUR, or os.SEEK_END")
        if start + offset > _INT_MAX:
            raise OverflowError("seek offset results in overflow")
        if not 0 <= start + offset <= len(self._data):
            raise ValueError("offset out of blob range")
        self._offset = start + offset

    def tell(self):
        """The position."""
        self._check()
        return self._offset

    def close(self):
        """Close the blob."""
        self._connection._check()
        self._closed = True

    def __len__(self):
        self._check()
        return len(self._data)

    def _index(self, key):
        if not hasattr(type(key), "__index__"):
            raise TypeError("Blob indices must be integers")
        key = key.__index__()
        if not -2**63 <= key < 2**63:
            raise IndexError("cannot fit 'int' into an index-sized integer")
        if key < 0:
            key += len(self._data)
        if not 0 <= key < len(self._data):
            raise IndexError("Blob index out of range")
        return key

    def _slice(self, key):
        try:
            return range(*key.indices(len(self._data)))
        except TypeError:
            raise TypeError("Blob indices must be integers") from None

    def __getitem__(self, key):
        self._check()
        if isinstance(key, slice):
            places = self._slice(key)
            data = self._read() if places else b""
            return bytes(data[place] for place in places)
        return self._read()[self._index(key)]

    def __setitem__(self, key, value):
        self._check()
        data = bytearray(self._data)
        if isinstance(key, slice):
            places = self._slice(key)
            view = memoryview(value)
            if not view.c_contiguous:
                raise BufferError("underlying buffer is not C-contiguous")
            value = view.tobytes()
            if len(value) != len(places):
                raise IndexError("Blob slice assignment is wrong size")
            if not places:
                return
            for place, byte in zip(places, value):
                data[place] = byte
        else:
            place = self._index(key)
            if not isinstance(value, int):
                kind = type(value).__name__
                raise TypeError(f"'{kind}' object cannot be interpreted as an integer")
            if not 0 <= value <= 255:
                raise ValueError("byte must be in range(0, 256)")
            data[place] = value
        self._write(bytes(data))

    def __delitem__(self, key):
        self._check()
        kind = "slice" if isinstance(key, slice) else "item"
        raise TypeError(f"Blob doesn't support {kind} deletion")

    #: A blob is no sequence to look through.
    __iter__ = None

    def __enter__(self):
        self._check()
        return self

    def __exit__(self, kind, value, traceback, /):
        self._check()
        self.close()
        return False


def _bytes(value):
    return value.encode() if isinstance(value, str) else value


def _quoted(name):
    return f"[{name}]" if "]" not in name else '"' + name.replace('"', '""') + '"'
