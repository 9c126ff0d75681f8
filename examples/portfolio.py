"""A portfolio service over SQL: accounts trade, and positions and profit follow.

    python examples/portfolio.py [FOLDER]

The program is written for CPython's sqlite3; one line of it knows of Bourse.
"""

import sys
import tempfile
import threading

import bourse.sqlite3 as sqlite3  # the one line: `import sqlite3` runs it on SQLite

SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    id INTEGER PRIMARY KEY,
    owner TEXT NOT NULL UNIQUE,
    cash_cents INTEGER NOT NULL CHECK (cash_cents >= 0)
);
CREATE TABLE IF NOT EXISTS positions (
    account INTEGER NOT NULL REFERENCES accounts (id),
    symbol TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity >= 0),
    cost_cents INTEGER NOT NULL,
    PRIMARY KEY (account, symbol)
);
CREATE TABLE IF NOT EXISTS trades (
    account INTEGER NOT NULL,
    symbol TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    price_cents INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS trades_of_account ON trades (account, symbol);
"""

PRICES = {"AAPL": 18_750, "MSFT": 41_200, "GOOG": 17_030}


class Refused(Exception):
    """A trade that the rules of the store do not allow."""


class Portfolio:
    """The service: one connection for each thread that uses it."""

    def __init__(self, folder):
        self.connection = sqlite3.connect(folder, timeout=10)
        self.connection.row_factory = sqlite3.Row

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def prepare(self):
        self.connection.executescript(SCHEMA)

    def open_account(self, number, owner, cash_cents):
        with self.connection:
            self.connection.execute("INSERT INTO accounts VALUES (?, ?, ?)",
                                    (number, owner, cash_cents))

    def buy(self, account, symbol, quantity):
        """Buys shares: cash, position and the trade itself change in one transaction."""
        price = PRICES[symbol]
        change = {"account": account, "symbol": symbol, "quantity": quantity, "price": price,
                  "cost": quantity * price}
        try:
            with self.connection:
                self.connection.execute(
                    "UPDATE accounts SET cash_cents = cash_cents - :cost WHERE id = :account",
                    change)
                self.connection.execute(
                    "INSERT INTO positions VALUES (:account, :symbol, :quantity, :cost) "
                    "ON CONFLICT (account, symbol) DO UPDATE SET "
                    "quantity = quantity + excluded.quantity, "
                    "cost_cents = cost_cents + excluded.cost_cents", change)
                self.connection.execute(
                    "INSERT INTO trades VALUES (:account, :symbol, :quantity, :price)", change)
        except sqlite3.IntegrityError as error:
            raise Refused(f"{quantity} {symbol} for account {account}: {error}") from error

    def positions(self, account):
        return self.connection.execute(
            "SELECT symbol, quantity, cost_cents FROM positions WHERE account = ? "
            "ORDER BY symbol", (account,)).fetchall()

    def summary(self):
        return self.connection.execute(
            "SELECT a.owner, a.cash_cents, count(p.symbol) AS symbols, "
            "       coalesce(sum(p.cost_cents), 0) AS invested_cents "
            "FROM accounts a LEFT JOIN positions p ON p.account = a.id "
            "GROUP BY a.id ORDER BY a.owner").fetchall()


def trade(folder, account, orders):
    """What each client does, in a thread of its own."""
    with Portfolio(folder) as portfolio:
        for symbol, quantity in orders:
            portfolio.buy(account, symbol, quantity)


def main(folder):
    with Portfolio(folder) as portfolio:
        portfolio.prepare()
        for number, owner in enumerate(("ann", "bob", "cid"), 1):
            portfolio.open_account(number, owner, 10_000_000)
        orders = [("AAPL", 10), ("MSFT", 5), ("AAPL", 20)]
        clients = [threading.Thread(target=trade, args=(folder, account, orders))
                   for account in (1, 2, 3)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        try:
            portfolio.buy(1, "GOOG", 1_000)
        except Refused as refused:
            print("refused:", refused)
        for row in portfolio.positions(1):
            print(f"ann has {row['quantity']} {row['symbol']} for {row['cost_cents'] / 100:.2f}")
        for row in portfolio.summary():
            invested, cash = row["invested_cents"] / 100, row["cash_cents"] / 100
            print(f"{row['owner']}: {cash:.2f} in cash, {invested:.2f} in {row['symbols']} symbols")
            assert row["invested_cents"] + row["cash_cents"] == 10_000_000
            assert row["symbols"] == 2


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as scratch:
            main(f"{scratch}/store")
