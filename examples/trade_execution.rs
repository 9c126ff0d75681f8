//! A service that executes trades: one transaction checks the balance, books the trade and changes
//! the position. Everything of one user lives in one shard, so it is a shard transaction: it runs
//! under that shard's mutex and never conflicts.
//!
//! `cargo run --release -p bourse --example trade_execution -- FOLDER`
#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::path::PathBuf;

use bourse::{
    Database, Decimal, Error, ErrorKind, Options, Result, Table, TableRow, Timestamp, TypedTable,
};

#[derive(Table, Clone, Debug)]
#[table(name = "accounts", primary_key(user_id))]
struct Account {
    user_id: i64,
    #[column(type = "DECIMAL(18,2)")]
    cash: Decimal,
}

#[derive(Table, Clone, Debug)]
#[table(name = "positions", primary_key(user_id, symbol), shard_key(user_id))]
struct Position {
    user_id: i64,
    symbol: String,
    quantity: i64,
}

#[derive(Table, Clone, Debug)]
#[table(
    name = "trades",
    primary_key(trade_id),
    shard_key(user_id),
    index(name = "by_user", columns(user_id, executed desc), include(symbol, quantity))
)]
struct Trade {
    #[column(generated)]
    trade_id: i64,
    user_id: i64,
    symbol: String,
    quantity: i64,
    #[column(type = "DECIMAL(18,2)")]
    amount: Decimal,
    executed: Timestamp,
}

/// The store and its tables: what the service's threads share.
#[derive(Clone)]
struct Desk {
    store: Database,
    accounts: TypedTable<Account>,
    positions: TypedTable<Position>,
    trades: TypedTable<Trade>,
}

/// The table of a struct, made when the store is new.
fn table<T: TableRow>(store: &Database) -> Result<TypedTable<T>> {
    match store.typed() {
        Err(error) if error.sqlstate() == "42P01" => store.create(),
        other => other,
    }
}

impl Desk {
    fn open(folder: PathBuf) -> Result<Desk> {
        let store = Database::open(folder, Options::default())?;
        Ok(Desk {
            accounts: table(&store)?,
            positions: table(&store)?,
            trades: table(&store)?,
            store,
        })
    }

    /// Executes a trade, all of it or nothing. Returns its id once it is durable.
    fn buy(&self, order: &Trade) -> Result<i64> {
        let user = order.user_id;
        self.store.shard_transaction(self.accounts.table(), &[user.into()], |transaction| {
            let account = self.accounts.at(transaction).get(user)?;
            let account = account.ok_or_else(|| Error::invalid(format!("no account {user}")))?;
            let cash = account.cash.checked_sub(order.amount)?;
            if cash < Decimal::new(0, 2)? {
                return Err(Error::new(ErrorKind::Constraint, "the account has too little cash"));
            }
            self.accounts.within(transaction).replace(&Account { user_id: user, cash })?;
            let key = (user, order.symbol.as_str());
            let there = self.positions.at(transaction).get(key)?;
            let quantity = there.map_or(0, |position| position.quantity) + order.quantity;
            let symbol = order.symbol.clone();
            let position = Position { user_id: user, symbol, quantity };
            self.positions.within(transaction).upsert(&position)?;
            self.trades.within(transaction).insert(order)
        })
    }
}

fn main() -> Result<()> {
    let folder = std::env::args_os().nth(1).map_or_else(
        || std::env::temp_dir().join(format!("bourse-example-{}", std::process::id())),
        PathBuf::from,
    );
    let desk = Desk::open(folder)?;
    for user_id in 1..=4 {
        desk.accounts.upsert(&Account { user_id, cash: Decimal::new(1_000_000, 2)? })?;
    }
    std::thread::scope(|scope| {
        let threads: Vec<_> = (1..=4_i64)
            .map(|user_id| {
                let desk = desk.clone();
                scope.spawn(move || -> Result<()> {
                    for number in 0..5 {
                        let order = Trade {
                            trade_id: 0,
                            user_id,
                            symbol: "AAPL".into(),
                            quantity: 10,
                            amount: Decimal::new(187_550, 2)?,
                            executed: Timestamp(1_760_000_000_000_000_000 + number),
                        };
                        desk.buy(&order)?;
                    }
                    Ok(())
                })
            })
            .collect();
        threads.into_iter().try_for_each(|thread| match thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })?;
    let cut = desk.store.cut();
    for user in 1..=4_i64 {
        let position = desk.positions.at(&cut).get((user, "AAPL"))?;
        let account = desk.accounts.at(&cut).get(user)?;
        println!("{account:?} {position:?}");
    }
    desk.store.close()
}
