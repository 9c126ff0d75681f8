"""SQLAlchemy 2 over psycopg: Core, the ORM, reflection, savepoints, levels of isolation, two phases refused."""

import datetime
import decimal
import enum
import os

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql as pg

PLACE = sa.URL.create(
    "postgresql+psycopg",
    username=os.environ["PGUSER"],
    host=os.environ["PGHOST"],
    port=int(os.environ["PGPORT"]),
    database=os.environ["PGDATABASE"],
)
engine = sa.create_engine(PLACE)


class Side(enum.Enum):
    buy = 1
    sell = 2


class Base(orm.DeclarativeBase):
    pass


tagged = sa.Table(
    "tagged",
    Base.metadata,
    sa.Column("order_id", sa.ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("tags.id"), primary_key=True),
)


class User(Base):
    __tablename__ = "users"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    email: orm.Mapped[str] = orm.mapped_column(sa.String(120), unique=True)
    name: orm.Mapped[str | None]
    created: orm.Mapped[datetime.datetime] = orm.mapped_column(
        sa.DateTime(timezone=True), server_default=sa.func.now()
    )
    orders: orm.Mapped[list["Order"]] = orm.relationship(back_populates="user", cascade="all, delete-orphan")


class Order(Base):
    __tablename__ = "orders"
    __table_args__ = (
        sa.CheckConstraint("quantity > 0", name="quantity_positive"),
        sa.Index("orders_open", "symbol", postgresql_where=sa.text("status = 'open'")),
        {"comment": "What was ordered"},
    )
    id: orm.Mapped[int] = orm.mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    user_id: orm.Mapped[int] = orm.mapped_column(sa.ForeignKey("users.id"), index=True)
    symbol: orm.Mapped[str] = orm.mapped_column(sa.String(16))
    side: orm.Mapped[Side]
    price: orm.Mapped[decimal.Decimal] = orm.mapped_column(sa.Numeric(12, 4))
    quantity: orm.Mapped[int]
    status: orm.Mapped[str] = orm.mapped_column(sa.String(16), server_default="open")
    details: orm.Mapped[dict | None] = orm.mapped_column(pg.JSONB)
    labels: orm.Mapped[list[str] | None] = orm.mapped_column(pg.ARRAY(sa.Text))
    version: orm.Mapped[int] = orm.mapped_column()
    user: orm.Mapped[User] = orm.relationship(back_populates="orders")
    tags: orm.Mapped[list["Tag"]] = orm.relationship(secondary=tagged)
    __mapper_args__ = {"version_id_col": version}


class Tag(Base):
    __tablename__ = "tags"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(unique=True)


# All tables, a type, indexes and a comment, in one transaction; a second time there is nothing to make.
Base.metadata.create_all(engine)
Base.metadata.create_all(engine)

with orm.Session(engine) as session:
    ann, bob = User(email="ann@example.com", name="Ann"), User(email="bob@example.com")
    hot, slow = Tag(name="hot"), Tag(name="slow")
    session.add_all([ann, bob, slow])
    for number in range(1, 101):
        owner = ann if number % 2 else bob
        owner.orders.append(Order(
            symbol=f"S{number % 4}", side=Side.buy if number % 3 else Side.sell,
            price=decimal.Decimal(number) / 8, quantity=number, details={"n": number, "deep": {"a": [1, 2]}},
            labels=["x", f"y{number}"], tags=[hot] if number % 10 == 0 else [],
        ))
        session.flush()
    session.commit()
    assert (ann.id, bob.id) == (1, 2) and ann.created.tzinfo, (ann.id, bob.id, ann.created)
    assert sorted(order.id for order in ann.orders + bob.orders) == list(range(1, 101))

with orm.Session(engine) as session:
    # Joins loaded in three ways are the same objects.
    for loading in (orm.selectinload, orm.joinedload, orm.subqueryload):
        users = session.scalars(sa.select(User).options(loading(User.orders)).order_by(User.id)).unique().all()
        assert [len(user.orders) for user in users] == [50, 50]
        session.expunge_all()
    hot = session.scalars(sa.select(Order).join(Order.tags).where(Tag.name == "hot").order_by(Order.id)).all()
    assert [order.id for order in hot] == list(range(10, 101, 10))
    assert session.scalar(sa.select(Order.details["deep"]["a"][1].as_integer()).where(Order.id == 1)) == 2
    assert session.scalars(sa.select(Order.id).where(Order.labels.contains(["y42"]))).all() == [42]
    assert session.scalars(sa.select(Order.id).where(Order.details.contains({"n": 43}))).all() == [43]
    top = session.execute(
        sa.select(Order.symbol, sa.func.sum(Order.price * Order.quantity).label("value"))
        .where(Order.side == Side.buy).group_by(Order.symbol).having(sa.func.count() > 5).order_by(sa.desc("value"))
    ).all()
    expected = {}
    for n in range(1, 101):
        if n % 3:
            expected[f"S{n % 4}"] = expected.get(f"S{n % 4}", 0) + decimal.Decimal(n) / 8 * n
    assert [tuple(row) for row in top] == sorted(expected.items(), key=lambda item: -item[1]), top
    ranked = (
        sa.select(Order.id, sa.func.row_number().over(partition_by=Order.symbol, order_by=Order.price.desc()).label("r"))
    ).subquery()
    assert sorted(session.scalars(sa.select(ranked.c.id).where(ranked.c.r == 1))) == [97, 98, 99, 100]

    # Changes, one that somebody else was quicker to make, and bulk ones.
    order = session.get(Order, 7)
    order.status = "filled"
    session.commit()
    assert order.version == 2
    with orm.Session(engine) as other:
        other.get(Order, 7).status = "cancelled"
        order.symbol
        other.commit()
    order.status = "open"
    try:
        session.commit()
        raise AssertionError("a stale row was changed")
    except orm.exc.StaleDataError:
        session.rollback()
    assert session.execute(sa.update(Order).where(Order.id <= 5).values(status="filled")).rowcount == 5
    assert session.execute(sa.delete(Order).where(Order.id == 6).returning(Order.symbol)).scalar() == "S2"
    session.delete(session.get(User, 2))
    session.commit()
    assert session.scalar(sa.select(sa.func.count()).select_from(Order)) == 50
    # Savepoints: what failed inside is taken back, the rest stays.
    session.add(Tag(name="kept"))
    session.flush()
    try:
        with session.begin_nested():
            session.add(Tag(name="hot"))
    except sa.exc.IntegrityError as error:
        assert error.orig.sqlstate == "23505"
    session.commit()
    assert session.scalars(sa.select(Tag.name).order_by(Tag.name)).all() == ["hot", "kept", "slow"]

# Core: many rows at once, ON CONFLICT, tables that are derived, recursive queries, streaming.
with engine.begin() as connection:
    tags = Tag.__table__
    ids = connection.execute(
        sa.insert(tags).returning(tags.c.id, sort_by_parameter_order=True), [{"name": f"t{n}"} for n in range(2500)]
    ).scalars().all()
    assert ids == sorted(ids) and len(ids) == 2500
    upsert = pg.insert(tags).values(name="hot").on_conflict_do_nothing().returning(tags.c.id)
    assert connection.execute(upsert).all() == []
    upsert = pg.insert(tags).values(id=ids[0], name="other")
    upsert = upsert.on_conflict_do_update(index_elements=["id"], set_={"name": upsert.excluded.name})
    connection.execute(upsert)
    assert connection.scalar(sa.select(tags.c.name).where(tags.c.id == ids[0])) == "other"
    count = sa.select(sa.literal(1).label("n")).cte("count", recursive=True)
    count = count.union_all(sa.select(count.c.n + 1).where(count.c.n < 100))
    assert connection.scalar(sa.select(sa.func.sum(count.c.n))) == 5050
    streamed = connection.execution_options(stream_results=True, yield_per=100).execute(sa.select(tags.c.id))
    assert sum(1 for _ in streamed) == 2503
with engine.connect() as connection:
    values = sa.values(sa.column("a", sa.Integer), sa.column("b", sa.String), name="v").data([(1, "x"), (2, "y")])
    assert connection.execute(sa.select(values).order_by(sa.desc("a"))).all() == [(2, "y"), (1, "x")]
    lateral = sa.select(Order.id).where(Order.user_id == User.id).order_by(Order.id.desc()).limit(2).lateral()
    assert connection.execute(sa.select(User.id, lateral.c.id).join(lateral, sa.true())).all() == [(1, 99), (1, 97)]
    outside = sa.select(User.email).where(sa.exists().where(Order.user_id == User.id)).order_by(User.id)
    assert connection.scalars(outside).all() == ["ann@example.com"]

# What the store says of itself.
look = sa.inspect(engine)
assert look.get_table_names() and set(look.get_table_names()) == {"users", "orders", "tags", "tagged"}
columns = {column["name"]: column for column in look.get_columns("orders")}
assert isinstance(columns["id"]["type"], sa.BIGINT) and columns["id"]["identity"]["start"] == 1, columns["id"]
assert str(columns["price"]["type"]) == "NUMERIC(12, 4)" and not columns["price"]["nullable"]
assert columns["side"]["type"].enums == ["buy", "sell"] and columns["side"]["type"].name == "side"
assert isinstance(columns["details"]["type"], pg.JSONB) and isinstance(columns["labels"]["type"].item_type, sa.TEXT)
assert columns["status"]["default"].startswith("'open'"), columns["status"]
key = look.get_pk_constraint("orders")
assert (key["constrained_columns"], key["name"], key["comment"]) == (["id"], "orders_pkey", None), key
keys = look.get_foreign_keys("tagged")
assert [(key["constrained_columns"], key["referred_table"], key["options"]) for key in keys] == [
    (["order_id"], "orders", {"ondelete": "CASCADE"}), (["tag_id"], "tags", {}),
], keys
assert [check["name"] for check in look.get_check_constraints("orders")] == ["quantity_positive"]
assert {index["name"]: index["column_names"] for index in look.get_indexes("orders")} == {
    "ix_orders_user_id": ["user_id"], "orders_open": ["symbol"],
}, look.get_indexes("orders")
assert [unique["column_names"] for unique in look.get_unique_constraints("users")] == [["email"]]
assert look.get_table_comment("orders") == {"text": "What was ordered"}
reflected = sa.MetaData()
reflected.reflect(engine)
assert set(reflected.tables) == {"users", "orders", "tags", "tagged"}
with engine.connect() as connection:
    table = reflected.tables["orders"]
    assert connection.execute(sa.select(table.c.side, table.c.price).where(table.c.id == 99)).one() == (
        "sell", decimal.Decimal("12.3750"),
    )

# Levels of isolation; autocommit; a transaction of two phases is refused and leaves nothing behind.
for level in ("SERIALIZABLE", "REPEATABLE READ", "READ COMMITTED"):
    with engine.connect().execution_options(isolation_level=level) as connection:
        assert connection.get_isolation_level() == level
        assert connection.scalar(sa.text("show transaction_isolation")) == level.lower()
with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
    connection.execute(sa.text("insert into tags (name) values ('at once')"))
    connection.invalidate()
with engine.connect() as connection:
    assert connection.scalar(sa.text("select count(*) from tags where name = 'at once'")) == 1
    connection.rollback()
    transaction = connection.begin_twophase()
    connection.execute(sa.text("insert into tags (name) values ('twice')"))
    try:
        transaction.prepare()
        raise AssertionError("a transaction was prepared")
    except sa.exc.NotSupportedError as error:
        assert "prepared transactions are" in str(error), error
    connection.invalidate()
with engine.connect() as connection:
    assert connection.scalar(sa.text("select count(*) from tags where name = 'twice'")) == 0

# Tables of a schema, views, and all of it dropped.
with engine.begin() as connection:
    connection.execute(sa.schema.CreateSchema("market"))
    prices = sa.Table("prices", sa.MetaData(schema="market"), sa.Column("symbol", sa.Text, primary_key=True), sa.Column("price", sa.Float))
    prices.create(connection)
    connection.execute(prices.insert(), [{"symbol": "A", "price": 1.5}, {"symbol": "B", "price": 2.5}])
    connection.execute(sa.text("create view market.dear as select symbol from market.prices where price > 2"))
look = sa.inspect(engine)
assert look.get_table_names(schema="market") == ["prices"] and look.get_view_names(schema="market") == ["dear"]
assert "prices" in look.get_view_definition("dear", schema="market")
with engine.begin() as connection:
    assert connection.scalars(sa.text("select symbol from market.dear")).all() == ["B"]
    connection.execute(sa.schema.DropSchema("market", cascade=True))
Base.metadata.drop_all(engine)
assert sa.inspect(engine).get_table_names() == []
print("sqlalchemy: good")
