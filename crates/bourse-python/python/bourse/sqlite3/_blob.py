"""Blobs as files: not there yet."""

from bourse.sqlite3._errors import unsupported


class Blob:
    """A blob of a row as a file."""

    @staticmethod
    def _open(connection, table, column, row, readonly, name):
        raise unsupported("Bourse opens no blob of a row as a file: read and write the column")
