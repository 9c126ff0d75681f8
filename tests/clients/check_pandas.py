"""pandas: frames into tables and back, over SQLAlchemy and psycopg, with types, portions and what it asks of the catalog."""

import datetime
import os

import numpy
import pandas
import sqlalchemy

engine = sqlalchemy.create_engine("postgresql+psycopg://", connect_args={
    "host": os.environ["PGHOST"],
    "port": os.environ["PGPORT"],
    "user": os.environ["PGUSER"],
    "dbname": os.environ["PGDATABASE"],
})

COUNT = 2000
numbers = numpy.arange(COUNT)
frame = pandas.DataFrame({
    "trade_id": numbers,
    "symbol": [f"S{n % 5}" for n in numbers],
    "price": numbers * 0.25,
    "quantity": pandas.array([None if n % 10 == 0 else n for n in range(COUNT)], dtype="Int64"),
    "buy": numbers % 2 == 0,
    "executed": pandas.Timestamp("2024-01-01") + pandas.to_timedelta(numbers, unit="min"),
    "zoned": pandas.Timestamp("2024-01-01", tz="UTC") + pandas.to_timedelta(numbers, unit="h"),
})

# Into a table that pandas makes; each way of writing has the same rows.
for method in (None, "multi"):
    frame.to_sql("trades", engine, index=False, if_exists="replace", method=method, chunksize=500)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("select count(*), sum(quantity) from trades").fetchone() == (COUNT, 1800000)

kinds = {column["name"]: str(column["type"]) for column in sqlalchemy.inspect(engine).get_columns("trades")}
assert kinds == {
    "trade_id": "BIGINT", "symbol": "TEXT", "price": "DOUBLE PRECISION", "quantity": "BIGINT",
    "buy": "BOOLEAN", "executed": "TIMESTAMP", "zoned": "TIMESTAMP",
}, kinds

# And back: the whole table, a query, a query with parameters, in portions.
back = pandas.read_sql_table("trades", engine).sort_values("trade_id", ignore_index=True)
pandas.testing.assert_frame_equal(
    back.astype({"quantity": "Int64"}), frame, check_dtype=False
)
assert str(back["zoned"].dtype).endswith("UTC]"), back["zoned"].dtype
got = pandas.read_sql(
    sqlalchemy.text("select symbol, count(*) as n, avg(price) as average from trades where price < :top group by symbol order by symbol"),
    engine, params={"top": 250.0}, index_col="symbol",
)
expected = frame[frame.price < 250].groupby("symbol").price.agg(["count", "mean"])
assert list(got["n"]) == list(expected["count"]) and numpy.allclose(got["average"], expected["mean"])
with engine.connect().execution_options(stream_results=True) as connection:
    parts = list(pandas.read_sql("select trade_id from trades order by trade_id", connection, chunksize=300))
assert [len(part) for part in parts] == [300] * 6 + [200]
assert list(pandas.concat(parts)["trade_id"]) == list(range(COUNT))
days = pandas.read_sql(
    "select executed::date as day, max(price) as top from trades group by 1 order by 1", engine, parse_dates=["day"]
)
assert list(days["top"]) == [359.75, 499.75] and days["day"][0] == pandas.Timestamp("2024-01-01")

# More rows behind those that are there; a table that is there is not made twice.
more = frame.assign(trade_id=frame.trade_id + COUNT)
more.to_sql("trades", engine, index=False, if_exists="append")
assert pandas.read_sql("select count(*) as n from trades", engine)["n"][0] == 2 * COUNT
try:
    frame.to_sql("trades", engine, index=False)
    raise AssertionError("a table was made twice")
except ValueError as error:
    assert "already exists" in str(error)
with_index = frame.head(10).set_index("trade_id")
with_index.to_sql("indexed", engine, dtype={"price": sqlalchemy.Numeric(12, 4), "executed": sqlalchemy.Date})
assert [index["column_names"] for index in sqlalchemy.inspect(engine).get_indexes("indexed")] == [["trade_id"]]
again = pandas.read_sql_table("indexed", engine, index_col="trade_id")
assert again["executed"].iloc[0] in (datetime.date(2024, 1, 1), pandas.Timestamp("2024-01-01")), again["executed"].iloc[0]
print("pandas: good")
