"""Values that every driver gives and takes, and what they are to PostgreSQL."""

import datetime
import decimal
import uuid

COMMON = [
    ("int8", 2**62),
    ("int4", -5),
    ("float8", 1.5e300),
    ("numeric", decimal.Decimal("-12345678901234567890.1234")),
    ("text", "caf\u00e9 'quoted'"),
    ("bool", True),
    ("bytea", b"\x00\xff"),
    ("date", datetime.date(2024, 2, 29)),
    ("time", datetime.time(23, 59, 59, 999999)),
    ("timestamp", datetime.datetime(1999, 12, 31, 23, 59, 59, 500000)),
    ("timestamptz", datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)),
    ("interval", datetime.timedelta(days=3, seconds=5)),
    ("uuid", uuid.UUID("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")),
    ("int4[]", [1, None, 3]),
    ("text[]", ["a", "b c", ""]),
    ("int8", None),
]
