//! A portfolio service over SQL: accounts trade, and positions and profit follow.
//!
//! `cargo run --release -p bourse-sql --example portfolio -- FOLDER`; `portfolio.py` is the same in
//! Python.
#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::path::PathBuf;

use bourse::{Database, Options};
use bourse_sql::Dialect;
use bourse_sql::connection::Connection;
use bourse_sql::error::{Result, SqlError};

const SCHEMA: &str = "
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
";

const PRICES: [(&str, i64); 3] = [("AAPL", 18_750), ("MSFT", 41_200), ("GOOG", 17_030)];

/// What each client does.
const ORDERS: [(&str, i64); 3] = [("AAPL", 10), ("MSFT", 5), ("AAPL", 20)];

/// The service: one connection for each thread that uses it.
struct Portfolio(Connection);

impl Portfolio {
    fn new(store: &Database) -> Portfolio {
        Portfolio(Connection::of(store).with_dialect(Dialect::Sqlite))
    }

    /// Buys shares: cash, position and the trade itself change in one transaction, which is run
    /// again where another one was in the way.
    fn buy(&self, account: i64, symbol: &str, quantity: i64) -> Result<()> {
        loop {
            match self.try_to_buy(account, symbol, quantity) {
                Err(error) if error.is_retryable() => {}
                result => return result,
            }
        }
    }

    fn try_to_buy(&self, account: i64, symbol: &str, quantity: i64) -> Result<()> {
        let found = PRICES.iter().find(|(name, _)| *name == symbol);
        let price = found
            .map(|(_, price)| *price)
            .ok_or_else(|| SqlError::new("02000", format!("there is no price of {symbol}")))?;
        let cost = quantity * price;
        let transaction = self.0.transaction()?;
        transaction.execute(
            "UPDATE accounts SET cash_cents = cash_cents - ? WHERE id = ?",
            (cost, account),
        )?;
        transaction.execute(
            "INSERT INTO positions VALUES (?, ?, ?, ?) ON CONFLICT (account, symbol) DO UPDATE SET
             quantity = quantity + excluded.quantity,
             cost_cents = cost_cents + excluded.cost_cents",
            (account, symbol, quantity, cost),
        )?;
        transaction.execute(
            "INSERT INTO trades VALUES (?, ?, ?, ?)",
            (account, symbol, quantity, price),
        )?;
        transaction.commit()
    }

    /// Owner, cash, number of symbols and what they have cost, of each account.
    fn summary(&self) -> Result<Vec<(String, i64, i64, i64)>> {
        let rows = self.0.query(
            "SELECT a.owner, a.cash_cents, count(p.symbol), coalesce(sum(p.cost_cents), 0)
             FROM accounts a LEFT JOIN positions p ON p.account = a.id
             GROUP BY a.id ORDER BY a.owner",
            (),
        )?;
        rows.map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
    }
}

fn main() -> Result<()> {
    let folder = std::env::args_os().nth(1).map_or_else(
        || std::env::temp_dir().join(format!("bourse-example-{}", std::process::id())),
        PathBuf::from,
    );
    let store = Database::open(folder, Options::default())?;
    let portfolio = Portfolio::new(&store);
    portfolio.0.execute_batch(SCHEMA)?;
    for (number, owner) in (1_i64..).zip(["ann", "bob", "cid"]) {
        let account = "INSERT OR IGNORE INTO accounts VALUES (?, ?, 10000000)";
        portfolio.0.execute(account, (number, owner))?;
    }
    let results = std::thread::scope(|scope| {
        let clients = [1, 2, 3].map(|account| {
            let store = &store;
            scope.spawn(move || {
                let client = Portfolio::new(store);
                ORDERS.iter().try_for_each(|(symbol, count)| client.buy(account, symbol, *count))
            })
        });
        clients.map(std::thread::ScopedJoinHandle::join)
    });
    for result in results {
        result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    }
    if let Err(refused) = portfolio.buy(1, "GOOG", 1_000) {
        println!("refused: 1000 GOOG for account 1: {refused}");
    }
    for (owner, cash, symbols, invested) in portfolio.summary()? {
        println!("{owner}: {cash} cents in cash, {invested} cents in {symbols} symbols");
    }
    drop(portfolio);
    store.close()?;
    Ok(())
}
