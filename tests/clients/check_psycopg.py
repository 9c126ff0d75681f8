"""psycopg 3: types in both formats, pipelines, cursors, errors, transactions, notices, cancelling."""

import datetime
import decimal
import io
import json
import threading

import psycopg
from driver_values import COMMON
from psycopg import errors

connection = psycopg.connect("", autocommit=True)
assert connection.info.server_version // 10000 == 15, connection.info.server_version
assert connection.info.encoding == "utf-8"

# Values go there and back, as text and in binary.
VALUES = COMMON + [("int2", 7)]
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
connection.execute("reset statement_timeout")


# Names of parameters, None, lists for ANY, and what a cursor says of its columns.
rows = connection.execute(
    "select a, b from t where a = any(%(ids)s) and b is distinct from %(none)s order by a",
    {"ids": [3, 1, 2], "none": None},
).fetchall()
assert rows == [(1, "1"), (2, "2"), (3, "3")], rows
described = connection.execute("select a, b, a + 0.5 as c from t limit 0").description
assert [(column.name, column.type_code) for column in described] == [
    ("a", 23),
    ("b", 25),
    ("c", 1700),
]
assert connection.execute("update t set b = b where a < 10").statusmessage == "UPDATE 10"
cursor = connection.execute("insert into t values (7000, 'r'), (7001, 's') returning a, b")
assert cursor.fetchall() == [(7000, "r"), (7001, "s")] and cursor.rowcount == 2
assert connection.execute("delete from t where a >= 7000").rowcount == 2

# COPY in text and in binary, into the store and out of it; a client that gives up takes all of it back.
connection.execute(
    "create table copied (id bigint primary key, word text, price numeric(12,2), at timestamptz, raw bytea)"
)
at = datetime.datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=datetime.timezone.utc)
ROWS = [
    (n, None if n % 7 == 0 else f"w\t{n}\n\\", decimal.Decimal(n) / 4, at, bytes([n % 256, 0]))
    for n in range(3000)
]
with connection.cursor() as cursor:
    with cursor.copy("copy copied from stdin") as copy:
        for row in ROWS[:1500]:
            copy.write_row(row)
    assert cursor.rowcount == 1500, cursor.rowcount
    with cursor.copy("copy copied from stdin (format binary)") as copy:
        copy.set_types(["int8", "text", "numeric", "timestamptz", "bytea"])
        for row in ROWS[1500:]:
            copy.write_row(row)
    for options in ("", "(format binary)"):
        with cursor.copy(f"copy (select * from copied order by id) to stdout {options}") as copy:
            copy.set_types(["int8", "text", "numeric", "timestamptz", "bytea"])
            assert list(copy.rows()) == ROWS, options
    try:
        with cursor.copy("copy copied (id, word) from stdin") as copy:
            copy.write_row((9001, "x"))
            raise ValueError("enough")
    except ValueError:
        pass
    try:
        with cursor.copy("copy copied (id, word) from stdin") as copy:
            copy.write("9002\tx\n")
            copy.write("not a number\ty\n")
        raise AssertionError("a text was taken for a bigint")
    except errors.InvalidTextRepresentation as error:
        assert "line 2" in error.diag.context, error.diag.context
    with cursor.copy("copy copied (id, word) from stdin (format csv, header)") as copy:
        copy.write('id,word\n9003,"a,""b"""\n9004,\n')
    csv = io.BytesIO()
    with cursor.copy(
        "copy (select id, word from copied where id > 9000 order by id) to stdout (format csv)"
    ) as copy:
        for piece in copy:
            csv.write(piece)
    assert csv.getvalue() == b'9003,"a,""b"""\n9004,\n', csv.getvalue()
assert connection.execute("select count(*), max(id) from copied").fetchone() == (3002, 9004)

# Cursors of the server: portions, scrolling, and one that outlives its transaction.
with psycopg.connect("") as other:
    with other.cursor(name="portions", binary=True) as cursor:
        cursor.itersize = 100
        cursor.execute("select id from copied where id < 3000 order by id")
        assert [row[0] for row in cursor] == list(range(3000))
    with other.cursor(name="scrolled", scrollable=True) as cursor:
        cursor.execute("select id from copied order by id")
        assert cursor.fetchmany(2) == [(0,), (1,)]
        cursor.scroll(10)
        assert cursor.fetchone() == (12,)
        cursor.scroll(5, mode="absolute")
        assert cursor.fetchone() == (5,)
    held = other.cursor(name="held", withhold=True)
    held.execute("select id from copied order by id desc limit 3")
    other.commit()
    assert held.fetchall() == [(9004,), (9003,), (2999,)]
    held.close()
client = psycopg.ClientCursor(connection)
assert client.execute("select %s, %s", ("it's", None)).fetchone() == ("it's", None)
raw = psycopg.RawCursor(connection)
assert raw.execute("select $2::int - $1::int", (1, 3)).fetchone() == (2,)

# Transactions as they are by default: what is not committed is not there, an error ends all of it.
with psycopg.connect("") as other:
    other.execute("insert into t values (8000, 'x')")
    assert connection.execute("select count(*) from t where a = 8000").fetchone() == (0,)
    other.rollback()
    other.execute("insert into t values (8001, 'x')")
    other.commit()
    assert connection.execute("select count(*) from t where a >= 8000").fetchone() == (1,)
    try:
        other.execute("insert into t values (8001, 'x')")
        raise AssertionError("a duplicate key was taken")
    except errors.UniqueViolation:
        pass
    try:
        other.execute("select 1")
        raise AssertionError("the transaction went on after an error")
    except errors.InFailedSqlTransaction:
        pass
    other.rollback()
    # A table, its rows and its index are one transaction, and so are they when it is taken back.
    other.execute("create table made (id int primary key, word text)")
    other.execute("insert into made values (1, 'x')")
    other.rollback()
    assert other.execute("select to_regclass('made')").fetchone() == (None,)
    other.execute("create table made (id int primary key, word text)")
    with other.cursor() as cursor, cursor.copy("copy made from stdin") as copy:
        copy.write_row((1, "x"))
    other.commit()
assert connection.execute("select * from made").fetchall() == [(1, "x")]

# Levels of isolation; of two that read what the other wrote one is told to try again.
connection.execute("create table doctors (id int primary key, on_call bool)")
connection.execute("insert into doctors values (1, true), (2, true)")
with psycopg.connect("") as one, psycopg.connect("") as two:
    failed = 0
    for each in (one, two):
        each.isolation_level = psycopg.IsolationLevel.SERIALIZABLE
        assert each.execute("select count(*) from doctors where on_call").fetchone() == (2,)
    try:
        one.execute("update doctors set on_call = false where id = 1")
        two.execute("update doctors set on_call = false where id = 2")
        one.commit()
        two.commit()
    except errors.SerializationFailure:
        failed += 1
        one.rollback()
        two.rollback()
    assert failed == 1
assert connection.execute("select count(*) from doctors where on_call").fetchone() == (1,)
with psycopg.connect("") as other:
    other.read_only = True
    try:
        other.execute("delete from doctors")
        raise AssertionError("a transaction that only reads deleted rows")
    except errors.ReadOnlySqlTransaction:
        pass
    other.rollback()
    other.read_only = None

# A row that another transaction holds is waited for, or not.
with psycopg.connect("") as one, psycopg.connect("") as two:
    one.execute("select * from doctors where id = 1 for update")
    try:
        two.execute("select * from doctors where id = 1 for update nowait")
        raise AssertionError("a locked row was locked")
    except errors.LockNotAvailable:
        two.rollback()
    assert two.execute(
        "select id from doctors order by id for update skip locked"
    ).fetchall() == [(2,)]

# LISTEN and NOTIFY between sessions.
with psycopg.connect("", autocommit=True) as listener:
    listener.execute("listen trades")
    connection.execute("notify trades, 'AAPL'")
    told = next(iter(listener.notifies(timeout=10, stop_after=1)))
    assert (told.channel, told.payload) == ("trades", "AAPL"), told

# Pipelines with several transactions in them: what came before an error in its own transaction is there.
with connection.pipeline() as pipeline:
    with connection.transaction():
        connection.execute("insert into made values (2, 'y')")
    pipeline.sync()
    try:
        with connection.transaction():
            connection.execute("insert into made values (3, 'z')")
            connection.execute("insert into made values (1, 'twice')")
            pipeline.sync()
        raise AssertionError("a duplicate key was taken")
    except errors.UniqueViolation:
        pass
assert connection.execute("select id from made order by id").fetchall() == [(1,), (2,)]

# JSON, enumerated types, arrays of texts and rows by name.
connection.execute("create table documents (id int primary key, body jsonb, plain json)")
body = {"a": [1, 2.5, None, {"b": "c"}], "d": True}
connection.execute(
    "insert into documents values (1, %s, %s)",
    (psycopg.types.json.Jsonb(body), psycopg.types.json.Json(body)),
)
for binary in (False, True):
    cursor = connection.cursor(binary=binary)
    assert cursor.execute("select body, plain from documents").fetchone() == (body, body)
assert connection.execute("select body -> 'a' -> 3 ->> 'b' from documents").fetchone() == ("c",)
assert json.loads(connection.execute("select plain::text from documents").fetchone()[0]) == body
connection.execute("create type mood as enum ('sad', 'glad')")
connection.execute("create table moods (id int primary key, mood mood)")
connection.execute("insert into moods values (1, 'glad'), (2, %s)", ("sad",))
assert connection.execute("select id from moods order by mood").fetchall() == [(2,), (1,)]
named = connection.cursor(row_factory=psycopg.rows.dict_row)
assert named.execute("select id, mood::text as feels from moods where id = 1").fetchone() == {
    "id": 1,
    "feels": "glad",
}

connection.close()
print("psycopg: good")
