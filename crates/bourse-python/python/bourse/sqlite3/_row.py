"""Rows with names."""

from bourse.sqlite3._cursor import Cursor


class Row:
    """A row whose values are found by their place, or by the name of their column."""

    __slots__ = ("_places", "_description", "_values")

    def __new__(cls, cursor, data, /):
        if not issubclass(type(cursor), Cursor):
            raise TypeError(f"Row() argument 1 must be sqlite3.Cursor, not {_name(cursor)}")
        if not isinstance(data, tuple):
            raise TypeError(f"Row() argument 2 must be tuple, not {_name(data)}")
        row = super().__new__(cls)
        row._description = cursor.description
        row._places = cursor._places()
        row._values = data
        return row

    def keys(self):
        """The names of the columns."""
        return [column[0] for column in self._description or ()]

    def __getitem__(self, key):
        if isinstance(key, str):
            place = self._places.get(key)
            if place is None:
                place = self._places.get(key.lower())
            if place is None or not key.isascii() and key not in self.keys():
                raise IndexError("No item with that key")
            return self._values[place]
        if isinstance(key, (int, slice)):
            return self._values[key]
        raise IndexError("Index must be int or string")

    def __len__(self):
        return len(self._values)

    def __iter__(self):
        return iter(self._values)

    def __hash__(self):
        return hash(self._description) ^ hash(self._values)

    def __eq__(self, other):
        if not isinstance(other, Row):
            return NotImplemented
        return self._description == other._description and self._values == other._values

    def __ne__(self, other):
        if not isinstance(other, Row):
            return NotImplemented
        return not self == other


def _name(value):
    return type(value).__name__
