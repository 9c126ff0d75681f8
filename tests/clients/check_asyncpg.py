"""asyncpg: binary values, its look at types, prepared statements, cursors, COPY, transactions, LISTEN, pools."""

import asyncio
import datetime
import decimal

import asyncpg
from driver_values import COMMON

UTC = datetime.timezone.utc

# asyncpg sends and reads all of them in binary.
VALUES = COMMON + [
    ("int2", 7),
    ("float4", 0.5),
    ("varchar", "abc"),
    ("numeric[]", [decimal.Decimal("1.50"), None]),
    ("jsonb", '{"a": [1, 2]}'),
]


async def types(connection):
    assert connection.get_server_version().major == 15
    for kind, value in VALUES:
        got = await connection.fetchval(f"select $1::{kind}", value)
        assert got == value, (kind, value, got)
    # Each side of a comparison tells the other's type.
    assert (
        await connection.fetchval("select count(*) from pg_class where relname = $1", "none") == 0
    )
    row = await connection.fetchrow("select 1 as a, 'x' as b, null::date as c")
    assert dict(row) == {"a": 1, "b": "x", "c": None}, row


async def prepared(connection):
    await connection.execute(
        "create table t (id bigint primary key, word text, price numeric(12,2))"
    )
    await connection.executemany(
        "insert into t values ($1, $2, $3)",
        [(n, f"w{n}", decimal.Decimal(n) / 4) for n in range(500)],
    )
    statement = await connection.prepare("select word, price from t where id = $1")
    assert [parameter.name for parameter in statement.get_parameters()] == ["int8"]
    assert [(a.name, a.type.name) for a in statement.get_attributes()] == [
        ("word", "text"),
        ("price", "numeric"),
    ]
    for number in range(50):
        assert tuple(await statement.fetchrow(number)) == (
            f"w{number}",
            decimal.Decimal(number) / 4,
        )
    assert await connection.execute("update t set word = word where id < $1", 10) == "UPDATE 10"
    rows = await connection.fetch(
        "select id from t where id = any($1::bigint[]) order by id", [3, 1, 900]
    )
    assert [row["id"] for row in rows] == [1, 3]
    # A plan that was kept is made anew when the table has another column.
    assert await connection.fetchrow("select * from t where id = 1") == (
        1,
        "w1",
        decimal.Decimal("0.25"),
    )
    await connection.execute("alter table t add column more int")
    assert await connection.fetchrow("select * from t where id = 1") == (
        1,
        "w1",
        decimal.Decimal("0.25"),
        None,
    )


async def transactions(connection):
    async with connection.transaction():
        await connection.execute("insert into t (id) values (1000)")
        try:
            async with connection.transaction():
                await connection.execute("insert into t (id) values (1001)")
                raise ValueError
        except ValueError:
            pass
    assert await connection.fetchval("select count(*) from t where id >= 1000") == 1
    try:
        await connection.execute("insert into t (id) values (1000)")
        raise AssertionError("a duplicate key was taken")
    except asyncpg.UniqueViolationError as error:
        assert error.table_name == "t" and error.constraint_name == "t_pkey", error.as_dict()
    async with connection.transaction(isolation="serializable", readonly=True):
        try:
            await connection.execute("delete from t")
            raise AssertionError("a transaction that only reads deleted rows")
        except asyncpg.ReadOnlySQLTransactionError:
            pass
    async with connection.transaction():
        words = [
            row["id"]
            async for row in connection.cursor("select id from t order by id", prefetch=7)
        ]
        assert words == list(range(500)) + [1000]
        cursor = await connection.cursor("select id from t order by id")
        assert (await cursor.fetchrow())["id"] == 0
        await cursor.forward(10)
        assert [row["id"] for row in await cursor.fetch(2)] == [11, 12]


async def copies(connection):
    await connection.execute(
        "create table copied (id int primary key, at timestamptz, price numeric, word text)"
    )
    at = datetime.datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
    rows = [(n, at, decimal.Decimal(n) / 8, None if n % 5 == 0 else "w") for n in range(2000)]
    assert await connection.copy_records_to_table("copied", records=rows) == "COPY 2000"
    assert [
        tuple(row) for row in await connection.fetch("select * from copied order by id")
    ] == rows
    pieces = []

    async def take(piece):
        pieces.append(piece)

    told = await connection.copy_from_query(
        "select id, word from copied where id < $1 order by id", 7, output=take, format="csv"
    )
    assert told == "COPY 7" and b"".join(pieces) == b"0,\n1,w\n2,w\n3,w\n4,w\n5,\n6,w\n", pieces


async def kinds(connection):
    """Types that the driver knows only from the catalog."""
    await connection.execute("create type side as enum ('buy', 'sell')")
    await connection.execute("create domain positive as integer check (value > 0)")
    await connection.execute(
        "create table orders (id int primary key, side side, quantity positive)"
    )
    await connection.execute("insert into orders values ($1, $2, $3)", 1, "sell", 5)
    assert tuple(await connection.fetchrow("select * from orders")) == (1, "sell", 5)
    try:
        await connection.execute("insert into orders values (2, 'hold', 1)")
        raise AssertionError("a value that is none of the type was taken")
    except asyncpg.InvalidTextRepresentationError:
        pass
    try:
        await connection.execute("insert into orders values (2, 'buy', 0)")
        raise AssertionError("a CHECK was broken")
    except asyncpg.CheckViolationError:
        pass


async def talk(connection):
    told = asyncio.Queue()
    await connection.add_listener("trades", lambda *message: told.put_nowait(message[2:]))
    async with asyncpg.create_pool(min_size=2, max_size=4) as pool:
        await pool.execute("select pg_notify('trades', $1)", "AAPL")
        assert await asyncio.wait_for(told.get(), 10) == ("trades", "AAPL")

        # Sessions of a pool at once; each is reset when it is given back.
        async def add(number):
            async with pool.acquire() as session, session.transaction():
                await session.execute("set application_name = 'busy'")
                await session.execute("insert into copied (id) values ($1)", 5000 + number)

        await asyncio.gather(*(add(number) for number in range(40)))
        assert await pool.fetchval("select count(*) from copied where id >= 5000") == 40
        assert await pool.fetchval("show application_name") == ""
    endless = "select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b"
    try:
        await connection.fetchval(endless, timeout=0.3)
        raise AssertionError("it had all the time")
    except asyncio.TimeoutError:
        pass
    assert await connection.fetchval("select 1") == 1


async def main():
    connection = await asyncpg.connect()
    for part in (types, prepared, transactions, copies, kinds, talk):
        await part(connection)
    await connection.close()
    print("asyncpg: good")


asyncio.run(main())
