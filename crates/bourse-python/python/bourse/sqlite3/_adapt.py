"""Adapters, which make a type of SQLite of any object, and converters, which go the other way."""

from bourse.sqlite3._errors import ProgrammingError

#: Adapters by (type, protocol).
adapters = {}
#: Converters by the name of a declared type in capitals.
converters = {}

#: Whether objects of SQLite's own types have an adapter, which must be asked then.
adapts_basic = False


class PrepareProtocol:
    """The protocol that objects are adapted to when they are bound to a parameter."""


def register_adapter(type, adapter, /):
    """Have ``adapter`` make one of SQLite's types of objects of a type."""
    global adapts_basic
    if type in (int, float, str, bytes, bytearray):
        adapts_basic = True
    adapters[type, PrepareProtocol] = adapter


def register_converter(typename, converter, /):
    """Have ``converter`` read columns that were declared with a type, from their bytes."""
    converters[typename.upper()] = converter


_MISSING = object()


def adapt(obj, proto=PrepareProtocol, alt=_MISSING, /):
    """Adapt an object to a protocol."""
    adapter = adapters.get((type(obj), proto))
    if adapter is not None:
        return adapter(obj)
    for method, argument in ((getattr(proto, "__adapt__", None), obj),
                             (getattr(obj, "__conform__", None), proto)):
        if method is None:
            continue
        try:
            adapted = method(argument)
        except TypeError:
            continue
        if adapted is not None:
            return adapted
    if alt is not _MISSING:
        return alt
    raise ProgrammingError("can't adapt")


def adapt_parameter(value):
    """What is bound for an object: what an adapter makes of it, or the object itself."""
    return adapt(value, PrepareProtocol, value)
