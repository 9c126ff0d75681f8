"""psycopg 3: types in both formats, pipelines, cursors, errors, transactions, notices, cancelling."""

import datetime
import decimal
import threading
import uuid

import psycopg
from psycopg import errors

connection = psycopg.connect("", autocommit=True)
assert connection.info.server_version // 10000 == 15, connection.info.server_version
assert connection.info.encoding == "utf-8"

# Values go there and back, as text and in binary.
VALUES = [
    ("int8", 2**62),
    ("int4", -5),
    ("int2", 7),
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
for binary in (False, True):
    for kind, value in VALUES:
        cursor = connection.cursor(binary=binary)
        placeholder = "%b" if binary and value is not None else "%s"
        got = cursor.execute(f"select {placeholder}::{kind}", (value,)).fetchone()[0]
        assert got == value, (binary, kind, value, got)

connection.execute("create table t (a int primary key, b text)")
with connection.cursor() as cursor:
    cursor.executemany("insert into t values (%s, %s)", [(n, str(n)) for n in range(1000)])
    assert cursor.rowcount == 1000, cursor.rowcount
assert connection.execute("select count(*) from t").fetchone() == (1000,)

# Statements that run often are prepared.
for number in range(20):
    row = connection.execute("select b from t where a = %s", (number,), prepare=True).fetchone()
    assert row == (str(number),)

# A pipeline is sent at once; its error ends it.
with connection.pipeline():
    cursors = [connection.execute("select a + %s from t where a = 1", (n,)) for n in range(100)]
assert [cursor.fetchone()[0] for cursor in cursors] == [1 + n for n in range(100)]
try:
    with connection.pipeline():
        connection.execute("insert into t values (5000, 'x')")
        connection.execute("insert into t values (5000, 'x')")
    raise AssertionError("a duplicate key was taken")
except errors.UniqueViolation as error:
    assert error.diag.sqlstate == "23505"
    assert error.diag.table_name == "t" and error.diag.schema_name == "public"
    assert error.diag.constraint_name, error.diag

# Rows that are read one after the other, as they come.
stream = connection.cursor().stream("select g from generate_series(1, 10000) g")
assert sum(row[0] for row in stream) == 50005000

# Transactions, and those inside of them.
with psycopg.connect("") as other:
    with other.transaction():
        other.execute("insert into t values (6000, 'x')")
        try:
            with other.transaction():
                other.execute("insert into t values (6001, 'x')")
                raise ValueError
        except ValueError:
            pass
    assert other.execute("select count(*) from t where a >= 6000").fetchone() == (1,)

# The transaction's letter.
with psycopg.connect("") as other:
    other.execute("select 1")
    assert other.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS
    try:
        other.execute("select 1/0")
    except errors.DivisionByZero:
        pass
    assert other.info.transaction_status == psycopg.pq.TransactionStatus.INERROR
    other.rollback()

# Errors tell where.
try:
    connection.execute("select nothing from t")
    raise AssertionError
except errors.UndefinedColumn as error:
    assert error.diag.statement_position == "8", error.diag.statement_position

notices = []
connection.add_notice_handler(lambda notice: notices.append(notice.message_primary))
connection.execute("drop table if exists nothing")
assert len(notices) == 1 and "nothing" in notices[0], notices

# Cancelling, from another thread.
endless = "select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b"
timer = threading.Timer(0.3, connection.cancel_safe)
timer.start()
try:
    connection.execute(endless)
    raise AssertionError("it was not cancelled")
except errors.QueryCanceled:
    pass
connection.execute("set statement_timeout = '100ms'")
try:
    connection.execute(endless)
    raise AssertionError("it had all the time")
except errors.QueryCanceled:
    pass
connection.close()
print("psycopg: good")
