"""A session with peewee, an ORM: models, relations, upserts, aggregates, transactions."""

import datetime
import decimal
import os
import unittest

import peewee as orm

database = orm.SqliteDatabase(None)


class Model(orm.Model):
    class Meta:
        database = database


class Account(Model):
    owner = orm.CharField(unique=True)
    opened = orm.DateField()
    is_active = orm.BooleanField(default=True)


class Order(Model):
    account = orm.ForeignKeyField(Account, backref="orders")
    symbol = orm.CharField(index=True)
    quantity = orm.IntegerField()
    price = orm.DecimalField(max_digits=12, decimal_places=2)
    placed = orm.DateTimeField()

    class Meta:
        indexes = ((("account", "symbol"), False),)


class Price(Model):
    symbol = orm.CharField(primary_key=True)
    cents = orm.IntegerField()


DAY = datetime.date(2026, 1, 5)
NOON = datetime.datetime(2026, 1, 5, 12)


class Session(unittest.TestCase):
    def setUp(self):
        database.init(os.path.abspath(f"peewee-{self._testMethodName}.db"))
        database.connect()
        database.create_tables([Account, Order, Price])
        self.ann = Account.create(owner="ann", opened=DAY)
        self.bob = Account.create(owner="bob", opened=DAY, is_active=False)
        rows = [(self.ann, "AAPL", 10, "187.50"), (self.ann, "MSFT", 5, "412.00"),
                (self.bob, "AAPL", 1, "188.25"), (self.ann, "AAPL", 2, "186.00")]
        with database.atomic():
            for number, (account, symbol, quantity, price) in enumerate(rows):
                placed = NOON + datetime.timedelta(minutes=number)
                Order.create(account=account, symbol=symbol, quantity=quantity, price=price,
                             placed=placed)

    def tearDown(self):
        database.close()

    def test_rows_come_back(self):
        ann = Account.get(Account.owner == "ann")
        self.assertEqual((ann.id, ann.opened, ann.is_active), (self.ann.id, DAY, True))
        order = Order.select().order_by(Order.placed).first()
        self.assertEqual((order.price, order.placed), (decimal.Decimal("187.50"), NOON))

    def test_relations_and_joins(self):
        self.assertEqual(self.ann.orders.count(), 3)
        query = (Order.select(Order, Account).join(Account)
                 .where(Account.is_active, Order.symbol.in_(["AAPL", "GOOG"]))
                 .order_by(Order.placed.desc()))
        self.assertEqual([(o.account.owner, o.quantity) for o in query], [("ann", 2), ("ann", 10)])

    def test_aggregates(self):
        query = (Account.select(Account.owner, orm.fn.COUNT(Order.id).alias("orders"),
                                orm.fn.SUM(Order.quantity).alias("quantity"))
                 .join(Order, orm.JOIN.LEFT_OUTER).group_by(Account.owner)
                 .having(orm.fn.COUNT(Order.id) > 0).order_by(Account.owner))
        self.assertEqual(list(query.tuples()), [("ann", 3, 17), ("bob", 1, 1)])

    def test_windows_and_tables_in_with(self):
        rank = orm.fn.RANK().over(partition_by=[Order.symbol], order_by=[Order.price.desc()])
        ranked = Order.select(Order.symbol, Order.quantity, rank.alias("place")).cte("ranked")
        query = (Order.select(ranked.c.symbol, ranked.c.quantity).from_(ranked)
                 .where(ranked.c.place == 1).order_by(ranked.c.symbol).with_cte(ranked))
        self.assertEqual(list(query.tuples()), [("AAPL", 1), ("MSFT", 5)])

    def test_upserts(self):
        for cents in (100, 200):
            (Price.insert(symbol="AAPL", cents=cents)
             .on_conflict(conflict_target=[Price.symbol], update={Price.cents: cents}).execute())
        Price.replace(symbol="MSFT", cents=5).execute()
        Price.insert(symbol="MSFT", cents=6).on_conflict_ignore().execute()
        prices = Price.select().order_by(Price.symbol).tuples()
        self.assertEqual(list(prices), [("AAPL", 200), ("MSFT", 5)])

    def test_changes(self):
        changed = (Order.update(quantity=Order.quantity + 1)
                   .where(Order.symbol == "AAPL").execute())
        self.assertEqual(changed, 3)
        self.assertEqual(Order.delete().where(Order.account == self.bob).execute(), 1)
        self.assertEqual(sorted(o.quantity for o in Order.select()), [3, 5, 11])

    def test_a_constraint_refuses(self):
        with self.assertRaises(orm.IntegrityError):
            Account.create(owner="ann", opened=DAY)
        self.assertEqual(Account.select().count(), 2)

    def test_transactions_and_savepoints(self):
        with self.assertRaises(ZeroDivisionError), database.atomic():
            Account.create(owner="cid", opened=DAY)
            raise ZeroDivisionError
        with database.atomic():
            Account.create(owner="dan", opened=DAY)
            with database.atomic() as inner:
                Account.create(owner="eve", opened=DAY)
                inner.rollback()
        owners = [a.owner for a in Account.select().order_by(Account.owner)]
        self.assertEqual(owners, ["ann", "bob", "dan"])

    def test_functions_of_python(self):
        @database.func("backwards")
        def backwards(text):
            return text[::-1]

        @database.aggregate("longest")
        class Longest:
            def __init__(self):
                self.found = ""

            def step(self, text):
                self.found = max(self.found, text, key=len)

            def finalize(self):
                return self.found

        query = Account.select(orm.fn.backwards(Account.owner)).order_by(Account.owner)
        self.assertEqual([row[0] for row in query.tuples()], ["nna", "bob"])
        self.assertEqual(Order.select(orm.fn.longest(Order.symbol)).scalar(), "AAPL")

    def test_tables_are_told(self):
        self.assertEqual(sorted(database.get_tables()), ["account", "order", "price"])
        columns = [column.name for column in database.get_columns("price")]
        self.assertEqual(columns, ["symbol", "cents"])
        names = sorted(index.name for index in database.get_indexes("order"))
        self.assertEqual(names, ["order_account_id", "order_account_id_symbol", "order_symbol"])
