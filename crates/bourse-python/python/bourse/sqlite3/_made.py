"""Classes whose objects only the module makes."""


class NotMade(type):
    """Refuses calls of the class."""

    def __call__(cls, *arguments, **more):
        raise TypeError(f"cannot create '{cls.__module__}.{cls.__qualname__}' instances")


class Statement(metaclass=NotMade):
    """The text of a statement: what is made of it, the store keeps."""

    __module__ = "sqlite3"

    @classmethod
    def _of(cls, sql):
        statement = object.__new__(cls)
        statement.sql = sql
        return statement
