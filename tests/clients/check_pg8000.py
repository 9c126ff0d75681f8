"""pg8000, a driver without libpq: values, parameters, transactions, errors, COPY, prepared statements, notifications."""

import io
import os

import pg8000.dbapi
import pg8000.native
from driver_values import COMMON

PLACE = {
    "user": os.environ["PGUSER"],
    "host": os.environ["PGHOST"],
    "port": int(os.environ["PGPORT"]),
    "database": os.environ["PGDATABASE"],
}

VALUES = COMMON + [("jsonb", {"a": [1, 2]})]


def native():
    connection = pg8000.native.Connection(**PLACE)
    for kind, value in VALUES:
        got = connection.run(f"select cast(:value as {kind})", value=value)[0][0]
        assert got == value, (kind, value, got)
    connection.run("create table t (id bigint primary key, word text)")
    statement = connection.prepare("insert into t values (:id, :word)")
    for number in range(100):
        statement.run(id=number, word=f"w{number}")
    statement.close()
    assert connection.run("select count(*) from t") == [[100]]
    assert [column["name"] for column in connection.columns] == ["count"]
    connection.run("update t set word = word where id < 10")
    assert connection.row_count == 10

    connection.run("start transaction")
    connection.run("insert into t values (200, 'x')")
    connection.run("rollback")
    assert connection.run("select count(*) from t where id = 200") == [[0]]

    connection.run("copy t from stdin", stream=io.BytesIO(b"300\ta\n301\t\\N\n"))
    out = io.BytesIO()
    connection.run(
        "copy (select * from t where id >= 300 order by id) to stdout (format csv)", stream=out
    )
    assert out.getvalue() == b"300,a\n301,\n", out.getvalue()

    connection.run("listen trades")
    connection.run("notify trades, 'AAPL'")
    connection.run("select 1")
    assert [tuple(told[1:]) for told in connection.notifications] == [("trades", "AAPL")]
    connection.close()


def by_the_standard():
    """The interface of Python's PEP 249, where transactions begin by themselves."""
    connection = pg8000.dbapi.connect(**PLACE)
    cursor = connection.cursor()
    cursor.execute("select word from t where id = %s and word = %s", (5, "w5"))
    assert cursor.fetchone() == ["w5"]
    cursor.executemany("insert into t values (%s, %s)", [(400, "a"), (401, "b")])
    connection.rollback()
    cursor.execute("select count(*) from t where id >= 400")
    assert cursor.fetchone() == [0]
    try:
        cursor.execute("insert into t values (5, 'twice')")
        raise AssertionError("a duplicate key was taken")
    except pg8000.dbapi.DatabaseError as error:
        told = error.args[0]
        assert told["C"] == "23505" and told["t"] == "t" and told["n"] == "t_pkey", told
    connection.rollback()
    cursor.execute("insert into t values (402, 'c') returning id, word")
    assert cursor.fetchall() == ([402, "c"],)
    connection.commit()
    connection.autocommit = True
    cursor.execute("select id from t where id > %s order by id", (300,))
    assert cursor.fetchall() == ([301], [402])
    assert [column[:2] for column in cursor.description] == [("id", 20)]
    connection.close()


native()
by_the_standard()
print("pg8000: good")
